"""What a gate does when there is too much to do: limits of users and keyspaces, the time statements have, and what is seen of it. About 20 s."""

import contextlib
import json
import threading
import time

import pymysql
import pytest

from cluster import PASSWORD, commerce_spec, running_cluster, wait_until

LIMITED = {"ConnectionsMax": 6, "StatementsMax": 2}


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    folder = tmp_path_factory.mktemp("overload")
    users = folder / "users.json"
    users.write_text(json.dumps({"user": [{"Password": PASSWORD}], "batch": [{"Password": PASSWORD, **LIMITED}]}))
    spec = commerce_spec()
    spec["spec"]["users"] = {"file": str(users)}
    for gate in spec["spec"]["gates"]:
        gate["options"] = {"query_log": str(folder / "queries.json"), "query_log_every": 0, "query_log_slow": "400ms", "load_waiters_max": 3,
                           "load_wait": "20s"}
    with running_cluster(spec) as started:
        started.load_commerce()
        started.query_log = folder / "queries.json"
        yield started


def sleeping(cluster, user="batch", seconds=1, database="commerce", **options):
    """A statement that a server runs for so long, on a thread of its own; its result comes from .result()."""

    class Sleeper(threading.Thread):
        def run(self):
            self.outcome = None
            try:
                with contextlib.closing(cluster.connect(user=user, database=database, **options)) as connection, connection.cursor() as cursor:
                    cursor.execute(f"select sleep({seconds}) from product limit 1")
                    self.outcome = cursor.fetchall()
            except pymysql.MySQLError as error:
                self.outcome = error

        def result(self):
            self.join(timeout=60)
            return self.outcome

    sleeper = Sleeper()
    sleeper.start()
    return sleeper


def asleep(cluster, database="commerce"):
    """How many statements sleep on the keyspace's server."""
    tablet = cluster.tablets(keyspace=database, type="primary")[0]
    return int(cluster.server_query(tablet, "select count(*) from information_schema.processlist where info like 'select sleep%'"))


def test_a_users_statements_wait_for_their_turn(cluster):
    sleepers = [sleeping(cluster, seconds=1.5) for _ in range(4)]
    wait_until(lambda: asleep(cluster) == 2, what="two of the user's statements on the server")
    assert asleep(cluster) == 2, "no more than two at a time"
    assert cluster.query("select 1 from product limit 1", database="commerce") == ((1,),), "others do not wait"
    assert [sleeper.result() for sleeper in sleepers] == [((0,),)] * 4

    def waits():
        lines = [json.loads(line) for line in cluster.query_log.read_text().splitlines()]
        found = [line["waited_ms"] for line in lines if line["user"] == "batch"]
        return len(found) == 4 and found

    waited = wait_until(waits, what="all four in the query log")
    assert sum(each > 500 for each in waited) == 2, waited
    metrics = cluster.http("gate-1", "/metrics")
    assert "kintsugi_gate_load_wait_seconds_count 2" in metrics


def test_a_full_queue_is_refused(cluster):
    sleepers = [sleeping(cluster, seconds=2) for _ in range(5)]
    wait_until(lambda: asleep(cluster) == 2, what="two of the user's statements on the server")

    def refused():
        with pytest.raises(pymysql.MySQLError) as error:
            cluster.query("select 1 from product limit 1", user="batch", database="commerce")
        assert error.value.args[0] == 1226, error.value
        return "user 'batch' runs 2 statements" in error.value.args[1] and "KT4054" in error.value.args[1]

    wait_until(refused, seconds=2, what="the refusal of a sixth statement")
    assert [sleeper.result() for sleeper in sleepers] == [((0,),)] * 5


def test_a_users_connections_are_bounded(cluster):
    with contextlib.ExitStack() as stack:
        for _ in range(LIMITED["ConnectionsMax"]):
            stack.enter_context(contextlib.closing(cluster.connect(user="batch")))
        with pytest.raises(pymysql.MySQLError) as error:
            cluster.connect(user="batch")
        assert error.value.args[0] == 1203 and "KT4005" in error.value.args[1], error.value
    wait_until(lambda: cluster.query("select 1", user="batch"), what="room for a connection")


