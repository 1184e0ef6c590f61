#!/usr/bin/python3
"""What the gate's two ways of sparing a server are worth: reads that are the same and under way at once share an answer (shared_reads), and writers of
one row wait in the gate (hot_row_writers_max). Three gates before the same server take turns within each round: one with neither, one that lets one writer of
a row through, one that lets four. Besides, what the options cost those whom they do not help: statements of different rows.

usage: ./dev bench overload [--rounds N] [--seconds N] [--clients N] [--docs]       default: 5 rounds of 3 s of each kind with 256 clients
--docs writes the table of docs/overload.md again."""

import argparse
import contextlib
import os
import statistics
import sys
import threading
import types
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests" / "cluster"))

from cluster import commerce_spec, running_cluster  # noqa: E402
from pages import put_between_marks  # noqa: E402
from proxy import sysbench  # noqa: E402
import usage  # noqa: E402

ROWS = 20_000
KINDS = ["same_aggregate", "same_point_select", "other_point_selects", "one_hot_row", "hot_row_first", "other_rows"]
WORDS = {
    "same_aggregate": "one aggregate of 20,000 rows, asked by all",
    "same_point_select": "one point select, asked by all",
    "other_point_selects": "point selects of any row",
    "one_hot_row": "UPDATE of one row by all, each by itself",
    "hot_row_first": "transactions: UPDATE of the hot row, then of another",
    "other_rows": "UPDATE of any row",
}
OPTIONS = {
    "gate-1": {},
    "gate-2": {"shared_reads": True, "hot_row_writers_max": 1, "hot_row_waiters_max": 10_000},
    "gate-3": {"shared_reads": True, "hot_row_writers_max": 4, "hot_row_waiters_max": 10_000},
}
GATES = {"gate-1": "off", "gate-2": "on, 1 writer", "gate-3": "on, 4 writers"}


def spec():
    made = commerce_spec()
    made["metadata"]["name"] = "overload"
    made["spec"]["keyspaces"] = [{"name": "shop", "tablets": [{"cell": "zone1", "type": "replica", "count": 1}]}]
    (gate,) = made["spec"]["gates"][:1]
    made["spec"]["gates"] = [dict(gate, options=options) for options in OPTIONS.values()]
    return made


def fill(cluster):
    with contextlib.closing(cluster.connect(database="shop")) as connection, connection.cursor() as cursor:
        cursor.execute("create table item (id int primary key, kind int not null, amount int not null, pad varchar(100))")
        for first in range(0, ROWS + 10, 1000):
            cursor.execute("insert into item values " + ", ".join(f"({i}, {i % 100}, 1, '{'x' * 100}')" for i in range(first, first + 1000)))


class Running:
    """The most statements that the server runs at once, looked at all the time until the block ends."""

    def __init__(self, cluster, tablet):
        self.most, self.over = 0, threading.Event()
        self.watch = threading.Thread(target=self.look, args=(cluster, tablet))

    def look(self, cluster, tablet):
        while not self.over.wait(0.3):
            running = "select count(*) from information_schema.processlist where command in ('Query', 'Execute') and user = 'kintsugi_gate'"
            self.most = max(self.most, int(cluster.server_query(tablet, running)))

    def __enter__(self):
        self.watch.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.watch.join()


def load(cluster, gate, kind, clients, seconds):
    tablet = cluster.tablets(keyspace="shop", type="primary")[0]
    server = cluster.mysqld_pid(tablet["alias"])
    place = types.SimpleNamespace(load_cores=os.sched_getaffinity(0))
    way = types.SimpleNamespace(port=cluster.port(gate, "mysql"), database="shop")
    before = usage.cpu_seconds(server)
    with Running(cluster, tablet) as running:
        ran = sysbench(place, way, str(Path(__file__).with_suffix(".lua")), [f"--kind={kind}", f"--table-size={ROWS}", "--db-ps-mode=disable"], clients, seconds)
    return {"rate": ran["transactions"] / ran["seconds"], "p99": ran["p99"], "running": running.most,
            "cpu_us": (usage.cpu_seconds(server) - before) / ran["transactions"] * 1e6}


def measure(cluster, rounds, clients, seconds):
    """{kind: {gate: [what each round gave]}}"""
    found = {}
    for kind in KINDS:
        found[kind] = {gate: [] for gate in GATES}
        for turn in range(rounds):
            for gate in list(GATES)[turn % 3:] + list(GATES)[:turn % 3]:
                found[kind][gate].append(load(cluster, gate, kind, clients, seconds))
        print(table({kind: found[kind]}), flush=True)
    return found


def table(found):
    """Medians; a rate also as the median of its rounds' ratios to that without the options, with the least and the most."""
    lines = ["| load | options | a second | of without | p99 ms | running at once, at most | server's CPU, µs each |", "|---|---|---|---|---|---|---|"]
    for kind, gates in found.items():
        for gate, runs in gates.items():
            middle = {name: statistics.median(run[name] for run in runs) for name in runs[0]}
            ratios = [run["rate"] / plain["rate"] for run, plain in zip(runs, gates["gate-1"])]
            beside = "" if gate == "gate-1" else f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"
            lines.append(f"| {WORDS[kind]} | {GATES[gate]} | {middle['rate']:,.0f} | {beside} | {middle['p99']:,.0f} | {middle['running']:.0f} | {middle['cpu_us']:,.0f} |")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--clients", type=int, default=256)
    parser.add_argument("--docs", action="store_true")
    asked = parser.parse_args()
    with running_cluster(spec()) as cluster, usage.without_autogroups():
        fill(cluster)
        found = measure(cluster, asked.rounds, asked.clients, asked.seconds)
    if asked.docs:
        put_between_marks(ROOT / "docs" / "overload.md", "overload", table(found))


if __name__ == "__main__":
    main()
