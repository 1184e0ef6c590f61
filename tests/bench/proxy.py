#!/usr/bin/python3
"""What a hop costs: the same load straight to a server, through HAProxy in TCP mode and through a gate, to one server and to two shards. In each
round every way has its turn, one way further on each time, so that what else the machine does meets all of them alike; ratios are those of one round.

usage: ./dev bench proxy [--only point_select_text,…] [--connections 1,8,64,256] [--rounds 5] [--seconds 4] [--pin auto|none|one] [--beside name=program,…] [--docs]

Of each way: CPU of the proxy for one query (of transactions: for one transaction), what of it the kernel took, queries per second, and latencies. What
was measured is kept in build/proxy.json, measurement by measurement; --docs makes tables and picture of docs/performance.md from it, and measures
nothing unless --only is given as well. --beside measures gates of other builds in the same run, for the eye only: nothing of that run is kept.
"""

import argparse
import concurrent.futures
import contextlib
import json
import os
import re
import resource
import subprocess
import time

import proxy_report
import scatter
import usage
from proxies import PASSWORD, ROWS, TABLES, competitors_missing, running_place

LOADS = {
    # name: (sysbench's script, what it is asked for beside, whether its unit is the transaction)
    "point_select_text": ("oltp_point_select", ["--db-ps-mode=disable"], False),
    "point_select_prepared": ("oltp_point_select", [], False),
    "read_only": ("oltp_read_only", [], True),
    "read_write": ("oltp_read_write", [], True),
    "write_only": ("oltp_write_only", [], True),
    "insert": ("oltp_insert", [], False),
}
CONNECTIONS = [1, 8, 64, 256]
HALF_LOAD_CONNECTIONS = 16
IDLE_CONNECTIONS = 900
STORM = 500
LARGE_BYTES = 1 << 30


def percentile(histogram, share):
    """Milliseconds. sysbench's histogram: [(milliseconds, how many)]."""
    total, seen = sum(count for _, count in histogram), 0
    for value, count in histogram:
        seen += count
        if seen >= share * total:
            return value
    return 0.0


