"""EXPLAIN, directives, limits and statements about the cluster, on real servers."""

import contextlib
import json
import re

import pymysql
import pytest

from cluster import commerce_spec, running_cluster, wait_until


@pytest.fixture(scope="module")
def cluster():
    spec = commerce_spec()
    with running_cluster(spec) as started:
        started.load_commerce()
        yield started


@pytest.fixture
def gate(cluster):
    """What runs one statement on a connection of its own kind: rows as tuples, warnings kept."""
    with contextlib.closing(cluster.connect(database="customer", autocommit=True)) as connection, connection.cursor() as cursor:

        def run(sql):
            cursor.execute(sql)
            rows = cursor.fetchall()
            cursor.execute("show warnings")
            run.warnings = [f"{level} {code} {message}" for level, code, message in cursor.fetchall()]
            return rows

        run.connection = connection
        yield run


def plan_of(gate, sql, word="explain format=kintsugi"):
    return "\n".join(line for (line,) in gate(f"{word} {sql}"))


def error_of(gate, sql):
    with pytest.raises(pymysql.err.Error) as caught:
        gate(sql)
    return caught.value.args


def test_explain_shows_tier_shards_keys_and_bounds(gate):
    route = plan_of(gate, "select * from corder where customer_id = 4")
    assert route.startswith("route: 1 of 2 shards of customer")
    assert "hash(customer_id): 4 -> d2fd8867d50d2dfe -> 80-" in route
    scatter = plan_of(gate, "select * from corder")
    assert scatter.startswith("scatter: all 2 shards") and "corder by hash(customer_id)" in scatter
    groups = plan_of(gate, "select sku, count(*) from corder group by sku")
    assert groups.startswith("merge: all 2 shards") and "those of one group become one" in groups
    gather = plan_of(gate, "select sku, count(*) + 1 from corder group by sku")
    assert gather.startswith("gather: ") and "gather_rows_max = 1000000 (gate option)" in gather and "-> part: all 2 shards" in gather


def test_explain_is_json_too(gate):
    ((text,),) = gate("explain format=kintsugi_json select sku, count(*) + 1 from corder group by sku")
    plan = json.loads(text)
    assert plan["tier"] == "gather" and plan["pass"] == "parts"
    assert [shard["name"] for shard in plan["inputs"][0]["texts"][0]["shards"]] == ["-80", "80-"]


def test_the_servers_explain_is_that_of_one_shard(gate):
    for query in ("select sku, sum(price) from corder group by sku", "select * from corder where price > (select avg(price) from corder)",
                  "select sku from corder limit 3", "update corder set price = price + 1 order by price limit 1"):
        assert "corder" in {row[2] for row in gate(f"explain {query}")}
    assert error_of(gate, "explain select * from corder, commerce.product")[0] == 1235
    assert "ANALYZE FORMAT=KINTSUGI" in error_of(gate, "analyze select sum(price) from corder")[1]


def test_a_function_that_reads_rows_is_why(gate):
    gate("create function priced(least int) returns int reads sql data return (select count(*) from corder where price > least)")
    plan = plan_of(gate, "select customer_id, priced(customer_id) from customer where customer_id = 4")
    assert "why      function 'priced' reads table 'corder'" in plan and "copy: all 2 shards of customer into corder" in plan
    ((created,),) = [(row[2],) for row in gate("show create function priced")]
    assert "where price > least" in created
    assert gate("select routine_name from information_schema.routines where routine_schema = 'customer'") == (("priced",),)
    assert error_of(gate, "select /*kintsugi: gather_rows_max=1 */ priced(0)")[0] == 1104
    gate("drop function priced")


def shards_of(gate, query, word="explain"):
    ((text,),) = gate(f"{word} format=kintsugi_json {query}")
    plan = json.loads(text)
    return [shard for node in (plan, *plan.get("inputs", [])) for text in node["texts"] for shard in text["shards"] if shard["name"] != "over the copies"]


