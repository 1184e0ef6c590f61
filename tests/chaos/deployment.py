"""A cluster of three cells on machines of its own: an etcd and a control in each cell, two gates, and each shard's tablets, one in each cell."""

import base64
import contextlib
import json
import os
import secrets
import signal
import subprocess
import threading
import time
import urllib.request
from pathlib import Path

import pymysql

ROOT = Path(__file__).resolve().parents[2]
BINARY = Path(os.environ.get("KINTSUGI_BINARY", ROOT / "build" / "release" / "kintsugi"))
KEYSPACE = "chaos"
CELLS = ("zone1", "zone2", "zone3")
GATE_CELLS = ("zone1", "zone2")
SHARDS = {1: ("-",), 2: ("-80", "80-"), 4: ("-40", "40-80", "80-c0", "c0-")}
USER, PASSWORD = "client", "a-client-of-a-test"
ETCD_DISK = "300M"
DISK_PATIENCE = "3s"  # what hangs is to be noticed before it is ended
KEPT_OUT = "has transactions that the primary"
START_AGAIN_AFTER = 0.3


def wait_until(condition, seconds, what):
    """Asks `condition` until it gives something true, and gives that back."""
    limit, seen = time.monotonic() + seconds, None
    while True:
        try:
            seen = condition()
            if seen:
                return seen
        except (OSError, RuntimeError, pymysql.MySQLError, subprocess.SubprocessError, KeyError, ValueError) as error:
            seen = error
        if time.monotonic() > limit:
            raise AssertionError(f"{what} did not come true in {seconds} s; last seen: {seen!r}")
        time.sleep(0.1)


class Flavour:
    """Which servers: a program that asks one, what a tablet is told besides, and how large its disk is."""

    def __init__(self, name):
        self.name = name
        self.mysql = ROOT / "build" / "mysql"
        self.client = self.mysql / "mysql" if name == "mysql" else "mariadb"
        self.options = {"flavour": "mysql", "mysqld": self.mysql / "mysqld"} if name == "mysql" else {}
        self.disk = "900M" if name == "mysql" else "300M"

    def install(self):
        if self.name == "mysql":
            subprocess.run([ROOT / "tools" / "mysql" / "install"], check=True, timeout=300)


class Process:
    """One of Kintsugi's processes, or etcd: started again when it has ended, unless it is held down."""

    def __init__(self, name, machine, command, log):
        self.name, self.machine, self.log = name, machine, log
        self.command = machine.command(*map(str, command))
        self.held = False
        self.running = None
        self.ended_at = 0.0

    def start(self):
        with open(self.log, "ab") as log:
            self.running = subprocess.Popen(self.command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True)

    def look_after(self):
        if self.running is None or self.running.poll() is None:
            return
        self.ended_at = self.ended_at or time.monotonic()
        if not self.held and time.monotonic() > self.ended_at + START_AGAIN_AFTER:
            self.ended_at = 0.0
            self.start()

    def signal(self, number):
        if self.running is not None and self.running.poll() is None:
            self.running.send_signal(number)


class Status:
    """What control says of the cluster."""

    def __init__(self, answer):
        self.problems = answer.get("problems", [])
        self.leader_address = answer.get("leaderAddress", "").rsplit(":", 1)[0]
        shards = [shard for keyspace in answer.get("keyspaces", []) for shard in keyspace["shards"]]
        self.primaries = {each["name"]: each["record"]["primaryAlias"] for each in shards if each["record"].get("primaryAlias")}
        tablets = [tablet["record"]["alias"] for shard in shards for tablet in shard.get("tablets", [])]
        # Tablets that have what their primary lacks, and say so: they stay out until they are made anew (docs/availability.md).
        self.kept_out = sorted({alias for problem in self.problems if KEPT_OUT in problem for alias in tablets if f": {alias}: " in problem})


