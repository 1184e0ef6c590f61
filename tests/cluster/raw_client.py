"""A MySQL client that says what it is told to, right or wrong: for what drivers do not let a test say."""

import ctypes
import ctypes.util
import hashlib
import socket
import struct
import zlib
from dataclasses import dataclass, field

FOUND_ROWS, CONNECT_WITH_DB, COMPRESS = 1 << 1, 1 << 3, 1 << 5
PROTOCOL_41, SSL, TRANSACTIONS, SECURE_CONNECTION = 1 << 9, 1 << 11, 1 << 13, 1 << 15
MULTI_STATEMENTS, MULTI_RESULTS, PLUGIN_AUTH = 1 << 16, 1 << 17, 1 << 19
CONNECT_ATTRS, LENENC_AUTH, SESSION_TRACK, DEPRECATE_EOF, ZSTD = 1 << 20, 1 << 21, 1 << 23, 1 << 24, 1 << 26
MARIADB_BULK = 1 << 34  # MariaDB's own are above 32 bits
COMMON = PROTOCOL_41 | SECURE_CONNECTION | PLUGIN_AUTH | LENENC_AUTH | TRANSACTIONS | MULTI_RESULTS


def native_proof(password, scramble):
    if not password:
        return b""
    once = hashlib.sha1(password.encode()).digest()
    mask = hashlib.sha1(scramble + hashlib.sha1(once).digest()).digest()
    return bytes(a ^ b for a, b in zip(once, mask))


def lenenc(data):
    size = len(data)
    if size < 251:
        return bytes([size]) + data
    return b"\xfc" + struct.pack("<H", size) + data


class Zstd:
    """The library that the gate uses; Python 3.11 has none of its own."""

    library = ctypes.CDLL(ctypes.util.find_library("zstd") or "libzstd.so.1")
    library.ZSTD_compressBound.restype = library.ZSTD_compress.restype = library.ZSTD_decompress.restype = ctypes.c_size_t
    library.ZSTD_compressBound.argtypes = [ctypes.c_size_t]
    library.ZSTD_compress.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_char_p, ctypes.c_size_t, ctypes.c_int]
    library.ZSTD_decompress.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_char_p, ctypes.c_size_t]

    @classmethod
    def compress(cls, data):
        out = ctypes.create_string_buffer(cls.library.ZSTD_compressBound(len(data)))
        size = cls.library.ZSTD_compress(out, len(out), data, len(data), 3)
        return out.raw[:size]

    @classmethod
    def decompress(cls, data, size):
        out = ctypes.create_string_buffer(size)
        assert cls.library.ZSTD_decompress(out, size, data, len(data)) == size
        return out.raw


class Zlib:
    compress = staticmethod(zlib.compress)

    @staticmethod
    def decompress(data, size):
        plain = zlib.decompress(data)
        assert len(plain) == size
        return plain


@dataclass
class Refused(Exception):
    code: int
    state: str
    message: str
    sequence: int = 0

    def __str__(self):
        return f"{self.code} ({self.state}): {self.message}"


