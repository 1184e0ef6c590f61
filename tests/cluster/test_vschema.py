"""A vschema that is written is routed by at once, at every gate, whether or not a control leads."""

import contextlib
import json
import os
import signal

import pymysql
import pytest

from cluster import PASSWORD, commerce_spec, running_cluster, wait_until


@pytest.fixture(scope="module")
def cluster():
    spec = commerce_spec()
    spec["spec"]["gates"][0]["replicas"] = 2
    with running_cluster(spec) as started:
        yield started


@contextlib.contextmanager
def control_stopped(cluster):
    pid = cluster.process("control-1")["pid"]
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def at_gate(cluster, number, sql):
    connection = pymysql.connect(
        host="127.0.0.1", port=cluster.port(f"gate-{number}", "mysql"), user="user", password=PASSWORD, database="customer", autocommit=True, read_timeout=30
    )
    with contextlib.closing(connection), connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def test_a_table_made_while_no_control_runs_is_routed_by_every_gate(cluster):
    with control_stopped(cluster):
        at_gate(cluster, 1, "create table note (id bigint primary key, customer_id bigint, text varchar(20)) shard by hash(customer_id)")
        at_gate(cluster, 1, "insert into note values (1, 1, 'a'), (4, 4, 'b')")
        assert at_gate(cluster, 1, "select text from note where customer_id = 4") == (("b",),)
        wait_until(lambda: at_gate(cluster, 2, "select text from note where customer_id = 4") == (("b",),), what="gate-2 routing the new table")
        at_gate(cluster, 2, "insert into note values (2, 2, 'c')")
        at_gate(cluster, 1, "rename table note to remark")
        wait_until(lambda: at_gate(cluster, 2, "select text from remark where customer_id = 2") == (("c",),), what="gate-2 following the new name")
        at_gate(cluster, 2, "drop table remark")
    # The leader finds what gates read as it would have made it itself.
    wait_until(lambda: not cluster.json("cluster", "status").get("problems"), what="a cluster without problems")
    assert "remark" not in cluster.json("vschema", "show", "customer").get("tables", {})
    key = "/kintsugi/commerce/local/zone1/SrvVSchema"
    serving = json.loads(cluster.etcd_range(key, key + "\0")[key])
    assert "remark" not in serving["keyspaces"]["customer"].get("tables", {})
