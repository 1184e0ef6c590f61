"""What each isolation level prevents and allows, in one shard and over two: the table of docs/consistency.md, cell by cell."""

import contextlib
import subprocess
import threading

import pymysql
import pytest

from cluster import ROOT, commerce_spec, running_cluster, wait_until
from play import Play

LEVELS = ("read uncommitted", "read committed", "repeatable read", "serializable")
SHARDS = {"one": 1, "two": 2}
DEADLOCK, TIMED_OUT = 1213, 1205
BELOW_SERIALIZABLE = set(LEVELS[:3])
BELOW_REPEATABLE = set(LEVELS[:2])
MYSQL = ROOT / "build" / "mysql"


def spec(flavour):
    made = commerce_spec()
    made["metadata"]["name"] = "isolation"
    made["spec"]["keyspaces"] = [
        {"name": name, "shards": shards, "vschema": {"inline": {"sharded": shards > 1}},
         "tablets": [{"cell": "zone1", "type": "replica", "count": 1}]}
        for name, shards in SHARDS.items()
    ]
    if flavour == "mysql":
        subprocess.run([ROOT / "tools" / "mysql" / "install"], check=True, timeout=300)
        made["spec"]["gates"][0]["options"] = {"backend_sockets": False, "backend_tls": True}
        for keyspace in made["spec"]["keyspaces"]:
            keyspace["mysqld"] = {"flavour": "mysql", "binary": str(MYSQL / "mysqld")}
    return made


@pytest.fixture(scope="module", params=["mariadb", "mysql"])
def cluster(request):
    with running_cluster(spec(request.param)) as started:
        for keyspace, shards in SHARDS.items():
            sharded = "shard by hash(id)" if shards > 1 else ""
            started.query(f"create table account (id bigint primary key, n bigint not null, key (n)) {sharded}", database=keyspace)
        yield started


class Bank:
    """Two accounts, `a` and `b`, of 0 each, on different shards if there are two."""

    def __init__(self, cluster, keyspace):
        self.cluster, self.keyspace = cluster, keyspace
        cluster.query("delete from account", database=keyspace)
        cluster.query("insert into account values " + ", ".join(f"({id}, 0)" for id in range(1, 21)), database=keyspace)
        targets = ["two/-80", "two/80-"] if keyspace == "two" else ["one"]
        ids = [cluster.query("select id from account order by id limit 2", database=target) for target in targets]
        self.a, self.b = [rows[0][0] for rows in ids] if keyspace == "two" else [row[0] for row in ids[0]]

    def get(self, id):
        return f"select n from account where id = {id}"

    def put(self, id, n):
        return f"update account set n = {n} where id = {id}"

    def play(self, level):
        return Play(self.cluster, self.keyspace,
                    [f"set session transaction isolation level {level}", "set innodb_lock_wait_timeout = 2"])


@pytest.fixture(params=SHARDS)
def bank(cluster, request):
    return Bank(cluster, request.param)


# Each gives whether it was seen.

def dirty_write(play, bank):
    """Two transactions' writes are mixed: one's of the first row, the other's of the second."""
    for session in (1, 2):
        play(session, "begin")
    play(1, bank.put(bank.a, 1))
    play(2, bank.put(bank.a, 2))
    play(2, bank.put(bank.b, 2))
    play(1, bank.put(bank.b, 1))
    for session in (1, 2):
        play(session, "commit")
    play.error(1), play.error(2)
    return play(3, bank.get(bank.a)) != play(3, bank.get(bank.b))


def dirty_read(play, bank):
    """What is never committed is read."""
    play(1, "begin")
    play(1, bank.put(bank.a, 1))
    play(2, "begin")
    seen = play(2, bank.get(bank.a))
    play(1, "rollback")
    play(2, "commit")
    return seen == 1


def fuzzy_read(play, bank):
    """A row that was read is another when it is read again."""
    play(1, "begin")
    first = play(1, bank.get(bank.a))
    play(2, bank.put(bank.a, 1))
    second = play(1, bank.get(bank.a))
    play(1, "commit")
    return first != second


