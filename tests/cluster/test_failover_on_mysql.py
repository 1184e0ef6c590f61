"""Another primary takes over by itself where the servers are MySQL's."""

import os
import signal
import subprocess

import pytest

from bank import bank_spec
from cluster import ROOT, kill, running_cluster
from test_failover import fail_over, hand_over_under_load

MYSQL = ROOT / "build" / "mysql"


@pytest.fixture(scope="module")
def cluster():
    subprocess.run([ROOT / "tools" / "mysql" / "install"], check=True, timeout=300)
    spec = bank_spec()
    spec["spec"]["gates"][0]["options"] = {"backend_sockets": False, "backend_tls": True}
    spec["spec"]["keyspaces"][0]["mysqld"] = {"flavour": "mysql", "binary": str(MYSQL / "mysqld")}
    # A killed primary may have written what no replica had acknowledged: MySQL keeps it, and its data is made anew.
    with running_cluster(spec, expected_errors=["replica.errant"]) as started:
        started.query("create table entry (id bigint primary key, writer int not null)", database="bank")
        yield started


def test_a_killed_server(cluster):
    for _ in range(3):
        fail_over(cluster, lambda old: kill(cluster.mysqld_pid(old)))


def test_a_server_that_hangs(cluster):
    fail_over(cluster, lambda old: os.kill(cluster.mysqld_pid(old), signal.SIGSTOP))


def test_hand_over_under_load_is_a_pause(cluster):
    hand_over_under_load(cluster, 3)
