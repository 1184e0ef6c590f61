#!/usr/bin/python3
"""From `local up` to the first query's answer, on the cluster of examples/commerce.yaml: with new data directories, and on prepared ones.

usage: ./dev bench start [rounds]       default: 3
"""

import contextlib
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "cluster"))

from cluster import PASSWORD, running_cluster  # noqa: E402

GOALS = {"new": 60, "prepared": 10}
QUESTION = "select count(*) from customer"


def answered(cluster):
    """Asks once. A start that is over answers: it is not asked again and again."""
    with contextlib.closing(cluster.connect(user="user", password=PASSWORD, database="customer")) as connection, connection.cursor() as cursor:
        cursor.execute(QUESTION)
        return cursor.fetchone()


def measure():
    """Seconds by kind of start."""
    took = {}
    begin = time.monotonic()
    with running_cluster() as cluster:
        cluster.query("select 1", database="customer")
        took["new"] = time.monotonic() - begin
        cluster.load_commerce()
        cluster.down()
        begin = time.monotonic()
        cluster.up()
        answered(cluster)
        took["prepared"] = time.monotonic() - begin
    return took


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    all_took = []
    for number in range(rounds):
        all_took.append(measure())
        print(f"round {number + 1}: " + ", ".join(f"{kind} {seconds:.1f} s" for kind, seconds in all_took[-1].items()), flush=True)
    for kind, goal in GOALS.items():
        seconds = [took[kind] for took in all_took]
        print(f"{kind} data directories: median {statistics.median(seconds):.1f} s, {min(seconds):.1f} to {max(seconds):.1f} s; goal: {goal} s")


if __name__ == "__main__":
    main()
