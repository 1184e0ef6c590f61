"""PyMySQL."""

import sys
import types

import pymysql
import pymysql.cursors
from pymysql.constants import CLIENT, COMMAND

import dbapi
import transcript



def connect(settings, **options):
    return pymysql.connect(**{**{"host": settings["host"], "port": settings["port"], "user": settings["user"], "password": settings["password"],
                            "database": settings["database"], "charset": "utf8mb4"}, **options})


def reset(connection, settings):
    connection._execute_command(COMMAND.COM_RESET_CONNECTION if hasattr(COMMAND, "COM_RESET_CONNECTION") else 0x1F, b"")
    connection._read_ok_packet()


def description(cursor):
    """What a cursor has, and the flags, character set and origin beneath."""
    return [list(column) + [field.charsetnr, field.flags, field.db, field.table_name, field.org_table, field.org_name, field.length, field.scale]
            for column, field in zip(cursor.description, cursor._result.fields)]


driver = types.SimpleNamespace(
    module=pymysql, connect=connect, unbuffered=pymysql.cursors.SSCursor, dictionary=pymysql.cursors.DictCursor, found_rows=CLIENT.FOUND_ROWS,
    multi_statements=CLIENT.MULTI_STATEMENTS, multi_statements_off=0, description=description, reset=reset,
    warning_count=lambda connection, cursor: cursor._result.warning_count, reconnect=lambda connection: connection.ping(reconnect=True),
    codes_of_loss=lambda error: {name: arguments[:1] for name, arguments in error.items()})

if __name__ == "__main__":
    sys.exit(transcript.main(dbapi.steps(driver)))
