"""What goes wrong, and when: a schedule drawn from a seed, and how each fault is done to a cluster and ended again.

A schedule names shards and roles, not tablets: who is primary when a fault's moment comes depends on what was before. So the same seed gives the same
schedule, and the run's log says whom it hit.
"""

import contextlib
import dataclasses
import os
import random
import signal
import threading
import time

HEAL_MAX_S = 12


@dataclasses.dataclass
class Fault:
    at: float  # seconds after the begin
    kind: str
    shard: int
    role: str  # primary or replica
    pick: int  # which one, where several may be meant
    hold: float  # how long until it is ended, where it does not end by itself

    def __str__(self):
        return f"at {self.at:6.2f} s {self.kind} of {self.role}, shard {self.shard}, pick {self.pick}, for {self.hold:.2f} s"


def schedule(seed, duration, shards, kinds=None):
    """Faults until `duration`: some one at a time, some while others last."""
    source, faults, at = random.Random(seed), [], 1.0
    names = sorted(kinds or KINDS)
    weights = [KINDS[name].weight for name in names]
    while True:
        at += source.uniform(1.0, 9.0)
        kind = source.choices(names, weights)[0]
        fault = Fault(round(at, 2), kind, source.randrange(shards), source.choices(["primary", "replica"], [3, 1])[0], source.randrange(1000),
                      round(source.uniform(1.0, HEAL_MAX_S), 2))
        if at > duration:
            return faults
        faults.append(fault)


@dataclasses.dataclass
class Kind:
    strike: object  # (Target) → what ends it, or nothing
    weight: int
    takes_writes_away: bool  # a shard that cannot lose another server is spared


KINDS = {}


def kind(weight=1, takes_writes_away=False):
    def add(function):
        KINDS[function.__name__] = Kind(function, weight, takes_writes_away)
        return function
    return add


class Target:
    """Whom a fault means, found when its moment comes."""

    def __init__(self, cluster, fault, watch):
        self.cluster, self.fault, self.leader = cluster, fault, watch.leader
        self.shard = cluster.shards[fault.shard % len(cluster.shards)]
        self.primary = watch.status.primaries[self.shard]
        self.tablets = [alias for alias, of in cluster.tablets.items() if of == self.shard]
        self.replicas = [alias for alias in self.tablets if alias != self.primary]
        self.alias = self.primary if fault.role == "primary" else self.pick(self.replicas)
        self.hit = ""

    def pick(self, names):
        self.hit = names[self.fault.pick % len(names)]
        return self.hit

    def machine(self, name):
        return self.cluster.machine(name)

    def machines(self, names):
        return [self.machine(name) for name in names]

    def etcds(self):
        return [name for name in self.cluster.processes if name.endswith("-etcd")]

    def cut(self, from_whom, directions="both"):
        """The tablet's machine and the others, named: no packets between them, or none from it, or none to it."""
        here, others = self.machine(self.alias), [each for each in self.machines(from_whom) if each.name != self.alias]

        def change(here_does, other_does):
            if directions in ("both", "from it"):
                here_does(others)
            if directions in ("both", "to it"):
                for other in others:
                    other_does(other, [here])

        change(here.stop_sending_to, lambda other, to: other.stop_sending_to(to))
        return lambda: change(here.send_to, lambda other, to: other.send_to(to))


# ------------------------------------------------------------------------------------------------ processes that are killed


@kind(weight=4, takes_writes_away=True)
def kill_mysqld(target):
    target.cluster.kill_mysqld(target.alias)


@kind(weight=2)
def kill_agent(target):
    target.cluster.processes[target.alias].signal(signal.SIGKILL)


@kind(weight=3, takes_writes_away=True)
def kill_agent_and_mysqld(target):
    target.cluster.processes[target.alias].signal(signal.SIGKILL)
    target.cluster.kill_mysqld(target.alias)


@kind(weight=2)
def kill_gate(target):
    target.cluster.processes[target.pick(target.cluster.gates)].signal(signal.SIGKILL)


@kind(weight=2)
def kill_control_leader(target):
    target.hit = target.leader
    target.cluster.processes[target.hit].signal(signal.SIGKILL)


@kind(weight=2, takes_writes_away=True)
def kill_control_leader_in_a_recovery(target):
    """The primary first, and the leader as soon as it has begun to act, or a little later."""
    target.hit = target.leader
    target.cluster.kill_mysqld(target.primary)
    time.sleep(target.fault.pick / 1000)
    target.cluster.processes[target.hit].signal(signal.SIGKILL)