def phantom(play, bank):
    """Rows that a condition is true of come between two reads by it."""
    count = "select count(*) from account where n > 5"
    play(1, "begin")
    first = play(1, count)
    play(2, "insert into account values (101, 9), (102, 9), (103, 9), (104, 9)")
    second = play(1, count)
    play(1, "commit")
    return first != second


def read_skew(play, bank):
    """Of a transaction that wrote both rows, one is seen as it was before and the other as it is after."""
    play(1, "begin")
    first = play(1, bank.get(bank.a))
    play(2, "begin")
    play(2, bank.put(bank.a, 1))
    play(2, bank.put(bank.b, 1))
    play(2, "commit")
    second = play(1, bank.get(bank.b))
    play(1, "commit")
    return (first, second) == (0, 1)


def lost_update(play, bank):
    """Both read, both write what they read and one more: one of them is lost."""
    for session in (1, 2):
        play(session, "begin")
    for session in (1, 2):
        play(session, bank.get(bank.a))
    for session in (1, 2):
        play(session, bank.put(bank.a, 1))
        play(session, bank.put(bank.b, session))
        play(session, "commit")
    return play.error(1) is None and play.error(2) is None


def write_skew(play, bank):
    """Both read both rows; each writes another: what each relied on is not so any more."""
    for session in (1, 2):
        play(session, "begin")
    for session in (1, 2):
        for id in (bank.a, bank.b):
            play(session, bank.get(id))
    play(1, bank.put(bank.a, 1))
    play(2, bank.put(bank.b, 1))
    for session in (1, 2):
        play(session, "commit")
    return play.error(1) is None and play.error(2) is None


def long_fork(play, bank):
    """Two readers see two independent writes in opposite orders."""
    play(3, "begin")
    a_of_3 = play(3, bank.get(bank.a))
    play(1, bank.put(bank.a, 1))
    play(4, "begin")
    a_of_4 = play(4, bank.get(bank.a))
    b_of_4 = play(4, bank.get(bank.b))
    play(2, bank.put(bank.b, 1))
    b_of_3 = play(3, bank.get(bank.b))
    for session in (3, 4):
        play(session, "commit")
    return (a_of_3, b_of_3, a_of_4, b_of_4) == (0, 1, 1, 0)


# Where it is seen: in one shard, over two.
SEEN = {
    dirty_write: (set(), set()),
    dirty_read: ({"read uncommitted"}, {"read uncommitted"}),
    fuzzy_read: (BELOW_REPEATABLE, BELOW_REPEATABLE),
    phantom: (BELOW_REPEATABLE, BELOW_REPEATABLE),
    read_skew: (BELOW_REPEATABLE, BELOW_SERIALIZABLE),
    long_fork: (BELOW_REPEATABLE, BELOW_SERIALIZABLE),
    lost_update: (BELOW_SERIALIZABLE, BELOW_SERIALIZABLE),
    write_skew: (BELOW_SERIALIZABLE, BELOW_SERIALIZABLE),
}


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("anomaly", SEEN, ids=lambda each: each.__name__)
def test_what_is_seen(bank, anomaly, level):
    with bank.play(level) as play:
        seen = anomaly(play, bank)
        errors = {play.error(number) for number in play.actors} - {None}
    expected = level in SEEN[anomaly][SHARDS[bank.keyspace] - 1]
    assert seen == expected, f"{anomaly.__name__} under {level} in {bank.keyspace}: {'seen' if seen else 'not seen'}; errors {errors}"
    assert errors <= {DEADLOCK, TIMED_OUT}, errors


@pytest.mark.parametrize("level", LEVELS)
def test_who_locks_what_it_is_going_to_write_loses_no_update(bank, level):
    with bank.play(level) as play:
        for session in (1, 2):
            play(session, "begin")
        assert play(1, bank.get(bank.a) + " for update") == 0
        play(2, bank.get(bank.a) + " for update")
        assert play.waits(2)
        play(1, bank.put(bank.a, 1)), play(1, bank.put(bank.b, 1))
        play(1, "commit")
        assert play.end_of(2) == 1, "it reads what the other has written"
        play(2, bank.put(bank.a, 2)), play(2, bank.put(bank.b, 2))
        play(2, "commit")
        assert (play.error(1), play.error(2)) == (None, None)
        assert (play(3, bank.get(bank.a)), play(3, bank.get(bank.b))) == (2, 2)


