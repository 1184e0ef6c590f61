"""Runs random queries on a plain server and on sharded keyspaces."""

import random
import re
import time
from dataclasses import dataclass, field

from generate.query import GATES_FUNCTIONS, CallingWriter, Writer
from generate.shrink import Shrinker
from generate.world import make_world, make_world_with_keys
from generate.write import ChangeWriter
from harness import Statement, ask, at_once, differences

QUERIES_PER_WORLD = 500  # making its tables takes as long as some hundred queries


CHAR, VARCHAR = 254, 253
INT, BIGINT = 3, 8
TEXT, TEXTS = 252, (249, 250, 251, 252)
TOO_LONG = 1969  # a join of everything with everything: left out


def as_text(answer):
    """With CHAR and VARCHAR taken for the same. Which of the two an expression has (`nullif(a_char, 'x')`, `max(concat(''))`) is lost where it was a
    column of a copy: a known difference, left out here so that others are seen. Case files compare it."""
    answer.columns = [(name, VARCHAR if kind == CHAR else kind) for name, kind in answer.columns]
    return answer


OUT_OF_RANGE = 1690
NO_NUMBER = 1292
COLLATIONS = {1267, 1270, 1271}
UNFIT = {1264, 1265, 1292, 1366, 1406}
ONE_OF_EQUALS = re.compile(r"\b(distinct|union|except|intersect|group by)\b")


def folded(rows):
    """Texts that a collation takes for the same look the same."""
    return sorted((tuple(each.casefold().rstrip() if isinstance(each, str) else each for each in row) for row in rows), key=repr)


def distinct_warnings(answer):
    """Without how many there are in all, which is told first."""
    return set(answer.warnings[1:])


def is_left_open(sql, expected, got):
    """Whether servers leave it open which of the two answers is given. Whether a condition that overflows is looked at depends on which condition an
    optimizer looks at first, as does which of several illegal mixes of collations is told; which of several texts that are equal stands for all, on
    the order in which rows are read; and how often the same warning is given, on how often an expression is evaluated. Of several conditions that a
    subquery's rows must meet, any may be looked at first, so that what another compares as a number (1292) is warned of or not."""
    if OUT_OF_RANGE in (expected.error, got.error):
        return None in (expected.error, got.error)
    if expected.error in COLLATIONS:
        return got.error in COLLATIONS
    if expected.error or got.error:
        return False
    if (expected.columns, sorted(expected.rows, key=repr)) == (got.columns, sorted(got.rows, key=repr)):
        differing = distinct_warnings(expected) ^ distinct_warnings(got)
        return not differing or ("(select" in sql and all(warning[1] == NO_NUMBER for warning in differing))
    if not ONE_OF_EQUALS.search(sql):
        return False
    same_but_for_rows = (expected.columns, expected.warnings, len(expected.rows)) == (got.columns, got.warnings, len(got.rows))
    return same_but_for_rows and folded(expected.rows) == folded(got.rows)


@dataclass
class Report:
    queries: int = 0
    left_open: int = 0  # answers that differ where servers leave it open which is given
    refused: int = 0  # by the plain server, and with the same code by the gate
    cases: list = field(default_factory=list)  # each difference, ready for a .test file


class Run:
    """Over `plain` and one of `sharded` (name → connection) for each query, in turn. The same seed makes the same queries. `tell` is called with the
    report after each world."""

    def __init__(self, plain, sharded, seed, tell=lambda report: None, per_world=QUERIES_PER_WORLD):
        self.plain, self.sharded, self.seed, self.tell, self.per_world = plain, sharded, seed, tell, per_world
        self.report = Report()
        self.tables = []
        ask(plain, "set max_statement_time = 5")

    def run(self, queries, seconds=None, differences_max=10):
        """Until there are that many, or the time is over, or too much differs."""
        end = None if seconds is None else time.monotonic() + seconds
        number = 0
        while self.report.queries < queries and len(self.report.cases) < differences_max:
            if end is not None and time.monotonic() > end:
                break
            self.run_world(number, queries, end)
            self.tell(self.report)
            number += 1
        return self.report

    def run_world(self, number, queries, end):
        source = random.Random(f"{self.seed}/{number}")
        self.tables = tables = self.world(source)
        for table in tables:
            self.everywhere(f"drop table if exists {table.name}")
            self.everywhere(table.create())
            self.load(table)
        names = list(self.sharded)
        for count in range(self.per_world):
            if self.report.queries >= queries or (end is not None and time.monotonic() > end):
                break
            tree = self.next(source, tables)
            self.report.queries += 1
            if not self.check(names[count % len(names)], tree, tables):
                break  # shrinking has changed the tables
        for table in tables:
            self.everywhere(f"drop table {table.name}")

    def world(self, source):
        return make_world(source)

    def next(self, source, tables):
        return Writer(source, tables).query()

    @staticmethod
    def normal(answer):
        """Without what is known to differ."""
        return as_text(answer)

    def used(self, tree, tables):
        return [table for table in tables if re.search(rf"\b{table.name} t\d", str(tree))]

    def check(self, name, tree, tables):
        sql = str(tree)
        found = self.differ(name, sql)
        if not found:
            return True
        kept = Shrinker(lambda text: self.differ(name, text), self.load)
        kept.shrink(tree, tables)
        again = self.differ(name, str(tree))
        used = self.used(tree, tables)
        lines = [f"# Seed {self.seed}, on {name}: {'; '.join(again)}"]
        for table in used:
            lines += [table.create(), ""] + ([str(table.insert()), ""] if table.rows else [])
        self.report.cases.append("\n".join([*lines, str(tree), ""]))
        return False

    def differ(self, name, sql):
        statement = Statement(sql, 1)
        expected = ask(self.plain, sql)
        if expected.error == TOO_LONG:
            return []
        self.report.refused += expected.error is not None
        got = self.normal(ask(self.sharded[name], sql))
        found = differences(statement, self.normal(expected), got)
        if found and (is_left_open(sql, expected, got) or self.is_by_plan(statement, got)):
            self.report.left_open += 1
            return []
        return found

    def is_by_plan(self, statement, got):
        """Whether the plain server gives this answer itself when its tables have no keys, or when conditions are not pushed into derived tables: then
        what it says depends on how it runs the query, which is its own mistake (or, of warnings and how often they are given, nobody's)."""
        without_keys = (
            [f"create temporary table {table.name} as select * from {table.name}" for table in self.tables],
            [f"drop temporary table {table.name}" for table in self.tables],
        )
        without_push_down = (
            ["set optimizer_switch = 'condition_pushdown_for_derived=off'"],
            ["set optimizer_switch = 'condition_pushdown_for_derived=on'"],
        )
        return any(self.answers_so(statement, got, *ways) for ways in (without_keys, without_push_down))

    def answers_so(self, statement, got, before, after):
        """Whether the plain server gives this answer between these statements."""
        for sql in before:
            answer = ask(self.plain, sql)
            assert answer.error is None, f"{answer.error} {answer.message}: {sql}"
        found = differences(statement, self.normal(ask(self.plain, statement.sql)), got)
        for sql in after:
            ask(self.plain, sql)
        return not found

    def load(self, table):
        self.everywhere(f"delete from {table.name}")
        if table.rows:
            self.everywhere(str(table.insert()))

    def everywhere(self, sql):
        plain = re.sub(r"/\*!kintsugi .*?\*/", "", sql)
        texts = [(self.plain, plain), *((connection, sql) for connection in self.sharded.values())]
        for answer in at_once(lambda each: ask(*each), texts):
            assert answer.error is None, f"{answer.error} {answer.message}: {sql}"


