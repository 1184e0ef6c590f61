"""MySQL as servers: a keyspace whose shards run on it alone, then beside one on MariaDB. Gates log in over TCP with TLS."""

import contextlib
import copy
import re
import subprocess

import pymysql
import pytest

from cluster import PASSWORD, ROOT, commerce_spec, kill, running_cluster, wait_until

MYSQL = ROOT / "build" / "mysql"


@pytest.fixture(scope="module")
def specs():
    """The spec with customer alone, on MySQL, and the one with commerce on MariaDB besides."""
    subprocess.run([ROOT / "tools" / "mysql" / "install"], check=True, timeout=300)
    both = commerce_spec()
    both["spec"]["gates"][0]["options"] = {"backend_sockets": False, "backend_tls": True}
    commerce, customer = both["spec"]["keyspaces"]
    customer["mysqld"] = {"flavour": "mysql", "binary": str(MYSQL / "mysqld"), "settings": {"max_connections": 321}}
    alone = copy.deepcopy(both)
    alone["spec"]["keyspaces"] = [customer]
    both["spec"]["keyspaces"] = [customer, commerce]
    return alone, both


@pytest.fixture(scope="module")
def cluster(specs):
    with running_cluster(specs[0]) as started:
        for name in ("schema.sql", "data.sql"):
            run_part(started, name, "customer")
        yield started


def run_part(cluster, name, keyspace):
    """The part of one of the example's files that is about one keyspace, through the stock client."""
    parts = re.split(r"(?m)^(?=USE )", (ROOT / "examples" / "commerce" / name).read_text())
    part = next(each for each in parts if each.startswith(f"USE {keyspace};"))
    return client(cluster, ["mariadb", "--no-defaults", "--ssl"], part)


def client(cluster, command, sql):
    return subprocess.run(
        [*map(str, command), "-h", "127.0.0.1", "-P", str(cluster.gate_port()), "-u", "user", f"-p{PASSWORD}", "-N", "-B"],
        input=sql, capture_output=True, text=True, check=True, timeout=60,
    ).stdout


def status_of(cluster, tablet):
    return cluster.json("tablet", "show", tablet["alias"])["status"]


def row_of(tablet, sql):
    """A row as name → value, asked of a tablet's own server."""
    out = subprocess.run(
        ["mariadb", "--no-defaults", "--vertical", "-u", "root", "-S", tablet["address"]["mysqlSocket"], "-e", sql],
        capture_output=True, text=True, check=True, timeout=30,
    ).stdout
    return dict(re.findall(r"(?m)^ *(\w+): ?(.*)$", out))


def greeting(cluster):
    with contextlib.closing(cluster.connect()) as connection:
        return connection.get_server_info()


def follows(cluster):
    """Every replica has everything its primary has."""
    for shard in ("-80", "80-"):
        seen = {cluster.server_query(each, "select @@global.gtid_executed") for each in cluster.tablets("customer", shard)}
        if len(seen) != 1:
            return False
    return True


def works(cluster, mark):
    with contextlib.closing(cluster.connect(database="customer", connect_timeout=5, read_timeout=20)) as connection, connection.cursor() as cursor:
        cursor.execute("update customer set email = %s where customer_id in (1, 4)", (mark,))
        cursor.execute("select email from customer where customer_id in (1, 4)")
        assert cursor.fetchall() == ((mark.encode(),), (mark.encode(),))
    return not cluster.json("cluster", "status").get("problems") and follows(cluster)


def test_servers_are_mysql_and_the_gate_says_so(cluster):
    versions = {cluster.server_query(each, "select version()").strip() for each in cluster.tablets()}
    (version,) = versions
    assert int(version.split(".")[0]) >= 8
    wait_until(lambda: greeting(cluster) == version, what="a greeting with the servers' version")
    assert cluster.query("select version()", database="customer") == ((version,),)
    assert {each["serverVersion"] for each in cluster.tablets()} == versions


