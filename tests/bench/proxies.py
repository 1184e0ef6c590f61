"""What the proxy bench measures between: one server that clients reach directly, through HAProxy, and through a gate; and the two shards that they
reach through the gate only. All have the same tables, and both proxies reach the server by its unix socket."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import pymysql
import usage

sys.path.insert(0, str(Path(__file__).parents[1] / "cluster"))

from cluster import PASSWORD, commerce_spec, running_cluster, wait_until  # noqa: E402

TABLES, ROWS = 4, 10_000
COMPETITORS = {"MySQL Router": "mysqlrouter", "ProxySQL": "proxysql"}


def spec():
    made = commerce_spec()
    made["metadata"]["name"] = "proxy"
    tablets = [{"cell": "zone1", "type": "replica", "count": 1}]
    made["spec"]["keyspaces"] = [
        {"name": "plain", "shards": 1, "tablets": tablets},
        {"name": "sharded", "shards": 2, "vschema": {"inline": {"sharded": True}}, "tablets": tablets},
    ]
    return made


class Way:
    """How clients reach the rows."""

    def __init__(self, name, port, pid, database="plain"):
        self.name, self.port, self.pid, self.database = name, port, pid, database  # pid 0: nothing is between


class Place:
    """Server, proxies and tables, and what keeps them apart."""

    def __init__(self, cluster, haproxy, haproxy_port):
        self.cluster = cluster
        tablet = cluster.tablets(keyspace="plain", type="primary")[0]
        self.server_pid = cluster.mysqld_pid(tablet["alias"])
        self.servers = [self.server_pid] + [cluster.mysqld_pid(each["alias"]) for each in cluster.tablets(keyspace="sharded", type="primary")]
        self.gate_pid = cluster.process("gate-1")["pid"]
        gate = cluster.gate_port()
        self.ways = {way.name: way for way in (
            Way("direct", int(tablet["address"]["mysqlPort"]), 0), Way("HAProxy", haproxy_port, haproxy),
            Way("gate", gate, self.gate_pid), Way("gate, 2 shards", gate, self.gate_pid, "sharded"))}
        self.load_cores = os.sched_getaffinity(0)

    def keep_apart(self, how):
        """Gives load, servers and proxies cores of their own if there are enough; says what it did."""
        cores = sorted(os.sched_getaffinity(0))
        if how == "one":
            parts = [{cores[0]}] * 3
            said = "server, load and proxy all on one core, so that nothing is spent on waking others"
        elif how == "auto" and len(cores) >= 4:
            quarter = len(cores) // 4
            parts = [set(cores[:quarter]), set(cores[quarter:-quarter]), set(cores[-quarter:])]
            said = "proxy on cores {}, servers on {}, load on {}".format(*(sorted(part) for part in parts))
        else:
            return f"not pinned: {len(cores)} cores are too few to keep server, load and proxy apart" if how == "auto" else "not pinned"
        proxies, servers, self.load_cores = parts
        for pid in {way.pid for way in self.ways.values()} - {0}:
            usage.pin(pid, proxies)
        for pid in self.servers:
            usage.pin(pid, servers)
        return said

    def connect(self, way, **options):
        return pymysql.connect(host="127.0.0.1", port=way.port, user="user", password=PASSWORD, database=way.database, autocommit=True, **options)


def competitors_missing():
    """Those that this machine has no program of: Debian 12 has no package of them."""
    return [name for name, program in COMPETITORS.items() if shutil.which(program) is None]


def create_tables(cluster):
    """sysbench's own, filled alike in both keyspaces."""
    for keyspace, by in (("plain", ""), ("sharded", "/*!kintsugi shard by hash(id) */")):
        with contextlib.closing(cluster.connect(database=keyspace)) as connection, connection.cursor() as cursor:
            for number in range(1, TABLES + 1):
                cursor.execute(f"create table sbtest{number} (id int not null auto_increment primary key, k int not null default 0,"
                               f" c char(120) not null default '', pad char(60) not null default '', key k_{number} (k)) {by}")
                for first in range(1, ROWS + 1, 1000):
                    cursor.execute(f"insert into sbtest{number} (id, k, c, pad) values " + ", ".join(
                        f"({i}, {i * 7919 % ROWS}, '{f'{i:011}-' * 9}{i:011}', '{f'{i:011}-' * 4}{i:011}')" for i in range(first, first + 1000)))


def create_account(cluster):
    """The gate's user on the server itself, for those who come past it."""
    tablet = cluster.tablets(keyspace="plain", type="primary")[0]
    cluster.server_query(tablet, f"create user user@'%' identified by '{PASSWORD}'; grant all on *.* to user@'%'")


def free_port():
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def running_haproxy(server_socket):
    """TCP mode, as many threads as there are cores, as by default: gives its pid and port."""
    if shutil.which("haproxy") is None:
        raise SystemExit("haproxy is not installed: tools/install installs it")
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="kintsugi-haproxy-") as folder:
        config = Path(folder) / "haproxy.cfg"
        config.write_text(f"""global
  maxconn 4096
defaults
  mode tcp
  timeout connect 10s
  timeout client 1h
  timeout server 1h
listen mysql
  bind 127.0.0.1:{port}
  server one {server_socket}
""")
        process = subprocess.Popen(["haproxy", "-db", "-f", str(config)], stdin=subprocess.DEVNULL)
        try:
            wait_until(lambda: socket.create_connection(("127.0.0.1", port), 1).close() is None, 10, "HAProxy listening")
            yield process.pid, port
        finally:
            process.kill()
            process.wait()


@contextlib.contextmanager
def running_beside(place, programs):
    """More gates of the same cluster, each another program (name → path) with the options of its own one: what a change of the gate costs, or saves, in one run."""
    arguments = Path(f"/proc/{place.gate_pid}/cmdline").read_text().split("\0")[1:-1]
    with contextlib.ExitStack() as stack:
        for name, program in programs.items():
            own = {"--name": f"gate-{name}", "--mysql-port": free_port(), "--http-port": free_port()}
            options = [f"{option}={own[option]}" if (option := each.split("=")[0]) in own else each for each in arguments]
            process = subprocess.Popen([program, *options], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            stack.callback(process.wait)
            stack.callback(process.terminate)
            port = own["--mysql-port"]
            wait_until(lambda: socket.create_connection(("127.0.0.1", port), 1).close() is None, 30, f"{program} listening")
            for way, database in ((name, "plain"), (f"{name}, 2 shards", "sharded")):
                place.ways[way] = Way(way, port, process.pid, database)
        yield


@contextlib.contextmanager
def running_place(beside=None):
    with running_cluster(spec()) as cluster:
        create_tables(cluster)
        create_account(cluster)
        server_socket = cluster.tablets(keyspace="plain", type="primary")[0]["address"]["mysqlSocket"]
        with running_haproxy(server_socket) as (pid, port):
            place = Place(cluster, pid, port)
            with running_beside(place, beside or {}):
                yield place
