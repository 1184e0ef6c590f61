#!/usr/bin/python3
"""Clusters under load while a schedule of faults goes over them, and what checkers say of it.

usage: ./dev chaos [--seed N] [--seeds N] [--duration S] [--shards 2|4] [--flavour mariadb|mysql] [--kinds kind,…] [--keep folder]
       ./dev chaos --check folder       judge a run's history again

Each seed is a run of its own: the same seed, duration, shards and kinds give the same schedule. A run's folder keeps history, schedule, logs and verdict;
those of runs without violations are removed.
"""

import argparse
import contextlib
import json
import shutil
import sys
import tempfile
import time
from pathlib import Path

import faults
import load
from check_cycles import check_lists
from check_registers import check_registers
from check_rows import check_bank, check_inserts
from deployment import BINARY, Deployment, wait_until
from history import FAILED, OK, UNKNOWN, History, read_history
from machines import Network

HEALTHY_AFTER = 120


class Run:
    """One seed."""

    def __init__(self, seed, duration, shards=4, kinds=None, keep=None, flavour="mariadb"):
        self.seed, self.duration, self.shards, self.kinds, self.keep = seed, duration, shards, kinds, keep
        self.flavour = flavour
        self.folder = Path(keep or tempfile.mkdtemp(prefix=f"kintsugi-chaos-{seed}-"))
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "logs").mkdir(exist_ok=True)
        self.violations = []
        self.out = []  # tablets that are kept out, in the end

    def again(self):
        kinds = f" --kinds {','.join(self.kinds)}" if self.kinds else ""
        flavour = " --flavour mysql" if self.flavour == "mysql" else ""
        return f"./dev chaos --seed {self.seed} --duration {self.duration:g} --shards {self.shards}{flavour}{kinds}"

    def run(self):
        """The violations. The folder is kept if there are any."""
        self.history = History(self.folder / "history.jsonl")
        try:
            with Network() as network:
                cluster = Deployment(network, self.folder / "logs", self.shards, self.flavour)
                try:
                    self.go(cluster)
                except Exception as error:  # noqa: BLE001
                    self.violations.append(f"the run itself ended: {error!r}")
                finally:
                    cluster.stop()
                    self.keep_server_logs(cluster)
        finally:
            self.history.close()
        self.tell()
        return self.violations

    def go(self, cluster):
        cluster.start()
        load.prepare(cluster)
        clients = load.make_clients(cluster, self.history, self.seed)
        for client in clients:
            client.start()
        with open(self.folder / "schedule.txt", "w") as log, open(self.folder / "status.txt", "w") as seen:
            watch = faults.Watch(cluster, seen)
            watch.start()
            injector = faults.Injector(cluster, faults.schedule(self.seed, self.duration, len(cluster.shards), self.kinds), watch, log)
            injector.start()
            injector.join()
            injector.say("the last fault has ended")
            self.settle(cluster)
            injector.say("settled")
            # Under load to the end, so that what is well is shown to be.
            before = self.acknowledged()
            with self.expecting():
                wait_until(lambda: self.goes_on(before), 60, "every kind of operation being acknowledged again")
            for client in clients:
                client.ended.set()
            for client in clients:
                client.join()
            injector.say("the load has ended")
            watch.over.set()
            watch.join()
        self.violations += [f"a client ended: {client.name}: {client.error!r}" for client in clients if client.error]
        self.violations += [f"the schedule ended: {injector.error!r}"] if injector.error else []
        self.look_at_the_end(cluster)

    @contextlib.contextmanager
    def expecting(self):
        try:
            yield
        except AssertionError as error:
            self.violations.append(str(error))

    def acknowledged(self):
        counts = {kind: 0 for kind in ("insert", "transfer", "total", "list", "register")}
        for each in self.history.operations[:]:
            counts[each.kind] += each.outcome == OK
        return counts

    def goes_on(self, before):
        return all(now > before[kind] for kind, now in self.acknowledged().items())

    # ---------------------------------------------------------------------------------------------- the end

    def settle(self, cluster):
        with self.expecting():
            wait_until(lambda: self.is_healthy(cluster), HEALTHY_AFTER, "a healthy cluster after the last fault")

    def is_healthy(self, cluster):
        """No problem but servers that are kept out and named so, one in a shard at most."""
        status = cluster.status()
        shards = [cluster.tablets[alias] for alias in status.kept_out]
        others = [problem for problem in status.problems if not any(alias in problem for alias in status.kept_out)]
        if others or len(set(shards)) < len(shards):
            raise RuntimeError(status.problems)
        self.out = status.kept_out
        return len(status.primaries) == len(cluster.shards)

    def look_at_the_end(self, cluster):
        with self.expecting():
            wait_until(lambda: self.nothing_is_prepared(cluster), 60, "nothing being left prepared")
        with self.expecting():
            self.final = wait_until(lambda: self.read_all(cluster), 60, "all tables being read with locks")
            (self.folder / "final.json").write_text(json.dumps(self.final))
            self.violations += judge(self.history.operations, self.final)
        with self.expecting():
            wait_until(lambda: self.agree(cluster), 60, "all servers of each shard having the same rows")

    def nothing_is_prepared(self, cluster):
        left = [f"{alias}: {line}" for alias in cluster.tablets if alias not in self.out for line in cluster.server_query(alias, "xa recover").splitlines()]
        if left:
            raise RuntimeError(left)
        return True

    def read_all(self, cluster):
        """What is there, each row locked for it: a lock that somebody left would be in the way."""
        with contextlib.closing(cluster.connect(cluster.gates[0])) as connection, connection.cursor() as cursor:
            cursor.execute("set session innodb_lock_wait_timeout = 3")
            cursor.execute("begin")
            rows = {}
            for table, column in {"entry": "1", "account": "balance", "list": "elements", "register": "value"}.items():
                cursor.execute(f"select id, {column} from {table} for update")
                rows[table] = [list(row) for row in cursor.fetchall()]
            cursor.execute("rollback")
        return rows

    def agree(self, cluster):
        sql = "; ".join(f"select '{table}', count(*), sum(crc32(concat_ws(',', id, {column}))) from chaos.{table}"
                        for table, column in {"entry": "at", "account": "balance", "list": "elements", "register": "value"}.items())
        for shard in cluster.shards:
            seen = {alias: cluster.server_query(alias, sql) for alias, of in cluster.tablets.items() if of == shard and alias not in self.out}
            if len(set(seen.values())) != 1:
                raise RuntimeError(f"{shard}: {seen}")
        return True

    # ---------------------------------------------------------------------------------------------- the report

    def keep_server_logs(self, cluster):
        for alias in getattr(cluster, "tablets", {}):
            data = cluster.folder / alias / "data"
            for name in ("error.log", "opened.json"):
                if (data / name).exists():
                    shutil.copy(data / name, self.folder / "logs" / f"{alias}.{name}")
            if self.violations and (data / "data").exists():
                (self.folder / "binlogs" / alias).mkdir(parents=True, exist_ok=True)
                for path in (data / "data").glob("*bin*"):
                    shutil.copy(path, self.folder / "binlogs" / alias)

    def tell(self):
        counts = {outcome: sum(each.outcome == outcome for each in self.history.operations) for outcome in (OK, FAILED, UNKNOWN)}
        out = f", kept out: {', '.join(self.out)}" if self.out else ""
        text = f"seed {self.seed}: {len(self.history.operations)} operations {counts}{out}: "
        text += "no violation" if not self.violations else f"{len(self.violations)} violations\n" + "\n".join(self.violations)
        if self.violations:
            text += f"\nAgain: {self.again()}\nKept: {self.folder}"
        (self.folder / "verdict.txt").write_text(text + "\n")
        print(text, flush=True)
        if not self.violations and not self.keep:
            shutil.rmtree(self.folder)