READS = {
    "a row": "select n from account where id = {b}",
    "rows": "select max(n) from account where id in ({a}, {b})",
    "all shards": "select sum(n) > 0 from account",
    "sorted": "select n from account where id in ({a}, {b}) order by n desc limit 1",
    "joined": "select x.n from account x, account y where x.id = {b} and y.id = {a} and x.n = y.n",
    "nested": "select n from account where id = (select max(id) from account where id in ({b}))",
    "united": "select n from account where id = {b} union all select n from account where id = {a} limit 1",
}


@pytest.mark.parametrize("read", READS.values(), ids=READS)
def test_a_read_by_itself_is_a_transaction_under_serializable(bank, read):
    """It locks what it reads until it has read all of it, so it waits for a transaction that has written there; it sees all of that, or nothing."""
    read = read.format(a=bank.a, b=bank.b)
    for level in ("repeatable read", "serializable"):
        with bank.play(level) as play:
            play(1, "begin")
            play(1, bank.put(bank.a, 1))
            play(1, bank.put(bank.b, 1))
            first = play(2, read)
            assert play.waits(2) == (level == "serializable"), (level, first, play.actors[2].error)
            play(1, "commit")
            assert play.end_of(2) == (1 if level == "serializable" else first), level
            assert (play.error(1), play.error(2)) == (None, None)
            assert play(2, "select @@in_transaction") in (0, None), "the read's own transaction is over"
            play(1, bank.put(bank.a, 0)), play(1, bank.put(bank.b, 0))
            assert not play.waits(1), "the read has left locks"


WAYS = {
    "session": ["set session transaction isolation level serializable"],
    "next": ["set transaction isolation level serializable"],
    "variable": ["set transaction_isolation = 'SERIALIZABLE'"],
    "older variable": ["set tx_isolation = 'serializable'"],
    "session's variable": ["set @@session.transaction_isolation = 'serializable'"],
    "next's variable": ["set @@transaction_isolation = 'serializable'"],
}


@pytest.mark.parametrize("way", WAYS)
def test_it_can_be_asked_for_in_every_way(bank, way):
    for within in (False, True):
        with Play(bank.cluster, bank.keyspace) as play:
            for sql in WAYS[way]:
                play(1, sql)
            if way.startswith("next"):
                assert play(1, "select @@transaction_isolation") is not None or play.error(1) == 1193
            else:
                assert play(1, "select @@tx_isolation") == play(1, "select @@session.transaction_isolation") == "SERIALIZABLE"
        with Play(bank.cluster, bank.keyspace) as play:
            play(2, "begin")
            play(2, bank.put(bank.b, 1))
            for sql in WAYS[way]:
                play(1, sql)
            if within:
                play(1, "begin")
            play(1, bank.get(bank.b))
            assert play.waits(1), f"{way}, {'in' if within else 'outside of'} a transaction"
            play(2, "rollback")
            assert play.end_of(1) == 0
            if within:
                play(1, "commit")
            # What is of the next transaction is not of the one after.
            play(2, "begin")
            play(2, bank.put(bank.b, 1))
            play(1, bank.get(bank.b))
            assert play.waits(1) == (not way.startswith("next"))
            play(2, "rollback")


def test_read_only_of_the_next_transaction_holds_for_a_statement_by_itself(bank):
    with bank.play("repeatable read") as play:
        play(1, "set transaction read only")
        play(1, bank.put(bank.a, 5))
        assert play.error(1) == 1792
        assert play(2, bank.get(bank.a)) == 0


