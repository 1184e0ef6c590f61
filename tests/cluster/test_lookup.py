"""Look-up tables have an entry for each row of their owner, and no other, whatever was written to it."""

import contextlib
import random

import pymysql
import pytest

from cluster import PASSWORD, commerce_spec, running_cluster

SEED = 11
WRITES = 400
CITIES = ["Rome", "Bonn", "Oslo", "Lima", None]


@pytest.fixture(scope="module")
def cluster():
    with running_cluster(commerce_spec()) as started:
        yield started


@pytest.fixture
def gate(cluster):
    connection = cluster.connect(user="user", password=PASSWORD, database="customer")
    with contextlib.closing(connection):
        yield connection


def ask(connection, sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def keyspace_id(number):
    """What reverse_bits makes of it."""
    return int(f"{number:064b}"[::-1], 2).to_bytes(8, "big")


def make_tables(gate):
    ask(gate, "create table person_email (email varchar(40) collate utf8mb4_bin primary key, keyspace_id varbinary(16) not null) shard by xxhash(email)")
    ask(gate, "create table person_city (city varchar(20), keyspace_id varbinary(16), primary key (city, keyspace_id)) shard by unicode_loose_xxhash(city)")
    ask(gate, "create table person (id bigint primary key, email varchar(40) collate utf8mb4_bin, city varchar(20), visits int default 0,"
              " code int, unique key email (email), unique key code (code)) shard by reverse_bits(id) global unique (code)")
    ask(gate, "alter vschema on person add vindex person_email (email) using lookup_unique with owner=person, table=person_email, from=email,"
              " to=keyspace_id, ignore_nulls='true'")
    ask(gate, "alter vschema on person add vindex person_city (city) using lookup with owner=person, table=person_city, from=city, to=keyspace_id, ignore_nulls='true'")


def sql(value):
    return "null" if value is None else f"'{value}'"


def random_write(choose):
    def row(number=None):
        email = choose.choice([None, *(f"p{choose.randrange(60)}@x" for _ in range(4))])
        code = choose.choice(["null", choose.randrange(80)])
        return f"({number or choose.randrange(1, 60)}, {sql(email)}, {sql(choose.choice(CITIES))}, {code})"

    into = "into person (id, email, city, code) values "
    where = choose.choice([f"id = {choose.randrange(1, 60)}", f"city = {sql(choose.choice(CITIES[:-1]))}", f"email = 'p{choose.randrange(60)}@x'",
                           f"code = {choose.randrange(80)}", f"id between {choose.randrange(50)} and {choose.randrange(60)}"])
    return choose.choice([
        f"insert {into}{row()}",
        f"insert {into}{row()}, {row()}",
        f"insert {into}{row(100 + choose.randrange(1000))}",
        f"insert ignore {into}{row()}, {row()}, {row()}",
        f"replace {into}{row()}, {row()}",
        f"insert {into}{row()}, {row()} on duplicate key update visits = visits + 1, city = values(city)",
        f"insert {into}{row()} on duplicate key update email = concat('u', email)",
        f"insert ignore into person (id, email, city) select id + 2000, concat('c', email), city from person where {where}",
        f"update person set city = {sql(choose.choice(CITIES))} where {where}",
        f"update person set email = concat('m', email), code = code + 100 where {where}",
        f"update person set id = id + 3000 where {where}",
        f"update person set visits = visits + 1 where {where}",
        f"delete from person where {where} limit 3",
        f"delete from person where {where}",
    ])


def check(gate):
    rows = ask(gate, "select id, email, city, code from person")
    entries = sorted(ask(gate, "select email, keyspace_id from person_email"))
    assert entries == sorted((email, keyspace_id(number)) for number, email, _, _ in rows if email is not None)
    entries = sorted(ask(gate, "select city, keyspace_id from person_city"))
    assert entries == sorted({(city, keyspace_id(number)) for number, _, city, _ in rows if city is not None})
    entries = sorted(ask(gate, "select code, keyspace_id from _kintsugi_unique_person_code"))
    assert entries == sorted((code, keyspace_id(number)) for number, _, _, code in rows if code is not None)
    return len(rows)


def test_entries_are_those_of_the_rows_after_any_writes(gate):
    make_tables(gate)
    choose = random.Random(SEED)
    done, failed, most = 0, 0, 0
    for number in range(WRITES):
        in_transaction = choose.random() < 0.3
        if in_transaction:
            ask(gate, "begin")
        for _ in range(choose.randrange(1, 4) if in_transaction else 1):
            write = random_write(choose)
            try:
                ask(gate, write)
                done += 1
            except pymysql.MySQLError as error:
                assert error.args[0] == 1062, (write, error)
                failed += 1
        if in_transaction:
            ask(gate, choose.choice(["commit", "commit", "rollback"]))
        if number % 20 == 19:
            most = max(most, check(gate))
    assert most > 20 and done > WRITES / 2 and failed > 10


def test_a_look_up_is_filled_while_it_is_written_only(gate):
    ask(gate, "create table guest (id bigint primary key, name varchar(20) collate utf8mb4_bin not null) shard by reverse_bits(id)")
    ask(gate, "insert into guest values (1, 'a'), (2, 'b'), (3, 'c'), (4, 'd')")
    ask(gate, "create table guest_name (name varchar(20) collate utf8mb4_bin primary key, keyspace_id varbinary(16) not null) shard by xxhash(name)")
    vindex = "with owner=guest, table=guest_name, from=name, to=keyspace_id"
    ask(gate, f"alter vschema on guest add vindex filling (name) using consistent_lookup_unique {vindex}, write_only='true'")
    assert "all 2 shards" in ask(gate, "explain format=kintsugi select * from guest where name = 'b'")[0][0]
    ask(gate, "update guest set name = name where id <= 2")
    ask(gate, "update guest set name = name where id > 2")
    expected = sorted((name, keyspace_id(number)) for number, name in ask(gate, "select id, name from guest"))
    assert sorted(ask(gate, "select name, keyspace_id from guest_name")) == expected
    ask(gate, f"alter vschema create vindex filling using consistent_lookup_unique {vindex}")
    assert "what is looked up" in ask(gate, "explain format=kintsugi select * from guest where name = 'b'")[0][0]
    assert ask(gate, "select id from guest where name = 'b'") == ((2,),)


def test_an_entry_without_its_row_does_not_stand_in_the_way(gate):
    """A commit that was cut off may leave one: it leads to no row, and gives way to one."""
    ask(gate, "insert into person (id, email) values (9001, 'here@x')")
    ask(gate, f"insert into person_email values ('gone@x', x'{keyspace_id(9002).hex()}')")
    assert ask(gate, "select * from person where email = 'gone@x'") == ()
    ask(gate, "insert into person (id, email) values (9003, 'gone@x')")
    assert ask(gate, "select id from person where email = 'gone@x'") == ((9003,),)
    with pytest.raises(pymysql.MySQLError) as duplicate:
        ask(gate, "insert into person (id, email) values (9004, 'gone@x')")
    assert duplicate.value.args[0] == 1062 and "for key 'person_email'" in duplicate.value.args[1]
    with pytest.raises(pymysql.MySQLError) as duplicate:
        ask(gate, "insert into person (id, code) values (9005, 7000), (9006, 7000)")
    assert duplicate.value.args[0] == 1062 and "for key 'code'" in duplicate.value.args[1]
    check(gate)


def test_explain_shows_what_is_looked_up(gate):
    plan = "\n".join(line for line, in ask(gate, "explain format=kintsugi select * from person where email = 'here@x'"))
    assert "-> look-up: 1 of 2 shards of customer" in plan and "vindex   person_email(email), of type lookup_unique" in plan
    measured = "\n".join(line for line, in ask(gate, "analyze format=kintsugi select * from person where email = 'here@x'"))
    assert "answer: 1 rows" in measured
