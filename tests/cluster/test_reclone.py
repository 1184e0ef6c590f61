"""A server that has what the others lack, or that was left behind, gets its data anew from another: by itself, or because a person asks for it."""

import json
import os
import signal
import subprocess
from pathlib import Path

import pytest

from bank import bank_spec
from cluster import kill, running_cluster, wait_until
from test_failover import all_agree, is_well, load, primary

OWN = 4_000_000_000_000


@pytest.fixture(scope="module")
def cluster():
    # A server that is kept out is an error to be told of; here it is made on purpose.
    with running_cluster(bank_spec(), expected_errors=["replica.errant", "reclone.failed"]) as started:
        started.query("create table entry (id bigint primary key, writer int not null)", database="bank")
        yield started


def a_replica(cluster):
    leader = primary(cluster)
    return next(tablet for tablet in cluster.tablets() if tablet["alias"] != leader)


def health(cluster, alias):
    return cluster.json("tablet", "show", alias)["status"]["health"]


def reclones(cluster):
    return [each for each in cluster.json("recovery", "list").get("recoveries", []) if each.get("reclone")]


def write_on(cluster, tablet, key, before=""):
    """A transaction that only this replica has; it is compared with its primary when it is attached anew."""
    cluster.server_query(tablet, f"stop slave; {before} insert into bank.entry values ({key}, 0); reset slave all")


def refused(cluster, *arguments):
    done = cluster.cli(*arguments, check=False)
    assert done.returncode != 0, done.stdout
    return done.stderr


def rows_with(cluster, key):
    return {tablet["alias"]: cluster.server_query(tablet, f"select count(*) from bank.entry where id = {key}").strip() for tablet in cluster.tablets()}


def program_that_copies(cluster, donor):
    """mariadb-backup beside this tablet's server, stopped so that it cannot end; nothing: it does not run."""
    folder = cluster.json("tablet", "show", donor)["status"]["dataDir"]
    found = subprocess.run(["pgrep", "-f", f"^mariadb-backup --defaults-file={folder}/"], capture_output=True, text=True)
    for pid in found.stdout.split():
        os.kill(int(pid), signal.SIGSTOP)
    return found.stdout


def ended(cluster, since):
    """The re-clone that was begun after these, when it is over."""
    found = [each for each in reclones(cluster) if each["id"] not in since]
    return found and found[0].get("endedAt") and found[0]


def test_by_itself_under_load(cluster):
    wait_until(lambda: is_well(cluster), seconds=90, what="a healthy cluster")
    tablet = a_replica(cluster)
    before = {each["id"] for each in reclones(cluster)}
    server_id = cluster.json("tablet", "show", tablet["alias"])["status"]["serverId"]
    with load(cluster):
        write_on(cluster, tablet, OWN + 1)
        recovery = wait_until(lambda: ended(cluster, before), seconds=120, what="the end of a re-clone")
    assert recovery["outcome"] == "recloned", recovery
    assert recovery["reclone"] == tablet["alias"] and recovery["from"] not in ("", primary(cluster), tablet["alias"]), recovery
    steps = [step["what"] for step in recovery["steps"]]
    assert any("copies the data" in step for step in steps) and "follows its primary" in steps[-1], steps
    wait_until(lambda: is_well(cluster), seconds=90, what="a healthy cluster again")
    wait_until(lambda: all_agree(cluster), what="all servers having the same rows")
    assert set(rows_with(cluster, OWN + 1).values()) == {"0"}
    saved = Path(health(cluster, tablet["alias"])["reclone"]["saved"])
    assert str(OWN + 1) in saved.read_text() and str(saved) in recovery["conclusion"]
    assert cluster.json("tablet", "show", tablet["alias"])["status"]["serverId"] != server_id
    line = next(each for each in cluster.cli("recovery", "list").stdout.splitlines() if recovery["id"] in each)
    assert line.split()[1:6] == ["bank/-", "reclone", recovery["from"], tablet["alias"], "recloned"], line


def test_held_then_asked_for(cluster):
    wait_until(lambda: is_well(cluster), seconds=90, what="a healthy cluster")
    tablet = a_replica(cluster)
    alias = tablet["alias"]
    cluster.cli("recovery", "hold", "bank/-", "--reason", "a test")
    try:
        before = {each["id"] for each in reclones(cluster)}
        write_on(cluster, tablet, OWN + 2)
        wait_until(lambda: health(cluster, alias).get("copy") == "own", what="the tablet being kept out")
        problems = " ".join(cluster.json("cluster", "status")["problems"])
        assert f"kintsugi tablet reclone {alias}" in problems, problems
        done = cluster.cli("tablet", "reclone", alias, "--from", primary(cluster))
        assert f"{alias} follows its primary; what only it had is in " in done.stdout, done
        assert "the data of" in done.stderr
        wait_until(lambda: is_well(cluster), seconds=90, what="a healthy cluster again")
        begun = [each for each in reclones(cluster) if each["id"] not in before]
        assert len(begun) == 1 and begun[0]["askedBy"] and begun[0]["from"] == primary(cluster), begun
        assert set(rows_with(cluster, OWN + 2).values()) == {"0"}
    finally:
        cluster.cli("recovery", "release", "bank/-")


