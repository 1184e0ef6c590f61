"""Machines of a test: network namespaces on one bridge, whose links can be cut in one direction or both.

A run takes a place, of which there are a few: a name and a network of its own, held by a lock on a file. What an earlier run has left in that
place (namespaces, the processes in them, mounts) is found by the place's name and taken away first, so that nothing stays when a run is killed.
"""

import contextlib
import fcntl
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

PLACES = Path("/tmp/kintsugi-chaos")
PLACES_MAX = 4
HOST = 250  # the last number of the bridge's own address, at which clients are
NOBODY = "02:00:00:00:00:01"  # an Ethernet address that no machine has


def is_possible():
    return os.geteuid() == 0 and shutil.which("ip") is not None


def ip(*arguments, check=True):
    done = subprocess.run(["ip", *arguments], capture_output=True, text=True)
    if check and done.returncode != 0:
        raise RuntimeError(f"ip {' '.join(arguments)}: {done.stderr.strip()}")
    return done.stdout


class Network:
    """The bridge and the machines on it. Use it in a with statement."""

    def __init__(self):
        self.machines = {}
        self.frozen = set()  # disks, by name
        self.lock = self.number = None

    def __enter__(self):
        PLACES.mkdir(exist_ok=True)
        for number in range(PLACES_MAX):
            lock = open(PLACES / f"{number}.lock", "w")
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                lock.close()
                continue
            self.lock, self.number = lock, number
            break
        else:
            raise RuntimeError(f"{PLACES_MAX} runs are under way on this machine already (locks in {PLACES})")
        self.name = f"ktchaos{self.number}"
        self.folder = PLACES / str(self.number)  # short: unix sockets are below it
        self.clean()
        self.folder.mkdir()
        ip("link", "add", self.name, "type", "bridge")
        ip("addr", "add", f"{self.address(HOST)}/24", "dev", self.name)
        ip("link", "set", self.name, "up")
        return self

    def __exit__(self, *_):
        self.clean()
        self.lock.close()

    def address(self, last):
        return f"10.213.{self.number}.{last}"

    def add(self, name):
        machine = Machine(self, name, len(self.machines) + 1)
        self.machines[name] = machine
        return machine

    def disk(self, name, size):
        """A folder on a file system of its own, of that size, in memory: it can be filled, and it can hang."""
        images, path = self.folder / "disks", self.folder / name
        if not images.exists():
            images.mkdir()
            subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=0700", "none", images], check=True)
        path.mkdir()
        subprocess.run(["truncate", "-s", size, images / name], check=True)
        subprocess.run(["mkfs.ext4", "-q", "-m", "0", "-O", "^has_journal", images / name], check=True)
        subprocess.run(["mount", "-o", "loop", images / name, path], check=True)
        (path / "lost+found").rmdir()
        return path

    def freeze(self, name):
        """The disk hangs: who writes there waits in the kernel, where no signal ends it."""
        subprocess.run(["fsfreeze", "--freeze", self.folder / name], check=True)
        self.frozen.add(name)

    def thaw(self, name):
        subprocess.run(["fsfreeze", "--unfreeze", self.folder / name], check=True)
        self.frozen.discard(name)

    def clean(self):
        """Ends what runs in this place's namespaces, and removes all that the place has."""
        mine = [line.split()[0] for line in ip("netns", "list").splitlines() if line.startswith(f"{self.name}-")]
        mounted = [line.split()[1] for line in Path("/proc/mounts").read_text().splitlines() if line.split()[1].startswith(f"{self.folder}/")]
        for path in mounted:
            subprocess.run(["fsfreeze", "--unfreeze", path], capture_output=True)  # what writes there could not be ended
        for name in mine:
            end_processes(lambda: [int(pid) for pid in ip("netns", "pids", name, check=False).split()])
        for name in mine:
            ip("netns", "del", name, check=False)
        # A namespace takes its links with it, but some time later.
        for line in ip("-o", "link", "show").splitlines():
            link = line.split()[1].split("@")[0].rstrip(":")
            if link == self.name or link.startswith(f"{self.name}v"):
                ip("link", "del", link, check=False)
        for path in reversed(mounted):
            subprocess.run(["umount", path], check=False)
        shutil.rmtree(self.folder, ignore_errors=True)


def end_processes(pids, seconds=20):
    """Kills until there are none: a process may start another meanwhile."""
    limit = time.monotonic() + seconds
    while left := pids():
        for pid in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if time.monotonic() > limit:
            raise RuntimeError(f"processes {left} do not end")
        time.sleep(0.02)


class Machine:
    """One namespace: an address, a link to the bridge, and what others it cannot reach at the moment.

    A packet to somebody that is out of reach leaves for an Ethernet address that nobody has. So it vanishes silently, as with a broken
    network; a route of type blackhole would tell the sender at once."""

    def __init__(self, network, name, last):
        self.network, self.name = network, name
        self.namespace = f"{network.name}-{name}"
        self.address = network.address(last)
        self.link = f"{network.name}v{last}"
        ip("netns", "add", self.namespace)
        ip("link", "add", self.link, "type", "veth", "peer", "name", "eth0", "netns", self.namespace)
        ip("link", "set", self.link, "master", network.name, "up")
        self.ip("link", "set", "lo", "up")
        self.ip("addr", "add", f"{self.address}/24", "dev", "eth0")
        self.ip("link", "set", "eth0", "up")

    def ip(self, *arguments, check=True):
        return ip("-n", self.namespace, *arguments, check=check)

    def command(self, *command):
        """What runs it in here: the process keeps its id and sees the host's files."""
        return ["nsenter", f"--net=/run/netns/{self.namespace}", *command]

    # ---------------------------------------------------------------------------------------------- faults

    def unplug(self):
        ip("link", "set", self.link, "nomaster")

    def plug(self):
        ip("link", "set", self.link, "master", self.network.name)

    def stop_sending_to(self, others):
        for other in others:
            self.ip("neigh", "replace", other.address, "lladdr", NOBODY, "dev", "eth0", "nud", "permanent")

    def send_to(self, others):
        for other in others:
            self.ip("neigh", "del", other.address, "dev", "eth0", check=False)

    def slow_down(self, kilobits):
        """Less throughput, and with it a delay: this kernel may not have netem."""
        done = subprocess.run(self.command("tc", "qdisc", "replace", "dev", "eth0", "root", "netem", "delay", "40ms", "30ms", "loss", "2%"), capture_output=True)
        if done.returncode != 0:
            subprocess.run(self.command("tc", "qdisc", "replace", "dev", "eth0", "root", "tbf", "rate", f"{kilobits}kbit", "burst", "4kb", "latency", "300ms"),
                           check=True, capture_output=True)

    def speed_up(self):
        subprocess.run(self.command("tc", "qdisc", "del", "dev", "eth0", "root"), check=False, capture_output=True)
