"""`kintsugi local`: applying a changed spec, two clusters side by side, wrong environments."""

import copy
import os
import re
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

import pytest
import yaml

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


def test_wrong_parts_of_a_spec_are_told_before_anything_changes(cluster):
    """Options of gates and controls, settings of servers, users: what the processes themselves would refuse."""
    good = cluster.spec
    before = {name: each["pid"] for name, each in cluster.processes().items()}
    bad = copy.deepcopy(good)
    bad["spec"]["gates"][0]["options"] = {"idle_timout": "1h", "loops": 1000, "transaction_mode": "double", "http_port": 1}
    bad["spec"]["control"]["options"] = {"idle_timeout": "1h"}
    bad["spec"]["mysqld"]["settings"] = {"read-only": 0, "max_connections": 300}
    bad["spec"]["users"] = {"inline": {"user": [{"Pasword": "x"}]}}
    cluster.write_spec(bad)
    lines = cluster.spec_file.read_text().split("\n")
    expected = {
        "idle_timout:": "spec.gates[0].options.idle_timout: gate has no such option; did you mean 'idle_timeout'?",
        "loops:": "spec.gates[0].options.loops: '1000' is not a whole number from 0 to 256",
        "transaction_mode:": "spec.gates[0].options.transaction_mode: 'double' is not one of single, multi, atomic",
        "http_port:": "spec.gates[0].options.http_port: cannot be set here: it is the httpPort beside these options",
        "idle_timeout:": "spec.control.options.idle_timeout: control has no such option; `kintsugi control --help` lists them",
        "read-only:": "spec.mysqld.settings.read-only: the setting read_only must not be set",
        "user:": "spec.users.inline: user 'user', entry 1: unknown field 'Pasword'",
    }
    for word in ("check", "apply", "up"):
        done = cluster.local(word, check=False)
        assert done.returncode == 1, word
        for field, message in expected.items():
            line = next(number for number, text in enumerate(lines, 1) if text.strip().startswith(field))
            assert f"{cluster.spec_file}:{line}:" in done.stderr and message in done.stderr, (word, field, done.stderr)
            place = next(each for each in done.stderr.split("\n") if message in each)
            assert place.startswith(f"{cluster.spec_file}:{line}:"), (word, place)
    # A spoilt spec is no reason not to be able to look at what runs, or to end it.
    assert {name: each["pid"] for name, each in cluster.processes().items()} == before
    cluster.write_spec(good)


def test_two_clusters_side_by_side(cluster):
    with running_cluster() as other:
        other.load_commerce()
        other.query("delete from customer where customer_id = 4", database="customer")
        assert cluster.query("select count(*) from customer where customer_id = 4", database="customer") == ((1,),)
        assert other.query("select count(*) from customer where customer_id = 4", database="customer") == ((0,),)


@pytest.fixture
def folder():
    """A short path: unix sockets in a state folder allow no long ones."""
    made = Path(tempfile.mkdtemp(prefix="kt-"))
    yield made
    shutil.rmtree(made, ignore_errors=True)


def run_local(word, folder, spec, *arguments, state="state", **environment):
    """`kintsugi local` in an environment in which it should refuse to begin."""
    (folder / "c.yaml").write_text(yaml.safe_dump(spec, sort_keys=False))
    command = [BINARY, "local", word, "-f", folder / "c.yaml", "--dir", folder / state, *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, env={**os.environ, **environment})


def is_refused(done, *texts):
    """With a code and no crash, saying all of `texts`, and leaving nothing behind that runs."""
    assert done.returncode == 1, (done.returncode, done.stdout, done.stderr)
    assert re.search(r"^KT\d{4}: ", done.stderr), done.stderr
    for text in texts:
        assert text in done.stderr, (text, done.stderr)
    return True


def runs_below(folder):
    """Processes whose command line names the folder."""
    found = []
    for each in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if str(folder).encode() in each.read_bytes():
                found.append(each.parent.name)
        except OSError:
            continue
    return found


def test_a_taken_port_is_named(folder):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        spec = commerce_spec()
        spec["spec"]["gates"][0]["mysqlPort"] = port
        done = run_local("up", folder, spec)
    assert is_refused(done, f"port {port} of gate-1 is taken by", f"pid {os.getpid()}", "spec.gates[0].mysqlPort")
    wait_until(lambda: not runs_below(folder), what="nothing is left running")


def test_a_second_up_from_another_folder_names_the_first(cluster, folder):
    spec = copy.deepcopy(cluster.spec)
    spec["spec"]["gates"][0]["mysqlPort"] = cluster.gate_port()
    spec["spec"]["control"]["httpPort"] = cluster.port("control-1", "http")
    done = run_local("up", folder, spec)
    assert is_refused(done, f"port {cluster.gate_port()} of gate-1 is taken by kintsugi (pid {cluster.process('gate-1')['pid']})",
                      "spec.control.httpPort", "choose another port")
    wait_until(lambda: not runs_below(folder), what="nothing is left running")


