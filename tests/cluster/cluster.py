"""A cluster of real processes for tests: its own folder, free ports, ended with the test."""

import base64
import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

import pymysql
import yaml

ROOT = Path(__file__).resolve().parents[2]
BINARY = Path(os.environ.get("KINTSUGI_BINARY", ROOT / "build" / "release" / "kintsugi"))
PASSWORD = "kintsugi-demo"
SANITIZER = re.compile(r"(ERROR|WARNING): \w+Sanitizer|: runtime error: ")


def wait_until(condition, seconds=60, what="the condition"):
    """Asks `condition` until it gives something true, and gives that back. Says what it last saw if it never does."""
    limit = time.monotonic() + seconds
    seen = None
    while True:
        try:
            seen = condition()
            if seen:
                return seen
        except (OSError, pymysql.MySQLError, subprocess.CalledProcessError, AssertionError, KeyError) as error:
            seen = error
        if time.monotonic() > limit:
            raise AssertionError(f"{what} did not come true in {seconds} s; last seen: {seen!r}")
        time.sleep(0.05)


class Cluster:
    """`kintsugi local` in a folder of its own."""

    def __init__(self, folder, spec, environment=None):
        self.folder = Path(folder)
        self.environment = environment or {}  # of its processes, beside the tests' own
        self.spec_file = self.folder / "cluster.yaml"
        self.state = self.folder / "state"
        self.expected_errors = set()
        self.write_spec(spec)

    def write_spec(self, spec):
        self.spec = spec
        self.spec_file.write_text(yaml.safe_dump(spec, sort_keys=False))

    def local(self, word, *arguments, check=True, timeout=120):
        command = [str(BINARY), "local", word, "-f", str(self.spec_file), "--dir", str(self.state), *arguments]
        environment = dict(os.environ, **self.environment)
        done = subprocess.run(command, capture_output=True, text=True, timeout=timeout, stdin=subprocess.DEVNULL, env=environment)
        if check and done.returncode != 0:
            raise AssertionError(f"{' '.join(command)} exited with {done.returncode}\n{done.stdout}\n{done.stderr}\n{self.logs()}")
        return done

    def up(self):
        self.local("up")
        return self

    def down(self):
        self.local("down", check=False)

    def status(self):
        return json.loads(self.local("status", "--json").stdout)

    def processes(self):
        """name → what `local status --json` says of it."""
        return {each["name"]: each for each in self.status()["processes"]}

    def process(self, name):
        return self.processes()[name]

    def port(self, process, kind):
        return self.process(process)["ports"][kind]

    def gate_port(self):
        return self.port("gate-1", "mysql")

    def connect(self, user="user", password=PASSWORD, database=None, port=None, **options):
        options.setdefault("autocommit", True)
        return pymysql.connect(host="127.0.0.1", port=port or self.gate_port(), user=user, password=password, database=database, **options)

    def query(self, sql, database=None, **options):
        with contextlib.closing(self.connect(database=database, **options)) as connection:
            with connection.cursor() as cursor:
                cursor.execute(sql)
                return cursor.fetchall()

    def run_file(self, path, *arguments):
        """A file through the stock client."""
        with open(path) as file:
            return subprocess.run(
                ["mariadb", "--no-defaults", "-h", "127.0.0.1", "-P", str(self.gate_port()), "-u", "user", f"-p{PASSWORD}", *arguments],
                stdin=file, capture_output=True, text=True, check=True, timeout=60,
            ).stdout

    def load_commerce(self):
        for name in ("schema.sql", "data.sql"):
            self.run_file(ROOT / "examples" / "commerce" / name)

    def cli(self, *arguments, check=True):
        environment = dict(os.environ, KINTSUGI_CONTROL=f"127.0.0.1:{self.port('control-1', 'http')}")
        done = subprocess.run([str(BINARY), *arguments], capture_output=True, text=True, timeout=60, env=environment)
        if check and done.returncode != 0:
            raise AssertionError(f"kintsugi {' '.join(arguments)} exited with {done.returncode}\n{done.stdout}{done.stderr}")
        return done

    def json(self, *arguments):
        return json.loads(self.cli(*arguments, "--json").stdout)

    def http(self, process, path, data=None):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port(process, 'http')}{path}", data=data, timeout=10) as answer:
            return answer.read().decode()

    def etcd_keys(self):
        return sorted(self.etcd_range("\0", "\0"))

    def etcd_range(self, start, end):
        """key → value, asked of etcd itself, not of Kintsugi."""
        body = json.dumps({"key": base64.b64encode(start.encode()).decode(), "range_end": base64.b64encode(end.encode()).decode()})
        request = urllib.request.Request(f"http://127.0.0.1:{self.port('etcd', 'client')}/v3/kv/range", body.encode())
        with urllib.request.urlopen(request, timeout=10) as answer:
            found = json.load(answer).get("kvs", [])
        return {base64.b64decode(each["key"]).decode(): base64.b64decode(each["value"]).decode() for each in found}

    def tablets(self, keyspace=None, shard=None, type=None):
        """The records of `tablet list`, filtered."""
        records = [each["record"] for each in self.json("tablet", "list")["tablets"]]
        return [
            each for each in records
            if (keyspace is None or each["keyspace"] == keyspace)
            and (shard is None or each["shard"] == shard)
            and (type is None or each["type"] == type)
        ]

    def mysqld_pid(self, alias):
        """Of the tablet's server; 0: it does not run. Its agent may be slow to answer, and is asked again."""
        status = wait_until(lambda: self.json("tablet", "show", alias).get("status"), what=f"the agent of {alias} answering")
        return int(status.get("mysqldPid", 0))

    def server_query(self, tablet, sql):
        """Asks a tablet's own server, past the gate, as root over its unix socket."""
        return subprocess.run(
            ["mariadb", "--no-defaults", "-N", "-B", "-u", "root", "-S", tablet["address"]["mysqlSocket"], "-e", sql],
            capture_output=True, text=True, check=True, timeout=30,
        ).stdout

    def logs(self):
        """The ends of all logs, for a failure's report."""
        parts = []
        for path in sorted((self.state / "logs").glob("*.log")):
            text = path.read_text(errors="replace")
            parts.append(f"--- {path.relative_to(self.state)}\n{text[-3000:]}")
        return "\n".join(parts)

    def error_lines(self):
        """Lines of level error of Kintsugi's own processes, but for events that a test expects; and what sanitizers say."""
        lines = []
        for path in sorted((self.state / "logs").glob("*.log")):
            text = path.read_text(errors="replace")
            found = SANITIZER.search(text)
            if found:
                lines.append(f"{path.name}: {text[found.start():found.start() + 6000]}")
            for line in text.splitlines():
                words = line.split(maxsplit=4)  # time, level, component, event, fields
                if len(words) > 3 and words[1] == "error" and words[3] not in self.expected_errors:
                    lines.append(f"{path.name}: {line}")
        return lines


def commerce_spec():
    """examples/commerce.yaml with free ports."""
    spec = yaml.safe_load((ROOT / "examples" / "commerce.yaml").read_text())
    spec["spec"]["control"]["httpPort"] = 0
    for gate in spec["spec"]["gates"]:
        gate["mysqlPort"] = 0
        gate["httpPort"] = 0
    spec["spec"]["users"] = {"file": str(ROOT / "examples" / "commerce" / "users.json")}
    return spec


@contextlib.contextmanager
def running_cluster(spec=None, expected_errors=(), environment=None):
    """A cluster that is up, with `environment` added to its processes'. A line of level error in its logs fails the test, unless its event is among `expected_errors`."""
    folder = Path(tempfile.mkdtemp(prefix="kintsugi-test-"))
    cluster = Cluster(folder, spec or commerce_spec(), environment)
    cluster.expected_errors.update(expected_errors)
    try:
        yield cluster.up()
        cluster.down()
        lines = cluster.error_lines()
        assert not lines, "errors in the logs that no test asked for:\n" + "\n".join(lines)
    finally:
        cluster.down()
        shutil.rmtree(folder, ignore_errors=True)


def kill(pid):
    assert pid > 0, "nothing runs that could be killed"  # 0 would be all of the test itself
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
