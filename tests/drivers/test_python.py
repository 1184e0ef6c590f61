"""Drivers and ORMs of Python."""

DRIVERS = ["pymysql", "mysqlclient", "sqlalchemy", "django"]


def test_answers_as_a_plain_server(comparisons, driver, step):
    comparisons(driver).check(step)
