"""A crowd of clients in one process: opens its connections, and lets all of them work at once, as its parent says.
usage: crowd.py PORT PASSWORD COUNT FIRST_ID; words on stdin: connect, work NAME, quit; a line of JSON on stdout after each."""

import json
import sys
import time

import raw_client
from raw_client import RawClient


def ask_all(clients, sql_of):
    """Each client's statement is sent before any answer is read: all wait at once. Gives the rows of each."""
    for number, client in enumerate(clients):
        client.command(b"\x03" + sql_of(number).encode())
    return [read_answer(client) for client in clients]


def read_answer(client):
    first = client.read()
    if first[0] == 0:
        return []
    for _ in range(first[0]):
        client.read()
    assert client.read()[0] == 0xFE
    rows = []
    while (row := client.read())[0] != 0xFE:
        rows.append(RawClient.cells(row))
    return rows


def work(clients, first_id, name):
    """How many were answered rightly, of how many."""
    if name == "point":  # each asks for a row of its own, and says with a user variable who it is
        answers = ask_all(clients, lambda number: f"select id, @mine from member where id = {first_id + number}")
        expected = [[[str(first_id + number).encode(), str(first_id + number).encode()]] for number in range(len(clients))]
    elif name == "name":
        answers = ask_all(clients, lambda number: f"set @mine = {first_id + number}")
        expected = [[]] * len(clients)
    elif name == "write":
        answers = ask_all(clients, lambda number: f"update member set seen = seen + 1 where id = {first_id + number}")
        expected = [[]] * len(clients)
    else:
        raise ValueError(name)
    return {"right": sum(answer == wanted for answer, wanted in zip(answers, expected)), "of": len(clients)}


def main():
    port, password, count, first_id = int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    clients = []
    for line in sys.stdin:
        words = line.split()
        begin = time.monotonic()
        if words[0] == "quit":
            return
        if words[0] == "connect":
            clients = [RawClient(port, timeout=120).login("user", password, raw_client.COMMON, database="crowd") for _ in range(count)]
            done = {"connected": len(clients)}
        else:
            done = work(clients, first_id, words[1])
        print(json.dumps({**done, "seconds": round(time.monotonic() - begin, 2)}), flush=True)


if __name__ == "__main__":
    main()
