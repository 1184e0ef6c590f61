"""Temporary tables are one session's, end with it, and are not taken for others when their server is lost; on MariaDB and on MySQL."""

import contextlib
import subprocess

import pymysql
import pytest

from cluster import PASSWORD, ROOT, commerce_spec, kill, running_cluster, wait_until

MYSQL = ROOT / "build" / "mysql"
POOL = 12  # connections of the gate to each server


def spec_of(flavour):
    spec = commerce_spec()
    commerce, customer = spec["spec"]["keyspaces"]
    options = {"pool_connections_max": POOL, "pool_wait": "2s"}
    if flavour == "mysql":
        subprocess.run([ROOT / "tools" / "mysql" / "install"], check=True, timeout=300)
        options.update(backend_sockets=False, backend_tls=True)
        customer["mysqld"] = {"flavour": "mysql", "binary": str(MYSQL / "mysqld")}
    spec["spec"]["gates"][0]["options"] = options
    customer["tablets"] = [{"cell": "zone1", "type": "replica", "count": 1}]
    spec["spec"]["keyspaces"] = [customer] if flavour == "mysql" else [commerce, customer]
    return spec


@pytest.fixture(scope="module", params=["mariadb", "mysql"])
def cluster(request):
    with running_cluster(spec_of(request.param)) as started:
        started.flavour = request.param
        with contextlib.closing(connect(started)) as connection:
            ask(connection, "create table buyer (id bigint primary key, name varchar(20)) shard by hash(id)")
            ask(connection, "insert into buyer values " + ", ".join(f"({i}, 'b{i}')" for i in range(1, 41)))
        yield started


def connect(cluster, database="customer"):
    options = {"ssl": {"verify_mode": "none"}} if cluster.flavour == "mysql" else {}
    return cluster.connect(user="user", password=PASSWORD, database=database, **options)


@pytest.fixture
def gate(cluster):
    with contextlib.closing(connect(cluster)) as connection:
        yield connection


