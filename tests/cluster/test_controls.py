"""Several controls: the one that leads fails in the middle of a recovery, and the next one ends it."""

import contextlib
import json
import os
import signal
import subprocess
import threading

import pytest

from bank import bank_spec
from cluster import BINARY, kill, running_cluster, wait_until
from test_failover import load, tablet_process


@pytest.fixture(scope="module")
def cluster():
    spec = bank_spec()
    spec["spec"]["control"]["replicas"] = 3
    with running_cluster(spec, expected_errors=["shard.needs_help"]) as started:
        started.query("create table entry (id bigint primary key, writer int not null)", database="bank")
        yield started


def controls(cluster):
    """name → the port of its API."""
    return {name: each["ports"]["http"] for name, each in cluster.processes().items() if name.startswith("control-")}


def ask(port, *words):
    done = subprocess.run([str(BINARY), *words, "--json"], capture_output=True, text=True, check=True, timeout=20,
                          env=dict(os.environ, KINTSUGI_CONTROL=f"127.0.0.1:{port}"))
    return json.loads(done.stdout)


def leader(cluster, without=None):
    """The name of the control that leads, as another one than `without` tells it."""
    ports = controls(cluster)
    port = next(port for name, port in ports.items() if name != without)
    address = ask(port, "cluster", "status")["leaderAddress"]
    return next(name for name, each in ports.items() if address.endswith(f":{each}"))


def shard(port):
    return ask(port, "shard", "show", "bank/-")["shard"]["record"]


@contextlib.contextmanager
def slow_to_apply(cluster, alias):
    """This replica cannot apply what it has received, so that a recovery waits for it for as long as the body runs."""
    tablet = next(each for each in cluster.tablets() if each["alias"] == alias)
    client = subprocess.Popen(
        ["mariadb", "--no-defaults", "-N", "-B", "-u", "root", "-S", tablet["address"]["mysqlSocket"], "--unbuffered"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    client.stdin.write("lock table bank.entry read; select 'locked';\n")
    client.stdin.flush()
    assert client.stdout.readline().strip() == "locked"
    try:
        yield
    finally:
        client.stdin.close()
        client.wait(timeout=30)


@pytest.mark.parametrize("fault", [signal.SIGKILL, signal.SIGSTOP])
def test_the_next_one_ends_what_the_leader_had_begun(cluster, fault):
    wait_until(lambda: not cluster.json("cluster", "status").get("problems"), seconds=90, what="a healthy cluster")
    first = leader(cluster)
    other = next(port for name, port in controls(cluster).items() if name != first)
    record = shard(other)
    old = record["primaryAlias"]
    replicas = [each["alias"] for each in cluster.tablets() if each["alias"] != old]
    server, pid = cluster.mysqld_pid(old), cluster.process(first)["pid"]
    with load(cluster):
        with contextlib.ExitStack() as locks:
            for alias in replicas:
                locks.enter_context(slow_to_apply(cluster, alias))
            # One commit that is received by all and applied by none, so that nobody can come to rest.
            write_once(cluster)
            kill(server)
            change = wait_until(lambda: shard(other).get("change"), what="a recovery having begun")
            os.kill(pid, fault)
            second = wait_until(lambda: leader(cluster, without=first) != first and leader(cluster, without=first), seconds=60, what="another leader")
            assert shard(other)["change"]["id"] == change["id"] and shard(other)["primaryAlias"] == old
        wait_until(lambda: shard(other)["primaryAlias"] != old, what="another primary")
        assert second != first
    if fault == signal.SIGSTOP:
        os.kill(pid, signal.SIGCONT)
    def closed():
        recovery = ask(other, "recovery", "show", change["id"])["recovery"]
        return recovery.get("endedAt") and recovery

    journal = wait_until(closed, what="the journal being closed")
    assert journal["outcome"] == "changed" and journal["from"] == old and journal["to"] == shard(other)["primaryAlias"], journal
    wait_until(lambda: not ask(other, "cluster", "status").get("problems"), seconds=120, what="a healthy cluster")


def write_once(cluster):
    """Beside the test: who acknowledges it need not apply it, so it may be answered at once or when all is over."""
    def write():
        with contextlib.suppress(Exception):
            cluster.query("insert into entry values (7000000000000 + floor(rand() * 1e9), 0)", database="bank")

    threading.Thread(target=write, daemon=True).start()
