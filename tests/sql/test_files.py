"""SELECT … INTO OUTFILE, INTO DUMPFILE and LOAD DATA INFILE in a folder of the gate's: the files are byte for byte those of a plain server, and both read
them alike."""

import json
import os
import sys
from pathlib import Path

import pymysql
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "cluster"))

from cluster import PASSWORD, running_cluster  # noqa: E402
from harness import ask, drop_all  # noqa: E402
from keyspaces import plain_connection, sharded_connections, spec  # noqa: E402

KEYSPACES = ("one", "two")

TABLE = """create table cell (id int primary key, v varchar(60) character set utf8mb4, l varchar(20) character set latin1, b varbinary(10),
  d decimal(6,2), dt datetime, bt bit(10), e enum('a','b'), f double, ti time)"""

ROWS = r"""insert into cell values (1, 'plain', 'é', x'00ff5c', 1.50, '2026-01-02 03:04:05', b'1001', 'a', 1.5, '-01:02:03'),
  (2, 't\tab\nnl\\bs"q\'s,c;:', '', null, null, null, null, null, null, null), (3, 'né€😀', null, x'c3a9', -0.10, null, 3, 'b', 1e30, null),
  (4, 'N', null, 'N', 0, null, 0, null, -3, null), (5, 't', 'n', 'r', 5, null, 0, null, -3, null), (6, '', ' ', '', 0, null, 48, null, 0.5, null)"""

FORMATS = [
    "",
    "fields terminated by ','",
    "fields terminated by ',' enclosed by '\"'",
    "fields terminated by ',' optionally enclosed by '\"' lines starting by '>' terminated by '\\r\\n'",
    "character set latin1 fields terminated by ';' escaped by ''",
    "character set utf8mb4",
    "fields terminated by 't'",
    "fields terminated by '1'",
    "fields terminated by 'é'",
    "fields terminated by '' enclosed by '\"'",
    "fields terminated by ',' enclosed by 'N'",
    "fields terminated by ',' lines terminated by ''",
    "fields terminated by ',' optionally enclosed by 'n'",
    "fields terminated by '::' enclosed by '\"' escaped by '\"'",
    "fields optionally enclosed by '1'",
    "fields terminated by x'01' lines terminated by x'0a'",
    "fields terminated by 'ab' escaped by '#' lines terminated by 'xyz'",
]
# Nobody reads these back: not even their ids come as numbers, without which no shard is known here.
UNREADABLE = ["fields terminated by '1'", "fields terminated by '' enclosed by '\"'", "fields terminated by '::' enclosed by '\"' escaped by '\"'",
              "fields optionally enclosed by '1'", "character set latin1 fields terminated by ';' escaped by ''"]