class Deployment:
    def __init__(self, network, logs, shards=4, flavour="mariadb"):
        self.network, self.logs, self.shards, self.flavour = network, Path(logs), SHARDS[shards], Flavour(flavour)
        self.folder = network.folder
        self.processes = {}
        self.over = threading.Event()
        self.keeper = threading.Thread(target=self.keep, daemon=True)

    def keep(self):
        while not self.over.wait(0.05):
            for process in list(self.processes.values()):
                process.look_after()

    # ---------------------------------------------------------------------------------------------- start

    def start(self):
        self.flavour.install()
        self.write_secrets()
        self.add_machines()
        self.keeper.start()
        for cell in CELLS:
            self.add_etcd(cell)
        wait_until(self.etcd_is_well, 30, "etcd having a leader")
        for cell in CELLS:
            self.put(f"global/cells/{cell}/CellInfo", {})
        for cell in CELLS:
            self.add_role(f"{cell}-control", "control", {"name": f"{cell}-control", "http-port": 15000})
        wait_until(lambda: self.cli("keyspace", "create", KEYSPACE, "--shards", ",".join(self.shards), "--durability", "semi_sync"), 30, "the keyspace being made")
        (self.folder / "vschema.json").write_text('{"sharded": true}')
        self.cli("vschema", "apply", KEYSPACE, self.folder / "vschema.json")
        for alias in self.tablets:
            self.add_tablet(alias)
        for number, cell in enumerate(GATE_CELLS, 1):
            self.add_gate(f"gate-{number}", cell)
        wait_until(self.is_well, 120, "a healthy cluster")
        wait_until(lambda: all(self.answers(gate) for gate in self.gates), 30, "the gates answering")

    def write_secrets(self):
        credentials = self.folder / "credentials"
        credentials.mkdir(mode=0o700)
        for account in ("gate", "replication", "agent", "monitor"):
            path = credentials / account
            path.touch(mode=0o600)
            path.write_text(secrets.token_hex(14))
        (self.folder / "users.json").write_text(json.dumps({"user": [{"UserData": USER, "Password": PASSWORD, "Groups": ["admin"]}]}))

    def add_machines(self):
        for cell in CELLS:
            self.network.add(f"{cell}-etcd")
            self.network.add(f"{cell}-control")
        self.gates = [f"gate-{number}" for number in range(1, len(GATE_CELLS) + 1)]
        for gate in self.gates:
            self.network.add(gate)
        self.tablets = {f"{cell}-{101 + at}": shard for at, shard in enumerate(self.shards) for cell in CELLS}
        for alias in self.tablets:
            self.network.add(alias)

    def machine(self, name):
        return self.network.machines[name]

    def add(self, name, command):
        self.processes[name] = Process(name, self.machine(name), command, self.logs / f"{name}.log")
        self.processes[name].start()

    def add_etcd(self, cell):
        name = f"{cell}-etcd"
        here = self.machine(name).address
        members = ",".join(f"{each}-etcd=http://{self.machine(f'{each}-etcd').address}:2380" for each in CELLS)
        self.add(name, [
            "etcd", "--name", name, "--data-dir", self.network.disk(name, ETCD_DISK), "--listen-client-urls", f"http://{here}:2379", "--advertise-client-urls",
            f"http://{here}:2379", "--listen-peer-urls", f"http://{here}:2380", "--initial-advertise-peer-urls", f"http://{here}:2380",
            "--initial-cluster", members, "--initial-cluster-token", self.network.name, "--log-level", "warn"])

    def add_role(self, name, role, options):
        everywhere = {"cluster": KEYSPACE, "topology": ",".join(self.etcd_urls()), "http-host": self.machine(name).address}
        self.add(name, [BINARY, role, *(f"--{option}={value}" for option, value in {**everywhere, **options}.items())])

    def add_tablet(self, alias):
        self.network.disk(alias, self.flavour.disk)
        self.add_role(alias, "tablet", {
            "alias": alias, "keyspace": KEYSPACE, "shard": self.tablets[alias], "http-port": 15100, "mysql": f"{self.machine(alias).address}:3306",
            "credentials": self.folder / "credentials", "dir": self.folder / alias / "data", "small-memory": "true",
            "disk-patience": DISK_PATIENCE, **self.flavour.options})

    def add_gate(self, name, cell):
        # Sockets would lead past the network.
        self.add_role(name, "gate", {
            "cell": cell, "name": name, "http-port": 15001, "mysql-host": self.machine(name).address, "mysql-port": 3306, "backend-sockets": "false",
            "users-file": self.folder / "users.json", "backend-password-file": self.folder / "credentials" / "gate"})

    def stop(self):
        """Nothing is looked after any more. The network ends the processes."""
        self.over.set()
        self.keeper.join()

    # ---------------------------------------------------------------------------------------------- etcd

    def etcd_urls(self):
        return [f"http://{self.machine(f'{cell}-etcd').address}:2379" for cell in CELLS]

    def etcd_is_well(self):
        with urllib.request.urlopen(f"{self.etcd_urls()[0]}/health", timeout=5) as answer:
            return json.load(answer)["health"] == "true"

    def etcd_leader(self):
        """The name of the leader's process."""
        for cell, url in zip(CELLS, self.etcd_urls()):
            with contextlib.suppress(OSError), urllib.request.urlopen(urllib.request.Request(f"{url}/v3/maintenance/status", b"{}"), timeout=2) as answer:
                status = json.load(answer)
                if status.get("leader") == status["header"]["member_id"]:
                    return f"{cell}-etcd"
        return f"{CELLS[0]}-etcd"

    def put(self, path, record):
        encode = lambda text: base64.b64encode(text.encode()).decode()  # noqa: E731
        body = json.dumps({"key": encode(f"/kintsugi/{KEYSPACE}/{path}"), "value": encode(json.dumps(record))})
        urllib.request.urlopen(urllib.request.Request(f"{self.etcd_urls()[0]}/v3/kv/put", body.encode()), timeout=10).close()

    # ---------------------------------------------------------------------------------------------- questions

    def controls(self):
        return [f"{cell}-control" for cell in CELLS]

    def cli(self, *arguments, timeout=20, control=None):
        """What the command line prints, asked of any control that answers."""
        failed = ""
        for name in [control] if control else self.controls():
            environment = dict(os.environ, KINTSUGI_CONTROL=f"{self.machine(name).address}:15000")
            try:
                done = subprocess.run([BINARY, *arguments], capture_output=True, text=True, timeout=timeout, env=environment)
            except subprocess.TimeoutExpired as error:
                failed += f"{name}: {error}\n"
                continue
            if done.returncode == 0:
                return done.stdout or "done"
            failed += f"{name}: {done.stderr.strip()}\n"
        raise RuntimeError(f"kintsugi {' '.join(arguments)}: {failed}")

    def json(self, *arguments, **options):
        return json.loads(self.cli(*arguments, "--json", **options))

    def status(self, **options):
        return Status(self.json("cluster", "status", **options))

    def is_well(self):
        status = self.status()
        if status.problems:
            raise RuntimeError(status.problems)
        return len(status.primaries) == len(self.shards)

    def name_of(self, address):
        return next((name for name, machine in self.network.machines.items() if machine.address == address), "")

    def connect(self, gate, **options):
        options = {"autocommit": True, "connect_timeout": 5, "read_timeout": 40, "write_timeout": 40, "database": KEYSPACE, **options}
        return pymysql.connect(host=self.machine(gate).address, port=3306, user=USER, password=PASSWORD, **options)

    def answers(self, gate):
        return self.query("select 1", gate)

    def query(self, sql, gate=None, **options):
        with contextlib.closing(self.connect(gate or self.gates[0], **options)) as connection, connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall()

    def server_query(self, alias, sql):
        """Asked of a tablet's own server, as root over its socket."""
        return subprocess.run(
            [self.flavour.client, "--no-defaults", "-N", "-B", "-u", "root", "-S", self.folder / alias / "data" / "mysqld.sock", "-e", sql],
            capture_output=True, text=True, check=True, timeout=20).stdout

    def mysqld_pid(self, alias):
        """0: it does not run."""
        pids = subprocess.run(["ip", "netns", "pids", self.machine(alias).namespace], capture_output=True, text=True, check=True).stdout.split()
        for pid in pids:
            with contextlib.suppress(OSError):
                if b"--defaults-file=" in Path(f"/proc/{pid}/cmdline").read_bytes():
                    return int(pid)
        return 0

    def kill_mysqld(self, alias, number=signal.SIGKILL):
        pid = self.mysqld_pid(alias)
        if pid:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
        return pid
