"""LOAD DATA LOCAL INFILE: the client's side of the protocol, with a stock client and a driver."""

import pymysql
import pytest
from cluster import PASSWORD
from test_clients import mariadb

ROWS = 20_000


@pytest.fixture()
def table(commerce):
    commerce.query("create table loaded (id bigint primary key, name varchar(60), n int) shard by xxhash(id)", database="customer")
    yield commerce
    commerce.query("drop table loaded", database="customer")


@pytest.fixture()
def file(tmp_path):
    path = tmp_path / "lines.tsv"
    path.write_text("".join(f"{i}\tname of {i}\t{i % 100}\n" for i in range(ROWS)))
    return path


def connect(cluster, **options):
    return cluster.connect(user="user", password=PASSWORD, database="customer", **options)


def test_mariadb_client(table, file):
    out = mariadb(table, "customer", "--local-infile=1", "-vv", sql=f"load data local infile '{file}' into table loaded; select sum(n) from loaded;").stdout
    assert f"Query OK, {ROWS} rows affected" in out
    assert f"Records: {ROWS}  Deleted: 0  Skipped: 0  Warnings: 0" in out
    assert str(sum(i % 100 for i in range(ROWS))) in out
    shards = [int(table.query("select count(*) from loaded", database=f"customer/{shard}")[0][0]) for shard in ("-80", "80-")]
    assert sum(shards) == ROWS and min(shards) > ROWS / 3


def test_a_client_that_sends_no_files(table, file):
    with connect(table) as connection, connection.cursor() as cursor:
        with pytest.raises(pymysql.MySQLError) as caught:
            cursor.execute(f"load data local infile '{file}' into table loaded")
        assert caught.value.args[0] == 4166 and "KT4040" in caught.value.args[1]
        cursor.execute("select count(*) from loaded")
        assert cursor.fetchone() == (0,)


def test_what_does_not_fit_is_made_to(table, file):
    """LOCAL is as IGNORE: the file is under way already."""
    with file.open("a") as lines:
        lines.write(f"no number\tx\t1\n{ROWS}x\ty\t1\n")
    with connect(table, local_infile=True, autocommit=True) as connection, connection.cursor() as cursor:
        cursor.execute("delete from loaded")
        assert cursor.execute(f"load data local infile '{file}' into table loaded") == ROWS + 1
        cursor.execute("show warnings")
        told = cursor.fetchall()
        assert [(level, code) for level, code, _ in told] == [("Warning", 1366), ("Warning", 1062), ("Warning", 1265)], told
        assert "no number" in told[0][2] and told[0][2].endswith(f"row {ROWS + 1}") and told[2][2].endswith(f"row {ROWS + 2}"), told
        cursor.execute(f"select name from loaded where id = {ROWS}")
        assert cursor.fetchall() == (("y",),)


def test_a_load_that_fails_leaves_nothing_and_the_connection_in_step(table, file):
    with file.open("a") as lines:
        lines.write(f"{ROWS}\tx\t1\n")
    table.query("create trigger no_x before insert on loaded for each row if new.name = 'x' then signal sqlstate '45000' set message_text = 'no x'; end if", database="customer")
    with connect(table, local_infile=True, autocommit=True) as connection, connection.cursor() as cursor:
        with pytest.raises(pymysql.MySQLError, match="no x"):
            cursor.execute(f"load data local infile '{file}' into table loaded")
        cursor.execute("select count(*) from loaded")
        assert cursor.fetchone() == (0,)
        # A failure before the first line is read: the file is still taken off the connection.
        with pytest.raises(pymysql.MySQLError):
            cursor.execute(f"load data local infile '{file}' into table loaded (id, name) set nothing = 1")
        cursor.execute("select 1")
        assert cursor.fetchone() == (1,)


def test_a_file_that_is_not_there(table, tmp_path):
    with connect(table, local_infile=True) as connection, connection.cursor() as cursor:
        with pytest.raises(pymysql.MySQLError):
            cursor.execute(f"load data local infile '{tmp_path}/missing' into table loaded")
        cursor.execute("select count(*) from loaded")
        assert cursor.fetchone() == (0,)


def test_several_statements_at_once(table, file):
    options = {"local_infile": True, "autocommit": True, "client_flag": pymysql.constants.CLIENT.MULTI_STATEMENTS}
    with connect(table, **options) as connection, connection.cursor() as cursor:
        cursor.execute(f"select 1; load data local infile '{file}' into table loaded; select count(*), max(name) from loaded where id < 10")
        assert cursor.fetchall() == ((1,),)
        assert cursor.nextset() and cursor.rowcount == ROWS
        assert cursor.nextset() and cursor.fetchall() == ((10, "name of 9"),)
        assert not cursor.nextset()
