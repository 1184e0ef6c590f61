"""The table of docs/drivers.md, written from what the tests of a run said."""

import re

from cluster import ROOT
from drivers import STEPS
from table import DRIVERS

PAGE = ROOT / "docs" / "drivers.md"
BEGIN, END = "<!-- drivers: begin -->\n", "<!-- drivers: end -->"


def cell(driver, step, outcomes):
    if step in DRIVERS[driver].lacks:
        return "–"
    return {"passed": "✓", "failed": "**✗**"}[outcomes[driver, step]]


def table(outcomes):
    """Steps down, drivers across; below it, why a driver has no such step."""
    lines = ["| step | " + " | ".join(driver.title for driver in DRIVERS.values()) + " |", "|---" * (len(DRIVERS) + 1) + "|"]
    for step in STEPS:
        lines.append(f"| `{step}` | " + " | ".join(cell(driver, step, outcomes) for driver in DRIVERS) + " |")
    lines += ["", "What the steps are about:", ""] + [f"- `{step}`: {meaning}" for step, meaning in STEPS.items()]
    lines += ["", "Where there is no test (–), and why:", ""]
    for driver in DRIVERS.values():
        reasons = {}
        for step, reason in driver.lacks.items():
            reasons.setdefault(reason, []).append(f"`{step}`")
        if reasons:
            lines.append(f"- {driver.title}: " + "; ".join(f"{', '.join(steps)} ({reason})" for reason, steps in reasons.items()))
    lines += ["", "Where the gate answers otherwise, on purpose or still (the tests fail if that is so no more):", ""]
    otherwise = {}
    for driver in DRIVERS.values():
        for (step, _), reason in driver.known.items():
            otherwise.setdefault((step, reason), []).append(driver.title)
    for (step, reason), titles in otherwise.items():
        lines.append(f"- `{step}`: {reason} ({'every driver' if len(titles) > 10 else ', '.join(titles)})")
    lines.append("- Messages of errors that the gate makes itself begin with a code of its own (`KT3001: …`, [errors.md](errors.md)); number and SQLSTATE are the servers'.")
    lines.append("- The collation of a text column is told as the character set's default one, whichever of that set the connection asked for.")
    lines.append("- A view's definer, as SHOW CREATE VIEW tells it, is the gate's account.")
    return "\n".join(lines) + "\n"


def write(outcomes):
    """Only of a run of all tests: a cell must not outlive its test."""
    missing = [(driver, step) for driver in DRIVERS for step in DRIVERS[driver].steps() if (driver, step) not in outcomes]
    if missing:
        raise SystemExit(f"--docs needs a run of all tests; not run: {missing[:5]} …")
    text = PAGE.read_text()
    PAGE.write_text(re.sub(re.escape(BEGIN) + ".*?" + re.escape(END), lambda _: BEGIN + table(outcomes) + END, text, flags=re.DOTALL))
