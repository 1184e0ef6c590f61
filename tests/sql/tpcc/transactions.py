"""TPC-C's five transactions, as a client's driver sends them (specification 5.11, chapter 2)."""

import random
from dataclasses import dataclass

DISTRICTS = 10
SYLLABLES = ("BAR", "OUGHT", "ABLE", "PRI", "PRES", "ESE", "ANTI", "CALLY", "ATION", "EING")
# How often each comes, of 100.
MIX = (("new_order", 45), ("payment", 43), ("order_status", 4), ("delivery", 4), ("stock_level", 4))


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
        self.statements = {}  # by shape → an example, with its values

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
        self._rows("select w_tax from warehouse where w_id = %s", warehouse)
        self._rows("select c_discount, c_last, c_credit from customer where c_w_id = %s and c_d_id = %s and c_id = %s", warehouse, district, customer)
        ((order,),) = self._rows("select d_next_o_id from district where d_w_id = %s and d_id = %s for update", warehouse, district)
        self._do("update district set d_next_o_id = d_next_o_id + 1 where d_w_id = %s and d_id = %s", warehouse, district)
        local = int(all(supplier == warehouse for _, supplier, _ in lines))
        self._do("insert into orders (o_w_id, o_d_id, o_id, o_c_id, o_entry_d, o_carrier_id, o_ol_cnt, o_all_local) "
                 "values (%s, %s, %s, %s, now(), null, %s, %s)", warehouse, district, order, customer, len(lines), local)
        self._do("insert into new_order (no_w_id, no_d_id, no_o_id) values (%s, %s, %s)", warehouse, district, order)
        for number, (item, supplier, quantity) in enumerate(lines, 1):
            found = self._rows("select i_price, i_name, i_data from item where i_id = %s", item)
            if not found:
                raise WrongItem
            self._take_from_stock(item, supplier, quantity)
            self._do("insert into order_line (ol_w_id, ol_d_id, ol_o_id, ol_number, ol_i_id, ol_supply_w_id, ol_quantity, ol_amount, ol_dist_info) "
                     "values (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
                     warehouse, district, order, number, item, supplier, quantity, found[0][0] * quantity, "x" * 24)
        self.connection.commit()

    def _take_from_stock(self, item, supplier, quantity):
        ((left,),) = self._rows("select s_quantity from stock where s_w_id = %s and s_i_id = %s for update", supplier, item)
        left -= quantity
        if left < 10:
            left += 91
        self._do("update stock set s_quantity = %s, s_ytd = s_ytd + %s, s_order_cnt = s_order_cnt + 1, s_remote_cnt = s_remote_cnt + %s "
                 "where s_w_id = %s and s_i_id = %s", left, quantity, int(supplier != self.warehouse), supplier, item)

    def payment(self):
        warehouse, district, amount = self.warehouse, self._district(), self.chance.randint(100, 500000)
        remote = self.size.warehouses > 1 and self.chance.randint(1, 100) <= 15
        at = (self._other_warehouse(), self._district()) if remote else (warehouse, district)
        paid = f"{amount // 100}.{amount % 100:02}"
        self.connection.begin()
        self._do("update warehouse set w_ytd = w_ytd + %s where w_id = %s", paid, warehouse)
        self._do("update district set d_ytd = d_ytd + %s where d_w_id = %s and d_id = %s", paid, warehouse, district)
        customer, credit = self._find_customer(*at)
        data = f"{customer} {at[1]} {at[0]} {district} {warehouse} {paid}|" if credit == "BC" else ""
        self._do("update customer set c_balance = c_balance - %s, c_ytd_payment = c_ytd_payment + %s, c_payment_cnt = c_payment_cnt + 1, "
                 "c_data = left(concat(%s, c_data), 500) where c_w_id = %s and c_d_id = %s and c_id = %s", paid, paid, data, *at, customer)
        self._do("insert into history (h_c_id, h_c_d_id, h_c_w_id, h_d_id, h_w_id, h_date, h_amount, h_data) "
                 "values (%s, %s, %s, %s, %s, now(), %s, %s)", customer, at[1], at[0], district, warehouse, paid, "payment")
        self.connection.commit()

    def _find_customer(self, warehouse, district):
        """By last name (the middle one of several) or by number; locked. Key and credit."""
        if self.chance.randint(1, 100) <= 60:
            name = last_name(self.chance.randrange(min(1000, self.size.customers)))
            found = self._rows("select c_id, c_credit from customer where c_w_id = %s and c_d_id = %s and c_last = %s order by c_first for update",
                               warehouse, district, name)
            if found:
                return found[(len(found) - 1) // 2]
        ((customer, credit),) = self._rows("select c_id, c_credit from customer where c_w_id = %s and c_d_id = %s and c_id = %s for update",
                                           warehouse, district, self._customer())
        return customer, credit

    def order_status(self):
        warehouse, district, customer = self.warehouse, self._district(), self._customer()
        self.connection.begin()
        self._rows("select c_balance, c_first, c_middle, c_last from customer where c_w_id = %s and c_d_id = %s and c_id = %s", warehouse, district, customer)
        latest = self._rows("select o_id, o_entry_d, o_carrier_id from orders where o_w_id = %s and o_d_id = %s and o_c_id = %s order by o_id desc limit 1",
                            warehouse, district, customer)
        if latest:
            self._rows("select ol_i_id, ol_supply_w_id, ol_quantity, ol_amount, ol_delivery_d from order_line "
                       "where ol_w_id = %s and ol_d_id = %s and ol_o_id = %s", warehouse, district, latest[0][0])
        self.connection.commit()

    def delivery(self):
        for district in range(1, DISTRICTS + 1):
            self._deliver(self.warehouse, district)

    def _deliver(self, warehouse, district):
        self.connection.begin()
        oldest = self._rows("select no_o_id from new_order where no_w_id = %s and no_d_id = %s order by no_o_id limit 1 for update", warehouse, district)
        if oldest:
            order = oldest[0][0]
            self._do("delete from new_order where no_w_id = %s and no_d_id = %s and no_o_id = %s", warehouse, district, order)
            ((customer,),) = self._rows("select o_c_id from orders where o_w_id = %s and o_d_id = %s and o_id = %s", warehouse, district, order)
            self._do("update orders set o_carrier_id = %s where o_w_id = %s and o_d_id = %s and o_id = %s", self.chance.randint(1, 10), warehouse, district, order)
            self._do("update order_line set ol_delivery_d = now() where ol_w_id = %s and ol_d_id = %s and ol_o_id = %s", warehouse, district, order)
            ((total,),) = self._rows("select sum(ol_amount) from order_line where ol_w_id = %s and ol_d_id = %s and ol_o_id = %s", warehouse, district, order)
            self._do("update customer set c_balance = c_balance + %s, c_delivery_cnt = c_delivery_cnt + 1 where c_w_id = %s and c_d_id = %s and c_id = %s",
                     total, warehouse, district, customer)
        self.connection.commit()

    def stock_level(self):
        warehouse, district = self.warehouse, self._district()
        self.connection.begin()
        ((following,),) = self._rows("select d_next_o_id from district where d_w_id = %s and d_id = %s", warehouse, district)
        self._rows("select count(distinct s_i_id) from order_line, stock where ol_w_id = %s and ol_d_id = %s and ol_o_id < %s and ol_o_id >= %s "
                   "and s_w_id = %s and s_i_id = ol_i_id and s_quantity < %s",
                   warehouse, district, following, following - 20, warehouse, self.chance.randint(10, 20))
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

    def _rows(self, sql, *values):
        with self.connection.cursor() as cursor:
            self._note(sql, values, cursor)
            cursor.execute(sql, values)
            return cursor.fetchall()

    def _do(self, sql, *values):
        with self.connection.cursor() as cursor:
            self._note(sql, values, cursor)
            return cursor.execute(sql, values)

    def _note(self, sql, values, cursor):
        if sql not in self.statements:
            self.statements[sql] = cursor.mogrify(sql, values)
