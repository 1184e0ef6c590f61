"""What a process uses, as the kernel counts it."""

import contextlib
import os
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid):
    """Of all threads of the process, user and system, to the nanosecond."""
    return sum(int(task.read_text().split()[0]) for task in Path(f"/proc/{pid}/task").glob("*/schedstat")) / 1e9


def cpu_by_mode(pid):
    """Seconds in user mode and in the kernel, to a hundredth: how cpu_seconds() is divided."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) / TICK, int(fields[12]) / TICK


def resident_bytes(pid):
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    raise AssertionError(f"process {pid} has no memory")


def pin(pid, cores):
    """All threads that the process has now, and those that they start."""
    for task in Path(f"/proc/{pid}/task").iterdir():
        os.sched_setaffinity(int(task.name), cores)


AUTOGROUPS = Path("/proc/sys/kernel/sched_autogroup_enabled")


@contextlib.contextmanager
def without_autogroups():
    """Desktop kernels share cores out by sessions and not by processes, so that a proxy in the load's session has less of them than one in its own. Gives
    whether that is so no more: only root may end it."""
    try:
        before = AUTOGROUPS.read_text()
        AUTOGROUPS.write_text("0")
    except OSError:
        yield not AUTOGROUPS.exists()
        return
    try:
        yield True
    finally:
        AUTOGROUPS.write_text(before)