def test_shards_estimate_their_rows(gate):
    """A shard's statistics of few rows are exact once ANALYZE TABLE has made them."""
    gate("create table estimated (id bigint primary key, kind int, key (kind)) shard by hash(id)")
    gate("insert into estimated values " + ",".join(f"({n},{n % 4})" for n in range(400)))
    gate("analyze table estimated")
    shards = shards_of(gate, "select id from estimated", "analyze")
    assert [shard["estimatedRows"] for shard in shards] == [shard["rows"] for shard in shards]
    shards = shards_of(gate, "select id from estimated where kind = 1", "analyze")
    assert [shard["estimatedRows"] for shard in shards] == [shard["rows"] for shard in shards]
    assert [shard["estimatedRows"] for shard in shards_of(gate, "select id from estimated order by kind, id limit 5")] == [5, 5]
    copies = shards_of(gate, "select a.id, max(b.id) from estimated a, estimated b where a.kind = b.kind and b.kind = 1 group by a.id")
    assert {"estimatedRows"} <= set().union(*copies) and sum(shard["estimatedRows"] for shard in copies) >= 100
    assert "estimate at most about 400 rows copied" in plan_of(gate, "select kind, avg(id) + 1 from estimated group by kind")
    gate("drop table estimated")


def test_analyze_counts_what_the_shards_gave(gate):
    ((rows,),) = gate("select count(*) from corder")
    ((text,),) = gate("analyze format=kintsugi_json select order_id from corder")
    shards = json.loads(text)["texts"][0]["shards"]
    assert sum(shard["rows"] for shard in shards) == rows
    assert all(shard["bytes"] > 0 and shard["milliseconds"] > 0 for shard in shards)
    text = plan_of(gate, "select sku, count(*) + 1 from corder group by sku", "analyze format=kintsugi")
    assert re.search(r"over the copies  \d+ rows, \d+ bytes, [\d.]+ ms", text)


def without_estimates(plan):
    for text in plan["texts"]:
        for shard in text["shards"]:
            shard.pop("estimatedRows", None)
            shard.pop("estimatedAtMost", None)
    for node in plan.get("inputs", []):
        without_estimates(node)
    return plan


def test_the_command_plans_as_the_gate_does(cluster, gate, tmp_path):
    schema = tmp_path / "schema.sql"
    vschema = tmp_path / "vschema.json"
    creates = [gate(f"show create table {table}")[0][1] for table in ("customer", "corder")]
    schema.write_text(";\n".join(creates))
    vschema.write_text(json.dumps(cluster.json("vschema", "show", "customer")))
    for query in (
        "select * from corder where customer_id = 4",
        "select sku, count(*) from corder group by sku",
        "select sku, count(*) + 1 from corder group by sku",
    ):
        offline = json.loads(
            cluster.cli(
                *("explain", "--json", "--keyspace", "customer", "--schema", str(schema), "--vschema", str(vschema), query)
            ).stdout
        )
        ((text,),) = gate(f"explain format=kintsugi_json {query}")
        online = json.loads(text)
        online.pop("bounds", None)
        assert offline["notes"].pop() == "rows are not estimated: no server is asked"
        if not offline["notes"]:
            del offline["notes"]
        assert offline == without_estimates(online)


def test_directives_are_obeyed_and_others_warned_of(gate):
    assert gate("select /*kintsugi: no_such=1 */ 1") == ((1,),)
    assert gate.warnings[0].startswith("Warning 1235 KT4053: there is no directive 'no_such'")
    assert error_of(gate, "select /*vt+ QUERY_TIMEOUT_MS=200 */ sleep(30) from corder where customer_id = 4")[0] == 3024
    assert error_of(gate, "select /*vt+ ALLOW_SCATTER=0 */ * from corder")[0] == 1227
    assert "gather_rows_max = 2 (directive)" in plan_of(gate, "select /*kintsugi: gather_rows_max=2 */ count(distinct order_id) from corder")


def test_a_keyspace_forbids_what_costs_much(cluster, gate, tmp_path):
    vschema = cluster.json("vschema", "show", "customer")
    file = tmp_path / "vschema.json"
    file.write_text(json.dumps({**vschema, "scatter": "ask", "gather": "forbid"}))
    cluster.cli("vschema", "apply", "customer", str(file))
    wait_until(lambda: gate("show kintsugi keyspaces like 'customer'")[0][4:6] == ("ask", "forbid"), what="the gate following the vschema")
    code, message = error_of(gate, "select * from corder")
    assert code == 1227 and "KT4050" in message and "the vschema of keyspace 'customer'" in message
    assert len(gate("select /*kintsugi: allow_scatter=1 */ * from corder")) > 0
    code, message = error_of(gate, "select count(distinct sku) from corder")
    assert code == 1227 and "KT4051" in message
    assert "would be refused: KT4051" in plan_of(gate, "select count(distinct sku) from corder")
    assert gate("select count(*) from corder where customer_id = 4")
    file.write_text(json.dumps(vschema))
    cluster.cli("vschema", "apply", "customer", str(file))
    wait_until(lambda: gate("show kintsugi keyspaces like 'customer'")[0][4:6] == ("allow", "allow"), what="the gate following the vschema")


