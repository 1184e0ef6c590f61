"""A tablet's first start, disturbed: kill -9 of the agent and of its server at each step, and folders that cannot hold it."""

import contextlib
import copy
import os
import re
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest

from cluster import BINARY, ROOT, commerce_spec, kill, running_cluster, wait_until

MYSQLD = ROOT / "build" / "mysql" / "mysqld"

# What a step leaves in the tablet's folder, in the order in which it comes to be there.
STEPS = {
    "mariadb": ["data.unfinished", "data.unfinished/ibdata1", "data.unfinished/mysql/db.MAI", "tablet.json", "data", "mysqld.sock"],
    "mysql": ["data.unfinished/mysql.ibd", "mysqld.sock"],
}
# At which a server is at work: the one that makes the data, then the one that runs on it.
SERVER_STEPS = {
    "mariadb": ["data.unfinished/ibdata1", "data.unfinished/mysql/db.MAI", "mysqld.pid", "mysqld.sock"],
    "mysql": ["data.unfinished/mysql.ibd", "mysqld.pid"],
}


def cases(steps):
    return [(flavour, step) for flavour in steps for step in steps[flavour]]


@pytest.fixture(scope="module")
def cluster():
    subprocess.run([ROOT / "tools" / "mysql" / "install"], check=True, timeout=300)
    spec = commerce_spec()
    spec["spec"]["keyspaces"] = [{"name": "first", "tablets": [{"count": 1}]}]
    # Whoever is killed tells of it.
    with running_cluster(spec, expected_errors=("process.failed", "mysqld.not_started")) as started:
        yield started


