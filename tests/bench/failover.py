#!/usr/bin/python3
"""How long a shard takes no writes when its primary fails: on a cluster of three cells in network namespaces (tests/chaos), four clients that insert
all the time through two gates, and one fault after the other.

usage: ./dev bench failover [--rounds 30] [--kind mysqld_killed,…] [--docs]

Of each round: from the fault to the decision (detection) and until another takes writes (promotion), as the journal of recoveries has them, and
until the first write of any client is acknowledged again, by the clients' clock. What was measured is kept in build/failover.json, kind by kind;
--docs makes table and picture of docs/availability.md from it, and measures nothing unless --kind is given as well.
"""

import argparse
import datetime
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "chaos"))

import faults  # noqa: E402
import load  # noqa: E402
from deployment import KEYSPACE, ROOT, Deployment, wait_until  # noqa: E402
from history import OK, History  # noqa: E402
from machines import Network  # noqa: E402
from pages import PICTURE_STYLE, put_between_marks  # noqa: E402

RESULTS = ROOT / "build" / "failover.json"
PAGE, PICTURE = ROOT / "docs" / "availability.md", ROOT / "docs" / "failover.svg"
KINDS = {
    # name: (how it is done, what it is called, seconds that it should take at most, whether another becomes primary)
    "handed_over": ("reparent", "handed over by `shard reparent`", 0.5, True),
    "agent_killed": ("kill_agent", "agent killed", 5, False),
    "mysqld_killed": ("kill_mysqld", "mysqld killed", 5, True),
    "both_killed": ("kill_agent_and_mysqld", "agent and mysqld killed", 5, True),
    "mysqld_hangs": ("stop_mysqld", "mysqld hangs (SIGSTOP)", 10, True),
    "disk_hangs": ("hang_disk", "its disk hangs (3 s of patience)", 10, True),
    "cut_from_replicas": ("cut_from_other_tablets", "network cut from its replicas only", 10, True),
    "machine_lost": ("lose_machine", "machine lost", 10, True),
    "cut_from_everything": ("cut_from_everything", "network cut from everything", 10, True),
}
WRITERS = 4


