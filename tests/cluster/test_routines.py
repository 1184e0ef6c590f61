"""Procedures, functions and triggers over shards: what ends them, and what is left then."""

import contextlib
import re
import subprocess
import threading

import pymysql
import pytest

from cluster import PASSWORD, commerce_spec, kill, running_cluster, wait_until

INTERRUPTED = 1317
LOST_CONNECTION = 2013
# The transaction, told as one to start again; the statement, hit while it ran; its connection.
LOST = (1213, 1317, 2013)


@pytest.fixture(scope="module")
def cluster():
    with running_cluster(commerce_spec()) as started:
        with contextlib.closing(connect(started)) as made, made.cursor() as cursor:
            cursor.execute("create table held (id int primary key, note varchar(20)) shard by hash(id)")
        yield started


def connect(cluster):
    return cluster.connect(user="user", password=PASSWORD, database="customer", autocommit=True)


def start_failing(cursor, sql):
    """Runs a statement that must fail: its thread, and a list that will have the error's code."""
    seen = []

    def run():
        with pytest.raises(pymysql.MySQLError) as ended:
            cursor.execute(sql)
        seen.append(ended.value.args[0])

    thread = threading.Thread(target=run)
    thread.start()
    return thread, seen


def test_kill_ends_a_call_that_handles_every_error(cluster):
    with contextlib.closing(connect(cluster)) as caller, contextlib.closing(connect(cluster)) as other, caller.cursor() as cursor:
        cursor.execute("create procedure forever() begin declare i int default 0; declare continue handler for sqlexception set i = 0;"
                       " loop insert into held (id) values (i) on duplicate key update note = 'again'; set i = (i + 1) % 50; end loop; end")
        thread, seen = start_failing(cursor, "call forever()")
        with other.cursor() as killer:
            def some_rows():
                killer.execute("select count(*) from held")
                return killer.fetchone()[0] > 10

            wait_until(some_rows, what="the procedure writes")
            killer.execute(f"kill query {caller.thread_id()}")
        thread.join(60)
        assert not thread.is_alive() and seen == [INTERRUPTED]
        cursor.execute("select 1")
        assert cursor.fetchone() == (1,)


def test_kill_ends_a_call_whose_server_does_not_tell_of_it(cluster):
    """SLEEP() returns, as if nothing had been."""
    with contextlib.closing(connect(cluster)) as caller, contextlib.closing(connect(cluster)) as other, caller.cursor() as cursor:
        cursor.execute("create procedure sleeps() begin insert into held (id) values (501); do sleep(600); insert into held (id) values (502); end")
        thread, seen = start_failing(cursor, "call sleeps()")
        with other.cursor() as killer:
            def sleeps():
                killer.execute("show processlist")
                return any(row[0] == caller.thread_id() and "sleep(" in str(row[7]) for row in killer.fetchall())

            wait_until(sleeps, what="the procedure sleeps")
            killer.execute(f"kill query {caller.thread_id()}")
            thread.join(60)
            assert not thread.is_alive() and seen == [INTERRUPTED]
            killer.execute("select id from held where id between 501 and 502")
            assert killer.fetchall() == ((501,),)


def test_a_failed_call_is_rolled_back_with_its_transaction(cluster):
    with contextlib.closing(connect(cluster)) as caller, caller.cursor() as cursor:
        cursor.execute("create procedure half() begin insert into held (id) values (1001), (1002), (1003), (1004);"
                       " insert into held (id) values (1001); end")
        cursor.execute("begin")
        with pytest.raises(pymysql.MySQLError) as failed:
            cursor.execute("call half()")
        assert failed.value.args[0] == 1062
        cursor.execute("select count(*) from held where id > 1000")
        assert cursor.fetchone() == (4,)  # of the statement that did not fail
        cursor.execute("rollback")
        cursor.execute("select count(*) from held where id > 1000")
        assert cursor.fetchone() == (0,)


