import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "cluster"))

import docs  # noqa: E402
import drivers  # noqa: E402
from table import DRIVERS  # noqa: E402

outcomes = {}  # (driver, step) → passed or failed


def pytest_addoption(parser):
    parser.addoption("--docs", action="store_true", help="write the table of docs/drivers.md again from this run")


@pytest.fixture(scope="session")
def servers():
    with drivers.running_servers() as servers:
        yield servers


@pytest.fixture(scope="session")
def comparisons(servers):
    """name of a driver → its program's transcripts, made when they are first asked for."""
    made = {}

    def comparison(name):
        if name not in made:
            made[name] = drivers.Comparison(DRIVERS[name], servers)
        return made[name]

    return comparison


def pytest_generate_tests(metafunc):
    """A test is one step of one driver; which drivers, the file says."""
    if {"driver", "step"} <= set(metafunc.fixturenames):
        names = metafunc.module.DRIVERS
        metafunc.parametrize(("driver", "step"), [(name, step) for name in names for step in DRIVERS[name].steps()])


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    report = (yield).get_result()
    if report.when == "call" and hasattr(item, "callspec"):
        outcomes[item.callspec.params["driver"], item.callspec.params["step"]] = report.outcome


def pytest_sessionfinish(session):
    if session.config.getoption("--docs"):
        docs.write(outcomes)
