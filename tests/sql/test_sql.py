"""The same statements on one, two and four shards and on one plain server: the answers agree."""

import contextlib
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "cluster"))

from cluster import running_cluster  # noqa: E402
from generate.run import CallingRun, Run, WriteRun  # noqa: E402
from harness import CASES, assert_agrees, at_once, drop_all, is_ordered, read_cases  # noqa: E402
from keyspaces import KEYSPACES, plain_connection, sharded_connections, spec  # noqa: E402

FILES = sorted(CASES.glob("*.test"))
SEED = 1
RANDOM_QUERIES = 6000
RANDOM_WRITES = 3000
RANDOM_CALLS = 600


@pytest.fixture(scope="module")
def cluster():
    with running_cluster(spec()) as started:
        yield started


def connection(cluster, name):
    return plain_connection(cluster) if name == "plain" else sharded_connections(cluster, [name])[name]


def empty(cluster, name):
    with contextlib.closing(connection(cluster, name)) as made:
        drop_all(made, name)


@pytest.fixture(autouse=True)
def tables(cluster):
    """Each file begins without tables and routines."""
    yield
    at_once(lambda name: empty(cluster, name), list(KEYSPACES))


def compare(cluster, path, sharded, prepare):
    assert_agrees(path, plain_connection(cluster), sharded, prepare)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_answers_agree(cluster, path):
    compare(cluster, path, sharded_connections(cluster), prepare=False)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_prepared_answers_agree(cluster, path):
    """Over the binary protocol, with parameters in place of literals."""
    compare(cluster, path, sharded_connections(cluster, ["prepared"]), prepare=True)


def test_random_answers_agree(cluster):
    """The same ones each time, about a minute of them. `./dev sql-random` runs more."""
    report = Run(plain_connection(cluster), sharded_connections(cluster), SEED).run(RANDOM_QUERIES)
    assert not report.cases, "\n".join(report.cases)
    assert report.queries == RANDOM_QUERIES and report.refused < report.queries / 5


def test_random_writes_agree(cluster):
    """What they answer, and the rows that they leave."""
    report = WriteRun(plain_connection(cluster), sharded_connections(cluster), SEED).run(RANDOM_WRITES)
    assert not report.cases, "\n".join(report.cases)
    assert report.queries == RANDOM_WRITES and report.refused + report.left_open < report.queries / 5


def test_random_calls_agree(cluster):
    """Queries that call functions of the gate."""
    report = CallingRun(plain_connection(cluster), sharded_connections(cluster), SEED).run(RANDOM_CALLS)
    assert not report.cases, "\n".join(report.cases)
    assert report.queries == RANDOM_CALLS and report.refused + report.left_open < report.queries / 3


def test_the_harness_sees_differences(cluster):
    """A statement that must differ is told, with what differs."""
    from harness import Answer, Statement, differences

    assert differences(Statement("select 1", 1), Answer(rows=[(1,)]), Answer(rows=[(2,)]))
    assert differences(Statement("select 1 order by 1", 1), Answer(rows=[(1,), (2,)]), Answer(rows=[(2,), (1,)]))
    assert not differences(Statement("select 1", 1), Answer(rows=[(1,), (2,)]), Answer(rows=[(2,), (1,)]))
    assert differences(Statement("x", 1), Answer(error=1), Answer(error=2))
    assert not is_ordered("select * from (select 1 order by 1) x") and is_ordered("select 'order by (' from t ORDER  BY 1")
    with plain_connection(cluster).cursor() as cursor:
        cursor.execute("select @@version_comment")
        assert cursor.fetchone()


def test_there_are_cases():
    assert sum(len(read_cases(path)) for path in FILES) > 2800
