#!/usr/bin/python3
"""What the gate's process pays for 1,000 rows: relayed from one shard, concatenated from two, merged from two, and gathered from two. Every
way brings the client the same rows, all but one sorted by a number and by a text; the ways take turns within each round. Then what 100 groups of
10,000 rows and one count of them cost: of one shard, put together by the gate, and by a server that the shards' groups are copied to.

usage: ./dev bench scatter [rounds] [queries]       default: 7 rounds of 200 queries of each kind
"""

import contextlib
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "cluster"))

from cluster import PASSWORD, commerce_spec, running_cluster  # noqa: E402
from usage import cpu_seconds  # noqa: E402

ROWS = 1000
GOAL = 1.5
SELECT = "select id, pad from {table} order by {key}"
WAYS = {
    "relay": SELECT.format(table="together", key="{key}").replace(" order", " where place = 1 order"),
    "scatter": "select id, pad from apart",
    "merge": SELECT.format(table="apart", key="{key}"),
    "gather": SELECT.format(table="apart", key="{key}").replace("select", "select /*kintsugi: merge=0 */"),
}
GROUPED_ROWS = 10_000
GROUPED = {
    "100 groups": "select kind, count(*), sum(amount), max(pad) from {table} group by kind order by kind",
    "count and sum": "select count(*), sum(amount) from {table}",
}
GATHER_SHARE = 10  # one gathered query for so many of the others: it takes long


def spec():
    made = commerce_spec()
    made["metadata"]["name"] = "scatter"
    made["spec"]["keyspaces"] = [{"name": "customer", "shards": 2, "vschema": {"inline": {"sharded": True}},
                                  "tablets": [{"cell": "zone1", "type": "replica", "count": 1}]}]
    return made


def fill(connection):
    values = ", ".join(f"({i}, 1, '{i * 7919 % ROWS:04}-{'x' * 75}')" for i in range(1, ROWS + 1))
    with connection.cursor() as cursor:
        for table, key in {"together": "place", "apart": "id"}.items():
            cursor.execute(f"create table {table} (id int not null, place int not null, pad varchar(100), primary key ({key}, {'id' if key == 'place' else 'place'}),"
                           f" key (pad)) default charset=utf8mb4 /*!kintsugi shard by hash({key}) */")
            cursor.execute(f"insert into {table} (id, place, pad) values {values}")
            cursor.execute(f"analyze table {table}")
            cursor.fetchall()


def fill_grouped(connection):
    with connection.cursor() as cursor:
        for table, key in {"ledger_together": "place", "ledger_apart": "id"}.items():
            cursor.execute(f"create table {table} (id int not null, place int not null, kind int not null, amount decimal(10,2), pad varchar(20), primary key"
                           f" ({key}, {'id' if key == 'place' else 'place'})) default charset=utf8mb4 /*!kintsugi shard by hash({key}) */")
            for first in range(0, GROUPED_ROWS, 1000):
                values = ", ".join(f"({i}, 1, {i % 100}, {i % 977}.25, 'p{i * 7919 % 1000:03}')" for i in range(first, first + 1000))
                cursor.execute(f"insert into {table} values {values}")
            cursor.execute(f"analyze table {table}")
            cursor.fetchall()


def grouped_ways(query):
    return {
        "relay": query.format(table="ledger_together where place = 1"),
        "merge": query.format(table="ledger_apart"),
        "gather": query.format(table="ledger_apart").replace("select", "select /*kintsugi: merge=0 */"),
    }


def run_grouped(pid, cursor, name, rounds, queries):
    """CPU of the gate and time until the answer, of each way."""
    ways = grouped_ways(GROUPED[name])
    answers = []
    taken = {way: [] for way in ways}
    for turn in range(rounds + 1):
        for way, query in ways.items():
            begun, cpu = time.perf_counter(), cpu_seconds(pid)
            for _ in range(queries):
                cursor.execute(query)
                rows = cursor.fetchall()
            answers.append(rows)
            if turn > 0:
                taken[way].append(((cpu_seconds(pid) - cpu) / queries * 1e6, (time.perf_counter() - begun) / queries * 1e6))
    assert all(answer == answers[0] for answer in answers)
    print(f"{name} of {GROUPED_ROWS} rows, {rounds} rounds after one to warm up")
    for way, times in taken.items():
        cpu, elapsed = (statistics.median(column) for column in zip(*times))
        print(f"  {way:7} CPU of the gate median {cpu:8.1f} us, answered after {elapsed:8.1f} us", flush=True)


def measure(pid, cursor, query, count):
    """Microseconds of the gate's CPU for one query."""
    before = cpu_seconds(pid)
    for _ in range(count):
        cursor.execute(query)
        rows = cursor.fetchall()
    assert len(rows) == ROWS
    return (cpu_seconds(pid) - before) / count * 1e6


def check(cursor, key):
    """That the ways are what they are called, and bring the same rows."""
    answers = []
    for way, query in WAYS.items():
        cursor.execute("explain format=kintsugi " + query.format(key=key))
        tier = cursor.fetchone()[0].split(":")[0]
        assert tier == {"relay": "route"}.get(way, way), tier
        cursor.execute(query.format(key=key))
        rows = cursor.fetchall()
        answers.append(tuple(sorted(rows, key=lambda row: row[("id", "pad").index(key)])) if way == "scatter" else rows)
    assert all(answer == answers[0] for answer in answers)


def run(pid, cursor, key, rounds, queries):
    taken = {way: [] for way in WAYS}
    for _ in range(rounds + 1):
        for way, query in WAYS.items():
            count = max(1, queries // GATHER_SHARE) if way == "gather" else queries
            taken[way].append(measure(pid, cursor, query.format(key=key), count))
    print(f"order by {key}: CPU of the gate for {ROWS} rows, {rounds} rounds after one to warm up")
    for way, times in taken.items():
        ratios = [time / relay for time, relay in zip(times[1:], taken["relay"][1:])]
        print(f"  {way:7} median {statistics.median(times[1:]):8.1f} us; of relay: median {statistics.median(ratios):5.2f}, {min(ratios):.2f} to {max(ratios):.2f}"
              + (f"; goal: {GOAL}" if way == "merge" else ""), flush=True)


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    queries = int(sys.argv[2]) if len(sys.argv) > 2 else 200
    with running_cluster(spec()) as cluster, contextlib.closing(
            cluster.connect(user="user", password=PASSWORD, database="customer", charset="utf8mb4")) as connection, connection.cursor() as cursor:
        fill(connection)
        pid = cluster.process("gate-1")["pid"]
        for key in ("id", "pad"):
            check(cursor, key)
            run(pid, cursor, key, rounds, queries)
        fill_grouped(connection)
        for name in GROUPED:
            run_grouped(pid, cursor, name, rounds, queries // GATHER_SHARE)


if __name__ == "__main__":
    main()