def test_a_lost_connection_fails_the_call_and_its_transaction(cluster):
    with contextlib.closing(connect(cluster)) as caller, caller.cursor() as cursor:
        cursor.execute("create procedure waits() begin start transaction;"
                       " insert into held (id) values (2001), (2002), (2003), (2004);"
                       " while (select count(*) from held where id = 3000) = 0 do do sleep(0.01); end while; commit; end")
        thread, seen = start_failing(cursor, "call waits()")
        primaries = [tablet for tablet in cluster.tablets("customer") if tablet["type"].lower().endswith("primary")] or cluster.tablets("customer")
        inserted = "set transaction isolation level read uncommitted; select count(*) from customer.held where id between 2001 and 2004"
        wait_until(lambda: sum(int(cluster.server_query(tablet, inserted)) for tablet in primaries) == 4, what="the procedure has written")
        of_the_gate = "select id from information_schema.processlist where db = 'customer' and id <> connection_id()"

        def cut_off():
            for tablet in primaries:
                for connection in cluster.server_query(tablet, of_the_gate).split():
                    with contextlib.suppress(subprocess.CalledProcessError):  # it has ended by itself
                        cluster.server_query(tablet, f"kill {connection}")
            return not thread.is_alive()

        wait_until(cut_off, what="the call fails")
        thread.join()
        assert seen and seen[0] in LOST, seen
        cursor.execute("rollback")  # who was told of the statement only would hear of the transaction now
        cursor.execute("select count(*) from held where id > 2000")
        assert cursor.fetchone() == (0,)


@pytest.fixture(scope="module")
def counting(cluster):
    """A table of forty rows on both shards, and a function that the gate runs: it notes that it was called."""
    with contextlib.closing(connect(cluster)) as made, made.cursor() as cursor:
        cursor.execute("create table counted (id int primary key, note varchar(2000)) shard by hash(id)")
        cursor.execute("create table called (id int primary key) shard by hash(id)")
        cursor.execute("insert into counted values " + ", ".join(f"({id}, repeat('n', 1000))" for id in range(40)))
        cursor.execute("create function notes(n int) returns int modifies sql data begin insert into called values (n); return n; end")
    return cluster


def gathered(cluster):
    return {name: int(value) for name, value in re.findall(r'^kintsugi_gate_gathered_(rows|bytes)_total\{keyspace="customer"\} (\d+)$', cluster.http("gate-1", "/metrics"), re.M)}


@pytest.mark.parametrize("bound", ["gather_rows_max=39", "gather_bytes_max=20000"])
def test_rows_that_functions_are_called_for_are_bounded(counting, bound):
    with contextlib.closing(connect(counting)) as caller, caller.cursor() as cursor:
        query = "select {} max(note) from counted where notes(id) < 100"
        with pytest.raises(pymysql.MySQLError, match="KT3303.*gather_rows_max") as refused:
            cursor.execute(query.format(f"/*kintsugi: {bound} */"))
        assert refused.value.args[0] == 1104
        cursor.execute("select count(*) from called")
        assert cursor.fetchone() == (0,)  # what the function did for the first rows went with the statement
        before = gathered(counting)
        cursor.execute("begin")
        cursor.execute(query.format("/*kintsugi: gather_rows_max=40 */"))
        cursor.execute("rollback")
        after = gathered(counting)
        assert after["rows"] >= before.get("rows", 0) + 40 and after["bytes"] > before.get("bytes", 0) + 40_000


def test_functions_for_rows_ask_whether_they_may_copy_them(counting):
    with contextlib.closing(connect(counting)) as caller, caller.cursor() as cursor:
        with pytest.raises(pymysql.MySQLError, match="KT4051.*its own directive"):
            cursor.execute("select /*kintsugi: allow_gather=0 */ notes(id) from counted")
        cursor.execute("explain format=kintsugi select /*kintsugi: allow_gather=0 */ notes(id) from counted")
        assert "would be refused: KT4051" in "\n".join(row[0] for row in cursor.fetchall())
        assert 'tier="gather"' in "".join(line for line in counting.http("gate-1", "/metrics").splitlines() if "statements_total" in line)


def test_functions_for_rows_end_at_the_statements_limit(counting):
    with contextlib.closing(connect(counting)) as caller, caller.cursor() as cursor:
        cursor.execute("create function waits_for(n int) returns int modifies sql data begin do sleep(0.2); insert into called values (n); return n; end")
        with pytest.raises(pymysql.MySQLError) as late:
            cursor.execute("select /*kintsugi: timeout_ms=1000 */ waits_for(id) from counted")
        assert late.value.args[0] == 3024
        cursor.execute("select count(*) from called")
        assert cursor.fetchone() == (0,)


