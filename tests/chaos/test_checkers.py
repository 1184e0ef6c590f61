"""The checkers find what is wrong, and nothing in what is right: histories made by hand, and random ones of a model that is right."""

import itertools
import random

import pytest

from check_cycles import check_lists
from check_registers import check_registers
from check_rows import check_bank, check_inserts
from history import FAILED, OK, UNKNOWN, History, Operation, read_history


def operation(value, begin=0, end=1, outcome=OK, kind=""):
    return Operation(client="c", kind=kind, value=value, begin=begin, end=end, outcome=outcome)


def transactions(*values, outcomes=None):
    return [operation(list(map(list, value)), at * 2, at * 2 + 1, outcome) for at, (value, outcome) in enumerate(zip(values, outcomes or [OK] * len(values)))]


def names(anomalies):
    return sorted({each.name for each in anomalies})


# ------------------------------------------------------------------------------------------------ rows and totals


def test_inserts():
    inserts = [operation(1), operation(2, outcome=UNKNOWN), operation(3, outcome=UNKNOWN), operation(4, outcome=FAILED)]
    assert not check_inserts(inserts, [1, 2])
    assert not check_inserts(inserts, [1, 3])


@pytest.mark.parametrize("rows, what", [([2], "lost"), ([1, 1], "doubled"), ([1, 2, 2], "doubled"), ([1, 4], "refused and there"), ([1, 9], "of nobody")])
def test_inserts_that_went_wrong(rows, what):
    inserts = [operation(1), operation(2, outcome=UNKNOWN), operation(4, outcome=FAILED)]
    violations = check_inserts(inserts, rows)
    assert len(violations) == 1 and violations[0].startswith(what), violations


def test_bank():
    good, bad, few = {1: 60, 2: 40}, {1: 60, 2: 50}, {1: 100}
    assert not check_bank([operation(good), operation(bad, outcome=FAILED), operation(bad, outcome=UNKNOWN)], {1: 0, 2: 100}, 2, 100)
    assert len(check_bank([operation(bad)], good, 2, 100)) == 1
    assert len(check_bank([operation(few)], good, 2, 100)) == 1
    assert len(check_bank([operation(good)], bad, 2, 100)) == 1


# ------------------------------------------------------------------------------------------------ cycles


def a(key, element):
    return ("append", key, element)


def r(key, *elements):
    return ("read", key, list(elements))


SERIAL = ([a("x", 1), a("y", 1)], [r("x", 1), a("x", 2)], [r("x", 1, 2), r("y", 1)], [r("z")])

CYCLES = {
    # Each wrote behind the other.
    "G0": ([a("x", 1), a("y", 2)], [a("x", 2), a("y", 1)], [r("x", 1, 2), r("y", 1, 2)]),
    # Each saw what the other wrote.
    "G1c": ([a("x", 1), r("y", 1)], [a("y", 1), r("x", 1)]),
    # The reader saw one of a transaction's two writes: read skew.
    "G-single": ([a("x", 1), a("y", 1)], [r("x", 1), r("y")], [r("x", 1), r("y", 1)]),
    # Each read what the other then changed: write skew.
    "G2": ([r("x"), a("y", 1)], [r("y"), a("x", 1)], [r("x", 1), r("y", 1)]),
}
LOST_UPDATE = ([r("x"), a("x", 1)], [r("x"), a("x", 2)], [r("x", 1, 2)])
LONG_FORK = ([a("x", 1)], [a("y", 1)], [r("x", 1), r("y")], [r("x"), r("y", 1)], [r("x", 1), r("y", 1)])


def test_serial_history():
    assert not check_lists(transactions(*SERIAL), {"x": [1, 2], "y": [1], "z": []})


@pytest.mark.parametrize("name", CYCLES)
def test_cycles(name):
    found = check_lists(transactions(*CYCLES[name]))
    assert names(found) == [name]
    assert len(found) == 1
    text = str(found[0])
    assert text.count("the next one") >= 2 and "and so back to the first" in text, text


def test_lost_update_and_long_fork():
    assert names(check_lists(transactions(*LOST_UPDATE))) == ["G-single"]
    assert names(check_lists(transactions(*LONG_FORK))) == ["G2"]


def test_cycle_of_many():
    """Each of nine saw the one before, and the first one the last."""
    values = [[a(at, 1), r((at - 1) % 9, 1)] for at in range(9)]
    found = check_lists(transactions(*values))
    assert names(found) == ["G1c"] and str(found[0]).count("the next one") == 9
    values[0] = [a(0, 1)]
    assert not check_lists(transactions(*values))


