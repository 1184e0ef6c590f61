"""Case files, and answers that can be compared."""

import contextlib
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import prepared
import pymysql

UNPREPARABLE = 1295  # "not supported in the prepared statement protocol yet"
CASES = Path(__file__).parent / "cases"
FILES = CASES / "files"  # {files} in a statement


@dataclass
class Statement:
    sql: str
    line: int
    setup: bool = False
    unordered: bool = False
    rows_only: bool = False
    error: int | None = None
    refused: int | None = None
    literal: bool = False
    gate_only: bool = False
    plain_only: bool = False


def read_cases(path):
    """The statements of a file, in order."""
    statements = []
    directives, lines, first = [], [], 0
    for number, line in enumerate([*path.read_text().splitlines(), ""], 1):
        if line.startswith("#"):
            continue
        if line.startswith("@include "):
            included = CASES / f"{line.split()[1]}.setup"
            statements += [Statement(each.sql, number, setup=True) for each in read_cases(included)]
            continue
        if line.startswith("@") and not lines:
            directives.append(line[1:].split())
        elif line.strip():
            first = first or number
            lines.append(line)
        elif lines:
            statement = Statement("\n".join(lines).replace("{files}", str(FILES)), first)
            for word, *arguments in directives:
                if word == "setup":
                    statement.setup = True
                elif word == "gate":
                    statement.gate_only = statement.setup = True
                elif word == "plain":
                    statement.plain_only = statement.setup = True
                elif word == "unordered":
                    statement.unordered = True
                elif word == "literal":
                    statement.literal = True
                elif word == "rows":
                    statement.rows_only = True
                elif word == "error":
                    statement.error = int(arguments[0])
                elif word == "refused":
                    statement.refused = int(arguments[0])
                else:
                    raise ValueError(f"{path}:{first}: unknown directive @{word}")
            statements.append(statement)
            directives, lines, first = [], [], 0
    return statements


@dataclass
class Answer:
    """What a client sees of one statement."""

    error: int | None = None
    message: str = ""
    columns: list = field(default_factory=list)
    rows: list = field(default_factory=list)
    affected: int = 0
    warnings: list = field(default_factory=list)
    more: list = field(default_factory=list)  # of a procedure: the result sets after the first, as columns and rows


def is_ordered(sql):
    """Whether it has an ORDER BY outside of all parentheses."""
    text = re.sub(r"'(?:[^'\\]|\\.|'')*'|\"(?:[^\"\\]|\\.)*\"", "''", sql)
    while True:
        shorter = re.sub(r"\([^()]*\)", " ", text)
        if shorter == text:
            return re.search(r"\border\s+by\b(?!\s+null\b)", text, re.IGNORECASE) is not None
        text = shorter


def failed(error):
    return Answer(error=error.args[0], message=str(error.args[-1]))


def assert_agrees(path, plain, sharded, prepare):
    """That a file's answers on the sharded connections (name → connection) are those of the plain one; closes them."""
    comparison = Comparison(plain, sharded, prepare)
    try:
        report = comparison.run(path)
    finally:
        comparison.close()
    assert not report, f"{len(report)} differences:\n" + "\n".join(report[:20])


def at_once(ask_one, questions):
    """The answers to all, asked at the same time, in the order of the questions. No two of them may use one connection."""
    with ThreadPoolExecutor(len(questions)) as threads:
        return list(threads.map(ask_one, questions))


def drop_all(connection, database):
    """In any order, whatever refers to what."""
    with connection.cursor() as cursor:
        cursor.execute("set foreign_key_checks = 0")
        cursor.execute(f"show full tables from `{database}`")
        for table, kind in cursor.fetchall():
            cursor.execute(f"drop {'view' if kind == 'VIEW' else 'table'} `{database}`.`{table}`")
        cursor.execute("set foreign_key_checks = 1")
        cursor.execute(f"select routine_type, routine_name from information_schema.routines where routine_schema = '{database}'")
        for kind, routine in cursor.fetchall():
            cursor.execute(f"drop {kind} `{database}`.`{routine}`")


def ask(connection, sql):
    answer = Answer()
    with connection.cursor() as cursor:
        try:
            cursor.execute(sql)
        except pymysql.MySQLError as error:
            return failed(error)
        if cursor.description:
            answer.columns = [(column[0], column[1]) for column in cursor.description]
            answer.rows = list(cursor.fetchall())
        else:
            answer.affected = cursor.rowcount
        try:
            while cursor.nextset():
                if cursor.description:
                    answer.more.append(([(column[0], column[1]) for column in cursor.description], list(cursor.fetchall())))
                else:
                    answer.affected = cursor.rowcount
        except pymysql.MySQLError as error:
            answer.error, answer.message = error.args[0], str(error.args[-1])
            return answer
        count = cursor._result.warning_count
    answer.warnings = warnings_of(connection, count)
    return answer


def warnings_of(connection, count):
    """Levels, codes and the rows that they name; none are asked for where none are told of, since a statement without tables leaves older ones."""
    if not count:
        return []
    with connection.cursor() as cursor:
        cursor.execute("show warnings")
        return [f"{count} in all", *sorted((level, code, row_named(message)) for level, code, message in cursor.fetchall())]


def numbers_rows(sql):
    """Whether "at row 3" is of the rows as the client gives them, and not as a server happens to read them."""
    return re.match(r"\s*(insert|replace|load)\b", sql, re.I) is not None


def without_rows(warnings):
    return [each if isinstance(each, str) else each[:2] for each in warnings]


