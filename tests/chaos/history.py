"""What clients did and what they were told: the record that checkers judge."""

import dataclasses
import json
import threading

OK = "ok"  # acknowledged: it has happened
FAILED = "failed"  # refused: it has not happened and never will
UNKNOWN = "unknown"  # the answer was lost: it may happen at any time from its begin on, or never


@dataclasses.dataclass
class Operation:
    """One statement or transaction of one client. Times are nanoseconds of one clock."""

    client: str
    kind: str
    value: object
    begin: int
    end: int = 0
    outcome: str = UNKNOWN
    error: str = ""
    number: int = 0  # in its history

    def __str__(self):
        tail = f" ({self.error})" if self.error else ""
        return f"#{self.number} {self.client} {self.begin / 1e9:.3f}…{self.end / 1e9:.3f} {self.kind} {json.dumps(self.value)} {self.outcome}{tail}"


class History:
    """Operations in the order in which they ended, from many threads; each is a line of a file as well."""

    def __init__(self, path=None):
        self.operations = []
        self._lock = threading.Lock()
        self._file = open(path, "w") if path else None

    def add(self, operation):
        with self._lock:
            operation.number = len(self.operations)
            self.operations.append(operation)
            if self._file:
                self._file.write(json.dumps(dataclasses.asdict(operation)) + "\n")

    def of(self, kind):
        return [each for each in self.operations if each.kind == kind]

    def close(self):
        if self._file:
            self._file.close()


def read_history(path):
    """The operations of a file that History wrote."""
    with open(path) as file:
        return [Operation(**json.loads(line)) for line in file]
