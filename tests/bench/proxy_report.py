"""What `./dev bench proxy` measured, as lines, tables and a picture."""

import json
import statistics
from pathlib import Path

from pages import PICTURE_STYLE, put_between_marks

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "build" / "proxy.json"
PAGE, PICTURE = ROOT / "docs" / "performance.md", ROOT / "docs" / "proxy.svg"
TITLES = {"point_select_text": "point select, text", "point_select_prepared": "point select, prepared", "read_only": "read-only transaction",
          "read_write": "read-write transaction", "write_only": "write-only transaction", "insert": "insert"}
CPU_GOALS = {"point_select_text": 1.10, "point_select_prepared": 1.10, "read_write": 1.15}
GATES = {"gate": "one server", "gate, 2 shards": "2 shards"}


def in_order(name):
    """Loads in the order of their titles, each from few connections to many; what else was measured before them."""
    kind, _, connections = name.partition("/")
    return (list(TITLES).index(kind), int(connections)) if connections else (-1, 0)


def load():
    results = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    return {name: results[name] for name in sorted(results, key=in_order)}


def connections_of(name):
    number = name.partition("/")[2]
    return f"{number} connection" + ("" if number == "1" else "s")


def save(results):
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(results, indent=1))


def ratios(rounds, name, base, value):
    """Of each round; from the least to the most."""
    return sorted(each[name][value] / each[base][value] for each in rounds if each[base].get(value) and name in each)


def spread(values):
    return f"{statistics.median(values):.2f} ({values[0]:.2f} to {values[-1]:.2f})" if values else "–"


def median(rounds, name, value):
    return statistics.median(each[name][value] for each in rounds)


def short(found):
    parts = []
    if "cpu_us" in found:
        parts.append(f"{found['cpu_us']:.1f} us")
    if "qps" in found:
        parts.append(f"{found['qps']:.0f}/s")
    if "mb_per_second" in found:
        parts.append(f"{found['mb_per_second']:.0f} MB/s")
    return " ".join(parts)


def lines(name, rounds):
    """What the terminal shows of one measurement."""
    out = []
    for way, found in rounds[0].items():
        parts = [f"{value} {median(rounds, way, value):.3g}" for value in found if value != "cpu_us"]
        if "cpu_us" in found:
            parts.insert(0, f"CPU {median(rounds, way, 'cpu_us'):.1f} us")
        base = {"connect_storm": "direct", "scatter": "relay"}.get(name, "HAProxy")
        if way != base and base in rounds[0]:
            for value, words in (("cpu_us", "CPU"), ("qps", "rate"), ("p99", "p99"), ("mb_per_second", "throughput")):
                if found.get(value) and rounds[0][base].get(value):
                    parts.append(f"{words} of {base}'s {spread(ratios(rounds, way, base, value))}")
        out.append(f"  {way:14} " + "; ".join(parts))
    return "\n".join(out)


# ------------------------------------------------------------------------------------------------ docs


def load_table(results):
    out = ["| load | connections | HAProxy, CPU µs | gate, CPU µs | of HAProxy | 2 shards, CPU µs | of HAProxy | queries/s, of direct: HAProxy / gate / 2 shards "
           "| p50 ms: direct / HAProxy / gate | p99 ms | p99.9 ms |", "|---|---|---|---|---|---|---|---|---|---|---|"]
    for name, found in results.items():
        kind, _, connections = name.partition("/")
        if not connections:
            continue
        rounds = found["rounds"]
        cpu = {way: f"{median(rounds, way, 'cpu_us'):.1f} ({100 * median(rounds, way, 'system_share'):.0f} % system)" for way in ("HAProxy", *GATES)}
        of = {way: spread(ratios(rounds, way, "HAProxy", "cpu_us")) for way in GATES}
        rate = " / ".join(f"{statistics.median(ratios(rounds, way, 'direct', 'qps')):.2f}" for way in ("HAProxy", *GATES))
        latency = [" / ".join(f"{median(rounds, way, which):.2f}" for way in ("direct", "HAProxy", "gate")) for which in ("p50", "p99", "p99.9")]
        out.append(f"| {TITLES[kind]} | {connections} | {cpu['HAProxy']} | {cpu['gate']} | {of['gate']} | {cpu['gate, 2 shards']} | {of['gate, 2 shards']} "
                   f"| {rate} | " + " | ".join(latency) + " |")
    return "\n".join(out)


