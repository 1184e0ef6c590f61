"""What the gate may use, whatever its clients do: memory of idle connections, of a large result, of a client that does not read;
and what it answers to those that do not speak the protocol."""

import concurrent.futures
import contextlib
import re
import resource
import socket
import subprocess
import time
from pathlib import Path

import pymysql
import pymysql.cursors
import pytest

import raw_client
from cluster import PASSWORD, commerce_spec, running_cluster, wait_until
from raw_client import COMMON, MARIADB_BULK, RawClient, Refused

MIB = 1 << 20
GATE_PACKET_MAX = 100 * MIB
TCP_REPAIR = 19


@pytest.fixture(scope="module")
def commerce():
    """With bounds that a test can wait for."""
    spec = commerce_spec()
    spec["spec"]["gates"][0]["options"] = {"login_timeout": "2s", "client_keepalive": "4s", "max_allowed_packet": "100MiB", "write_bytes_max": "8MiB"}
    with running_cluster(spec) as cluster:
        cluster.load_commerce()
        yield cluster


def resident(pid):
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * resource.getpagesize()


def gate_pid(cluster):
    return cluster.process("gate-1")["pid"]


@pytest.fixture(scope="module")
def wide(commerce):
    commerce.query("create table wide (id int primary key, body longblob)", database="commerce")
    with contextlib.closing(commerce.connect(database="commerce", max_allowed_packet=64 * MIB)) as connection, connection.cursor() as cursor:
        for number in range(16):
            cursor.execute("insert into wide values (%s, repeat('k', 1048576))", (number,))
    return commerce


def test_ten_thousand_idle_connections_under_600_mb(commerce):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    connections, port = [], commerce.gate_port()
    try:
        for _ in range(10_000):
            connections.append(commerce.connect(database="customer", port=port))
        used = resident(gate_pid(commerce))
        print(f"10,000 idle connections: {used / MIB:.0f} MiB resident")
        assert used < 600e6
        assert commerce.query("select 1") == ((1,),)
    finally:
        for connection in connections:
            connection._force_close()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_a_gibibyte_streams_in_under_64_mib_more(wide):
    wide.query("select 1", database="commerce")
    before = resident(gate_pid(wide))
    highest = before
    received = 0
    with contextlib.closing(wide.connect(database="commerce", cursorclass=pymysql.cursors.SSCursor)) as connection, connection.cursor() as cursor:
        cursor.execute("select a.body from wide a, wide b, wide c where c.id < 4")
        for (body,) in cursor:
            received += len(body)
            highest = max(highest, resident(gate_pid(wide)))
    assert received == 1024 * MIB
    print(f"1 GiB: {(highest - before) / MIB:.1f} MiB more")
    assert highest - before < 64 * MIB


def test_a_client_that_does_not_read_stops_the_server_not_the_gate(wide):
    before = resident(gate_pid(wide))
    lazy = wide.connect(database="commerce", cursorclass=pymysql.cursors.SSCursor)
    lazy._sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
    cursor = lazy.cursor()
    cursor.execute("select a.body from wide a, wide b, wide c")
    assert cursor.fetchone()
    # The server waits to write: the gate does not take what the client does not.
    wait_until(
        lambda: any(row[2] in ("Writing to net", "Sending data") for row in wide_processlist(wide)),
        what="the server waiting for the gate",
    )
    limit = time.monotonic() + 2
    while time.monotonic() < limit:
        assert wide.query("select 1", database="customer") == ((1,),)
    assert resident(gate_pid(wide)) - before < 64 * MIB
    lazy._force_close()