def test_events_run_and_stay_with_the_primary(cluster):
    ask = lambda sql: cluster.query(sql, database="customer")
    count = lambda: ask("select count(*) from noted")[0][0]
    state = lambda: ask("select status from information_schema.events where event_name = 'notes'")[0][0]
    ask("create table noted (id bigint auto_increment primary key) shard by hash(id)")
    ask("create event notes on schedule every 1 second do insert into noted values (null), (null)")
    ask("create event once on schedule at now() do insert into noted values (1000)")
    wait_until(lambda: count() > 3 and ask("select 1 from noted where id = 1000") and len(ask("show events")) == 1, what="both run, and one is over")
    replica = next(tablet for tablet in cluster.tablets("customer", "-80") if not tablet["type"].lower().endswith("primary"))
    cluster.cli("shard", "reparent", "customer/-80", "--to", replica["alias"])
    before = count()
    wait_until(lambda: count() > before + 2 and state() == "ENABLED", what="it runs on the new primary, which knows that it does")
    ask("drop event notes")
    ask("drop table noted")
    assert cluster.server_query(replica, "select @@event_scheduler").strip() == "OFF"



def test_rows_lie_in_their_shards_on_primaries_and_replicas(cluster):
    for shard, ids in (("-80", "1\n2\n3\n5\n"), ("80-", "4\n")):
        assert client(cluster, ["mariadb", "--no-defaults"], f"use `customer/{shard}`; select customer_id from customer order by 1") == ids
        for tablet in cluster.tablets("customer", shard):
            wait_until(
                lambda: cluster.server_query(tablet, "select customer_id from customer.customer order by 1") == ids,
                what=f"{tablet['alias']} holding customers {ids.split()}",
            )
    assert sorted(cluster.query("select order_id, sku from corder", database="customer")) == [
        (1, b"SKU-1001"), (2, b"SKU-1002"), (3, b"SKU-1002"), (4, b"SKU-1002"), (5, b"SKU-1002")
    ]


def test_replicas_follow_by_gtid_and_commits_wait_for_them(cluster):
    for shard in ("-80", "80-"):
        (primary,) = cluster.tablets("customer", shard, "primary")
        (replica,) = cluster.tablets("customer", shard, "replica")
        state = row_of(replica, "show replica status")
        assert state["Source_Port"] == str(primary["address"]["mysqlPort"])
        assert (state["Auto_Position"], state["Replica_IO_Running"], state["Replica_SQL_Running"]) == ("1", "Yes", "Yes")
        semi_sync = dict(line.split("\t") for line in cluster.server_query(primary, "show status like 'rpl_semi_sync_source%'").splitlines())
        assert (semi_sync["Rpl_semi_sync_source_status"], semi_sync["Rpl_semi_sync_source_clients"]) == ("ON", "1")
        assert int(semi_sync["Rpl_semi_sync_source_yes_tx"]) > 0 and semi_sync["Rpl_semi_sync_source_no_tx"] == "0"
        assert cluster.server_query(replica, "select @@global.super_read_only, @@global.rpl_semi_sync_replica_enabled") == "1\t1\n"
    wait_until(lambda: follows(cluster), what="replicas with all their primaries' transactions")


def test_accounts_log_in_with_caching_sha2_and_tls(cluster):
    for tablet in cluster.tablets():
        accounts = cluster.server_query(tablet, "select user, plugin, length(authentication_string) > 0 from mysql.user where account_locked = 'N'")
        assert sorted(accounts.splitlines()) == [
            "kintsugi_agent\tcaching_sha2_password\t1", "kintsugi_gate\tcaching_sha2_password\t1",
            "kintsugi_monitor\tcaching_sha2_password\t1", "kintsugi_repl\tcaching_sha2_password\t1", "root\tauth_socket\t1",
        ]
    (primary,) = cluster.tablets("customer", "-80", "primary")
    assert cluster.query("select 1 from customer where customer_id = 1", database="customer") == ((1,),)
    encrypted = cluster.server_query(primary, "show global status like 'Ssl_finished_accepts'").split()
    assert int(encrypted[1]) > 0, "the gate's connections are not encrypted"