@kind()
def kill_etcd_member(target):
    target.cluster.processes[target.pick(target.etcds())].signal(signal.SIGKILL)


@kind()
def kill_etcd_leader(target):
    target.hit = target.cluster.etcd_leader()
    target.cluster.processes[target.hit].signal(signal.SIGKILL)


# ------------------------------------------------------------------------------------------------ processes that stand still


def stand_still(process):
    process.signal(signal.SIGSTOP)
    return lambda: process.signal(signal.SIGCONT)


@kind(weight=3, takes_writes_away=True)
def stop_mysqld(target):
    pid = target.cluster.kill_mysqld(target.alias, signal.SIGSTOP)

    def go_on():
        if pid and target.cluster.mysqld_pid(target.alias) == pid:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)

    return go_on


@kind(weight=2)
def stop_agent(target):
    return stand_still(target.cluster.processes[target.alias])


@kind(takes_writes_away=True)
def stop_agent_and_mysqld(target):
    ends = [stop_agent(target), stop_mysqld(target)]
    return lambda: [end() for end in ends]


@kind()
def stop_gate(target):
    return stand_still(target.cluster.processes[target.pick(target.cluster.gates)])


@kind()
def stop_control_leader(target):
    target.hit = target.leader
    return stand_still(target.cluster.processes[target.hit])


@kind()
def stop_etcd_leader(target):
    target.hit = target.cluster.etcd_leader()
    return stand_still(target.cluster.processes[target.hit])


@kind()
def stop_all_of_etcd(target):
    ends = [stand_still(target.cluster.processes[name]) for name in target.etcds()]
    return lambda: [end() for end in ends]


# ------------------------------------------------------------------------------------------------ networks that are cut


@kind(weight=2, takes_writes_away=True)
def cut_from_everything(target):
    target.machine(target.alias).unplug()
    return target.machine(target.alias).plug


@kind(weight=2, takes_writes_away=True)
def cut_from_other_tablets(target):
    return target.cut(target.tablets)


@kind(weight=2, takes_writes_away=True)
def cut_from_etcd(target):
    return target.cut(target.etcds())


@kind()
def cut_from_control(target):
    return target.cut(target.cluster.controls())


@kind(takes_writes_away=True)
def cut_from_etcd_and_control(target):
    return target.cut(target.etcds() + target.cluster.controls())


@kind()
def cut_from_gates(target):
    return target.cut(target.cluster.gates)


@kind()
def cut_from_one_gate(target):
    return target.cut([target.cluster.gates[target.fault.pick % len(target.cluster.gates)]])


@kind()
def cut_gate_from_etcd(target):
    target.alias = target.pick(target.cluster.gates)
    return target.cut(target.etcds())


@kind(takes_writes_away=True)
def is_not_heard_by_other_tablets(target):
    return target.cut(target.tablets, "from it")


@kind(takes_writes_away=True)
def hears_nothing_of_other_tablets(target):
    return target.cut(target.tablets, "to it")


@kind(takes_writes_away=True)
def is_not_heard_by_anybody(target):
    return target.cut(list(target.cluster.network.machines), "from it")


@kind(takes_writes_away=True)
def hears_nothing_of_anybody(target):
    return target.cut(list(target.cluster.network.machines), "to it")


@kind()
def cut_control_leader_from_tablets(target):
    target.alias = target.hit = target.leader
    return target.cut(list(target.cluster.tablets))


@kind()
def cut_control_leader_from_etcd(target):
    target.alias = target.hit = target.leader
    return target.cut(target.etcds())


@kind()
def slow_network(target):
    target.machine(target.alias).slow_down(kilobits=400)
    return target.machine(target.alias).speed_up


# ------------------------------------------------------------------------------------------------ the rest


@kind(weight=2, takes_writes_away=True)
def hang_disk(target):
    """Writes wait in the kernel. Not of a disk that is full: what makes room there would wait, too."""
    network, alias = target.cluster.network, target.alias
    if alias in network.frozen or (network.folder / alias / "filled").exists():
        return None
    network.freeze(alias)
    return lambda: network.thaw(alias)


@kind(weight=2, takes_writes_away=True)
def full_disk(target):
    path = target.cluster.folder / target.alias / "filled"
    if target.alias in target.cluster.network.frozen:
        return None
    with contextlib.suppress(OSError), open(path, "wb", buffering=0) as file:
        while True:
            file.write(bytes(1 << 16))
    return lambda: path.unlink(missing_ok=True)


