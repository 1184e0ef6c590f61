"""The same statements on one, two and four shards and on one plain server: the answers agree."""

import sys
from pathlib import Path

import pymysql
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "cluster"))

from cluster import PASSWORD, commerce_spec, running_cluster  # noqa: E402
from harness import CASES, Comparison, is_ordered, read_cases  # noqa: E402

KEYSPACES = {"plain": 1, "one": 1, "two": 2, "four": 4}
EXPECTED_ERRORS = ()


def spec():
    """Keyspaces of one server a shard: what is tested here needs no replicas."""
    made = commerce_spec()
    made["metadata"]["name"] = "sql"
    made["spec"]["keyspaces"] = [
        {"name": name, "shards": shards, "vschema": {"inline": {"sharded": name != "plain"}},
         "tablets": [{"cell": "zone1", "type": "replica", "count": 1}]}
        for name, shards in KEYSPACES.items()
    ]
    return made


@pytest.fixture(scope="module")
def cluster():
    with running_cluster(spec()) as started:
        yield started


def server_connection(cluster):
    """The plain keyspace's own server, past the gate."""
    tablet = cluster.tablets("plain")[0]
    return pymysql.connect(unix_socket=tablet["address"]["mysqlSocket"], user="root", database="plain", autocommit=True,
                           charset="utf8mb4", client_flag=0)


@pytest.fixture
def comparison(cluster):
    sharded = {
        name: cluster.connect(user="user", password=PASSWORD, database=name, charset="utf8mb4", client_flag=0)
        for name in KEYSPACES if name != "plain"
    }
    made = Comparison(server_connection(cluster), sharded)
    yield made
    made.close()


@pytest.fixture(autouse=True)
def tables(cluster):
    """Each file begins without tables."""
    yield
    for name in KEYSPACES:
        connection = server_connection(cluster) if name == "plain" else cluster.connect(database=name)
        with connection.cursor() as cursor:
            cursor.execute("show full tables")
            for table, kind in cursor.fetchall():
                cursor.execute(f"drop {'view' if kind == 'VIEW' else 'table'} `{table}`")
        connection.close()


@pytest.mark.parametrize("path", sorted(CASES.glob("*.test")), ids=lambda path: path.stem)
def test_answers_agree(comparison, path):
    report = comparison.run(path)
    assert not report, f"{len(report)} differences:\n" + "\n".join(report[:20])


def test_the_harness_sees_differences(comparison):
    """A statement that must differ is told, with what differs."""
    from harness import Answer, Statement, differences

    assert differences(Statement("select 1", 1), Answer(rows=[(1,)]), Answer(rows=[(2,)]))
    assert differences(Statement("select 1 order by 1", 1), Answer(rows=[(1,), (2,)]), Answer(rows=[(2,), (1,)]))
    assert not differences(Statement("select 1", 1), Answer(rows=[(1,), (2,)]), Answer(rows=[(2,), (1,)]))
    assert differences(Statement("x", 1), Answer(error=1), Answer(error=2))
    assert not is_ordered("select * from (select 1 order by 1) x") and is_ordered("select 'order by (' from t ORDER  BY 1")
    with comparison.plain.cursor() as cursor:
        cursor.execute("select @@version_comment")
        assert cursor.fetchone()


def test_there_are_cases():
    assert sum(len(read_cases(path)) for path in CASES.glob("*.test")) > 100
