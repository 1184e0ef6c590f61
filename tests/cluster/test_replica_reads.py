"""Reads from replicas that are made to lag: never back in time in a session, its own writes when it asks for them, no older than it allows."""

import contextlib
import os
import re
import signal
import subprocess
import threading

import pymysql
import pytest

from cluster import PASSWORD, ROOT, commerce_spec, kill, running_cluster, wait_until

MYSQL = ROOT / "build" / "mysql"
REPLICA = "/*kintsugi: tablet_type=replica */ "
READ = REPLICA + "select n, @@port from account where id = {}"
SHARDS = {"mariadb": ["-80", "80-"], "mysql": ["-"]}


def spec(flavour):
    made = commerce_spec()
    made["metadata"]["name"] = "replicas"
    made["spec"]["keyspaces"] = [{
        "name": "shop", "partitions": SHARDS[flavour], "vschema": {"inline": {"sharded": True}},
        "tablets": [{"cell": "zone1", "type": "replica", "count": 3}],
    }]
    (gate,) = made["spec"]["gates"]
    gate["options"] = {"replica_wait": "2s"}
    if flavour == "mysql":
        subprocess.run([ROOT / "tools" / "mysql" / "install"], check=True, timeout=300)
        gate["options"] |= {"backend_sockets": False, "backend_tls": True}
        made["spec"]["keyspaces"][0]["mysqld"] = {"flavour": "mysql", "binary": str(MYSQL / "mysqld")}
    return made


@pytest.fixture(scope="module", params=SHARDS)
def cluster(request):
    with running_cluster(spec(request.param)) as started:
        started.query("create table account (id bigint primary key, n bigint not null) shard by hash(id)", database="shop")
        started.query("insert into account values " + ", ".join(f"({id}, 0)" for id in range(1, 21)), database="shop")
        started.shards = SHARDS[request.param]
        started.ids = [started.query("select min(id) from account", database=f"shop/{shard}")[0][0] for shard in started.shards]
        yield started


@pytest.fixture(autouse=True)
def in_step(cluster):
    wait_until(lambda: cluster.query("update account set n = 0", database="shop") == (), what="the gate taking writes")
    wait_until(lambda: all_in_step(cluster), what="replicas with all that their primaries have")


def replicas(cluster, shard):
    return cluster.tablets("shop", shard, "replica")


def primary(cluster, shard):
    alias = cluster.json("shard", "show", f"shop/{shard}")["shard"]["record"]["primaryAlias"]
    return next(each for each in cluster.tablets("shop", shard) if each["alias"] == alias)


def port(tablet):
    return tablet["address"]["mysqlPort"]


def rows(tablet):
    """What the server has, asked past the gate; while somebody holds it, too."""
    return ask(tablet, "select id, n from shop.account order by id")


def ask(tablet, sql):
    with contextlib.closing(root(tablet)) as server, server.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def root(tablet):
    return pymysql.connect(unix_socket=tablet["address"]["mysqlSocket"], user="root", autocommit=True)


def all_in_step(cluster):
    for shard in cluster.shards:
        assert len({rows(tablet) for tablet in cluster.tablets("shop", shard)}) == 1
        for tablet in replicas(cluster, shard):
            replication = cluster.json("tablet", "show", tablet["alias"])["status"]["health"]["replication"]
            assert int(replication.get("lagMs", 99_999)) == 0, replication
    return True


@contextlib.contextmanager
def held_back(*tablets):
    """Replicas that receive, and acknowledge, but apply nothing."""
    with contextlib.ExitStack() as stack:
        for tablet in tablets:
            server = stack.enter_context(contextlib.closing(root(tablet)))
            with server.cursor() as cursor:
                cursor.execute("lock tables shop.account read")
        yield


@contextlib.contextmanager
def unheard(cluster, tablet):
    """A tablet whose agent says nothing: gates do not use it after a while."""
    name = next(each for each in cluster.processes() if tablet["alias"] in each)
    pid = cluster.process(name)["pid"]
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


class Session:
    def __init__(self, cluster, *prepare):
        self.connection = cluster.connect(database="shop", read_timeout=60)
        for sql in prepare:
            self(sql)

    def __call__(self, sql):
        with self.connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall()

    def read(self, id):
        """Its number and the port of the server that told it."""
        return self(READ.format(id))[0]


@pytest.fixture
def session(cluster):
    with contextlib.ExitStack() as stack:
        def make(*prepare):
            made = Session(cluster, *prepare)
            stack.callback(made.connection.close)
            return made
        yield make


def lag_ms(cluster, tablet):
    replication = cluster.json("tablet", "show", tablet["alias"])["status"]["health"]["replication"]
    return int(replication.get("lagMs", 0))


def fallbacks(cluster, reason):
    found = re.search(rf'kintsugi_gate_replica_fallbacks_total{{reason="{reason}"}} (\d+)', cluster.http("gate-1", "/metrics"))
    return int(found.group(1)) if found else 0


