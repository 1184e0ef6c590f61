"""MariaDB Connector/J."""

DRIVERS = ["connector_j"]


def test_answers_as_a_plain_server(comparisons, driver, step):
    comparisons(driver).check(step)