def ask(connection, sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def error_of(connection, sql):
    with pytest.raises(pymysql.MySQLError) as failed:
        ask(connection, sql)
    return failed.value.args


def make(connection):
    ask(connection, "create temporary table tmp (id bigint primary key, v varchar(20))")
    ask(connection, "insert into tmp values (1, 'one'), (2, 'two'), (100, 'hundred')")


def test_joins_and_writes_over_shards(gate):
    make(gate)
    joined = "select t.id, b.name from tmp t left join buyer b on b.id = t.id order by t.id"
    assert ask(gate, joined) == ((1, "b1"), (2, "b2"), (100, None))
    assert ask(gate, joined) == ((1, "b1"), (2, "b2"), (100, None)), "the copies of the first are gone"
    ask(gate, "insert into tmp select id, name from buyer where id > 35")
    ask(gate, "update tmp t join buyer b on b.id = t.id set t.v = concat(b.name, '!')")
    assert ask(gate, "select v from tmp where id in (2, 40) order by id") == (("b2!",), ("b40!",))
    ask(gate, "create temporary table copied as select id % 3 as rest, count(*) as n, max(name) as most from buyer group by id % 3")
    assert ask(gate, "select rest, n from copied order by rest") == ((0, 13), (1, 14), (2, 13))
    ask(gate, "delete from buyer where id in (select id from tmp where id > 38)")
    assert ask(gate, "select count(*) from buyer") == ((38,),)
    ask(gate, "insert into buyer select id, left(v, 3) from tmp where id > 38")
    assert ask(gate, "select id, name from buyer where id > 38 order by id") == ((39, "b39"), (40, "b40"), (100, "hun"))
    ask(gate, "delete from buyer where id = 100")


def test_a_table_named_twice(cluster, gate):
    """MySQL's servers cannot, and say so; MariaDB's can."""
    make(gate)
    twice = "select count(*) from tmp a join tmp b on a.id = b.id"
    beside_shards = "select count(*) from tmp a join tmp b on a.id = b.id join buyer c on c.id = a.id"
    if cluster.flavour == "mysql":
        assert error_of(gate, twice)[0] == error_of(gate, beside_shards)[0] == 1137
    else:
        assert ask(gate, twice) == ((3,),) and ask(gate, beside_shards) == ((2,),)
    assert ask(gate, "select count(*) from tmp join buyer using (id)") == ((2,),), "nothing is left of a query that failed"


def test_of_one_session(cluster, gate):
    make(gate)
    with contextlib.closing(connect(cluster)) as other:
        assert error_of(other, "select * from tmp")[0] == 1146
        make(other)
        ask(other, "delete from tmp")
        ask(other, "create temporary table buyer (only_mine int)")
        assert ask(other, "select count(*) from buyer") == ((0,),)
        assert ask(gate, "select count(*) from buyer") == ((40,),), "plans are shared, temporary tables are not"
        assert ask(other, "select count(*) from buyer") == ((0,),)
    assert ask(gate, "select count(*) from tmp") == ((3,),)


def test_reset_and_change_user_end_them(cluster):
    for again in ("reset", "change user"):
        with contextlib.closing(connect(cluster)) as connection:
            make(connection)
            if again == "reset":
                connection._execute_command(0x1F, b"")
                connection._read_ok_packet()
            else:
                change_user(connection)
            assert error_of(connection, "select * from tmp")[0] == 1146
            make(connection)
            assert ask(connection, "select count(*) from tmp") == ((3,),)


def change_user(connection):
    """COM_CHANGE_USER to the same one; the server asks for the password again in its own way."""
    connection._execute_command(0x11, b"user\0\0customer\0" + b"\x2d\0" + b"mysql_native_password\0")
    packet = connection._read_packet()
    while not packet.is_ok_packet():
        assert packet.is_auth_switch_request(), packet.get_all_data()
        packet.read_uint8()
        packet = connection._process_auth(packet.read_string(), packet)


def test_they_leave_nothing_on_pooled_connections(cluster):
    """Many sessions use the same few connections after one another."""
    for round in range(20):
        with contextlib.closing(connect(cluster)) as connection:
            assert error_of(connection, "select * from tmp")[0] == 1146
            make(connection)
            assert ask(connection, "select count(*) from tmp join buyer using (id)") == ((2,),), round


def test_dropped_ones_give_their_connection_back(cluster):
    """More sessions than there may be connections to a server; none of them ends."""
    with contextlib.ExitStack() as sessions:
        for _ in range(POOL + 5):
            connection = sessions.enter_context(contextlib.closing(connect(cluster)))
            make(connection)
            assert ask(connection, "select count(*) from tmp join buyer using (id)") == ((2,),)
            ask(connection, "drop temporary table tmp")


def test_explained(gate):
    make(gate)
    plan = "\n".join(row[0] for row in ask(gate, "explain format=kintsugi select * from tmp join buyer using (id)"))
    assert plan.startswith("gather: customer/-80") and "all 2 shards of customer into _kintsugi_g1" in plan and "_kintsugi_g2" not in plan
    assert ask(gate, "explain format=kintsugi select * from tmp")[0][0].startswith("route")
    assert ask(gate, "explain select * from tmp")


def test_a_chosen_shard(cluster, gate):
    ask(gate, "use `customer/80-`")
    make(gate)
    assert ask(gate, "select count(*) from tmp") == ((3,),)
    ask(gate, "use customer")
    assert ask(gate, "select count(*) from tmp t join buyer b on b.id = t.id") == ((2,),)
    ask(gate, "use `customer/-80`")
    assert error_of(gate, "select * from tmp")[0] == 1146


def test_not_on_replicas(gate):
    make(gate)
    ask(gate, "use customer@replica")
    assert error_of(gate, "select * from tmp")[0] == error_of(gate, "create temporary table more (a int)")[0] == 1290
    ask(gate, "use customer")
    assert ask(gate, "select count(*) from tmp") == ((3,),)


def test_a_query_killed_in_its_middle(cluster, gate):
    """The copies beside the temporary table are gone, the table is not."""
    make(gate)
    assert error_of(gate, "select /*kintsugi: timeout_ms=300 */ sleep(5), b.id from tmp t join buyer b on b.id = t.id")[0] == 3024
    assert ask(gate, "select count(*) from tmp t join buyer b on b.id = t.id") == ((2,),)


def test_a_lost_server_is_told(cluster):
    """Also where the name is that of a sharded table, which is then not meant."""
    with contextlib.closing(connect(cluster)) as connection:
        make(connection)
        ask(connection, "create temporary table buyer (only_mine int)")
        tablet = cluster.tablets("customer", "-80", "primary")[0]
        before = cluster.mysqld_pid(tablet["alias"])
        kill(before)

        def told():
            code, message = error_of(connection, "select count(*) from buyer")
            return code == 1146 and "KT3225" in message and "gone" in message

        wait_until(told, what="being told that the temporary tables are gone")
        assert "KT3225" in error_of(connection, "insert into tmp values (5, 5)")[1]
        assert "KT3225" in error_of(connection, "drop table buyer")[1], "the sharded one is not dropped instead"
        assert "KT3225" in error_of(connection, "show create table buyer")[1]

        def served():
            with contextlib.closing(connect(cluster)) as other:
                return ask(other, "select count(*) from buyer") == ((40,),)

        wait_until(served, seconds=90, what="the server being back")
        assert "KT3225" in error_of(connection, "select count(*) from buyer")[1]
        make(connection)
        assert ask(connection, "select count(*) from tmp") == ((3,),)
        assert error_of(connection, "drop temporary table buyer")[0] == 1051, "it is gone, which its server says too"
        assert ask(connection, "select count(*) from buyer") == ((40,),)
