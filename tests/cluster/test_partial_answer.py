"""SCATTER_ERRORS_AS_WARNINGS: rows of the shards that answer, and a warning for each that does not."""

import contextlib
import os
import signal

import pymysql
import pytest

from cluster import PASSWORD, commerce_spec, running_cluster, wait_until

SHARDS = 4
ROWS = 40
ASKS = "/*vt+ SCATTER_ERRORS_AS_WARNINGS */"
OURS = "/*kintsugi: scatter_errors_as_warnings=1 */"


def spec():
    made = commerce_spec()
    made["metadata"]["name"] = "partial"
    made["spec"]["gates"][0]["options"] = {"failover_wait": "300ms"}
    made["spec"]["keyspaces"] = [
        {"name": "four", "shards": SHARDS, "vschema": {"inline": {"sharded": True}}, "tablets": [{"cell": "zone1", "type": "replica", "count": 1}]}]
    return made


@pytest.fixture(scope="module")
def cluster():
    with running_cluster(spec()) as started:
        with connect(started) as gate:
            ask(gate, "create table item (id bigint primary key, n int, name varchar(20)) shard by hash(id)")
            ask(gate, "create table part (id bigint primary key, item bigint) shard by hash(id)")
            ask(gate, "insert into item values " + ", ".join(f"({i}, {i}, 'n{i}')" for i in range(ROWS)))
            ask(gate, "insert into part values " + ", ".join(f"({i}, {i + 1})" for i in range(ROWS)))
        yield started


def connect(cluster, database="four"):
    return contextlib.closing(cluster.connect(user="user", password=PASSWORD, database=database))


def ask(connection, sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def warned(connection, sql):
    """Rows, the count of warnings that came with them, and the warnings."""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        rows, count = cursor.fetchall(), cursor._result.warning_count
    return rows, count, ask(connection, "show warnings")


@contextlib.contextmanager
def without(cluster, *shards):
    """These shards' agents and servers are gone for a while."""
    stopped = []
    for shard in shards:
        tablet = cluster.tablets("four", shard)[0]
        server = cluster.mysqld_pid(tablet["alias"])
        agent = next(each["pid"] for name, each in cluster.processes().items() if tablet["alias"] in name)
        stopped += [agent, server]
        os.kill(agent, signal.SIGSTOP)
        os.kill(server, signal.SIGKILL)
    try:
        yield
    finally:
        for agent in stopped[::2]:
            os.kill(agent, signal.SIGCONT)
        with connect(cluster) as gate:
            wait_until(lambda: len(ask(gate, "select id from item")) == ROWS, what="all shards answering again")


def ids_on(cluster, shards):
    rows = []
    for shard in shards:
        with connect(cluster, f"four/{shard}") as one:
            rows += ask(one, "select id, n, name from item")
    return sorted(rows)


def test_an_answer_without_one_shard(cluster):
    there = ["-40", "40-80", "c0-"]
    expected = ids_on(cluster, there)
    least = expected[0][0]
    with connect(cluster) as gate, without(cluster, "80-c0"):
        for comment in (ASKS, OURS):
            rows, count, warnings = warned(gate, f"select {comment} id, n, name from item")
            assert sorted(rows) == expected
            assert count == len(warnings) == 1
            assert "four/80-c0" in warnings[0][2]
        # Merged by order, by groups, and over copies.
        rows, count, warnings = warned(gate, f"select {ASKS} id, n, name from item order by id")
        assert list(rows) == expected and count == len(warnings) == 1
        rows, count, warnings = warned(gate, f"select {ASKS} count(*), min(id) from item")
        assert rows == ((len(expected), least),) and count == len(warnings) == 1
        rows, count, warnings = warned(gate, f"select {ASKS} i.id from item i join part p on p.item = i.n order by rand()")
        assert {id for (id,) in rows} <= {row[0] for row in expected} and rows
        assert count == len(warnings) >= 1
        assert all("four/80-c0" in message for _, _, message in warnings)


def test_what_is_answered_whole_has_no_warning(cluster):
    with connect(cluster) as gate:
        rows, count, warnings = warned(gate, f"select {ASKS} id from item")
        assert len(rows) == ROWS and count == 0 and warnings == ()


def test_what_must_not_lack_rows_fails(cluster):
    gone = "80-c0"
    with connect(cluster, f"four/{gone}") as one:
        own = ask(one, "select min(id) from item")[0][0]
    with connect(cluster) as gate, without(cluster, gone):
        refused = [
            "select id from item",  # not asked for
            "select /*kintsugi: scatter_errors_as_warnings=0 */ id from item",
            f"select {ASKS} id from item for update",
            f"select {ASKS} id from item where id = {own}",  # the only shard
            f"update {ASKS} item set n = n + 1",
            f"insert into item select {ASKS} id + 1000, n, name from item",
        ]
        for sql in refused:
            with pytest.raises(pymysql.MySQLError):
                ask(gate, sql)
        ask(gate, "begin")
        with pytest.raises(pymysql.MySQLError):
            ask(gate, f"select {ASKS} id from item")
        ask(gate, "rollback")


def test_if_no_shard_answers_the_query_fails(cluster):
    with connect(cluster) as gate, without(cluster, "-40", "40-80", "80-c0", "c0-"):
        for what in ("id from item", "id from item order by id", "count(*) from item", "i.id from item i join part p on p.item = i.n"):
            with pytest.raises(pymysql.MySQLError):
                ask(gate, f"select {ASKS} {what}")
