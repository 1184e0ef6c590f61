"""information_schema and SHOW tell of all keyspaces, and of all shards added up."""

import contextlib

import pytest

from cluster import commerce_spec, running_cluster

CUSTOMERS = 40


@pytest.fixture(scope="module")
def cluster():
    with running_cluster(commerce_spec()) as started:
        started.load_commerce()
        with contextlib.closing(started.connect(database="customer", autocommit=True)) as connection, connection.cursor() as cursor:
            values = ", ".join(f"({number}, 'c{number}@example.com')" for number in range(100, 100 + CUSTOMERS))
            cursor.execute(f"insert into customer (customer_id, email) values {values}")
            for shard in ("-80", "80-"):
                cursor.execute(f"use `customer/{shard}`")
                cursor.execute("analyze table customer, corder")
        yield started


@pytest.fixture
def ask(cluster):
    with contextlib.closing(cluster.connect(database="customer", autocommit=True)) as connection, connection.cursor() as cursor:

        def run(sql):
            cursor.execute(sql)
            return cursor.fetchall()

        yield run


def of_each_shard(ask, sql):
    answers = []
    for shard in ("-80", "80-"):
        ask(f"use `customer/{shard}`")
        answers.append(ask(sql))
    ask("use customer")
    return answers


SIZES = "select table_rows, data_length, index_length from information_schema.tables where table_schema = 'customer' and table_name = 'customer'"


def test_rows_and_sizes_are_those_of_all_shards(ask):
    (low,), (high,) = of_each_shard(ask, SIZES)
    assert low[0] > 0 and high[0] > 0
    assert ask(SIZES) == (tuple(sum(pair) for pair in zip(low, high)),)
    assert ask(SIZES.replace("'customer' and", "database() and")) == ask(SIZES)
    rows, length, mean = ask("select table_rows, data_length, avg_row_length from information_schema.tables where table_name = 'customer'")[0]
    assert mean == length // rows


def test_show_table_status_adds_up_too(ask):
    names = [row[0] for row in ask("show table status")]
    assert names == sorted(names) and {"customer", "corder"} <= set(names)
    shards = of_each_shard(ask, "show table status like 'customer'")
    ((_, _, _, _, rows, *rest),) = ask("show table status like 'customer'")
    assert rows == sum(shard[0][4] for shard in shards)
    assert [row[0] for row in ask("show table status where Engine = 'InnoDB' and `Rows` > 1000000")] == []


def test_all_keyspaces_are_told_of(ask):
    schemata = [name for (name,) in ask("select schema_name from information_schema.schemata order by 1")]
    assert {"commerce", "customer", "information_schema"} <= set(schemata)
    assert len(schemata) == len(set(schemata))
    found = ask("select table_schema, table_name from information_schema.tables where table_name in ('product', 'customer') order by 1, 2")
    assert found == (("commerce", "product"), ("customer", "customer"))
    counted = dict(ask("select table_schema, count(*) from information_schema.columns where table_schema in ('commerce', 'customer') group by 1"))
    assert set(counted) == {"commerce", "customer"}


def test_joins_on_the_schema_are_about_one_keyspace(ask):
    sql = ("select t.table_name, c.column_name from information_schema.tables t join information_schema.columns c "
           "using (table_schema, table_name) where t.table_schema = 'customer' and c.column_key = 'PRI' order by 1, 2")
    assert ("customer", "customer_id") in ask(sql)
    plan = "\n".join(line for (line,) in ask(f"explain format=kintsugi {sql}"))
    assert plan.startswith("route: ")


def test_cardinality_is_added_up(ask):
    sql = ("select cardinality from information_schema.statistics where table_schema = 'customer' and table_name = 'customer' "
           "and index_name = 'PRIMARY'")
    shards = of_each_shard(ask, sql)
    assert ask(sql)[0][0] == sum(rows[0][0] for rows in shards)


def test_show_index_adds_up_too(ask):
    shards = of_each_shard(ask, "show index from customer")
    shown = ask("show index from customer")
    (primary,) = [row for row in shown if row[2] == "PRIMARY"]
    assert primary[6] == sum(row[6] for rows in shards for row in rows if row[2] == "PRIMARY")
    assert [(*row[:6], *row[7:]) for row in shown] == [(*row[:6], *row[7:]) for row in shards[0]]
    assert ask("show index from customer.customer where Key_name = 'PRIMARY' and Seq_in_index = 1") == (primary,)
    assert ask("show index from product from commerce")[0][0] == "product"


def test_joined_with_tables_it_tells_the_same(ask):
    (size,) = ask(SIZES)
    joined = ("select c.customer_id, t.table_rows from information_schema.tables t join customer c on c.customer_id = 100 "
              "where t.table_schema = 'customer' and t.table_name = 'customer'")
    assert ask(joined) == ((100, size[0]),)
    keyspaces = "select distinct t.table_schema from information_schema.tables t, customer c where t.table_name in ('customer', 'product') order by 1"
    assert ask(keyspaces) == (("commerce",), ("customer",))


def test_what_is_no_keyspace_is_the_servers_own(ask):
    assert ask("select count(*) > 0 from information_schema.tables where table_schema = 'information_schema'") == ((1,),)
    assert ask("select * from information_schema.tables where table_schema = 'nothing'") == ()
    assert ask("select count(*) > 0 from information_schema.character_sets") == ((1,),)


def test_it_may_be_written_from(ask, cluster):
    ask("create table size (name varchar(64) primary key, n bigint) /*kintsugi shard by xxhash(name) */")
    ask("insert into size select table_name, table_rows from information_schema.tables where table_schema = 'customer' and table_name <> 'size'")
    assert dict(ask("select name, n from size"))["customer"] == ask(SIZES)[0][0]
    ask("drop table size")


def test_limits_on_gathering_do_not_mean_it(ask):
    ask("select /*kintsugi: allow_gather=0 */ count(*) from information_schema.tables")
    ask("select /*kintsugi: gather_rows_max=100000 */ table_rows from information_schema.tables where table_name = 'customer'")