def with_argument(argument):
    """Processes that were started with this argument."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if os.fsencode(argument) in path.read_bytes().split(b"\0"):
                found.append(int(path.parent.name))
        except OSError:
            pass  # it has ended
    return found


def add_tablet(cluster, flavour):
    """Begins to add a keyspace of one tablet; gives `local apply` at work, the keyspace's name and the tablet's folder."""
    spec = copy.deepcopy(cluster.spec)
    keyspace = f"k{len(spec['spec']['keyspaces'])}"
    mysqld = {"flavour": "mysql", "binary": str(MYSQLD)} if flavour == "mysql" else {}
    spec["spec"]["keyspaces"].append({"name": keyspace, "tablets": [{"count": 1}], "mysqld": mysqld})
    cluster.write_spec(spec)
    taken = {path.name for path in (cluster.state / "tablets").iterdir() if path.is_dir()}
    applying = subprocess.Popen(
        [BINARY, "local", "apply", "-f", cluster.spec_file, "--dir", cluster.state], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    number = max(int(name.split("-")[1]) for name in taken) + 1
    return applying, keyspace, cluster.state / "tablets" / f"zone1-{number}"


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def wait_for(path, process):
    """As often as can be: the next step may be a millisecond away."""
    limit = time.monotonic() + 60
    while not path.exists():
        assert process.poll() is None or path.exists(), f"{path} was never there:\n{process.stdout.read()}"
        assert time.monotonic() < limit, f"{path} is not there"


def comes_up(cluster, applying, folder, keyspace):
    out, _ = applying.communicate(timeout=120)
    assert applying.returncode == 0, out + cluster.logs()
    cluster.query("create table t (id int primary key)", database=keyspace)
    cluster.query("insert into t values (1), (2)", database=keyspace)
    assert cluster.query("select count(*) from t", database=keyspace) == ((2,),)
    (tablet,) = cluster.tablets(keyspace)
    assert tablet["alias"] == folder.name
    assert not (folder / "data.unfinished").exists()
    assert not with_argument(f"--datadir={folder}/data.unfinished")
    assert len(with_argument(f"--defaults-file={folder}/my.cnf")) == 1
    accounts = cluster.json("tablet", "show", tablet["alias"])["status"]["accounts"]
    assert len(accounts) == 4 and all(each["grants"] for each in accounts)


@pytest.mark.parametrize("flavour, step", cases(STEPS))
def test_an_agent_killed_at_a_step_is_followed_by_one_that_finishes(cluster, flavour, step):
    applying, keyspace, folder = add_tablet(cluster, flavour)
    wait_for(folder / step, applying)
    agents = with_argument(f"--dir={folder}")
    for pid in agents:
        kill(pid)
    assert agents
    comes_up(cluster, applying, folder, keyspace)


@pytest.mark.parametrize("flavour, step", cases(SERVER_STEPS))
def test_a_server_killed_at_a_step_is_started_again(cluster, flavour, step):
    applying, keyspace, folder = add_tablet(cluster, flavour)
    wait_for(folder / step, applying)
    limit = time.monotonic() + 60
    victims = []
    while not victims and time.monotonic() < limit:
        victims = with_argument(f"--datadir={folder}/data.unfinished") + with_argument(f"--defaults-file={folder}/my.cnf")
    for pid in victims:
        kill(pid)
    assert victims
    comes_up(cluster, applying, folder, keyspace)


class TestWrongEnvironment:
    """A tablet that cannot be made says why, by what a person can put right, and leaves nothing that looks like one."""

    def command(self, cluster, folder, http_port=0):
        return [BINARY, "tablet", "--alias=zone1-900", "--keyspace=nowhere", "--shard=-", "--cluster=commerce",
                f"--topology=http://127.0.0.1:{cluster.port('etcd', 'client')}", f"--mysql=127.0.0.1:{free_port()}", f"--dir={folder}",
                f"--credentials={cluster.state}/credentials", "--small-memory", f"--http-port={http_port}"]

    def fails(self, cluster, folder, *before):
        done = subprocess.run([*before, *self.command(cluster, folder)], capture_output=True, text=True, timeout=60)
        assert done.returncode not in (0, -9), done.stdout
        return done.stderr + done.stdout

    def small_disk(self, folder, megabytes):
        """What runs a command with a small disk of its own mounted at the folder."""
        if subprocess.run(["unshare", "--mount", "mount", "-t", "tmpfs", "tablet", folder], capture_output=True).returncode != 0:
            pytest.skip("only root may make a small disk")
        return ["unshare", "--mount", "sh", "-c", f'mount -t tmpfs -o size={megabytes}m tablet {folder} && exec "$@"', "sh"]

    def test_a_full_disk(self, cluster, tmp_path):
        said = self.fails(cluster, tmp_path / "t", *self.small_disk(tmp_path, 8))
        assert "KT5004" in said and "The disk is full: make room." in said, said

    def test_a_disk_that_becomes_full_while_the_data_is_made(self, cluster, tmp_path):
        # The server waits for room then, and says so to its log only.
        said = self.fails(cluster, tmp_path / "t", *self.small_disk(tmp_path, 40))
        assert "KT5004" in said and "The disk is full: make room." in said, said

    def test_a_disk_that_is_nearly_full_is_told_of(self, cluster, tmp_path):
        port = free_port()
        with subprocess.Popen([*self.small_disk(tmp_path, 400), *self.command(cluster, tmp_path / "t", port)], stderr=subprocess.DEVNULL) as agent:
            try:
                def answer(path):
                    with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as page:
                        return page.read().decode()
                    return ""

                wait_until(lambda: re.search(r"(?m)^kintsugi_tablet_mysqld_up 1$", answer("/metrics")), what="a server on the small disk")
                assert "MB free" not in answer("/debug/status")
                inside = Path(f"/proc/{agent.pid}/root{tmp_path}")
                with open(inside / "filler", "wb", buffering=0) as filler, contextlib.suppress(OSError):
                    while True:
                        filler.write(b"0" * (1 << 20))
                wait_until(lambda: re.search(r"the disk of \S+ has only \d+ MB free: make room", answer("/debug/status")), what="the full disk in the health")
                (inside / "filler").unlink()
                wait_until(lambda: "MB free" not in answer("/debug/status"), what="a disk with room again")
            finally:
                agent.terminate()

    def test_a_folder_that_cannot_be_made(self, cluster, tmp_path):
        (tmp_path / "file").write_text("")
        said = self.fails(cluster, tmp_path / "file" / "t")
        assert "KT5003" in said and f"{tmp_path}/file/t: Not a directory" in said, said

    def test_a_read_only_disk(self, cluster, tmp_path):
        said = self.fails(cluster, Path("/proc/kintsugi"))
        assert "KT5003" in said and "cannot make /proc/kintsugi" in said, said

    def test_the_folder_of_another_tablet(self, cluster):
        (tablet,) = cluster.tablets("first")
        folder = cluster.state / "tablets" / tablet["alias"]
        said = self.fails(cluster, folder)
        assert "KT5003" in said and f"another agent works in {folder}" in said, said
