"""Who gets in and how: each method, with each kind of stored password, by clients as their makers ship them."""

import contextlib
import ctypes
import hashlib
import json
import select
import socket
import ssl
import subprocess
import threading
from pathlib import Path

import pytest

import raw_client
from cluster import ROOT, running_cluster, wait_until
from raw_client import COMMON, RawClient, Refused, native_proof

SECRET = "correct horse"
MYSQL = ROOT / "build" / "mysql" / "mysql"  # of tools/mysql/install


def sha1(data):
    return hashlib.sha1(data).digest()


def sha2(data):
    return hashlib.sha256(data).digest()


NATIVE = "*" + sha1(sha1(SECRET.encode())).hex().upper()
SHA2 = sha2(sha2(SECRET.encode())).hex()

USERS = {
    "both": [{"Password": SECRET}],
    "native_only": [{"MysqlNativePassword": NATIVE}],
    "sha2_only": [{"CachingSha2Password": SHA2}],
    "rotated": [{"Password": "the old one"}, {"Password": SECRET, "Groups": ["new"]}],
}


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """One server, and users of every kind."""
    users = tmp_path_factory.mktemp("users") / "users.json"
    users.write_text(json.dumps({**USERS, "empty": [{"Password": ""}], "user": [{"Password": SECRET}]}))
    spec = {
        "apiVersion": "kintsugi/v1",
        "kind": "Cluster",
        "metadata": {"name": "login"},
        "spec": {
            "cells": [{"name": "zone1"}],
            "control": {"httpPort": 0},
            "gates": [{"cell": "zone1", "mysqlPort": 0, "httpPort": 0, "options": {"mysql_socket": str(users.parent / "gate.sock")}}],
            "users": {"file": str(users)},
            "keyspaces": [{"name": "shop", "shards": 1, "tablets": [{"cell": "zone1", "type": "replica", "count": 1}]}],
        },
    }
    with running_cluster(spec) as cluster:
        cluster.gate_socket = str(users.parent / "gate.sock")
        yield cluster


def run(program, cluster, user, password, *options, sql, check=True):
    where = [] if "-S" in options else ["-h", "127.0.0.1", "-P", str(cluster.gate_port())]
    done = subprocess.run(
        [*program, *where, "-u", user, f"--password={password}", "-N", *options, "shop"],
        input=sql, capture_output=True, text=True, timeout=60,
    )
    assert not check or done.returncode == 0, done.stderr
    return done


def mariadb(*arguments, **options):
    return run(["mariadb", "--no-defaults"], *arguments, **options)


def mysql(*arguments, **options):
    if not MYSQL.exists():
        pytest.skip("MySQL's client is not there: tools/mysql/install fetches it")
    return run([str(MYSQL), "--no-defaults", "--loose-commands"], *arguments, **options)  # `status` is one


class Tap:
    """Between one client and the gate; keeps what the client sent."""

    def __init__(self, port):
        self.port = port
        self.sent = b""

    def __enter__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.thread = threading.Thread(target=self.carry)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.thread.join()
        self.listener.close()

    def gate_port(self):
        return self.listener.getsockname()[1]

    def carry(self):
        self.listener.settimeout(20)
        client, _ = self.listener.accept()
        with client, socket.create_connection(("127.0.0.1", self.port)) as gate:
            while True:
                for ready in select.select([client, gate], [], [])[0]:
                    data = ready.recv(65536)
                    if not data:
                        return
                    if ready is client:
                        self.sent += data
                    (gate if ready is client else client).sendall(data)


MARIADB_WAYS = {"plain": ["--skip-ssl"], "tls": ["--ssl"], "zlib": ["--skip-ssl", "--compress"], "tls+zlib": ["--ssl", "--compress"]}
MYSQL_WAYS = {
    "rsa": ["--ssl-mode=DISABLED", "--get-server-public-key"],
    "tls": ["--ssl-mode=REQUIRED"],
    "preferred": [],
    "zlib": ["--ssl-mode=REQUIRED", "--compression-algorithms=zlib"],
    "zstd": ["--ssl-mode=DISABLED", "--get-server-public-key", "--compression-algorithms=zstd"],
    "zstd 1": ["--ssl-mode=REQUIRED", "--compression-algorithms=zstd", "--zstd-compression-level=1"],
    "zstd 22": ["--ssl-mode=REQUIRED", "--compression-algorithms=zstd", "--zstd-compression-level=22"],
    "any": ["--compression-algorithms=zstd,zlib,uncompressed"],
}
WHO = "select current_user(), length(repeat('kintsugi', 500000));\nstatus\n"


