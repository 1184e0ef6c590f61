"""Events: gates run them, over all shards, each run once, whichever gates and primaries there are."""

import contextlib
import json
import re

import pytest

from cluster import PASSWORD, commerce_spec, kill, running_cluster, wait_until

USERS = {"user": [{"Password": PASSWORD}], "other": [{"Password": PASSWORD, "Scatter": "forbid"}], "leaves": [{"Password": PASSWORD}]}


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    spec = commerce_spec()
    users = tmp_path_factory.mktemp("users") / "users.json"
    users.write_text(json.dumps(USERS))
    spec["spec"]["users"] = {"file": str(users)}
    spec["spec"]["gates"] = [dict(spec["spec"]["gates"][0]) for _ in range(2)]
    with running_cluster(spec) as started:
        started.users = users
        started.query("create table ran (nr bigint auto_increment primary key, what varchar(40), at datetime(3) not null default now(3), who varchar(80)) shard by hash(nr)", database="customer")
        yield started


@pytest.fixture
def ask(cluster):
    with contextlib.closing(cluster.connect(database="customer")) as connection, connection.cursor() as cursor:

        def run(sql):
            cursor.execute(sql)
            return cursor.fetchall()

        yield run
        for name, *_ in run("show kintsugi events"):
            run(f"drop event if exists `{name}`")
        run("delete from ran")


def shown(ask, name):
    columns = ("event", "keyspace", "user", "state", "next", "due", "began", "took_ms", "gate", "runs", "failures", "error")
    return next((dict(zip(columns, row)) for row in ask("show kintsugi events") if row[0] == name), None)


def ran(ask, what):
    return ask(f"select count(*) from ran where what = '{what}'")[0][0]


def test_every_run_once_with_two_gates(cluster, ask):
    assert ask("create event tick on schedule every 2 second starts now() + interval 2 second ends now() + interval 10 second do"
               " insert into ran (what, who) values ('tick', current_user()), ('tick too', null)") == ()
    assert ask("show warnings") == ()  # that servers run none is as it should be
    wait_until(lambda: shown(ask, "tick") is None, what="the event is over, and dropped")
    assert ran(ask, "tick") == ran(ask, "tick too") == 5  # at STARTS, and at each second up to ENDS
    assert ask("select distinct who from ran where what = 'tick'")[0][0].startswith("user@")
    assert ask("show events") == ()
    lines = [line for gate in ("gate-1", "gate-2") for line in cluster.http(gate, "/metrics").splitlines() if line.startswith("kintsugi_gate_event_runs_total")]
    assert sum(int(line.split()[-1]) for line in lines if 'event="tick"' in line and 'result="ok"' in line) == 5


def test_a_body_of_several_statements_runs_over_all_shards_and_alone(ask):
    ask("insert into ran (what) values ('a'), ('b'), ('c'), ('d')")
    ask("""create event fills on schedule at now() on completion preserve do begin
             declare n int;
             select count(*) into n from ran;
             select * from ran;
             insert into ran (what) values (concat('counted ', n));
             start transaction;
             insert into ran (what) values ('never committed');
           end""")
    wait_until(lambda: (event := shown(ask, "fills")) and event["state"] == "disabled" and event, what="the event has run")
    event = shown(ask, "fills")
    assert (event["runs"], event["failures"], event["error"], event["user"], event["next"]) == (1, 0, "", "user", "")
    assert ran(ask, "counted 4") == 1 and ran(ask, "never committed") == 0
    assert [row[0] for row in ask("select status from information_schema.events where event_name = 'fills'")] == ["DISABLED"]


def test_what_fails_is_told_and_what_waits_waits(ask):
    ask("create event fails on schedule every 1 hour do insert into ran (nr, what) values (1, 'one'), (1, 'two')")
    failed = wait_until(lambda: (event := shown(ask, "fails")) and event["failures"] == 1 and event, what="it has failed")
    assert "Duplicate entry" in failed["error"] and failed["runs"] == 1
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", failed["next"]) and failed["next"] > failed["due"]
    ask("create event later on schedule every 1 day starts now() + interval 1 hour do insert into ran (what) values ('later')")
    ask("create event off on schedule every 1 second disable do insert into ran (what) values ('off')")
    ask("create event past on schedule every 1 second do insert into ran (what) values ('past')")
    wait_until(lambda: ran(ask, "past") > 1, what="the one that is enabled runs")
    assert ran(ask, "later") == ran(ask, "off") == 0 and shown(ask, "off")["state"] == "disabled"
    ask("alter event past disable")
    before = ran(ask, "past")
    ask("alter event off enable")
    wait_until(lambda: ran(ask, "off") > 1, what="it is enabled, and runs")
    assert ran(ask, "past") <= before + 1  # one may have been under way
    ask("alter event off rename to other_name do insert into ran (what) values ('renamed')")
    wait_until(lambda: ran(ask, "renamed") > 0, what="it runs under its new name")
    assert shown(ask, "off") is None and shown(ask, "other_name")["state"] == "enabled"


