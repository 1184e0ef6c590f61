"""Drivers and an ORM of Node."""

DRIVERS = ["mysql2", "mariadb", "sequelize"]


def test_answers_as_a_plain_server(comparisons, driver, step):
    comparisons(driver).check(step)