class TestMariadbClient:
    @pytest.mark.parametrize("way", MARIADB_WAYS)
    @pytest.mark.parametrize("user", USERS)
    def test_gets_in(self, shop, user, way):
        done = mariadb(shop, user, SECRET, *MARIADB_WAYS[way], sql=WHO)
        assert f"{user}@%\t4000000" in done.stdout, done.stdout
        assert ("Protocol:\t\tCompressed" in done.stdout) == ("zlib" in way), done.stdout
        assert ("SSL:\t\t\tNot in use" in done.stdout) == ("tls" not in way), done.stdout

    @pytest.mark.parametrize("way", MARIADB_WAYS)
    @pytest.mark.parametrize("user", [*USERS, "empty", "nobody"])
    def test_wrong_password(self, shop, user, way):
        done = mariadb(shop, user, "wrong", *MARIADB_WAYS[way], sql="select 1", check=False)
        assert f"ERROR 1045 (28000): Access denied for user '{user}'@'127.0.0.1' (using password: YES)" in done.stderr

    @pytest.mark.parametrize("method", ["mysql_native_password", "caching_sha2_password"])
    @pytest.mark.parametrize("way", MARIADB_WAYS)
    def test_method_that_the_client_prefers(self, shop, method, way):
        for user, password in (("both", SECRET), ("empty", "")):
            done = mariadb(shop, user, password, *MARIADB_WAYS[way], f"--default-auth={method}", sql=WHO)
            assert f"{user}@%\t4000000" in done.stdout, done.stdout

    def test_methods_that_the_gate_does_not_have(self, shop):
        for method in ("client_ed25519", "dialog", "mysql_clear_password", "sha256_password"):
            done = mariadb(shop, "both", SECRET, "--ssl", f"--default-auth={method}", sql="select current_user()")
            assert done.stdout == "both@%\n"

    def test_unix_socket(self, shop):
        for user in USERS:
            done = mariadb(shop, user, SECRET, "-S", shop.gate_socket, sql="select current_user()")
            assert done.stdout == f"{user}@%\n"


class TestMysqlClient:
    @pytest.mark.parametrize("way", MYSQL_WAYS)
    @pytest.mark.parametrize("user", USERS)
    def test_gets_in(self, shop, user, way):
        done = mysql(shop, user, SECRET, *MYSQL_WAYS[way], sql=WHO)
        assert f"{user}@%\t4000000" in done.stdout, done.stdout
        compressed = way == "any" or "zlib" in way or "zstd" in way
        assert ("Protocol:\t\tCompressed" in done.stdout) == compressed, done.stdout
        assert ("SSL:\t\t\tNot in use" in done.stdout) == ("--ssl-mode=DISABLED" in MYSQL_WAYS[way]), done.stdout

    @pytest.mark.parametrize("way", ["rsa", "tls"])
    @pytest.mark.parametrize("user", [*USERS, "empty", "nobody"])
    def test_wrong_password(self, shop, user, way):
        done = mysql(shop, user, "wrong", *MYSQL_WAYS[way], sql="select 1", check=False)
        assert f"ERROR 1045 (28000): Access denied for user '{user}'@'127.0.0.1' (using password: YES)" in done.stderr

    def test_empty_password(self, shop):
        for way in ("rsa", "tls"):
            assert mysql(shop, "empty", "", *MYSQL_WAYS[way], sql="select current_user()").stdout == "empty@%\n"
            denied = mysql(shop, "both", "", *MYSQL_WAYS[way], sql="select 1", check=False)
            assert "Access denied for user 'both'@'127.0.0.1' (using password: NO)" in denied.stderr

    @pytest.mark.parametrize("way", ["rsa", "tls"])
    @pytest.mark.parametrize("user", USERS)
    def test_the_password_travels_only_protected(self, shop, user, way):
        with Tap(shop.gate_port()) as tap:
            done = mysql(tap, user, SECRET, *MYSQL_WAYS[way], sql="select current_user()")
            assert done.stdout == f"{user}@%\n"
            assert user.encode() in tap.sent or way == "tls"
            assert SECRET.encode() not in tap.sent

    def test_unix_socket(self, shop):
        for user in USERS:
            assert mysql(shop, user, SECRET, "-S", shop.gate_socket, sql="select current_user()").stdout == f"{user}@%\n"

    def test_the_connection_is_as_new_after_a_reset(self, shop):
        out = mysql(shop, "both", SECRET, sql="set @x = 1;\nresetconnection\nselect @x, current_user()").stdout
        assert out == "NULL\tboth@%\n"