def test_a_killed_gate_leaves_nothing_of_a_statement_that_calls_functions(counting):
    with contextlib.closing(connect(counting)) as caller, caller.cursor() as cursor:
        cursor.execute("create function stops(n int) returns int modifies sql data begin insert into called values (n);"
                       " while n > 20 and (select count(*) from counted where id = 3000) = 0 do do sleep(0.01); end while; return n; end")
        primaries = [tablet for tablet in counting.tablets("customer") if tablet["type"].lower().endswith("primary")] or counting.tablets("customer")
        called = "set transaction isolation level read uncommitted; select count(*) from customer.called"
        gate = counting.process("gate-1")["pid"]
        thread, seen = start_failing(cursor, "select stops(id) from counted order by id")
        wait_until(lambda: sum(int(counting.server_query(tablet, called)) for tablet in primaries) == 22, what="the function waits in the middle of the rows")
        kill(gate)
        thread.join(60)
        assert not thread.is_alive() and seen == [LOST_CONNECTION]

    def restarted():
        try:
            return counting.process("gate-1")["pid"] not in (0, gate) and counting.query("select count(*) from called", database="customer")
        except pymysql.MySQLError:
            return None

    assert wait_until(restarted, what="the gate is back") == ((0,),)
    assert counting.query("insert into called values (1)", database="customer") == ()  # nobody holds its locks
    assert counting.query("delete from called", database="customer") == ()


def test_a_row_does_not_move_while_servers_run_triggers_of_its_table(cluster):
    with contextlib.closing(connect(cluster)) as caller, caller.cursor() as cursor:
        cursor.execute("create table fires (id int primary key, note varchar(20)) shard by hash(id)")
        cursor.execute("create trigger fires_up before update on fires for each row set new.note = concat(new.note, '!')")
        cursor.execute("insert into fires values (1, 'a'), (2, 'b'), (3, 'c'), (4, 'd')")
        cursor.execute("update fires set id = 3 where id = 3")  # it stays
        # Of 1 to 4, hash puts the first three onto one shard.
        with pytest.raises(pymysql.MySQLError, match="KT3234.*customer.fires from shard -80 to 80-.*in_gate=1") as refused:
            cursor.execute("update fires set note = 'gone', id = if(id = 3, 40, id) where id < 4 order by id")
        assert refused.value.args[0] == 1235
        cursor.execute("select id, note from fires order by id")
        assert cursor.fetchall() == ((1, "a"), (2, "b"), (3, "c!"), (4, "d"))


@pytest.fixture(scope="module")
def one_connection():
    """All sessions take turns on one connection to the unsharded keyspace's server."""
    spec = commerce_spec()
    spec["spec"]["gates"][0]["options"] = {"loops": 1, "pool_connections_max": 1}
    spec["spec"]["keyspaces"] = [{"name": "commerce", "tablets": [{"cell": "zone1", "type": "replica", "count": 1}]}]
    with running_cluster(spec) as started:
        yield started


def test_what_a_servers_routine_assigns_is_the_sessions_alone(one_connection):
    with contextlib.ExitStack() as stack:
        mine, other = [stack.enter_context(stack.enter_context(contextlib.closing(one_connection.connect(database="commerce", autocommit=True))).cursor()) for _ in range(2)]

        def ask(cursor, sql):
            cursor.execute(sql)
            return cursor.fetchall()

        ask(mine, "create table note (id int primary key, what varchar(20))")
        ask(mine, "create procedure inner_one(out n int) begin set @deep = 'found', n = 3; end")
        ask(mine, "create procedure outer_one() begin call inner_one(@given); select count(*) into @counted from note; end")
        ask(mine, "create function counts() returns int no sql begin set @calls = ifnull(@calls, 0) + 1; return @calls; end")
        ask(mine, "call outer_one()")
        assert ask(other, "select @deep, @given, @counted from dual") == ((None, None, None),)
        assert ask(mine, "select @deep, @given, @counted") == (("found", 3, 0),)
        for n in (1, 2):
            assert ask(mine, "select counts(), count(*) from note") == ((n, 0),)
            assert ask(other, "select @calls + 0, counts() - 1, count(*) from note") == ((None if n == 1 else 1, n - 1, 0),)
        assert ask(mine, "select cast(@calls as signed)") == ((2,),)
        ask(mine, "insert into note values (counts(), 'third')")
        assert ask(mine, "select cast(@calls as signed), id from note") == ((3, 3),)
        assert ask(other, "set @mine = counts()") == ()
        assert ask(other, "select cast(@calls as signed)") == ((3,),)
        ask(mine, "create trigger noted before insert on note for each row set @last = new.id, @text = new.what")
        ask(mine, "insert into note values (7, 'seventh')")
        assert ask(other, "select @last, @text, count(*) from note") == ((None, None, 2),)
        assert ask(mine, "select @last, @text") == ((7, "seventh"),)
