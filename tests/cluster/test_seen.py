"""What every process shows: health, metrics, pages, log levels."""

import contextlib
import json
import os
import pty
import re
import select
import subprocess
import urllib.error

import pymysql
import pytest

from cluster import BINARY, PASSWORD, ROOT, wait_until


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


def test_every_page_leads_to_all_others(commerce):
    pages = {name: f"http://127.0.0.1:{each['ports']['http']}/debug/status" for name, each in commerce.processes().items() if "http" in each["ports"]}
    for name in pages:
        def page_has_all():
            page = commerce.http(name, "/debug/status")
            missing = [other for other, url in pages.items() if other != name and f'<a href="{url}">' not in page]
            assert not missing, (name, missing)
            return page

        page = wait_until(page_has_all, what=f"links to all others on {name}'s page")
        for word in ("Version", "revision", "Up for", "Last warnings and errors", "<svg"):
            assert word in page, (name, word)


def test_the_gates_page_shows_the_last_errors(commerce):
    with pytest.raises(pymysql.MySQLError):
        commerce.query("select * from never_made", database="customer")
    page = commerce.http("gate-1", "/debug/status")
    assert "Last errors told to clients" in page and ">1146</td>" in page and "select * from never_made" in page
    errors = json.loads(commerce.http("gate-1", "/debug/vars"))["sections"]["Last errors told to clients"]
    assert "never_made" in json.dumps(errors)


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


def sql_command(commerce, *arguments):
    return [str(BINARY), "sql", "--gate", f"127.0.0.1:{commerce.gate_port()}", "--user", "user", "--database", "customer", *arguments]


def sql(commerce, *arguments, text=None):
    return subprocess.run(sql_command(commerce, *arguments), input=text, capture_output=True, text=True, timeout=60,
                          env={**os.environ, "KINTSUGI_PASSWORD": PASSWORD})


def test_sql_of_a_script(commerce):
    done = sql(commerce, "--execute", "select email from customer where customer_id = 4")
    assert (done.returncode, done.stdout) == (0, "email\ndan@domain.com\n"), done.stderr
    done = sql(commerce, text="select customer_id, email from customer where customer_id = 4;\nselect 1\\G")
    assert done.stdout == "customer_id\temail\n4\tdan@domain.com\n" + " 1. row ".center(54, "*") + "\n1: 1\n", done.stdout


def test_sql_as_json(commerce):
    done = sql(commerce, "--json", text="select email, null as nothing, x'ff' as bytes from customer where customer_id = 4; set @a = 1;")
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert answers == [{"columns": ["email", "nothing", "bytes"], "rows": [["dan@domain.com", None, "\ufffd"]]},
                       {"affectedRows": 0, "lastInsertId": 0, "warnings": 0}]


def test_sql_ends_at_the_first_error_and_names_its_line(commerce):
    done = sql(commerce, text="select 1;\n\nselect * from\n  nowhere;\nselect 2;\n")
    assert done.returncode == 1 and done.stdout == "1\n1\n"
    assert "KT7302: line 3: error 1146 (42S02): " in done.stderr, done.stderr