@kind(weight=2, takes_writes_away=True)
def lose_machine(target):
    return lose(target, [target.alias])


@kind(takes_writes_away=True)
def lose_cell(target):
    """All that a cell has but its gate, at which clients are."""
    cells = sorted({alias.split("-")[0] for alias in target.tablets})
    target.hit = cells[target.fault.pick % len(cells)]
    return lose(target, [name for name in target.cluster.network.machines if name.startswith(f"{target.hit}-")])


def lose(target, names):
    processes = [target.cluster.processes[name] for name in names]
    for process in processes:
        process.held = True
    for name, process in zip(names, processes):
        target.machine(name).unplug()
        process.signal(signal.SIGKILL)
        if name in target.cluster.tablets:
            target.cluster.kill_mysqld(name)

    def come_back():
        for name, process in zip(names, processes):
            target.machine(name).plug()
            process.held = False

    return come_back


@kind(weight=3)
def reparent(target):
    """As a person would ask, while other things go on; that it is refused, or takes its time, is no fault."""
    replica = target.pick(target.replicas)

    def ask():
        with contextlib.suppress(RuntimeError):
            target.cluster.cli("shard", "reparent", f"chaos/{target.shard}", "--to", replica, timeout=30)

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    return asking.join


# ------------------------------------------------------------------------------------------------ one after the other


class Watch(threading.Thread):
    """Asks control again and again who is primary, so that a fault need not wait for the answer when its moment comes; notes what changes."""

    def __init__(self, cluster, log):
        super().__init__(daemon=True)
        self.cluster, self.log = cluster, log
        self.status = cluster.status()
        self.leader = cluster.name_of(self.status.leader_address)
        self.over = threading.Event()

    def run(self):
        while not self.over.wait(0.3):
            try:
                status = self.cluster.status(timeout=3)
            except (RuntimeError, ValueError) as error:
                self.say(f"nobody answers: {error}")
                continue
            if status.problems != self.status.problems or status.primaries != self.status.primaries:
                self.say(f"{status.primaries} {status.problems}")
            status.primaries = {**self.status.primaries, **status.primaries}
            self.leader = self.cluster.name_of(status.leader_address) or self.leader
            self.status = status

    def say(self, text):
        self.log.write(f"{time.strftime('%H:%M:%S', time.gmtime())} {text}\n")
        self.log.flush()


class Injector(threading.Thread):
    """Does what a schedule says. What it did stands in `log`, line by line; an exception in `error`."""

    def __init__(self, cluster, faults, watch, log):
        super().__init__(daemon=True)
        self.cluster, self.faults, self.watch, self.log = cluster, faults, watch, log
        self.error = None
        self.ends = []  # (when, what, end)

    def run(self):
        self.begun = time.monotonic()
        try:
            for fault in self.faults:
                self.wait_until(fault.at)
                self.strike(fault)
            self.wait_until(max([when for when, _, _ in self.ends], default=0))
        except Exception as error:  # noqa: BLE001
            self.error = error
        finally:
            self.end_until(float("inf"))

    def now(self):
        return time.monotonic() - self.begun

    def say(self, text):
        self.log.write(f"{time.strftime('%H:%M:%S', time.gmtime())} {self.now():7.2f} s  {text}\n")
        self.log.flush()

    def wait_until(self, when):
        while self.now() < when:
            self.end_until(self.now())
            time.sleep(0.02)

    def end_until(self, when):
        for each in [each for each in self.ends if each[0] <= when]:
            self.ends.remove(each)
            each[2]()
            self.say(f"ended: {each[1]}")

    def strike(self, fault):
        target = Target(self.cluster, fault, self.watch)
        if KINDS[fault.kind].takes_writes_away and (why := self.spared(target)):
            self.say(f"spared: {fault}: {why}")
            return
        end = KINDS[fault.kind].strike(target)
        self.say(f"{fault}: hits {target.hit or target.alias}")
        if end:
            self.ends.append((self.now() + fault.hold, f"{fault.kind} of {target.hit or target.alias}", end))

    def spared(self, target):
        """A tablet that is kept out is of no use to its shard: to take another away would only show that two are not three."""
        everybody = target.fault.kind == "lose_cell"
        out = [alias for alias in self.watch.status.kept_out if everybody or alias in target.tablets]
        return f"{', '.join(out)} is kept out" if out else ""
