"""20,000 clients over 64 server connections: two gates, two shards, 16 connections of each gate to each server."""

import contextlib
import json
import re
import subprocess
import sys
import threading
from pathlib import Path

import pymysql
import pytest

from cluster import PASSWORD, running_cluster, wait_until
from test_bounds import gate_pid, resident

CLIENTS = 20_000
GATES = 2  # a process may have no more than 20,000 open files on many machines
POOL = 16
IDLE_BYTES_MAX = 24 << 10


def crowd_spec():
    options = {"pool_connections_max": POOL, "pool_waiters_max": CLIENTS, "pool_wait": "2m", "connections_max": CLIENTS}
    return {
        "apiVersion": "kintsugi/v1", "kind": "Cluster", "metadata": {"name": "crowd"},
        "spec": {
            "cells": [{"name": "zone1"}], "control": {"httpPort": 0},
            "gates": [{"cell": "zone1", "mysqlPort": 0, "httpPort": 0, "options": options} for _ in range(GATES)],
            "users": {"inline": {"user": [{"Password": PASSWORD}]}},
            "keyspaces": [{"name": "crowd", "shards": 2, "vschema": {"inline": {"sharded": True}},
                           "tablets": [{"cell": "zone1", "type": "replica", "count": 1}]}],
        },
    }


@pytest.fixture(scope="module")
def cluster():
    with running_cluster(crowd_spec()) as cluster:
        cluster.query("create table member (id int primary key, seen int not null default 0) shard by hash(id)", database="crowd")
        for first in range(0, CLIENTS, 5000):
            cluster.query("insert into member (id) values " + ", ".join(f"({number})" for number in range(first, first + 5000)), database="crowd")
        yield cluster


class Crowd:
    """Half of the clients, in a process of their own."""

    def __init__(self, port, count, first_id):
        self.process = subprocess.Popen([sys.executable, Path(__file__).parent / "crowd.py", str(port), PASSWORD, str(count), str(first_id)],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def say(self, words):
        self.process.stdin.write(words + "\n")
        self.process.stdin.flush()

    def answer(self):
        line = self.process.stdout.readline()
        assert line, "a crowd's process has ended"
        return json.loads(line)

    def end(self):
        self.process.kill()
        self.process.wait()


@contextlib.contextmanager
def crowds(cluster):
    each = CLIENTS // GATES
    made = [Crowd(cluster.port(f"gate-{number + 1}", "mysql"), each, number * each) for number in range(GATES)]
    try:
        yield made
    finally:
        for crowd in made:
            crowd.end()


def all_do(made, words):
    for crowd in made:
        crowd.say(words)
    return [crowd.answer() for crowd in made]


class Watch:
    """The most connections that gates have had to all servers at once, looked at all the time."""

    def __init__(self, cluster):
        self.sockets = [tablet["address"]["mysqlSocket"] for tablet in cluster.tablets("crowd")]
        self.most = 0
        self.looks = 0
        self.done = threading.Event()
        self.thread = threading.Thread(target=self.run)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.done.set()
        self.thread.join()

    def run(self):
        with contextlib.ExitStack() as stack:
            servers = [stack.enter_context(contextlib.closing(pymysql.connect(unix_socket=path, user="root"))) for path in self.sockets]
            while not self.done.is_set():
                count = 0
                for server in servers:
                    with server.cursor() as cursor:
                        cursor.execute("select count(*) from information_schema.processlist where user = 'kintsugi_gate'")
                        count += cursor.fetchone()[0]
                self.most = max(self.most, count)
                self.looks += 1


def test_twenty_thousand_clients_over_64_server_connections(cluster):
    pids = [cluster.process(f"gate-{number + 1}")["pid"] for number in range(GATES)]
    with crowds(cluster) as made:
        before = [resident(pid) for pid in pids]
        connected = all_do(made, "connect")
        assert sum(each["connected"] for each in connected) == CLIENTS
        idle = [(resident(pid) - was) / (CLIENTS // GATES) for pid, was in zip(pids, before)]
        with Watch(cluster) as watch:
            answers = [(words, all_do(made, f"work {words}")) for words in ("name", "write", "point", "point")]
        for words, answer in answers:
            assert all(each["right"] == each["of"] for each in answer), (words, answer)
        after = [(resident(pid) - was) / (CLIENTS // GATES) for pid, was in zip(pids, before)]
        print(f"\n{CLIENTS} clients: connected in {max(each['seconds'] for each in connected):.1f} s; memory of one: idle {max(idle) / 1024:.1f} KiB, "
              f"after its work {max(after) / 1024:.1f} KiB; server connections at most {watch.most} ({watch.looks} looks); "
              + ", ".join(f"{words} {max(each['seconds'] for each in answer):.1f} s" for words, answer in answers))
        assert watch.looks > 3 and 2 * GATES <= watch.most <= 2 * GATES * POOL
        assert max(idle) <= IDLE_BYTES_MAX
    assert cluster.query("select count(*), sum(seen) from member", database="crowd") == ((CLIENTS, CLIENTS),)
