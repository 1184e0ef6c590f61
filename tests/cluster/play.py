"""Several sessions that are taken through their statements step by step, where any of them may wait for another's locks."""

import contextlib
import queue
import threading
import time

import pymysql

from cluster import wait_until

LOCK_WAITS = "select count(*) from information_schema.innodb_trx where trx_state = 'LOCK WAIT'"


class Step:
    def __init__(self, sql):
        self.sql, self.rows, self.over = sql, None, threading.Event()


class Actor(threading.Thread):
    """One session: does its statements in their order, in a thread of its own, so that one that waits holds nobody up. The first that fails
    rolls its transaction back, and what comes after it is left out."""

    def __init__(self, connection):
        super().__init__(daemon=True)
        self.connection, self.error = connection, None
        self.steps, self.last = queue.Queue(), None
        self.start()

    def do(self, sql):
        self.last = Step(sql)
        self.steps.put(self.last)
        return self.last

    def is_idle(self):
        return self.last is None or self.last.over.is_set()

    def run(self):
        while (step := self.steps.get()) is not None:
            if self.error is None:
                try:
                    with self.connection.cursor() as cursor:
                        cursor.execute(step.sql)
                        step.rows = cursor.fetchall()
                except pymysql.MySQLError as error:
                    self.error = error.args[0]
                    with contextlib.suppress(pymysql.MySQLError), self.connection.cursor() as cursor:
                        cursor.execute("rollback")
            step.over.set()

    def end(self):
        self.steps.put(None)
        self.join(60)
        assert not self.is_alive(), f"{self.last.sql} has not ended"
        self.connection.close()


class Play:
    """`play(1, sql)`: session 1 does it; gives its first value back, or None where it waits for a lock (and goes on when it has it)."""

    def __init__(self, cluster, database, prepare=()):
        self.cluster, self.database, self.prepare = cluster, database, prepare
        self.actors, self.asked = {}, 0.0
        self.servers = [
            pymysql.connect(unix_socket=tablet["address"]["mysqlSocket"], user="root", autocommit=True)
            for tablet in cluster.tablets(database.split("/")[0].split("@")[0])
        ]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for actor in self.actors.values():
            actor.end()
        for server in self.servers:
            server.close()

    def actor(self, number):
        if number not in self.actors:
            connection = self.cluster.connect(database=self.database)
            for sql in self.prepare:
                with connection.cursor() as cursor:
                    cursor.execute(sql)
            self.actors[number] = Actor(connection)
        return self.actors[number]

    def waiting(self):
        """Transactions that wait for a lock, on all servers. The servers' list is one of the last 100 ms; asked more often it is never made anew."""
        time.sleep(max(0.0, self.asked + 0.12 - time.monotonic()))
        count = 0
        for server in self.servers:
            with server.cursor() as cursor:
                cursor.execute(LOCK_WAITS)
                count += cursor.fetchone()[0]
        self.asked = time.monotonic()
        return count

    def __call__(self, number, sql):
        actor = self.actor(number)
        was_idle = actor.is_idle()
        step = actor.do(sql)
        if was_idle:
            others = sum(not each.is_idle() for each in self.actors.values() if each is not actor)
            wait_until(lambda: step.over.wait(0.02) or self.waiting() > others, what=f"{sql}: an answer, or that it waits")
        return self.value(step)

    @staticmethod
    def value(step):
        return step.rows[0][0] if step.over.is_set() and step.rows else None

    def waits(self, number):
        return not self.actors[number].is_idle()

    def end_of(self, number):
        """The value of its last statement, once that is over."""
        step = self.actors[number].last
        assert step.over.wait(60), f"{step.sql} has not ended"
        return self.value(step)

    def error(self, number):
        self.end_of(number)
        return self.actors[number].error
