"""The 22 queries of TPC-H on one plain server and on two and four shards: the answers agree, over both protocols."""

import contextlib
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "cluster"))

from cluster import running_cluster  # noqa: E402
from harness import Comparison, ask, read_cases  # noqa: E402
from keyspaces import plain_connection, sharded_connections, spec  # noqa: E402
from tpch.load import QUERIES, load  # noqa: E402

SCALE = 0.01
KEYSPACES = ("two", "four")


@pytest.fixture(scope="module")
def cluster():
    with running_cluster(spec(["plain", *KEYSPACES])) as started:
        load(plain_connection(started), SCALE, sharded=False)
        for connection in sharded_connections(started, KEYSPACES).values():
            load(connection, SCALE, sharded=True)
        yield started


@pytest.mark.parametrize("prepare", [False, True], ids=["text", "prepared"])
def test_answers_agree(cluster, prepare):
    with contextlib.closing(Comparison(plain_connection(cluster), sharded_connections(cluster, KEYSPACES), prepare)) as comparison:
        report = comparison.run(QUERIES)
    assert not report, f"{len(report)} differences:\n" + "\n".join(report)


def test_each_query_has_an_answer(cluster):
    """An empty answer would agree with much."""
    queries = read_cases(QUERIES)
    assert len(queries) == 22
    with contextlib.closing(plain_connection(cluster)) as connection:
        for query in queries:
            answer = ask(connection, query.sql)
            assert any(value is not None for row in answer.rows for value in row), query.sql
