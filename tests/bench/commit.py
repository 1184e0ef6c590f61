#!/usr/bin/python3
"""What an atomic commit over two shards costs, against the same two changes committed one after the other, each on its shard, and against
`transaction_mode = multi`; and whether a transaction on one shard pays for what it might have become. Two shards of a primary and a replica, whose
acknowledgement every commit waits for. The ways take turns within each round.

usage: ./dev bench commit [rounds] [transactions]       default: 7 rounds of 200 transactions of each kind
"""

import contextlib
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "cluster"))

from cluster import PASSWORD, commerce_spec, running_cluster  # noqa: E402

GOAL = 2.5
ACCOUNTS = 100


def spec():
    made = commerce_spec()
    made["metadata"]["name"] = "commit"
    made["spec"]["keyspaces"] = [{"name": "customer", "shards": 2, "vschema": {"inline": {"sharded": True}},
                                  "tablets": [{"cell": "zone1", "type": "replica", "count": 2}]}]
    return made


class Client:
    def __init__(self, connection):
        self.cursor = connection.cursor()
        self.in_commit = 0.0

    def change(self, account):
        self.cursor.execute(f"update account set amount = amount + 1 where id = {account}")

    def commit(self):
        begun = time.perf_counter()
        self.cursor.execute("commit")
        self.in_commit += time.perf_counter() - begun

    def two_commits(self, first, second):
        for account in (first, second):
            self.cursor.execute("begin")
            self.change(account)
            self.commit()

    def one_commit(self, first, second):
        self.cursor.execute("begin")
        self.change(first)
        self.change(second)
        self.commit()


def accounts_by_shard(cluster, cursor):
    """As many of each of the two shards."""
    values = ", ".join(f"({number}, 0)" for number in range(1, 4 * ACCOUNTS))
    cursor.execute("create table account (id int not null primary key, amount bigint not null) /*!kintsugi shard by hash(id) */")
    cursor.execute(f"insert into account values {values}")
    shards = []
    for tablet in cluster.tablets(keyspace="customer", type="primary"):
        ids = [int(line) for line in cluster.server_query(tablet, "select id from customer.account").split()]
        shards.append(ids[:ACCOUNTS])
    assert len(shards) == 2 and all(len(ids) == ACCOUNTS for ids in shards), shards
    return shards


def run(client, ways, rounds, transactions):
    """way → (microseconds of a transaction, and in COMMIT), of each round but the first."""
    taken = {name: [] for name in ways}
    for turn in range(rounds + 1):
        for name, (mode, way) in ways.items():
            client.cursor.execute(f"set transaction_mode = {mode}")
            client.in_commit, begun = 0.0, time.perf_counter()
            for number in range(transactions):
                way(number)
            if turn > 0:
                taken[name].append(((time.perf_counter() - begun) / transactions * 1e6, client.in_commit / transactions * 1e6))
    return taken


def show(taken, base, goal=None):
    for name, times in taken.items():
        whole, commit = (statistics.median(column) for column in zip(*times))
        ratios = [each[0] / other[0] for each, other in zip(times, taken[base])]
        print(f"  {name:28} transaction median {whole:8.1f} us, in COMMIT {commit:8.1f} us; of {base}: median {statistics.median(ratios):.2f}, "
              f"{min(ratios):.2f} to {max(ratios):.2f}" + (f"; goal: {goal}" if goal and name == "atomic" else ""), flush=True)


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    transactions = int(sys.argv[2]) if len(sys.argv) > 2 else 200
    with running_cluster(spec()) as cluster, contextlib.closing(
            cluster.connect(user="user", password=PASSWORD, database="customer")) as connection:
        client = Client(connection)
        first, second = accounts_by_shard(cluster, client.cursor)

        def pair(number):
            return first[number % ACCOUNTS], second[number % ACCOUNTS]

        print(f"two changes on two shards, {rounds} rounds of {transactions} after one to warm up")
        show(run(client, {
            "two commits": ("'atomic'", lambda number: client.two_commits(*pair(number))),
            "atomic": ("'atomic'", lambda number: client.one_commit(*pair(number))),
            "multi": ("'multi'", lambda number: client.one_commit(*pair(number))),
        }, rounds, transactions), "two commits", GOAL)
        print("two changes on one shard")
        show(run(client, {
            "multi": ("'multi'", lambda number: client.one_commit(first[number % ACCOUNTS], first[(number + 1) % ACCOUNTS])),
            "atomic": ("'atomic'", lambda number: client.one_commit(first[number % ACCOUNTS], first[(number + 1) % ACCOUNTS])),
        }, rounds, transactions), "multi")


if __name__ == "__main__":
    main()
