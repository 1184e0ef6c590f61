"""Stock clients and drivers against the gate, unmodified."""

import contextlib
import subprocess
import threading

import pymysql
import pytest

from cluster import PASSWORD, wait_until

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

    def test_grants_are_the_users_own(self, commerce):
        """Servers know the gate's account only, and tell the hash of its password."""
        for words in ("show grants", "show grants for current_user()", "show grants for 'user'@'%'"):
            assert mariadb(commerce, "-N", "-e", words).stdout.splitlines() == [
                "GRANT USAGE ON *.* TO `user`@`%`", "GRANT ALL PRIVILEGES ON `commerce`.* TO `user`@`%`",
                "GRANT ALL PRIVILEGES ON `customer`.* TO `user`@`%`"]
        assert "ERROR 1141" in mariadb(commerce, "-e", "show grants for kintsugi_gate", check=False).stderr
        assert "ERROR 1235" in mariadb(commerce, "-e", "show create user", check=False).stderr

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
    """Of the gate itself; what drivers see is compared in tests/drivers."""

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

    def test_what_a_failed_statement_began_ends_with_its_session(self, commerce):
        """With autocommit off, one that fails has begun a transaction and may hold locks; no answer of a server has told of it."""
        with contextlib.closing(commerce.connect(database="customer", autocommit=False)) as connection, connection.cursor() as cursor:
            with pytest.raises(pymysql.err.IntegrityError):
                cursor.execute("insert into customer (customer_id, email) values (1, 'again')")
        locked = "select count(*) from information_schema.innodb_trx"
        for tablet in commerce.tablets("customer", type="primary"):
            wait_until(lambda tablet=tablet: commerce.server_query(tablet, locked) == "0\n", what="no transaction at a server")

    def test_a_database_of_the_servers_own_can_be_chosen(self, commerce):
        with contextlib.closing(commerce.connect(database="information_schema")) as connection, connection.cursor() as cursor:
            cursor.execute("select database(), 1")
            assert cursor.fetchone() == ("information_schema", 1)
            cursor.execute("select count(*) from schemata where schema_name = 'customer'")
            assert cursor.fetchone() == (1,)

    def test_signal(self, commerce):
        with pytest.raises(pymysql.MySQLError) as error:
            commerce.query("signal sqlstate '45001' set message_text = 'of our own', mysql_errno = 30001", database="customer")
        assert error.value.args == (30001, "of our own")

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

    @pytest.mark.parametrize("text", ["select 1; select 2", "show warnings; select 2", "set @a = 1; select 2"])
    def test_several_statements_in_one_text_behind_one_that_failed(self, commerce, text):
        """What keeps the diagnostics of before has not failed itself: the rest of the text runs."""
        options = {"client_flag": pymysql.constants.CLIENT.MULTI_STATEMENTS, "read_timeout": 20}
        with commerce.connect(user="user", password=PASSWORD, database="customer", **options) as connection, connection.cursor() as cursor:
            with pytest.raises(pymysql.MySQLError):
                cursor.execute("select 1; select no_such_column from customer; select 3")
                cursor.nextset()
            cursor.execute(text)
            assert cursor.nextset()
            assert cursor.fetchall() == ((2,),)
            assert not cursor.nextset()

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

    def test_kill_query(self, commerce):
        with contextlib.closing(commerce.connect(database="customer")) as victim, victim.cursor() as cursor:
            cursor.execute("select connection_id()")
            (number,) = cursor.fetchone()
            threading.Timer(0.3, lambda: commerce.query(f"kill query {number}")).start()
            with pytest.raises(pymysql.err.OperationalError) as error:
                cursor.execute("select sleep(30) from customer where customer_id = 1")
                if cursor.fetchone() == (1,):  # sleep() tells an interruption by its value
                    raise pymysql.err.OperationalError(1317, "interrupted")
            assert error.value.args[0] == 1317
            cursor.execute("select 1")
            assert cursor.fetchone() == (1,)


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