def test_missing_programs_are_named_with_their_packages(folder):
    spec = commerce_spec()
    spec["spec"]["keyspaces"][0]["mysqld"] = {"binary": "/nowhere/mariadbd"}
    done = run_local("up", folder, spec, PATH=str(folder))
    assert is_refused(done, "no program 'etcd' in PATH: `apt-get install etcd-server`", "/nowhere/mariadbd", "mariadb-server")
    wait_until(lambda: not runs_below(folder), what="nothing is left running")


def test_a_folder_that_cannot_hold_a_cluster_is_refused(folder):
    spec = commerce_spec()
    (folder / "file").write_text("mine")
    assert is_refused(run_local("up", folder, spec, state="file"), "is no folder")
    assert is_refused(run_local("up", folder, spec, state="file/below"), "KT7103", "cannot make the folder")
    assert is_refused(run_local("up", folder, spec, state="x" * 90), "choose a shorter one with --dir")
    assert is_refused(run_local("up", folder, spec, state="."), "holds no cluster but other things")
    assert (folder / "file").read_text() == "mine"
    assert not runs_below(folder)


def test_a_folder_of_another_user_is_refused(folder):
    if os.geteuid() != 0:
        pytest.skip("only root can be another user")
    spec = commerce_spec()
    (folder / "state").mkdir()
    os.chown(folder / "state", 65534, 65534)
    assert is_refused(run_local("up", folder, spec), "belongs to user id 65534")


def test_a_full_disk_is_told(folder):
    spec = commerce_spec()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "none", folder], capture_output=True)
    if mounted.returncode != 0:
        pytest.skip("mounting is not allowed here")
    try:
        done = run_local("up", folder, spec)
        assert is_refused(done, "MB free and the cluster needs about", "--dir")
        wait_until(lambda: not runs_below(folder), what="nothing is left running")
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def test_two_tablets_with_one_alias_are_refused(folder):
    spec = commerce_spec()
    spec["spec"]["keyspaces"][0]["tablets"][0]["uids"] = [101, 101]
    assert is_refused(run_local("up", folder, spec), "spec.keyspaces[0].tablets[0].uids[1]: tablet zone1-101 is there twice")


SPEC_HEAD = """apiVersion: kintsugi/v1
kind: Cluster
metadata: {name: shop}
spec:
  cells: [{name: zone1}]
  gates: [{}]
"""

# What stands behind SPEC_HEAD, from line 7 on; and the place and field of the mistake.
MISTAKES = {
    "missing field": ("  keyspaces:\n    - shards: 2\n", "8:7: spec.keyspaces[0].name: is required"),
    "unknown field": ("  keyspaces:\n    - name: a\n      shardz: 2\n", "9:7: spec.keyspaces[0].shardz: unknown field; did you mean 'shards'?"),
    "wrong type": ("  control: {httpPort: fifteen}\n", "7:23: spec.control.httpPort: expected an integer, found 'fifteen'"),
    "duplicate alias": ("  keyspaces: [{name: a, tablets: [{count: 2, uids: [7, 7]}]}]\n",
                        "7:56: spec.keyspaces[0].tablets[0].uids[1]: tablet zone1-7 is there twice"),
    "duplicate port": ("  control: {httpPort: 15306}\n", "6:11: spec.gates[0].mysqlPort: port 15306 is already that of spec.control.httpPort"),
    "bad range": ("  keyspaces: [{name: a, partitions: [-80, 8z-]}]\n", "7:43: spec.keyspaces[0].partitions[1]: "),
    "gap": ("  keyspaces: [{name: a, partitions: [-80, 90-]}]\n", "7:37: spec.keyspaces[0].partitions: no shard holds the ids from 80 to 90"),
    "overlap": ("  keyspaces: [{name: a, partitions: [-80, 70-]}]\n", "7:37: spec.keyspaces[0].partitions: shards -80 and 70- overlap"),
    "not YAML": ("  keyspaces: [{name: a\n", "8:1: not valid YAML"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_mistakes_name_line_column_and_field(folder, mistake):
    more, expected = MISTAKES[mistake]
    file = folder / "c.yaml"
    file.write_text(SPEC_HEAD + more)
    for word in ("check", "up"):
        done = subprocess.run([BINARY, "local", word, "-f", file, "--dir", folder / "state"], capture_output=True, text=True, timeout=60)
        assert is_refused(done, f"{file}:{expected}"), word
    assert not (folder / "state").exists()
