"""A transaction whose connections are cut is told to be lost, whenever that happens: what commits is whole, what fails has left nothing."""

import contextlib
import random
import threading

import pymysql
import pytest

from cluster import PASSWORD, commerce_spec, running_cluster

ROUNDS = 400
ROWS = 8
# 1317: the statement was hit while it ran. 2013: it was sent three times, each time to a connection that had been cut.
LOST = {1213, 1317, 2013}


@pytest.fixture(scope="module")
def cluster():
    with running_cluster(commerce_spec()) as started:
        yield started


def connect(cluster):
    return cluster.connect(user="user", password=PASSWORD, database="customer")


class Cutter:
    """Cuts, again and again, connections that have been used a moment ago."""

    USED = "select id from information_schema.processlist where db = 'customer' and id <> connection_id() and time_ms < 20"

    def __init__(self, cluster):
        primaries = [tablet for tablet in cluster.tablets("customer") if tablet["type"].lower().endswith("primary")] or cluster.tablets("customer")
        self.servers = [
            pymysql.connect(unix_socket=tablet["address"]["mysqlSocket"], user="root", autocommit=True) for tablet in primaries
        ]
        self.ended = threading.Event()
        self.cut = 0
        self.thread = threading.Thread(target=self.run)

    def run(self):
        source = random.Random(1)
        while not self.ended.wait(source.uniform(0, 0.1)):
            for server in source.sample(self.servers, 1):
                with server.cursor() as cursor:
                    cursor.execute(self.USED)
                    for (connection,) in cursor.fetchall():
                        with contextlib.suppress(pymysql.MySQLError):  # it has ended by itself
                            cursor.execute(f"kill {connection}")
                            self.cut += 1

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.thread.join()
        for server in self.servers:
            server.close()


def transaction(connection, number):
    """How it ended: committed, failed (nothing may be there), or unknown (COMMIT itself failed)."""
    values = ", ".join(f"({number * ROWS + each}, {number})" for each in range(ROWS))
    committing = False
    try:
        with connection.cursor() as cursor:
            cursor.execute("begin")
            cursor.execute(f"insert into held values {values}")
            for each in range(ROWS):
                cursor.execute(f"select note / 0 from held where id = {number * ROWS + each}")  # with a warning that is asked for
                cursor.execute(f"update held set note = note / 1 where id = {number * ROWS + each}")
            committing = True
            cursor.execute("commit")
        return "committed"
    except pymysql.MySQLError as error:
        if not committing:
            assert error.args[0] in LOST, error
        with connection.cursor() as cursor:
            cursor.execute("rollback")
        return "unknown" if committing else "failed"


def test_nothing_is_lost_without_a_word(cluster):
    with contextlib.closing(connect(cluster)) as connection:
        with connection.cursor() as cursor:
            cursor.execute("create table held (id int primary key, note int) shard by hash(id)")
        with Cutter(cluster) as cutter:
            ends = [transaction(connection, number) for number in range(ROUNDS)]
        assert cutter.cut > 20 and "failed" in ends, (cutter.cut, set(ends))
        with connection.cursor() as cursor:
            cursor.execute("select note, count(*) from held group by note")
            found = dict(cursor.fetchall())
    wrong = {number: (end, found.get(number, 0)) for number, end in enumerate(ends)
             if found.get(number, 0) != {"committed": ROWS, "failed": 0}.get(end, found.get(number, 0))}
    assert not wrong, wrong
