"""Procedures of an unsharded keyspace that end their transaction, called where it came to other shards first: as on one server."""

import contextlib

import pymysql
import pytest

from cluster import running_cluster

# What it does, and whether the session's transaction is over then.
PROCEDURES = {
    "commits": ("insert into note values (1); commit; insert into note values (2)", {1, 2}, True),
    "rolls back": ("insert into note values (1); rollback; insert into note values (2)", {2}, False),
    "begins": ("start transaction; insert into note values (1); commit", {1}, True),
    "makes a table": ("insert into note values (1); create or replace table made (id int); insert into note values (2)", {1, 2}, True),
    "calls one": ("call inner_commit()", {3}, True),
}


@pytest.fixture(scope="module")
def cluster():
    with running_cluster() as started:
        started.load_commerce()
        started.query("create table note (id int primary key)", database="commerce")
        started.query("create procedure inner_commit() begin insert into note values (3); commit; end", database="commerce")
        started.query("create table held (id bigint primary key) shard by hash(id)", database="customer")
        yield started


@pytest.fixture
def session(cluster):
    cluster.query("delete from note", database="commerce")
    cluster.query("delete from held", database="customer")
    with contextlib.closing(cluster.connect(database="commerce")) as connection, connection.cursor() as cursor:
        yield cursor


def numbers(cluster, table, keyspace):
    return {row[0] for row in cluster.query(f"select id from {table}", database=keyspace)}


@pytest.mark.parametrize("name", PROCEDURES)
def test_its_end_is_that_of_all_shards(cluster, session, name):
    body, notes, committed = PROCEDURES[name]
    session.execute("drop procedure if exists ends")
    session.execute(f"create procedure ends() begin {body}; end")
    session.execute("begin")
    session.execute("insert into customer.held values (1), (2), (3), (4)")
    session.execute("call ends()")
    session.execute("rollback")  # of nothing
    assert numbers(cluster, "note", "commerce") == notes
    assert numbers(cluster, "held", "customer") == ({1, 2, 3, 4} if committed else set())


def test_what_does_not_end_it_stays_in_it(cluster, session):
    session.execute("create procedure stays(in n int, out twice int) begin insert into note values (n); set twice = 2 * n; select n; end")
    for end, notes in (("rollback", set()), ("commit", {7})):
        session.execute("begin")
        session.execute("insert into customer.held values (1), (2), (3), (4)")
        session.execute("call stays(7, @twice)")
        assert session.fetchall() == ((7,),)
        while session.nextset():
            pass
        session.execute("select @twice")
        assert session.fetchall() == ((14,),)
        session.execute(end)
        assert numbers(cluster, "note", "commerce") == notes
        assert numbers(cluster, "held", "customer") == ({1, 2, 3, 4} if notes else set())


def test_one_that_fails_behind_its_commit_leaves_what_it_committed(cluster, session):
    session.execute("create or replace procedure fails() begin insert into note values (1); commit; insert into note values (2), (1); end")
    session.execute("begin")
    session.execute("insert into customer.held values (1), (2), (3), (4)")
    with pytest.raises(pymysql.MySQLError) as failed:
        session.execute("call fails()")
    assert failed.value.args[0] == 1062
    session.execute("rollback")
    assert numbers(cluster, "note", "commerce") == {1}
    assert numbers(cluster, "held", "customer") == {1, 2, 3, 4}
