"""What the seed document shows of its cluster, chapter by chapter, with its own data and this product's answers."""

import re
import subprocess

import pymysql
import pytest

from cluster import ROOT, wait_until

CUSTOMERS = {1: "alice@domain.com", 2: "bob@domain.com", 3: "charlie@domain.com", 4: "dan@domain.com", 5: "eve@domain.com"}


def test_4_3_rows_by_shard(commerce):
    lower = commerce.query("select customer_id, email from customer order by customer_id", database="customer/-80")
    upper = commerce.query("select customer_id, email from customer order by customer_id", database="customer/80-")
    assert [row[0] for row in lower] == [1, 2, 3, 5]
    assert [row[0] for row in upper] == [4]
    assert all(CUSTOMERS[number] == email.decode() for number, email in lower + upper)


def test_4_3_orders_by_shard(commerce):
    lower = commerce.query("select order_id, customer_id, sku, price from corder order by order_id", database="customer/-80")
    upper = commerce.query("select order_id, customer_id, sku, price from corder order by order_id", database="customer/80-")
    assert lower == ((1, 1, b"SKU-1001", 100), (2, 2, b"SKU-1002", 30), (3, 3, b"SKU-1002", 30), (5, 5, b"SKU-1002", 30))
    assert upper == ((4, 4, b"SKU-1002", 30),)


def test_4_3_the_servers_hold_what_the_gate_shows(commerce):
    for shard, ids in (("-80", "1\n2\n3\n5\n"), ("80-", "4\n")):
        for tablet in commerce.tablets("customer", shard):
            wait_until(
                lambda: commerce.server_query(tablet, "select customer_id from customer.customer order by 1") == ids,
                what=f"{tablet['alias']} holding customers {ids.split()}",
            )


def test_4_3_whole_keyspace(commerce):
    rows = commerce.query("select customer_id from customer", database="customer")
    assert sorted(row[0] for row in rows) == [1, 2, 3, 4, 5]


def test_4_4_tablet_list(commerce):
    lines = commerce.cli("tablet", "list").stdout.splitlines()
    assert len(lines) == 6
    pattern = re.compile(
        r"^zone1-\d+ (commerce -|customer (-80|80-)) (primary|replica) 127\.0\.0\.1:\d+ 127\.0\.0\.1:\d+ \[.*\] "
        r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ|<null>)$"
    )
    for line in lines:
        assert pattern.match(line), line
    for shard in ("commerce -", "customer -80", "customer 80-"):
        kinds = sorted(line.split()[3] for line in lines if f" {shard} " in line)
        assert kinds == ["primary", "replica"], lines
    for line in lines:
        assert (line.split()[3] == "primary") == (not line.endswith("<null>")), line


def test_4_5_keys_in_etcd(commerce):
    keys = list(commerce.etcd_keys())
    root = "/kintsugi/commerce/"
    for expected in (
        "global/cells/zone1/CellInfo",
        "global/keyspaces/commerce/Keyspace",
        "global/keyspaces/commerce/VSchema",
        "global/keyspaces/commerce/shards/-/Shard",
        "global/keyspaces/customer/Keyspace",
        "global/keyspaces/customer/VSchema",
        "global/keyspaces/customer/shards/-80/Shard",
        "global/keyspaces/customer/shards/80-/Shard",
        "local/zone1/SrvVSchema",
        "local/zone1/keyspaces/commerce/SrvKeyspace",
        "local/zone1/keyspaces/commerce/shards/-/ShardReplication",
        "local/zone1/keyspaces/customer/SrvKeyspace",
        "local/zone1/keyspaces/customer/shards/-80/ShardReplication",
        "local/zone1/keyspaces/customer/shards/80-/ShardReplication",
        *(f"local/zone1/tablets/{tablet['alias']}/Tablet" for tablet in commerce.tablets()),
    ):
        assert root + expected in keys
    assert any(re.match(root + "global/elections/control/locks/[0-9a-f]+$", key) for key in keys), keys


def test_4_5_topo_commands_show_the_same(commerce):
    listed = commerce.cli("topo", "list").stdout.split()
    assert "global/keyspaces/customer/shards/-80/Shard" in listed
    assert "└─" in commerce.cli("topo", "tree").stdout
    assert "primaryAlias" in commerce.cli("topo", "get", "global/keyspaces/customer/shards/-80/Shard").stdout


def test_4_6_databases_on_a_server(commerce):
    primary = commerce.tablets("customer", "-80", "primary")[0]
    databases = commerce.server_query(primary, "show databases").split()
    assert {"information_schema", "mysql", "performance_schema", "sys", "customer", "_kintsugi"} == set(databases)


def test_3_3_4_users(commerce):
    assert commerce.query("select current_user()", database="customer") == (("user@%",),)
    for user, password in (("user", "wrong"), ("nobody", "kintsugi-demo"), ("user", "")):
        with pytest.raises(pymysql.err.OperationalError) as refused:
            commerce.connect(user=user, password=password)
        assert refused.value.args[0] == 1045


def test_4_3_sample_selects_run(commerce):
    """The files that ./demo's reader is pointed at."""
    shown = commerce.run_file(ROOT / "examples" / "commerce" / "select_customer_-80.sql", "--table")
    assert "alice@domain.com" in shown and "dan@domain.com" not in shown
