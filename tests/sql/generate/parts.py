"""Statements as trees that can be printed and made smaller."""


class Part:
    """Text with parts in it. Of a `kind`, where another part of that kind may stand in its place."""

    def __init__(self, *pieces, kind=None):
        self.pieces = list(pieces)
        self.kind = kind

    def __str__(self):
        return "".join(map(str, self.pieces))

    def children(self):
        return [piece for piece in self.pieces if isinstance(piece, (Part, Many))]

    def replace(self, old, new):
        self.pieces = [new if piece is old else piece for piece in self.pieces]


class Many:
    """A list of parts of which some can go: all but `least`. Empty, it prints nothing, its head neither."""

    def __init__(self, parts, separator=", ", head="", least=0, tail=""):
        self.pieces = list(parts)
        self.separator, self.head, self.least, self.tail = separator, head, least, tail
        self.kind = None

    def __str__(self):
        return self.head + self.separator.join(map(str, self.pieces)) + self.tail if self.pieces else ""

    def children(self):
        return self.pieces

    def replace(self, old, new):
        self.pieces = [new if piece is old else piece for piece in self.pieces]


def everything(part):
    yield part
    for child in part.children():
        yield from everything(child)


SIMPLEST = {"int": "1", "dec": "1.5", "dbl": "1e0", "str": "'a'", "ci": "'a'", "date": "date '2026-01-01'", "bool": "true"}


def edits(tree):
    """Ways to make the tree smaller, biggest first: pairs of functions, of which the second undoes the first."""
    found = []
    for part in everything(tree):
        if isinstance(part, Many):
            found += [removal(part, at) for at in range(len(part.pieces)) if len(part.pieces) > part.least]
            continue
        for child in part.children():
            found += [replacement(part, child, other) for other in everything(child)
                      if child.kind and other is not child and other.kind == child.kind]
            if child.kind in SIMPLEST and str(child) != SIMPLEST[child.kind]:
                found.append(replacement(part, child, Part(SIMPLEST[child.kind], kind=child.kind)))
    return [(do, undo) for _, do, undo in sorted(found, key=lambda each: -each[0])]


def removal(many, at):
    before = list(many.pieces)

    def do():
        many.pieces = before[:at] + before[at + 1:]

    def undo():
        many.pieces = before

    return len(str(before[at])), do, undo


def replacement(parent, old, new):
    return len(str(old)) - len(str(new)), lambda: parent.replace(old, new), lambda: parent.replace(new, old)