def test_two_cycles_are_told_apart():
    renamed = [[(kind, f"other {key}", what) for kind, key, what in value] for value in CYCLES["G2"]]
    assert sorted(each.name for each in check_lists(transactions(*CYCLES["G0"], *renamed))) == ["G0", "G2"]


@pytest.mark.parametrize("name, values, outcomes, final", [
    ("G1a", ([a("x", 1)], [r("x", 1)]), [FAILED, OK], None),
    ("G1a", ([a("x", 1)],), [FAILED], {"x": [1]}),
    ("G1b", ([a("x", 1), a("x", 2)], [r("x", 1)], [r("x", 1, 2)]), None, None),
    ("internal", ([a("x", 1), r("x")],), None, None),
    ("internal", ([r("x"), r("x", 1)], [a("x", 1)]), None, None),
    ("incompatible order", ([a("x", 1)], [a("x", 2)], [r("x", 1, 2)], [r("x", 2)]), None, None),
    ("duplicate elements", ([a("x", 1)], [r("x", 1, 1)]), None, None),
    ("element of nobody", ([r("x", 7)],), None, None),
    ("lost append", ([a("x", 1)],), None, {"x": []}),
    ("lost append", ([a("x", 1)], [a("x", 2)]), None, {"x": [2]}),
])
def test_what_needs_no_cycle(name, values, outcomes, final):
    assert name in names(check_lists(transactions(*values, outcomes=outcomes), final))


def test_unknown_outcomes():
    """Of an unknown outcome: neither done nor not done is wrong, but once seen it counts with all it did."""
    unseen = transactions([a("x", 1), r("y", 5)], [r("x")], outcomes=[UNKNOWN, OK])
    assert not check_lists(unseen, {"x": []})
    assert not check_lists(unseen[:1] + transactions([a("y", 5)]), {"x": [1], "y": [5]})
    assert names(check_lists(transactions(*CYCLES["G1c"], outcomes=[UNKNOWN, OK]))) == ["G1c"]
    # Seen only by another that is unknown, which somebody has seen.
    chain = transactions([a("x", 1), a("z", 9)], [r("x", 1), a("y", 1)], [r("y", 1), r("z")], outcomes=[UNKNOWN, UNKNOWN, OK])
    assert names(check_lists(chain + transactions([r("z", 9)]))) == ["G-single"]


def random_transactions(source, count):
    """Of a database that does one after the other; some clients do not hear how it ended."""
    lists, elements, made = {key: [] for key in range(4)}, itertools.count(), []
    for at in range(count):
        outcome = source.choices([OK, FAILED, UNKNOWN], [8, 1, 1])[0]
        takes_place = outcome == OK or outcome == UNKNOWN and source.random() < 0.5
        before, value = {key: list(its) for key, its in lists.items()}, []
        for _ in range(source.randint(1, 4)):
            key = source.randrange(4)
            if source.random() < 0.5:
                lists[key].append(next(elements))
                value.append(["append", key, lists[key][-1]])
            else:
                value.append(["read", key, list(lists[key])])
        lists = lists if takes_place else before
        made.append(operation(value, at * 2, at * 2 + 1, outcome))
    return made, lists


@pytest.mark.parametrize("seed", range(20))
def test_random_serial_histories(seed):
    source = random.Random(seed)
    made, lists = random_transactions(source, 300)
    assert not check_lists(made, lists)
    # A read without the end of its list, in a transaction that saw something else of the one that wrote that end.
    acknowledged = {what[2]: each for each in made if each.outcome == OK for what in each.value if what[0] == "append"}
    stale, key, seen = next((each, *what[1:]) for each in made if each.outcome == OK for what in each.value
                            if what[0] == "read" and len(what[2]) > 3 and acknowledged.get(what[2][-1], each) is not each)
    acknowledged[seen[-1]].value.append(["append", "mark", 1])
    stale.value[:] = [["read", key, seen[:-3]], ["read", "mark", [1]]]
    assert {"G-single", "G2"} & set(names(check_lists(made)))


# ------------------------------------------------------------------------------------------------ registers


def register(*operations):
    return [operation(["k", *value], begin, end, outcome) for begin, end, value, outcome in operations]