def sysbench(place, way, script, options, connections, seconds):
    """One run: what sysbench says of it."""
    command = ["sysbench", script, f"--tables={TABLES}", f"--table-size={ROWS}", f"--threads={connections}", f"--time={seconds}", "--rand-type=uniform",
               "--histogram=on", "--percentile=99", "--mysql-host=127.0.0.1", f"--mysql-port={way.port}", "--mysql-user=user",
               f"--mysql-password={PASSWORD}", f"--mysql-db={way.database}", *options, "run"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 120, stdin=subprocess.DEVNULL,
                          preexec_fn=lambda: os.sched_setaffinity(0, place.load_cores))
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(command)} exited with {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
    histogram = [(float(value), int(count)) for value, count in re.findall(r"^ *([0-9.]+) \|[* ]*(\d+)$", done.stdout, re.M)]
    counts = {word: int(re.search(rf"{word}: +(\d+)", done.stdout).group(1)) for word in ("queries", "transactions")}
    took = float(re.search(r"total time: +([0-9.]+)s", done.stdout).group(1))
    return {**counts, "seconds": took, **{name: percentile(histogram, share) for name, share in (("p50", 0.5), ("p99", 0.99), ("p99.9", 0.999))}}


def measure_load(place, way, load, connections, seconds, options=()):
    script, own, by_transaction = LOADS[load]
    cpu, modes = (usage.cpu_seconds(way.pid), usage.cpu_by_mode(way.pid)) if way.pid else (0, (0, 0))
    ran = sysbench(place, way, script, [*own, *options], connections, seconds)
    units = ran["transactions" if by_transaction else "queries"]
    found = {"qps": ran["queries"] / ran["seconds"], **{name: ran[name] for name in ("p50", "p99", "p99.9")}}
    if way.pid:
        user, system = (after - before for after, before in zip(usage.cpu_by_mode(way.pid), modes))
        found["cpu_us"] = (usage.cpu_seconds(way.pid) - cpu) / units * 1e6
        found["system_share"] = system / max(user + system, 1e-9)
    return found


def in_turn(place, names, rounds, measure, show=True):
    """[{way: what was measured}] of each round."""
    results = []
    for number in range(rounds):
        order = names[number % len(names):] + names[:number % len(names)]
        results.append({name: measure(place.ways[name]) for name in order})
        if show:
            print(f"  round {number + 1}: " + ", ".join(f"{name} {proxy_report.short(results[-1][name])}" for name in names), flush=True)
    return results


# ------------------------------------------------------------------------------------------------ beside sysbench


def half_load(place, rounds, seconds):
    """Latency at half of what HAProxy manages: where nothing queues, and what the proxy adds shows."""
    most = measure_load(place, place.ways["HAProxy"], "point_select_text", HALF_LOAD_CONNECTIONS, seconds)["qps"]
    rate = [f"--rate={int(most / 2)}"]
    return in_turn(place, list(place.ways), rounds,
                   lambda way: measure_load(place, way, "point_select_text", HALF_LOAD_CONNECTIONS, seconds, rate))


def connect_storm(place, rounds, _):
    """Connect, one query, close. Without a proxy, the CPU is the server's, which the goal is measured by."""
    def measure(way):
        pid = way.pid or place.server_pid
        cpu, begun = usage.cpu_seconds(pid), time.perf_counter()
        for number in range(STORM):
            with contextlib.closing(place.connect(way)) as connection, connection.cursor() as cursor:
                cursor.execute(f"select c from sbtest1 where id = {number + 1}")
                cursor.fetchall()
        return {"cpu_us": (usage.cpu_seconds(pid) - cpu) / STORM * 1e6, "qps": STORM / (time.perf_counter() - begun)}
    return in_turn(place, list(place.ways), rounds, measure)


def fill_large(place):
    with contextlib.closing(place.connect(place.ways["gate"])) as connection, connection.cursor() as cursor:
        cursor.execute("create table if not exists large (id int not null primary key, pad varbinary(1024) not null)")
        cursor.execute("replace into large values " + ", ".join(f"({i}, '{'x' * 1024}')" for i in range(1024)))


def receive_large(place, way):
    """Reads and drops the bytes of 1,048,576 rows of 1 KiB; the last packet is the only one that is short."""
    with contextlib.closing(place.connect(way)) as connection:
        connection._execute_command(3, "select a.pad from large a, large b")  # COM_QUERY
        stream, room = connection._sock, bytearray(1 << 20)
        received, tail = 0, b""
        while not (received > LARGE_BYTES and re.fullmatch(rb"\x05\0\0.\xfe....", tail, re.S)):
            count = stream.recv_into(room)
            assert count > 0, f"{way.name}: the connection ended after {received} bytes"
            received += count
            tail = (tail + bytes(room[max(0, count - 9):count]))[-9:]
        return received


def large_result(place, rounds, _):
    fill_large(place)

    def measure(way):
        cpu, begun = usage.cpu_seconds(way.pid) if way.pid else 0, time.perf_counter()
        received = receive_large(place, way)
        found = {"mb_per_second": received / (time.perf_counter() - begun) / 1e6}
        if way.pid:
            found["cpu_us"] = (usage.cpu_seconds(way.pid) - cpu) / (received / (1 << 20)) * 1e6  # of each MiB
        return found
    return in_turn(place, ["direct", "HAProxy", "gate"], rounds, measure)


def memory(place, _, seconds):
    """Bytes that a proxy's process has more for each connection: idle ones, then such as ask all the time."""
    found = {}
    for name in ("HAProxy", "gate"):
        way = place.ways[name]
        before = usage.resident_bytes(way.pid)
        with contextlib.ExitStack() as open_ones:
            for _ in range(IDLE_CONNECTIONS):
                open_ones.enter_context(contextlib.closing(place.connect(way)))
            idle = (usage.resident_bytes(way.pid) - before) / IDLE_CONNECTIONS
        peak = before
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            load = pool.submit(measure_load, place, way, "point_select_text", CONNECTIONS[-1], seconds)
            while not load.done():
                peak = max(peak, usage.resident_bytes(way.pid))
                concurrent.futures.wait([load], timeout=0.05)
            load.result()
        found[name] = {"idle_bytes": idle, "busy_bytes": (peak - before) / CONNECTIONS[-1]}
        print(f"  {name}: {idle / 1024:.1f} KiB for an idle connection, {found[name]['busy_bytes'] / 1024:.1f} KiB for a busy one", flush=True)
    return [found]


def scattered(place, rounds, _):
    """The gate's CPU for 1,000 rows: relayed from one shard, and merged from two."""
    with contextlib.closing(place.connect(place.ways["gate, 2 shards"], charset="utf8mb4")) as connection, connection.cursor() as cursor:
        scatter.fill(connection)
        scatter.check(cursor, "id")
        results = []
        for number in range(rounds + 1):
            order = ("relay", "merge") if number % 2 else ("merge", "relay")
            taken = {way: {"cpu_us": scatter.measure(place.gate_pid, cursor, scatter.WAYS[way].format(key="id"), 200)} for way in order}
            if number > 0:  # the first one warms up
                results.append(taken)
        return results


OTHERS = {"memory": memory, "half_load": half_load, "connect_storm": connect_storm, "large_result": large_result, "scatter": scattered}


def measurements(options):
    """name → function of (place, rounds, seconds)."""
    chosen = {}
    wanted = options.only.split(",") if options.only else [*OTHERS, *LOADS]
    unknown = set(wanted) - OTHERS.keys() - LOADS.keys()
    if unknown:
        raise SystemExit(f"unknown: {', '.join(sorted(unknown))}; there are: {', '.join([*OTHERS, *LOADS])}")
    for name in wanted:
        if name in OTHERS:
            chosen[name] = OTHERS[name]
            continue
        for connections in options.connections:
            def run(place, rounds, seconds, load=name, count=connections):
                return in_turn(place, list(place.ways), rounds, lambda way: measure_load(place, way, load, count, seconds))
            chosen[f"{name}/{connections}"] = run
    return chosen


def run(options):
    results = proxy_report.load()
    chosen = measurements(options)
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 8192), hard))
    beside = dict(each.split("=", 1) for each in options.beside.split(",")) if options.beside else {}
    with usage.without_autogroups() as by_processes, running_place(beside) as place:
        said = place.keep_apart(options.pin) + ("" if by_processes else "; cores are shared out by sessions, since only root may change that: run it as root")
        missing = competitors_missing()
        print(f"{said}; not to be had here: {', '.join(missing) or 'nothing'}", flush=True)
        for name, measure in chosen.items():
            print(name, flush=True)
            results[name] = {"pinning": said, "missing": missing, "rounds": measure(place, options.rounds, options.seconds)}
            if not beside:
                proxy_report.save(results)
            print(proxy_report.lines(name, results[name]["rounds"]), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", help="with commas between; default all: " + ", ".join([*OTHERS, *LOADS]))
    parser.add_argument("--connections", type=lambda text: [int(each) for each in text.split(",")], default=CONNECTIONS)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--pin", choices=("auto", "none", "one"), default="auto")
    parser.add_argument("--beside", help="gates of other builds, measured in the same run: name=program, with commas between")
    parser.add_argument("--docs", action="store_true")
    options = parser.parse_args()
    if options.only or not options.docs:
        run(options)
    if options.docs:
        proxy_report.write_docs()


if __name__ == "__main__":
    main()
