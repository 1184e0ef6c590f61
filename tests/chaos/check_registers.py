"""Whether what clients read of registers and wrote to them could have happened at one moment each, between asking and the answer.

Wing and Gong's search (Testing and Verifying Concurrent Objects, 1993) with Lowe's memory of what was tried (Testing for Linearizability,
2017): some order of the operations is built up one by one, of those that may come next, and taken back where it does not go on; a set of
operations done with the same value after them is not tried twice. Registers do not depend on each other, so each is judged alone
(Herlihy and Wing: linearizability is local).

An operation's value is [register, "read", value], [register, "write", value], or [register, "cas", old, new, done]: done is None where the
answer was lost. An operation of unknown outcome may come at any time after its begin, or never.
"""

import collections

from history import FAILED, OK, UNKNOWN

TRIES_MAX = 2_000_000
NEVER = float("inf")


def check_registers(operations, initial=None):
    """What is wrong, as texts. `initial` is every register's first value."""
    registers = collections.defaultdict(list)
    for each in operations:
        if each.outcome != FAILED and not (each.outcome == UNKNOWN and each.value[1] == "read"):
            registers[each.value[0]].append(each)
    violations = []
    for register, its in registers.items():
        best = Search(its, initial).run()
        if best is not None:
            violations.append(explain(register, its, *best))
    return violations


def apply(value, operation):
    """(whether the operation may see this value, the value after it)"""
    _, kind, *arguments = operation.value
    if kind == "read":
        return value == arguments[0], value
    if kind == "write":
        return True, arguments[0]
    old, new, done = arguments
    if operation.outcome == UNKNOWN or done is None:
        return True, new if value == old else value
    return done == (value == old), new if done else value


class Search:
    """Depth first, over sets of operations that are done, as bits."""

    def __init__(self, operations, initial):
        self.operations = sorted(operations, key=lambda each: each.begin)
        self.ends = [each.end if each.outcome == OK else NEVER for each in self.operations]
        self.needed = sum(1 << at for at, end in enumerate(self.ends) if end != NEVER)
        self.initial = initial

    def run(self):
        """Nothing if there is an order; else (the most operations that any order came to, why it ended)."""
        seen, best, tries = set(), 0, 0
        stack = [(0, self.initial)]
        while stack:
            done, value = stack.pop()
            if done & self.needed == self.needed:
                return None
            best = max(best, done, key=lambda bits: bin(bits & self.needed).count("1"))
            tries += 1
            if tries > TRIES_MAX:
                return best, f"undecided after {TRIES_MAX} tries"
            for at in reversed(self.next_ones(done)):
                possible, after = apply(value, self.operations[at])
                state = (done | 1 << at, after)
                if possible and state not in seen:
                    seen.add(state)
                    stack.append(state)
        return best, "not linearizable"

    def next_ones(self, done):
        """Those that began before any that is not done has ended; what need not have happened is the last resort."""
        found, first_end = [], NEVER
        for at, each in enumerate(self.operations):
            if done >> at & 1:
                continue
            if each.begin > first_end:
                break
            first_end = min(first_end, self.ends[at])
            found.append(at)
        return sorted(found, key=lambda at: self.ends[at] == NEVER)


def explain(register, operations, best, why):
    ordered = sorted(operations, key=lambda each: each.begin)
    left = [each for at, each in enumerate(ordered) if not best >> at & 1]
    lines = [f"register {register} is {why}: of {len(ordered)} operations, no order goes past {len(ordered) - len(left)}. What is left begins with"]
    first = ordered.index(left[0]) if left else 0
    lines += [f"{'  ' if best >> at & 1 else '* '}{each}" for at, each in enumerate(ordered) if at >= max(0, first - 6)][:24]
    return "\n  ".join(lines)
