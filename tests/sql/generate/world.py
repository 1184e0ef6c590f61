"""Tables, rows and ways to shard them, from a seed."""

from dataclasses import dataclass, field

from generate.parts import Many, Part

TYPES = {
    "int": ["int", "bigint", "tinyint", "smallint unsigned"],
    "dec": ["decimal(10,2)", "decimal(20,6)"],
    "dbl": ["double"],
    "str": ["varchar(20) collate utf8mb4_bin"],
    "ci": ["varchar(20) collate utf8mb4_general_ci", "char(8) collate utf8mb4_unicode_ci"],
    "date": ["date", "datetime"],
}
# Few values, so that they meet; doubles whose sums are exact; texts that are equal only in `ci`.
VALUES = {
    "int": ["0", "1", "2", "3", "5", "7", "12", "100"],
    "dec": ["0", "1.50", "-2.25", "3", "1000.01"],
    "dbl": ["0", "0.5", "-1.25", "3", "1024"],
    "str": ["''", "'a'", "'A'", "'ab'", "'é'", "'zz'", "'北'", "'it''s'"],
    "ci": ["''", "'a'", "'A'", "'b'", "'É'", "'é'", "'Zz'"],
    "date": ["'2026-01-01'", "'2026-02-28'", "'2024-02-29'", "'1999-12-31'", "'2026-11-25'"],
}
SHARDINGS = ["shard by hash(id)", "shard by hash(id)", "shard by hash(p)", "reference"]


@dataclass
class Table:
    name: str
    columns: dict  # name → kind
    types: dict
    keys: list  # the primary key
    sharding: str
    rows: list = field(default_factory=list)  # of literals
    unique: bool = False  # a column u, which no two rows of any shard have alike

    def create(self):
        columns = [f"{name} {kind}{' not null' if name in self.keys else ''}" for name, kind in self.types.items()]
        unique = ", unique key (u)" if self.unique else ""
        everywhere = " global unique (u)" if self.unique and self.sharding != "reference" else ""
        return (f"create table {self.name} ({', '.join(columns)}, primary key ({', '.join(self.keys)}){unique}) "
                f"default charset=utf8mb4 /*!kintsugi {self.sharding}{everywhere} */")

    def insert(self):
        return Part(f"insert into {self.name} values ", Many([Part(f"({', '.join(row)})") for row in self.rows], least=1))


def make_table(random, name):
    sharding = random.choice(SHARDINGS)
    keys = ["p", "id"] if "(p)" in sharding else ["id"]
    columns = {key: "int" for key in keys}
    types = {key: random.choice(["int", "bigint"]) for key in keys}
    for number in range(random.randint(2, 6)):
        kind = random.choice(list(TYPES))
        columns[f"{name}{number}"] = kind
        types[f"{name}{number}"] = random.choice(TYPES[kind])
    # Other tables are joined by it.
    columns["r"], types["r"] = "int", "int"
    table = Table(name, columns, types, keys, sharding)
    for number in range(random.choice([0, 1, 5, 12, 12, 20])):
        table.rows.append(make_row(random, table, number))
    return table


def make_row(random, table, number):
    row = []
    for column, kind in table.columns.items():
        if column == "id":
            row.append(str(number + 1))
        elif column in table.keys:
            row.append(str(random.randint(1, 6)))
        elif random.random() < 0.2:
            row.append("null")
        elif column == "r":
            row.append(str(random.randint(0, 13)))
        else:
            row.append(random.choice(VALUES[kind]))
    return row


def make_world(random):
    return [make_table(random, name) for name in "abcd"[:random.randint(2, 4)]]


def make_world_with_keys(random):
    """The same, where half of the tables have a unique key beside the primary one."""
    tables = make_world(random)
    for table in tables:
        if random.random() < 0.5:
            table.unique, table.columns["u"], table.types["u"] = True, "int", "int"
            for number, row in enumerate(table.rows):
                row.append("null" if random.random() < 0.2 else str(number * 10))
    return tables