def seconds(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


class Writer(load.Inserter):
    """Not as fast as it can: a binlog that grows by thousands a second is what replicas that come back would be waited for."""

    def do(self, operation):
        self.ended.wait(0.01)
        operation.begin = time.monotonic_ns()
        super().do(operation)


class Bench:
    def __init__(self, cluster):
        self.cluster = cluster
        self.history = History()
        shared = load.Shared()
        self.writers = [Writer(cluster, self.history, shared, f"writer-{number}", cluster.gates[number % 2], number) for number in range(WRITERS)]
        self.clock_offset = time.time() - time.monotonic()

    def measure(self, kind):
        """Seconds of one round by phase, and the longest pause."""
        how, _, _, changes = KINDS[kind]
        self.wait_well()
        status = self.cluster.status()
        status.leader = self.cluster.name_of(status.leader_address)
        target = faults.Target(self.cluster, faults.Fault(0, how, 0, "primary", 0, 0), Seen(status))
        before, first = self.recoveries(), len(self.history.operations)
        at = time.time()
        end = faults.KINDS[how].strike(target)
        if changes:
            wait_until(lambda: self.changed(before), 60, "another primary")
        else:
            time.sleep(2)  # nothing is to happen, which takes its time
        since = time.monotonic_ns()
        wait_until(lambda: any(each.outcome == OK and each.begin > since for each in self.history.operations[-50:]), 60, "writes going on")
        if end:
            end()
        return {**self.phases(at, before, changes), **self.pause(at, first, changes)}

    def wait_well(self):
        wait_until(self.cluster.is_well, 120, "a healthy cluster")
        now = time.monotonic_ns()
        wait_until(lambda: any(each.outcome == OK and each.begin > now + 500_000_000 for each in self.history.operations[-50:]), 60, "writes going on")

    def recoveries(self):
        return {each["id"]: each for each in self.cluster.json("recovery", "list", f"{KEYSPACE}/-", timeout=5).get("recoveries", [])}

    def changed(self, before):
        return [each for id, each in self.recoveries().items() if id not in before and each.get("outcome") == "changed"]

    def phases(self, at, before, changes):
        if not changes:
            assert self.recoveries().keys() == before.keys(), "another became primary, though only an agent was killed"
            return {}
        recovery = self.changed(before)[-1]
        return {"detected": seconds(recovery["beganAt"]) - at, "promoted": seconds(recovery["endedAt"]) - at}

    def pause(self, at, first, changes):
        """The longest time without an acknowledgement that ended after the fault. Where nobody had to take over, any time without one is as good."""
        ends = [each.end / 1e9 + self.clock_offset for each in self.history.operations[max(0, first - 1):] if each.outcome == OK]
        pause, until = max((later - earlier, later) for earlier, later in zip(ends, ends[1:]) if later >= at)
        return {"first_write": until - at if changes else pause, "pause": pause}


class Seen:
    """What a fault's target asks of who watches."""

    def __init__(self, status):
        self.status, self.leader = status, status.leader


def run(kinds, rounds):
    """Each kind on a cluster of its own: the servers' disks are small, and writers fill them all the time."""
    for kind in kinds:
        measured = []
        with tempfile.TemporaryDirectory(prefix="kintsugi-failover-") as logs, Network() as network:
            cluster = Deployment(network, logs, shards=1)
            try:
                cluster.start()
                cluster.query(load.TABLES[0].replace(" shard by hash(id)", ""))
                bench = Bench(cluster)
                for writer in bench.writers:
                    writer.start()
                for number in range(rounds):
                    measured.append(bench.measure(kind))
                    print(f"{kind} {number + 1}: " + ", ".join(f"{name} {value:.2f}" for name, value in measured[-1].items()), flush=True)
                for writer in bench.writers:
                    writer.ended.set()
            finally:
                cluster.stop()
        results = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
        RESULTS.write_text(json.dumps({**results, kind: measured}, indent=1))


# ------------------------------------------------------------------------------------------------ table and picture


def spread(rounds, name):
    values = [each[name] for each in rounds if name in each]
    return f"{min(values):.2f} / {statistics.median(values):.2f} / {max(values):.2f}" if values else "–"


def table(results):
    lines = ["| what happens to the primary | rounds | decided upon | another takes writes | first write acknowledged | longest pause of all clients | goal |",
             "|---|---|---|---|---|---|---|"]
    for kind, (_, title, goal, _) in KINDS.items():
        if kind in results:
            rounds = results[kind]
            cells = [spread(rounds, name) for name in ("detected", "promoted", "first_write", "pause")]
            lines.append(f"| {title} | {len(rounds)} | " + " | ".join(cells) + f" | {goal} s |")
    return "\n".join(lines)


STYLE = PICTURE_STYLE + """
.detected { fill: #c98a1b } .promoted { fill: #3f7fbf } .first_write { fill: #4b9b5a }
"""
LEFT, WIDTH, ROW, TOP = 250, 620, 34, 46
LEGEND = (("detected", "decided upon"), ("promoted", "another takes writes"), ("first_write", "first write acknowledged"))


def picture(results):
    """A bar of medians for each kind, a dot for each round's first write, and a red line for the goal."""
    kinds = [kind for kind in KINDS if kind in results]
    longest = max([each["first_write"] for kind in kinds for each in results[kind]] + [10]) * 1.05
    x = lambda value: LEFT + WIDTH * value / longest  # noqa: E731
    height = TOP + ROW * len(kinds) + 40
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LEFT + WIDTH + 30} {height}" role="img">',
           "<title>Seconds from a fault of the primary until writes go on</title>", f"<style>{STYLE}</style>"]
    at = LEFT
    for name, title in LEGEND:
        out += [f'<rect class="{name}" x="{at}" y="12" width="14" height="14"/>', f'<text x="{at + 20}" y="24">{title}</text>']
        at += 32 + 8 * len(title)
    for second in range(int(longest) + 1):
        out += [f'<line class="grid" x1="{x(second):.1f}" x2="{x(second):.1f}" y1="{TOP - 6}" y2="{height - 34}"/>',
                f'<text x="{x(second):.1f}" y="{height - 16}" text-anchor="middle">{second} s</text>']
    for row, kind in enumerate(kinds):
        out += bar(results[kind], KINDS[kind], TOP + ROW * row, x)
    return "\n".join(out + ["</svg>"]) + "\n"


def bar(rounds, kind, y, x):
    _, title, goal, _ = kind
    out = [f'<text x="{LEFT - 10}" y="{y + 17}" text-anchor="end">{title.replace("`", "")}</text>']
    since = 0.0
    for name, _ in LEGEND:
        values = [each[name] for each in rounds if name in each]
        if values:
            until = max(since, statistics.median(values))
            out.append(f'<rect class="{name}" x="{x(since):.1f}" y="{y + 4}" width="{x(until) - x(since):.1f}" height="16"/>')
            since = until
    out += [f'<circle class="round" cx="{x(each["first_write"]):.1f}" cy="{y + 24}" r="2.5"/>' for each in rounds]
    return out + [f'<line class="goal" x1="{x(goal):.1f}" x2="{x(goal):.1f}" y1="{y + 2}" y2="{y + 28}"/>']


def write_docs():
    results = json.loads(RESULTS.read_text())
    PICTURE.write_text(picture(results))
    put_between_marks(PAGE, "failover", table(results))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--kind", help="with commas between; default all: " + ", ".join(KINDS))
    parser.add_argument("--docs", action="store_true")
    options = parser.parse_args()
    if options.kind or not options.docs:
        run(options.kind.split(",") if options.kind else list(KINDS), options.rounds)
    if options.docs:
        write_docs()
    print(table(json.loads(RESULTS.read_text())))


if __name__ == "__main__":
    main()
