"""Stock clients and drivers against the gate, unmodified."""

import contextlib
import json
import shutil
import subprocess
from pathlib import Path

import pymysql
import pymysql.cursors
import pytest

from cluster import PASSWORD, ROOT

GATE_USER = ["-h", "127.0.0.1", "-u", "user", f"-p{PASSWORD}"]


def mariadb(cluster, *arguments, sql=None, check=True):
    return subprocess.run(
        ["mariadb", "--no-defaults", *GATE_USER, "-P", str(cluster.gate_port()), *arguments],
        input=sql, capture_output=True, text=True, check=check, timeout=60,
    )


@pytest.fixture(scope="module")
def things(commerce):
    """A table of every common type, sharded."""
    commerce.query(
        """create table things (
             id bigint not null auto_increment primary key, name varchar(80), amount decimal(12,3), ratio double, day date,
             at datetime(6), span time(3), bits bit(10), body longblob, note longtext, kind enum('a','b'), marks set('x','y'),
             born year, doc json, tiny tinyint, big bigint unsigned, real4 float
           ) shard by xxhash(id)""",
        database="customer",
    )
    yield commerce
    commerce.query("drop table things", database="customer")


class TestMariadbClient:
    def test_connects_and_selects(self, commerce):
        out = mariadb(commerce, "customer", "-e", "select email from customer where customer_id = 3").stdout
        assert out == "email\ncharlie@domain.com\n"

    def test_use_and_status(self, commerce):
        out = mariadb(commerce, sql="use customer; status; use `customer/80-`; select count(*) from customer").stdout
        assert "Server version" in out and out.endswith("count(*)\n1\n")

    def test_show(self, commerce):
        assert mariadb(commerce, "-e", "show databases").stdout.split()[1:] == ["commerce", "customer", "information_schema"]
        assert mariadb(commerce, "customer", "-N", "-e", "show tables").stdout.split() == ["corder", "customer"]
        assert "CREATE TABLE `corder`" in mariadb(commerce, "customer", "-e", "show create table corder").stdout
        assert "order_id\tbigint(20)" in mariadb(commerce, "customer", "-e", "show columns from corder").stdout
        assert "max_allowed_packet" in mariadb(commerce, "-e", "show variables like 'max_allowed_packet'").stdout
        assert "user" in mariadb(commerce, "-e", "show processlist").stdout

    def test_ssl(self, commerce):
        out = mariadb(commerce, "--ssl", "-N", "-e", "show status like 'Ssl_cipher'").stdout
        assert out.split()[0] == "Ssl_cipher" and len(out.split()) == 2

    @pytest.mark.parametrize("option", ["--compress"])
    def test_compression(self, things, option):
        out = mariadb(things, option, "-N", "customer", "-e", "select length(repeat('kintsugi', 100000))").stdout
        assert out == "800000\n"

    def test_syntax_error_has_its_place(self, commerce):
        done = mariadb(commerce, "customer", "-e", "select * frm customer", check=False)
        assert "ERROR 1064 (42000)" in done.stderr and "near 'frm customer' at line 1" in done.stderr

    def test_source_file_with_delimiters_and_comments(self, commerce):
        out = mariadb(commerce, "customer", "-N", sql="-- a comment\n/* two\nlines */ select 1;\n# third\nselect ';';\n").stdout
        assert out == "1\n;\n"