def test_sql_at_a_terminal(commerce, tmp_path):
    """An error is shown and the session goes on; statements may have several lines; the history is kept."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.execve(BINARY, sql_command(commerce), {**os.environ, "KINTSUGI_PASSWORD": PASSWORD, "HOME": str(tmp_path), "TERM": "dumb"})
    seen = ""

    def wait_for(text):
        nonlocal seen
        while text not in seen:
            ready, _, _ = select.select([terminal], [], [], 30)
            assert ready, (text, seen)
            seen += os.read(terminal, 4096).decode()
        seen = seen[seen.index(text) + len(text):]

    try:
        wait_for("Connected to")
        wait_for("sql> ")
        os.write(terminal, b"select email\n")
        wait_for("-> ")
        os.write(terminal, b"from customer where customer_id = 4;\n")
        wait_for("| dan@domain.com |")
        wait_for("1 row (")
        os.write(terminal, b"select * from nowhere;\n")
        wait_for("error 1146 (42S02)")
        wait_for("sql> ")
        os.write(terminal, b"quit\n")
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    finally:
        os.close(terminal)
    history = tmp_path / ".kintsugi_sql_history"
    assert "from customer where customer_id = 4;" in history.read_text() and history.stat().st_mode & 0o077 == 0


def test_every_command_has_help_with_examples_and_json(commerce):
    """As the tables in src/cli/commands declare them; what each prints with --json is JSON."""
    page = (ROOT / "docs" / "cli.md").read_text()
    commands = re.findall(r"^## (.+)$", page, re.M)
    assert len(commands) >= 20
    for command in commands:
        shown = commerce.cli(*command.split(), "--help").stdout
        assert "Examples:" in shown and f"kintsugi {command}" in shown and "--json" in shown, shown
    primary = commerce.tablets("customer", "-80", "primary")[0]["alias"]
    for words in (["cluster", "status"], ["cell", "list"], ["keyspace", "list"], ["keyspace", "show", "customer"], ["shard", "list"],
                  ["shard", "show", "customer/-80"], ["tablet", "list"], ["tablet", "show", primary], ["tablet", "ping", primary],
                  ["vschema", "show", "customer"], ["schema", "show", "customer"], ["topo", "get", "global/keyspaces/customer/Keyspace"],
                  ["topo", "list"], ["topo", "tree"], ["error", "list"], ["error", "show", "KT4022"]):
        assert isinstance(commerce.json(*words), dict), words


def test_without_a_cluster_the_next_step_is_told(tmp_path):
    def said(*words):
        done = subprocess.run([BINARY, *words], capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=60,
                              env={**os.environ, "KINTSUGI_CONTROL": "127.0.0.1:1", "KINTSUGI_GATE": "127.0.0.1:1"})
        assert done.returncode == 1, done
        return done.stderr

    assert "KT7301" in said("cluster", "status") and "--control" in said("cluster", "status")
    assert "KT7303" in said("sql", "--execute", "select 1") and "--gate" in said("sql", "--execute", "select 1")
    for word in ("status", "down"):
        assert "KT7104: there is no cluster in" in said("local", word, "--dir", str(tmp_path))


def test_an_error_code_is_explained_without_a_cluster():
    done = subprocess.run([BINARY, "error", "show", "KT4022"], capture_output=True, text=True, env={"KINTSUGI_CONTROL": "127.0.0.1:1"})
    assert done.returncode == 0 and "no_primary" in done.stdout and "what to do" in done.stdout


HOLDS = {  # what a session does → what SHOW KINTSUGI SESSIONS says it holds a server's connection for, and the metric's reason
    "transaction": (["begin", "select * from customer where customer_id = 1"], "in transaction", "transaction"),
    "lock by name": (["select get_lock('seen', 0)"], "GET_LOCK", "named_locks"),
    "temporary table": (["create temporary table seen_here (id int primary key)"], "temporary tables", "temporary_tables"),
    "table lock": (["use commerce", "lock tables product read"], "table locks or PREPARE", "reserved"),
}
CARRIED = ["set @mine = 1", "set time_zone = '+03:00'", "use commerce", "select count(*) from product", "insert into product (sku) values ('seen')",
           "delete from product where sku = 'seen'"]


def pinned(cluster):
    found = re.findall(r'^kintsugi_gate_pinned_connections\{reason="(\w+)"\} (\d+)', cluster.http("gate-1", "/metrics"), re.M)
    return {reason: int(count) for reason, count in found}


def run_all(connection, statements):
    with connection.cursor() as cursor:
        cursor.execute("select connection_id()")
        (number,) = cursor.fetchone()
        for sql in statements:
            cursor.execute(sql)
        return number


def test_what_holds_a_servers_connection_is_seen(commerce):
    with contextlib.ExitStack() as stack:
        def session():
            return stack.enter_context(contextlib.closing(commerce.connect(database="customer")))

        assert pinned(commerce) == dict.fromkeys(["transaction", "reserved", "named_locks", "temporary_tables"], 0)
        free = run_all(session(), CARRIED)  # before a table is locked that it writes to
        expected = {run_all(session(), statements): held_for for statements, held_for, _ in HOLDS.values()}
        begun = run_all(session(), ["begin"])  # in a transaction, that no server knows of yet
        asker = session()
        with asker.cursor() as cursor:
            cursor.execute("show kintsugi sessions")
            seen = {int(row[0]): (int(row[6]), row[7]) for row in cursor.fetchall()}
            cursor.execute("show processlist")
            states = {row[0]: row[6] for row in cursor.fetchall()}
        for number, held_for in expected.items():
            assert seen[number] == (1, held_for) and states[number] == held_for
        assert seen[free] == (0, "") and states[free] == "" and seen[begun] == (0, "in transaction")
        assert pinned(commerce) == dict.fromkeys([reason for _, _, reason in HOLDS.values()], 1)
        page = commerce.http("gate-1", "/debug/status")
        assert "Held for" in page and ">temporary tables</td>" in page
    wait_until(lambda: sum(pinned(commerce).values()) == 0, what="connections that are given back when their sessions end")
