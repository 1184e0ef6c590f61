"""Machines reach each other but where a link was cut, and nothing of them is left."""

import contextlib
import subprocess
import sys
import time
from pathlib import Path

import pytest

from machines import Network, ip, is_possible

pytestmark = pytest.mark.skipif(not is_possible(), reason="network namespaces need root and iproute2")

ECHO = """
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(("0.0.0.0", 4000))
print("ready", flush=True)
while True:
    data, who = s.recvfrom(100); s.sendto(data, who)
"""
# Three tries, since the first after a change may only find out where the other is.
ASK = """
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.settimeout(0.3)
for _ in range(3):
    try:
        s.sendto(b"x", (sys.argv[1], 4000)); s.recv(10); sys.exit(0)
    except OSError:
        pass
sys.exit(1)
"""


@pytest.fixture
def network():
    with Network() as network:
        for name in ("one", "two", "three"):
            machine = network.add(name)
            machine.server = subprocess.Popen(machine.command(sys.executable, "-c", ECHO), stdout=subprocess.PIPE, text=True)
            assert machine.server.stdout.readline() == "ready\n"
        yield network
    for machine in network.machines.values():
        assert machine.server.wait(timeout=5) != 0
        machine.server.stdout.close()


def reaches(source, target):
    return subprocess.run(source.command(sys.executable, "-c", ASK, target.address), timeout=10).returncode == 0


def test_links(network):
    one, two, three = network.machines.values()
    assert all(reaches(source, target) for source in (one, two, three) for target in (one, two, three))
    two.stop_sending_to([one])
    # Nobody has an answer: what one asks arrives, what two answers does not.
    assert not reaches(one, two) and not reaches(two, one)
    assert reaches(two, three) and reaches(three, two) and reaches(one, three)
    two.send_to([one])
    assert reaches(one, two) and reaches(two, one)
    one.unplug()
    assert not reaches(one, two) and not reaches(three, one) and reaches(two, three)
    one.plug()
    assert reaches(one, two) and reaches(three, one)
    one.slow_down(500)
    assert reaches(one, two)
    one.speed_up()


def test_only_one_direction(network):
    """What is sent the other way arrives, as its counters show."""
    one, two, _ = network.machines.values()
    two.stop_sending_to([one])

    def received(machine):
        return int(subprocess.run(machine.command("cat", "/proc/net/snmp"), capture_output=True, text=True).stdout.split("\nUdp: ")[2].split()[0])

    before = received(two)
    assert not reaches(one, two)
    assert received(two) >= before + 3


def test_the_host_reaches_machines(network):
    assert subprocess.run([sys.executable, "-c", ASK, network.machines["one"].address], timeout=10).returncode == 0


def write_to(disk, machine):
    """Returns as soon as it waits for the frozen disk: not for another one, from which its program is read."""
    writer = subprocess.Popen(machine.command("cp", "/proc/self/status", disk / "file"))
    process = Path(f"/proc/{writer.pid}")
    limit = time.monotonic() + 20
    while True:
        state, waits_in = (process / "stat").read_text().rsplit(") ", 1)[1][0], (process / "wchan").read_text()
        if state == "D" and "percpu" in waits_in:  # percpu_rwsem_wait: who writes waits for the file system's freeze to end
            return writer
        assert time.monotonic() < limit and writer.poll() is None, f"{state} in {waits_in}"


def test_a_disk_that_hangs(network):
    disk = network.disk("disk", "20M")
    (disk / "before").write_text("well")
    network.freeze("disk")
    writer = write_to(disk, network.machines["one"])
    writer.kill()
    with pytest.raises(subprocess.TimeoutExpired):
        writer.wait(timeout=0.3)
    assert (disk / "before").read_text() == "well", "what is in memory can be read"
    network.thaw("disk")
    assert writer.wait(timeout=5) == -9
    (disk / "after").write_text("well")


def test_what_a_run_left_is_taken_away(network):
    """As if this run had been killed: nothing but the lock is given up, and somebody waits for a disk."""
    one = network.machines["one"]
    disk = network.disk("mounted", "20M")
    network.freeze("mounted")
    writer = write_to(disk, one)
    network.lock.close()
    with Network() as next_run:
        assert next_run.number == network.number
        assert one.server.wait(timeout=5) == -9
        writer.wait(timeout=5)
        assert f"{network.name}-" not in ip("netns", "list") and not (network.folder / "mounted").exists()
    assert str(network.folder) not in Path("/proc/mounts").read_text()
    with contextlib.suppress(RuntimeError):
        ip("link", "show", network.name)
        raise AssertionError("the bridge is still there")
