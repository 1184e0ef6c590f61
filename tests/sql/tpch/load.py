"""TPC-H's tables, made and filled through a connection."""

import itertools
import re
from pathlib import Path

from tpch.rows import Rows

FOLDER = Path(__file__).parent
QUERIES = FOLDER / "queries.test"
TABLES = ("region", "nation", "supplier", "part", "partsupp", "customer", "orders", "lineitem")
ROWS_AT_ONCE = 1000


def load(connection, scale, sharded):
    """Makes the tables and inserts their rows. Without `sharded`, the server is not told how they are sharded."""
    rows = Rows(scale)
    with connection.cursor() as cursor:
        for statement in re.sub(r"(?m)^#.*$", "", (FOLDER / "tables.sql").read_text()).split("\n\n"):
            if statement.strip():
                cursor.execute(statement if sharded else re.sub(r"/\*!kintsugi .*?\*/", "", statement))
        for table in TABLES:
            each = rows.table(table)
            while some := list(itertools.islice(each, ROWS_AT_ONCE)):
                values = ", ".join("(" + ", ".join(map(connection.literal, row)) + ")" for row in some)
                cursor.execute(f"insert into {table} values {values}")
        cursor.execute("analyze table " + ", ".join(TABLES))
        cursor.fetchall()