def gathered_rows(metrics):
    return sum(int(value) for value in re.findall(r"^kintsugi_gate_gathered_rows_total\{.*\} (\d+)$", metrics, re.M))


def test_costly_statements_are_counted_and_listed(cluster, gate):
    gate("select /*kintsugi: workload=nightly */ count(*) + 1 from corder where sku like 'nothing%'")
    metrics = cluster.http("gate-1", "/metrics")
    assert re.search(r'kintsugi_gate_statements_total\{[^}]*tier="gather"[^}]*\} [1-9]', metrics)
    gathered = gathered_rows(metrics)
    assert gathered > 0
    gate("select sku, count(*) from corder group by sku with rollup")
    assert gathered_rows(cluster.http("gate-1", "/metrics")) == gathered + gate("select count(*) from corder")[0][0]
    page = cluster.http("gate-1", "/debug/status")
    assert "Scattered and gathered statements that cost most" in page
    assert "nightly" in page and "sku like ?" in page and "nothing%" not in page.split("Sessions")[0]


def test_show_tells_of_the_cluster(cluster, gate):
    tablets = gate("show kintsugi tablets")
    assert {tablet[0] for tablet in tablets} == {tablet["alias"] for tablet in cluster.tablets()}
    assert {tablet[4] for tablet in tablets} == {"serving"}
    assert [row[0] for row in gate("show vitess_shards like 'customer/%'")] == ["customer/-80", "customer/80-"]
    assert {row[4] for row in gate("show vitess_tablets")} == {"SERVING"}
    assert ("customer/-80",) == gate("show kintsugi shards like 'customer/-80'")[0][:1]
    assert {row[1] for row in gate("show kintsugi processes")} >= {"gate", "control", "tablet"}
    assert ("corder",) in gate("show vschema tables")
    assert ("hash", "customer", "hash") in [row[:3] for row in gate("show vschema vindexes")]
    assert gate("show vschema vindexes on corder") == (("customer_id", "hash", "hash"),)
    assert any(row[0] == "corder" and row[2] == "sharded" and row[3] == "hash(customer_id)" for row in gate("show kintsugi vschema"))


def test_alter_vschema_shards_a_table(cluster, gate):
    gate("alter vschema create vindex other using xxhash")
    gate("alter vschema on visit add vindex other (visitor)")
    assert cluster.json("vschema", "show", "customer")["tables"]["visit"]["column_vindexes"] == [{"column": "visitor", "name": "other"}]
    assert gate("show vschema vindexes on visit") == (("visitor", "other", "xxhash"),)
    assert "KT2101" in error_of(gate, "alter vschema drop vindex other")[1]
    gate("alter vschema on visit drop vindex other")
    gate("alter vschema drop vindex other")
    assert "visit" not in cluster.json("vschema", "show", "customer")["tables"]


def test_a_plain_comment_shards_a_table(cluster, gate):
    gate("create table visit (id bigint primary key, visitor bigint) /*kintsugi SHARD BY hash(visitor) */")
    assert gate("show vschema vindexes on visit") == (("visitor", "hash", "hash"),)
    gate("drop table visit")


def test_a_database_is_a_keyspace_that_says_what_it_lacks(cluster, gate):
    gate("create database orders shards 4")
    assert any("has no servers yet" in warning for warning in gate.warnings)
    assert [shard["name"] for shard in cluster.json("keyspace", "show", "orders")["keyspace"]["shards"]] == ["-40", "40-80", "80-c0", "c0-"]
    assert cluster.json("vschema", "show", "orders")["sharded"] is True
    assert error_of(gate, "create database orders")[0] == 1007
    gate("create database if not exists orders")
    assert gate.warnings[0].startswith("Note 1007")
    assert ("orders",) in gate("show databases")
    gate("drop database orders")
    assert ("orders",) not in gate("show databases")
    assert error_of(gate, "drop database orders")[0] == 1008
    gate("drop database if exists orders")
    assert gate.warnings[0].startswith("Note 1008")
    code, message = error_of(gate, "drop database customer")
    assert "cluster spec" in message and ("customer",) in gate("show databases")
