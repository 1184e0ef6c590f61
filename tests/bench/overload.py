#!/usr/bin/python3
"""What the gate's two ways of sparing a server are worth: reads that are the same and under way at once share an answer (shared_reads), and writers of
one row wait in the gate (hot_row_writers_max). Two gates before the same server, one with both and one with neither, take turns within each round, with the
same number of clients. Besides, what the options cost those whom they do not help: point selects of different rows.

usage: ./dev bench overload [rounds] [seconds] [clients]       default: 5 rounds of 3 s of each kind with 32 clients
"""

import contextlib
import os
import random
import statistics
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "cluster"))

from cluster import PASSWORD, commerce_spec, running_cluster  # noqa: E402

import pymysql  # noqa: E402

ROWS = 20_000
KINDS = {
    "same aggregate": lambda: "select kind, count(*), sum(amount) from item group by kind",
    "same point select": lambda: "select pad from item where id = 7",
    "other point selects": lambda: f"select pad from item where id = {random.randrange(ROWS)}",
    "one hot row": lambda: "update item set amount = amount + 1 where id = 7",
    "other rows": lambda: f"update item set amount = amount + 1 where id = {random.randrange(ROWS)}",
}
ON = {"shared_reads": True, "hot_row_writers_max": 1, "hot_row_waiters_max": 10_000}


def spec():
    made = commerce_spec()
    made["metadata"]["name"] = "overload"
    made["spec"]["keyspaces"] = [{"name": "shop", "tablets": [{"cell": "zone1", "type": "replica", "count": 1}]}]
    (gate,) = made["spec"]["gates"][:1]
    made["spec"]["gates"] = [dict(gate, name="gate-1"), dict(gate, name="gate-2", options=ON)]
    return made


def connect(cluster, gate):
    return pymysql.connect(host="127.0.0.1", port=cluster.port(gate, "mysql"), user="user", password=PASSWORD, database="shop", autocommit=True)


def fill(cluster):
    with contextlib.closing(connect(cluster, "gate-1")) as connection, connection.cursor() as cursor:
        cursor.execute("create table item (id int primary key, kind int not null, amount int not null, pad varchar(100))")
        for first in range(0, ROWS, 1000):
            cursor.execute("insert into item values " + ", ".join(f"({i}, {i % 100}, 1, '{'x' * 100}')" for i in range(first, first + 1000)))


def cpu_seconds(pid):
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def load(cluster, gate, statement, clients, seconds):
    """Statements a second, the slowest of a hundred in ms, and the most of them that the server ran at once."""
    took, failures = [], []
    connections = [connect(cluster, gate) for _ in range(clients)]
    limit = time.monotonic() + seconds

    def client(connection):
        with contextlib.closing(connection), connection.cursor() as cursor:
            while (begun := time.monotonic()) < limit:
                try:
                    cursor.execute(statement())
                    cursor.fetchall()
                except pymysql.MySQLError as error:
                    failures.append(error)
                took.append(time.monotonic() - begun)

    threads = [threading.Thread(target=client, args=(connection,)) for connection in connections]
    for thread in threads:
        thread.start()
    running = []
    tablet = cluster.tablets(keyspace="shop", type="primary")[0]
    while time.monotonic() < limit - 0.5:
        running.append(int(cluster.server_query(tablet, "show status like 'Threads_running'").split()[1]) - 1)
        time.sleep(0.2)
    for thread in threads:
        thread.join()
    assert not failures, failures[0]
    return len(took) / seconds, statistics.quantiles(took, n=100)[98] * 1000, max(running, default=0)


def measure(cluster, rounds, clients, seconds):
    tablet = cluster.tablets(keyspace="shop", type="primary")[0]
    server = cluster.mysqld_pid(tablet["alias"])
    print(f"{clients} clients, {rounds} rounds of {seconds} s, medians; the server's CPU is in ms for 1,000 statements")
    print(f"{'':22}{'':6}{'per second':>12}{'p99 ms':>10}{'running':>10}{'server CPU':>12}")
    for kind, statement in KINDS.items():
        found = {"gate-1": [], "gate-2": []}
        for round_ in range(rounds):
            for gate in sorted(found, reverse=round_ % 2 == 1):
                before = cpu_seconds(server)
                rate, p99, running = load(cluster, gate, statement, clients, seconds)
                found[gate].append((rate, p99, running, (cpu_seconds(server) - before) / (rate * seconds) * 1e6))
        for gate, word in (("gate-1", "off"), ("gate-2", "on")):
            rate, p99, running, cpu = (statistics.median(each[i] for each in found[gate]) for i in range(4))
            print(f"{kind:22}{word:6}{rate:12,.0f}{p99:10.1f}{running:10.0f}{cpu:12.1f}")
        ratios = [on[0] / off[0] for on, off in zip(found["gate-2"], found["gate-1"])]
        print(f"{'':22}{'on/off':6}{statistics.median(ratios):12.2f}   ({min(ratios):.2f} to {max(ratios):.2f})")


def main():
    numbers = [int(each) for each in sys.argv[1:]]
    rounds, seconds, clients = (numbers + [5, 3, 32][len(numbers):])[:3]
    with running_cluster(spec()) as cluster:
        fill(cluster)
        measure(cluster, rounds, clients, seconds)


if __name__ == "__main__":
    main()