def change(cluster, id):
    """One more, on the primary; gives the number."""
    cluster.query(f"update account set n = n + 1 where id = {id}", database="shop")
    return cluster.query(f"select n from account where id = {id}", database="shop")[0][0]


def test_reads_of_a_session_never_go_back_in_time(cluster, session):
    shard, id = cluster.shards[0], cluster.ids[0]
    one, other = replicas(cluster, shard)
    reader = session()
    seen, where = reader.read(id)
    mine, behind = (one, other) if where == port(one) else (other, one)
    assert where == port(mine)
    with held_back(behind):
        new = change(cluster, id)
        wait_until(lambda: reader.read(id) == (new, port(mine)), what="the replica that the session reads having it")
        for _ in range(20):
            assert reader.read(id) == (new, port(mine)), "a session stays with its replica"
        before = fallbacks(cluster, "wait")
        with unheard(cluster, mine):
            fresh = session()
            wait_until(lambda: {session().read(id) for _ in range(6)} == {(new - 1, port(behind))}, what="only the replica behind being read by new sessions")
            assert reader.read(id) == (new, port(primary(cluster, shard))), "what is behind was waited for in vain: the primary"
            assert fallbacks(cluster, "wait") == before + 1
            assert reader.read(id) == (new, port(primary(cluster, shard)))
            assert fallbacks(cluster, "wait") == before + 1, "for a moment nothing is waited for again"
            assert fresh.read(id)[0] in (new - 1, new)
    wait_until(lambda: reader.read(id)[1] in (port(one), port(other)), what="the session being back at a replica")
    assert reader.read(id)[0] == new


def test_own_writes_are_read_by_who_asks_for_it(cluster, session):
    """Over all shards: each has its own position. Who does not ask reads what replicas have."""
    ids, list_of_ids = cluster.ids, ", ".join(map(str, cluster.ids))
    read_all = REPLICA + f"select n from account where id in ({list_of_ids}) order by id"
    asks, does_not = session("set read_your_writes = on"), session()
    both = [each for shard in cluster.shards for each in replicas(cluster, shard)]
    with held_back(*both):
        for writer in (asks, does_not):
            (before,) = set(writer(read_all))
            for transaction in (True, False):
                writer("begin") if transaction else None
                new = before[0] + (1 if transaction else 2)
                for id in ids:
                    writer(f"update account set n = n + 1 where id = {id}")
                writer("commit") if transaction else None
                if writer is asks:
                    assert set(writer(read_all)) == {(new,)}
                    shards_primaries = {port(primary(cluster, shard)) for shard in cluster.shards}
                    assert {writer.read(id) for id in ids} <= {(new, each) for each in shards_primaries}
                else:
                    assert set(writer(read_all)) == {before}, "replicas are behind, and are read"
            if writer is asks:
                # So that the next session begins like this one.
                writer(f"update account set n = {before[0]} where id in ({list_of_ids})")
    asks(f"update account set n = 1000 where id in ({list_of_ids})")
    for id, shard in zip(ids, cluster.shards):
        wait_until(lambda: asks.read(id)[1] in [port(each) for each in replicas(cluster, shard)], what="replicas being read")
        assert asks.read(id)[0] == 1000


def test_a_read_waits_until_its_replica_has_caught_up(cluster, session):
    id = cluster.ids[0]
    both = replicas(cluster, cluster.shards[0])
    writer = session("set read_your_writes = 1")
    before, answers = fallbacks(cluster, "wait"), []
    with held_back(*both):
        new = change(cluster, id) + 1
        writer(f"update account set n = {new} where id = {id}")
        reading = threading.Thread(target=lambda: answers.append(writer.read(id)))
        reading.start()
        waiting = "select count(*) from information_schema.processlist where info like 'SELECT %GTID%(%' and info not like '%processlist%'"
        wait_until(lambda: any(ask(each, waiting)[0][0] for each in both), what="the read waiting")
    reading.join()
    assert answers == [(new, answers[0][1])] and answers[0][1] in [port(each) for each in both]
    assert fallbacks(cluster, "wait") == before
    assert re.search(r"kintsugi_gate_replica_wait_seconds_count [1-9]", cluster.http("gate-1", "/metrics"))


def test_what_is_read_is_no_older_than_the_session_allows(cluster, session):
    shard, id = cluster.shards[0], cluster.ids[0]
    one, other = replicas(cluster, shard)
    patient, strict = session(), session("set max_replica_lag = 2.5")
    with held_back(one, other):
        new = change(cluster, id)
        wait_until(lambda: min(lag_ms(cluster, one), lag_ms(cluster, other)) > 3000, what="both replicas lagging")
        before = fallbacks(cluster, "lag")
        assert patient.read(id)[0] == new - 1
        assert strict.read(id) == (new, port(primary(cluster, shard)))
        assert fallbacks(cluster, "lag") == before + 1
        strict("set max_replica_lag = '1h'")
        strict("set max_replica_lag = default")
        assert session("set max_replica_lag = '1h'").read(id)[0] == new - 1
    wait_until(lambda: session("set max_replica_lag = '2500ms'").read(id)[1] in (port(one), port(other)), what="a replica being fresh enough")