REFUSED = [
    ("fields enclosed by 'ab'", 1083),
    ("character set nope", 1115),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("files")
    for path in (made, *list(made.parents)[:2]):
        path.chmod(0o777)
    return made


@pytest.fixture(scope="module")
def cluster(folder):
    made = spec(("plain", *KEYSPACES))
    made["spec"]["gates"][0]["options"] = {"files_folder": str(folder)}
    users = folder.parent / "users.json"
    users.write_text(json.dumps({"user": [{"Password": PASSWORD, "Files": True}], "reader": [{"Password": PASSWORD}]}))
    made["spec"]["users"] = {"file": str(users)}
    with running_cluster(made) as started:
        yield started


@pytest.fixture(scope="module")
def tables(cluster):
    """Connections to the plain server and through the gate, each with the same table."""
    connections = {"plain": plain_connection(cluster), **sharded_connections(cluster, KEYSPACES)}
    for name, connection in connections.items():
        drop_all(connection, name)
        with connection.cursor() as cursor:
            cursor.execute(TABLE)
            cursor.execute(ROWS)
            cursor.execute("create table copy like cell")
    yield connections
    for connection in connections.values():
        connection.close()


def differing(folder, tables, make):
    """What the statements that `make` makes of a file's path leave, on the plain server and through the gate."""
    found = []
    expected_path = folder / "plain"
    expected_path.unlink(missing_ok=True)
    expected = ask(tables["plain"], make(str(expected_path)))
    for name in KEYSPACES:
        path = folder / name
        path.unlink(missing_ok=True)
        got = ask(tables[name], make(name))
        for what in ("error", "affected", "warnings"):
            if getattr(expected, what) != getattr(got, what):
                found.append(f"{name}, {what}: {getattr(expected, what)} {expected.message} on the plain server, here {getattr(got, what)} {got.message}")
        if expected.error is None and expected_path.read_bytes() != path.read_bytes():
            found.append(f"{name}: the plain server writes\n{expected_path.read_bytes()}\nthe gate\n{path.read_bytes()}")
        if expected.error is not None and path.exists():
            found.append(f"{name}: a file is left")
    return found


@pytest.mark.parametrize("words", FORMATS)
def test_files_are_the_same(folder, tables, words):
    # With CHARACTER SET, a server has ? for bytes of binary columns, and warns of characters that are not in it.
    rows = "cell" if "character set" not in words else "(select id, v, l, d, dt, bt, e, f, ti from cell where id <> 3) representable"
    found = differing(folder, tables, lambda path: f"select * from {rows} order by id into outfile '{path}' {words}")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("words", [words for words in FORMATS if words not in UNREADABLE])
def test_files_are_read_alike(folder, tables, words):
    words = words if words.startswith("character set") else f"character set utf8mb4 {words}"
    columns = "id, v, l, d, dt, e, f, ti"
    found = differing(folder, tables, lambda path: f"select {columns} from cell order by id into outfile '{path}' {words}")
    assert not found, "\n".join(found)
    answers = {}
    for name in ("plain", *KEYSPACES):
        path = folder / "plain" if name == "plain" else "plain"
        with tables[name].cursor() as cursor:
            cursor.execute("delete from copy")
        loaded = ask(tables[name], f"load data infile '{path}' ignore into table copy {words} ({columns})")
        answers[name] = (loaded.error, loaded.affected, ask(tables[name], "select * from copy order by id").rows)
    for name in KEYSPACES:
        assert answers[name] == answers["plain"], f"{name}: {answers[name]}, the plain server: {answers['plain']}"


@pytest.mark.parametrize("words, code", REFUSED)
def test_what_servers_refuse(folder, tables, words, code):
    make = lambda path: f"select * from cell order by id into outfile '{path}' {words}"
    assert not differing(folder, tables, make)
    assert ask(tables["two"], make("refused")).error == code


@pytest.mark.parametrize(
    "query",
    [
        "select id, v into outfile '{}' from cell where id < 3 order by id",
        "select e, count(*), group_concat(v order by v) from cell group by e order by e into outfile '{}'",
        "select v from cell union select 'x' order by v into outfile '{}'",
        "(select id, v from cell order by id limit 2) into outfile '{}'",
        "with some as (select id, v from cell where id > 2) select a.id, b.v from some a join some b on b.id = a.id + 1 order by a.id into outfile '{}'",
        "select * from cell where 0 into outfile '{}'",
        "select id, nothing from cell into outfile '{}'",
        "select id, (select v from cell) from cell into outfile '{}'",
        "select id, v from cell order by id limit 2 into outfile '{}' lines terminated by ';'",
        "select v, b from cell where id = 1 into dumpfile '{}'",
        "select v, b, d from cell where id = 2 into dumpfile '{}'",
        "select v, b from cell where 0 into dumpfile '{}'",
        "select v from cell order by id into dumpfile '{}'",
        "select repeat('0123456789abcdef', 1250000) x into dumpfile '{}'",
    ],
)
def test_queries(folder, tables, query):
    assert not (found := differing(folder, tables, query.format)), "\n".join(found)


def test_what_functions_of_the_gate_give(folder, tables):
    body = "begin if n < -5 then delete from copy where id = n; end if; return n * 2; end"
    for connection in tables.values():
        assert ask(connection, f"create function doubled(n int) returns int modifies sql data {body}").error is None
    try:
        for query in ("select id, doubled(id) from cell where doubled(id) > 3 order by id", "select doubled(7)"):
            found = differing(folder, tables, lambda path, query=query: f"{query} into outfile '{path}'")
            assert not found, "\n".join(found)
    finally:
        for connection in tables.values():
            ask(connection, "drop function doubled")


def test_what_was_counted(folder, tables):
    for name in ("plain", "two"):
        (folder / name).unlink(missing_ok=True)
        with tables[name].cursor() as cursor:
            cursor.execute(f"select id into outfile '{folder / name}' from cell where id < 4")
            cursor.execute("select row_count(), found_rows(), @@character_set_results")
            assert cursor.fetchall() == ((3, 3, "utf8mb4"),), name


def test_prepared_and_in_a_procedure(folder, tables):
    for name in ("plain", "two"):
        with tables[name].cursor() as cursor:
            for path in (folder / name, folder / f"{name}.called"):
                path.unlink(missing_ok=True)
            cursor.execute(f"prepare s from 'select id, v into outfile ''{folder / name}'' from cell where id < ? order by id'")
            cursor.execute("set @most = 3")
            cursor.execute("execute s using @most")
            assert cursor.rowcount == 2
            cursor.execute(f"create procedure write_down(most int) select id into outfile '{folder}/{name}.called' from cell where id < most order by id")
            cursor.execute("call write_down(4)")
            cursor.execute("drop procedure write_down")
    assert (folder / "plain").read_bytes() == (folder / "two").read_bytes()
    assert (folder / "plain.called").read_bytes() == (folder / "two.called").read_bytes() == b"1\n2\n3\n"


def error(connection, sql):
    answer = ask(connection, sql)
    return answer.error, answer.message


def test_refusals_name_their_reason(cluster, folder, tables):
    gate = tables["two"]
    (folder / "there").write_text("1\tx\n")
    (folder / "sub").mkdir(exist_ok=True)
    outside = folder.parent / "outside"
    outside.write_text("1\tx\n")
    (folder / "link").unlink(missing_ok=True)
    (folder / "link").symlink_to(outside)
    (folder / "pipe").unlink(missing_ok=True)
    os.mkfifo(folder / "pipe")
    for path, code, word in (
        ("there", 1086, "KT4073"), ("sub", 1086, "KT4073"), ("nowhere/x", 1, "KT4074"), ("../outside2", 1290, "KT4072"), ("/tmp/elsewhere", 1290, "KT4072"),
        ("sub/../../outside2", 1290, "KT4072"),
    ):
        told = error(gate, f"select id from cell into outfile '{path}'")
        assert told[0] == code and word in told[1], (path, told)
    for path, code, word in (("missing", 13, "KT4076"), ("sub", 13, "KT4076"), ("../outside", 1290, "KT4072"), (outside, 1290, "KT4072"), ("link", 1290, "KT4072"),
                             ("pipe", 13, "KT4076")):
        told = error(gate, f"load data infile '{path}' into table copy (id, v)")
        assert told[0] == code and word in told[1], (path, told)
    assert error(gate, f"select id from cell where id = 1 into outfile '{folder}/sub/new'") == (None, "")
    assert (folder / "sub" / "new").read_text() == "1\n"
    told = error(gate, "explain select id from cell into outfile 'explained'")
    assert told[0] == 1235 and "KT3230" in told[1]
    with cluster.connect(user="reader", password=PASSWORD, database="two") as reader:
        for sql in ("select id from cell into outfile 'denied'", "load data infile 'there' into table copy (id, v)"):
            told = error(reader, sql)
            assert told[0] == 1045 and "KT4071" in told[1] and "reader" in told[1], told
    assert not outside.with_name("outside2").exists() and not (folder / "denied").exists()


def test_a_line_that_is_wrong_ends_a_strict_load(folder, tables):
    """Without LOCAL and IGNORE: the error of a server, and nothing of the file is there."""
    for lines, code in (("7\t1\n1\t2\n8\tx\n", 1366), ("7\t1\n8\n", 1261), ("7\t1\t2\n", 1262), ("7\t1\n7\t2\n", 1062)):
        (folder / "wrong").write_text(lines)
        for name in ("plain", *KEYSPACES):
            with tables[name].cursor() as cursor:
                cursor.execute("delete from copy")
            path = folder / "wrong" if name == "plain" else "wrong"
            assert error(tables[name], f"load data infile '{path}' into table copy (id, d)")[0] == code, (name, lines)
            assert ask(tables[name], "select count(*) from copy").rows == [(0,)], (name, lines)


def test_a_killed_query_leaves_no_file(cluster, folder, tables):
    with cluster.connect(user="user", password=PASSWORD, database="two") as connection, connection.cursor() as cursor:
        cursor.execute("set statement max_statement_time = 0.5 for select 1")
        with pytest.raises(pymysql.MySQLError) as told:
            cursor.execute("set statement max_statement_time = 0.5 for select a.id, sleep(5) from cell a into outfile 'killed'")
        assert told.value.args[0] == 1969
    assert not (folder / "killed").exists()


def test_without_a_folder_nobody_writes(tmp_path):
    with running_cluster(spec(("one",))) as cluster, cluster.connect(user="user", password=PASSWORD, database="one") as connection:
        for sql in ("select 1 into outfile 'x'", "select 1 into dumpfile 'x'"):
            told = error(connection, sql)
            assert told[0] == 1290 and "KT4070" in told[1], told
        with connection.cursor() as cursor:
            cursor.execute("create table copy (id int primary key)")
        told = error(connection, "load data infile 'x' into table copy")
        assert told[0] == 1290 and "KT4070" in told[1], told
