"""Queries over a world, from a seed: only such whose answer is determined, but for the order of rows."""

import re
from dataclasses import dataclass

from generate.parts import Many, Part
from generate.world import VALUES

KINDS = ["int", "int", "int", "str", "str", "dec", "date", "dbl", "ci"]
GATES_FUNCTIONS = {"int": "bigint", "date": "date", "dec": "decimal(30, 6)"}  # what same_int and the like take and give
COMPARISONS = ["=", "=", "=", "<>", "<", "<=", ">", ">=", "<=>"]


@dataclass
class Item:
    """What stands in a FROM."""

    alias: str
    columns: dict  # name → kind
    keys: list | None  # that tell its rows apart; None: nothing does


class Writer:
    """Writes one query. `outer` are the items of the queries around the one that is being written."""

    def __init__(self, random, tables):
        self.random = random
        self.tables = tables
        self.count = 0

    def alias(self):
        self.count += 1
        return f"t{self.count}"

    def chance(self, probability):
        return self.random.random() < probability

    # Expressions.

    def columns(self, scope, kind):
        return [f"{item.alias}.{name}" for item in scope for name, own in item.columns.items() if own == kind]

    def leaf(self, scope, kind):
        columns = self.columns(scope, kind)
        if columns and self.chance(0.8):
            return Part(self.random.choice(columns), kind=kind)
        value = self.random.choice(VALUES[kind])
        if kind == "date":
            value = f"date {value}"
        elif kind == "dbl":
            value += "e0"
        elif kind == "dec" and "." not in value:
            value += ".0"
        return Part(value, kind=kind)

    def expr(self, scope, kind, depth=2):
        if depth == 0 or self.chance(0.45):
            return self.leaf(scope, kind)
        choices = [self.conditional, self.own]
        return self.random.choice(choices)(scope, kind, depth - 1)

    def conditional(self, scope, kind, depth):
        a, b = self.expr(scope, kind, depth), self.expr(scope, kind, depth)
        form = self.random.randrange(5)
        if form == 0:
            return Part("coalesce(", a, ", ", b, ")", kind=kind)
        if form == 1:
            return Part("if(", self.condition(scope, depth), ", ", a, ", ", b, ")", kind=kind)
        if form == 2:
            return Part("case when ", self.condition(scope, depth), " then ", a, " else ", b, " end", kind=kind)
        if form == 3:
            return Part("nullif(", a, ", ", b, ")", kind=kind)
        return Part("ifnull(", a, ", ", b, ")", kind=kind)

    def own(self, scope, kind, depth):
        def part(of):
            return self.expr(scope, of, depth)

        pick = self.random.choice
        forms = {
            "int": [
                lambda: Part("(", part("int"), pick([" + ", " - ", " * "]), part("int"), ")", kind=kind),
                lambda: Part("(", part("int"), pick([" % 3", " div 2", " * 2", " + 1", " & 3"]), ")", kind=kind),
                lambda: Part("abs(", part("int"), ")", kind=kind),
                lambda: Part("char_length(", part("str"), ")", kind=kind),
                lambda: Part(pick(["year(", "month(", "dayofyear("]), part("date"), ")", kind=kind),
                lambda: Part("datediff(", part("date"), ", ", part("date"), ")", kind=kind),
                lambda: Part("sign(", part("dec"), ")", kind=kind),
                lambda: Part("(", self.condition(scope, depth), ")", kind=kind),
                lambda: self.scalar(scope, "int"),
            ],
            "dec": [
                lambda: Part("(", part("dec"), pick([" + ", " - "]), part("dec"), ")", kind=kind),
                lambda: Part("(", part("dec"), " * ", part("int"), ")", kind=kind),
                lambda: Part("round(", part("dec"), ", 1)", kind=kind),
                lambda: Part("(", part("int"), " / 4)", kind=kind),
            ],
            "dbl": [
                lambda: Part("(", part("dbl"), pick([" + ", " - "]), part("dbl"), ")", kind=kind),
                lambda: Part("(-", part("dbl"), ")", kind=kind),
            ],
            "str": [
                lambda: Part("concat(", part("str"), ", ", part("str"), ")", kind=kind),
                lambda: Part(pick(["upper(", "lower(", "trim(", "reverse("]), part("str"), ")", kind=kind),
                lambda: Part(pick(["left(", "right("]), part("str"), ", 1)", kind=kind),
                lambda: Part("replace(", part("str"), ", 'a', 'bb')", kind=kind),
                lambda: Part("hex(", part("int"), ")", kind=kind),
            ],
            "ci": [lambda: Part("concat(", part("ci"), ", 'x')", kind=kind)],
            "date": [
                lambda: Part("(", part("date"), " + interval 1 ", pick(["day", "month", "year"]), ")", kind=kind),
                lambda: Part("last_day(", part("date"), ")", kind=kind),
            ],
        }
        return pick(forms[kind])()

    # Conditions.

    def condition(self, scope, depth=2):
        form = self.random.random()
        if depth > 0 and form < 0.2:
            return Part("(", Many([self.condition(scope, depth - 1) for _ in range(2)], self.random.choice([" and ", " or "]), least=1),
                        ")", kind="bool")
        if depth > 0 and form < 0.25:
            return Part("not (", self.condition(scope, depth - 1), ")", kind="bool")
        if depth > 0 and form < 0.4:
            return self.with_query(scope)
        if form < 0.55:
            return self.by_key(scope)
        kind = self.random.choice(KINDS)
        a = self.expr(scope, kind, 1)
        if form < 0.62:
            return Part(a, self.random.choice([" is null", " is not null"]), kind="bool")
        if form < 0.7:
            values = Many([self.leaf([], kind) for _ in range(self.random.randint(1, 3))], least=1)
            return Part(a, self.random.choice([" in (", " not in ("]), values, ")", kind="bool")
        if form < 0.75:
            return Part(a, " between ", self.leaf(scope, kind), " and ", self.leaf(scope, kind), kind="bool")
        if form < 0.8 and kind == "str":
            return Part(a, " like ", self.random.choice(["'a%'", "'%b%'", "'_'", "''"]), kind="bool")
        return Part(a, f" {self.random.choice(COMPARISONS)} ", self.expr(scope, kind, 1), kind="bool")

    def by_key(self, scope):
        """What routes: an `id` or `p` with a value, or with another."""
        keys = [f"{item.alias}.{name}" for item in scope for name in ("id", "p") if item.columns.get(name) == "int"]
        if not keys:
            return Part(self.leaf(scope, "int"), " = ", self.leaf(scope, "int"), kind="bool")
        key = self.random.choice(keys)
        form = self.random.randrange(5)
        if form == 0:
            return Part(f"{key} in (", Many([Part(str(self.random.randint(1, 8))) for _ in range(3)], least=1), ")", kind="bool")
        if form == 1:
            return Part(f"{key} {self.random.choice(['<', '>=', '<>'])} {self.random.randint(1, 8)}", kind="bool")
        if form == 2:
            return Part(f"{key} = {self.random.choice(keys + self.columns(scope, 'int'))}", kind="bool")
        return Part(f"{key} = {self.random.randint(1, 8)}", kind="bool")

    def with_query(self, scope):
        form = self.random.randrange(4)
        kind = self.random.choice(["int", "int", "str", "date"])
        if form == 0:
            return Part(self.random.choice(["exists (", "not exists ("]), self.inner(scope, Part("1")), ")", kind="bool")
        value = self.expr(scope, kind, 1)
        while form == 2 and "(select" in str(value):
            value = self.expr(scope, kind, 1)  # MariaDB's `(select min(r) from a) < all (select … where r = outer.r)` is wrong: false for 9 < 100
        if form == 1:
            return Part(value, self.random.choice([" in (", " not in ("]), self.inner(scope, kind), ")", kind="bool")
        if form == 2:
            quantified = f" {self.random.choice(['=', '<>', '<', '>='])} {self.random.choice(['any', 'all'])} ("
            return Part(value, quantified, self.inner(scope, kind), ")", kind="bool")
        return Part(self.expr(scope, "int", 1), f" {self.random.choice(COMPARISONS)} ", self.scalar(scope, "int"), kind="bool")

    def inner(self, scope, selected):
        """A subquery of one column: a part, or of that kind; often correlated."""
        item, source = self.base()
        own = [item]
        around = own + (scope if self.chance(0.6) else [])
        value = selected if isinstance(selected, Part) else self.expr(own, selected, 1)
        where = [self.condition(around, 0) for _ in range(self.random.randint(0, 2))]
        if scope and self.chance(0.5):
            where.append(self.tie(own, scope))
        return Part("select ", value, " from ", source, Many(where, " and ", " where "))

    def scalar(self, scope, kind):
        item, source = self.base()
        own = [item]
        where = [self.condition(own, 0) for _ in range(self.random.randint(0, 1))]
        if scope and self.chance(0.6):
            where.append(self.tie(own, scope))
        value = self.random.choice(["max(", "min(", "count("])
        return Part("(select ", value, self.expr(own, "int", 1), ") from ", source, Many(where, " and ", " where "), ")", kind=kind)

    def tie(self, own, other):
        """An equality between both, of keys most often."""
        a, b = self.random.choice(own), self.random.choice(other)
        names = ["id", "id", "p", "r"]
        left = self.random.choice([name for name in names if name in a.columns] or self.of_kind(a, "int") or ["1"])
        right = self.random.choice([name for name in names if name in b.columns] or self.of_kind(b, "int") or ["1"])
        return Part(self.qualified(a, left), " = ", self.qualified(b, right), kind="bool")

    @staticmethod
    def qualified(item, name):
        return name if name == "1" else f"{item.alias}.{name}"

    @staticmethod
    def of_kind(item, kind):
        return [name for name, own in item.columns.items() if own == kind]

    # What a query reads.

    def base(self):
        table = self.random.choice(self.tables)
        alias = self.alias()
        return Item(alias, dict(table.columns), list(table.keys)), Part(f"{table.name} {alias}", kind="table")

    def derived(self):
        query, kinds = self.select(depth=0, named=True)
        alias = self.alias()
        columns = {f"c{i + 1}": kind for i, kind in enumerate(kinds)}
        return Item(alias, columns, None), Part("(", query, f") {alias}")

    def source(self, depth):
        return self.derived() if depth > 0 and self.chance(0.15) else self.base()

    def from_clause(self, depth):
        item, part = self.source(depth)
        items, parts = [item], [part]
        for _ in range(self.random.choice([0, 0, 0, 1, 1, 2])):
            item, part = self.source(depth)
            form = self.random.random()
            word = " join " if form < 0.45 else " left join " if form < 0.75 else " right join " if form < 0.85 else None
            if word is None:
                parts.append(Part(self.random.choice([" cross join ", " straight_join "]), part, " "))
                items.append(item)
                continue
            condition = self.tie([item], items) if self.chance(0.75) else self.condition([*items, item], 0)
            more = [self.condition([*items, item], 0)] if self.chance(0.2) else []
            parts.append(Part(word, part, " on ", Many([condition, *more], " and ", least=1)))
            items.append(item)
        first, rest = parts[0], parts[1:]
        return items, Part(" from ", first, Many(rest, ""))

    # Queries.

    def named(self, values, named):
        return [Part(value, f" as c{i + 1}") if named else Part(value, "") for i, value in enumerate(values)]

    def shown(self, value, kind):
        """Texts that are equal are not the same to read: which of a group's is shown is the server's choice."""
        return Part("lower(", value, ")", kind=kind) if kind == "ci" else value

    def select(self, depth=1, named=False, kinds=None):
        """A query and the kinds of its columns."""
        items, source = self.from_clause(depth)
        where = Many([self.condition(items, depth) for _ in range(self.random.choice([0, 1, 1, 2]))], " and ", " where ")
        form = self.random.random()
        if kinds is None and form < 0.35:
            return self.grouped(items, source, where, named)
        kinds = kinds or [self.random.choice(KINDS) for _ in range(self.random.randint(1, 4))]
        values = [self.shown(self.expr(items, kind), kind) for kind in kinds]
        distinct = "distinct " if self.chance(0.2) else ""
        if not distinct and depth > 0 and self.chance(0.15):
            values.append(self.window(items))
            kinds = [*kinds, "other"]
        return Part(f"select {distinct}", Many(self.named(values, named), least=1), source, where), kinds

    def grouped(self, items, source, where, named):
        kinds = [self.random.choice(KINDS) for _ in range(self.random.choice([0, 1, 1, 2]))]
        keys = [self.shown(self.expr(items, kind, 1), kind) for kind in kinds]
        keys = [key for key in keys if re.search(r"t\d+\.", str(key)) and "select" not in str(key)]
        kinds = kinds[:len(keys)]
        aggregates = [self.aggregate(items) for _ in range(self.random.randint(1, 3))]
        values = self.named([*keys, *(part for part, _ in aggregates)], named)
        group = Many([Part(str(key)) for key in keys], head=" group by ")
        having = Many([self.having(items)] if self.chance(0.25) else [], head=" having ")
        query = Part("select ", Many(values, least=1), source, where, group, having)
        return query, [*kinds, *(kind for _, kind in aggregates)]

    def aggregate(self, items):
        kind = self.random.choice(["int", "int", "dec", "date", "str", "dbl"])
        value = self.expr(items, kind, 1)
        forms = ["count(", "count(distinct ", "max(", "min("]
        if kind in ("int", "dec", "dbl"):
            forms += ["sum(", "avg(", "sum(distinct "]
        if kind == "int":
            forms += ["bit_or(", "bit_xor("]
        if kind == "str":
            order = Part("group_concat(", value, " order by ", Part(str(value)), " separator '|')")
            if self.chance(0.3):
                return order, "str"
        if self.chance(0.15):
            return Part("count(*)"), "int"
        form = self.random.choice(forms)
        return Part(form, value, ")"), "int" if form.startswith("count") else kind if form[:3] in ("max", "min") else "other"

    def having(self, items):
        aggregate, kind = self.aggregate(items)
        if kind not in VALUES:
            return Part(aggregate, " is not null", kind="bool")
        return Part(aggregate, f" {self.random.choice(COMPARISONS)} ", self.leaf([], kind), kind="bool")

    def window(self, items):
        """Ordered by what tells the rows apart; or a frame of all rows."""
        partition = Many([self.expr(items, self.random.choice(["int", "str"]), 1)] if self.chance(0.5) else [], head="partition by ")
        keys = self.total_order(items)
        if keys is None or self.chance(0.3):
            return Part(self.random.choice(["count(", "max(", "sum("]), self.expr(items, "int", 1), ") over (", partition, ")")
        name = self.random.choice(["row_number()", "rank()", "dense_rank()"])
        if self.chance(0.5):
            name = Part(self.random.choice(["sum(", "lag(", "lead(", "first_value(", "min("]), self.expr(items, "int", 1), ")")
        return Part(name, " over (", partition, " order by ", ", ".join(keys), ")")

    @staticmethod
    def total_order(items):
        if any(item.keys is None for item in items):
            return None
        return [f"{item.alias}.{key}" for item in items for key in item.keys]

    def ordered(self):
        """A query with an ORDER BY over all of its rows, and maybe a LIMIT."""
        items, source = self.from_clause(0)
        where = Many([self.condition(items) for _ in range(self.random.choice([0, 1, 1, 2]))], " and ", " where ")
        kinds = [self.random.choice(KINDS) for _ in range(self.random.randint(1, 3))]
        values = [self.expr(items, kind) for kind in kinds]
        by = [Part(self.expr(items, self.random.choice(KINDS), 1), self.random.choice(["", " desc"])) for _ in range(self.random.randint(0, 2))]
        by = [each for each in by if re.search(r"t\d+\.", str(each))]
        order = Part(" order by ", Many([*by, *(Part(key) for key in self.total_order(items))], least=1))
        limits = [Part(self.random.choice([" limit 3", " limit 2, 4", " limit 5 offset 1", " limit 0"]))] if self.chance(0.5) else []
        return Part("select ", Many([Part(value, "") for value in values], least=1), source, where, order, Many(limits, ""))

    def set_operation(self):
        kinds = [self.random.choice(KINDS[:-1]) for _ in range(self.random.randint(1, 3))]
        arms = [self.select(depth=0, kinds=kinds)[0] for _ in range(self.random.choice([2, 2, 3]))]
        words = [self.random.choice([" union ", " union all ", " intersect ", " except "]) for _ in arms[1:]]
        return Part(arms[0], Many([Part(word, arm) for word, arm in zip(words, arms[1:])], ""))

    def common(self):
        inner, kinds = self.select(depth=0, named=True)
        name = "w"
        columns = {f"c{i + 1}": kind for i, kind in enumerate(kinds)}
        table = type(self.tables[0])(name, columns, {}, [], "")
        base, tables = self.base, self.tables

        def with_common():
            if not self.chance(0.5):
                return base()
            alias = self.alias()
            return Item(alias, columns, None), Part(f"{table.name} {alias}")

        self.base = with_common
        query = self.select()[0]
        self.base, self.tables = base, tables
        return Part("with w as (", inner, ") ", query)

    def query(self):
        form = self.random.random()
        if form < 0.3:
            return self.ordered()
        if form < 0.42:
            return self.set_operation()
        if form < 0.5:
            return self.common()
        return self.select()[0]


class CallingWriter(Writer):
    """With calls of functions that gates run, of GATES_FUNCTIONS, which give what they are given."""

    def expr(self, scope, kind, depth=2):
        value = super().expr(scope, kind, depth)
        if kind in GATES_FUNCTIONS and self.chance(0.12):
            return Part(f"same_{kind}(", value, ")", kind=kind)
        return value