class TestPymysql:
    @pytest.mark.parametrize("user", USERS)
    @pytest.mark.parametrize("tls", [False, True])
    def test_gets_in(self, shop, user, tls):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT) if tls else None
        if context:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        with contextlib.closing(shop.connect(user=user, password=SECRET, database="shop", ssl=context)) as connection:
            with connection.cursor() as cursor:
                cursor.execute("select current_user()")
                assert cursor.fetchone() == (f"{user}@%",)


class TestChangeUser:
    """By MariaDB's library; MySQL's form, which sends no proof at first, by hand."""

    @pytest.fixture(scope="class")
    def library(self):
        library = ctypes.CDLL("libmariadb.so.3")
        library.mysql_init.restype = library.mysql_real_connect.restype = library.mysql_store_result.restype = ctypes.c_void_p
        library.mysql_fetch_row.restype = ctypes.POINTER(ctypes.c_char_p)
        library.mysql_error.restype = ctypes.c_char_p
        return library

    @pytest.mark.parametrize("method", [b"mysql_native_password", b"caching_sha2_password"])
    def test_every_user(self, shop, library, method):
        default_auth = 23
        handle = ctypes.c_void_p(library.mysql_init(None))
        library.mysql_options(handle, default_auth, method)
        connected = library.mysql_real_connect(handle, b"127.0.0.1", b"both", SECRET.encode(), b"shop", shop.gate_port(), None, 0)
        assert connected, library.mysql_error(handle)
        try:
            for user in [*USERS, "empty", "both"]:
                password = b"" if user == "empty" else SECRET.encode()
                assert library.mysql_change_user(handle, user.encode(), password, b"shop") == 0, (user, library.mysql_error(handle))
                assert library.mysql_query(handle, b"select current_user(), database()") == 0, library.mysql_error(handle)
                result = ctypes.c_void_p(library.mysql_store_result(handle))
                row = library.mysql_fetch_row(result)
                assert (row[0].decode(), row[1]) == (f"{user}@%", b"shop")
                library.mysql_free_result(result)
            assert library.mysql_change_user(handle, b"both", b"wrong", b"shop") != 0
            assert library.mysql_errno(handle) == 1045
        finally:
            library.mysql_close(handle)

    @pytest.mark.parametrize("user", USERS)
    def test_without_a_proof_at_first(self, shop, user):
        with RawClient(shop.gate_port()) as client:
            client.login("both", SECRET)
            client.command(b"\x11" + user.encode() + b"\0\0shop\0\x2d\0mysql_native_password\0")
            asked = client.read()
            if user == "sha2_only":  # only the other method can prove it
                assert asked.startswith(b"\xfecaching_sha2_password\0")
                return
            assert asked.startswith(b"\xfemysql_native_password\0")
            client.send(native_proof(SECRET, asked.split(b"\0", 1)[1][:20]))
            assert client.read()[0] == 0
            assert client.query("select current_user(), database()") == [[f"{user}@%".encode(), b"shop"]]

    def test_garbage_is_refused_and_told(self, shop):
        for payload in (b"\x11", b"\x11nobody", b"\x11u\0\xff", b"\x11both\0\x14" + b"x" * 20 + b"\0", b"\x11\xff\xfe\0\x02ab\0"):
            with RawClient(shop.gate_port()) as client:
                client.login("both", SECRET)
                client.command(payload)
                with pytest.raises(Refused) as refused:
                    client.read()
                assert refused.value.code in (1045, 1835), payload
                assert client.ends()