def test_it_runs_with_its_users_rights_in_its_modes_and_time_zone(cluster, ask):
    with contextlib.closing(cluster.connect(user="other", database="customer")) as connection, connection.cursor() as cursor:
        cursor.execute("create event scatters on schedule at now() on completion preserve do update ran set who = 'x'")
        cursor.execute("set time_zone = '+05:00', sql_mode = 'ANSI_QUOTES,PIPES_AS_CONCAT'")
        cursor.execute("create event modes on schedule at now() + interval 1 second on completion preserve do"
                       " insert into ran (what, who) values ('at ' || @@time_zone, 'it''s \"quoted\"')")
    failed = wait_until(lambda: (event := shown(ask, "scatters")) and event["failures"] == 1 and event, what="it was refused")
    assert "KT4050" in failed["error"] and failed["user"] == "other"
    wait_until(lambda: ran(ask, "at +05:00") == 1, what="it runs in its time zone")
    ask("alter event scatters enable")  # it is ours now, but its time is past
    assert shown(ask, "scatters")["user"] == "user"


@pytest.mark.parametrize("word", ["kill query", "kill"])
def test_a_run_is_seen_and_killed(cluster, ask, word):
    ask("create event sleeps on schedule at now() on completion preserve do begin insert into ran (what) values ('slept'); do sleep(600); insert into ran (what) values ('woke'); end")
    sessions = lambda: [(gate, row) for gate in ("gate-1", "gate-2") for row in cluster.query("show processlist", port=cluster.port(gate, "mysql")) if row[4] == "Daemon"]
    gate, row = wait_until(lambda: next(((gate, row) for gate, row in sessions() if "sleep" in str(row[7])), None), what="its session is listed")
    assert row[1] == "user" and shown(ask, "sleeps")["gate"] == gate
    cluster.query(f"{word} {row[0]}", port=cluster.port(gate, "mysql"))
    failed = wait_until(lambda: (event := shown(ask, "sleeps")) and event["failures"] == 1 and event, what="its run has ended")
    assert "interrupted" in failed["error"] and ran(ask, "slept") == 1 and ran(ask, "woke") == 0
    assert sessions() == []


def test_a_user_who_is_gone_runs_nothing(cluster, ask):
    with contextlib.closing(cluster.connect(user="leaves", database="customer")) as connection, connection.cursor() as cursor:
        cursor.execute("create event orphan on schedule every 1 second starts now() + interval 2 second do insert into ran (what) values ('orphan')")
    cluster.users.write_text(json.dumps({name: entries for name, entries in USERS.items() if name != "leaves"}))
    failed = wait_until(lambda: (event := shown(ask, "orphan")) and event["failures"] and event, what="it does not run")
    assert "KT4080" in failed["error"] and "leaves" in failed["error"]
    ask("alter event orphan enable")
    wait_until(lambda: ran(ask, "orphan") > 0, what="it runs as another's")


def test_of_events_that_are_gone_nothing_stays(cluster, ask):
    ask("create event past on schedule at '2020-01-01 00:00:00' do insert into ran (what) values ('past')")
    assert [row[1] for row in ask("show warnings")] == [1588]  # the servers have dropped it
    ask("create event kept on schedule at '2020-01-01 00:00:00' on completion preserve do insert into ran (what) values ('kept')")
    ask("create event dropped on schedule every 1 day starts now() + interval 1 hour do insert into ran (what) values ('dropped')")
    for tablet in cluster.tablets("customer"):
        if tablet["type"].lower().endswith("primary"):
            cluster.server_query(tablet, "drop event customer.dropped")
    wait_until(lambda: shown(ask, "past") is None and shown(ask, "dropped") is None, 90, what="their records are gone")
    assert shown(ask, "kept")["state"] == "disabled"
    assert ran(ask, "past") == ran(ask, "kept") == 0


def test_an_unsharded_keyspace_has_events_too(cluster, ask):
    ask("create table commerce.noted (id int auto_increment primary key)")
    ask("create event commerce.notes on schedule every 1 second do insert into noted values ()")
    wait_until(lambda: ask("select count(*) from commerce.noted")[0][0] > 1, what="it runs")
    assert shown(ask, "notes")["keyspace"] == "commerce"
    ask("drop event commerce.notes")
    assert shown(ask, "notes") is None


def test_gates_and_primaries_go_and_it_goes_on(cluster, ask):
    ask("create event goes_on on schedule every 1 second do insert into ran (what) values ('goes on')")
    wait_until(lambda: ran(ask, "goes on") > 1, what="it runs")
    gate = cluster.process("gate-2")["pid"]
    kill(gate)
    before = ran(ask, "goes on")
    wait_until(lambda: ran(ask, "goes on") > before + 1, what="the other gate runs it")
    wait_until(lambda: cluster.process("gate-2")["pid"] not in (0, gate), what="the gate is back")
    first = next(tablet for tablet in cluster.tablets("customer", "-80") if not tablet["type"].lower().endswith("primary"))
    cluster.cli("shard", "reparent", "customer/-80", "--to", first["alias"])
    before = ran(ask, "goes on")
    wait_until(lambda: ran(ask, "goes on") > before + 1, what="it runs on the new primary")
    # Replicas note that an event is not theirs; the new primary's is.
    wait_until(lambda: [row[0] for row in ask("select status from information_schema.events where event_name = 'goes_on'")] == ["ENABLED"], what="the new primary says that it is enabled")
    ask("alter event goes_on disable")
    event = wait_until(lambda: (event := shown(ask, "goes_on")) and event["took_ms"] and event, what="the last run has ended")
    # No run made two rows; one that failed, or was begun by the gate that was killed, made none.
    assert event["runs"] - event["failures"] - 1 <= ran(ask, "goes on") <= event["runs"]
