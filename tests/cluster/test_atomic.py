"""Transactions over several shards are done whole or not at all, whatever dies in the middle of them."""

import contextlib
import os
import random
import signal
import threading

import pymysql
import pytest

from bank import ACCOUNTS, BALANCE, SHARDS, Transfer, balances, decisions, prepared, primaries, running_bank, settled, transfer, two_shards
from cluster import kill, wait_until

POINTS = (
    "commit.before_prepare", "commit.between_prepares", "commit.before_decision", "commit.deciding", "commit.after_decision",
    "commit.between_commits",
)


# MariaDB does not cut the XA branches off that nobody has acknowledged: a primary that died may have some, and is kept out. Its data is
# made anew from another, which may be the next to die.
DIED = ("replica.errant", "reclone.failed")


@pytest.fixture(scope="module")
def cluster():
    with running_bank() as started:
        yield started


@pytest.mark.parametrize("point", POINTS)
def test_a_gate_that_dies(cluster, point):
    wait_until(lambda: settled(cluster), what="a settled cluster")
    first, second = two_shards(cluster)
    before = balances(cluster)
    gate = cluster.process("gate-1")["pid"]
    (cluster.faults / point).touch()
    with contextlib.closing(cluster.connect(database="bank")) as connection:
        with pytest.raises(pymysql.MySQLError):
            transfer(connection, first, second, 7)
    assert not (cluster.faults / point).exists(), "the fault was not reached"
    wait_until(lambda: cluster.process("gate-1")["pid"] not in (0, gate), what="another gate")
    wait_until(lambda: settled(cluster), what="nothing being left prepared")
    after = balances(cluster)
    done = point in ("commit.after_decision", "commit.between_commits")
    assert after[first] == before[first] - (7 if done else 0), point
    assert after[second] == before[second] + (7 if done else 0), point
    # What was left behind holds no locks.
    with contextlib.closing(cluster.connect(database="bank")) as connection:
        transfer(connection, first, second, 1)


@pytest.mark.parametrize("server_of", [0, 1])
@pytest.mark.parametrize("point", POINTS)
def test_servers_and_agents_that_die(cluster, point, server_of):
    """At each step one shard's primary loses its server, the other's its agent; then the gate goes on. All is done or nothing, as its client is told."""
    cluster.expected_errors.update(DIED)
    # Two replicas each: with one, whose data is just made anew, the next primary would have nobody to acknowledge its commits.
    wait_until(lambda: all_serve(cluster) and settled(cluster), seconds=120, what="a settled cluster")
    first, second = two_shards(cluster)
    before = balances(cluster)
    gate = cluster.process("gate-1")["pid"]
    by_shard = {tablet["shard"]: tablet["alias"] for tablet in primaries(cluster)}
    server, agent = by_shard[SHARDS[server_of]], by_shard[SHARDS[1 - server_of]]
    mover = Transfer(cluster, first, second, 7)
    mover.start_to_hang_at(point)
    try:
        kill(cluster.mysqld_pid(server))
        kill(cluster.process(f"tablet-{agent}")["pid"])
    finally:
        os.kill(gate, signal.SIGCONT)
    mover.join(60)
    assert not mover.is_alive(), "its client was told nothing"
    wait_until(lambda: all_serve(cluster) and not prepared(cluster), seconds=120, what="every shard serving, and nothing being left prepared")
    after = balances(cluster)
    moved = after[second] - before[second]
    assert after == before | {first: before[first] - moved, second: before[second] + moved} and moved in (0, 7), mover.error
    if not mover.error.startswith("KT4046"):  # that nobody knows the outcome
        assert moved == (0 if mover.error else 7), mover.error
    with contextlib.closing(cluster.connect(database="bank")) as connection:
        transfer(connection, first, second, 1)


def test_nothing_is_left_of_a_transaction_that_is_done(cluster):
    wait_until(lambda: settled(cluster), what="a settled cluster")
    first, second = two_shards(cluster)
    with contextlib.closing(cluster.connect(database="bank")) as connection:
        transfer(connection, first, second, 1)
        before = len(decisions(cluster))  # what gates that died have left is there too
        for _ in range(20):
            transfer(connection, first, second, 1)
        wait_until(lambda: len(decisions(cluster)) <= before, what="decisions being forgotten")
    assert not prepared(cluster)


def test_what_commits_by_itself_commits_on_all_shards(cluster):
    first, second = two_shards(cluster)
    before = balances(cluster)
    for statement in ("analyze table account", "create table other (id bigint primary key) shard by hash(id)", "drop table other"):
        with contextlib.closing(cluster.connect(database="bank")) as connection, connection.cursor() as cursor:
            cursor.execute("begin")
            cursor.execute("update account set balance = balance - 1 where id = %s", (first,))
            cursor.execute("update account set balance = balance + 1 where id = %s", (second,))
            cursor.execute(statement)
            connection.rollback()
    after = balances(cluster)
    assert (after[first], after[second]) == (before[first] - 3, before[second] + 3)