class TestHandshake:
    def test_greeting(self, shop):
        with RawClient(shop.gate_port()) as client:
            client.greeting()
            assert client.plugin == "mysql_native_password" and "MariaDB" in client.version
            wanted = COMMON | raw_client.SSL | raw_client.COMPRESS | raw_client.ZSTD | raw_client.CONNECT_ATTRS
            wanted |= raw_client.SESSION_TRACK | raw_client.DEPRECATE_EOF | raw_client.FOUND_ROWS
            assert client.offered & wanted == wanted
            assert 0 not in client.scramble and len(set(client.scramble)) > 5

    def test_unknown_method_is_asked_to_switch(self, shop):
        with RawClient(shop.gate_port()) as client:
            client.greeting()
            client.respond("both", b"whatever", plugin="a_method_of_their_own")
            asked = client.read()
            assert asked == b"\xfemysql_native_password\0" + client.scramble + b"\0"
            client.send(native_proof(SECRET, client.scramble))
            assert client.read()[0] == 0

    def test_client_that_cannot_switch(self, shop):
        old = raw_client.PROTOCOL_41 | raw_client.SECURE_CONNECTION
        with RawClient(shop.gate_port()) as client:
            client.login("both", SECRET, old)
            assert client.query("select 1") == [[b"1"]]
        with RawClient(shop.gate_port()) as client:
            with pytest.raises(Refused) as refused:
                client.login("sha2_only", SECRET, old)
            assert refused.value.code == 1251
            assert client.ends()

    def test_forms_of_the_proof(self, shop):
        for capabilities in (COMMON, COMMON & ~raw_client.LENENC_AUTH):
            with RawClient(shop.gate_port()) as client:
                client.login("both", SECRET, capabilities, attributes=[(b"_os", b"Linux"), (b"program_name", "金缮".encode())], database="shop")
                assert client.query("select database()") == [[b"shop"]]
        with RawClient(shop.gate_port()) as client:
            client.greeting()
            client.respond("both", b"x" * 300, plugin="mysql_native_password")  # over 255: length-encoded
            with pytest.raises(Refused) as refused:
                client.read()
            assert refused.value.code == 1045

    def test_attributes(self, shop):
        with RawClient(shop.gate_port()) as client:
            client.login("both", SECRET, attributes=[(b"k%d" % i, b"v" * 100) for i in range(500)])
            assert client.query("select 1") == [[b"1"]]
        for wrong in (b"\x05\x09ab", b"\x05\x01a\x09b", b"\xfe" + b"\xff" * 8, b"\x7f"):
            with RawClient(shop.gate_port()) as client:
                client.greeting()
                payload = b"both\0\0mysql_native_password\0" + wrong
                client.send((COMMON | raw_client.CONNECT_ATTRS).to_bytes(4, "little") + b"\0\0\0\1\x2d" + bytes(23) + payload)
                with pytest.raises(Refused) as refused:
                    client.read()
                assert refused.value.code == 1043
                assert client.ends()

    @pytest.mark.parametrize("capabilities, level", [(raw_client.COMPRESS, None), (raw_client.ZSTD, 1), (raw_client.ZSTD, 22), (raw_client.ZSTD, 0)])
    def test_compression(self, shop, capabilities, level):
        with RawClient(shop.gate_port()) as client:
            client.login("both", SECRET, COMMON | capabilities, attributes=[(b"a", b"b")], level=level)
            for size in (1, 60, 100_000, 20_000_000):
                ((cell,),) = client.query("select '" + "k" * size + "'")
                assert len(cell) == size

    def test_both_compressions_are_zlib(self, shop):
        with RawClient(shop.gate_port()) as client:
            client.login("both", SECRET, COMMON | raw_client.COMPRESS | raw_client.ZSTD, level=22)
            assert client.query("select repeat('k', 1000)") == [[b"k" * 1000]]

    @pytest.mark.parametrize("deprecate", [0, raw_client.DEPRECATE_EOF])
    def test_end_of_rows(self, shop, deprecate):
        with RawClient(shop.gate_port()) as client:
            client.login("both", SECRET, COMMON | deprecate)
            assert client.query("select 1") == [[b"1"]]
            # EOF: warnings, status. OK in its place: affected rows, insert id, status, warnings.
            assert len(client.end) == (7 if deprecate else 5)

    def test_session_track(self, shop):
        changed = 1 << 14
        with RawClient(shop.gate_port()) as client:
            client.login("both", SECRET, COMMON | raw_client.SESSION_TRACK)

            def changes(sql):
                ok = client.query(sql)
                assert ok[0] == 0
                return ok[7:] if int.from_bytes(ok[3:5], "little") & changed else b""

            assert changes("use shop") == b"\0\x07\x01\x05\x04shop"
            assert changes("set autocommit = 0") == b"\0\x11\x00\x0f\x0aautocommit\x03OFF"
            assert changes("set @x = 1") == b""
            names = changes("set names latin1")
            for name in (b"character_set_client", b"character_set_connection", b"character_set_results"):
                assert bytes([len(name)]) + name + b"\x06latin1" in names
        with RawClient(shop.gate_port()) as client:
            client.login("both", SECRET)
            assert client.query("use shop")[7:] == b""


