"""The drivers: how each one's program is run, and what it has no notion of."""

import shutil
import subprocess

from drivers import BUILD, HERE, STEPS, Driver

PYTHON = "/usr/bin/python3"
JAR = "/usr/share/java/mariadb-java-client.jar"
ORM = {step: "no ORM" for step in ("migrations", "introspection", "models")}


# What the gate answers otherwise, and why; a test fails where that is so no more.
BARE_NAME = {("connect", "no database"): "without a database chosen, the gate finds a table by its bare name, where one keyspace has it"}
CODES = {("errors", ".*(unknown_database|readonly_variable).*"):
         "a table of an unknown database is error 1049, as in MySQL, where MariaDB says 1146; SET GLOBAL is refused: servers' variables are set in the cluster spec"}
EXECUTE = {("errors", ".*unknown_statement.*"): "EXECUTE can be prepared; MariaDB refuses that (1295) before it looks whether there is such a statement"}
COPIES = {("metadata", ".*(gather|view|keys).*"):
          "where rows are copied to one server, and of a view, the original table of a column is the copy's, or the view's table; flags of defaults are those of the copy"}


def only(reason, *steps):
    """Of a driver that stands on another one: what it adds; the rest is that one's."""
    return {step: reason for step in STEPS if step not in steps}


def build_c():
    BUILD.mkdir(parents=True, exist_ok=True)
    flags = subprocess.run(["mariadb_config", "--cflags", "--libs"], capture_output=True, text=True, check=True).stdout.split()
    subprocess.run(["clang-19", "-Wall", "-Wextra", "-Werror", HERE / "c" / "libmariadb.c", "-o", BUILD / "libmariadb", *flags], check=True)


def build_go():
    """Without modules: Debian's packages are a GOPATH. Debian's own Go, where another one is in PATH too: the driver is of its time."""
    BUILD.mkdir(parents=True, exist_ok=True)
    go = shutil.which("go", path="/usr/bin") or "go"
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(BUILD), "GO111MODULE": "off", "GOPATH": "/usr/share/gocode", "GOCACHE": str(BUILD / "go-cache"), "CGO_ENABLED": "0"}
    subprocess.run([go, "build", "-o", BUILD / "go-driver", HERE / "go" / "main.go"], check=True, env=environment, timeout=240)


def build_java():
    folder = BUILD / "java"
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["javac", "-d", folder, HERE / "java" / "Steps.java"], check=True, timeout=240)


def install_node():
    """Modules from the lock file, where that has changed since they were installed."""
    folder = BUILD / "node"
    folder.mkdir(parents=True, exist_ok=True)
    lock = HERE / "node" / "package-lock.json"
    installed = folder / "installed-lock.json"
    if not installed.exists() or installed.read_bytes() != lock.read_bytes():
        shutil.copy(HERE / "node" / "package.json", folder)
        shutil.copy(lock, folder)
        subprocess.run(["npm", "ci", "--silent", "--no-audit", "--no-fund", "--prefer-offline"], cwd=folder, check=True, timeout=400)
        shutil.copy(lock, installed)
    for program in (HERE / "node").glob("*.mjs"):
        shutil.copy(program, folder)


def python(title, name, lacks, known):
    return Driver(title, [PYTHON, HERE / "python" / f"steps_{name}.py"], lacks, known=known)


def node(title, name, lacks, known):
    return Driver(title, ["node", BUILD / "node" / f"steps_{name}.mjs"], lacks, install_node, known)


def php(title, name, lacks, known):
    return Driver(title, ["php", "-d", "memory_limit=1G", "-d", "mysqli.allow_local_infile=1", HERE / "php" / f"{name}.php"], lacks, known=known)


def perl(title, name, lacks):
    return Driver(title, ["perl", HERE / "perl" / "dbd.pl", name], {
        "migrations": "no ORM", "models": "no ORM", "time_zones": "texts, as the server writes them", "charsets": "always utf8mb4", "isolation": "plain SQL",
        "locks": "plain SQL", "pools": "has none", **lacks}, known={**BARE_NAME, **CODES})


DRIVERS = {
    "libmariadb": Driver("C: libmariadb", [BUILD / "libmariadb"], {
        **ORM, "time_zones": "texts, as the server writes them", "isolation": "plain SQL", "locks": "plain SQL", "reconnect": "see mysqlclient"}, build_c,
        {**BARE_NAME, **CODES, **COPIES}, flat=True),
    "pymysql": python("PyMySQL", "pymysql", ORM, {**BARE_NAME, **CODES, **COPIES}),
    "mysqlclient": python("mysqlclient", "mysqlclient", ORM, {**BARE_NAME, **CODES, **COPIES}),
    "sqlalchemy": python("SQLAlchemy", "sqlalchemy", only(
        "see PyMySQL", "connect", "tls", "refused", "text", "batch", "streaming", "types", "metadata", "transactions", "errors", "insert_ids", "pools", "migrations",
        "introspection", "models"), CODES),
    "django": python("Django", "django", only("see mysqlclient", "connect", "text", "transactions", "errors", "migrations", "models", "introspection"), {
        **CODES, ("migrations", "library_book_tags|auth_permission"): "a foreign key's own index stays, where a server drops it once another one serves"}),
    "mysql2": node("Node: mysql2", "mysql2", ORM, {
        **BARE_NAME, **CODES, **EXECUTE, **COPIES,
        ("affected_rows", r".*where id in \(1, 2, 77\)"): "the status flag 'no index used': a shard has fewer rows, and reads them all"}),
    "mariadb": node("Node: mariadb", "mariadb", ORM, {
        **BARE_NAME, **CODES, **EXECUTE, **COPIES}),
    "sequelize": node("Sequelize", "sequelize", only(
        "see mysql2", "connect", "refused", "text", "prepared", "errors", "migrations", "introspection", "models", "transactions", "pools"), CODES),
    "go": Driver("go-sql-driver", [BUILD / "go-driver"], ORM, build_go, {**BARE_NAME, **CODES, **EXECUTE}),
    "connector_j": Driver("Connector/J", ["java", "-Xmx1g", "-XX:TieredStopAtLevel=1", "-cp", f"{BUILD / 'java'}:{JAR}", "Steps"],
                          {"migrations": "no ORM", "models": "no ORM"}, build_java, {
                              **BARE_NAME, **CODES, **COPIES}, flat=True),
    "mysqli": php("PHP: mysqli", "mysqli", {**ORM, "isolation": "plain SQL"}, {**BARE_NAME, **CODES, **COPIES}),
    "pdo": php("PHP: PDO", "pdo", {
        **ORM, "time_zones": "texts, as the server writes them", "isolation": "plain SQL", "locks": "plain SQL", "warnings": "does not tell of them",
        "reconnect": "does not"}, {**BARE_NAME, **CODES}),
    "ruby": Driver("Ruby: mysql2", ["ruby", HERE / "ruby" / "mysql2.rb"], {**ORM, "isolation": "plain SQL", "pools": "has none"}, known={
        **BARE_NAME, **CODES, **EXECUTE}),
    "dbd_mysql": perl("Perl: DBD::mysql", "mysql", {"tls": "not in Debian's, which is built on libmariadb"}),
    "dbd_mariadb": perl("Perl: DBD::MariaDB", "MariaDB", {"streaming": "not on a plain server either: it leaves unread rows on the connection"}),
}
