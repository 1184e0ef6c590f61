"""What every process shows: health, metrics, pages, log levels."""

import json
import re
import urllib.error

import pytest


def http_processes(cluster):
    return [name for name, each in cluster.processes().items() if "http" in each["ports"]]


def test_every_process_has_every_page(commerce):
    for name in http_processes(commerce):
        assert commerce.http(name, "/healthz").strip() == "ok", name
        assert commerce.http(name, "/readyz").startswith("ready"), name
        assert "# TYPE" in commerce.http(name, "/metrics"), name
        page = commerce.http(name, "/debug/status")
        assert "<html" in page and "kintsugi" in page.lower(), name
        json.loads(commerce.http(name, "/debug/vars"))
        json.loads(commerce.http(name, "/debug/config?format=json"))


def test_metrics_are_well_formed(commerce):
    line = re.compile(r'^(# (HELP|TYPE) .*|[a-zA-Z_:][a-zA-Z0-9_:]*(\{[^{}]*\})? [-+0-9.eEinfNa]+)$')
    for name in http_processes(commerce):
        for each in commerce.http(name, "/metrics").splitlines():
            assert line.match(each), (name, each)


def test_gate_counts_queries(commerce):
    def queries():
        return sum(float(each.split()[-1]) for each in commerce.http("gate-1", "/metrics").splitlines() if each.startswith("kintsugi_gate_statements_total"))

    before = queries()
    for _ in range(10):
        commerce.query("select 1", database="customer")
    assert queries() >= before + 10


def test_log_levels_change_while_running(commerce):
    levels = commerce.http("gate-1", "/debug/log")
    assert "gate" in levels
    commerce.http("gate-1", "/debug/log?component=gate&level=debug", data=b"")
    assert re.search(r"gate\W+debug", commerce.http("gate-1", "/debug/log"))
    commerce.http("gate-1", "/debug/log?component=gate&level=info", data=b"")
    with pytest.raises(urllib.error.HTTPError) as error:
        commerce.http("gate-1", "/debug/log?component=gate&level=loud", data=b"")
    assert error.value.code == 400


def test_command_line(commerce):
    assert "customer/-80" in commerce.cli("cluster", "status").stdout
    assert "zone1" in commerce.cli("cell", "list").stdout
    assert "customer" in commerce.cli("keyspace", "list").stdout
    assert "-80" in commerce.cli("keyspace", "show", "customer").stdout
    assert "customer/80-" in commerce.cli("shard", "list").stdout
    primary = commerce.tablets("customer", "-80", "primary")[0]["alias"]
    assert primary in commerce.cli("shard", "show", "customer/-80").stdout
    shown = commerce.cli("tablet", "show", primary).stdout
    assert "gtid_strict_mode" in shown and "GRANT" in shown
    assert primary in commerce.cli("tablet", "ping", primary).stdout
    assert "hash" in commerce.cli("vschema", "show", "customer").stdout
    assert "CREATE TABLE `corder`" in commerce.cli("schema", "show", "customer").stdout
    failed = commerce.cli("shard", "show", "customer/-90", check=False)
    assert failed.returncode == 1 and re.search(r"KT\d{4}: ", failed.stderr), failed.stderr


def test_schema_apply(commerce):
    commerce.cli("schema", "apply", "customer", "--sql", "alter table corder add column note varchar(20)")
    try:
        commerce.query("update corder set note = 'x' where customer_id = 4", database="customer")
        assert commerce.query("select note from corder where customer_id = 4", database="customer") == (("x",),)
    finally:
        commerce.cli("schema", "apply", "customer", "--sql", "alter table corder drop column note")


def test_vschema_check_and_apply(commerce, tmp_path):
    text = commerce.cli("vschema", "show", "customer").stdout
    good = tmp_path / "good.json"
    good.write_text(text)
    commerce.cli("vschema", "check", "customer", str(good))
    commerce.cli("vschema", "apply", "customer", str(good))
    wrong = json.loads(text)
    wrong["tables"]["ghost"] = {"column_vindexes": [{"column": "id", "name": "no_such_vindex"}]}
    bad = tmp_path / "bad.json"
    bad.write_text(json.dumps(wrong))
    checked = commerce.cli("vschema", "check", "customer", str(bad), check=False)
    assert checked.returncode == 1 and "no_such_vindex" in checked.stdout + checked.stderr
    applied = commerce.cli("vschema", "apply", "customer", str(bad), check=False)
    assert applied.returncode == 1 and "no_such_vindex" in applied.stderr
    assert "ghost" not in commerce.cli("vschema", "show", "customer").stdout


def test_sql_command(commerce):
    done = commerce.cli("sql", "--gate", f"127.0.0.1:{commerce.gate_port()}", "--user", "user", "--password", "kintsugi-demo",
                        "--database", "customer", "--execute", "select email from customer where customer_id = 4")
    assert done.stdout == "email\ndan@domain.com\n"