GOOD = {
    "one after the other": register((0, 1, ["write", 1], OK), (2, 3, ["read", 1], OK), (4, 5, ["cas", 1, 2, True], OK), (6, 7, ["read", 2], OK)),
    "a read beside a write sees either": register((0, 9, ["write", 1], OK), (1, 2, ["read", None], OK), (3, 4, ["read", 1], OK)),
    "an unknown write may come late": register((0, 1, ["write", 1], UNKNOWN), (2, 3, ["read", None], OK), (8, 9, ["read", 1], OK)),
    "an unknown write may never come": register((0, 1, ["write", 1], UNKNOWN), (2, 3, ["read", None], OK)),
    "a refused write": register((0, 1, ["write", 1], FAILED), (2, 3, ["read", None], OK)),
    "an unknown cas may have been done": register((0, 1, ["write", 1], OK), (2, 3, ["cas", 1, 2, None], UNKNOWN), (4, 5, ["read", 2], OK)),
    "a cas that found another value": register((0, 1, ["write", 1], OK), (2, 3, ["cas", 7, 2, False], OK), (4, 5, ["read", 1], OK)),
}
BAD = {
    "a stale read": register((0, 1, ["write", 1], OK), (2, 3, ["write", 2], OK), (4, 5, ["read", 1], OK)),
    "a value that goes back": register((0, 9, ["write", 1], OK), (1, 2, ["read", 1], OK), (3, 4, ["read", None], OK)),
    "a lost write": register((0, 1, ["write", 1], OK), (2, 3, ["read", None], OK)),
    "a refused write that is seen": register((0, 1, ["write", 1], FAILED), (2, 3, ["read", 1], OK)),
    "read before it was written": register((0, 1, ["read", 1], OK), (2, 3, ["write", 1], OK)),
    "two cas from one value": register((0, 1, ["write", 1], OK), (2, 5, ["cas", 1, 2, True], OK), (3, 6, ["cas", 1, 3, True], OK)),
    "an unknown write that comes, goes and comes": register(
        (0, 1, ["write", 1], UNKNOWN), (2, 3, ["read", 1], OK), (4, 5, ["write", 2], OK), (6, 7, ["read", 2], OK), (8, 9, ["read", 1], OK)),
    "a cas that was refused though it found its value": register((0, 1, ["write", 1], OK), (2, 3, ["cas", 1, 2, False], OK)),
}


@pytest.mark.parametrize("name", GOOD)
def test_good_registers(name):
    assert not check_registers(GOOD[name])


@pytest.mark.parametrize("name", BAD)
def test_bad_registers(name):
    found = check_registers(BAD[name])
    assert len(found) == 1 and "not linearizable" in found[0]


def random_register(source, count, clients):
    """Operations that take effect at a moment between their begin and their end; no client does two at once."""
    begins, moments = [0] * clients, []
    for at in range(count):
        client = source.randrange(clients)
        begin = begins[client] + source.randint(1, 5)
        moment, end = sorted(source.sample(range(begin + 1, begin + 30), 2))
        begins[client] = end
        moments.append((moment, source.random(), begin, end, at))
    value, made = None, []
    for moment, chance, begin, end, at in sorted(moments):
        outcome = OK if chance > 0.1 else UNKNOWN
        what = [["read", value], ["write", at], ["cas", value, at, True], ["cas", -1, at, False]][int(chance * 1000) % 4]
        takes_place = outcome == OK or source.random() < 0.5
        if takes_place and what[0] == "write" or takes_place and what[0] == "cas" and what[3]:
            value = at
        if outcome == UNKNOWN and what[0] == "cas":
            what = [*what[:3], None]
        made.append((begin, end, what, outcome))
    return register(*made)


@pytest.mark.parametrize("seed", range(20))
def test_random_registers(seed):
    source = random.Random(seed)
    made = random_register(source, 80, 6)
    assert not check_registers(made)
    # A read that comes after all has ended and sees what was overwritten long ago.
    writes = [each for each in made if each.outcome == OK and each.value[1] == "write"]
    assert check_registers(made + [operation(["k", "read", writes[0].value[2]], 10_000, 10_001)]) or made[-1].value[-1] == writes[0].value[2]


def test_registers_are_judged_one_by_one():
    other = [operation(["l", *each.value[1:]], each.begin, each.end) for each in GOOD["one after the other"]]
    found = check_registers(BAD["a stale read"] + other)
    assert len(found) == 1 and "register k" in found[0]


# ------------------------------------------------------------------------------------------------ history


def test_history_is_kept_in_a_file(tmp_path):
    history = History(tmp_path / "history.jsonl")
    for value in (1, [["append", 1, 2]], {"a": 1}):
        history.add(operation(value, kind="insert"))
    history.close()
    assert read_history(tmp_path / "history.jsonl") == history.operations
    assert [each.number for each in history.operations] == [0, 1, 2]
