"""Statements about tables of several keyspaces, sharded and unsharded, and the same on one plain server that has a database of each name."""

import sys
from pathlib import Path

import pymysql
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "cluster"))

from cluster import PASSWORD, commerce_spec, running_cluster  # noqa: E402
from harness import CASES, assert_agrees, drop_all  # noqa: E402
from keyspaces import plain_connection  # noqa: E402

KEYSPACES = {"plain": 1, "shop": 2, "crm": 3, "ledger": 1}  # of `plain`, only the server is used
SHARDED = ("shop", "crm")
FILES = sorted((CASES / "keyspaces").glob("*.test"))


@pytest.fixture(scope="module")
def cluster():
    made = commerce_spec()
    made["metadata"]["name"] = "keyspaces"
    made["spec"]["keyspaces"] = [
        {"name": name, "shards": shards, "vschema": {"inline": {"sharded": name in SHARDED}},
         "tablets": [{"cell": "zone1", "type": "replica", "count": 1}]}
        for name, shards in KEYSPACES.items()
    ]
    with running_cluster(made) as started:
        yield started


def databases_of(connection):
    """Each file begins without tables."""
    with connection.cursor() as cursor:
        for name in KEYSPACES:
            if name != "plain":
                cursor.execute(f"drop database if exists {name}")
                cursor.execute(f"create database {name} character set utf8mb4")
    connection.select_db("shop")
    return connection


def gate(cluster):
    connection = cluster.connect(user="user", password=PASSWORD, database="shop", charset="utf8mb4", client_flag=0)
    for name in KEYSPACES:
        drop_all(connection, name)
    return connection


@pytest.mark.parametrize("prepare", [False, True], ids=["text", "prepared"])
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_answers_agree(cluster, path, prepare):
    assert_agrees(path, databases_of(plain_connection(cluster)), {"gate": gate(cluster)}, prepare)


def test_databases_of_the_plain_server_are_no_keyspaces(cluster):
    """What a keyspace has, its own servers have; the expectation comes from elsewhere."""
    databases_of(plain_connection(cluster))
    with pytest.raises(pymysql.MySQLError), plain_connection(cluster) as connection, connection.cursor() as cursor:
        cursor.execute("select * from shop.customer")