def test_replicas_that_lag_less_are_read_first(cluster, session):
    shard, id = cluster.shards[0], cluster.ids[0]
    one, other = replicas(cluster, shard)
    wait_until(lambda: {session().read(id)[1] for _ in range(6)} == {port(one), port(other)}, what="both being read in turn")
    with held_back(one):
        new = change(cluster, id)
        wait_until(lambda: lag_ms(cluster, one) > 2500, what="one replica lagging")
        wait_until(lambda: {session().read(id) for _ in range(10)} == {(new, port(other))}, what="only the other being read")


def test_a_transaction_on_a_replica_is_of_one_moment(cluster, session):
    shard, id = cluster.shards[0], cluster.ids[0]
    reader = session("use shop@replica", "begin")
    before = reader(f"select n from account where id = {id}")
    new = change(cluster, id)
    for replica in replicas(cluster, shard):
        wait_until(lambda: (id, new) in rows(replica), what="the replica having it")
    assert reader(f"select n from account where id = {id}") == before
    reader("commit")
    assert reader(f"select n from account where id = {id}") == ((new,),)


def test_variables(cluster, session):
    one = session()
    assert one("select @@read_your_writes, @@max_replica_lag") == ((0, 0),)
    one("set read_your_writes = on"), one("set max_replica_lag = '1500ms'")
    assert [float(each) for each in one("select @@read_your_writes, @@session.max_replica_lag")[0]] == [1, 1.5]
    one("set read_your_writes = default"), one("set max_replica_lag = default")
    assert one("select @@read_your_writes, @@max_replica_lag") == ((0, 0),)
    one("set read_your_writes = on")
    assert one("show variables like 'read\\_your%'") == (("read_your_writes", "ON"),)
    assert dict(one("show session variables"))["transaction_mode"] == "atomic"
    assert one("show variables like 'sql_mode'"), "a server's"
    for wrong in ("set read_your_writes = 7", "set max_replica_lag = 'soon'", "set max_replica_lag = -1"):
        with pytest.raises(pymysql.MySQLError, match="KT"):
            one(wrong)


def set_option(cluster, name, value):
    cluster.spec["spec"]["gates"][0]["options"][name] = value
    cluster.write_spec(cluster.spec)
    before = cluster.process("gate-1")["pid"]
    cluster.local("up")
    wait_until(lambda: cluster.process("gate-1")["pid"] not in (0, before), what="the gate being started anew")
    wait_until(lambda: cluster.query("select 1", database="shop"), what="the gate answering")


def test_who_does_not_want_the_primary_to_be_read_says_so(cluster, session):
    """replica_fallback = refuse, of a gate that is started anew with it."""
    shard, id = cluster.shards[0], cluster.ids[0]
    set_option(cluster, "replica_fallback", "refuse")
    both = replicas(cluster, shard)
    strict, writer = session("set max_replica_lag = 2"), session("set read_your_writes = on")
    with held_back(*both):
        change(cluster, id)
        writer(f"update account set n = n + 1 where id = {id}")
        with pytest.raises(pymysql.MySQLError, match="KT4027.*had not caught up after 2000 ms"):
            writer.read(id)
        wait_until(lambda: min(lag_ms(cluster, each) for each in both) > 2500, what="both replicas lagging")
        with pytest.raises(pymysql.MySQLError, match="KT4027.*may be .* ms behind"):
            strict.read(id)
        assert strict(f"select n from account where id = {id}"), "its transaction and its connection are well"
    set_option(cluster, "replica_fallback", "primary")


def test_a_failover_takes_nothing_back(cluster, session):
    """The session's replica may become the primary: it reads another one then, which must have all that the session has seen."""
    shard, id = cluster.shards[0], cluster.ids[0]
    readers = [session("set read_your_writes = on") for _ in range(4)]
    new = change(cluster, id)
    for reader in readers:
        wait_until(lambda: reader.read(id)[0] == new, what="replicas having it")
    writer = readers[0]
    writer(f"update account set n = {new + 1} where id = {id}")
    old = primary(cluster, shard)
    kill(int(cluster.json("tablet", "show", old["alias"])["status"]["mysqldPid"]))
    assert writer.read(id)[0] == new + 1
    wait_until(lambda: primary(cluster, shard)["alias"] != old["alias"], what="another primary")
    for reader in readers:
        for _ in range(10):
            assert reader.read(id)[0] >= (new + 1 if reader is writer else new)
    newer = change(cluster, id)
    for reader in readers:
        wait_until(lambda: reader.read(id)[0] == newer, what="the new primary's writes being read from replicas")