def goal_rows(results):
    """(measure, goal, what was measured): of each goal, over all numbers of connections."""
    for kind, goal in CPU_GOALS.items():
        ways = GATES if goal == 1.10 else {"gate": "one server"}
        for way, where in ways.items():
            for name, found in results.items():
                if name.partition("/")[0] == kind:
                    yield (f"CPU, {TITLES[kind]}, {where}, {connections_of(name)}", f"≤ {goal:.2f} × HAProxy",
                           spread(ratios(found["rounds"], way, "HAProxy", "cpu_us")))
    if "half_load" in results:
        yield "p99 at half load", "≤ 1.15 × HAProxy", spread(ratios(results["half_load"]["rounds"], "gate", "HAProxy", "p99"))
    if "large_result" in results:
        yield "large result (1 GiB), throughput", "≥ 0.9 × HAProxy", spread(ratios(results["large_result"]["rounds"], "gate", "HAProxy", "mb_per_second"))
    if "connect_storm" in results:
        rounds = results["connect_storm"]["rounds"]
        yield "connect, one query, close: CPU of the gate", "≤ 1.5 × the server's when clients come directly", spread(ratios(rounds, "gate", "direct", "cpu_us"))
    if "memory" in results:
        found = results["memory"]["rounds"][0]
        told = "; ".join(f"{name}: {each['idle_bytes'] / 1024:.1f} idle, {each['busy_bytes'] / 1024:.1f} busy" for name, each in found.items())
        yield "memory of a connection, KiB", "≤ 24 KiB idle", told
    if "scatter" in results:
        yield ("1,000 rows, merge-sorted from 2 shards", "≤ 1.5 × relaying the same bytes",
               spread(ratios(results["scatter"]["rounds"], "merge", "relay", "cpu_us")))


def goal_table(results):
    return "\n".join(["| measure | goal | measured: median (least to most) |", "|---|---|---|"] + [f"| {' | '.join(row)} |" for row in goal_rows(results)])


STYLE = PICTURE_STYLE + ".bar-gate { fill: #3f7fbf } .bar-shards { fill: #4b9b5a } .floor { stroke: #c98a1b; stroke-width: 2 }\n"
LEFT, WIDTH, ROW, TOP = 250, 620, 40, 46


def picture(results):
    """The gate's CPU of HAProxy's: a bar for the median, a dot for each round."""
    loads = [name for name in results if "/" in name]
    of = {name: {way: ratios(results[name]["rounds"], way, "HAProxy", "cpu_us") for way in GATES} for name in loads}
    most = max([values[-1] for each in of.values() for values in each.values()] + [1.5])
    x = lambda value: LEFT + WIDTH * value / most  # noqa: E731
    height = TOP + ROW * len(loads) + 40
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LEFT + WIDTH + 30} {height}" role="img">',
           "<title>CPU of the gate, of HAProxy's in TCP mode</title>", f"<style>{STYLE}</style>",
           f'<rect class="bar-gate" x="{LEFT}" y="12" width="14" height="14"/><text x="{LEFT + 20}" y="24">gate, one server</text>',
           f'<rect class="bar-shards" x="{LEFT + 170}" y="12" width="14" height="14"/><text x="{LEFT + 190}" y="24">gate, 2 shards</text>',
           f'<text x="{x(1):.1f}" y="{height - 16}" text-anchor="middle">HAProxy</text>']
    for row, name in enumerate(loads):
        y = TOP + ROW * row
        kind, _, connections = name.partition("/")
        out.append(f'<text x="{LEFT - 10}" y="{y + 20}" text-anchor="end">{TITLES[kind]}, {connections}</text>')
        for line, (way, style) in enumerate((("gate", "bar-gate"), ("gate, 2 shards", "bar-shards"))):
            values = of[name][way]
            out.append(f'<rect class="{style}" x="{LEFT}" y="{y + 15 * line}" width="{x(statistics.median(values)) - LEFT:.1f}" height="12"/>')
            out += [f'<circle class="round" cx="{x(value):.1f}" cy="{y + 15 * line + 6}" r="2.5"/>' for value in values]
    out.append(f'<line class="floor" x1="{x(1):.1f}" x2="{x(1):.1f}" y1="{TOP - 6}" y2="{height - 34}"/>')
    return "\n".join(out + ["</svg>"]) + "\n"


def write_docs():
    results = load()
    assert results, "nothing was measured yet: ./dev bench proxy"
    PICTURE.write_text(picture(results))
    put_between_marks(PAGE, "goals", goal_table(results) + "\n\n![CPU of the gate, of HAProxy's](proxy.svg)")
    put_between_marks(PAGE, "loads", load_table(results))
