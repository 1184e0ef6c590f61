"""Whether transactions that append to lists and read them could have run one after the other.

The idea is that of Elle (Kingsbury and Alvaro, "Elle: Inferring Isolation Anomalies from Experimental Observations", VLDB 2020), for its
list-append workload: each element is appended once, so that whoever reads a list sees the order in which all before were written. From it
follow the dependencies between transactions, in the words of Adya's thesis (1999):

  ww  one appended right behind what the other had appended
  wr  one read a list that ends with what the other appended
  rw  one read a list that the other then made longer

Transactions that are serializable have no cycle of these. What a cycle is called depends on what it needs: G0 has ww alone, G1c ww and wr,
G-single exactly one rw, G2 several. Besides, G1a is a read of what was rolled back, G1b a read of what its writer had not finished.

A transaction's value is a list of ["append", key, element] and ["read", key, elements], in the order in which it did them.
"""

import collections
import dataclasses

from history import FAILED, OK, UNKNOWN


@dataclasses.dataclass
class Anomaly:
    name: str
    lines: list

    def __str__(self):
        return "\n  ".join([self.name + ":"] + self.lines)


def check_lists(transactions, final=None):
    """All anomalies. `final` (key → elements), if given, was read when all was over: an append that was acknowledged must be there."""
    return Lists(transactions, final).check()


class Lists:
    """What was read, put together."""

    def __init__(self, transactions, final):
        self.all = transactions
        self.final = final
        self.anomalies = []
        self.writer = {}  # (key, element) → transaction
        for each in transactions:
            for kind, key, what in each.value:
                if kind == "append":
                    assert (key, what) not in self.writer, f"element {what} of list {key} is appended twice: the history is not one of this kind"
                    self.writer[key, what] = each
        self.committed = self.committed_transactions()
        self.orders = {}

    def check(self):
        self.find_orders()
        for each in self.committed:
            self.check_inside(each)
            self.check_reads(each)
        self.check_lost()
        graph = self.dependencies()
        return self.anomalies + find_cycles(graph)

    def add(self, name, *lines):
        self.anomalies.append(Anomaly(name, [str(line) for line in lines]))

    # -------------------------------------------------------------------------------------------- versions

    def committed_transactions(self):
        """Those that were acknowledged, and those of unknown outcome that somebody has seen, which have committed therefore."""
        committed = [each for each in self.all if each.outcome == OK]
        maybe = [each for each in self.all if each.outcome == UNKNOWN]
        seen = {(key, element) for key, elements in (self.final or {}).items() for element in elements}
        looked = 0
        while looked < len(committed):
            seen |= {(key, element) for _, key, elements in reads(committed[looked]) for element in elements}
            looked += 1
            if looked == len(committed):
                found = [each for each in maybe if any((key, element) in seen for _, key, element in appends(each))]
                committed += found
                maybe = [each for each in maybe if each not in found]
        return committed

    def find_orders(self):
        """The longest list that was read of each key is its order; all others must be beginnings of it."""
        all_reads = [(each, key, elements) for each in self.committed for _, key, elements in reads(each)]
        all_reads += [("in the end", key, elements) for key, elements in (self.final or {}).items()]
        for who, key, elements in all_reads:
            if len(elements) > len(self.orders.get(key, (None, []))[1]):
                self.orders[key] = (who, elements)
        for who, key, elements in all_reads:
            longest_of, longest = self.orders[key] if elements else (None, [])
            if longest[: len(elements)] != elements:
                self.add("incompatible order", f"list {key} was read as {elements} and as {longest}", who, longest_of)
        for key, (who, elements) in self.orders.items():
            twice = [element for element, times in collections.Counter(elements).items() if times > 1]
            if twice:
                self.add("duplicate elements", f"list {key} has {twice} more than once: {elements}", who)
            for element in elements:
                if (key, element) not in self.writer:
                    self.add("element of nobody", f"list {key} has {element}, which no transaction appended: {elements}", who)

    # -------------------------------------------------------------------------------------------- single transactions

    def check_inside(self, transaction):
        """Within itself a transaction sees what it read before, and what it appended since."""
        known, own = {}, collections.defaultdict(list)
        for kind, key, what in transaction.value:
            if kind == "append":
                own[key].append(what)
                continue
            expected = known.get(key, what[: len(what) - len(own[key])]) + own[key]
            if what != expected:
                self.add("internal", f"list {key} is read as {what} where the transaction itself has seen {expected}", transaction)
            known[key], own[key] = what, []

    def check_reads(self, transaction):
        for _, key, elements in reads(transaction):
            for element in elements:
                writer = self.writer.get((key, element))
                if writer is not None and writer.outcome == FAILED:
                    self.add("G1a", f"{element} of list {key} was read, and its transaction was rolled back", transaction, writer)
            last_writer = self.writer.get((key, elements[-1])) if elements else None
            if last_writer is None or last_writer is transaction:
                continue
            of_writer = [what for _, of, what in appends(last_writer) if of == key]
            if elements[-1] != of_writer[-1]:
                self.add("G1b", f"list {key} was read up to {elements[-1]}, and its transaction went on to {of_writer[-1]}", transaction, last_writer)

    def check_lost(self):
        if self.final is None:
            return
        for each in self.all:
            for _, key, element in appends(each):
                there = element in self.final.get(key, [])
                if each.outcome == OK and not there:
                    self.add("lost append", f"{element} is not in list {key} in the end: {self.final.get(key)}", each)
                if each.outcome == FAILED and there:
                    self.add("G1a", f"{element} is in list {key} in the end, and its transaction was rolled back", each)

    # -------------------------------------------------------------------------------------------- between transactions

    def dependencies(self):
        graph = Graph()
        committed = {id(each) for each in self.committed}

        def edge(kind, source, target, why):
            if source is not None and target is not None and source is not target and id(source) in committed and id(target) in committed:
                graph.add(kind, source, target, why)

        for key, (_, order) in self.orders.items():
            for first, second in zip(order, order[1:]):
                edge("ww", self.writer.get((key, first)), self.writer.get((key, second)), f"appended {second} to list {key} right behind {first}")
        for each in self.committed:
            for _, key, elements in reads(each):
                if elements:
                    edge("wr", self.writer.get((key, elements[-1])), each, f"read list {key} up to {elements[-1]}")
                order = self.orders.get(key, (None, []))[1]
                if len(elements) < len(order) and order[: len(elements)] == elements:
                    after = order[len(elements)]
                    edge("rw", each, self.writer.get((key, after)), f"appended {after} to list {key}, which the one before had read without it")
        return graph


