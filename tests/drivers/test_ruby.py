"""mysql2 of Ruby."""

DRIVERS = ["ruby"]


def test_answers_as_a_plain_server(comparisons, driver, step):
    comparisons(driver).check(step)
