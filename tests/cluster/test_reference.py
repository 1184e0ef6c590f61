"""Reference tables with a source: every server that has the rows has the same ones, whoever writes, by whatever name, and however it ends."""

import contextlib
import random
import threading

import pymysql
import pytest

from cluster import PASSWORD, commerce_spec, running_cluster

SEED = 5
WRITES = 150
COLUMNS = "id bigint auto_increment primary key, code varchar(40) collate utf8mb4_bin, n int default 0, made datetime(6) default current_timestamp(6)," \
          " token varchar(40) default (uuid()), seed double, unique key code (code)"
NAMES = ["commerce.word", "customer.word"]


@pytest.fixture(scope="module")
def cluster():
    with running_cluster(commerce_spec()) as started:
        yield started


def connect(cluster, database):
    return cluster.connect(user="user", password=PASSWORD, database=database)


@pytest.fixture
def gate(cluster):
    with contextlib.closing(connect(cluster, "customer")) as connection:
        yield connection


def ask(connection, sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


@contextlib.contextmanager
def tables(gate, columns=COLUMNS):
    ask(gate, f"create table commerce.word ({columns}) default charset=utf8mb4")
    ask(gate, "insert into commerce.word (id, code) values (1, 'one'), (2, 'two')")
    ask(gate, f"create table customer.word ({columns}) default charset=utf8mb4 reference from commerce.word")
    try:
        yield
    finally:
        ask(gate, "drop table customer.word")
        ask(gate, "drop table commerce.word")


def on_each_server(cluster):
    """The rows that each server has, by the shard's name."""
    rows = {}
    for shard in ("commerce/-", "customer/-80", "customer/80-"):
        with contextlib.closing(connect(cluster, shard)) as connection:
            rows[shard] = ask(connection, "select * from word order by id")
    return rows


def assert_same(cluster, count=None):
    rows = on_each_server(cluster)
    assert rows["customer/-80"] == rows["commerce/-"]
    assert rows["customer/80-"] == rows["commerce/-"]
    assert count is None or len(rows["commerce/-"]) == count
    return rows["commerce/-"]


def test_a_new_copy_has_the_rows_of_its_source(cluster, gate):
    with tables(gate):
        assert [row[:2] for row in assert_same(cluster)] == [(1, "one"), (2, "two")]


def test_values_that_each_server_would_make_anew_are_the_same(cluster, gate):
    with tables(gate):
        for name in NAMES:
            ask(gate, f"insert into {name} (code, token, seed, made) values (uuid(), uuid(), rand(), now(6)), (uuid(), uuid(), rand(), sysdate(6))")
            ask(gate, f"insert into {name} (code) values ('{name}'), ('{name}2')")
            ask(gate, f"insert into {name} (code, token) values ('{name}3', default)")
            ask(gate, f"insert into {name} () values ()")
            ask(gate, f"insert into {name} (code, seed) select concat('s', id, uuid()), rand() from customer.word")
            ask(gate, f"insert into {name} (code) select concat('d', id, '{name}') from commerce.word where id < 3")
            ask(gate, f"update {name} set token = uuid(), seed = rand() where code like 'c%'")
        rows = assert_same(cluster)
        assert len({row[4] for row in rows}) == len(rows)
        assert len({row[0] for row in rows}) == len(rows)


def test_the_same_without_a_source(cluster, gate):
    """Values are made once where copies are on the shards of one keyspace, too."""
    ask(gate, f"create table alone ({COLUMNS}) default charset=utf8mb4 reference")
    try:
        ask(gate, "insert into alone (code, token, seed) values (uuid(), uuid(), rand()), (uuid(), default, rand())")
        ask(gate, "insert into alone () values ()")
        ask(gate, "insert into alone (code) select concat('x', code) from alone")
        ask(gate, "update alone set seed = rand(), token = uuid() where id = 1")
        shards = []
        for shard in ("customer/-80", "customer/80-"):
            with contextlib.closing(connect(cluster, shard)) as connection:
                shards.append(ask(connection, "select * from alone order by id"))
        assert shards[0] == shards[1]
        assert len({row[4] for row in shards[0]}) == len(shards[0]) == 6
    finally:
        ask(gate, "drop table alone")


def random_write(choose):
    name = choose.choice(NAMES)
    code = f"'w{choose.randrange(30)}'"
    where = choose.choice([f"id = {choose.randrange(1, 60)}", f"code = {code}", f"n between {choose.randrange(5)} and {choose.randrange(9)}"])
    return choose.choice([
        f"insert into {name} (code, n) values ({code}, {choose.randrange(9)})",
        f"insert into {name} (code) values ({code}), ('w{choose.randrange(30)}')",
        f"insert ignore into {name} (code, n) values ({code}, 1), ('w{choose.randrange(30)}', 2)",
        f"insert into {name} (code, n) values ({code}, 1) on duplicate key update n = n + 1",
        f"replace into {name} (code, n) values ({code}, 3)",
        f"update {name} set n = n + 1 where {where}",
        f"update {name} set n = rand() * 9 where {where} limit 2",
        f"delete from {name} where {where}",
        f"delete from {name} where {where} order by id limit 1",
    ])


def write(cluster, seed, database, stop):
    choose = random.Random(seed)
    with contextlib.closing(connect(cluster, database)) as connection:
        ask(connection, "set innodb_lock_wait_timeout = 5")
        for _ in range(WRITES):
            if stop.is_set():
                return
            with contextlib.suppress(pymysql.MySQLError):
                if choose.random() < 0.3:
                    ask(connection, "begin")
                    ask(connection, random_write(choose))
                ask(connection, random_write(choose))
            with contextlib.suppress(pymysql.MySQLError):
                ask(connection, choose.choice(["commit", "commit", "rollback"]))


def test_sessions_that_write_at_once_leave_the_same_rows_everywhere(cluster, gate):
    with tables(gate):
        stop = threading.Event()
        writers = [threading.Thread(target=write, args=(cluster, SEED + number, database, stop))
                   for number, database in enumerate(["commerce", "customer", "customer", "commerce"])]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
        assert_same(cluster)


def test_a_copy_that_refuses_a_row_leaves_it_out_everywhere(cluster, gate):
    """By a column that one shard's table has been given behind the gate's back."""
    with tables(gate):
        with contextlib.closing(connect(cluster, "customer/80-")) as shard:
            ask(shard, "alter table word add constraint small check (n < 100)")
        for name in NAMES:
            with pytest.raises(pymysql.MySQLError):
                ask(gate, f"insert into {name} (code, n) values ('big', 100)")
            with pytest.raises(pymysql.MySQLError):
                ask(gate, f"update {name} set n = 100")
        assert [row[2] for row in assert_same(cluster)] == [0, 0]


def test_a_table_that_exists_is_given_a_source(cluster, gate):
    ask(gate, "create table commerce.word (id int primary key, code varchar(10))")
    ask(gate, "create table customer.word (id int primary key, code varchar(10)) reference")
    try:
        ask(gate, "insert into commerce.word values (1, 'one'), (2, 'two')")
        ask(gate, "insert into customer.word values (2, 'other'), (3, 'three')")
        ask(gate, "alter table customer.word reference from commerce.word")
        assert assert_same(cluster) == ((1, "one"), (2, "two"))
        ask(gate, "update customer.word set code = 'changed' where id = 2")
        assert assert_same(cluster) == ((1, "one"), (2, "changed"))
        # What was written past the gate is mended by saying it again.
        with contextlib.closing(connect(cluster, "customer/-80")) as shard:
            ask(shard, "delete from word")
        ask(gate, "alter table customer.word reference from commerce.word")
        assert_same(cluster, 2)
    finally:
        ask(gate, "drop table customer.word")
        ask(gate, "drop table commerce.word")


def test_ddl_of_those_that_have_the_same_rows(cluster, gate):
    with tables(gate):
        for statement in ("drop table commerce.word", "rename table commerce.word to commerce.other"):
            with pytest.raises(pymysql.MySQLError, match="source of 'customer.word'"):
                ask(gate, statement)
        ask(gate, "truncate table customer.word")
        assert_same(cluster, 0)
        ask(gate, "insert into commerce.word (code) values ('x')")
        ask(gate, "truncate table commerce.word")
        assert_same(cluster, 0)
        # A column that a copy has not: nothing is written anywhere.
        ask(gate, "alter table commerce.word add column more int")
        with pytest.raises(pymysql.MySQLError):
            ask(gate, "insert into commerce.word (code, more) values ('y', 1)")
        ask(gate, "alter table customer.word add column more int")
        ask(gate, "insert into commerce.word (code, more) values ('y', 1)")
        assert_same(cluster, 1)


def test_a_file_goes_to_all(cluster, gate, tmp_path):
    path = tmp_path / "words.tsv"
    path.write_text("".join(f"f{number}\t{number}\n" for number in range(2000)))
    with tables(gate):
        for database, table in (("commerce", "word"), ("customer", "word")):
            ask(gate, "delete from customer.word")
            with contextlib.closing(cluster.connect(user="user", password=PASSWORD, database=database, local_infile=True)) as connection:
                ask(connection, f"load data local infile '{path}' into table {table} (code, n)")
            assert_same(cluster, 2000)
