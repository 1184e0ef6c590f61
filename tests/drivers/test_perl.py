"""DBD::mysql and DBD::MariaDB."""

DRIVERS = ["dbd_mysql", "dbd_mariadb"]


def test_answers_as_a_plain_server(comparisons, driver, step):
    comparisons(driver).check(step)
