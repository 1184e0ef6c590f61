"""`kintsugi transaction` and SHOW KINTSUGI TRANSACTIONS: what gates that died have left prepared, where agents do not end it by themselves."""

import contextlib
import json
import os
import re
import signal

import pymysql
import pytest

from bank import balances, prepared, primaries, running_bank, settled, transfer, two_shards
from cluster import wait_until


@pytest.fixture(scope="module")
def cluster():
    # Agents let everything be until they are told.
    with running_bank(KINTSUGI_TRANSACTION_PATIENCE="1h") as started:
        yield started


@contextlib.contextmanager
def left_behind(cluster, point):
    """A transfer of 7 whose gate died at this point, as `transaction list` has it; it must be over in the end."""
    wait_until(lambda: settled(cluster), what="a settled cluster")
    first, second = two_shards(cluster)
    gate = cluster.process("gate-1")["pid"]
    (cluster.faults / point).touch()
    with contextlib.closing(cluster.connect(database="bank")) as connection:
        with pytest.raises(pymysql.MySQLError):
            transfer(connection, first, second, 7)
    wait_until(lambda: cluster.process("gate-1")["pid"] not in (0, gate), what="another gate")
    wait_until(lambda: settled_but_for_one(cluster), what="a cluster that is well but for one transaction")
    yield cluster.json("transaction", "list")["transactions"][0]
    assert not prepared(cluster)
    assert "transactions" not in cluster.json("transaction", "list")


def settled_but_for_one(cluster):
    assert cluster.query("select 1", database="bank") == ((1,),)
    assert len(prepared(cluster)) == 1
    assert not cluster.json("cluster", "status").get("problems")
    return True


def refused(cluster, *arguments):
    done = cluster.cli("transaction", "resolve", *arguments, check=False)
    assert done.returncode != 0, done.stdout
    return done.stderr


def agent_metrics(cluster, shard):
    primary = cluster.tablets("bank", shard, "primary")[0]
    text = cluster.http(f"tablet-{primary['alias']}", "/metrics")
    names = ("prepared_transactions", "prepared_oldest_seconds", "transactions_committed_total", "transactions_rolled_back_total")
    return {name: float(re.search(rf"^kintsugi_tablet_{name}(?:{{.*}})? (\S+)$", text, re.M)[1]) for name in names}


def test_before_the_decision(cluster):
    before, rolled_back = balances(cluster), agent_metrics(cluster, "80-")["transactions_rolled_back_total"]
    with left_behind(cluster, "commit.before_decision") as found:
        assert found["decider"] == "bank/-80"
        assert [branch["shard"] for branch in found["branches"]] == ["bank/80-"]
        assert found.get("state", "undecided") == "undecided"
        assert re.fullmatch(r"gate-1#\d+", found["gate"])
        wait_until(lambda: agent_metrics(cluster, "80-")["prepared_transactions"] == 1, what="the agent seeing it")
        wait_until(lambda: agent_metrics(cluster, "80-")["prepared_oldest_seconds"] > 1, what="its age growing")
        assert agent_metrics(cluster, "-80")["prepared_transactions"] == 0

        row = cluster.query("show kintsugi transactions")[0]
        assert row[:3] == (found["id"], "bank/-80", "bank/80-")
        assert row[4:] == ("undecided", found["gate"])
        assert cluster.query(f"show kintsugi transactions like '{found['id']}'")[0][0] == found["id"]
        assert cluster.query("show kintsugi transactions like 'no such'") == ()
        assert found["id"] in cluster.cli("transaction", "list").stdout
        assert found["id"] in cluster.cli("transaction", "list", "bank/80-").stdout
        text = cluster.cli("transaction", "show", found["id"]).stdout
        assert "Nothing is decided" in text and "bank/80- stay locked" in text, text

        # Half a transaction is not to be had.
        assert "KT6021" in refused(cluster, found["id"], "--commit")
        assert "KT6021" in refused(cluster, found["id"], "--commit", "--force")
        assert len(prepared(cluster)) == 1
        text = cluster.cli("transaction", "resolve", found["id"], "--abort").stdout
        assert "abort is written at bank/-80" in text and "bank/80-: rolled back" in text, text
    assert balances(cluster) == before
    assert agent_metrics(cluster, "80-")["transactions_rolled_back_total"] == rolled_back + 1
    assert agent_metrics(cluster, "80-")["prepared_transactions"] == 0
    # It is known still, by its decision.
    assert cluster.json("transaction", "show", found["id"])["transaction"]["state"] == "abort"
    assert "nothing was prepared any more" in cluster.cli("transaction", "resolve", found["id"], "--abort").stdout


def test_after_the_decision(cluster):
    before, committed = balances(cluster), agent_metrics(cluster, "80-")["transactions_committed_total"]
    with left_behind(cluster, "commit.after_decision") as found:
        assert found["state"] == "commit"
        assert found["decidedAt"] >= found["beganAt"]
        assert cluster.query("show kintsugi transactions")[0][4] == "commit"
        assert "KT6020" in refused(cluster, found["id"], "--abort")
        assert "KT6020" in refused(cluster, found["id"], "--abort", "--force")
        assert len(prepared(cluster)) == 1
        text = cluster.cli("transaction", "resolve", found["id"], "--commit").stdout
        assert "bank/-80 has decided commit" in text and "bank/80-: committed" in text, text
    first, second = two_shards(cluster)
    assert balances(cluster) == before | {first: before[first] - 7, second: before[second] + 7}
    assert agent_metrics(cluster, "80-")["transactions_committed_total"] == committed + 1


def test_where_the_shard_that_decides_cannot_be_asked(cluster):
    before = balances(cluster)
    cluster.expected_errors.add("shard.needs_help")  # since nobody may help
    cluster.cli("recovery", "hold", "bank/-80")
    decider = cluster.tablets("bank", "-80", "primary")[0]["alias"]
    agent = cluster.process(f"tablet-{decider}")["pid"]
    with left_behind(cluster, "commit.before_decision") as found:
        os.kill(agent, signal.SIGSTOP)
        try:
            seen = cluster.json("transaction", "show", found["id"])
            assert seen["transaction"]["state"] == "unknown"
            assert decider in seen["transaction"]["deciderProblem"]
            assert any("bring it back" in step for step in seen["nextSteps"]), seen
            assert [shard["shard"] for shard in seen["silent"]] == ["bank/-80"]
            assert "KT6022" in refused(cluster, found["id"], "--abort")
            assert len(prepared(cluster)) == 1
            done = json.loads(cluster.cli("transaction", "resolve", found["id"], "--abort", "--force", "--json").stdout)
            assert "is written in the topology" in done["decision"]
            assert done["ends"] == [{"shard": "bank/80-"}], done  # neither committed nor a problem
        finally:
            os.kill(agent, signal.SIGCONT)
        wait_until(lambda: settled(cluster), what="the agent being back")
    cluster.cli("recovery", "release", "bank/-80")
    wait_until(lambda: settled(cluster), what="a settled cluster")
    assert balances(cluster) == before


def test_refusals(cluster):
    assert "KT6001" in refused(cluster, "0" * 24, "--abort")
    assert "KT1002" in refused(cluster, "no-id", "--abort")
    assert "--commit or --abort" in refused(cluster, "0" * 24)
    assert "--commit or --abort" in refused(cluster, "0" * 24, "--commit", "--abort")
    assert "KT6001" in cluster.cli("transaction", "show", "0" * 24, check=False).stderr
    assert "KT6001" in cluster.cli("transaction", "list", "nowhere", check=False).stderr
    assert cluster.cli("transaction", "list").stdout == "no transaction over several shards is prepared\n"
