"""Clients, each a thread with a connection of its own through one of the gates, and the history of what they were told."""

import contextlib
import itertools
import random
import re
import threading
import time

import pymysql

from history import FAILED, OK, UNKNOWN, Operation

TABLES = (
    # The moment is part of the key, so that a statement that is done twice leaves two rows.
    "create table entry (id bigint not null, at timestamp(6) not null default current_timestamp(6), primary key (id, at)) shard by hash(id)",
    "create table account (id bigint primary key, balance bigint not null) shard by hash(id)",
    "create table list (id bigint primary key, elements text not null) shard by hash(id)",
    "create table register (id bigint primary key, value bigint not null) shard by hash(id)",
)
ACCOUNTS, BALANCE = 24, 1000
LISTS_IN_USE, TRANSACTIONS_PER_LIST = 6, 24
REGISTERS_IN_USE, OPERATIONS_PER_REGISTER = 4, 30

# Errors that say that nothing was done and nothing will be: deadlock or lost before the decision, waited too long for a lock, read only.
REFUSED = {1213, 1205, 1290, 1792}
# The statement was not sent to any server.
REFUSED_KT = re.compile(r"^KT(4001|4022|4024|4025):")
# There was no connection: nothing was sent.
NOT_CONNECTED = {2003}


def prepare(cluster):
    for statement in TABLES:
        cluster.query(statement)
    cluster.query("insert into account values " + ", ".join(f"({number}, {BALANCE})" for number in range(ACCOUNTS)))


def is_refused(error):
    number = error.args[0] if error.args else 0
    text = str(error.args[1]) if len(error.args) > 1 else ""
    return number in REFUSED or number in NOT_CONNECTED or bool(REFUSED_KT.match(text))


class Shared:
    """What clients of one run have in common: ids that are given once."""

    def __init__(self):
        self.ids, self.elements = itertools.count(1), itertools.count(1)
        self.transactions, self.operations = itertools.count(), itertools.count()


class Client(threading.Thread):
    """Does one operation after the other until it is told to end. A subclass says what they are."""

    def __init__(self, cluster, history, shared, name, gate, seed):
        super().__init__(daemon=True, name=name)
        self.cluster, self.history, self.shared, self.gate = cluster, history, shared, gate
        self.random = random.Random(seed)
        self.ended = threading.Event()
        self.connection = None
        self.error = None

    def run(self):
        try:
            while not self.ended.is_set():
                self.step()
        except Exception as error:  # noqa: BLE001
            self.error = error
        finally:
            self.disconnect()

    def step(self):
        if self.connection is None and not self.connect():
            return
        operation = Operation(self.name, *self.next_operation(), time.monotonic_ns())
        try:
            self.do(operation)
            operation.outcome = OK
        except (pymysql.MySQLError, OSError) as error:
            operation.outcome, operation.error = self.outcome_of(error), f"{type(error).__name__}{error.args}"
            self.disconnect()
        operation.end = time.monotonic_ns()
        self.history.add(operation)

    def connect(self):
        try:
            self.connection = self.cluster.connect(self.gate)
            self.sql("set session innodb_lock_wait_timeout = 2")
            self.begin_session()
        except (pymysql.MySQLError, OSError):
            self.disconnect()
            self.ended.wait(0.2)
            return False
        return True

    def disconnect(self):
        with contextlib.suppress(Exception):
            self.connection.close()
        self.connection = None

    def sql(self, statement, *arguments):
        """(rows, how many were changed)"""
        with self.connection.cursor() as cursor:
            changed = cursor.execute(statement, arguments)
            return cursor.fetchall(), changed

    def begin_session(self):
        pass

    def outcome_of(self, error):
        """Of a statement that is a transaction by itself."""
        return FAILED if is_refused(error) else UNKNOWN


class TransactionClient(Client):
    """Its operations are transactions: until COMMIT is sent, nothing can come of them."""

    committing = False

    def begin_session(self):
        self.sql("set session transaction isolation level serializable")

    def transaction(self, body):
        self.committing = False
        self.sql("begin")
        body()
        self.committing = True
        self.sql("commit")

    def outcome_of(self, error):
        return super().outcome_of(error) if self.committing else FAILED


class Inserter(Client):
    def next_operation(self):
        return "insert", next(self.shared.ids)

    def do(self, operation):
        self.sql("insert into entry (id) values (%s)", operation.value)


class Mover(TransactionClient):
    def next_operation(self):
        source, target = self.random.sample(range(ACCOUNTS), 2)
        return "transfer", [source, target, self.random.randrange(1, 100)]

    def begin_session(self):
        # What is only added to and taken from needs no more than the default level.
        if self.random.random() < 0.5:
            super().begin_session()

    def do(self, operation):
        source, target, amount = operation.value

        def move():
            self.sql("update account set balance = balance - %s where id = %s", amount, source)
            self.sql("update account set balance = balance + %s where id = %s", amount, target)

        self.transaction(move)


class Auditor(TransactionClient):
    def next_operation(self):
        return "total", {}

    def do(self, operation):
        def read():
            rows, _ = self.sql("select id, balance from account")
            operation.value = {str(id): int(balance) for id, balance in rows}

        self.transaction(read)
        self.ended.wait(0.2)  # what it reads is locked: others want to write


class Lister(TransactionClient):
    def next_operation(self):
        first = next(self.shared.transactions) // TRANSACTIONS_PER_LIST
        plan = []
        for _ in range(self.random.randint(1, 4)):
            key = first + self.random.randrange(LISTS_IN_USE)
            plan.append(["append", key, next(self.shared.elements)] if self.random.random() < 0.5 else ["read", key, None])
        return "list", plan

    def do(self, operation):
        self.transaction(lambda: [self.one(each) for each in operation.value])

    def one(self, step):
        kind, key, element = step
        if kind == "append":
            self.sql("insert into list values (%s, %s) on duplicate key update elements = concat(elements, ',', values(elements))", key, str(element))
        else:
            rows, _ = self.sql("select elements from list where id = %s", key)
            step[2] = elements_of(rows)


def elements_of(rows):
    return [int(element) for element in rows[0][0].split(",")] if rows else []


class Registrar(Client):
    """Reads, writes, and writes where it finds what it expects: the value that it saw last."""

    seen = (None, None)

    def next_operation(self):
        at = next(self.shared.operations)
        key = at // OPERATIONS_PER_REGISTER + self.random.randrange(REGISTERS_IN_USE)
        kind = self.random.choice(("read", "read", "write", "cas"))
        if kind == "cas" and self.seen[0] == key and self.seen[1] is not None:
            return "register", [key, "cas", self.seen[1], at, None]
        return "register", [key, "write", at] if kind == "write" else [key, "read", None]

    def do(self, operation):
        key, kind, *arguments = operation.value
        if kind == "read":
            rows, _ = self.sql("select value from register where id = %s", key)
            operation.value[2] = int(rows[0][0]) if rows else None
            self.seen = (key, operation.value[2])
        elif kind == "write":
            self.sql("insert into register values (%s, %s) on duplicate key update value = values(value)", key, arguments[0])
        else:
            _, changed = self.sql("update register set value = %s where id = %s and value = %s", arguments[1], key, arguments[0])
            operation.value[4] = changed == 1


KINDS = (Inserter, Lister, Mover, Registrar, Lister, Auditor, Inserter, Registrar, Lister, Mover, Registrar)


def make_clients(cluster, history, seed):
    shared = Shared()
    return [kind(cluster, history, shared, f"{kind.__name__.lower()}-{number}", cluster.gates[number % len(cluster.gates)], seed * 1000 + number)
            for number, kind in enumerate(KINDS)]
