"""What gates that died or hang leave of their transactions over several shards: branches are ended, rows of decisions go, and a gate that comes
back late cannot decide any more."""

import contextlib
import os
import signal

import pymysql
import pytest

from bank import Transfer, balances, decisions, prepared, primaries, running_bank, settled, transfer, two_shards
from cluster import wait_until


@pytest.fixture(scope="module")
def cluster():
    with running_bank(KINTSUGI_TRANSACTION_PATIENCE="2s", KINTSUGI_DECISIONS_KEPT="6s") as started:
        yield started


@pytest.mark.parametrize("point, done", [("commit.before_decision", False), ("commit.after_decision", True), ("commit.between_commits", True)])
def test_decisions_of_a_gate_that_died_are_forgotten(cluster, point, done):
    wait_until(lambda: settled(cluster) and not decisions(cluster), what="a settled cluster")
    first, second = two_shards(cluster)
    before = balances(cluster)
    gate = cluster.process("gate-1")["pid"]
    (cluster.faults / point).touch()
    with contextlib.closing(cluster.connect(database="bank")) as connection:
        with pytest.raises(pymysql.MySQLError):
            transfer(connection, first, second, 7)
    wait_until(lambda: [line.split()[1] for line in decisions(cluster)] == ["commit" if done else "abort"], what="its decision")
    wait_until(lambda: cluster.process("gate-1")["pid"] not in (0, gate), what="another gate")
    wait_until(lambda: settled(cluster), what="nothing being left prepared")
    wait_until(lambda: not decisions(cluster), what="the decision being forgotten")
    amount = 7 if done else 0
    assert balances(cluster) == before | {first: before[first] - amount, second: before[second] + amount}


def floor(cluster):
    return max(cluster.server_query(tablet, "select floor from _kintsugi.decision_floor").strip() for tablet in primaries(cluster))


@pytest.mark.parametrize("point, done, told", [
    ("commit.before_decision", False, "KT4031"),  # rolled back: start it again
    ("commit.deciding", False, "KT4046"),         # its COMMIT may have been done: that is forgotten
    ("commit.after_decision", True, ""),
])
def test_a_gate_that_hangs(cluster, point, done, told):
    """Its transaction is ended without it, what was decided is forgotten, and when it goes on it cannot decide otherwise."""
    wait_until(lambda: settled(cluster) and not decisions(cluster), what="a settled cluster")
    first, second = two_shards(cluster)
    before, floor_before = balances(cluster), floor(cluster)
    gate = cluster.process("gate-1")["pid"]
    mover = Transfer(cluster, first, second, 7)
    mover.start_to_hang_at(point)
    try:
        # Though its connections are open.
        wait_until(lambda: not prepared(cluster), what="nothing being left prepared")
        wait_until(lambda: not decisions(cluster), what="the decision being forgotten")
        assert floor(cluster) > floor_before
        assert os.path.exists(f"/proc/{gate}")
        # An observer that is no gate: each shard by itself.
        sums = [int(cluster.server_query(tablet, "select sum(balance) from bank.account")) for tablet in primaries(cluster)]
        assert sum(sums) == sum(before.values())
    finally:
        os.kill(gate, signal.SIGCONT)
    mover.join(60)
    assert not mover.is_alive()
    assert mover.error[:len(told)] == told
    wait_until(lambda: settled(cluster), what="a settled cluster")
    amount = 7 if done else 0
    assert balances(cluster) == before | {first: before[first] - amount, second: before[second] + amount}
    wait_until(lambda: not decisions(cluster), what="no decision being left")


def test_an_open_transaction_commits_while_there_is_nothing_to_forget(cluster):
    """Longer open than decisions are kept."""
    wait_until(lambda: settled(cluster) and not decisions(cluster), what="a settled cluster")
    first, second = two_shards(cluster)
    before = balances(cluster)
    with contextlib.closing(cluster.connect(database="bank")) as connection, connection.cursor() as cursor:
        cursor.execute("begin")
        cursor.execute("update account set balance = balance - 1 where id = %s", (first,))
        cursor.execute("update account set balance = balance + 1 where id = %s", (second,))
        cursor.execute("select sleep(15)")
        cursor.execute("commit")
    assert balances(cluster) == before | {first: before[first] - 1, second: before[second] + 1}
