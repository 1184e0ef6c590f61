"""Writes to a world, from a seed: only such that leave the same rows whatever order a server reads them in."""

from generate.parts import Many, Part
from generate.query import Item, Writer

MOVED = 1000  # added to ids of rows that are new: no table has as many


class ChangeWriter(Writer):
    """Writes one statement that changes `target`."""

    def __init__(self, random, tables):
        super().__init__(random, tables)
        self.target = random.choice(tables)

    def elsewhere(self):
        """Tables whose rows do not change meanwhile; the target where there is no other."""
        return [table for table in self.tables if table is not self.target] or self.tables

    def item(self, table, alias=None):
        alias = alias or self.alias()
        return Item(alias, dict(table.columns), list(table.keys)), Part(f"{table.name} {alias}", kind="table")

    def others(self):
        return [name for name in self.target.columns if name not in [*self.target.keys, "u"]]

    def values(self, scope, names):
        return [self.expr(scope, self.target.columns[name]) for name in names]

    def where(self, scope, most=2):
        return Many([self.condition(scope) for _ in range(self.random.randint(0, most))], " and ", " where ")

    def statement(self):
        every = self.tables
        self.tables = self.elsewhere()
        forms = [self.update, self.update, self.update_joined, self.delete, self.delete_joined, self.insert, self.insert, self.duplicates, self.replace]
        if self.target.unique:
            forms += [self.among, self.among, self.among]
        made = self.random.choice(forms)()
        self.tables = every
        return made

    # UPDATE.

    def set_clause(self, scope, alias):
        """Of several tables no order of assignments is promised, so that none uses a column that another one sets."""
        names = self.random.sample(self.others(), self.random.randint(1, min(3, len(self.others()))))
        if len(scope) > 1:
            scope = [Item(item.alias, {name: kind for name, kind in item.columns.items() if name not in [*names, "id", "p", "u"]}, None) for item in scope]
        parts = [Part(f"{alias}.{name} = ", value) for name, value in zip(names, self.values(scope, names))]
        if self.chance(0.15):
            parts.append(Part(f"{alias}.id = {alias}.id + {MOVED}"))
        if self.target.unique and self.chance(0.3):
            parts.append(Part(f"{alias}.u = ", self.random.choice([f"{alias}.u + {MOVED}", "null", "10", *([f"{alias}.id + {5 * MOVED}"] if len(scope) == 1 else [])])))
        if "p" in self.target.keys and self.chance(0.3):
            parts.append(Part(f"{alias}.p = ", self.random.choice([Part(f"{alias}.p + 1"), Part(str(self.random.randint(1, 6)))])))
        self.random.shuffle(parts)
        return Many(parts, least=1, head=" set ")

    def limited(self, alias, before=0.5):
        """ORDER BY what tells the rows apart, and maybe a LIMIT."""
        if self.chance(before):
            return Part("")
        order = ", ".join(f"{alias}.{key}{self.random.choice(['', ' desc'])}" for key in self.target.keys)
        return Part(f" order by {order}", self.random.choice(["", " limit 3", " limit 1", " limit 0"]))

    def update(self):
        item, source = self.item(self.target)
        return Part("update ", source, self.set_clause([item], item.alias), self.where([item]), self.limited(item.alias))

    def update_joined(self):
        """Each row meets one of the other table at most, by that one's id."""
        item, source = self.item(self.target)
        other, joined = self.item(self.random.choice(self.tables))
        if other.alias == item.alias or self.tables[0] is self.target:
            return self.update()
        word = self.random.choice([" join ", " left join "])
        on = f" on {other.alias}.id = {item.alias}.{self.random.choice(self.of_kind(item, 'int'))}"
        scope = [item, other]
        return Part("update ", source, word, joined, on, self.set_clause(scope, item.alias), self.where(scope))

    # DELETE.

    def delete(self):
        name = self.target.name
        item = Item(name, dict(self.target.columns), list(self.target.keys))
        return Part(f"delete from {name}", self.where([item]), self.limited(name))

    def delete_joined(self):
        item, source = self.item(self.target)
        other, joined = self.item(self.random.choice(self.tables))
        scope = [item, other]
        on = Many([self.tie([item], [other])], head=" on ", least=1)
        return Part(f"delete {item.alias} from ", source, self.random.choice([" join ", " left join "]), joined, on, self.where(scope))

    # INSERT.

    def rows(self, table, names, shift, keys=None):
        """Of one table, whose ids are those of the new rows."""
        item, source = self.item(table)
        key = {"id": Part(f"{item.alias}.id + {shift}" if shift else f"{item.alias}.id")}
        if "p" in self.target.keys:
            own = f"{item.alias}.p" if "p" in item.columns and table is self.target else str(self.random.randint(1, 6))
            key["p"] = Part(own)
        values = [*(key[name] for name in self.target.keys), *self.values([item], names)]
        return Part("select ", Many([Part(value, "") for value in values], least=len(values)), " from ", source, self.where([item], 1))

    def met(self):
        """A value of u that a row may have, or one that none has."""
        known = [row[list(self.target.columns).index("u")] for row in self.target.rows]
        return self.random.choice([*known, "null", str(self.random.randint(100, 200) * 10 + 1)])

    def among(self):
        """Rows that may meet others by either key."""
        names = self.random.sample(self.others(), self.random.randint(1, min(3, len(self.others()))))
        verb = self.random.choice(["insert", "insert ignore", "replace", "insert"])
        rows = []
        for number in range(self.random.randint(1, 3)):
            row = self.known_row(names) if self.chance(0.3) else self.row(number, names)
            rows.append(Part("(", self.met(), ", ", str(row)[1:]))
        changed = self.random.sample(self.others(), 1)
        own = Item(self.target.name, {name: self.target.columns[name] for name in self.others()}, None)
        parts = [Part(f"{name} = ", self.expr([own], self.target.columns[name])) for name in changed]
        if self.chance(0.2):
            parts.append(Part(f"u = {self.target.name}.u + {MOVED}"))
        updates = Many(parts if verb == "insert" else [], head=" on duplicate key update ")
        return Part(f"{verb} into {self.target.name} ({', '.join(['u', *self.target.keys, *names])}) values ", Many(rows, least=1), updates)

    def head(self, verb, names):
        return f"{verb} into {self.target.name} ({', '.join([*self.target.keys, *names])}) "

    def insert(self):
        names = self.random.sample(self.others(), self.random.randint(1, len(self.others())))
        if self.chance(0.4):
            rows = [self.row(number, names) for number in range(self.random.randint(1, 4))]
            return Part(self.head("insert", names), "values ", Many(rows, least=1))
        return Part(self.head("insert", names), self.rows(self.random.choice(self.tables), names, MOVED))

    def row(self, number, names):
        keys = [str(MOVED + number) if key == "id" else str(self.random.randint(1, 6)) for key in self.target.keys]
        return Part("(", ", ".join(keys), ", ", Many([Part(self.expr([], self.target.columns[name], 1), "") for name in names], least=len(names)), ")")

    def duplicates(self):
        names = self.random.sample(self.others(), self.random.randint(1, len(self.others())))
        own = Item(self.target.name, {name: self.target.columns[name] for name in self.others()}, None)
        changed = self.random.sample(self.others(), self.random.randint(1, min(2, len(self.others()))))
        parts = []
        for name in changed:
            value = Part(f"values({name})") if name in names and self.chance(0.3) else self.expr([own], self.target.columns[name])
            parts.append(Part(f"{name} = ", value))
        if self.chance(0.5):
            rows = Part("values ", Many([self.known_row(names) for _ in range(self.random.randint(1, 3))], least=1))
        else:
            rows = self.rows(self.random.choice(self.tables), names, 0)
        return Part(self.head("insert", names), rows, Many(parts, least=1, head=" on duplicate key update "))

    def known_row(self, names):
        """A key that a row may have."""
        row = self.random.choice(self.target.rows) if self.target.rows else [str(MOVED)] * len(self.target.columns)
        keys = [row[list(self.target.columns).index(key)] for key in self.target.keys]
        return Part("(", ", ".join(keys), ", ", Many([Part(self.expr([], self.target.columns[name], 1), "") for name in names], least=len(names)), ")")

    def replace(self):
        names = self.random.sample(self.others(), self.random.randint(1, len(self.others())))
        return Part(self.head("replace", names), self.rows(self.random.choice(self.tables), names, 0))