def test_what_was_read_must_still_be_locked_at_commit(bank):
    """A session's connection to a shard that it has only read breaks: its locks there are gone, and somebody may have written."""
    if bank.keyspace == "one":
        pytest.skip("what is lost with the only shard is lost anyway")
    for level in ("repeatable read", "serializable"):
        with bank.play(level) as play:
            play(1, "begin")
            assert play(1, bank.get(bank.a)) == 0
            play(1, bank.put(bank.b, 1))
            cut_connections(bank.cluster, "-80")
            play(2, bank.put(bank.a, 7))
            assert not play.waits(2), "the locks went with the connection"
            play(1, "commit")
            assert play.error(1) == DEADLOCK, level
            assert play(2, bank.get(bank.b)) == 0
            play(2, bank.put(bank.a, 0)), play(2, bank.put(bank.b, 0))


def cut_connections(cluster, shard):
    """Ends all of the gate's connections to a shard."""
    (tablet,) = cluster.tablets("two", shard)
    theirs = "select id from information_schema.processlist where user = 'kintsugi_gate'"
    with contextlib.closing(pymysql.connect(unix_socket=tablet["address"]["mysqlSocket"], user="root", autocommit=True)) as server, server.cursor() as cursor:
        cursor.execute(theirs)
        threads = cursor.fetchall()
        assert threads
        for thread in threads:
            with contextlib.suppress(pymysql.OperationalError):  # it has ended by itself
                cursor.execute(f"kill {thread[0]}")
        wait_until(lambda: not set(threads) & {*(cursor.execute(theirs), cursor.fetchall())[1]}, what="connections being ended")


def test_a_total_is_always_the_same_under_serializable(bank):
    """Transfers by several sessions; reads of the total, each a statement by itself, or statements in a transaction."""
    ended, wrong, reads, transfers = threading.Event(), [], [], []

    def session(work):
        with contextlib.closing(bank.cluster.connect(database=bank.keyspace)) as connection, connection.cursor() as cursor:
            cursor.execute("set session transaction isolation level serializable")
            cursor.execute("set innodb_lock_wait_timeout = 1")
            while not ended.is_set():
                try:
                    work(cursor)
                except pymysql.MySQLError as error:
                    if error.args[0] not in (DEADLOCK, TIMED_OUT):
                        wrong.append(error.args)
                        ended.set()
                    cursor.execute("rollback")

    def transfer(cursor):
        cursor.execute("begin")
        cursor.execute(f"update account set n = n - 1 where id = {bank.a}")
        cursor.execute(f"update account set n = n + 1 where id = {bank.b}")
        cursor.execute("commit")
        transfers.append(1)

    def total(cursor):
        cursor.execute(f"select sum(n) from account where id in ({bank.a}, {bank.b})")
        note(cursor.fetchone()[0])

    def sum_of_two(cursor):
        cursor.execute("begin")
        cursor.execute(bank.get(bank.a))
        first = cursor.fetchone()[0]
        cursor.execute(bank.get(bank.b))
        second = cursor.fetchone()[0]
        cursor.execute("commit")
        note(first + second)

    def note(value):
        reads.append(value)
        if value != 0:
            wrong.append(value)
        if wrong or (len(reads) >= 60 and len(transfers) >= 10):
            ended.set()

    threads = [threading.Thread(target=session, args=(work,)) for work in (transfer, total, sum_of_two)]
    for thread in threads:
        thread.start()
    if not ended.wait(120):
        ended.set()
    for thread in threads:
        thread.join()
    assert not wrong, wrong[:5]
    assert len(reads) >= 60 and len(transfers) >= 10
    with contextlib.closing(bank.cluster.connect(database=bank.keyspace)) as connection, connection.cursor() as cursor:
        cursor.execute(bank.get(bank.b))
        assert cursor.fetchone()[0] == len(transfers)


@pytest.mark.parametrize("level", LEVELS)
def test_what_is_committed_is_seen_at_once_by_all(bank, level):
    """Real time: a read that begins after a commit was acknowledged sees it, whichever session it is."""
    with bank.play(level) as play:
        for number in range(1, 11):
            play(1, "begin")
            play(1, bank.put(bank.a, number))
            play(1, bank.put(bank.b, number))
            play(1, "commit")
            assert play(2, bank.get(bank.b)) == number and play(3, bank.get(bank.a)) == number
            assert play(2, f"select sum(n) from account where id in ({bank.a}, {bank.b})") == 2 * number