class TestTls:
    def secured(self, client):
        client.greeting()
        capabilities = COMMON | raw_client.SSL
        client.send(capabilities.to_bytes(4, "little") + b"\0\0\0\1\x2d" + bytes(23))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        client.socket = context.wrap_socket(client.socket)
        return capabilities

    def test_request_and_response(self, shop):
        with RawClient(shop.gate_port()) as client:
            capabilities = self.secured(client)
            client.respond("both", native_proof(SECRET, client.scramble), capabilities)
            assert client.read()[0] == 0
            assert client.query("show status like 'Ssl_version'") == [[b"Ssl_version", client.socket.version().encode()]]

    def test_a_second_request_is_refused(self, shop):
        with RawClient(shop.gate_port()) as client:
            capabilities = self.secured(client)
            client.send(capabilities.to_bytes(4, "little") + b"\0\0\0\1\x2d" + bytes(23))
            with pytest.raises(Refused) as refused:
                client.read()
            assert refused.value.code == 1043

    def test_a_wrong_password_is_told_over_tls(self, shop):
        with RawClient(shop.gate_port()) as client:
            capabilities = self.secured(client)
            client.respond("both", b"x" * 20, capabilities)
            client.socket.sendall(b"more that nobody reads" * 10_000)
            with pytest.raises(Refused) as refused:
                client.read()
            assert refused.value.code == 1045

    def test_garbage(self, shop):
        with RawClient(shop.gate_port()) as client:
            client.greeting()
            client.send((COMMON | raw_client.SSL).to_bytes(4, "little") + b"\0\0\0\1\x2d" + bytes(23))
            client.socket.sendall(b"this is no ClientHello" * 100_000)
            answer = b""
            while part := client.socket.recv(4096):
                answer += part
            assert answer[:1] in (b"", b"\x15"), "a TLS alert, if anything"
        with RawClient(shop.gate_port()) as client:
            client.login("both", SECRET)
            assert client.query("select 1") == [[b"1"]]


def test_a_changed_users_file_holds_for_who_comes_next(shop):
    file = Path(shop.spec["spec"]["users"]["file"])
    users = json.loads(file.read_text())
    users["late"] = [{"Password": "just in time"}]
    assert mariadb(shop, "late", "just in time", sql="select 1", check=False).returncode != 0
    file.write_text(json.dumps(users))
    wait_until(lambda: mariadb(shop, "late", "just in time", sql="select 1", check=False).returncode == 0, 10, "the new user")
