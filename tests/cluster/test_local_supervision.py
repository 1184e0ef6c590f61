"""`kintsugi local`: who keeps whom running, what is refused, what stays in the folder, and how long a start takes."""

import contextlib
import copy
import os
import signal
import stat
import time
from pathlib import Path

import pytest

from cluster import kill, running_cluster, wait_until


@pytest.fixture(scope="module")
def cluster():
    with running_cluster() as started:
        started.load_commerce()
        yield started


def pids(cluster):
    return {name: each["pid"] for name, each in cluster.processes().items()}


def guardian_pid(cluster):
    """The process that runs `local guard` for this cluster's folder."""
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().split(b"\0")
        except OSError:
            continue
        if b"guard" in words and str(cluster.state).encode() in words:
            return int(path.parent.name)
    return 0


def test_the_guardian_comes_back(cluster):
    before = wait_until(lambda: guardian_pid(cluster), what="a guardian")
    running = pids(cluster)
    kill(before)
    wait_until(lambda: guardian_pid(cluster) not in (0, before), what="a new guardian")
    assert pids(cluster) == running


def test_supervisor_and_guardian_killed_at_once_up_takes_over(cluster):
    running = pids(cluster)
    supervisor = cluster.status()["supervisor"]["pid"]
    guardian = guardian_pid(cluster)
    with contextlib.closing(cluster.connect(database="customer")) as connection, connection.cursor() as cursor:
        os.kill(guardian, signal.SIGSTOP)  # so that it cannot start the other
        kill(supervisor)
        kill(guardian)
        cursor.execute("select count(*) from customer where customer_id = 4")
        assert cursor.fetchone() == (1,)
        assert cluster.local("status", check=False).returncode == 3
        cluster.up()
    assert pids(cluster) == running
    wait_until(lambda: guardian_pid(cluster), what="a guardian")


def test_a_second_up_changes_nothing(cluster):
    before = pids(cluster)
    cluster.up()
    assert pids(cluster) == before


def test_changed_options_restart_that_process_alone(cluster):
    before = pids(cluster)
    spec = copy.deepcopy(cluster.spec)
    spec["spec"]["gates"][0]["options"] = {"connections_max": 1234}
    good = cluster.spec
    cluster.write_spec(spec)
    cluster.local("apply")
    after = pids(cluster)
    assert [name for name in before if after[name] != before[name]] == ["gate-1"]
    cluster.write_spec(good)
    cluster.local("apply")


def test_a_keyspace_is_not_removed_by_accident(cluster):
    before = pids(cluster)
    good = cluster.spec
    spec = copy.deepcopy(good)
    del spec["spec"]["keyspaces"][1]
    cluster.write_spec(spec)
    done = cluster.local("apply", check=False)
    assert done.returncode == 1
    assert "customer" in done.stderr and "--allow-data-loss" in done.stderr, done.stderr
    assert pids(cluster) == before
    cluster.write_spec(good)


def test_another_clusters_spec_is_refused(cluster):
    good = cluster.spec
    spec = copy.deepcopy(good)
    spec["metadata"]["name"] = "another"
    cluster.write_spec(spec)
    done = cluster.local("apply", check=False)
    assert done.returncode == 1 and "'another'" in done.stderr, done.stderr
    cluster.write_spec(good)


def test_shards_cut_differently_wait_for_a_reshard(cluster):
    before = pids(cluster)
    good = cluster.spec
    spec = copy.deepcopy(good)
    spec["spec"]["keyspaces"].append({"name": "stock", "shards": 1, "tablets": [{"count": 1}]})
    cluster.write_spec(spec)
    cluster.local("apply")
    cluster.query("create table item (id bigint primary key)", database="stock")
    cluster.query("insert into item values (1), (2)", database="stock")
    spec["spec"]["keyspaces"][2]["shards"] = 2
    cluster.write_spec(spec)
    done = cluster.local("apply")
    assert "reshard" in done.stdout, done.stdout
    assert cluster.query("select count(*) from item", database="stock") == ((2,),)
    assert {each["shard"] for each in cluster.tablets("stock")} == {"-", "-80", "80-"}
    cluster.write_spec(good)
    cluster.local("apply", "--allow-data-loss")
    assert pids(cluster) == before
    assert not cluster.tablets("stock")
    assert not [key for key in cluster.etcd_keys() if "/stock/" in key]


def test_the_folder_is_its_owners_alone(cluster):
    assert stat.S_IMODE(cluster.state.stat().st_mode) == 0o700
    secrets = [*(cluster.state / "credentials").iterdir(), cluster.state / "state.json"]
    assert len(secrets) == 5
    for path in secrets:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path


def test_a_second_start_finds_the_data():
    with running_cluster() as cluster:
        cluster.load_commerce()
        cluster.down()
        cluster.up()
        assert cluster.query("select count(*) from customer where customer_id = 1", database="customer") == ((1,),)


def test_down_with_remove_data_leaves_nothing():
    with running_cluster() as cluster:
        running = pids(cluster)
        cluster.local("down", "--remove-data")
        assert not cluster.state.exists()
        assert not [name for name, pid in running.items() if Path(f"/proc/{pid}").exists()]
