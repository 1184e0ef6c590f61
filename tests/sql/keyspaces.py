"""The cluster that statements are compared on: keyspaces of several numbers of shards, and a plain server."""

import pymysql
from cluster import PASSWORD, commerce_spec

# In `prepared`, files are run a second time: the sequences of the first run would go on.
KEYSPACES = {"plain": 1, "one": 1, "two": 2, "four": 4, "prepared": 2}


def spec(names=tuple(KEYSPACES)):
    """Keyspaces of one server a shard: what is tested here needs no replicas."""
    made = commerce_spec()
    made["metadata"]["name"] = "sql"
    made["spec"]["keyspaces"] = [
        {"name": name, "shards": shards, "vschema": {"inline": {"sharded": name != "plain"}},
         "tablets": [{"cell": "zone1", "type": "replica", "count": 1}]}
        for name, shards in KEYSPACES.items()
        if name in names
    ]
    return made


def plain_connection(cluster):
    """The plain keyspace's own server, past the gate."""
    tablet = cluster.tablets("plain")[0]
    return pymysql.connect(unix_socket=tablet["address"]["mysqlSocket"], user="root", database="plain", autocommit=True,
                           charset="utf8mb4", client_flag=0, local_infile=True)


def sharded_connections(cluster, names=("one", "two", "four")):
    return {name: cluster.connect(user="user", password=PASSWORD, database=name, charset="utf8mb4", client_flag=0, local_infile=True)
            for name in names}