class WriteRun(Run):
    """The same of writes: what they answer, and the rows of the table that they write, afterwards. All is undone again, so that each begins with the
    same rows."""

    target, kind = None, ""  # of the statement at hand

    def world(self, source):
        return make_world_with_keys(source)

    def next(self, source, tables):
        writer = ChangeWriter(source, tables)
        self.target = writer.target
        made = writer.statement()
        self.kind = "duplicates" if "on duplicate key update" in str(made) else ""
        return made

    def used(self, tree, tables):
        return tables

    def changed(self, connection, sql):
        """The answer, and what the table holds then."""
        ask(connection, "begin")
        answer = ask(connection, sql)
        rows = ask(connection, f"select * from {self.target.name} order by {', '.join(self.target.keys)}")
        ask(connection, "rollback")
        return answer, rows

    def differ(self, name, sql):
        expected, left = self.changed(self.plain, sql)
        if expected.error == TOO_LONG:
            return []
        self.report.refused += expected.error is not None
        got, here = self.changed(self.sharded[name], sql)
        if self.is_open(expected, got):
            self.report.left_open += expected.error != got.error
            return []
        found = differences(Statement(sql, 1, rows_only=True), expected, got)
        return found + [f"left: {each}" for each in differences(Statement("select 1 order by 1", 1), left, here)]

    def is_open(self, expected, got):
        """Which of several rows that are wrong is met first is left open. A value that was read from another table is a literal where it is written, and
        so meets a column of another collation without an illegal mix. A row that meets another one is not inserted where that is updated by itself, so that
        nobody looks whether its values fit (docs). Copies on all shards are not updated by queries about each of them (docs)."""
        both = expected.error and got.error
        not_looked_at = expected.error in UNFIT and not got.error and self.kind == "duplicates"
        return both or not_looked_at or (expected.error in COLLATIONS and not got.error) or "whose rows no sharding key places" in got.message


class CallingRun(Run):
    """Of queries that call stored functions which gates run: these would write if they met a number that is nowhere."""

    NOT_HERE = 1235  # in queries that use columns of those around them, and the like (docs)
    OF_ONE_CALL = {OUT_OF_RANGE, 1264}  # whether it is made is the optimizer's choice

    def run(self, queries, seconds=None, differences_max=10):
        self.everywhere("create table noted (id int primary key) /*!kintsugi shard by hash(id) */")
        for kind, type_name in GATES_FUNCTIONS.items():
            self.everywhere(f"create function same_{kind}(a {type_name}) returns {type_name} modifies sql data "
                            "begin if a is not null and a = -123456 then insert into noted values (1); end if; return a; end")
        try:
            return super().run(queries, seconds, differences_max)
        finally:
            for kind in GATES_FUNCTIONS:
                self.everywhere(f"drop function same_{kind}")
            self.everywhere("drop table noted")

    def next(self, source, tables):
        writer = CallingWriter(source, tables)
        made = writer.query()
        while "same_" not in str(made):
            made = writer.query()
        return made

    @staticmethod
    def normal(answer):
        """MIN and MAX of what is an INT in the temporary table, and of an expression that is one, differ, as do the sizes of long texts."""
        answer.columns = [(name, BIGINT if kind == INT else TEXT if kind in TEXTS else kind) for name, kind in answer.columns]
        return as_text(answer)

    def differ(self, name, sql):
        expected, got = ask(self.plain, sql), ask(self.sharded[name], sql)
        # A literal of a derived table is a column's value then, and what a call is given a literal, in mixes of collations.
        if got.error == self.NOT_HERE or {expected.error, got.error} & (self.OF_ONE_CALL | COLLATIONS):
            self.report.left_open += 1
            return []
        return super().differ(name, sql)
