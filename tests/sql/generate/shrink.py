"""From a query that differs to a small one over few rows that differs in the same way."""

import re

from generate.parts import edits

ATTEMPTS_MAX = 600


def way(found):
    """What makes a difference the same one: of what kind it is, and the errors' codes."""
    words = found[0].split(":")[0]
    return words, re.findall(r"\b(?:None|\d{4})\b", found[0])[:2] if words == "error" else None


class Shrinker:
    """`differ(sql)` tells the differences now; `reload(table)` puts a table's rows anew."""

    def __init__(self, differ, reload):
        self.differ, self.reload = differ, reload
        self.attempts = 0

    def shrink(self, tree, tables):
        self.way = way(self.differ(str(tree)))
        self.shrink_tree(tree)
        for table in tables:
            if re.search(rf"\b{table.name} t\d", str(tree)):
                self.shrink_rows(str(tree), table)
        self.shrink_tree(tree)

    def same(self, sql):
        self.attempts += 1
        found = self.differ(sql)
        return bool(found) and way(found) == self.way

    def shrink_tree(self, tree):
        smaller = True
        while smaller:
            smaller = False
            for do, undo in edits(tree):
                if self.attempts >= ATTEMPTS_MAX:
                    return
                do()
                if self.same(str(tree)):
                    smaller = True
                    break
                undo()

    def shrink_rows(self, sql, table):
        step = max(len(table.rows) // 2, 1)
        while step and self.attempts < ATTEMPTS_MAX:
            at = 0
            while at < len(table.rows):
                before = table.rows
                table.rows = before[:at] + before[at + step:]
                self.reload(table)
                if not self.same(sql):
                    table.rows = before
                    at += step
            step //= 2
        self.reload(table)
