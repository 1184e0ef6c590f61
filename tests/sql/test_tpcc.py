"""TPC-C on two and four shards: consistent after a run of several clients, no statement of it gathers."""

import contextlib
import json
import sys
import threading
from collections import Counter
from pathlib import Path

import pymysql
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "cluster"))

from cluster import PASSWORD, running_cluster  # noqa: E402
from keyspaces import spec  # noqa: E402
from tpcc.consistency import CONDITIONS  # noqa: E402
from tpcc.load import load  # noqa: E402
from tpcc.transactions import MIX, Size, Terminal  # noqa: E402

SIZE = Size(warehouses=4, items=200, customers=30)
TRANSACTIONS = 60  # of each terminal
AGAIN = (1205, 1213)  # lock wait timeout, deadlock: the client's to try again


@pytest.fixture(scope="module")
def cluster():
    with running_cluster(spec(["two", "four"])) as started:
        yield started


@pytest.fixture(scope="module", params=["two", "four"])
def keyspace(cluster, request):
    with contextlib.closing(connect(cluster, request.param)) as connection:
        load(connection, SIZE)
    return request.param


def connect(cluster, keyspace):
    return cluster.connect(user="user", password=PASSWORD, database=keyspace, charset="utf8mb4", client_flag=0)


def broken(cluster, keyspace):
    """The conditions that do not hold, with some of the rows that say so."""
    found = {}
    with contextlib.closing(connect(cluster, keyspace)) as connection, connection.cursor() as cursor:
        for name, query in CONDITIONS.items():
            cursor.execute(query)
            if rows := cursor.fetchall():
                found[name] = rows[:3]
    return found


def run_terminals(cluster, keyspace):
    """Two at each warehouse, at the same time. How many of each transaction were done, and an example of each statement."""
    done, statements, failures = Counter(), {}, []
    lock = threading.Lock()

    def work(warehouse, number):
        try:
            with contextlib.closing(connect(cluster, keyspace)) as connection:
                terminal = Terminal(connection, SIZE, warehouse, seed=f"{warehouse}/{number}")
                names = [name for _ in range(TRANSACTIONS) if (name := attempt(terminal))]
                with lock:
                    done.update(names)
                    statements.update(terminal.statements)
        except Exception as error:  # a thread's is seen by nobody else
            failures.append(error)

    threads = [threading.Thread(target=work, args=(warehouse, number)) for warehouse in range(1, SIZE.warehouses + 1) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures, failures
    return done, statements


def attempt(terminal):
    try:
        return terminal.run()
    except pymysql.MySQLError as error:
        if error.args[0] not in AGAIN:
            raise
        return None


def test_consistent_after_a_run(cluster, keyspace):
    assert broken(cluster, keyspace) == {}, "before the run"
    done, statements = run_terminals(cluster, keyspace)
    assert set(done) == {name for name, _ in MIX}
    assert done.total() > SIZE.warehouses * 2 * TRANSACTIONS * 0.8, done
    assert broken(cluster, keyspace) == {}
    assert set(tiers(cluster, keyspace, statements.values())) == {"route", "insert"}


def tiers(cluster, keyspace, statements):
    """By tier, a statement that takes it; each goes to one shard."""
    found = {}
    with contextlib.closing(connect(cluster, keyspace)) as connection, connection.cursor() as cursor:
        for statement in statements:
            cursor.execute("explain format=kintsugi_json " + statement)
            plan = json.loads(cursor.fetchone()[0])
            assert [len(text["shards"]) for text in plan["texts"]] == [1], (statement, plan)
            found[plan["tier"]] = statement
    return found


def test_conditions_see_what_is_broken(cluster, keyspace):
    """Each condition can fail: one wrong row of each table is told of."""
    damage = {
        "1": "update warehouse set w_ytd = w_ytd + 1 where w_id = 1",
        "2": "update district set d_next_o_id = 1 where d_w_id = 2 and d_id = 1",
        "4": "update orders set o_ol_cnt = o_ol_cnt + 1 where o_w_id = 3 and o_d_id = 1 and o_id = 1",
        "5": "update orders set o_carrier_id = null where o_w_id = 3 and o_d_id = 2 and o_id = 1",
        "9": "update district set d_ytd = d_ytd + 1 where d_w_id = 4 and d_id = 1",
        "10": "update customer set c_balance = c_balance + 1 where c_w_id = 4 and c_d_id = 1 and c_id = 1",
        "stock": "update stock set s_ytd = s_ytd + 1 where s_w_id = 4 and s_i_id = 1",
    }
    with contextlib.closing(connect(cluster, keyspace)) as connection, connection.cursor() as cursor:
        for statement in damage.values():
            assert cursor.execute(statement) == 1
    told = {name.split(":")[0].split(" ")[0] for name in broken(cluster, keyspace)}
    assert told >= set(damage)
