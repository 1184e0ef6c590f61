"""A primary fails in every way that can be made here: another takes over by itself, what was acknowledged is there, the old one comes back."""

import contextlib
import os
import signal
import threading
import time

import pymysql
import pytest

from bank import bank_spec
from cluster import kill, running_cluster, wait_until


@pytest.fixture(scope="module")
def cluster():
    with running_cluster(bank_spec()) as started:
        started.query("create table entry (id bigint primary key, writer int not null)", database="bank")
        yield started


class Writer(threading.Thread):
    """Inserts 1, 2, 3, … by statements of their own, each once, and remembers what was acknowledged and how long nothing was."""

    def __init__(self, cluster, number):
        super().__init__(daemon=True)
        self.cluster, self.number = cluster, number
        self.acknowledged, self.errors = [], []
        self.longest_pause = 0.0
        self.ended = threading.Event()

    def run(self):
        connection, last, key = None, time.monotonic(), 0
        while not self.ended.is_set():
            key += 1
            try:
                connection = connection or self.cluster.connect(database="bank", connect_timeout=5, read_timeout=60)
                with connection.cursor() as cursor:
                    cursor.execute("insert into entry values (%s, %s)", (self.number * 1_000_000_000 + key, self.number))
                self.acknowledged.append(key)
                now = time.monotonic()
                self.longest_pause, last = max(self.longest_pause, now - last), now
            except (pymysql.MySQLError, OSError) as error:
                self.errors.append(error.args)
                with contextlib.suppress(Exception):
                    connection.close()
                connection = None
        if connection:
            connection.close()


@contextlib.contextmanager
def load(cluster, writers=4):
    """What is acknowledged while the body runs, and until each writer has written once more after it, must be there in the end."""
    base = int(time.time() * 10) % 100_000 * 10
    threads = [Writer(cluster, base + number) for number in range(writers)]
    for thread in threads:
        thread.start()
    try:
        wait_until(lambda: all(len(thread.acknowledged) > 20 for thread in threads), what="the load running")
        yield threads
        written = [len(thread.acknowledged) for thread in threads]
        wait_until(lambda: all(len(thread.acknowledged) > before + 5 for thread, before in zip(threads, written)), what="writes going on")
    finally:
        for thread in threads:
            thread.ended.set()
        for thread in threads:
            thread.join()
    for thread in threads:
        found = {row[0] % 1_000_000_000 for row in cluster.query(f"select id from entry where writer = {thread.number}", database="bank")}
        missing = [key for key in thread.acknowledged if key not in found]
        assert not missing, f"{len(missing)} acknowledged rows are lost: {missing[:10]}; errors {thread.errors[:5]}"


def primary(cluster):
    return cluster.json("shard", "show", "bank/-")["shard"]["record"]["primaryAlias"]


def tablet_process(cluster, alias):
    return next(each for name, each in cluster.processes().items() if alias in name)


def is_well(cluster):
    status = cluster.json("cluster", "status")
    assert not status.get("problems"), status["problems"]
    return True


def all_agree(cluster):
    """The same rows on every server."""
    seen = {tablet["alias"]: cluster.server_query(tablet, "select count(*), sum(id) from bank.entry") for tablet in cluster.tablets()}
    assert len(set(seen.values())) == 1, seen
    return True


def fail_over(cluster, fault, heal=lambda: None):
    """Lets `fault` (told the primary's alias) happen under load; gives the longest pause of any writer back."""
    wait_until(lambda: is_well(cluster), seconds=90, what="a healthy cluster")
    old = primary(cluster)
    with load(cluster) as writers:
        fault(old)
        wait_until(lambda: primary(cluster) != old, what="another primary")
    heal()
    wait_until(lambda: is_well(cluster), seconds=120, what=f"{old} being back as a replica")
    wait_until(lambda: all_agree(cluster), what="all servers having the same rows")
    pause = max(writer.longest_pause for writer in writers)
    print(f"longest pause of a writer: {pause:.2f} s")
    return writers


def metric(cluster, line):
    """The value of one of the leader's series, by its name and labels; 0 where it is not there."""
    return next((float(each.split()[-1]) for each in cluster.http("control-1", "/metrics").splitlines() if each.startswith(line)), 0)


def test_a_killed_server(cluster):
    series = 'kintsugi_control_recoveries_total{kind="unplanned",outcome="changed"}'
    before = metric(cluster, series)
    for _ in range(3):
        fail_over(cluster, lambda old: kill(cluster.mysqld_pid(old)))
    assert metric(cluster, series) == before + 3
    assert metric(cluster, "kintsugi_control_shards_without_redundancy ") == 0


def test_a_killed_agent_and_server(cluster):
    def fault(old):
        server = cluster.mysqld_pid(old)
        kill(tablet_process(cluster, old)["pid"])
        kill(server)

    fail_over(cluster, fault)


def test_a_server_that_hangs(cluster):
    fail_over(cluster, lambda old: os.kill(cluster.mysqld_pid(old), signal.SIGSTOP))


