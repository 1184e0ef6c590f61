"""A statement that fails on one shard is cancelled on the others. What is cancelled has often ended already: nothing else may be hit."""

import contextlib

import pymysql
import pytest

from cluster import PASSWORD, commerce_spec, running_cluster

ROUNDS = 300
DUPLICATE = 1062


@pytest.fixture(scope="module")
def cluster():
    with running_cluster(commerce_spec()) as started:
        yield started


def test_a_cancelled_statement_takes_nothing_else_down(cluster):
    with contextlib.closing(cluster.connect(user="user", password=PASSWORD, database="customer")) as gate, gate.cursor() as cursor:
        cursor.execute("create table held (id int primary key, note varchar(20)) shard by hash(id)")
        cursor.execute("insert into held values (1, 'there'), (2, 'there'), (3, 'there'), (4, 'there')")
        for number in range(ROUNDS):
            gate.begin()
            with pytest.raises(pymysql.MySQLError) as refused:
                # One shard refuses at once, the other is busy for so long that it ends before, after, or just when it is told to.
                new = ", ".join(f"({1000 + each}, 'new')" for each in range(1 + number * 5))
                cursor.execute(f"insert into held values ({number % 4 + 1}, 'again'), {new}")
            assert refused.value.args[0] == DUPLICATE, (number, refused.value)
            for _ in range(4):
                cursor.execute("update held set note = concat('seen', id)")
                cursor.execute("select count(*) from held")
                assert cursor.fetchone() == (4,), number
            gate.rollback()
        cursor.execute("select distinct note from held")
        assert cursor.fetchall() == (("there",),)
