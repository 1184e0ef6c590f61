"""One MariaDB server by itself: what it answers is what drivers may expect of the gate."""

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

import pymysql

from cluster import wait_until

# What Kintsugi's own servers are told (src/tablet/my_cnf.cc), as far as clients see it.
SETTINGS = {"character_set_server": "utf8mb4", "max_allowed_packet": "64M", "skip_name_resolve": "ON", "innodb_buffer_pool_size": "64M",
            "innodb_flush_log_at_trx_commit": "0", "performance_schema": "OFF", "innodb_log_file_size": "96M", "log_bin": "binlog", "binlog_format": "ROW",
            "log_bin_trust_function_creators": "ON"}


def free_port():
    with contextlib.closing(socket.socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@contextlib.contextmanager
def plain_server(certificate, key):
    """Gives (port, unix socket); root may come in by the socket."""
    folder = Path(tempfile.mkdtemp(prefix="kintsugi-plain-"))
    data, path, port = folder / "data", folder / "sock", free_port()
    user = ["--user=root"] if os.getuid() == 0 else []
    server = None
    try:
        subprocess.run(["mariadb-install-db", "--no-defaults", f"--datadir={data}", f"--tmpdir={folder}", "--skip-test-db",
                        "--auth-root-authentication-method=normal", *user], capture_output=True, check=True, timeout=120)
        with open(folder / "log", "w") as log:
            server = subprocess.Popen(
                ["mariadbd", "--no-defaults", f"--datadir={data}", f"--socket={path}", f"--port={port}", "--bind-address=127.0.0.1",
                 f"--pid-file={folder}/pid", f"--ssl-cert={certificate}", f"--ssl-key={key}",
                 *(f"--{name}={value}" for name, value in SETTINGS.items()), *user], stdout=log, stderr=log)

        def answers():
            assert server.poll() is None, (folder / "log").read_text()[-3000:]
            pymysql.connect(unix_socket=str(path), user="root").close()
            return True

        wait_until(answers, what="a plain server that answers")
        yield port, str(path)
    finally:
        if server is not None:
            server.terminate()
            server.wait(timeout=60)
        shutil.rmtree(folder, ignore_errors=True)