def test_tablet_show_has_my_cnf_and_the_accounts_rights(cluster):
    (primary,) = cluster.tablets("customer", "-80", "primary")
    shown = cluster.cli("tablet", "show", primary["alias"]).stdout
    for expected in ("gtid_mode = ON", "super_read_only = ON", "# From the cluster spec.", "max_connections = 321",
                     "GRANT USAGE ON *.*", "GRANT REPLICATION SLAVE ON *.*"):
        assert expected in shown, shown
    status = status_of(cluster, primary)
    assert status["flavour"] == "mysql" and status["myCnfUser"]["max_connections"] == "321"
    assert cluster.server_query(primary, "select @@global.max_connections") == "321\n"
    assert not re.search(r"(?i)identified|password", str(status["accounts"])), status["accounts"]
    rights = {each["name"]: each["grants"] for each in status["accounts"]}
    assert sorted(rights) == ["kintsugi_agent@localhost", "kintsugi_gate@%", "kintsugi_monitor@localhost", "kintsugi_repl@%"]
    assert all(re.search(r"SUPER|FILE|CREATE USER|GRANT OPTION|SHUTDOWN|ALL PRIVILEGES ON \*", line) is None for lines in rights.values() for line in lines)


@pytest.mark.parametrize("command", [["mariadb", "--no-defaults", "--ssl"], [MYSQL / "mysql", "--ssl-mode=REQUIRED"]], ids=["mariadb", "mysql"])
def test_stock_clients_over_tls(cluster, command):
    out = client(cluster, command, "use customer; show tables; select email from customer where customer_id = 3; show status like 'Ssl_cipher'")
    *rows, cipher = out.splitlines()
    assert rows == ["corder", "customer", "charlie@domain.com"] and len(cipher.split("\t")[1]) > 5


def test_pymysql_over_tls_with_ids_and_transactions(cluster):
    with contextlib.closing(cluster.connect(database="customer", ssl={"check_hostname": False}, autocommit=False)) as connection, connection.cursor() as cursor:
        assert connection._secure
        cursor.execute("insert into customer (email) values ('a@b'), ('c@d'), ('e@f')")
        first = cursor.lastrowid
        assert first > 5 and cursor.rowcount == 3
        cursor.execute("select count(*) from customer where customer_id between %s and %s and customer_id in (%s)", (first, first + 2, first + 1))
        assert cursor.fetchone() == (1,)
        connection.rollback()
        cursor.execute("select customer_id from customer")
        assert sorted(row[0] for row in cursor.fetchall()) == [1, 2, 3, 4, 5]
        cursor.execute("insert into customer (email) values ('g@h')")
        assert cursor.lastrowid > first + 2
        cursor.execute("savepoint here")
        cursor.execute("delete from customer where customer_id in (1, 4)")
        assert cursor.rowcount == 2
        cursor.execute("rollback to savepoint here")
        cursor.execute("delete from customer where email = 'g@h'")
        assert cursor.rowcount == 1
        connection.commit()
    assert sorted(row[0] for row in cluster.query("select customer_id from customer", database="customer")) == [1, 2, 3, 4, 5]


def test_errors_are_the_servers(cluster):
    for sql, code in {
        "select nothing_here from customer": 1054, "insert into customer (customer_id, email) values (1, 'x')": 1062, "select 1 +": 1064,
    }.items():
        with pytest.raises(pymysql.MySQLError) as error:
            cluster.query(sql, database="customer")
        assert error.value.args[0] == code, (sql, error.value.args)


def test_ddl_reaches_every_server(cluster):
    cluster.query("create table visit (id bigint not null auto_increment primary key, at datetime, note json) shard by xxhash(id)", database="customer")
    try:
        cluster.query("insert into visit (at, note) values ('2026-11-22 10:00:00', '{\"a\": 1}'), (now(), null), (now(), null)", database="customer")
        cluster.query("alter table visit add column place varchar(20) default 'here', add index (place)", database="customer")
        assert cluster.query("select place from visit", database="customer") == (("here",),) * 3
        assert "KEY `place` (`place`)" in cluster.query("show create table visit", database="customer")[0][1]
        assert ("place", "varchar(20)") in [row[:2] for row in cluster.query("show columns from visit", database="customer")]
        columns = cluster.query("select column_name, data_type from information_schema.columns where table_schema = 'customer' and table_name = 'visit'")
        assert {name: kind for name, kind in columns} == {"id": "bigint", "at": "datetime", "note": "json", "place": "varchar"}
        wait_until(lambda: follows(cluster), what="replicas with the new definition")
        for tablet in cluster.tablets():
            assert "place" in cluster.server_query(tablet, "show columns from customer.visit")
    finally:
        cluster.query("drop table visit", database="customer")


