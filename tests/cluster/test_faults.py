"""kill -9 of any one process: everything is back without help, and what was written is there."""

import contextlib
import time

import pymysql
import pytest

from cluster import kill, running_cluster, wait_until


@pytest.fixture(scope="module")
def cluster():
    # A killed primary may have a commit of a gate's own (a decision that is forgotten) that nobody acknowledged; see test_mysql.py.
    with running_cluster(expected_errors=["replica.errant", "shard.needs_help"]) as started:
        started.load_commerce()
        yield started


def works(cluster):
    """Reads and writes on every shard, and every tablet serves."""
    mark = time.monotonic_ns() % 1_000_000_000
    with contextlib.closing(cluster.connect(database="customer", connect_timeout=5, read_timeout=20)) as connection, connection.cursor() as cursor:
        cursor.execute("update customer set email = %s where customer_id in (1, 4)", (f"{mark}",))
        cursor.execute("select count(*) from customer where customer_id in (1, 4) and email = %s and customer_id in (1)", (f"{mark}",))
        assert cursor.fetchone() == (1,)
        cursor.execute("select count(*) from customer where customer_id = 4 and email = %s", (f"{mark}",))
        assert cursor.fetchone() == (1,)
    status = cluster.json("cluster", "status")
    assert not status.get("problems"), status.get("problems")
    return True


def names(cluster):
    return sorted(cluster.processes())


def test_every_process_of_ours(cluster):
    for name in names(cluster):
        before = cluster.process(name)["pid"]
        kill(before)
        wait_until(lambda: cluster.process(name)["pid"] not in (0, before), what=f"{name} being started again")
        wait_until(lambda: works(cluster), seconds=90, what=f"the cluster working after kill -9 of {name}")


def test_every_mysqld(cluster):
    for tablet in cluster.tablets():
        before = cluster.mysqld_pid(tablet["alias"])
        kill(before)
        wait_until(
            lambda: cluster.mysqld_pid(tablet["alias"]) not in (0, before), what=f"the server of {tablet['alias']} being started again",
        )
        wait_until(lambda: works(cluster), seconds=90, what=f"the cluster working after kill -9 of {tablet['alias']}'s mysqld")


def test_an_agent_killed_does_not_take_its_server_down(cluster):
    tablet = cluster.tablets("customer", "-80", "primary")[0]
    name = next(each for each in names(cluster) if tablet["alias"] in each)
    before = cluster.mysqld_pid(tablet["alias"])
    kill(cluster.process(name)["pid"])
    wait_until(lambda: works(cluster), seconds=60, what="the cluster working")
    assert cluster.mysqld_pid(tablet["alias"]) == before


def test_the_supervisor(cluster):
    supervisor = cluster.status()["supervisor"]["pid"]
    running = {name: each["pid"] for name, each in cluster.processes().items()}
    kill(supervisor)
    wait_until(lambda: cluster.status()["supervisor"]["pid"] not in (0, supervisor), what="a new supervisor")
    assert {name: each["pid"] for name, each in cluster.processes().items()} == running, "processes were disturbed"
    assert works(cluster)


def test_etcd_away_queries_go_on(cluster):
    """etcd is never on a query's path, and a primary goes on for longer than its lease: its replica's word is enough."""
    import os
    import signal

    pid = cluster.process("etcd")["pid"]
    os.kill(pid, signal.SIGSTOP)
    try:
        longer_than_any_lease = 12
        limit = time.monotonic() + longer_than_any_lease
        with contextlib.closing(cluster.connect(database="customer", read_timeout=10)) as connection, connection.cursor() as cursor:
            while time.monotonic() < limit:
                cursor.execute("select email from customer where customer_id = 4")
                assert cursor.fetchone()
                cursor.execute("update customer set email = %s where customer_id = 1", (f"{time.monotonic_ns()}",))
        done = cluster.cli("topo", "get", "global/cells/zone1/CellInfo", check=False)
        assert done.returncode == 1 and "KT20" in done.stderr, done.stderr
    finally:
        os.kill(pid, signal.SIGCONT)
    wait_until(lambda: works(cluster), what="the cluster working")


def test_a_second_start_keeps_the_data(cluster):
    cluster.down()
    begin = time.monotonic()
    cluster.up()
    assert cluster.query("select count(*) from customer where customer_id = 5", database="customer") == ((1,),)
    print(f"local up on prepared data directories: {time.monotonic() - begin:.1f} s to the first query")
    wait_until(lambda: works(cluster), what="the cluster working")
