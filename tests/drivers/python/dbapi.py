"""The steps of drivers with Python's DB-API. A driver gives an object with
connect(settings, **options), module, unbuffered (a cursor class), dictionary (a cursor class), found_rows, multi_statements (flags)."""

import contextlib
import datetime
import decimal
import hashlib
import tempfile
import threading
import time

closing = contextlib.closing


def error_of(driver, function):
    """Class and arguments of the error that `function` raises; what it gives back, if it raises none."""
    try:
        return {"no error": function()}
    except driver.module.Error as error:
        return {type(error).__name__: list(error.args)}


def ask(connection, sql, values=None):
    with closing(connection.cursor()) as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def waits(connection, number):
    """Returns once the connection of that id runs the long statement."""
    limit = time.monotonic() + 20
    while not any(row[0] == number and "number c" in str(row[7]) for row in ask(connection, "show processlist")):
        if time.monotonic() > limit:
            raise TimeoutError("the statement that is to be killed was never seen")
        time.sleep(0.02)


def connect(driver, settings, say):
    with closing(driver.connect(settings)) as connection:
        say("who", ask(connection, "select database(), current_user(), user() like 'app@%', connection_id() > 0"))
        say("version", connection.get_server_info())
        say("charset", connection.character_set_name())
        say("thread", connection.thread_id() == ask(connection, "select connection_id()")[0][0])
        connection.select_db("information_schema")
        say("other database", ask(connection, "select database()"))
        say("unknown database", error_of(driver, lambda: connection.select_db("nowhere")))
        say("still", ask(connection, "select lower(database())"))
    with closing(driver.connect(settings, database=None)) as connection:
        say("none", ask(connection, "select database()"))
        say("no database", error_of(driver, lambda: ask(connection, "select * from person")))


def tls(driver, settings, say):
    with closing(driver.connect(settings, ssl={"ca": settings["ca"]})) as connection:
        say("cipher", len(ask(connection, "show status like 'Ssl_cipher'")[0][1]) > 0)
        say("query", ask(connection, settings["material"]["queries"]["scatter"]))
    with closing(driver.connect(settings)) as connection:
        say("without", ask(connection, "show status like 'Ssl_cipher'"))


def refused(driver, settings, say):
    say("wrong password", error_of(driver, lambda: driver.connect(settings, password="wrong")))
    say("no password", error_of(driver, lambda: driver.connect(settings, password="")))
    say("unknown user", error_of(driver, lambda: driver.connect(settings, user="nobody")))
    say("unknown database", error_of(driver, lambda: driver.connect(settings, database="nowhere")))


def text(driver, settings, say):
    with closing(driver.connect(settings)) as connection:
        for name, sql in settings["material"]["queries"].items():
            say(name, ask(connection, sql))
        for string in settings["material"]["strings"]:
            say("string", ask(connection, "select %s, length(%s), hex(%s)", (string, string, string)))
        values = (1, -(2**63), 2**64 - 1, 1.5, decimal.Decimal("12.30"), None, True, b"\0\x7f'", datetime.date(2026, 1, 2),
                  datetime.datetime(2026, 1, 2, 3, 4, 5, 678), datetime.timedelta(hours=-5, microseconds=1))
        say("values", ask(connection, "select " + ", ".join(["%s"] * len(values)), values))
        say("in", ask(connection, "select name from person where id in %s order by id", ([1, 3, 5],)))
        say("named", ask(connection, "select name from person where id = %(id)s and age > %(age)s", {"id": 1, "age": 3}))
        with closing(connection.cursor(driver.dictionary)) as cursor:
            cursor.execute("select * from person order by id")
            say("dictionaries", cursor.fetchmany(2))
            say("rest", cursor.fetchall())
            say("end", cursor.fetchone())


def prepared(driver, settings, say):
    """These drivers know no prepared statements but those of SQL."""
    with closing(driver.connect(settings)) as connection:
        ask(connection, "prepare by_id from 'select id, name from person where id = ?'")
        for number in (1, 4, 99):
            ask(connection, "set @id = %s", (number,))
            say("row", ask(connection, "execute by_id using @id"))
        say("too few", error_of(driver, lambda: ask(connection, "execute by_id")))
        say("syntax", error_of(driver, lambda: ask(connection, "prepare wrong from 'selec ?'")))
        ask(connection, "deallocate prepare by_id")
        say("gone", error_of(driver, lambda: ask(connection, "execute by_id using @id")))