def test_a_hundred_gathers_at_once_in_bounded_memory(commerce):
    """Each copies 4 MB from the shards to one server. The gate is held to less than it would need to keep them."""
    commerce.query("create table heap (id int primary key, twin int, body varchar(1000)) shard by hash(id)", database="customer")
    for begin in range(0, 4000, 500):
        rows = ", ".join(f"({number}, {4000 - number}, repeat('h', 1000))" for number in range(begin, begin + 500))
        commerce.query(f"insert into heap values {rows}", database="customer")
    query = "select {} count(*), max(a.body) = max(b.body) from heap a join heap b on a.twin = b.id"
    assert commerce.query(query.format(""), database="customer") == ((3999, 1),)
    pid = gate_pid(commerce)
    unlimited = resource.prlimit(pid, resource.RLIMIT_DATA)
    before = data_bytes(pid)
    resource.prlimit(pid, resource.RLIMIT_DATA, (before + 256 * MIB, unlimited[1]))
    try:
        answers = at_once(100, lambda number: answer(commerce, query.format("/*kintsugi: gather_bytes_max=1000000 */" if number % 4 == 0 else "")))
    finally:
        resource.prlimit(pid, resource.RLIMIT_DATA, unlimited)
    refused = [each for each in answers if isinstance(each, str)]
    assert len(refused) == 25 and all("KT3303" in each and "gather_bytes_max" in each for each in refused), refused[:3]
    assert [each for each in answers if not isinstance(each, str)] == [((3999, 1),)] * 75
    assert gate_pid(commerce) == pid
    print(f"100 gathers of 4 MB at once: {(data_bytes(pid) - before) / MIB:.0f} MiB more")


def answer(cluster, sql):
    try:
        return cluster.query(sql, database="customer")
    except pymysql.MySQLError as error:
        return str(error)


def at_once(count, work):
    with concurrent.futures.ThreadPoolExecutor(count) as pool:
        return list(pool.map(work, range(count)))