def test_an_agent_that_is_killed_alone_changes_nothing(cluster):
    wait_until(lambda: is_well(cluster), seconds=90, what="a healthy cluster")
    old = primary(cluster)
    with load(cluster) as writers:
        kill(tablet_process(cluster, old)["pid"])
        wait_until(lambda: is_well(cluster), what="the agent being back")
    assert primary(cluster) == old
    assert not [error for writer in writers for error in writer.errors]


def hand_over_under_load(cluster, times):
    """So often, and no client sees an error."""
    for _ in range(times):
        wait_until(lambda: is_well(cluster), seconds=90, what="a healthy cluster")
        old = primary(cluster)
        with load(cluster) as writers:
            done = cluster.cli("shard", "reparent", "bank/-")
            assert primary(cluster) != old and primary(cluster) in done.stdout
        assert not [error for writer in writers for error in writer.errors]
        print(f"longest pause of a writer: {max(writer.longest_pause for writer in writers):.2f} s")
    wait_until(lambda: all_agree(cluster), what="all servers having the same rows")


def test_hand_over_under_load_is_a_pause(cluster):
    hand_over_under_load(cluster, 10)


def lose_acknowledgements(cluster, old):
    """Replicas receive commits and do not acknowledge them, and then connect again as those who do: as where the network drops what they send for a moment."""
    tablets = {tablet["alias"]: tablet for tablet in cluster.tablets()}
    former, replicas = tablets.pop(old), tablets.values()
    connect_again = "stop slave io_thread; start slave io_thread"

    def stays_silent(replica):
        """Its agent sees within a second what was switched off, and may mend it on one before the other is silent, too."""
        if cluster.server_query(replica, "select @@global.rpl_semi_sync_slave_enabled") != "0\n":
            cluster.server_query(replica, f"set global rpl_semi_sync_slave_enabled = off; {connect_again}")

    def received_and_waits():
        waits = cluster.server_query(former, "show status like 'rpl_semi_sync_master_wait_sessions'").split()[-1]
        if waits == "0":
            for each in replicas:
                stays_silent(each)
            return False
        written = cluster.server_query(former, "select @@gtid_binlog_pos")
        return all(cluster.server_query(each, "select @@gtid_slave_pos") == written for each in replicas)

    wait_until(received_and_waits, what="commits that wait and are on both replicas")
    for each in replicas:
        cluster.server_query(each, f"set global rpl_semi_sync_slave_enabled = on; {connect_again}")


def test_a_lost_acknowledgement_is_not_waited_for_for_ever(cluster):
    fail_over(cluster, lambda old: lose_acknowledgements(cluster, old))
    assert "an acknowledgement was lost" in cluster.json("recovery", "list", "bank/-")["recoveries"][0]["reason"]


def test_a_primary_that_is_stopped_hands_over_first(cluster):
    writers = fail_over(cluster, lambda old: os.kill(tablet_process(cluster, old)["pid"], signal.SIGTERM))
    assert not [error for writer in writers for error in writer.errors]
    last = cluster.json("recovery", "list", "bank/-")["recoveries"][0]
    assert last["kind"] == "planned" and last["askedBy"] == f"{last['from']}, which is being stopped"


def test_hand_over_to_the_one_that_is_named(cluster):
    wait_until(lambda: is_well(cluster), seconds=90, what="a healthy cluster")
    old = primary(cluster)
    to = next(tablet["alias"] for tablet in cluster.tablets() if tablet["alias"] != old)
    done = cluster.json("shard", "reparent", "bank/-", "--to", to)
    assert done["recovery"]["outcome"] == "changed" and done["recovery"]["to"] == to
    journal = cluster.json("recovery", "show", done["recovery"]["id"])["recovery"]
    assert journal["kind"] == "planned" and journal["from"] == old and journal["steps"]
    assert f"{old} (primary)" in journal["seen"]
    listed = cluster.cli("recovery", "list", "bank/-").stdout
    assert done["recovery"]["id"] in listed.splitlines()[1]


def refused(cluster, *arguments):
    done = cluster.cli(*arguments, check=False)
    assert done.returncode != 0, done.stdout
    return done.stderr


def test_hand_over_is_refused_with_a_reason(cluster):
    wait_until(lambda: is_well(cluster), seconds=90, what="a healthy cluster")
    old = primary(cluster)
    assert "is the primary of bank/- already" in refused(cluster, "shard", "reparent", "bank/-", "--to", old)
    assert "zone9-1 is no tablet of bank/-" in refused(cluster, "shard", "reparent", "bank/-", "--to", "zone9-1")
    assert "there is no" in refused(cluster, "shard", "reparent", "nowhere/-")
    assert "there is no recovery 'x'" in refused(cluster, "recovery", "show", "x")
    stopped = next(tablet["alias"] for tablet in cluster.tablets() if tablet["alias"] != old)
    server = cluster.mysqld_pid(stopped)
    os.kill(server, signal.SIGSTOP)
    try:
        wait_until(lambda: metric(cluster, "kintsugi_control_shards_without_redundancy ") == 1, what="the metric that says so")
        wait_until(lambda: "does not answer" in refused(cluster, "shard", "reparent", "bank/-", "--to", stopped), what="a refusal")
    finally:
        os.kill(server, signal.SIGCONT)
    wait_until(lambda: is_well(cluster), seconds=90, what="a healthy cluster")
    assert primary(cluster) == old


