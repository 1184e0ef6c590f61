"""TPC-C's five transactions, as a client's driver sends them (specification 5.11, chapter 2)."""

import random
import re
from dataclasses import dataclass
from pathlib import Path

DISTRICTS = 10
SYLLABLES = ("BAR", "OUGHT", "ABLE", "PRI", "PRES", "ESE", "ANTI", "CALLY", "ATION", "EING")
# How often each comes, of 100.
MIX = (("new_order", 45), ("payment", 43), ("order_status", 4), ("delivery", 4), ("stock_level", 4))


# By name → its text, with %s in the place of each value.
STATEMENTS = {
    name: sql.strip().replace("?", "%s")
    for name, sql in re.findall(r"# (\w+)\n([^#]+)", (Path(__file__).parent / "statements.sql").read_text())
}


@dataclass(frozen=True)
class Size:
    """How much there is. The specification says 100,000 items and 3,000 customers; tests take fewer."""

    warehouses: int
    items: int
    customers: int  # of each district


class WrongItem(Exception):
    """One in a hundred orders names an item that does not exist, and is taken back."""


def last_name(number):
    return "".join(SYLLABLES[number // divisor % 10] for divisor in (100, 10, 1))


class Terminal:
    """One client at one warehouse. Each transaction is a method that leaves the connection outside of any transaction."""

    def __init__(self, connection, size, warehouse, seed):
        self.connection = connection
        self.size = size
        self.warehouse = warehouse
        self.chance = random.Random(seed)
        self.statements = {}  # by name → an example, with its values

    def run(self):
        """One transaction of the mix; its name."""
        name = self.chance.choices([name for name, _ in MIX], [share for _, share in MIX])[0]
        try:
            getattr(self, name)()
        except WrongItem:
            self.connection.rollback()
        except BaseException:
            self.connection.rollback()
            raise
        return name

    def new_order(self):
        warehouse, district, customer = self.warehouse, self._district(), self._customer()
        lines = [self._order_line() for _ in range(self.chance.randint(5, 15))]
        if self.chance.randint(1, 100) == 1:
            lines[-1] = (self.size.items + 1, warehouse, 1)
        lines.sort()  # everybody locks stock in one order
        self.connection.begin()
        self._rows("warehouse_tax", warehouse)
        self._rows("customer_discount", warehouse, district, customer)
        ((order,),) = self._rows("lock_order_number", warehouse, district)
        self._do("raise_order_number", warehouse, district)
        local = int(all(supplier == warehouse for _, supplier, _ in lines))
        self._do("insert_order", warehouse, district, order, customer, len(lines), local)
        self._do("insert_new_order", warehouse, district, order)
        for number, (item, supplier, quantity) in enumerate(lines, 1):
            found = self._rows("item", item)
            if not found:
                raise WrongItem
            self._take_from_stock(item, supplier, quantity)
            self._do("insert_order_line", warehouse, district, order, number, item, supplier, quantity, found[0][0] * quantity, "x" * 24)
        self.connection.commit()

    def _take_from_stock(self, item, supplier, quantity):
        ((left,),) = self._rows("lock_stock", supplier, item)
        left -= quantity
        if left < 10:
            left += 91
        self._do("take_stock", left, quantity, int(supplier != self.warehouse), supplier, item)

    def payment(self):
        warehouse, district, amount = self.warehouse, self._district(), self.chance.randint(100, 500000)
        remote = self.size.warehouses > 1 and self.chance.randint(1, 100) <= 15
        at = (self._other_warehouse(), self._district()) if remote else (warehouse, district)
        paid = f"{amount // 100}.{amount % 100:02}"
        self.connection.begin()
        self._do("pay_warehouse", paid, warehouse)
        self._do("pay_district", paid, warehouse, district)
        customer, credit = self._find_customer(*at)
        data = f"{customer} {at[1]} {at[0]} {district} {warehouse} {paid}|" if credit == "BC" else ""
        self._do("pay_customer", paid, paid, data, *at, customer)
        self._do("insert_history", customer, at[1], at[0], district, warehouse, paid, "payment")
        self.connection.commit()

    def _find_customer(self, warehouse, district):
        """By last name (the middle one of several) or by number; locked. Key and credit."""
        if self.chance.randint(1, 100) <= 60:
            name = last_name(self.chance.randrange(min(1000, self.size.customers)))
            found = self._rows("customers_by_name", warehouse, district, name)
            if found:
                return found[(len(found) - 1) // 2]
        ((customer, credit),) = self._rows("customer_by_number", warehouse, district, self._customer())
        return customer, credit

    def order_status(self):
        warehouse, district, customer = self.warehouse, self._district(), self._customer()
        self.connection.begin()
        self._rows("customer_balance", warehouse, district, customer)
        latest = self._rows("latest_order", warehouse, district, customer)
        if latest:
            self._rows("order_lines", warehouse, district, latest[0][0])
        self.connection.commit()

    def delivery(self):
        for district in range(1, DISTRICTS + 1):
            self._deliver(self.warehouse, district)

    def _deliver(self, warehouse, district):
        self.connection.begin()
        oldest = self._rows("oldest_new_order", warehouse, district)
        if oldest:
            order = oldest[0][0]
            self._do("delete_new_order", warehouse, district, order)
            ((customer,),) = self._rows("customer_of_order", warehouse, district, order)
            self._do("set_carrier", self.chance.randint(1, 10), warehouse, district, order)
            self._do("set_delivered", warehouse, district, order)
            ((total,),) = self._rows("order_total", warehouse, district, order)
            self._do("credit_customer", total, warehouse, district, customer)
        self.connection.commit()

    def stock_level(self):
        warehouse, district = self.warehouse, self._district()
        self.connection.begin()
        ((following,),) = self._rows("next_order_number", warehouse, district)
        self._rows("low_stock", warehouse, district, following, following - 20, warehouse, self.chance.randint(10, 20))
        self.connection.commit()

    def _district(self):
        return self.chance.randint(1, DISTRICTS)

    def _customer(self):
        return self.chance.randint(1, self.size.customers)

    def _order_line(self):
        remote = self.size.warehouses > 1 and self.chance.randint(1, 100) == 1
        supplier = self._other_warehouse() if remote else self.warehouse
        return self.chance.randint(1, self.size.items), supplier, self.chance.randint(1, 10)

    def _other_warehouse(self):
        return self.chance.choice([each for each in range(1, self.size.warehouses + 1) if each != self.warehouse])

    def _rows(self, name, *values):
        with self.connection.cursor() as cursor:
            self._execute(cursor, name, values)
            return cursor.fetchall()

    def _do(self, name, *values):
        with self.connection.cursor() as cursor:
            return self._execute(cursor, name, values)

    def _execute(self, cursor, name, values):
        sql = STATEMENTS[name]
        if name not in self.statements:
            self.statements[name] = cursor.mogrify(sql, values)
        return cursor.execute(sql, values)