def judge(operations, final):
    """All checkers over a history, and what was in the tables in the end."""
    of = lambda kind: [each for each in operations if each.kind == kind]  # noqa: E731
    violations = check_inserts(of("insert"), [id for id, _ in final["entry"]])
    violations += check_bank(of("total"), {id: int(balance) for id, balance in final["account"]}, load.ACCOUNTS, load.ACCOUNTS * load.BALANCE)
    lists = {id: load.elements_of([[elements]]) for id, elements in final["list"]}
    used = {step[1] for each in of("list") for step in each.value}
    violations += map(str, check_lists(of("list"), {key: lists.get(key, []) for key in used}))
    return violations + check_registers(of("register"))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seeds", type=int, default=1, help="so many, from --seed on")
    parser.add_argument("--duration", type=float, default=60, help="seconds of faults in each run")
    parser.add_argument("--shards", type=int, choices=(2, 4), default=4)
    parser.add_argument("--flavour", choices=("mariadb", "mysql"), default="mariadb", help="of the servers")
    parser.add_argument("--kinds", help="only these faults: " + ", ".join(sorted(faults.KINDS)))
    parser.add_argument("--keep", help="the run's folder, kept whatever comes of it (one seed)")
    parser.add_argument("--check", help="a run's folder: judge its history again")
    options = parser.parse_args()
    if options.check:
        folder = Path(options.check)
        found = judge(read_history(folder / "history.jsonl"), json.loads((folder / "final.json").read_text()))
        print("\n".join(found) or "no violation")
        sys.exit(bool(found))
    print(f"{BINARY}", flush=True)
    kinds = options.kinds.split(",") if options.kinds else None
    failed = [seed for seed in range(options.seed, options.seed + options.seeds) if Run(seed, options.duration, options.shards, kinds, options.keep, options.flavour).run()]
    print(f"{options.seeds} seeds, failed: {failed or 'none'}")
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