class TestPyMySQL:
    def test_every_type_comes_back(self, things):
        row = (1, "金缮", "12345.678", 0.25, "2026-11-22", "2026-11-22 10:11:12.123456", "-12:34:56.789", 513, b"\0\1\xff", "long", "b",
               "x,y", 2026, '{"a": [1, 2]}', -5, 2**64 - 1, 1.5)
        with contextlib.closing(things.connect(database="customer", charset="utf8mb4")) as connection, connection.cursor() as cursor:
            cursor.execute("insert into things values (" + ",".join(["%s"] * 17) + ")", row)
            assert cursor.rowcount == 1
            cursor.execute("select * from things where id = 1")
            (got,) = cursor.fetchall()
        assert got[1] == "金缮" and str(got[2]) == "12345.678" and got[3] == 0.25 and str(got[4]) == "2026-11-22"
        assert str(got[5]) == "2026-11-22 10:11:12.123456" and got[6].total_seconds() == pytest.approx(-45296.789)
        assert got[7] == b"\x02\x01" and got[8] == b"\0\1\xff" and got[10:13] == ("b", "x,y", 2026) and json.loads(got[13]) == {"a": [1, 2]}
        assert got[14:] == (-5, 2**64 - 1, 1.5)

    def test_auto_increment_and_lastrowid(self, things):
        with contextlib.closing(things.connect(database="customer")) as connection, connection.cursor() as cursor:
            ids = []
            for number in range(20):
                cursor.execute("insert into things (name) values (%s)", (f"n{number}",))
                ids.append(cursor.lastrowid)
            assert len(set(ids)) == 20 and sorted(ids) == ids and min(ids) > 1
            cursor.execute("select last_insert_id()")
            assert cursor.fetchone() == (ids[-1],)
            cursor.execute("insert into things (name) values ('m1'), ('m2'), ('m3')")
            first, affected = cursor.lastrowid, cursor.rowcount
            assert affected == 3
            cursor.execute("select id from things where name in ('m1', 'm2', 'm3')")
            assert sorted(row[0] for row in cursor.fetchall()) == [first, first + 1, first + 2]

    def test_the_gates_own_queries_leave_no_transaction_open(self, commerce):
        """Where the session's connections have autocommit off, the gate's own look at a table must not begin a transaction there."""
        with contextlib.closing(commerce.connect(database="customer", autocommit=False)) as connection, connection.cursor() as cursor:
            cursor.execute("create table counted (id bigint auto_increment primary key) shard by xxhash(id)")
            cursor.execute("select count(*) from customer where customer_id = 1")
            connection.commit()
            cursor.execute("insert into counted values (null)")  # the first id: above what the table has on each shard
            connection.commit()
        for tablet in commerce.tablets("customer", type="primary"):
            assert commerce.server_query(tablet, "select count(*) from information_schema.innodb_trx") == "0\n"
        commerce.query("drop table counted", database="customer")
        assert not commerce.error_lines()

    def test_transaction(self, commerce):
        with contextlib.closing(commerce.connect(database="customer", autocommit=False)) as connection, connection.cursor() as cursor:
            cursor.execute("update customer set email = 'x' where customer_id in (1, 4)")
            assert cursor.rowcount == 2
            assert commerce.query("select email from customer where customer_id = 4", database="customer") == ((b"dan@domain.com",),)
            connection.rollback()
            cursor.execute("select email from customer where customer_id = 1")
            assert cursor.fetchone() == (b"alice@domain.com",)
            cursor.execute("savepoint a")
            cursor.execute("delete from corder where customer_id = 4")
            cursor.execute("rollback to savepoint a")
            connection.commit()
        assert commerce.query("select count(*) from corder where customer_id = 4", database="customer") == ((1,),)

    def test_unbuffered_cursor(self, things):
        with contextlib.closing(things.connect(database="commerce", cursorclass=pymysql.cursors.SSCursor)) as connection, connection.cursor() as cursor:
            cursor.execute("select seq from seq_1_to_100000")
            assert sum(row[0] for row in cursor) == 5000050000

    def test_multi_statements(self, commerce):
        with contextlib.closing(
            commerce.connect(database="customer", client_flag=pymysql.constants.CLIENT.MULTI_STATEMENTS)
        ) as connection, connection.cursor() as cursor:
            cursor.execute("select 1; select email from customer where customer_id = 2; select 3")
            results = [cursor.fetchall()]
            while cursor.nextset():
                results.append(cursor.fetchall())
        assert results == [((1,),), ((b"bob@domain.com",),), ((3,),)]

    def test_error_codes_are_mysqls(self, commerce):
        cases = {
            "select * from nothing_here": 1146,
            "select nothing_here from customer": 1054,
            "insert into customer (customer_id, email) values (1, 'x')": 1062,
            "select 1 +": 1064,
            "use nowhere": 1049,
        }
        for sql, code in cases.items():
            with pytest.raises(pymysql.MySQLError) as error:
                commerce.query(sql, database="customer")
            assert error.value.args[0] == code, (sql, error.value.args)

    def test_session_variables_stay(self, commerce):
        with contextlib.closing(commerce.connect(database="customer")) as connection, connection.cursor() as cursor:
            cursor.execute("set time_zone = '+03:00', sql_mode = 'ANSI_QUOTES'")
            cursor.execute('select email from "customer" where customer_id = 1')
            assert cursor.fetchone() == (b"alice@domain.com",)
            cursor.execute("select @@session.time_zone, @@sql_mode")
            assert cursor.fetchone() == ("+03:00", "ANSI_QUOTES")
            cursor.execute("set @answer = 42")
            cursor.execute("select @answer")
            assert cursor.fetchone() == (42,)
        assert commerce.query("select @answer") == ((None,),)

    def test_found_rows_flag(self, commerce):
        with contextlib.closing(
            commerce.connect(database="customer", client_flag=pymysql.constants.CLIENT.FOUND_ROWS)
        ) as connection, connection.cursor() as cursor:
            cursor.execute("update customer set email = email where customer_id = 1")
            assert cursor.rowcount == 1
        with contextlib.closing(commerce.connect(database="customer", client_flag=0)) as connection, connection.cursor() as cursor:
            cursor.execute("update customer set email = email where customer_id = 1")
            assert cursor.rowcount in (0, 1)

    def test_packet_over_16_mib(self, things):
        body = b"k" * (20 << 20)
        with contextlib.closing(things.connect(database="customer", max_allowed_packet=64 << 20)) as connection, connection.cursor() as cursor:
            cursor.execute("insert into things (id, body) values (900001, %s)", (body,))
            cursor.execute("select body from things where id = 900001")
            assert cursor.fetchone() == (body,)

    def test_kill_query(self, commerce):
        with contextlib.closing(commerce.connect(database="customer")) as victim, victim.cursor() as cursor:
            cursor.execute("select connection_id()")
            (number,) = cursor.fetchone()
            import threading

            threading.Timer(0.3, lambda: commerce.query(f"kill query {number}")).start()
            with pytest.raises(pymysql.err.OperationalError) as error:
                cursor.execute("select sleep(30) from customer where customer_id = 1")
                if cursor.fetchone() == (1,):  # sleep() tells an interruption by its value
                    raise pymysql.err.OperationalError(1317, "interrupted")
            assert error.value.args[0] == 1317
            cursor.execute("select 1")
            assert cursor.fetchone() == (1,)

    def test_change_user_and_reset_by_ping(self, commerce):
        with contextlib.closing(commerce.connect(database="customer")) as connection:
            connection.ping()
            connection.select_db("commerce")
            with connection.cursor() as cursor:
                cursor.execute("select database(), count(*) from product")
                assert cursor.fetchone() == ("commerce", 2)


