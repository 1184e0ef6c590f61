"""Which system calls the gate makes for a statement whose plan is cached, counted by the kernel's own tracing of all its threads."""

import contextlib
import re
import signal
import subprocess

import pytest

from cluster import PASSWORD, commerce_spec, running_cluster, wait_until

STATEMENTS = 2000
READS = {"read", "recvfrom", "recvmsg", "readv"}
WRITES = {"write", "sendto", "sendmsg", "writev"}
WAITS = {"epoll_wait", "epoll_pwait", "epoll_pwait2"}
TABLE = "(id int not null auto_increment primary key, k int not null default 0, c char(120) not null default '', pad char(60) not null default '')"


@pytest.fixture(scope="module")
def cluster():
    spec = commerce_spec()
    tablets = [{"cell": "zone1", "type": "replica", "count": 1}]
    spec["spec"]["keyspaces"] = [{"name": "plain", "shards": 1, "tablets": tablets},
                                 {"name": "sharded", "shards": 2, "vschema": {"inline": {"sharded": True}}, "tablets": tablets}]
    with running_cluster(spec) as cluster:
        for keyspace, by in (("plain", ""), ("sharded", "/*!kintsugi shard by hash(id) */")):
            cluster.query(f"create table sbtest1 {TABLE} {by}", database=keyspace)
            cluster.query("insert into sbtest1 (id, c) values " + ", ".join(f"({i}, 'c{i}')" for i in range(1, 101)), database=keyspace)
        yield cluster


@contextlib.contextmanager
def counted(pid, report):
    """Counts the calls of all threads that the process has, into `report`."""
    with open(report.with_suffix(".said"), "w") as said:
        tracer = subprocess.Popen(["strace", "-f", "-c", "-p", str(pid), "-o", str(report)], stderr=said, start_new_session=True)
    try:
        def attached():
            told = report.with_suffix(".said").read_text()
            assert tracer.poll() is None, f"strace ended: {told}"
            return "attached" in told

        wait_until(attached, 20, "strace attaching")
        yield
    finally:
        tracer.send_signal(signal.SIGINT)
        tracer.wait(20)


def calls(report):
    """name → how many."""
    rows = re.findall(r"^ *[\d.]+ +[\d.]+ +\d+ +(\d+) +(?:\d+ +)?(\w+)$", report.read_text(), re.M)
    return {name: int(count) for count, name in rows if name != "total"}


def of(made, names):
    return sum(count for name, count in made.items() if name in names)


def sysbench(cluster, script, keyspace, *options):
    done = subprocess.run(
        ["sysbench", script, "--tables=1", "--table-size=100", "--threads=1", "--time=60", f"--events={STATEMENTS}",
         "--mysql-host=127.0.0.1", f"--mysql-port={cluster.gate_port()}", "--mysql-user=user", f"--mysql-password={PASSWORD}", f"--mysql-db={keyspace}",
         *options, "run"], capture_output=True, text=True, timeout=90, stdin=subprocess.DEVNULL)
    assert f"total number of events:              {STATEMENTS}" in done.stdout, done.stdout + done.stderr


def counted_calls(cluster, tmp_path, script, keyspace, *options):
    """How many of each for one event, once it is planned and servers are connected to; and the same as a text."""
    sysbench(cluster, script, keyspace, *options)
    report = tmp_path / "calls"
    with counted(cluster.process("gate-1")["pid"], report):
        sysbench(cluster, script, keyspace, *options)
    made = {name: count / STATEMENTS for name, count in calls(report).items()}
    told = ", ".join(f"{name} {count:.3f}" for name, count in sorted(made.items(), key=lambda each: -each[1]))
    print(f"{script}, {keyspace}, calls of one: {told}")
    return made, told


@pytest.mark.parametrize("keyspace", ["plain", "sharded"])
@pytest.mark.parametrize("options", [["--db-ps-mode=disable"], []], ids=["text", "prepared"])
def test_a_point_select_is_two_reads_and_two_writes(cluster, tmp_path, keyspace, options):
    made, told = counted_calls(cluster, tmp_path, "oltp_point_select", keyspace, *options)
    assert 1.9 < of(made, READS) < 2.1, told
    assert 1.9 < of(made, WRITES) < 2.1, told
    assert of(made, WAITS) < 2.2, told
    assert of(made, made.keys() - READS - WRITES - WAITS) < 0.1, told


@pytest.mark.parametrize("options", [["--db-ps-mode=disable"], []], ids=["text", "prepared"])
def test_a_transaction_begins_in_one_write_with_its_first_read(cluster, tmp_path, options):
    """BEGIN, three point selects and COMMIT: five answers to the client, four writes to the server."""
    made, told = counted_calls(cluster, tmp_path, "oltp_read_only", "plain", "--point-selects=3", "--range-selects=off", *options)
    assert 8.9 < of(made, WRITES) < 9.1, told
    assert of(made, READS) < 10.1, told