def test_waiting_is_a_part_of_a_statements_time(cluster):
    sleepers = [sleeping(cluster, seconds=2) for _ in range(2)]
    wait_until(lambda: asleep(cluster) == 2, what="two of the user's statements on the server")
    begun = time.monotonic()
    with pytest.raises(pymysql.MySQLError) as error:
        cluster.query("select /*kintsugi: timeout_ms=300 */ 1 from product limit 1", user="batch", database="commerce")
    assert error.value.args[0] == 3024, error.value
    assert time.monotonic() - begun < 1.5
    assert [sleeper.result() for sleeper in sleepers] == [((0,),)] * 2


def test_a_statement_whose_time_is_over_is_killed_on_its_servers(cluster):
    with pytest.raises(pymysql.MySQLError) as error:
        cluster.query("select /*kintsugi: timeout_ms=500 */ sleep(60) from product limit 1", database="commerce")
    assert error.value.args[0] == 3024, error.value
    wait_until(lambda: asleep(cluster) == 0, seconds=5, what="the end of it on the server")


def test_a_statement_whose_client_is_gone_is_killed_on_its_servers(cluster):
    connection = cluster.connect(database="commerce")
    connection._execute_command(3, "select sleep(60) from product limit 1")  # COM_QUERY, whose answer nobody reads
    wait_until(lambda: asleep(cluster) == 1, what="the statement on the server")
    connection._force_close()
    wait_until(lambda: asleep(cluster) == 0, seconds=10, what="the end of it on the server")


def test_a_keyspace_is_bounded_by_its_vschema(cluster, tmp_path):
    vschema = cluster.json("vschema", "show", "customer")
    vschema["rate_max"] = 5
    file = tmp_path / "vschema.json"
    file.write_text(json.dumps(vschema))
    cluster.cli("vschema", "apply", "customer", str(file))
    with contextlib.closing(cluster.connect(database="customer")) as connection, connection.cursor() as cursor:

        def is_slowed():
            begun = time.monotonic()
            for _ in range(8):
                cursor.execute("select 1 from customer where customer_id = 1")
            return time.monotonic() - begun > 0.5

        wait_until(is_slowed, what="statements at the pace that the vschema allows")
        begun = time.monotonic()
        cursor.execute("select 1 from commerce.product limit 1")
        assert time.monotonic() - begun < 0.2, "of other keyspaces they do not wait"
    vschema.pop("rate_max")
    file.write_text(json.dumps(vschema))
    cluster.cli("vschema", "apply", "customer", str(file))


def test_the_query_log_hides_values(cluster):
    cluster.query("select 'secret', sleep(0.5) from product limit 1", database="commerce")
    with pytest.raises(pymysql.MySQLError):
        cluster.query("select 'secret' from never_made /*traceparent='00-4bf9-01'*/", database="commerce")

    def lines():
        found = [json.loads(line) for line in cluster.query_log.read_text().splitlines()]
        slow = [line for line in found if line.get("text") == "select ?, sleep(?) from product limit ?"]
        failed = [line for line in found if line.get("error") == 1146]
        return slow and failed and (slow[-1], failed[-1])

    slow, failed = wait_until(lines, what="both in the query log")
    assert slow["user"] == "user" and slow["tier"] == "route" and slow["shards"] == 1 and slow["rows"] == 1 and slow["ms"] >= 500
    assert failed["trace"] == "00-4bf9-01" and "message" not in failed
    assert "secret" not in cluster.query_log.read_text()
    shapes = json.loads(cluster.http("gate-1", "/debug/queries?format=json"))
    assert slow["shape"] in {shape["id"] for shape in shapes}
    page = cluster.http("gate-1", "/debug/queries?format=html&sort=Max_ms")
    assert "select ?, sleep(?) from product limit ?" in page and "secret" not in page
    assert f'kintsugi_gate_query_calls_total{{shape="{slow["shape"]}"' in cluster.http("gate-1", "/metrics")
