"""LOCK TABLES over the shards of a keyspace: what others may do meanwhile, and dumps made and restored with it."""

import contextlib
import subprocess
import threading

import pymysql
import pytest

from cluster import PASSWORD, commerce_spec, running_cluster, wait_until

NOT_LOCKED, NOT_FOR_WRITE, DUPLICATE, UNSUPPORTED = 1100, 1099, 1062, 1235


@pytest.fixture(scope="module")
def cluster():
    with running_cluster(commerce_spec()) as started:
        started.load_commerce()
        with connect(started) as gate:
            ask(gate, "create table item (id bigint primary key, name varchar(20), place int) shard by hash(id)")
            ask(gate, "create table other (id bigint primary key, n int) shard by hash(id)")
            ask(gate, "create table kind (id int primary key, title varchar(20)) reference")
            ask(gate, "create table badge (id bigint primary key, code varchar(10) not null, unique key (code)) "
                      "shard by hash(id) global unique (code)")
        yield started


@pytest.fixture
def gate(cluster):
    with connect(cluster) as made:
        ask(made, "insert into item values " + ", ".join(f"({id}, 'i{id}', {id % 3})" for id in range(1, 21)))
        yield made
        ask(made, "unlock tables")
        for table in ("item", "other", "kind", "badge"):
            ask(made, f"delete from {table}")


def connect(cluster, database="customer"):
    return contextlib.closing(cluster.connect(user="user", password=PASSWORD, database=database))


def ask(connection, sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def refused(connection, sql):
    with pytest.raises(pymysql.MySQLError) as raised:
        ask(connection, sql)
    return raised.value.args[0]


class Meanwhile:
    """A statement of another session, which waits for as long as tables are locked."""

    def __init__(self, cluster, sql):
        self.cluster, self.sql, self.error = cluster, sql, None
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self):
        try:
            with connect(self.cluster) as other:
                ask(other, self.sql)
        except pymysql.MySQLError as error:
            self.error = error

    def waits(self):
        """Whether a server has it waiting for the tables."""
        return any("metadata lock" in self.cluster.server_query(tablet, "select state from information_schema.processlist")
                   for tablet in self.cluster.tablets("customer"))

    def ends(self):
        self.thread.join(60)
        assert not self.thread.is_alive(), f"still waiting: {self.sql}"
        assert self.error is None, self.error


def test_reads_of_all_shards_while_locked(gate):
    ask(gate, "lock tables item read")
    assert ask(gate, "select count(*), sum(id) from item") == ((20, 210),)
    assert ask(gate, "select id from item order by name desc limit 2") == ((9,), (8,))
    assert ask(gate, "select place, group_concat(id order by id) from item where id < 5 group by place order by place") == (
        (0, "3"), (1, "1,4"), (2, "2"))
    assert refused(gate, "select * from other") == NOT_LOCKED
    assert refused(gate, "insert into item values (50, 'x', 1)") == NOT_FOR_WRITE
    ask(gate, "unlock tables")
    assert ask(gate, "select count(*) from other") == ((0,),)


def test_others_wait_on_every_shard(cluster, gate):
    """One row of each shard: whichever server does not lock lets it through."""
    for id in (1, 4):  # 80- and -80 of hash(id)
        ask(gate, "lock tables item read, other write")
        writing = Meanwhile(cluster, f"update item set place = 100 + {id} where id = {id}")
        wait_until(writing.waits, what=f"the update of {id} to wait for the lock")
        assert ask(gate, f"select place from item where id = {id}") == ((id % 3,),)
        ask(gate, "unlock tables")
        writing.ends()
        assert ask(gate, f"select place from item where id = {id}") == ((100 + id,),)


def test_writes_of_several_shards_while_locked(cluster, gate):
    ask(gate, "lock tables item write, other write")
    reading = Meanwhile(cluster, "select count(*) from item")
    wait_until(reading.waits, what="the read to wait for the lock")
    ask(gate, "insert into other select id, place from item")
    ask(gate, "update item set name = 'all'")
    ask(gate, "update item set id = id + 100 where id in (1, 2, 3, 4)")
    ask(gate, "delete from other order by id limit 5")
    # What fails on one shard is undone on all.
    assert refused(gate, "insert into other values (1, 1), (2, 1), (3, 1), (4, 1), (20, 1)") == DUPLICATE
    assert ask(gate, "select count(*), min(id), max(id) from other") == ((15, 6, 20),)
    ask(gate, "unlock tables")
    reading.ends()
    assert ask(gate, "select count(*), min(id), max(id), min(name) from item") == ((20, 5, 104, "all"),)
    with connect(cluster) as other:
        assert ask(other, "select count(*) from other") == ((15,),)


