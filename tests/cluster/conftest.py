import pytest

from cluster import running_cluster


@pytest.fixture(scope="module")
def commerce():
    """The cluster of examples/commerce.yaml with its sample data, one for each file of tests."""
    with running_cluster() as cluster:
        cluster.load_commerce()
        yield cluster


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """A failure shows the ends of the cluster's logs."""
    outcome = yield
    report = outcome.get_result()
    fixtures = getattr(item, "funcargs", {})
    cluster = fixtures.get("commerce") or fixtures.get("cluster")
    if report.when == "call" and report.failed and cluster is not None:
        report.sections.append(("logs of the cluster", cluster.logs()[-20000:]))