def test_what_others_wrote_is_for_a_person(cluster):
    """As if the primary had lost what its replicas have: then it would be wrong to make their data anew."""
    wait_until(lambda: is_well(cluster), seconds=90, what="a healthy cluster")
    tablet = a_replica(cluster)
    alias = tablet["alias"]
    write_on(cluster, tablet, OWN + 3, before="set session server_id = 4711;")
    wait_until(lambda: health(cluster, alias).get("copy") == "foreign", what="the tablet being kept out")
    assert "the primary whose data is wrong" in refused(cluster, "tablet", "reclone", alias)
    done = cluster.cli("tablet", "reclone", alias, "--discard")
    saved = done.stdout.split(" is in ")[1].split(" on its machine")[0]
    assert str(OWN + 3) in Path(saved).read_text()
    wait_until(lambda: is_well(cluster), seconds=90, what="a healthy cluster again")


def test_one_that_is_kept_out_stops_no_failover(cluster):
    """Its word was counted once; it takes that back when another has all that it may have acknowledged."""
    wait_until(lambda: is_well(cluster), seconds=90, what="a healthy cluster")
    tablet, leader = a_replica(cluster), primary(cluster)
    alias = tablet["alias"]
    with load(cluster):
        # What others wrote is for a person, so it stays out.
        write_on(cluster, tablet, OWN + 5, before="set session server_id = 4711;")
        wait_until(lambda: health(cluster, alias).get("copy") == "foreign", what="the tablet being kept out")
        wait_until(lambda: not next(each for each in cluster.tablets() if each["alias"] == alias).get("acknowledges"), what="its word being taken back")
        kill(cluster.mysqld_pid(leader))
        wait_until(lambda: primary(cluster) not in (leader, alias), what="another primary")
    wait_until(lambda: health(cluster, leader).get("serving"), seconds=90, what="the old primary following")
    cluster.cli("tablet", "reclone", alias, "--discard")
    wait_until(lambda: is_well(cluster), seconds=90, what="a healthy cluster again")
    assert next(each for each in cluster.tablets() if each["alias"] == alias)["acknowledges"]
    wait_until(lambda: all_agree(cluster), what="all servers having the same rows")


def test_a_torn_copy_leaves_the_tablet_as_it_was(cluster):
    """The donor's program is stopped, then its agent killed in the middle."""
    wait_until(lambda: is_well(cluster), seconds=90, what="a healthy cluster")
    tablet = a_replica(cluster)
    alias = tablet["alias"]
    donor = next(each["alias"] for each in cluster.tablets() if each["alias"] not in (alias, primary(cluster)))
    cluster.cli("recovery", "hold", "bank/-", "--reason", "a test")
    try:
        before = {each["id"] for each in reclones(cluster)}
        write_on(cluster, tablet, OWN + 4)
        wait_until(lambda: health(cluster, alias).get("copy") == "own", what="the tablet being kept out")
        request = {"alias": alias, "from": donor}
        begun = json.loads(cluster.http("control-1", "/kintsugi.control.v1.Control/RecloneTablet", json.dumps(request).encode()))
        wait_until(lambda: program_that_copies(cluster, donor), what="the program that copies")
        kill(next(each["pid"] for name, each in cluster.processes().items() if donor in name))
        recovery = wait_until(lambda: ended(cluster, before), seconds=60, what="the end of the re-clone")
        assert recovery["id"] == begun["id"] and recovery["outcome"] == "failed", recovery
        assert rows_with(cluster, OWN + 4)[alias] == "1", "it is as it was"
    finally:
        cluster.cli("recovery", "release", "bank/-")
    recovery = wait_until(lambda: ended(cluster, before | {begun["id"]}), seconds=120, what="another one, by itself")
    assert recovery["outcome"] == "recloned", recovery
    wait_until(lambda: is_well(cluster), seconds=90, what="a healthy cluster again")


def test_refusals(cluster):
    wait_until(lambda: is_well(cluster), seconds=90, what="a healthy cluster")
    leader, alias = primary(cluster), a_replica(cluster)["alias"]
    assert "kintsugi shard reparent bank/-" in refused(cluster, "tablet", "reclone", leader)
    assert f"{alias} is well; --discard" in refused(cluster, "tablet", "reclone", alias)
    assert "KT6001" in refused(cluster, "tablet", "reclone", "zone9-1")
    assert "zone9-1 is no tablet of bank/-" in refused(cluster, "tablet", "reclone", alias, "--from", "zone9-1")
    assert "a copy of itself" in refused(cluster, "tablet", "reclone", alias, "--from", alias)