def test_locked_without_autocommit(cluster, gate):
    ask(gate, "set autocommit = 0")
    ask(gate, "lock tables item write")
    ask(gate, "update item set place = 7")
    ask(gate, "rollback")
    assert ask(gate, "select count(*) from item where place = 7") == ((0,),)
    ask(gate, "update item set place = 8")
    ask(gate, "commit")
    ask(gate, "unlock tables")
    ask(gate, "set autocommit = 1")
    with connect(cluster) as other:
        assert ask(other, "select count(*) from item where place = 8") == ((20,),)


def test_a_transaction_releases_them(cluster, gate):
    ask(gate, "lock tables item write")
    ask(gate, "begin")
    with connect(cluster) as other:
        ask(other, "update item set place = 9")
    ask(gate, "commit")
    ask(gate, "update other set n = 1")


def test_what_belongs_to_a_table_is_locked_with_it(gate):
    """A global key's entries are in a table of their own."""
    ask(gate, "lock tables badge write")
    ask(gate, "insert into badge values (1, 'a'), (2, 'b'), (3, 'c'), (4, 'd')")
    assert refused(gate, "insert into badge values (5, 'a')") == DUPLICATE
    assert ask(gate, "select id from badge where code = 'c'") == ((3,),)
    ask(gate, "unlock tables")


def test_tables_of_two_keyspaces(cluster, gate):
    ask(gate, "lock tables item read, commerce.product read")
    assert len(ask(gate, "select * from commerce.product")) == len(ask(gate, "select * from commerce.product"))
    assert ask(gate, "select count(*) from item") == ((20,),)
    ask(gate, "unlock tables")


def test_connections_go_back_as_new(cluster, gate):
    """Whoever gets them next has no locks, and its statements commit."""
    ask(gate, "lock tables item write")
    ask(gate, "update item set place = 5")
    gate.close()
    with connect(cluster) as other:
        for _ in range(3):
            ask(other, "update item set place = place + 1")
        assert ask(other, "select count(*) from item where place = 8") == ((20,),)
        assert ask(other, "select @@autocommit") == ((1,),)
    gate.connect()


def test_a_failed_lock_leaves_none(cluster, gate):
    assert refused(gate, "lock tables item write, missing read") == 1146
    with connect(cluster) as other:
        ask(other, "update item set place = 3 where id = 4")
        ask(other, "update item set place = 3 where id = 1")


def client(cluster, program, *arguments, text=None):
    done = subprocess.run([program, "--no-defaults", "-h", "127.0.0.1", "-u", "user", f"-p{PASSWORD}", "-P", str(cluster.gate_port()),
                           *arguments], input=text, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("program", ["mariadb-dump"])
def test_a_dump_with_its_defaults_is_restored(cluster, gate, program):
    """--opt locks the tables that it reads, and its text locks those that it fills."""
    ask(gate, "insert into badge values (1, 'a'), (2, 'b'), (3, 'c')")
    ask(gate, "insert into kind values (1, 'one')")
    tables = ("item", "badge", "kind")
    before = [ask(gate, f"checksum table {table}") for table in tables]
    dump = client(cluster, program, "customer", *tables, "--no-create-info")
    assert "LOCK TABLES `item` WRITE" in dump and "DISABLE KEYS" in dump
    for table in tables:
        ask(gate, f"delete from {table}")
    client(cluster, "mariadb", "customer", text=dump)
    assert [ask(gate, f"checksum table {table}") for table in tables] == before
    assert refused(gate, "insert into badge values (9, 'c')") == DUPLICATE


def test_flush_of_named_tables_locks_them(cluster, gate):
    ask(gate, "flush tables item, kind with read lock")
    assert refused(gate, "insert into item values (99, 'x', 1)") == NOT_FOR_WRITE
    assert refused(gate, "select * from other") == NOT_LOCKED
    assert ask(gate, "select count(*) from item") == ((20,),)
    ask(gate, "unlock tables")
    ask(gate, "insert into item values (99, 'x', 1)")


def test_flush_commits_and_of_logs_it_is_refused(cluster, gate):
    ask(gate, "begin")
    ask(gate, "insert into item values (98, 'x', 1)")
    ask(gate, "flush privileges")
    ask(gate, "rollback")
    assert ask(gate, "select count(*) from item where id = 98") == ((1,),)
    for sql in ("flush status", "flush tables", "flush tables item", "flush hosts, user_resources"):
        ask(gate, sql)
    assert refused(gate, "flush tables with read lock") == UNSUPPORTED
    assert refused(gate, "flush binary logs") == UNSUPPORTED
