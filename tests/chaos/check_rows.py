"""Checkers that need no more than counting: rows that were written once, and the total of a bank."""

import collections

from history import FAILED, OK


def check_inserts(inserts, rows):
    """Each operation's value is the id of a row that it inserts, once for all; `rows` are the ids found in the end, one for each row.
    What was acknowledged is there, nothing is there twice, nothing that was refused is there, and nothing that nobody wrote."""
    found = collections.Counter(rows)
    known = {each.value for each in inserts}
    violations = [f"lost: it was acknowledged and is not there: {each}" for each in inserts if each.outcome == OK and not found[each.value]]
    violations += [f"refused and there: {each}" for each in inserts if each.outcome == FAILED and found[each.value]]
    violations += [f"doubled: id {id} is there {times} times" for id, times in found.items() if times > 1]
    violations += [f"of nobody: id {id} is there, and no client wrote it" for id in found if id not in known]
    return violations


def check_bank(totals, final, accounts, total):
    """Each operation's value is account → balance, as one transaction read it; `final` is the same, read when all was over."""
    violations = []
    for what, balances in [(str(each), each.value) for each in totals if each.outcome == OK] + [("in the end", final)]:
        if len(balances) != accounts:
            violations.append(f"{len(balances)} of {accounts} accounts were read: {what}")
        elif sum(balances.values()) != total:
            violations.append(f"the total is {sum(balances.values())} and not {total}: {what}")
    return violations
