"""mysqlclient, which is libmariadb in Python's clothes."""

import sys
import types

import MySQLdb
import MySQLdb.cursors
from MySQLdb.constants import CLIENT

import dbapi
import transcript


def connect(settings, **options):
    options = {**{"host": settings["host"], "port": settings["port"], "user": settings["user"], "password": settings["password"],
                  "charset": "utf8mb4", "database": settings["database"], "autocommit": False}, **options}
    if not options["database"]:
        del options["database"]
    options.pop("max_allowed_packet", None)
    if "local_infile" in options:
        options["local_infile"] = int(options["local_infile"])
    return MySQLdb.connect(**options)


def reset(connection, settings):
    connection.change_user(settings["user"], settings["password"], settings["database"])


def description(cursor):
    return [list(column) + [flags] for column, flags in zip(cursor.description, cursor.description_flags)]


def reconnect(connection):
    connection.ping(True)
    connection.ping()


def codes(error):
    return {name: arguments[:1] for name, arguments in error.items()}


driver = types.SimpleNamespace(
    module=MySQLdb, connect=connect, unbuffered=MySQLdb.cursors.SSCursor, dictionary=MySQLdb.cursors.DictCursor, found_rows=CLIENT.FOUND_ROWS,
    multi_statements=CLIENT.MULTI_STATEMENTS, multi_statements_off=None, description=description, reset=reset,
    warning_count=lambda connection, cursor: connection.warning_count(), reconnect=reconnect, codes_of_loss=codes)

if __name__ == "__main__":
    sys.exit(transcript.main(dbapi.steps(driver)))