def test_prepared_statements_by_sysbench(cluster):
    options = ["--db-driver=mysql", "--mysql-host=127.0.0.1", f"--mysql-port={cluster.gate_port()}", "--mysql-user=user",
               f"--mysql-password={PASSWORD}", "--mysql-db=customer", "--tables=1", "--table-size=200", "--threads=2"]

    def sysbench(script, *words):
        done = subprocess.run(["sysbench", script, *options, *words], capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    sysbench("oltp_insert", "prepare")
    try:
        for script in ("oltp_point_select", "oltp_update_index", "oltp_insert"):
            out = sysbench(script, "--events=100", "--time=0", "--db-ps-mode=auto", "run")
            assert "total number of events:              100" in out
    finally:
        sysbench("oltp_insert", "cleanup")


def test_a_killed_server_comes_back(cluster):
    # A gate forgets decisions when nobody waits for it: a killed primary may have one that nobody acknowledged. Its data is made anew then,
    # and until it is, the other has nobody to acknowledge its commits.
    cluster.expected_errors.update(["replica.errant", "shard.needs_help"])
    for tablet in cluster.tablets("customer", "-80"):
        before = cluster.mysqld_pid(tablet["alias"])
        kill(before)
        wait_until(
            lambda: cluster.mysqld_pid(tablet["alias"]) not in (0, before),
            what=f"the server of {tablet['alias']} being started again",
        )
        wait_until(lambda: works(cluster, f"after-{before}"), seconds=90, what=f"the cluster working after kill -9 of {tablet['alias']}'s mysqld")


def test_a_killed_agent_finds_its_server_again(cluster):
    (tablet,) = cluster.tablets("customer", "80-", "primary")
    name = f"tablet-{tablet['alias']}"
    server, agent = cluster.mysqld_pid(tablet["alias"]), cluster.process(name)["pid"]
    kill(agent)
    wait_until(lambda: cluster.process(name)["pid"] not in (0, agent), what="the agent being started again")
    wait_until(lambda: works(cluster, f"after-{agent}"), seconds=60, what="the cluster working")
    assert cluster.mysqld_pid(tablet["alias"]) == server


def test_beside_a_keyspace_on_mariadb(cluster, specs):
    before = {name: each["pid"] for name, each in cluster.processes().items()}
    cluster.write_spec(specs[1])
    cluster.local("apply")
    assert {name: each["pid"] for name, each in cluster.processes().items() if name in before} == before
    for name in ("schema.sql", "data.sql"):
        run_part(cluster, name, "commerce")
    assert cluster.query("select description from product order by sku", database="commerce") == ((b"Monitor",), (b"Keyboard",))
    versions = {each["keyspace"]: each["serverVersion"] for each in cluster.tablets()}
    assert "MariaDB" in versions["commerce"] and "MariaDB" not in versions["customer"]
    for keyspace, version in versions.items():
        assert cluster.query("select version()", database=keyspace) == ((version,),)
    with contextlib.closing(cluster.connect()) as connection, connection.cursor() as cursor:
        cursor.execute("select p.price from commerce.product p where sku = 'SKU-1002'")
        assert cursor.fetchone() == (30,)
        cursor.execute("update customer.corder set price = 31 where customer_id = 4")
        assert cursor.rowcount == 1
        cursor.execute("insert into commerce.product values ('SKU-1003', 'Mouse', 10)")
        assert cursor.rowcount == 1
    wait_until(lambda: works(cluster, "mixed"), what="both keyspaces without a problem, and replicas with all their primaries' transactions")
    assert not cluster.error_lines(), cluster.error_lines()
