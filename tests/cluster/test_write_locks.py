"""What a write reads is locked as one server locks it: nobody changes it before the write's transaction ends."""

import contextlib
import threading

import pymysql
import pytest

from cluster import PASSWORD, commerce_spec, running_cluster, wait_until

KEYSPACES = {"plain": 1, "two": 2}
WAITING = "select count(*) from information_schema.innodb_trx where trx_state = 'LOCK WAIT'"
DUPLICATE, DEADLOCK, TIMED_OUT = 1062, 1213, 1205

# Each reads rows of `source`, wherever they are, and writes to another table.
WRITES = {
    "values": "insert into target values (1, (select max(n) + 1 from source))",
    "values, two of them": "insert into target values ((select max(id) from source), (select max(n) from source))",
    "values, of one shard": "insert into target values (1, (select n from source where id = 13))",
    "values, nested": "insert into target values (1, (select count(*) from other where id in (select n from source)))",
    "values, of a set": "insert into target values (1, (select max(n) from (select n from source union select id from other) as x))",
    "replace": "replace into target values (1, 7 + (select max(n) + 1 from source))",
    "select": "insert into target select id + 100, n from source",
    "select, of groups": "insert into target select n, count(*) from source group by n",
    "select, of a common table": "insert into target with s as (select max(n) as n from source) select 1, n from s",
    "select, of a union": "insert into target select id, n from source union all select id + 100, n from other",
    "select, of a derived table": "insert into target select 1, n from (select max(n) as n from source) as s",
    "select, by a condition": "insert into target select id, n from other where n <= (select max(n) from source)",
    "select, where rows stay": "insert into target select id, n from other where exists (select 1 from source where source.id = other.id)",
    "update": "update other set n = (select max(n) from source)",
    "update, of its sharding key": "update other set id = id + 1000 where exists (select 1 from source where source.id = other.id)",
    "delete": "delete from other where n in (select n from source where id = 13) limit 3",
}


def spec():
    made = commerce_spec()
    made["metadata"]["name"] = "locks"
    made["spec"]["keyspaces"] = [
        {"name": name, "shards": shards, "vschema": {"inline": {"sharded": shards > 1}},
         "tablets": [{"cell": "zone1", "type": "replica", "count": 1}]}
        for name, shards in KEYSPACES.items()
    ]
    return made


@pytest.fixture(scope="module")
def cluster():
    with running_cluster(spec()) as started:
        yield started


@pytest.fixture(params=KEYSPACES)
def keyspace(cluster, request):
    sharded = "shard by hash(id)" if KEYSPACES[request.param] > 1 else ""
    with connect(cluster, request.param) as gate:
        for table in ("source", "other", "target", "number"):
            ask(gate, f"create table {table} (id bigint primary key, n bigint, key (n)) {sharded}")
        ask(gate, "insert into source values " + ", ".join(f"({id}, {id % 7})" for id in range(1, 20)))
        # The one with the greatest number is what max() reads: 13.
        ask(gate, "insert into other select id, n from source")
    yield request.param
    with connect(cluster, request.param) as gate:
        for table in ("source", "other", "target", "number"):
            ask(gate, f"drop table {table}")


def connect(cluster, keyspace):
    return contextlib.closing(cluster.connect(user="user", password=PASSWORD, database=keyspace))


def ask(connection, sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


class Meanwhile:
    """A statement of another session, which runs while this one goes on."""

    def __init__(self, connection, sql):
        self.connection, self.sql, self.error = connection, sql, None
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self):
        try:
            ask(self.connection, self.sql)
        except pymysql.MySQLError as error:
            self.error = error.args[0]

    def is_over(self):
        return not self.thread.is_alive()

    def join(self):
        self.thread.join()
        return self.error


def waits(cluster, keyspace):
    return any(int(cluster.server_query(tablet, WAITING)) for tablet in cluster.tablets(keyspace))


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_nobody_changes_what_a_write_has_read(cluster, keyspace, write):
    with connect(cluster, keyspace) as writer, connect(cluster, keyspace) as changer:
        ask(writer, "begin")
        ask(writer, write)
        change = Meanwhile(changer, "update source set n = n + 1 where id = 13")
        wait_until(lambda: change.is_over() or waits(cluster, keyspace), what="the change, or that it waits")
        waited = not change.is_over()
        ask(writer, "commit")
        assert change.join() is None
        assert waited, "what the write had read was changed before its transaction ended"


@pytest.mark.parametrize("insert", [
    "insert into number values ({id}, (select max(n) + 1 from number))",
    "insert into number values ({id}, ifnull((select max(n) from number), 0) + 1)",
    "insert into number select {id}, max(n) + 1 from number",
])
def test_a_number_is_given_once(cluster, keyspace, insert):
    """The second session waits for the first, and then reads what that has written."""
    with connect(cluster, keyspace) as first, connect(cluster, keyspace) as second:
        ask(first, "insert into number values (1, 1)")
        for session in (first, second):
            ask(session, "begin")
        ask(first, insert.format(id=2))
        other = Meanwhile(second, insert.format(id=3))
        wait_until(lambda: other.is_over() or waits(cluster, keyspace), what="the second, or that it waits")
        ask(first, "commit")
        assert other.join() is None
        ask(second, "commit")
        assert [n for (n,) in ask(first, "select n from number order by n")] == [1, 2, 3]


def test_numbers_of_many_sessions_are_all_different(cluster, keyspace):
    """Those that read at once wait for each other's insert: one is told to start again, as on one server."""
    given = []

    def take(session):
        with connect(cluster, keyspace) as connection:
            ask(connection, "set innodb_lock_wait_timeout = 1")
            for number in range(10):
                try:
                    ask(connection, f"insert into number values ({session * 100 + number}, (select max(n) + 1 from number))")
                    given.append(session)
                except pymysql.MySQLError as error:
                    assert error.args[0] in (DEADLOCK, TIMED_OUT), error

    with connect(cluster, keyspace) as gate:
        ask(gate, "insert into number values (0, 0)")
        sessions = [threading.Thread(target=take, args=(session,)) for session in range(1, 7)]
        for session in sessions:
            session.start()
        for session in sessions:
            session.join()
        numbers = [n for (n,) in ask(gate, "select n from number order by n")]
    assert numbers == list(range(len(given) + 1))
    assert given
