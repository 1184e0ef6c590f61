"""The two servers that drivers' programs are run on, and what they tell, compared."""

import contextlib
import difflib
import json
import os
import re
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import pymysql

from cluster import ROOT, running_cluster
from plain_server import plain_server

HERE = Path(__file__).resolve().parent
BUILD = ROOT / "build" / "drivers"  # compiled programs and Node's modules
TIMEOUT = 240  # seconds for all steps of one driver on one server
NUMBERS = 20_000  # rows of the table `number`
USER, PASSWORD, DATABASE = "app", "a password: 'quoted'", "shop"

# Rows of the table in docs/drivers.md, in its order.
STEPS = {
    "connect": "default and other databases, server's version, character set, no database",
    "tls": "TLS with the server's certificate checked",
    "refused": "wrong password, unknown user, unknown database",
    "text": "queries of every tier, parameters put into the text by the driver",
    "prepared": "statements prepared on the server, parameters of every type, executed again, errors",
    "batch": "many rows by one call: executemany, addBatch, bulk",
    "multi_statements": "several statements in one text",
    "streaming": "rows read while they come, by cursors or unbuffered, and left in the middle",
    "large_values": "values of 16 MiB and more, in packets of several frames",
    "types": "every column type at its ends, and NULL, by text and prepared; written back",
    "metadata": "columns as the driver tells of them",
    "time_zones": "TIMESTAMP under several session time zones",
    "charsets": "connections in several character sets, collations",
    "transactions": "commit, rollback, savepoints, autocommit, read only",
    "isolation": "isolation levels, seen from a second connection",
    "errors": "codes, SQLSTATEs and messages",
    "locks": "lock wait timeout, NOWAIT, GET_LOCK, killed statements",
    "insert_ids": "ids that the server made",
    "affected_rows": "affected rows, and found rows for those who ask",
    "warnings": "how many, and which",
    "pools": "what a pool does between two borrowers: ping, reset, change of user",
    "reconnect": "a connection that was killed",
    "load_data": "LOAD DATA LOCAL INFILE",
    "procedures": "CALL with result sets and OUT parameters",
    "migrations": "tables made and changed by the ORM",
    "introspection": "tables read back by the ORM",
    "models": "objects written, read and changed by the ORM",
}


@dataclass
class Driver:
    title: str
    command: list  # what runs its program; the file with the settings is its last argument
    lacks: dict  # step → why the driver has no such thing
    prepare: object = None  # makes what the command needs
    known: dict = field(default_factory=dict)  # (step, pattern of what is told) → why the gate answers otherwise
    environment: dict = field(default_factory=dict)
    flat: bool = False  # its program reads settings and material as lines of words that tabs part, for want of a parser of JSON

    def steps(self):
        return [step for step in STEPS if step not in self.lacks]


@dataclass
class Servers:
    plain: dict
    gate: dict
    cluster: object


def make_certificate(folder):
    """An authority and a certificate of its for 127.0.0.1; gives the three files."""
    authority, key, request, certificate = (folder / name for name in ("ca.pem", "key.pem", "request.pem", "certificate.pem"))
    (folder / "extensions").write_text("subjectAltName=IP:127.0.0.1,DNS:localhost\nextendedKeyUsage=serverAuth\n")

    def openssl(*arguments):
        subprocess.run(["openssl", *map(str, arguments)], cwd=folder, capture_output=True, check=True)

    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca-key.pem", "-out", authority, "-days", 2, "-subj", "/CN=Kintsugi test authority")
    openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", request, "-subj", "/CN=localhost")
    openssl("x509", "-req", "-in", request, "-CA", authority, "-CAkey", "ca-key.pem", "-CAcreateserial", "-out", certificate, "-days", 2,
            "-extfile", "extensions")
    return authority, certificate, key


def cluster_spec(users, certificate, key):
    return {
        "apiVersion": "kintsugi/v1", "kind": "Cluster", "metadata": {"name": "drivers"},
        "spec": {
            "cells": [{"name": "zone1"}],
            "control": {"httpPort": 0},
            "gates": [{"cell": "zone1", "mysqlPort": 0, "httpPort": 0, "options": {"tls_certificate": str(certificate), "tls_key": str(key)}}],
            "users": {"file": str(users)},
            "keyspaces": [{"name": DATABASE, "shards": 2, "vschema": {"inline": {"sharded": True}},
                           "tablets": [{"cell": "zone1", "type": "replica", "count": 1}]}],
        },
    }


def schema_statements():
    text = re.sub(r"^--.*\n", "", (HERE / "schema.sql").read_text(), flags=re.MULTILINE)
    parts = re.split(r";\n", text)
    return [part.strip() for part in parts if part.strip()]


def fill(connection):
    with connection.cursor() as cursor:
        for sql in schema_statements():
            cursor.execute(sql)
        rows = [(number, number * number, f"n{number}") for number in range(1, NUMBERS + 1)]
        for first in range(0, NUMBERS, 5000):
            cursor.executemany("insert into number values (%s, %s, %s)", rows[first : first + 5000])


