"""Unique keys of tables that exist, which come to hold over all shards while others write, through this gate and another."""

import contextlib
import itertools
import random
import threading
import time

import pymysql
import pytest

from cluster import PASSWORD, commerce_spec, running_cluster, wait_until

ROWS = 5000
EXPECTED = {1062, 1205, 1213, 1020}
DUPLICATE = 1062


def spec():
    made = commerce_spec()
    made["metadata"]["name"] = "global"
    made["spec"]["gates"] = [dict(made["spec"]["gates"][0]) for _ in range(2)]
    made["spec"]["keyspaces"] = [
        {"name": "four", "shards": 4, "vschema": {"inline": {"sharded": True}}, "tablets": [{"cell": "zone1", "type": "replica", "count": 1}]}]
    return made


@pytest.fixture(scope="module")
def cluster():
    with running_cluster(spec()) as started:
        yield started


def connect(cluster, gate="gate-1", database="four"):
    return contextlib.closing(cluster.connect(user="user", password=PASSWORD, database=database, port=cluster.port(gate, "mysql")))


@pytest.fixture
def gate(cluster):
    with connect(cluster) as connection:
        ask(connection, "create table account (id bigint primary key, name varchar(30), n int, a int, b int,"
                        " unique key name (name), unique key pair (a, b)) shard by hash(id)")
        yield connection
        ask(connection, "drop table account")


