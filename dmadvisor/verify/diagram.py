"""Sets of patients as decision diagrams: exact, shared, and quick to combine.

A node asks one variable, in one fixed order, and has a child for each of the variable's values. Two
sets that hold the same patients are the same number. After Bryant, IEEE Trans Comput 1986
(doi:10.1109/TC.1986.1676819), with as many children as a variable has values.
"""

from collections.abc import Callable, Iterable, Sequence

Set = int
"""A node; the patients whose answers lead from it to ALL."""

NONE: Set = 0
ALL: Set = 1


class Diagram:
    """All sets over one order of variables, each of which has a number of values."""

    def __init__(self, sizes: Sequence[int]) -> None:
        self.sizes = sizes
        self.level = [len(sizes), len(sizes)]
        """The variable that each node asks."""
        self.children: list[tuple[Set, ...]] = [(), ()]
        self._nodes: dict[tuple[int, tuple[Set, ...]], Set] = {}
        self._both: dict[tuple[Set, Set], Set] = {}
        self._either: dict[tuple[Set, Set], Set] = {}
        self._without: dict[tuple[Set, Set], Set] = {}

    def node(self, variable: int, children: tuple[Set, ...]) -> Set:
        """The set that is each child where the variable has the child's value."""
        first = children[0]
        if children.count(first) == len(children):
            return first
        key = (variable, children)
        found = self._nodes.get(key)
        if found is None:
            found = self._nodes[key] = len(self.level)
            self.level.append(variable)
            self.children.append(children)
        return found

    def where(self, variable: int, values: Iterable[int]) -> Set:
        """The patients in whom a variable has one of these values."""
        wanted = set(values)
        return self.node(variable, tuple(int(v in wanted) for v in range(self.sizes[variable])))

    def both(self, a: Set, b: Set) -> Set:
        """The patients in both sets."""
        if b in (a, ALL):
            return a
        if a == ALL:
            return b
        if not a or not b:
            return NONE
        key = (a, b) if a < b else (b, a)
        found = self._both.get(key)
        if found is None:
            found = self._both[key] = self._apply(self.both, a, b)
        return found

    def either(self, a: Set, b: Set) -> Set:
        """The patients in at least one of two sets."""
        if not b or a in (b, ALL):
            return a
        if not a or b == ALL:
            return b
        key = (a, b) if a < b else (b, a)
        found = self._either.get(key)
        if found is None:
            found = self._either[key] = self._apply(self.either, a, b)
        return found

    def without(self, a: Set, b: Set) -> Set:
        """The patients of the first set that are not in the second."""
        if not a or b in (a, ALL):
            return NONE
        if not b:
            return a
        key = (a, b)
        found = self._without.get(key)
        if found is None:
            found = self._without[key] = self._apply(self.without, a, b)
        return found

    def _apply(self, combine: Callable[[Set, Set], Set], a: Set, b: Set) -> Set:
        """Two sets combined child by child."""
        first, second = self.level[a], self.level[b]
        if first == second:
            kids = [combine(x, y) for x, y in zip(self.children[a], self.children[b], strict=True)]
        elif first < second:
            kids = [combine(x, b) for x in self.children[a]]
        else:
            kids = [combine(a, y) for y in self.children[b]]
        return self.node(min(first, second), tuple(kids))

    def other(self, a: Set) -> Set:
        """The patients who are not in a set."""
        return self.without(ALL, a)

    def any(self, sets: Iterable[Set]) -> Set:
        """The patients in at least one of some sets."""
        found = NONE
        for each in sets:
            found = self.either(found, each)
        return found

    def all(self, sets: Iterable[Set]) -> Set:
        """The patients in every one of some sets."""
        found = ALL
        for each in sets:
            found = self.both(found, each)
        return found

    def has(self, a: Set, values: Sequence[int]) -> bool:
        """Whether the patient whose variables have these values is in a set."""
        while a > ALL:
            a = self.children[a][values[self.level[a]]]
        return a == ALL

    def forget(self, a: Set, keep: frozenset[int]) -> Set:
        """The patients who agree with one of a set on the variables to keep."""
        done = {NONE: NONE, ALL: ALL}

        def forget(node: Set) -> Set:
            if node not in done:
                kids = tuple(forget(child) for child in self.children[node])
                kept = self.level[node] in keep
                done[node] = self.node(self.level[node], kids) if kept else self.any(kids)
            return done[node]

        return forget(a)

    def one(self, a: Set, rank: Callable[[int, int], int]) -> dict[int, int]:
        """The values of the variables that one patient of a set needs; of lowest rank first."""
        found: dict[int, int] = {}
        while a != ALL:
            variable, kids = self.level[a], self.children[a]
            possible = (value for value, child in enumerate(kids) if child)
            found[variable] = min(possible, key=lambda value: rank(variable, value))
            a = kids[found[variable]]
        return found
