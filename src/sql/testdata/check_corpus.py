#!/usr/bin/python3
"""Asks a real server of every statement of the corpus whether it is SQL: PREPARE parses it and runs nothing.

usage: check_corpus.py mariadb|mysql [--socket PATH]

Without --socket a MariaDB of its own is started in a temporary folder, and stopped. What the server rejects
with 1064 must be what rejected_by_<server>.txt lists, which this script writes: look at its diff. Files named
kintsugi_*.sql are ours alone.
"""
import argparse
import pathlib
import subprocess
import tempfile

import pymysql

HERE = pathlib.Path(__file__).parent
SYNTAX_ERRORS = {1064, 1149}


class Server:
    """A MariaDB that lives as long as the `with` block."""

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory()
        data = f"{self.folder.name}/data"
        self.socket = f"{self.folder.name}/s"
        subprocess.run(["mariadb-install-db", "--no-defaults", f"--datadir={data}", f"--tmpdir={self.folder.name}", "--auth-root-authentication-method=normal",
                        "--user=root"], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.process = subprocess.Popen(["mariadbd", "--no-defaults", f"--datadir={data}", f"--tmpdir={self.folder.name}", f"--socket={self.socket}",
                                         "--skip-networking", "--user=root"], stderr=subprocess.DEVNULL)
        while not pathlib.Path(self.socket).exists():
            if self.process.poll() is not None:
                raise SystemExit("the server did not start")
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.folder.cleanup()


def rejected(socket):
    connection = pymysql.connect(unix_socket=socket, user="root", charset="utf8mb4")
    cursor = connection.cursor()
    cursor.execute("create database if not exists d")
    cursor.execute("use d")
    for path in sorted(HERE.glob("*.sql")):
        if path.name.startswith("kintsugi"):
            continue
        for number, sql in enumerate(path.read_text().splitlines(), 1):
            if not sql or sql.startswith("--"):
                continue
            try:
                cursor.execute("prepare s from %s", (sql,))
                cursor.execute("deallocate prepare s")
            except pymysql.MySQLError as error:
                if error.args[0] in SYNTAX_ERRORS:
                    yield path.name, sql, error.args[1]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("server", choices=["mariadb", "mysql"])
    parser.add_argument("--socket")
    parser.add_argument("-v", action="store_true", help="say what the server said")
    arguments = parser.parse_args()
    if arguments.socket:
        found = list(rejected(arguments.socket))
    else:
        with Server() as server:
            found = list(rejected(server.socket))
    lines = [f"{name}: {sql}" for name, sql, _ in found]
    (HERE / f"rejected_by_{arguments.server}.txt").write_text("".join(line + "\n" for line in lines))
    if arguments.v:
        for name, sql, message in found:
            print(f"{name}: {sql}\n    {message}")
    print(f"{len(found)} statements rejected")


main()