def batch(driver, settings, say):
    with closing(driver.connect(settings, autocommit=False)) as connection, closing(connection.cursor()) as cursor:
        rows = [(100 + number % 7, number, decimal.Decimal(number) / 4, None if number % 5 == 0 else f"note {number}") for number in range(500)]
        say("affected", cursor.executemany("insert into purchase (person_id, id, amount, note) values (%s, %s, %s, %s)", rows))
        say("sums", ask(connection, "select person_id, count(*), sum(amount), count(note) from purchase where person_id >= 100 group by person_id order by 1"))
        say("updates", cursor.executemany("update purchase set amount = %s where person_id = %s", [(1, 100), (2, 101), (3, 999)]))
        say("replaced", cursor.executemany(
            "insert into purchase values (%s, %s, %s, %s) on duplicate key update amount = values(amount)", [(100, 0, 5, "x"), (100, 1000, 6, "y")]))
        say("again", error_of(driver, lambda: cursor.executemany("insert into purchase values (%s, %s, %s, %s)", [(200, 1, 1, None), (100, 0, 1, None)])))
        connection.rollback()
        say("left", ask(connection, "select count(*) from purchase where person_id >= 100"))


def multi_statements(driver, settings, say):
    with closing(driver.connect(settings, client_flag=driver.multi_statements)) as connection, closing(connection.cursor()) as cursor:
        cursor.execute("select 1; select name from person where id = 2; update purchase set note = note where person_id = 1; select id from person order by id")
        while True:
            say("set", [cursor.description and [column[:2] for column in cursor.description], cursor.fetchall() if cursor.description else cursor.rowcount])
            if not cursor.nextset():
                break
        cursor.execute("select 1; select * from nothing_here; select 3")
        say("first", cursor.fetchall())
        say("second", error_of(driver, cursor.nextset))
        say("after", ask(connection, "select 5"))
        cursor.execute("begin; insert into counter (id, label) values (900, 'multi'); rollback")
        while cursor.nextset():
            pass
        say("rolled back", ask(connection, "select count(*) from counter where id = 900"))
    if driver.multi_statements_off is not None:
        with closing(driver.connect(settings, client_flag=driver.multi_statements_off)) as connection:
            say("not allowed", error_of(driver, lambda: ask(connection, "select 1; select 2")))


def streaming(driver, settings, say):
    with closing(driver.connect(settings)) as connection:
        with closing(connection.cursor(driver.unbuffered)) as cursor:
            cursor.execute("select id, square, word from number order by id")
            say("count before", cursor.rowcount)
            rows = list(cursor)
            say("all", [len(rows), sum(row[1] for row in rows), rows[0], rows[-1]])
        with closing(connection.cursor(driver.unbuffered)) as cursor:
            cursor.execute("select id from number")
            say("some", sum(1 for _ in zip(range(50), cursor)))
        say("afterwards", ask(connection, "select count(*) from number"))
        with closing(connection.cursor(driver.unbuffered)) as cursor:
            cursor.execute("select id from number order by id")
            say("many", cursor.fetchmany(3))


