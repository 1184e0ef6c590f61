#!/usr/bin/python3
"""What the gate's process pays for 1,000 rows: relayed from one shard, concatenated from two, merged from two, and gathered from two. Every
way brings the client the same rows, all but one sorted by a number and by a text; the ways take turns within each round.

usage: ./dev bench scatter [rounds] [queries]       default: 7 rounds of 200 queries of each kind
"""

import contextlib
import statistics
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "cluster"))

from cluster import PASSWORD, commerce_spec, running_cluster  # noqa: E402

ROWS = 1000
GOAL = 1.5
SELECT = "select id, pad from {table} order by {key}"
WAYS = {
    "relay": SELECT.format(table="together", key="{key}").replace(" order", " where place = 1 order"),
    "scatter": "select id, pad from apart",
    "merge": SELECT.format(table="apart", key="{key}"),
    "gather": SELECT.format(table="apart", key="{key}").replace("select", "select /*kintsugi: merge=0 */"),
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


def cpu_seconds(pid):
    """Of all threads of the process, user and system, to the nanosecond."""
    return sum(int(task.read_text().split()[0]) for task in Path(f"/proc/{pid}/task").glob("*/schedstat")) / 1e9


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


if __name__ == "__main__":
    main()