class TestLibmariadb:
    """What only the C library does: cursors that are fetched piece by piece."""

    def test_cursor(self, commerce, tmp_path):
        program = tmp_path / "cursor"
        flags = subprocess.run(["mariadb_config", "--cflags", "--libs"], capture_output=True, text=True, check=True).stdout.split()
        subprocess.run(["clang-19", "-Wall", "-Werror", Path(__file__).parent / "c" / "cursor.c", "-o", program, *flags], check=True)
        commerce.query("create table numbers (id bigint primary key) shard by xxhash(id)", database="customer")
        for first in range(1, 20001, 5000):
            values = ",".join(f"({number})" for number in range(first, first + 5000))
            commerce.query(f"insert into numbers values {values}", database="customer")
        done = subprocess.run([program, str(commerce.gate_port()), PASSWORD], capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stdout + done.stderr
        # The first two were opened before a row was deleted.
        assert done.stdout == "all 20000 200010000\nfew 3 6\nagain 19999 200009999\n"
        commerce.query("drop table numbers", database="customer")


class TestNode:
    @pytest.fixture(scope="class")
    def modules(self, tmp_path_factory):
        folder = tmp_path_factory.mktemp("node")
        shutil.copy(Path(__file__).parent / "node" / "package.json", folder)
        shutil.copy(Path(__file__).parent / "node" / "package-lock.json", folder)
        subprocess.run(["npm", "ci", "--silent", "--no-audit", "--no-fund"], cwd=folder, check=True, timeout=300)
        shutil.copy(Path(__file__).parent / "node" / "mysql2.mjs", folder)
        return folder

    def test_mysql2(self, commerce, modules):
        done = subprocess.run(
            ["node", "mysql2.mjs", str(commerce.gate_port()), PASSWORD], cwd=modules, capture_output=True, text=True, timeout=60
        )
        assert done.returncode == 0, done.stdout + done.stderr


class TestSysbench:
    OPTIONS = ["--db-driver=mysql", "--mysql-host=127.0.0.1", "--mysql-user=user", f"--mysql-password={PASSWORD}", "--mysql-db=customer",
               "--tables=2", "--table-size=2000", "--threads=4"]

    def run(self, cluster, word, script="oltp_read_write", *options):
        return subprocess.run(
            ["sysbench", script, *self.OPTIONS, f"--mysql-port={cluster.gate_port()}", *options, word],
            capture_output=True, text=True, timeout=240,
        )

    @pytest.mark.parametrize("script", ["oltp_point_select", "oltp_update_index", "oltp_insert", "oltp_delete"])
    @pytest.mark.parametrize("prepared", ["disable", "auto"])
    def test_on_a_sharded_keyspace(self, commerce, script, prepared):
        made = self.run(commerce, "prepare")
        assert made.returncode == 0, made.stdout + made.stderr
        try:
            done = self.run(commerce, "run", script, "--events=400", "--time=0", f"--db-ps-mode={prepared}")
            assert done.returncode == 0, done.stdout + done.stderr
            assert "total number of events:              400" in done.stdout
        finally:
            self.run(commerce, "cleanup")

    def test_on_the_unsharded_keyspace(self, commerce):
        options = [option.replace("customer", "commerce") for option in self.OPTIONS]
        for word in ("prepare", "run", "cleanup"):
            done = subprocess.run(
                ["sysbench", "oltp_read_write", *options, f"--mysql-port={commerce.gate_port()}", "--events=200", "--time=0", word],
                capture_output=True, text=True, timeout=240,
            )
            assert done.returncode == 0, done.stdout + done.stderr