def large_values(driver, settings, say):
    with closing(driver.connect(settings, autocommit=False, max_allowed_packet=64 << 20)) as connection:
        for number, size in enumerate(((1 << 24) - 1, 1 << 24, (1 << 24) + 5, 20 << 20)):
            content = bytes(range(256)) * (size // 256) + b"k" * (size % 256)
            with closing(connection.cursor()) as cursor:
                say("inserted", cursor.execute("insert into body (id, bytes) values (%s, _binary %s)", (number, content)))
            ((length, back),) = ask(connection, "select length(bytes), bytes from body where id = %s", (number,))
            say("back", [length, hashlib.sha256(back).hexdigest(), back == content])
        rows = ask(connection, "select id, bytes, bytes from body order by id")
        say("rows", [(row[0], len(row[1]) + len(row[2])) for row in rows])
        connection.rollback()


def types(driver, settings, say):
    with closing(driver.connect(settings, autocommit=False)) as connection:
        one, all_rows = settings["material"]["types"]
        with closing(connection.cursor()) as cursor:
            cursor.execute(all_rows)
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                for name, value in zip(names, row):
                    say(f"{row[0]} {name}", value)
            cursor.execute(one % 2)
            row = list(cursor.fetchone())
        row[0] = 70
        skipped = {"place", "shape"}
        pairs = [(name, value) for name, value in zip(names, row) if name not in skipped]
        ask(connection, f"insert into every_type ({', '.join(name for name, _ in pairs)}) values ({', '.join(['%s'] * len(pairs))})",
            [value for _, value in pairs])
        for name in names:
            if name not in skipped | {"id", "single"}:
                say(f"same {name}", ask(connection, f"select a.`{name}` = b.`{name}` from every_type a join every_type b on a.id = 2 and b.id = 70"))
        connection.rollback()


def metadata(driver, settings, say):
    with closing(driver.connect(settings)) as connection, closing(connection.cursor()) as cursor:
        queries = {**settings["material"]["queries"], "every type": settings["material"]["types"][0] % 1, "every type, all": settings["material"]["types"][1],
                   "show": "show tables", "columns": "show full columns from person", "keys": "show index from every_type", "described": "describe purchase"}
        for name, sql in queries.items():
            say(f"{name}: rows", cursor.execute(sql))
            say(name, driver.description(cursor))


def time_zones(driver, settings, say):
    with closing(driver.connect(settings, init_command="set time_zone = '+03:00'")) as connection:
        say("zone", ask(connection, "select @@session.time_zone, timestampdiff(hour, utc_timestamp(), now())"))
        ask(connection, "delete from moment")
        ask(connection, "insert into moment values (1, '2026-06-01 12:00:00.123', '2026-06-01 12:00:00.123456'), (2, '2026-12-31 23:59:59.999', null)")
        connection.commit()
        say("there", ask(connection, "select * from moment order by id"))
        for zone in ("+00:00", "-05:30", "SYSTEM"):
            ask(connection, "set time_zone = %s", (zone,))
            say(zone, ask(connection, "select id, at, wall, unix_timestamp(at) from moment order by id"))
        say("routed", ask(connection, "select at from moment where id = 2"))
        say("where", ask(connection, "select id from moment where at > '2026-06-01 10:00:00' order by id"))
        say("wrong", error_of(driver, lambda: ask(connection, "set time_zone = 'Nowhere/Land'")))


def charsets(driver, settings, say):
    for charset in ("utf8mb4", "latin1", "utf8"):
        with closing(driver.connect(settings, charset=charset)) as connection:
            say(charset, ask(connection, "select @@character_set_client, @@character_set_results, @@character_set_connection, @@collation_connection"))
            say("words", ask(connection, "select id, west, hex(west), hex(loose) from word where id < 4 order by id"))
            say("hex", ask(connection, "select hex(%s), length(%s), char_length(%s)", ("é", "é", "é")))
            say("found", ask(connection, "select id from word where loose = %s order by id", ("école",)))
            say("exact", ask(connection, "select id from word where exact = %s order by id", ("école",)))
    with closing(driver.connect(settings)) as connection:
        say("ordered", ask(connection, "select loose from word order by loose, id"))
        say("ordered exactly", ask(connection, "select exact from word order by exact"))
        say("grouped", ask(connection, "select min(id), count(*) from word group by loose order by 1"))
        ask(connection, "set names utf8mb4 collate utf8mb4_bin")
        say("collation", ask(connection, "select 'a' = 'A', @@collation_connection"))


def transactions(driver, settings, say):
    with closing(driver.connect(settings, autocommit=False)) as one, closing(driver.connect(settings, autocommit=True)) as other:
        def labels(connection):
            return ask(connection, "select id, label from counter where id between 1000 and 1999 order by id")

        say("autocommit", [one.get_autocommit(), other.get_autocommit(), ask(one, "select @@autocommit"), ask(other, "select @@autocommit")])
        ask(one, "insert into counter values (1000, 'a'), (1001, 'b'), (1002, 'c')")
        say("own", labels(one))
        say("not yet", labels(other))
        one.rollback()
        say("rolled back", labels(one))
        ask(one, "insert into counter values (1000, 'a')")
        ask(one, "savepoint s")
        ask(one, "insert into counter values (1001, 'b'), (1002, 'c')")
        ask(one, "rollback to savepoint s")
        ask(one, "release savepoint s")
        one.commit()
        say("committed", labels(other))
        say("duplicate inside", error_of(driver, lambda: ask(one, "insert into counter values (1003, 'd'), (1000, 'x')")))
        say("of the failed statement", labels(one))
        one.rollback()
        one.begin() if hasattr(one, "begin") else ask(one, "begin")
        ask(one, "delete from counter where id between 1000 and 1999")
        one.commit()
        say("deleted", labels(other))
        ask(one, "start transaction read only")
        say("read only", error_of(driver, lambda: ask(one, "insert into counter values (1004, 'e')")))
        one.rollback()
        one.autocommit(True)
        ask(one, "insert into counter values (1005, 'f')")
        say("autocommitted", labels(other))
        ask(one, "delete from counter where id = 1005")


def isolation(driver, settings, say):
    with closing(driver.connect(settings, autocommit=False)) as one, closing(driver.connect(settings, autocommit=True)) as other:
        for level in ("read uncommitted", "read committed", "repeatable read", "serializable"):
            ask(one, f"set session transaction isolation level {level}")
            say(level, ask(one, "select @@tx_isolation"))
            say("before", ask(one, "select amount from purchase where person_id = 2"))
            if level != "serializable":  # where the other would wait
                ask(other, "update purchase set amount = amount + 1 where person_id = 2")
            say("meanwhile", ask(one, "select amount from purchase where person_id = 2"))
            one.commit()
            say("after", ask(one, "select amount from purchase where person_id = 2"))
            one.commit()
        ask(other, "update purchase set amount = amount - 3 where person_id = 2")


def errors(driver, settings, say):
    with closing(driver.connect(settings)) as connection:
        for name, sql in settings["material"]["errors"].items():
            say(name, error_of(driver, lambda: ask(connection, sql)))
        say("still there", ask(connection, "select 1"))


def locks(driver, settings, say):
    with closing(driver.connect(settings, autocommit=False)) as one, closing(driver.connect(settings, autocommit=False)) as other:
        ask(one, "update person set age = 1 where id = 1")
        ask(other, "set innodb_lock_wait_timeout = 1")
        say("lock wait", error_of(driver, lambda: ask(other, "update person set age = 2 where id = 1")))
        say("nowait", error_of(driver, lambda: ask(other, "select id from person where id = 1 for update nowait")))
        say("skipped", ask(other, "select id from person where id in (1, 2) order by id for update skip locked"))
        other.rollback()
        one.rollback()
        say("get_lock", [ask(one, "select get_lock('l', 0)"), ask(other, "select get_lock('l', 0)"), ask(one, "select release_lock('l')")])
        (number,) = ask(other, "select connection_id()")[0]

        def kill():
            waits(one, number)
            ask(one, "kill query %s", (number,))

        killer = threading.Thread(target=kill)
        killer.start()
        say("killed", error_of(driver, lambda: ask(other, "select count(*) from number a, number b, number c where c.id <= 3 and a.id + b.id + c.id > 0")))
        killer.join()
        say("afterwards", ask(other, "select 7"))
        say("unknown thread", error_of(driver, lambda: ask(one, "kill query 4294967294")))


def insert_ids(driver, settings, say):
    with closing(driver.connect(settings)) as connection, closing(connection.cursor()) as cursor:
        cursor.execute("insert into counter (label) values ('one')")
        first = cursor.lastrowid
        say("is last_insert_id()", ask(connection, "select last_insert_id()") == ((first,),))
        say("is insert_id()", connection.insert_id() == first)
        say("is the row's", ask(connection, "select label from counter where id = %s", (first,)))
        cursor.execute("insert into counter (label) values ('m1'), ('m2'), ('m3')")
        say("of many: the first", [cursor.rowcount, cursor.lastrowid > first])
        say("rows", ask(connection, "select label from counter where id between %s and %s order by id", (cursor.lastrowid, cursor.lastrowid + 2)))
        cursor.execute("insert into counter values (50000, 'chosen')")
        say("chosen", cursor.lastrowid)
        cursor.execute("insert into counter values (null, 'after'), (0, 'zero')")
        say("after a chosen one", cursor.lastrowid > 50000)
        cursor.execute("update counter set label = 'x' where id = 50000")
        say("of an update", cursor.lastrowid)
        cursor.execute("update counter set id = last_insert_id(id) where id = 50000")
        say("given", [cursor.lastrowid, ask(connection, "select last_insert_id()")])
        cursor.execute("select 1")
        say("of a select", cursor.lastrowid)
        connection.commit()
        cursor.execute("delete from counter")
        connection.commit()


def affected_rows(driver, settings, say):
    for name, flag in (("changed", 0), ("found", driver.found_rows)):
        with closing(driver.connect(settings, client_flag=flag, autocommit=False)) as connection, closing(connection.cursor()) as cursor:
            for sql in ("update person set email = email where id = 1", "update person set age = 30", "update person set age = 31 where id in (1, 2, 77)",
                        "insert into purchase values (1, 1, 1, 'x') on duplicate key update amount = 77",
                        "insert into purchase values (1, 1, 1, 'x') on duplicate key update amount = 77",
                        "insert into purchase values (9, 1, 1, 'x'), (1, 2, 5, 'y') on duplicate key update amount = 78",
                        "replace into purchase values (1, 1, 1, 'x')", "replace into purchase values (1, 3, 1, 'x')",
                        "insert ignore into purchase values (1, 1, 1, 'x'), (1, 9, 1, 'x')", "delete from purchase where amount > 50", "delete from purchase where id = 77",
                        "select id from person", "do 1", "set @a = 1"):
                say(f"{name}: {sql}", [cursor.execute(sql), cursor.rowcount, connection.affected_rows()])
            connection.rollback()


def warnings(driver, settings, say):
    with closing(driver.connect(settings)) as connection:
        for name, sql in settings["material"]["warnings"].items():
            with closing(connection.cursor()) as cursor:
                cursor.execute(sql)
                say(f"{name}: count", driver.warning_count(connection, cursor))
            say(name, ask(connection, "show warnings"))
        connection.rollback()


def pools(driver, settings, say):
    """These drivers have no pool: what pools made of them do between two borrowers."""
    with closing(driver.connect(settings)) as connection:
        ask(connection, "set @mine = 1, sql_mode = 'ANSI_QUOTES', time_zone = '+01:00'")
        ask(connection, "create temporary table only_mine (id int primary key)")
        connection.ping()
        say("kept by a ping", ask(connection, "select @mine, @@sql_mode, @@time_zone"))
        ask(connection, "insert into counter values (3000, 'left open')")
        connection.rollback()
        driver.reset(connection, settings)
        say("after a reset", ask(connection, "select @mine, @@sql_mode, @@time_zone, database()"))
        say("temporary table", error_of(driver, lambda: ask(connection, "select * from only_mine")))
        say("rolled back", ask(connection, "select count(*) from counter where id = 3000"))


def reconnect(driver, settings, say):
    with closing(driver.connect(settings)) as other:
        connection = driver.connect(settings, autocommit=True)
        number = ask(connection, "select connection_id()")[0][0]
        ask(other, "kill %s", (number,))
        say("lost", driver.codes_of_loss(error_of(driver, lambda: ask(connection, "select 1"))))
        driver.reconnect(connection)
        say("again", ask(connection, "select 1, database()"))
        say("another one", ask(connection, "select connection_id()")[0][0] != number)
        connection.close()
        say("closed", driver.codes_of_loss(error_of(driver, lambda: ask(connection, "select 1"))))


def load_data(driver, settings, say):
    with closing(driver.connect(settings, local_infile=True, autocommit=False)) as connection, tempfile.NamedTemporaryFile("w", suffix=".csv") as file:
        file.write("".join(f"{300 + number % 3},{number},{number}.5,line {number}\n" for number in range(1000)))
        file.write("1,1,5,duplicate\n400,1,x,warned\n")
        file.flush()
        with closing(connection.cursor()) as cursor:
            say("rows", [cursor.execute(settings["material"]["load_data"].replace("{file}", file.name)), cursor.rowcount])
        say("warnings", ask(connection, "show warnings"))
        say("sums", ask(connection, "select person_id, count(*), sum(amount) from purchase where person_id >= 300 group by person_id order by 1"))
        connection.rollback()
        say("missing file", error_of(driver, lambda: ask(connection, settings["material"]["load_data"].replace("{file}", "/nowhere/to/be/found"))).keys())
        say("still there", ask(connection, "select 1"))


def procedures(driver, settings, say):
    with closing(driver.connect(settings)) as connection, closing(connection.cursor()) as cursor:
        cursor.callproc("totals", (1, None))
        while True:
            say("set", [cursor.description and [column[:2] for column in cursor.description], cursor.fetchall()])
            if not cursor.nextset():
                break
        say("out", ask(connection, "select @_totals_0, @_totals_1"))
        cursor.execute("call totals(2, @total)")
        say("only the first", cursor.fetchall())
        while cursor.nextset():
            pass
        say("total", ask(connection, "select @total"))
        say("wrong count", error_of(driver, lambda: ask(connection, "call totals(1)")))


STEPS = {function.__name__: function for function in (
    connect, tls, refused, text, prepared, batch, multi_statements, streaming, large_values, types, metadata, time_zones, charsets, transactions,
    isolation, errors, locks, insert_ids, affected_rows, warnings, pools, reconnect, load_data, procedures)}


def steps(driver):
    return {name: (lambda settings, say, function=function: function(driver, settings, say)) for name, function in STEPS.items()}
