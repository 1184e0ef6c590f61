#!/usr/bin/python3
"""TPC-H's 22 queries on a keyspace of two shards and on one plain server, in turn; and how long the gate takes to plan each.

usage: ./dev bench tpch [scale] [rounds] [--docs]       default: 0.1, 3
--docs writes the table of docs/queries.md again."""

import argparse
import contextlib
import statistics
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "tests" / folder) for folder in ("cluster", "sql")]

from cluster import running_cluster  # noqa: E402
from harness import read_cases  # noqa: E402
from keyspaces import plain_connection, sharded_connections, spec  # noqa: E402
from pages import put_between_marks  # noqa: E402
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


def measure(plain, two, queries, rounds):
    """[(query's number, seconds on one server, on two shards, the rounds' ratios, seconds to plan)]"""
    print("query  one server  two shards  ratio  planned in", flush=True)
    found = []
    for number, sql in enumerate(queries, 1):
        pairs = [(seconds(plain, sql), seconds(two, sql)) for _ in range(rounds)]
        one, sharded = (statistics.median(each) for each in zip(*pairs, strict=True))
        found.append((number, one, sharded, [b / a for a, b in pairs], plan_seconds(two, sql)))
        print(f"Q{number:<5} {one:8.2f} s  {sharded:8.2f} s  {statistics.median(found[-1][3]):5.1f}  {found[-1][4] * 1000:7.2f} ms", flush=True)
    return found


def table(found):
    lines = ["| query | one server, ms | two shards, ms | times as long | planned in ms |", "|---|---|---|---|---|"]
    lines += [f"| Q{number} | {one * 1000:,.0f} | {sharded * 1000:,.0f} | {statistics.median(ratios):.1f} ({min(ratios):.1f} to {max(ratios):.1f}) | {planned * 1000:.2f} |"
              for number, one, sharded, ratios, planned in found]
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scale", type=float, nargs="?", default=0.1)
    parser.add_argument("rounds", type=int, nargs="?", default=3)
    parser.add_argument("--docs", action="store_true")
    asked = parser.parse_args()
    queries = [query.sql for query in read_cases(QUERIES)]
    with running_cluster(spec(["plain", "two"])) as cluster, contextlib.ExitStack() as stack:
        plain = stack.enter_context(contextlib.closing(plain_connection(cluster)))
        two = stack.enter_context(contextlib.closing(sharded_connections(cluster, ["two"])["two"]))
        for connection, sharded in ((plain, False), (two, True)):
            took = time.monotonic()
            load(connection, asked.scale, sharded)
            print(f"loaded scale {asked.scale} {'through the gate onto two shards' if sharded else 'on one server'} in {time.monotonic() - took:.0f} s", flush=True)
        found = measure(plain, two, queries, asked.rounds)
    print(f"slowest to plan: {max(each[4] for each in found) * 1000:.2f} ms; goal: {PLANNING_GOAL_MS} ms")
    if asked.docs:
        put_between_marks(ROOT / "docs" / "queries.md", "tpch times", table(found))


if __name__ == "__main__":
    main()