@contextlib.contextmanager
def running_servers():
    """A plain server, and two shards behind a gate, with the same tables."""
    with tempfile.TemporaryDirectory(prefix="kintsugi-drivers-") as name:
        folder = Path(name)
        authority, certificate, key = make_certificate(folder)
        users = folder / "users.json"
        users.write_text(json.dumps({USER: [{"Password": PASSWORD}]}))
        with plain_server(certificate, key) as (port, path), running_cluster(cluster_spec(users, certificate, key)) as cluster:
            with contextlib.closing(pymysql.connect(unix_socket=path, user="root", charset="utf8mb4", autocommit=True)) as root:
                with root.cursor() as cursor:
                    cursor.execute(f"create database {DATABASE}")
                    cursor.execute("delete from mysql.global_priv where user = ''")
                    cursor.execute("flush privileges")
                    cursor.execute(f"create user {USER}@'%%' identified by %s", (PASSWORD,))
                    cursor.execute(f"grant all on *.* to {USER}@'%'")
            shared = {"host": "127.0.0.1", "user": USER, "password": PASSWORD, "database": DATABASE, "ca": str(authority),
                      "material": str(HERE / "material.json")}
            servers = Servers({**shared, "port": port}, {**shared, "port": cluster.gate_port()}, cluster)
            for each in (servers.plain, servers.gate):
                with contextlib.closing(pymysql.connect(host="127.0.0.1", port=each["port"], user=USER, password=PASSWORD, database=DATABASE,
                                                        charset="utf8mb4", autocommit=True)) as connection:
                    fill(connection)
            yield servers


def flat(settings, steps):
    material = json.loads(Path(settings["material"]).read_text())
    lines = [f"{name}\t{value}" for name, value in settings.items()] + [f"step\t{step}" for step in steps]
    for part in ("queries", "errors", "warnings"):
        lines += [f"{part}\t{name}\t{sql}" for name, sql in material[part].items()]
    return "".join(line + "\n" for line in lines)


def told(driver, settings):
    """step → lines that the driver's program has told of it; and how it ended."""
    with tempfile.NamedTemporaryFile("w", suffix=".settings") as file:
        file.write(flat(settings, driver.steps()) if driver.flat else json.dumps({**settings, "steps": driver.steps()}))
        file.flush()
        try:
            done = subprocess.run([*map(str, driver.command), file.name], capture_output=True, timeout=TIMEOUT,
                                  env={**os.environ, "TZ": "UTC", "LC_ALL": "C.UTF-8", **driver.environment})
            end, out, errors = f"exit {done.returncode}", done.stdout, done.stderr
        except subprocess.TimeoutExpired as late:  # what it told before it hung says where
            end, out, errors = f"still running after {TIMEOUT} s", late.stdout or b"", late.stderr or b""
            out = out[: out.rfind(b"\n") + 1]
    lines = {}
    for line in out.decode().splitlines():
        event = json.loads(line)
        lines.setdefault(event.pop("step"), []).append(event)
    if end.startswith("still running") and lines:  # one that told of all its steps and did not end fails, too
        lines[list(lines)[-1]].append({"hung": end})
    last = (out[-1500:] + errors[-3000:]).decode(errors="replace")
    return lines, f"{end}\n{last}"


class Comparison:
    """A driver's program on both servers, run once for all of its steps."""

    def __init__(self, driver, servers):
        self.driver = driver
        if driver.prepare:
            driver.prepare()
        self.plain, self.plain_end = told(driver, servers.plain)
        self.gate, self.gate_end = told(driver, servers.gate)

    def known(self, step):
        return {pattern: reason for (of, pattern), reason in self.driver.known.items() if of == step}

    def check(self, step):
        expected, got = self.plain.get(step), self.gate.get(step)
        assert expected, f"the program told nothing of it on the plain server: {self.plain_end}"
        assert expected[-1] == {"done": True} and len(expected) > 1, f"on the plain server: {expected[-1]}\n{self.plain_end}"
        assert got, f"the program told nothing of it at the gate: {self.gate_end}"
        for pattern, reason in self.known(step).items():
            told, told_here = [[event for event in events if re.fullmatch(pattern, event.get("what", ""))] for events in (expected, got)]
            assert differences(told, told_here), f"{pattern!r} differs no more ({reason}): take it off the list in table.py"
            expected, got = [[event for event in events if not re.fullmatch(pattern, event.get("what", ""))] for events in (expected, got)]
        report = differences(expected, got)
        assert not report, f"{len(report)} lines differ (- plain server, + gate):\n" + "\n".join(report[:60])


OWN_WORDS = re.compile(r'KT\d{4}: (?:[^"\\]|\\.)*')


def in_its_own_words(expected, got):
    """Errors that the gate makes itself begin with their own code and may say more: their words are not compared, all else of them is."""
    if not OWN_WORDS.search(got):
        return False
    pattern = r'(?:[^"\\]|\\.)*'.join(re.escape(part) for part in OWN_WORDS.split(got))
    return re.fullmatch(pattern, expected) is not None


def differences(expected, got):
    """As a diff, a line of JSON for each thing that was told."""
    def lines(events):
        return [json.dumps(event, ensure_ascii=False, sort_keys=True)[:1500] for event in events]

    expected, got = lines(expected), lines(got)
    for number, (before, here) in enumerate(zip(expected, got)):
        if in_its_own_words(before, here):
            got[number] = before
    return [line for line in difflib.unified_diff(expected, got, n=0, lineterm="") if not line.startswith(("---", "+++", "@@"))]