def ask(connection, sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def refuses(connection, sql, code):
    with pytest.raises(pymysql.MySQLError) as caught:
        ask(connection, sql)
    assert caught.value.args[0] == code, caught.value
    return caught.value.args[1]


def fill(gate, rows=ROWS):
    for begin in range(0, rows, 500):
        ask(gate, "insert into account (id, name, n, a, b) values " +
            ", ".join(f"({i}, 'n{i}', {i}, {i // 10}, {i % 10})" for i in range(begin, begin + 500)))


def entries(gate, key="name"):
    return ask(gate, f"select count(*) from _kintsugi_unique_account_{key}")[0][0]


def tables_on_shards(cluster):
    return {table for tablet in cluster.tablets("four") for table in cluster.server_query(tablet, "show tables from four").split()}


def vindexes(cluster):
    with connect(cluster) as gate:
        return {str(value) for row in ask(gate, "show vschema vindexes") for value in row if "account." in str(value)}


def test_a_key_comes_to_hold_over_all_shards(cluster, gate):
    fill(gate)
    ask(gate, "insert into account (id, name) values (-1, null), (-2, null)")
    ask(gate, "alter table account add global unique (name, pair)")
    assert entries(gate) == ROWS
    assert entries(gate, "pair") == ROWS
    assert "N7" in refuses(gate, "insert into account (id, name) values (100001, 'N7')", DUPLICATE)
    refuses(gate, "update account set name = 'n8' where id = 9", DUPLICATE)
    refuses(gate, "insert into account (id, a, b) values (100001, 3, 4)", DUPLICATE)
    assert ask(gate, "select id from account where name = 'n4321'") == ((4321,),)
    plan = "\n".join(str(row) for row in ask(gate, "explain format=kintsugi select id from account where name = 'n4321'"))
    assert "look" in plan and "account.name" in plan
    refuses(gate, "alter table account add global unique (name)", 1061)


def test_doubles_leave_nothing_behind(cluster, gate):
    fill(gate, 1500)
    twin = next(i for i in range(2000, 2100) if shard_of(gate, i) != shard_of(gate, 1234))
    ask(gate, f"insert into account (id, name) values ({twin}, 'N1234')")
    before, known = tables_on_shards(cluster), vindexes(cluster)
    message = refuses(gate, "alter table account add global unique (pair, name)", DUPLICATE)
    assert "n1234'" in message.lower() and "'name'" in message
    assert tables_on_shards(cluster) == before
    assert vindexes(cluster) == known
    ask(gate, f"insert into account (id, name) values ({twin + 100}, 'other')")
    ask(gate, f"delete from account where id = {twin}")
    ask(gate, "alter table account add global unique (name)")
    refuses(gate, f"insert into account (id, name) values ({twin}, 'n1234')", DUPLICATE)


def shard_of(gate, id):
    rows = ask(gate, f"explain format=kintsugi select * from account where id = {id}")
    return next(line.split()[1] for row in rows for line in str(row[0]).splitlines() if line.split()[:1] == ["shards"])


def write(cluster, seed, stop, problems):
    """Names are given once: what only a shard forbids before the key is there would be a double afterwards."""
    choose, numbers = random.Random(seed), itertools.count()
    with connect(cluster, f"gate-{1 + seed % 2}") as connection:
        ask(connection, "set innodb_lock_wait_timeout = 2")
        while not stop.is_set():
            id, name = choose.randrange(ROWS + 500), f"w{seed}x{next(numbers)}"
            statement = choose.choice([
                f"insert into account (id, name, n) values ({100_000 * seed + id}, '{name}', 1)",
                f"delete from account where id = {id}",
                f"update account set name = '{name}' where id = {id}",
                f"update account set id = id + {1_000_000 * seed} where id = {id}",
                f"insert into account (id, name) values ({id}, '{name}') on duplicate key update n = n + 1",
            ])
            try:
                ask(connection, statement)
            except pymysql.MySQLError as error:
                if error.args[0] not in EXPECTED:
                    problems.append(f"{statement}: {error}")


def test_rows_are_written_meanwhile(cluster, gate):
    """Afterwards every row has its entry, and every entry a row."""
    fill(gate)
    stop, problems = threading.Event(), []
    writers = [threading.Thread(target=write, args=(cluster, seed, stop, problems)) for seed in range(1, 5)]
    for writer in writers:
        writer.start()
    try:
        ask(gate, "alter table account add global unique (name)")
    finally:
        stop.set()
        for writer in writers:
            writer.join()
    assert not problems
    without = ask(gate, "select a.id, a.name from account a left join _kintsugi_unique_account_name k on k.name = a.name"
                        " where a.name is not null and k.name is null")
    assert without == ()
    assert entries(gate) == ask(gate, "select count(name) from account")[0][0] == ask(gate, "select count(distinct name) from account")[0][0]


@contextlib.contextmanager
def slow_write(cluster, sql, told):
    """Runs `sql`, which has "sleep(n)" in it, through the other gate; begins once a server sleeps, and tells at its end."""
    def run():
        with connect(cluster, "gate-2") as other:
            ask(other, sql)
        told.append("written")

    slow = threading.Thread(target=run)
    slow.start()
    try:
        while not any("sleep(" in row for tablet in cluster.tablets("four")
                      for row in cluster.server_query(tablet, "select info from information_schema.processlist").splitlines() if "processlist" not in row):
            assert slow.is_alive(), "it has ended before it was seen"
            time.sleep(0.05)
        yield
    finally:
        slow.join()


@pytest.mark.parametrize("write", ["update account set n = sleep(4) where id = 1", "analyze format=kintsugi update account set n = sleep(4) where id = 1"])
def test_waits_for_what_another_gate_runs_by_the_vschema_of_before(cluster, gate, write):
    fill(gate, 500)
    told = []
    with connect(cluster) as watcher, slow_write(cluster, write, told):
        ask(watcher, "alter table account add global unique (name)")
        told.append("added")
    assert told == ["written", "added"]


def test_killed_while_it_waits_leaves_nothing_behind(cluster, gate):
    fill(gate, 500)
    told, refused = [], []
    with connect(cluster) as waiting, slow_write(cluster, "update account set n = sleep(15) where id = 1", told):
        def add():
            refused.append(refuses(waiting, "alter table account add global unique (name)", 1317))
            told.append("killed")

        adding = threading.Thread(target=add)
        adding.start()
        while "account.name" not in vindexes(cluster):
            assert adding.is_alive(), "it has not waited"
            time.sleep(0.05)
        ask(gate, f"kill query {waiting.thread_id()}")
        adding.join()
    assert refused and told == ["killed", "written"]
    assert "account.name" not in vindexes(cluster)
    assert "_kintsugi_unique_account_name" not in tables_on_shards(cluster)


def test_whatever_the_sessions_own_transactions_are(cluster, gate):
    fill(gate, 500)
    with connect(cluster) as own:
        ask(own, "set transaction_mode = 'single'")
        ask(own, "set autocommit = 0")
        ask(own, "alter table account add global unique (name)")
    assert entries(gate) == 500
    refuses(gate, "insert into account (id, name) values (100001, 'n7')", DUPLICATE)


@pytest.mark.parametrize("drop", [
    "alter table account drop global unique (name)",
    "alter table account drop key name",
    "drop index name on account",
])
def test_a_key_is_each_shards_own_again(cluster, gate, drop):
    fill(gate, 500)
    ask(gate, "alter table account add global unique (name)")
    assert "account.name" in vindexes(cluster)
    ask(gate, drop)
    assert "account.name" not in vindexes(cluster)
    assert "_kintsugi_unique_account_name" not in tables_on_shards(cluster)
    for id in range(1000, 1016):  # on all shards, some of which have not n7
        with contextlib.suppress(pymysql.MySQLError):
            ask(gate, f"insert into account (id, name) values ({id}, 'n7')")
    assert ask(gate, "select count(*) from account where name = 'n7'")[0][0] > 1
    if "global" in drop:
        assert "check that it exists" in refuses(gate, drop, 1091)


def test_a_table_without_a_primary_key(cluster, gate):
    ask(gate, "create table loose (id bigint, name varchar(30), unique key name (name)) shard by hash(id)")
    try:
        ask(gate, "insert into loose values " + ", ".join(f"({i}, 'n{i}')" for i in range(1500)))
        ask(gate, "alter table loose add global unique (name)")
        refuses(gate, "insert into loose values (2000, 'n77')", DUPLICATE)
    finally:
        ask(gate, "drop table loose")


def test_a_new_column_of_ids_while_others_write(cluster, gate):
    """Rows that are there, those that come meanwhile through either gate, and those that come after: no two have one id."""
    fill(gate, 3000)
    ended, written = threading.Event(), []

    def write(name, number):
        with connect(cluster, name) as own:
            for key in itertools.count(number, 2):
                if ended.is_set():
                    return
                ask(own, f"insert into account (id, name) values ({key}, 'w{key}')")
                written.append(key)

    writers = [threading.Thread(target=write, args=(name, 1_000_000 + place)) for place, name in enumerate(("gate-1", "gate-2"))]
    for writer in writers:
        writer.start()
    try:
        with connect(cluster) as own:
            ask(own, "alter table account add column nr bigint not null auto_increment unique")
        after = len(written)
        wait_until(lambda: len(written) > after + 20, what="writes going on")
    finally:
        ended.set()
        for writer in writers:
            writer.join()
    rows, numbers, least = ask(gate, "select count(*), count(distinct nr), min(nr) from account")[0]
    assert (rows, numbers, least) == (3000 + len(written), 3000 + len(written), 1)
    ask(gate, "insert into account (id, name) values (500000, 'last')")
    assert ask(gate, "select nr > all (select nr from account where id < 500000) from account where id = 500000") == ((1,),)
