"""Under `cross_cell` a commit is in two cells before it is acknowledged: the primary's cell may be lost as a whole."""

import os
import signal

import pytest

from bank import bank_spec
from cluster import kill, running_cluster, wait_until
from test_failover import all_agree, is_well, load, primary, tablet_process


@pytest.fixture(scope="module")
def cluster():
    spec = bank_spec()
    spec["spec"]["cells"] = [{"name": "zone1"}, {"name": "zone2"}]
    keyspace = spec["spec"]["keyspaces"][0]
    keyspace["durability"] = "cross_cell"
    keyspace["tablets"] = [{"cell": "zone1", "type": "replica", "count": 2}, {"cell": "zone2", "type": "replica", "count": 1}]
    with running_cluster(spec, expected_errors=["shard.needs_help", "replica.errant"]) as started:
        started.query("create table entry (id bigint primary key, writer int not null)", database="bank")
        yield started


def in_cell(cluster, cell):
    return [tablet["alias"] for tablet in cluster.tablets() if tablet["alias"].startswith(cell)]


def test_the_primarys_cell_is_lost(cluster):
    wait_until(lambda: is_well(cluster), seconds=90, what="a healthy cluster")
    if not primary(cluster).startswith("zone1"):
        cluster.cli("shard", "reparent", "bank/-", "--to", in_cell(cluster, "zone1")[0])
        wait_until(lambda: is_well(cluster), seconds=90, what="a healthy cluster")
    other = in_cell(cluster, "zone2")[0]
    pids = [pid for alias in in_cell(cluster, "zone1") for pid in (tablet_process(cluster, alias)["pid"], cluster.mysqld_pid(alias))]
    with load(cluster):
        # Nothing of the cell answers, and nothing of it ends: as a network that is gone.
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        try:
            wait_until(lambda: primary(cluster) == other, what="the other cell taking over")
        finally:
            for pid in pids:
                kill(pid)
    assert primary(cluster) == other
    wait_until(lambda: is_well(cluster), seconds=120, what="the lost cell being back")
    wait_until(lambda: all_agree(cluster), what="all servers having the same rows")


def test_a_server_of_its_own_cell_is_no_witness(cluster):
    """With the other cell gone, commits wait though a replica of the primary's own cell is there."""
    wait_until(lambda: is_well(cluster), seconds=90, what="a healthy cluster")
    if not primary(cluster).startswith("zone1"):
        cluster.cli("shard", "reparent", "bank/-", "--to", in_cell(cluster, "zone1")[0])
        wait_until(lambda: is_well(cluster), seconds=90, what="a healthy cluster")
    leader = primary(cluster)
    server = cluster.mysqld_pid(in_cell(cluster, "zone2")[0])
    os.kill(server, signal.SIGSTOP)
    try:
        with pytest.raises(Exception):
            cluster.query("insert into entry values (1, 0)", database="bank", read_timeout=5)
        health = cluster.json("tablet", "show", leader)["status"]["health"]
        assert health["semiSync"]["waitingCommits"] > 0, health
    finally:
        os.kill(server, signal.SIGCONT)
    wait_until(lambda: is_well(cluster), seconds=90, what="a healthy cluster")
    wait_until(lambda: cluster.query("select count(*) from entry where id = 1", database="bank") == ((1,),), what="the commit that waited")