def test_a_tablet_that_is_gone_for_good_is_forgotten(cluster):
    """A shard waits for a replica that may have what nobody else has; a person can say that it will not come back."""
    wait_until(lambda: is_well(cluster), seconds=90, what="a healthy cluster")
    old = primary(cluster)
    gone = next(tablet["alias"] for tablet in cluster.tablets() if tablet["alias"] != old)
    pids = [tablet_process(cluster, gone)["pid"], cluster.mysqld_pid(gone)]
    assert "another must take over first" in refused(cluster, "tablet", "forget", old, "--accept-loss")
    assert "stop it and its server first" in refused(cluster, "tablet", "forget", gone, "--accept-loss")
    try:
        # One writer: several commit in groups, faster than the replica that is left applies one after the other, and without end.
        with load(cluster, writers=1):
            for pid in pids:
                os.kill(pid, signal.SIGSTOP)
            wait_until(lambda: gone in str(cluster.json("cluster", "status").get("problems")), what="the status telling of it")
            done = wait_until(lambda: cluster.cli("tablet", "forget", gone).stdout, seconds=120, what="its lease ending, and it being forgotten")
            assert f"{gone} is forgotten" in done
            kill(cluster.mysqld_pid(old))
            wait_until(lambda: primary(cluster) not in (old, gone), what="another primary")
    finally:
        for pid in pids:
            kill(pid)
    wait_until(lambda: is_well(cluster) and len(cluster.tablets()) == 3, seconds=120, what="both being back as replicas")
    wait_until(lambda: all_agree(cluster), what="all servers having the same rows")


def test_two_gone_at_once_are_for_a_person(cluster):
    """The shard stands still, since one of them may have what nobody else has, until somebody accepts that."""
    wait_until(lambda: is_well(cluster), seconds=90, what="a healthy cluster")
    cluster.expected_errors.update(["shard.needs_help", "replica.errant"])
    old = primary(cluster)
    gone, last = [tablet["alias"] for tablet in cluster.tablets() if tablet["alias"] != old]
    assert "is well: without --accept-loss" in refused(cluster, "shard", "reparent", "bank/-", "--to", last, "--accept-loss")
    assert "--accept-loss wants --to" in refused(cluster, "shard", "reparent", "bank/-", "--accept-loss")
    pids = [pid for alias in (gone, old) for pid in (tablet_process(cluster, alias)["pid"], cluster.mysqld_pid(alias))]
    try:
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        log = cluster.state / "logs" / "control-1.log"
        wait_until(lambda: "may have commits that nobody else has" in log.read_text(), what="control saying what it waits for")
        assert "is not there to hand over" in wait_until(lambda: refused(cluster, "shard", "reparent", "bank/-", "--to", last), what="a refusal")
        assert primary(cluster) == old
        done = cluster.json("shard", "reparent", "bank/-", "--to", last, "--accept-loss")["recovery"]
        assert done["kind"] == "forced" and done["outcome"] == "changed" and done["askedBy"], done
        assert primary(cluster) == last
    finally:
        for pid in pids:
            kill(pid)
    wait_until(lambda: is_well(cluster), seconds=120, what="both being back as replicas")
    with load(cluster):
        pass
    wait_until(lambda: all_agree(cluster), what="all servers having the same rows")


def test_a_held_shard_waits_for_a_person(cluster):
    wait_until(lambda: is_well(cluster), seconds=90, what="a healthy cluster")
    old = primary(cluster)
    cluster.expected_errors.add("shard.needs_help")
    cluster.cli("recovery", "hold", "bank/-", "--reason", "a test")
    assert "a test" in cluster.cli("recovery", "list").stdout
    server = cluster.mysqld_pid(old)
    os.kill(server, signal.SIGSTOP)
    try:
        log = cluster.state / "logs" / "control-1.log"
        wait_until(lambda: "automatic recovery is held" in log.read_text(), what="control saying what it does not do")
        assert primary(cluster) == old
        # Released, it recovers at once.
        cluster.cli("recovery", "release", "bank/-")
        wait_until(lambda: primary(cluster) != old, what="another primary")
    finally:
        kill(server)
    wait_until(lambda: is_well(cluster), seconds=120, what=f"{old} being back as a replica")
    # A server that died is started again, and its shard keeps its primary.
    cluster.cli("recovery", "hold", "--reason", "a test")
    old = primary(cluster)
    with load(cluster):
        kill(cluster.mysqld_pid(old))
    assert primary(cluster) == old
    cluster.cli("recovery", "release")
    assert "held" not in cluster.cli("recovery", "list").stdout
    wait_until(lambda: is_well(cluster), seconds=90, what="a healthy cluster")
