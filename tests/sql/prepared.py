"""Statements over the binary protocol: prepared, with parameters in place of their literals, executed, closed."""

import re
import struct

import pymysql
from pymysql.constants import FIELD_TYPE, SERVER_STATUS
from pymysql.protocol import FieldDescriptorPacket

PREPARE, EXECUTE, CLOSE = 0x16, 0x17, 0x19
BINARY_COLLATION = 63
UNSIGNED = 32  # a column's flag

INTEGERS = {FIELD_TYPE.TINY: "b", FIELD_TYPE.SHORT: "h", FIELD_TYPE.YEAR: "h", FIELD_TYPE.LONG: "i", FIELD_TYPE.INT24: "i",
            FIELD_TYPE.LONGLONG: "q"}

# A literal, or what is none: a comment, a quoted name, a word (with digits in it), a string that something in front belongs to.
TOKEN = re.compile(
    r"""(?P<skip>/\*.*?\*/|--[ ].*|\#.*|`[^`]*`|"(?:[^"\\]|\\.|"")*"|@{1,2}[\w.`]+"""
    r"""|\b(?:date|time|timestamp|as|separator|collate|like|path|names|empty|error|in|at|[nxb]|_\w+)\s*'(?:[^'\\]|\\.|'')*'"""
    r"""|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*|0[xb]\w+|\d*\.\d+(?:e[+-]?\d+)?|\d+\.|\d+e[+-]?\d+)"""
    r"""|(?P<string>'(?:[^'\\]|\\.|'')*')|(?P<number>\d+(?![\w.]))""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "b": "\b", "Z": "\x1a"}


def string_value(token):
    def plain(match):
        text = match.group(0)
        if text == "''":
            return "'"
        return text if text[1] in "%_" else ESCAPES.get(text[1], text[1])

    return re.sub(r"''|\\.", plain, token[1:-1], flags=re.DOTALL)


def with_parameters(sql):
    """The statement with ? for its literals, and their values. What stands in GROUP BY or ORDER BY may be a place, and stays."""
    values = []
    places = re.search(r"\b(?:group|order|partition)\s+by\b|\bcreate\b|\balter\b|\bset\b|\bshow\b", sql, re.IGNORECASE)
    end = places.start() if places else len(sql)

    def replace(match):
        if match.lastgroup == "skip" or match.start() >= end:
            return match.group(0)
        if match.lastgroup == "string":
            values.append(string_value(match.group(0)))
        elif int(match.group(0)) < 2**63:
            values.append(int(match.group(0)))
        else:
            return match.group(0)
        return "?"

    return TOKEN.sub(replace, sql), values


class Statement:
    """A prepared statement of a pymysql connection. Use with `contextlib.closing`."""

    def __init__(self, connection, sql):
        self.connection = connection
        connection._execute_command(PREPARE, sql)
        head = connection._read_packet().get_all_data()
        self.id, columns, self.parameters = struct.unpack_from("<IHH", head, 1)
        for count in (self.parameters, columns):
            for _ in range(count + (1 if count else 0)):  # and the EOF
                connection._read_packet()

    def close(self):
        self.connection._execute_command(CLOSE, struct.pack("<I", self.id))

    def execute(self, values):
        """Of each answer (a procedure may have several): columns, rows (None: there are none), affected rows, number of warnings."""
        self.connection._execute_command(EXECUTE, struct.pack("<IBI", self.id, 0, 1) + self.pack(values))
        answers, more = [], True
        while more:
            answer, status = self.read_answer()
            answers.append(answer)
            more = status & SERVER_STATUS.SERVER_MORE_RESULTS_EXISTS
        return answers

    def read_answer(self):
        connection = self.connection
        first = connection._read_packet()
        if first.is_load_local_packet():
            wanted = pymysql.connections.LoadLocalPacketWrapper(first)
            pymysql.connections.LoadLocalFile(wanted.filename, connection).send_data()
            first = connection._read_packet()
        if first.is_ok_packet():
            ok = pymysql.connections.OKPacketWrapper(first)
            return ([], None, ok.affected_rows, ok.warning_count), ok.server_status
        columns = [connection._read_packet(FieldDescriptorPacket) for _ in range(first.read_length_encoded_integer())]
        connection._read_packet()  # EOF
        rows = []
        while True:
            packet = connection._read_packet()
            if packet.is_eof_packet():
                eof = pymysql.connections.EOFPacketWrapper(packet)
                return (columns, rows, 0, eof.warning_count), eof.server_status
            rows.append(unpack_row(packet.get_all_data(), columns))

    def pack(self, values):
        if not values:
            return b""
        bitmap = bytearray((len(values) + 7) // 8)
        types, data = b"", b""
        for i, value in enumerate(values):
            if isinstance(value, int):
                # As literals, integers of 32 bits and of 64 have different types.
                kind, code = (FIELD_TYPE.LONG, "<i") if -(2**31) <= value < 2**31 else (FIELD_TYPE.LONGLONG, "<q")
                types += struct.pack("<H", kind)
                data += struct.pack(code, value)
            else:
                encoded = value.encode(self.connection.encoding)
                types += struct.pack("<H", FIELD_TYPE.VAR_STRING)
                data += length_encoded(len(encoded)) + encoded
        return bytes(bitmap) + b"\1" + types + data


def length_encoded(length):
    if length < 251:
        return bytes([length])
    return b"\xfc" + struct.pack("<H", length) if length < 65536 else b"\xfd" + struct.pack("<I", length)[:3]


def unpack_row(data, columns):
    values = []
    bitmap = data[1:1 + (len(columns) + 9) // 8]
    at = 1 + len(bitmap)
    for i, column in enumerate(columns):
        if bitmap[(i + 2) // 8] >> (i + 2) % 8 & 1:
            values.append(None)
            continue
        value, at = unpack_value(data, at, column)
        values.append(value)
    assert at == len(data), f"{len(data) - at} bytes too many in a row"
    return tuple(values)


def unpack_value(data, at, column):
    kind = column.type_code
    if kind in INTEGERS:
        code = INTEGERS[kind].upper() if column.flags & UNSIGNED else INTEGERS[kind]
        return struct.unpack_from("<" + code, data, at)[0], at + struct.calcsize("<" + code)
    if kind in (FIELD_TYPE.FLOAT, FIELD_TYPE.DOUBLE):
        code = "<f" if kind == FIELD_TYPE.FLOAT else "<d"
        return struct.unpack_from(code, data, at)[0], at + struct.calcsize(code)
    length = data[at]
    at += 1
    if kind in (FIELD_TYPE.DATE, FIELD_TYPE.DATETIME, FIELD_TYPE.TIMESTAMP, FIELD_TYPE.TIME):
        return data[at:at + length].hex(), at + length
    if length >= 252:
        size = {252: 2, 253: 3, 254: 8}[length]
        length = int.from_bytes(data[at:at + size], "little")
        at += size
    value = data[at:at + length]
    return (value if column.charsetnr == BINARY_COLLATION else value.decode("utf8", "surrogateescape")), at + length