def appends(transaction):
    return [each for each in transaction.value if each[0] == "append"]


def reads(transaction):
    return [each for each in transaction.value if each[0] == "read" and each[2] is not None]


# ------------------------------------------------------------------------------------------------ cycles


class Graph:
    def __init__(self):
        self.nodes = {}  # id → transaction
        self.edges = collections.defaultdict(dict)  # id → id → {kind: why}

    def add(self, kind, source, target, why):
        self.nodes[id(source)], self.nodes[id(target)] = source, target
        self.edges[id(source)].setdefault(id(target), {}).setdefault(kind, why)

    def successors(self, node, kinds, within=None):
        return [to for to, found in self.edges.get(node, {}).items() if (within is None or to in within) and not kinds.isdisjoint(found)]

    def path(self, source, target, kinds, within):
        """The shortest from source to target as nodes, or nothing."""
        before, queue = {source: None}, collections.deque([source])
        while queue:
            node = queue.popleft()
            if node == target:
                path = []
                while node is not None:
                    path.append(node)
                    node = before[node]
                return path[::-1]
            for to in self.successors(node, kinds, within):
                if to not in before:
                    before[to] = node
                    queue.append(to)
        return None


def components(graph, kinds):
    """Strongly connected components of more than one node (Tarjan's algorithm, without recursion)."""
    index, low, on_stack, stack, found = {}, {}, set(), [], []
    for root in list(graph.nodes):
        if root in index:
            continue
        work = [(root, iter(graph.successors(root, kinds)))]
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        while work:
            node, rest = work[-1]
            to = next(rest, None)
            if to is not None and to not in index:
                index[to] = low[to] = len(index)
                stack.append(to)
                on_stack.add(to)
                work.append((to, iter(graph.successors(to, kinds))))
                continue
            if to is not None:
                if to in on_stack:
                    low[node] = min(low[node], index[to])
                continue
            work.pop()
            if work:
                low[work[-1][0]] = min(low[work[-1][0]], low[node])
            if low[node] == index[node]:
                at = stack.index(node)
                component = set(stack[at:])
                del stack[at:]
                on_stack -= component
                if len(component) > 1:
                    found.append(component)
    return found


# Name of a cycle, the kind of edge that it is looked for by, and what it may have besides.
CYCLES = (
    ("G0", "ww", {"ww"}),
    ("G1c", "wr", {"ww", "wr"}),
    ("G-single", "rw", {"ww", "wr"}),
    ("G2", "rw", {"ww", "wr", "rw"}),
)


def find_cycles(graph):
    """The shortest cycle of the simplest name in each part of the graph that has any."""
    anomalies = []
    for component in components(graph, {"ww", "wr", "rw"}):
        for name, needed, others in CYCLES:
            cycle = shortest_cycle(graph, component, needed, others)
            if cycle:
                anomalies.append(Anomaly(name, describe(graph, cycle, {needed} | others)))
                break
    return anomalies


def shortest_cycle(graph, component, needed, others):
    shortest = None
    for source in component:
        for target in graph.successors(source, {needed}, component):
            back = graph.path(target, source, others, component)
            if back and (shortest is None or len(back) < len(shortest)):
                shortest = back
    return shortest


def describe(graph, cycle, kinds):
    """`cycle` begins where the needed edge ends, and ends where it begins."""
    lines = []
    for node, to in zip(cycle, cycle[1:] + cycle[:1]):
        found = graph.edges[node][to]
        kind = next(kind for kind in ("ww", "wr", "rw") if kind in found and kind in kinds)
        lines += [str(graph.nodes[node]), f"  {kind}: the next one {found[kind]}"]
    return lines + ["and so back to the first"]
