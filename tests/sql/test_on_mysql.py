"""The same statements on shards and on one plain server, all of them MySQL's."""

import subprocess
import sys
from pathlib import Path

import pymysql
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "cluster"))

from cluster import PASSWORD, ROOT, running_cluster  # noqa: E402
from harness import CASES, assert_agrees, drop_all  # noqa: E402
from keyspaces import spec  # noqa: E402

MYSQL = ROOT / "build" / "mysql"
KEYSPACES = ("plain", "two")

# Files of statements that both servers have. Those of cases/mysql are for MySQL alone.
SHARED = ("temporary_hides_table", "last_insert_id", "merge_groups")
FILES = [CASES / f"{name}.test" for name in SHARED] + sorted((CASES / "mysql").glob("*.test"))


class SocketLogin:
    """As root over the unix socket: the server asks the system who we are."""

    def __init__(self, connection):
        self.connection = connection

    def authenticate(self, _packet):
        self.connection.write_packet(b"")
        return self.connection._read_packet()


@pytest.fixture(scope="module")
def cluster():
    subprocess.run([ROOT / "tools" / "mysql" / "install"], check=True, timeout=300)
    made = spec(KEYSPACES)
    made["spec"]["gates"][0]["options"] = {"backend_sockets": False, "backend_tls": True}
    for keyspace in made["spec"]["keyspaces"]:
        keyspace["mysqld"] = {"flavour": "mysql", "binary": str(MYSQL / "mysqld"), "settings": {"local_infile": 1}}
    with running_cluster(made) as started:
        yield started


def plain(cluster):
    (tablet,) = cluster.tablets("plain")
    return pymysql.connect(unix_socket=tablet["address"]["mysqlSocket"], user="root", database="plain", autocommit=True, charset="utf8mb4",
                           client_flag=0, local_infile=True, auth_plugin_map={b"auth_socket": SocketLogin, "auth_socket": SocketLogin})


def sharded(cluster):
    return cluster.connect(user="user", password=PASSWORD, database="two", charset="utf8mb4", client_flag=0, local_infile=True)


@pytest.fixture(autouse=True)
def tables(cluster):
    """Each file begins without tables."""
    yield
    for name, made in (("plain", plain(cluster)), ("two", sharded(cluster))):
        drop_all(made, name)
        made.close()


@pytest.mark.parametrize("prepare", [False, True], ids=["text", "prepared"])
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_answers_agree(cluster, path, prepare):
    assert_agrees(path, plain(cluster), {"two": sharded(cluster)}, prepare)


def test_both_are_mysql(cluster):
    for connection in (plain(cluster), sharded(cluster)):
        with connection.cursor() as cursor:
            cursor.execute("select version()")
            assert "MariaDB" not in cursor.fetchone()[0]
        connection.close()
