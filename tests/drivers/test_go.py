"""go-sql-driver, through database/sql."""

DRIVERS = ["go"]


def test_answers_as_a_plain_server(comparisons, driver, step):
    comparisons(driver).check(step)
