"""Foreign keys over shards hold whatever sessions do at once: no child is ever without its parent."""

import contextlib
import random
import threading

import pymysql
import pytest

from cluster import PASSWORD, commerce_spec, running_cluster

KEYSPACES = {"two": 2, "four": 4}
SESSIONS = 12
WRITES = 60
PARENTS = 8  # few, so that sessions meet
# What may happen to a write that meets another one.
EXPECTED = {1451, 1452, 1062, 1205, 1213, 1020}


def spec():
    made = commerce_spec()
    made["metadata"]["name"] = "keys"
    made["spec"]["keyspaces"] = [
        {"name": name, "shards": shards, "vschema": {"inline": {"sharded": True}},
         "tablets": [{"cell": "zone1", "type": "replica", "count": 1}]}
        for name, shards in KEYSPACES.items()
    ]
    return made


@pytest.fixture(scope="module")
def cluster():
    with running_cluster(spec()) as started:
        yield started


def connect(cluster, keyspace):
    return contextlib.closing(cluster.connect(user="user", password=PASSWORD, database=keyspace))


def ask(connection, sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def make_tables(gate):
    ask(gate, "create table parent (id bigint primary key, code int, n int default 0, unique key code (code)) shard by hash(id)")
    ask(gate, "create table child (id bigint primary key, parent bigint, foreign key (parent) references parent (id)) shard by xxhash(id)")
    ask(gate, "create table dependent (id bigint primary key, code int, foreign key (code) references parent (code)"
              " on delete cascade on update cascade) shard by xxhash(id)")


def random_write(choose, session):
    parent, own = choose.randrange(PARENTS), session * 10_000 + choose.randrange(200)
    return choose.choice([
        f"insert into parent (id, code) values ({parent}, {parent})",
        f"insert into parent (id, code) values ({parent}, {parent}) on duplicate key update n = n + 1",
        f"delete from parent where id = {parent}",
        f"delete from parent where code = {parent}",
        f"update parent set code = {choose.randrange(PARENTS)} where id = {parent}",
        f"update parent set id = {choose.randrange(PARENTS)} where id = {parent}",
        f"insert into child values ({own}, {parent})",
        f"insert into child values ({own}, {parent}), ({own + 200}, {choose.randrange(PARENTS)})",
        f"replace into child values ({own}, {parent})",
        f"insert ignore into child values ({own}, {parent})",
        f"update child set parent = {parent} where id = {own}",
        f"delete from child where parent = {parent}",
        f"insert into dependent values ({own}, {parent})",
        f"update dependent set code = {parent} where id = {own}",
        f"delete from dependent where id = {own}",
    ])


def run_session(cluster, keyspace, session, problems, done):
    choose = random.Random(session)
    with connect(cluster, keyspace) as gate:
        ask(gate, "set innodb_lock_wait_timeout = 1")
        for number in range(WRITES):
            in_transaction = choose.randrange(3) == 0
            try:
                if in_transaction:
                    ask(gate, "begin")
                for _ in range(2 if in_transaction else 1):
                    ask(gate, random_write(choose, session))
                    done.append(number)
                if in_transaction:
                    ask(gate, choose.choice(["commit", "rollback"]))
            except pymysql.MySQLError as error:
                if error.args[0] not in EXPECTED:
                    problems.append(str(error))
                if in_transaction:
                    ask(gate, "rollback")


def orphans(gate):
    return {
        "child": ask(gate, "select c.id, c.parent from child c where c.parent is not null"
                           " and not exists (select 1 from parent p where p.id = c.parent)"),
        "dependent": ask(gate, "select d.id, d.code from dependent d where d.code is not null"
                               " and not exists (select 1 from parent p where p.code = d.code)"),
    }


@pytest.mark.parametrize("keyspace", KEYSPACES)
def test_no_orphan_is_left(cluster, keyspace):
    problems, done = [], []
    with connect(cluster, keyspace) as gate:
        make_tables(gate)
        sessions = [threading.Thread(target=run_session, args=(cluster, keyspace, session, problems, done))
                    for session in range(1, SESSIONS + 1)]
        for each in sessions:
            each.start()
        for each in sessions:
            each.join()
        assert not problems, problems[:5]
        assert len(done) > SESSIONS * WRITES / 10, "hardly any write was done"
        assert orphans(gate) == {"child": (), "dependent": ()}
        ask(gate, "set foreign_key_checks = 0")
        ask(gate, "insert into child values (1, 1000)")
        assert orphans(gate)["child"] == ((1, 1000),), "the count of orphans sees one"


def test_who_comes_second_waits_and_then_sees(cluster):
    """A parent that is being deleted cannot be referred to, and one that is being referred to cannot be deleted."""
    with connect(cluster, "two") as one, connect(cluster, "two") as other:
        ask(one, "create table p (id bigint primary key) shard by hash(id)")
        ask(one, "create table c (id bigint primary key, p bigint, foreign key (p) references p (id)) shard by xxhash(id)")
        ask(one, "insert into p values (1), (2), (3), (4)")
        for first, second, code in (("delete from p where id = {0}", "insert into c values ({0}, {0})", 1452),
                                    ("insert into c values ({0}, {0})", "delete from p where id = {0}", 1451)):
            for key in (1, 2) if code == 1452 else (3, 4):
                errors = []
                ask(one, "begin")
                ask(one, first.format(key))

                def run(sql=second.format(key), errors=errors):
                    try:
                        ask(other, sql)
                    except pymysql.MySQLError as error:
                        errors.append(error.args[0])

                waiting = threading.Thread(target=run)
                waiting.start()
                waiting.join(0.3)
                assert waiting.is_alive(), "the second does not wait for the first"
                ask(one, "commit")
                waiting.join()
                assert errors == [code]
