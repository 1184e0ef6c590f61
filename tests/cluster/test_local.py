"""`kintsugi local`: applying a changed spec, two clusters side by side, wrong environments."""

import copy
import socket
import subprocess

import pytest

from cluster import BINARY, commerce_spec, running_cluster, wait_until


@pytest.fixture(scope="module")
def cluster():
    with running_cluster() as started:
        started.load_commerce()
        yield started


def test_apply_adds_and_removes_a_replica_without_touching_the_rest(cluster):
    before = {name: each["pid"] for name, each in cluster.processes().items()}
    spec = copy.deepcopy(cluster.spec)
    spec["spec"]["keyspaces"][1]["tablets"][0]["count"] = 3
    cluster.write_spec(spec)
    cluster.local("apply")
    after = {name: each["pid"] for name, each in cluster.processes().items()}
    assert {name: after[name] for name in before} == before
    assert len(after) == len(before) + 2
    wait_until(lambda: len(cluster.tablets("customer")) == 6, what="six tablets of customer")
    new = max(cluster.tablets("customer", "-80"), key=lambda each: int(each["alias"].split("-")[1]))
    wait_until(lambda: cluster.server_query(new, "select count(*) from customer.customer") == "4\n", what="the new replica's rows")

    spec["spec"]["keyspaces"][1]["tablets"][0]["count"] = 2
    cluster.write_spec(spec)
    cluster.local("apply")
    assert {name: each["pid"] for name, each in cluster.processes().items()} == before
    assert len(cluster.tablets("customer")) == 4


def test_apply_adds_a_keyspace(cluster):
    spec = copy.deepcopy(cluster.spec)
    spec["spec"]["keyspaces"].append({"name": "audit", "shards": 2, "tablets": [{"cell": "zone1", "count": 1}]})
    cluster.write_spec(spec)
    cluster.local("apply")
    cluster.query("create table event (id bigint primary key, what varchar(20)) shard by hash(id)", database="audit")
    cluster.query("insert into event values (1, 'a'), (2, 'b'), (3, 'c'), (4, 'd')", database="audit")
    assert sorted(cluster.query("select id from event", database="audit")) == [(1,), (2,), (3,), (4,)]


def test_apply_of_a_wrong_spec_changes_nothing(cluster):
    good = cluster.spec
    before = cluster.processes()
    bad = copy.deepcopy(good)
    bad["spec"]["keyspaces"][0]["shardz"] = 3
    bad["spec"]["keyspaces"][1]["partitions"] = ["-80", "90-"]
    cluster.write_spec(bad)
    done = cluster.local("apply", check=False)
    assert done.returncode != 0
    assert "shardz" in done.stderr and "did you mean 'shards'" in done.stderr
    assert "spec.keyspaces[1].partitions" in done.stderr
    cluster.write_spec(good)
    assert {name: each["pid"] for name, each in cluster.processes().items()} == {name: each["pid"] for name, each in before.items()}


def test_two_clusters_side_by_side(cluster):
    with running_cluster() as other:
        other.load_commerce()
        other.query("delete from customer where customer_id = 4", database="customer")
        assert cluster.query("select count(*) from customer where customer_id = 4", database="customer") == ((1,),)
        assert other.query("select count(*) from customer where customer_id = 4", database="customer") == ((0,),)


def test_a_taken_port_is_named(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        spec = commerce_spec()
        spec["spec"]["gates"][0]["mysqlPort"] = port
        import yaml

        (tmp_path / "c.yaml").write_text(yaml.safe_dump(spec))
        done = subprocess.run(
            [BINARY, "local", "up", "-f", tmp_path / "c.yaml", "--dir", tmp_path / "state"], capture_output=True, text=True, timeout=60
        )
    assert done.returncode != 0
    assert str(port) in done.stderr and "KT" in done.stderr, done.stderr


def test_two_tablets_with_one_alias_are_refused(tmp_path):
    import yaml

    spec = commerce_spec()
    spec["spec"]["keyspaces"][0]["tablets"][0]["uids"] = [101, 101]
    (tmp_path / "c.yaml").write_text(yaml.safe_dump(spec))
    done = subprocess.run(
        [BINARY, "local", "up", "-f", tmp_path / "c.yaml", "--dir", tmp_path / "state"], capture_output=True, text=True, timeout=60
    )
    assert done.returncode != 0 and "101" in done.stderr and "uids" in done.stderr, done.stderr