@dataclass
class RawClient:
    port: int
    timeout: float = 20
    sequence: int = 0
    method: type = None  # of compression
    compressed_sequence: int = 0
    left: bytes = field(default=b"", repr=False)  # decompressed and not read

    def __post_init__(self):
        self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=self.timeout)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    # Bytes and packets.

    def receive(self, size):
        while self.method and len(self.left) < size:
            header = self._receive_plain(7)
            body = self._receive_plain(int.from_bytes(header[:3], "little"))
            plain = int.from_bytes(header[4:], "little")
            self.compressed_sequence = header[3] + 1 & 255
            self.left += self.method.decompress(body, plain) if plain else body
        if not self.method:
            return self._receive_plain(size)
        taken, self.left = self.left[:size], self.left[size:]
        return taken

    def _receive_plain(self, size):
        data = b""
        while len(data) < size:
            part = self.socket.recv(size - len(data))
            if not part:
                raise EOFError("the gate closed the connection")
            data += part
        return data

    def read(self):
        """The next packet; an error is raised."""
        payload = b""
        while True:
            header = self.receive(4)
            size = int.from_bytes(header[:3], "little")
            self.sequence = header[3] + 1 & 255
            payload += self.receive(size)
            if size < 0xFFFFFF:
                break
        if payload[:1] == b"\xff":
            raise Refused(struct.unpack_from("<H", payload, 1)[0], payload[4:9].decode(), payload[9:].decode(errors="replace"), header[3])
        return payload

    def send_bytes(self, data):
        if not self.method:
            self.socket.sendall(data)
            return
        while data:
            chunk, data = data[: 1 << 20], data[1 << 20 :]
            body, plain = (self.method.compress(chunk), len(chunk)) if len(chunk) > 50 else (chunk, 0)
            self.send_compressed(body, plain)

    def send_compressed(self, body, plain_size, sequence=None):
        if sequence is None:
            sequence = self.compressed_sequence
        self.compressed_sequence = sequence + 1 & 255
        self.socket.sendall(len(body).to_bytes(3, "little") + bytes([sequence]) + plain_size.to_bytes(3, "little") + body)

    def frames(self, payload):
        out = b""
        while True:
            part, payload = payload[:0xFFFFFF], payload[0xFFFFFF:]
            out += len(part).to_bytes(3, "little") + bytes([self.sequence]) + part
            self.sequence = self.sequence + 1 & 255
            if len(part) < 0xFFFFFF:
                return out

    def send(self, payload):
        self.send_bytes(self.frames(payload))

    def command(self, payload):
        self.sequence = self.compressed_sequence = 0
        self.send(payload)

    def ends(self):
        """True if the gate ends the connection in good order, without a reset."""
        return self.socket.recv(1) == b""

    # The handshake.

    def greeting(self):
        payload = self.read()
        assert payload[0] == 10, "handshake v10"
        end = payload.index(b"\0", 1)
        self.version = payload[1:end].decode()
        rest = payload[end + 1 :]
        self.connection_id = struct.unpack_from("<I", rest)[0]
        self.offered = int.from_bytes(rest[13:15] + rest[18:20], "little")
        self.scramble = rest[4:12] + rest[31:43]
        self.plugin = rest[44:].rstrip(b"\0").decode()
        return self

    def respond(self, user, proof=b"", capabilities=COMMON, plugin="mysql_native_password", database=None, attributes=None, level=None):
        if database is not None:
            capabilities |= CONNECT_WITH_DB
        if attributes is not None:
            capabilities |= CONNECT_ATTRS
        self.capabilities = capabilities
        data = struct.pack("<IIB19xI", capabilities & 0xFFFFFFFF, 1 << 24, 45, capabilities >> 32) + (user if isinstance(user, bytes) else user.encode()) + b"\0"
        if capabilities & LENENC_AUTH:
            data += lenenc(proof)
        elif capabilities & SECURE_CONNECTION:
            data += bytes([len(proof)]) + proof
        else:
            data += proof + b"\0"
        if database is not None:
            data += database.encode() + b"\0"
        if capabilities & PLUGIN_AUTH:
            data += plugin.encode() + b"\0"
        if attributes is not None:
            data += lenenc(b"".join(lenenc(name) + lenenc(value) for name, value in attributes))
        if level is not None:
            data += bytes([level])
        self.send(data)

    def login(self, user, password, capabilities=COMMON, **options):
        """By mysql_native_password, which every account with a password can."""
        self.greeting()
        self.respond(user, native_proof(password, self.scramble), capabilities, **options)
        self.read()
        if capabilities & COMPRESS:
            self.method = Zlib
        elif capabilities & ZSTD:
            self.method = Zstd
        return self

    # What an answer is made of.

    def query(self, sql):
        """The cells of a text result, or the OK packet's payload."""
        self.command(b"\x03" + (sql if isinstance(sql, bytes) else sql.encode()))
        first = self.read()
        if first[0] == 0:
            return first
        deprecate_eof = self.capabilities & DEPRECATE_EOF
        for _ in range(first[0]):
            self.read()
        if not deprecate_eof:
            assert self.read()[0] == 0xFE
        rows = []
        while True:
            row = self.read()
            if row[0] == 0xFE and len(row) < 0xFFFFFF:
                self.end = row
                return rows
            rows.append(self.cells(row))

    def prepare(self, sql):
        """The statement's id, as four bytes."""
        self.command(b"\x16" + sql.encode())
        answer = self.read()
        columns, parameters = struct.unpack_from("<HH", answer, 5)
        for count in (parameters, columns):
            for _ in range(count + 1 if count and not self.capabilities & DEPRECATE_EOF else count):
                self.read()
        return answer[1:5]

    @staticmethod
    def cells(row):
        found = []
        while row:
            if row[0] == 0xFB:
                found.append(None)
                row = row[1:]
                continue
            width = {0xFC: 2, 0xFD: 3, 0xFE: 8}.get(row[0], 0)
            size = int.from_bytes(row[1 : 1 + width], "little") if width else row[0]
            found.append(row[1 + width : 1 + width + size])
            row = row[1 + width + size :]
        return found
