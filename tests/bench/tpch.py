#!/usr/bin/python3
"""TPC-H's 22 queries on a keyspace of two shards and on one plain server, in turn; and how long the gate takes to plan each.

usage: ./dev bench tpch [scale] [rounds]       default: 0.1, 3
"""

import contextlib
import statistics
import sys
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1] / folder) for folder in ("cluster", "sql")]

from cluster import running_cluster  # noqa: E402
from harness import read_cases  # noqa: E402
from keyspaces import plain_connection, sharded_connections, spec  # noqa: E402
from tpch.load import QUERIES, load  # noqa: E402

PLANNING_GOAL_MS = 5


def seconds(connection, sql):
    with connection.cursor() as cursor:
        begin = time.monotonic()
        cursor.execute(sql)
        cursor.fetchall()
        return time.monotonic() - begin


def plan_seconds(connection, sql):
    """The gate's EXPLAIN, which parses, plans and describes, less the way there and back."""
    explain = "explain format=kintsugi /*kintsugi: plan_cache=0 */ " + sql
    both = [(seconds(connection, explain), seconds(connection, "explain format=kintsugi /*kintsugi: plan_cache=0 */ select 1")) for _ in range(20)]
    return statistics.median(long - short for long, short in both)


def main():
    scale = float(sys.argv[1]) if len(sys.argv) > 1 else 0.1
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    queries = [query.sql for query in read_cases(QUERIES)]
    with running_cluster(spec(["plain", "two"])) as cluster, contextlib.ExitStack() as stack:
        plain = stack.enter_context(contextlib.closing(plain_connection(cluster)))
        two = stack.enter_context(contextlib.closing(sharded_connections(cluster, ["two"])["two"]))
        for connection, sharded in ((plain, False), (two, True)):
            took = time.monotonic()
            load(connection, scale, sharded)
            print(f"loaded scale {scale} {'through the gate onto two shards' if sharded else 'on one server'} in {time.monotonic() - took:.0f} s", flush=True)
        print("query  one server  two shards  ratio  planned in", flush=True)
        slowest = 0
        for number, sql in enumerate(queries, 1):
            pairs = [(seconds(plain, sql), seconds(two, sql)) for _ in range(rounds)]
            planned = plan_seconds(two, sql)
            slowest = max(slowest, planned)
            one, sharded = (statistics.median(each) for each in zip(*pairs, strict=True))
            ratio = statistics.median(b / a for a, b in pairs)
            print(f"Q{number:<5} {one:8.2f} s  {sharded:8.2f} s  {ratio:5.1f}  {planned * 1000:7.2f} ms", flush=True)
        print(f"slowest to plan: {slowest * 1000:.2f} ms; goal: {PLANNING_GOAL_MS} ms")


if __name__ == "__main__":
    main()