def row_named(message):
    """The number that a message ends with: "at row 3"; 0: none, or one of a trigger."""
    found = re.search(r" at row (\d+)$", message)
    return int(found[1]) if found else 0


def ask_prepared(connection, sql, values):
    """The same over the binary protocol."""
    answer = Answer()
    try:
        with contextlib.closing(prepared.Statement(connection, sql)) as statement:
            sets = statement.execute(values)
            for columns, rows, answer.affected, count in sets:
                named = [(column.name, column.type_code) for column in columns]
                if rows is not None:
                    answer.more.append((named, rows))
            if answer.more:
                answer.columns, answer.rows = answer.more.pop(0)
            answer.warnings = warnings_of(connection, count)
    except pymysql.MySQLError as error:
        return failed(error)
    return answer


def prepared_form(connection, statement):
    """The statement and its parameters, as many as this server takes; nothing: it cannot be prepared."""
    sql = statement.sql
    code = None
    for text, values in ((sql, []),) if statement.literal else (prepared.with_parameters(sql), (sql, [])):
        try:
            prepared.Statement(connection, text).close()
            return text, values
        except pymysql.MySQLError as error:
            code = error.args[0]
    return None if code == UNPREPARABLE else (sql, [])


def rounded(rows):
    """A float depends in its last digits on the order in which it was summed up, on one server too."""
    return [tuple(float(f"{value:.13g}") if isinstance(value, float) else value for value in row) for row in rows]


def sort_key(row):
    return [(value is None, type(value).__name__, repr(value)) for value in row]


def more_of(answer):
    """The later result sets, each with its rows in no order."""
    return [(columns, sorted(rounded(rows), key=sort_key)) for columns, rows in answer.more]


def differences(statement, expected, got):
    """What of the answers differs, in words; empty: nothing."""
    if statement.refused is not None:
        agrees = expected.error is None and got.error == statement.refused
        return [] if agrees else [f"must be refused with {statement.refused} here alone, but: plain {expected.error}, here {got.error}"]
    if expected.error != got.error:
        return [f"error: plain {expected.error} {expected.message!r}, here {got.error} {got.message!r}"]
    if statement.error is not None and statement.error != got.error:
        return [f"must fail with {statement.error}, but: {got.error} {got.message!r}"]
    row = row_named(expected.message)
    if numbers_rows(statement.sql) and row not in (0, row_named(got.message)):
        return [f"error: plain {expected.message!r}, here {got.message!r}"]
    found = []
    ordered = is_ordered(statement.sql) and not statement.unordered
    rows = [rounded(expected.rows), rounded(got.rows)]
    if not ordered:
        rows = [sorted(each, key=sort_key) for each in rows]
    if rows[0] != rows[1]:
        extra = [row for row in rows[1] if row not in rows[0]][:3]
        lost = [row for row in rows[0] if row not in rows[1]][:3]
        found.append(f"rows: plain {len(rows[0])}, here {len(rows[1])}; only here {extra}; only plain {lost}; "
                     f"first {rows[0][:3]} and {rows[1][:3]}")
    if not statement.rows_only and expected.columns != got.columns:
        found.append(f"columns: plain {expected.columns}, here {got.columns}")
    if more_of(expected) != more_of(got):
        found.append(f"later result sets: plain {expected.more}, here {got.more}")
    if expected.affected != got.affected:
        found.append(f"affected rows: plain {expected.affected}, here {got.affected}")
    warnings = [each.warnings if numbers_rows(statement.sql) else without_rows(each.warnings) for each in (expected, got)]
    if not statement.rows_only and warnings[0] != warnings[1]:
        found.append(f"warnings: plain {warnings[0]}, here {warnings[1]}")
    return found


class Comparison:
    """One database on the plain server, and keyspaces of several numbers of shards behind the gate."""

    def __init__(self, plain, sharded, prepare=False):
        self.plain = plain
        self.sharded = sharded  # name → connection
        self.prepare = prepare  # over the binary protocol

    def run(self, path):
        """Every statement of a file everywhere; the differences, as text."""
        report = []
        for statement in read_cases(path):
            where = f"{path.name}:{statement.line}"
            form = self.prepared_form(statement)
            on_plain = "do 0" if statement.gate_only else re.sub(r"/\*!kintsugi .*?\*/", "", statement.sql)
            on_gate = "do 0" if statement.plain_only else statement.sql
            texts = [(self.plain, on_plain), *((connection, on_gate) for connection in self.sharded.values())]
            expected, *answers = at_once(lambda each: self.answer(*each, form), texts)
            if statement.setup and expected.error:
                raise AssertionError(f"{where}: the plain server refuses: {expected.error} {expected.message}\n{statement.sql}")
            for name, got in zip(self.sharded, answers):
                if statement.setup:
                    if got.error:
                        raise AssertionError(f"{where}: {name} refuses: {got.error} {got.message}\n{statement.sql}")
                    continue
                found = differences(statement, expected, got)
                if found:
                    report.append(f"{where} on {name}:\n  {statement.sql}\n  " + "\n  ".join(found))
        return report

    def prepared_form(self, statement):
        if not self.prepare or statement.setup or "/*!kintsugi" in statement.sql:
            return None
        form = prepared_form(self.plain, statement)
        if form is not None and form[1]:
            statement.error = None  # parameters may be another mistake than literals
        return form

    @staticmethod
    def answer(connection, sql, form):
        return ask(connection, sql) if form is None else ask_prepared(connection, *form)

    def close(self):
        for connection in [self.plain, *self.sharded.values()]:
            with contextlib.suppress(pymysql.MySQLError):
                connection.close()