def data_bytes(pid):
    """Of private writable memory: what RLIMIT_DATA bounds."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmData:\s+(\d+) kB", status)[1]) * 1024


def wide_processlist(cluster):
    primary = cluster.tablets("commerce", "-", "primary")[0]
    out = cluster.server_query(primary, "select id, user, state from information_schema.processlist where user = 'kintsugi_gate' and info like '%wide a%'")
    return [line.split("\t") for line in out.splitlines()]


class TestBadInput:
    """Each gets a clear answer and takes nothing else down."""

    @pytest.fixture(autouse=True)
    def nothing_else_is_hurt(self, commerce):
        before = gate_pid(commerce)
        with contextlib.closing(commerce.connect(database="customer")) as bystander, bystander.cursor() as cursor:
            yield
            cursor.execute("select email from customer where customer_id = 4")
            assert cursor.fetchall() == ((b"dan@domain.com",),)
        assert commerce.query("select 1") == ((1,),)
        assert gate_pid(commerce) == before

    def client(self, cluster, capabilities=COMMON, **options):
        return RawClient(cluster.gate_port()).login("user", PASSWORD, capabilities, database="customer", **options)

    def refused(self, client, code, ends=True):
        with pytest.raises(Refused) as refused:
            client.read()
        assert refused.value.code == code, refused.value
        assert refused.value.message, "errors say what is wrong"
        if ends:
            assert client.ends()
        else:
            assert client.query("select 1") == [[b"1"]]

    @pytest.mark.parametrize(
        "sent, code",
        [
            (b"\x00\x00\x00\x01", 1043),
            (b"\xff\xff\xff\x01" + b"a" * 1000, 1153),
            (b"\x05\x00\x00\x01abcde", 1043),  # protocol 3.20
            (b"GET / HTTP/1.1\r\n\r\n", 1156),
            (b"\x28\x00\x00\x01" + b"\xff" * 40, 1043),
            (b"\x05\x00\x00\x07abcde", 1156),
        ],
    )
    def test_malformed_handshake_packets(self, commerce, sent, code):
        with RawClient(commerce.gate_port()) as client:
            client.greeting()
            client.socket.sendall(sent)
            client.socket.shutdown(socket.SHUT_WR)
            self.refused(client, code)

    @pytest.mark.parametrize("sent", [b"", b"\x20\x00", b"\x20\x00\x00\x01half of it"])
    def test_half_open_connections(self, commerce, sent):
        """Two hundred at a time hinder nobody, and are told after login_timeout."""
        clients = [RawClient(commerce.gate_port()).greeting() for _ in range(200)]
        for client in clients:
            client.socket.sendall(sent)
        assert commerce.query("select email from customer where customer_id = 1", database="customer") == ((b"alice@domain.com",),)
        for client in clients:
            self.refused(client, 1159)
            client.socket.close()

    def vanish(self, client):
        """As when its machine loses power: the kernel forgets the connection without a word to the gate."""
        try:
            client.socket.setsockopt(socket.IPPROTO_TCP, TCP_REPAIR, 1)
        except PermissionError:
            pytest.skip("CAP_NET_ADMIN is needed to make a client vanish")
        client.socket.close()

    def test_an_idle_client_that_vanished_is_found_out(self, commerce):
        client = self.client(commerce)
        number = client.connection_id
        open_now = lambda: [row[0] for row in commerce.query("show processlist")]
        assert number in map(int, open_now())
        self.vanish(client)
        wait_until(lambda: number not in map(int, open_now()), 20, "the end of the connection")

    def test_a_statement_whose_client_vanished_ends(self, commerce):
        primary = commerce.tablets("customer", "-80", "primary")[0]
        running = lambda: commerce.server_query(primary, "select count(*) from information_schema.processlist where info like '%sleep(1000)%' and info not like '%processlist%'").strip()
        client = self.client(commerce)
        client.command(b"\x03select sleep(1000) from customer where customer_id = 1")
        wait_until(lambda: running() == "1", 10, "the statement")
        self.vanish(client)
        wait_until(lambda: running() == "0", 20, "the end of the statement")

    @pytest.mark.parametrize("command", [*range(0x05, 0x09), 0x00, 0x0B, 0x0D, 0x0F, *range(0x10, 0x11), *range(0x12, 0x16), 0x1D, 0x1E, 0x20, 0x77, 0xFA, 0xFE, 0xFF])
    def test_unknown_commands(self, commerce, command):
        with self.client(commerce) as client:
            for rest in (b"", b"\x04\0\0\0\0\0\1\0\0\0binlog.000001", b"\xff" * 70_000):
                client.command(bytes([command]) + rest)
                self.refused(client, 1047, ends=False)

    @pytest.mark.parametrize(
        "payload, code",
        [(b"", 1835), (b"\x17\1", 1835), (b"\x1a\1", 1835), (b"\x1c\1\0\0\0", 1835), (b"\x1b\0", 1835), (b"\x0c\1", 1835), (b"\x04table", 1835)],
    )
    def test_malformed_commands(self, commerce, payload, code):
        with self.client(commerce) as client:
            client.command(payload)
            self.refused(client, code)

    def test_commands_without_an_answer(self, commerce):
        with self.client(commerce) as client:
            client.command(b"\x19\1")  # COM_STMT_CLOSE
            client.command(b"\x19\xff\xff\xff\xff")
            client.command(b"\x18\xff\xff\xff\xff\0\0data")  # COM_STMT_SEND_LONG_DATA
            assert client.query("select 1") == [[b"1"]]
            client.command(b"\x18\1")
            assert client.ends()

    def test_packets_out_of_order(self, commerce):
        for sequence in (1, 7, 255):
            with self.client(commerce) as client:
                client.sequence = sequence
                client.send(b"\x03select 1" + b" " * 3_000_000)
                self.refused(client, 1156)
        with self.client(commerce) as client:  # in the middle of a packet
            client.socket.sendall(b"\xff\xff\xff\0\x03" + b"x" * 0xFFFFFE + b"\1\0\0\5x")
            self.refused(client, 1156)

    def test_packets_over_the_limit(self, commerce):
        sql = "select length('" + "x" * (GATE_PACKET_MAX + MIB) + "')"
        with self.client(commerce) as client:
            client.command(b"\x03" + sql.encode())
            self.refused(client, 1153)
        with contextlib.closing(commerce.connect(max_allowed_packet=1 << 30)) as connection, connection.cursor() as cursor:
            with pytest.raises(pymysql.err.MySQLError) as error:
                cursor.execute(sql)
            assert error.value.args[0] == 1153, error.value.args
        done = subprocess.run(
            ["mariadb", "--no-defaults", "-h", "127.0.0.1", "-P", str(commerce.gate_port()), "-u", "user", f"-p{PASSWORD}", "--max-allowed-packet=1G"],
            input=sql, capture_output=True, text=True, timeout=60,
        )
        assert "ERROR 1153 (08S01)" in done.stderr

    def test_packets_over_the_servers_limit(self, commerce):
        with contextlib.closing(commerce.connect(database="customer", max_allowed_packet=1 << 30)) as connection, connection.cursor() as cursor:
            with pytest.raises(pymysql.err.MySQLError) as error:
                cursor.execute("select length('" + "x" * (80 * MIB) + "')")
            assert error.value.args[0] == 1153, error.value.args

    def test_invalid_utf8(self, commerce):
        wrong = b"\xff\xfe\xc0"
        with self.client(commerce) as client:
            assert client.query(b"select '" + wrong + b"' from customer where customer_id = 4") == [[wrong]]
            assert client.query(b"select hex('" + wrong + b"')") == [[b"FFFEC0"]]
            for sql, code in (
                (b"select " + wrong + b" from customer", 1054),
                (b"select * from `" + wrong + b"`", 1146),
                (b"select * from customer where " + wrong, 1054),
                (b"use `" + wrong + b"`", 1049),
                (wrong, 1064),
            ):
                with pytest.raises(Refused) as refused:
                    client.query(sql)
                assert refused.value.code in (code, 1064, 1300), (sql, refused.value)
            for payload in (b"\x02" + wrong, b"\x04" + wrong + b"\0", b"\x16select " + wrong + b" from customer"):
                client.command(payload)
                with pytest.raises(Refused):
                    client.read()
            assert client.query("select 1") == [[b"1"]]

    def test_invalid_utf8_in_who_one_is(self, commerce):
        wrong = b"\xff\xfe\xc0"
        for options in ({"user": wrong}, {"user": b"user", "plugin": "caching_sha2_password", "attributes": [(wrong, wrong)]}):
            with RawClient(commerce.gate_port()) as client:
                client.greeting()
                client.respond(options.pop("user"), b"x" * 20, **options)
                with pytest.raises(Refused) as refused:
                    while True:
                        client.read()
                        client.send(b"x")
                assert refused.value.code == 1045

    def test_what_is_shown_of_invalid_utf8_is_valid(self, commerce):
        with self.client(commerce) as client:
            client.command(b"\x03select sleep(2), '\xff\xfe' as `a<b>` from customer where customer_id = 4")
            for path in ("/debug/status", "/debug/vars", "/metrics"):
                commerce.http("gate-1", path)  # decodes strictly
            shown = commerce.query("show full processlist")
            assert any("sleep(2)" in str(row[7]) for row in shown)
            client.read()
        for log in (commerce.state / "logs").glob("gate*.log"):
            log.read_bytes().decode()

    def test_parameters_of_wrong_types(self, commerce):
        with self.client(commerce) as client:
            statement = client.prepare("select email from customer where customer_id = ?")
            for flags, types in (
                (b"\0\1", b"\x15\0" + b"\4" * 8),  # a type that does not exist
                (b"\0\1", b"\xf0\0" + b"\4" * 8),
                (b"\0\1", b"\x0c\0\5abcde"),  # a date of five bytes
                (b"\0\1", b"\x0b\0\3abc"),  # a time of three
                (b"\0\1", b"\xfd\0\xfe" + b"\xff" * 8),  # a string without an end
                (b"\0\1", b"\xfd\0\x20short"),
                (b"\0\1", b"\x08\0\1"),  # a number cut short
                (b"\0\1", b""),
                (b"\0\0", b"\1"),  # never bound
                (b"", b""),
            ):
                client.command(b"\x17" + statement + b"\0\1\0\0\0" + flags + types)
                self.refused(client, 1210, ends=False)
            client.command(b"\x17" + statement + b"\0\1\0\0\0\0\1\x08\0" + (4).to_bytes(8, "little"))
            assert client.read() == b"\1"
            client.read(), client.read()
            assert client.read()[2:] == b"\x0edan@domain.com"
            client.read()
            client.command(b"\x17\xff\xff\xff\x7f\0\1\0\0\0")  # above that, -1 is the statement prepared last
            self.refused(client, 1243, ends=False)

    def test_malformed_bulk_execution(self, commerce):
        integer = b"\x08\0"
        row = b"\0" + (4).to_bytes(8, "little")
        with self.client(commerce, COMMON | MARIADB_BULK) as client:
            delete = client.prepare("delete from customer where customer_id = ? and email = 'nobody'")
            select = client.prepare("select email from customer where customer_id = ?")
            for rest, code in (
                (b"", 1210),
                (b"\xff\xff\xff\x7f\x80\0" + integer + row, 1243),
                (delete + b"\x80", 1210),  # cut short: flags, types, no row, a value
                (delete + b"\x80\0\x08", 1210),
                (delete + b"\x80\0" + integer, 1210),
                (delete + b"\x80\0" + integer + row + row[:5], 1210),
                (delete + b"\x80\0" + integer + row + b"\x04" + row[1:], 1210),  # neither a value, nor NULL, DEFAULT or nothing
                (delete + b"\x80\0\x15\0" + row, 1210),  # a type that does not exist
                (delete + b"\0\0" + row, 1210),  # never bound
                (delete + b"\x80\0" + integer + b"\3", 1295),  # leaves a column as it is
                (delete + b"\xc0\0" + integer + row, 1295),  # asks for ids
                (select + b"\x80\0" + integer + row, 1295),
            ):
                client.command(b"\xfa" + rest)
                self.refused(client, code, ends=False)
            client.command(b"\xfa" + delete + b"\x80\0" + integer + row * 2)
            assert client.read()[:2] == b"\0\0"

    def test_bulk_execution_is_bounded(self, commerce):
        """35,000 rows are 70,000 values, more than a server prepares; a text of more than write_bytes_max is refused as a whole."""
        commerce.query("create table bulk (id int primary key, body longtext)", database="commerce")
        with RawClient(commerce.gate_port()).login("user", PASSWORD, COMMON | MARIADB_BULK, database="commerce") as client:
            statement = client.prepare("insert into bulk values (?, ?)")
            head = b"\xfa" + statement + b"\x80\0\x03\0\xfd\0"
            client.command(head + b"".join(b"\0" + number.to_bytes(4, "little") + b"\0\3abc" for number in range(35_000)))
            assert client.read()[:4] == b"\0\xfc" + (35_000).to_bytes(2, "little")
            body = b"\0\xfd" + (3 * MIB).to_bytes(3, "little") + b"x" * (3 * MIB)
            client.command(head + b"".join(b"\0" + number.to_bytes(4, "little") + body for number in range(50_000, 50_003)))
            self.refused(client, 1104, ends=False)
            assert client.query("select count(*), sum(length(body)) from bulk") == [[b"35000", b"105000"]]

    @pytest.mark.parametrize("capability", [raw_client.COMPRESS, raw_client.ZSTD])
    def test_bad_compression(self, commerce, capability):
        query = b"\x0c\0\0\0\x03select 1 + 1"
        for body, plain_size, sequence, code in (
            (query, 0, 3, 1156),
            (query, len(query), 0, 1157),  # not compressed at all
            (b"\x28\xb5\x2f\xfd" + b"\xff" * 40, 500, 0, 1157),
            (b"\x78\x9c" + b"\xff" * 40, 500, 0, 1157),
            (b"", 0xFFFFFF, 0, 1157),
            ("whole", 13, 0, 1157),  # less than it holds
            ("whole", 0xFFFFFF, 0, 1157),  # more
            (b"\x0c\0\0\1\x03select 1 + 1", 0, 0, None),  # what is inside has any sequence id, as at servers
        ):
            with self.client(commerce, COMMON | capability, level=3) as client:
                if body == "whole":
                    body = client.method.compress(query + b"x" * 100)
                client.sequence = client.compressed_sequence = 0
                client.send_compressed(body, plain_size, sequence)
                if code is not None:
                    client.socket.sendall(b"x" * 100_000)
                    self.refused(client, code)

    def test_half_a_compressed_packet_is_waited_for(self, commerce):
        with self.client(commerce, COMMON | raw_client.ZSTD, level=3) as client:
            for part in (b"\x0d\0", b"\0\0\0\0\0\x09\0\0\0", b"\x03select 1"):
                client.socket.sendall(part)
                assert commerce.query("select 1") == ((1,),)
            client.read()
            assert [client.read() for _ in range(4)][2] == b"\1" + b"1"

    def test_wrong_passwords(self, commerce):
        for _ in range(20):
            with pytest.raises(pymysql.err.OperationalError) as error:
                commerce.connect(password="x")
            assert error.value.args[0] == 1045

    def test_what_cannot_run_yet_says_so(self, commerce):
        with pytest.raises(pymysql.MySQLError, match="KT3"):
            commerce.query("alter table customer shard by xxhash(customer_id)", database="customer")
