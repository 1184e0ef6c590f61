"""A bank for tests of failure: its cluster, its accounts on two shards, and moving money between them."""

import contextlib
import tempfile
import threading
from pathlib import Path

import pymysql
from cluster import commerce_spec, running_cluster, wait_until

CELLS = ("zone1", "zone2", "zone3")
SHARDS = ["-80", "80-"]
ACCOUNTS = 40
BALANCE = 1000


def bank_spec(shards=1):
    """One keyspace of shards of three tablets, each in a cell of its own."""
    spec = commerce_spec()
    spec["metadata"]["name"] = "bank"
    spec["spec"]["cells"] = [{"name": cell} for cell in CELLS]
    partitions = {"shards": 1} if shards == 1 else {"partitions": SHARDS}
    spec["spec"]["keyspaces"] = [{
        "name": "bank", **partitions,
        "tablets": [{"cell": cell, "type": "replica", "count": 1} for cell in CELLS],
    }]
    return spec


@contextlib.contextmanager
def running_bank(**environment):
    """Accounts on two shards; `cluster.faults` is the folder of fault points."""
    with tempfile.TemporaryDirectory(prefix="kintsugi-faults-") as faults:
        with running_cluster(bank_spec(shards=2), environment={"KINTSUGI_FAULTS": faults, **environment}) as cluster:
            cluster.faults = Path(faults)
            cluster.query("create table account (id bigint primary key, balance bigint not null) shard by hash(id)", database="bank")
            values = ", ".join(f"({number}, {BALANCE})" for number in range(ACCOUNTS))
            cluster.query(f"insert into account values {values}", database="bank")
            yield cluster


def primaries(cluster):
    return [tablet for tablet in cluster.tablets("bank") if tablet["type"] == "primary"]


def prepared(cluster):
    """Lines of XA RECOVER on all primaries."""
    return [line for tablet in primaries(cluster) for line in cluster.server_query(tablet, "xa recover").splitlines()]


def decisions(cluster):
    """Rows of _kintsugi.decision on all primaries: "id outcome"."""
    lines = [cluster.server_query(tablet, "select id, outcome from _kintsugi.decision").splitlines() for tablet in primaries(cluster)]
    return [line for some in lines for line in some]


def settled(cluster):
    assert cluster.query("select 1", database="bank") == ((1,),)
    assert not prepared(cluster)
    assert not cluster.json("cluster", "status").get("problems")
    return True


def balances(cluster):
    return dict(cluster.query("select id, balance from account", database="bank"))


def transfer(connection, source, target, amount):
    with connection.cursor() as cursor:
        cursor.execute("begin")
        cursor.execute("update account set balance = balance - %s where id = %s", (amount, source))
        cursor.execute("update account set balance = balance + %s where id = %s", (amount, target))
        cursor.execute("commit")


class Transfer(threading.Thread):
    """One transfer, whose gate may hang. `error` is what its client was told; empty: that it is done."""

    def __init__(self, cluster, source, target, amount):
        super().__init__(daemon=True)
        self.faults = cluster.faults
        self.connection = cluster.connect(database="bank", read_timeout=120)
        self.arguments, self.error = (source, target, amount), ""

    def run(self):
        try:
            transfer(self.connection, *self.arguments)
        except pymysql.MySQLError as error:
            self.error = error.args[1]
        self.connection.close()

    def start_to_hang_at(self, point):
        """Until the gate stands still there (SIGSTOP)."""
        file = self.faults / f"{point}.stop"
        file.touch()
        self.start()
        wait_until(lambda: not file.exists(), what=f"the gate hanging at {point}")


def two_shards(cluster):
    """Two accounts on different shards."""
    return [cluster.query("select min(id) from account", database=f"bank/{shard}")[0][0] for shard in SHARDS]
