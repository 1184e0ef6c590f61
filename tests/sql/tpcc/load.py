"""TPC-C's tables, made and filled through a connection: every customer has one order, and a third of the orders are not delivered yet."""

import random
import re
from pathlib import Path

from tpcc.transactions import DISTRICTS, last_name

FOLDER = Path(__file__).parent
ROWS_AT_ONCE = 1000


def load(connection, size):
    chance = random.Random("load")
    with connection.cursor() as cursor:
        for statement in re.sub(r"(?m)^#.*$", "", (FOLDER / "tables.sql").read_text()).split("\n\n"):
            if statement.strip():
                cursor.execute(statement)
    _insert(connection, "item", [(item, 1, f"item {item}", f"{chance.randint(1, 100)}.00", "ORIGINAL") for item in range(1, size.items + 1)])
    for warehouse in range(1, size.warehouses + 1):
        _load_warehouse(connection, size, warehouse, chance)


def _load_warehouse(connection, size, warehouse, chance):
    people = DISTRICTS * size.customers
    _insert(connection, "warehouse", [(warehouse, f"w{warehouse}", "street", "city", "ST", "123456789", "0.1000", f"{people * 10}.00")])
    _insert(connection, "district", [(warehouse, district, f"d{district}", "street", "city", "ST", "123456789", "0.1000",
                                      f"{size.customers * 10}.00", size.customers + 1) for district in range(1, DISTRICTS + 1)])
    given = {}
    orders, waiting, lines = [], [], []
    for district in range(1, DISTRICTS + 1):
        buyers = chance.sample(range(1, size.customers + 1), size.customers)
        for order, customer in enumerate(buyers, 1):
            new = order > size.customers * 2 // 3
            count = chance.randint(5, 15)
            orders.append((warehouse, district, order, customer, "2026-01-01", None if new else chance.randint(1, 10), count, 1))
            if new:
                waiting.append((warehouse, district, order))
            for number in range(1, count + 1):
                item = chance.randint(1, size.items)
                given[item] = given.get(item, 0) + 5
                # What was delivered before the start cost nothing, as the specification has it.
                amount = f"{chance.randint(1, 9999)}.00" if new else "0.00"
                lines.append((warehouse, district, order, number, item, warehouse, None if new else "2026-01-01", 5, amount, "x" * 24))
    _insert(connection, "customer", [
        (warehouse, district, customer, f"first{chance.randint(1, 9999)}", "OE", last_name((customer - 1) % 1000), "city", "2026-01-01",
         "BC" if chance.randint(1, 10) == 1 else "GC", "50000.00", "0.1000", "-10.00", "10.00", 1, 0, "data")
        for district in range(1, DISTRICTS + 1) for customer in range(1, size.customers + 1)])
    _insert(connection, "history (h_c_id, h_c_d_id, h_c_w_id, h_d_id, h_w_id, h_date, h_amount, h_data)", [
        (customer, district, warehouse, district, warehouse, "2026-01-01", "10.00", "first")
        for district in range(1, DISTRICTS + 1) for customer in range(1, size.customers + 1)])
    _insert(connection, "orders", orders)
    _insert(connection, "new_order", waiting)
    _insert(connection, "order_line", lines)
    _insert(connection, "stock", [(warehouse, item, chance.randint(10, 100), "x" * 24, given.get(item, 0), 0, 0, "ORIGINAL")
                                  for item in range(1, size.items + 1)])


def _insert(connection, table, rows):
    with connection.cursor() as cursor:
        for begin in range(0, len(rows), ROWS_AT_ONCE):
            some = rows[begin : begin + ROWS_AT_ONCE]
            cursor.execute(f"insert into {table} values " + ", ".join("(" + ", ".join(map(connection.literal, row)) + ")" for row in some))