def test_modes_of_a_transaction(cluster):
    """Isolation levels, savepoints, read-only transactions, snapshots and rollback, on a shard that joins later."""
    first, second = two_shards(cluster)
    before = balances(cluster)
    with contextlib.closing(cluster.connect(database="bank")) as connection, connection.cursor() as cursor:
        def read(number):
            cursor.execute("select balance from account where id = %s", (number,))
            return cursor.fetchone()[0]

        cursor.execute("start transaction read only")
        assert (read(first), read(second)) == (before[first], before[second])
        with pytest.raises(pymysql.MySQLError) as refused:
            cursor.execute("update account set balance = 0 where id = %s", (second,))
        assert refused.value.args[0] == 1792
        cursor.execute("rollback")
        cursor.execute("begin")
        cursor.execute("update account set balance = balance - 5 where id = %s", (first,))
        cursor.execute("savepoint here")
        cursor.execute("update account set balance = balance + 5 where id = %s", (second,))
        cursor.execute("rollback to savepoint here")
        assert (read(first), read(second)) == (before[first] - 5, before[second])
        cursor.execute("rollback")
        assert (read(first), read(second)) == (before[first], before[second])
        # A snapshot is of when it was asked for, on each shard that is read in it.
        cursor.execute("start transaction with consistent snapshot")
        assert read(first) == before[first]
        read(second)
        with contextlib.closing(cluster.connect(database="bank")) as other:
            transfer(other, first, second, 3)
        assert (read(first), read(second)) == (before[first], before[second])
        cursor.execute("commit")
        assert (read(first), read(second)) == (before[first] - 3, before[second] + 3)
        # Serializable: what is read is locked, on both shards.
        cursor.execute("set transaction isolation level serializable")
        cursor.execute("begin")
        total = read(first) + read(second)
        with contextlib.closing(cluster.connect(database="bank")) as other, other.cursor() as blocked:
            blocked.execute("set innodb_lock_wait_timeout = 1")
            for number in (first, second):
                with pytest.raises(pymysql.MySQLError) as waits:
                    blocked.execute("update account set balance = balance + 1 where id = %s", (number,))
                assert waits.value.args[0] == 1205
        assert read(first) + read(second) == total
        cursor.execute("commit")


class Mover(threading.Thread):
    """Moves random amounts between random accounts."""

    def __init__(self, cluster, seed):
        super().__init__(daemon=True)
        self.cluster, self.random = cluster, random.Random(seed)
        self.ended = threading.Event()
        self.done, self.errors = 0, []

    def run(self):
        connection = None
        while not self.ended.is_set():
            source, target = self.random.sample(range(ACCOUNTS), 2)
            try:
                connection = connection or self.cluster.connect(database="bank", connect_timeout=5, read_timeout=60)
                transfer(connection, source, target, self.random.randrange(100))
                self.done += 1
            except (pymysql.MySQLError, OSError) as error:
                self.errors.append(error.args)
                with contextlib.suppress(Exception):
                    connection.close()
                connection = None
        if connection:
            with contextlib.suppress(Exception):
                connection.close()


def all_serve(cluster):
    """Every shard has a primary that takes writes, and a replica that acknowledges them."""
    for tablet in primaries(cluster):
        health = cluster.json("tablet", "show", tablet["alias"])["status"]["health"]
        assert health["serving"] and health["semiSync"]["acknowledgingReplicas"] > 0, health
    assert len(primaries(cluster)) == len(SHARDS)
    return True


def test_servers_die_under_transfers(cluster):
    """The total stays, whichever primary dies when."""
    cluster.expected_errors.update(DIED)
    movers = [Mover(cluster, seed) for seed in range(6)]
    for mover in movers:
        mover.start()
    source = random.Random(4)
    try:
        for _ in range(4):
            done = sum(mover.done for mover in movers)
            wait_until(lambda: sum(mover.done for mover in movers) > done + 50, seconds=90, what="transfers going on")
            # One that has just been killed may still be called the primary.
            kill(wait_until(lambda: cluster.mysqld_pid(source.choice(primaries(cluster))["alias"]), what="a primary that runs"))
            wait_until(lambda: all_serve(cluster), seconds=120, what="every shard serving")
    finally:
        for mover in movers:
            mover.ended.set()
        for mover in movers:
            mover.join()
    wait_until(lambda: not prepared(cluster), seconds=90, what="nothing being left prepared")
    assert sum(balances(cluster).values()) == ACCOUNTS * BALANCE
