"""mysqli and PDO."""

DRIVERS = ["mysqli", "pdo"]


def test_answers_as_a_plain_server(comparisons, driver, step):
    comparisons(driver).check(step)
