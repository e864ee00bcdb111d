"""Sets of patients as decision diagrams: exact, shared, and quick to combine.

A node asks one variable, in one fixed order, and has a child for each of the variable's values. Two
sets that hold the same patients are the same number. After Bryant, IEEE Trans Comput 1986
(doi:10.1109/TC.1986.1676819), with as many children as a variable has values.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import repeat

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
        self._parts: dict[tuple[Set, Set], tuple[Set, Set]] = {}
        self._looked_at: dict[Set, frozenset[int]] = {}

    def node(self, variable: int, children: tuple[Set, ...]) -> Set:
        """The set that is each child where the variable has the child's value."""
        if children.count(children[0]) == len(children):
            return children[0]
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
            variable, pairs = self._pairs(a, b)
            kids = tuple([self.both(x, y) for x, y in pairs])
            found = self._both[key] = self.node(variable, kids)
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
            variable, pairs = self._pairs(a, b)
            kids = tuple([self.either(x, y) for x, y in pairs])
            found = self._either[key] = self.node(variable, kids)
        return found

    def split(self, a: Set, b: Set) -> tuple[Set, Set]:
        """The patients of the first set who are in the second, and those who are not."""
        if not a or b in (a, ALL):
            return a, NONE
        if not b:
            return NONE, a
        key = (a, b)
        found = self._parts.get(key)
        if found is None:
            variable, pairs = self._pairs(a, b)
            inside, outside = zip(*[self.split(x, y) for x, y in pairs], strict=True)
            found = self._parts[key] = self.node(variable, inside), self.node(variable, outside)
        return found

    def _pairs(self, a: Set, b: Set) -> tuple[int, Iterator[tuple[Set, Set]]]:
        """The variable that comes first in two sets, and their children by its values."""
        first, second = self.level[a], self.level[b]
        if first == second:
            return first, zip(self.children[a], self.children[b], strict=True)
        if first < second:
            return first, zip(self.children[a], repeat(b), strict=False)
        return second, zip(repeat(a), self.children[b], strict=False)

    def without(self, a: Set, b: Set) -> Set:
        """The patients of the first set that are not in the second."""
        return self.split(a, b)[1]

    def other(self, a: Set) -> Set:
        """The patients who are not in a set."""
        return self.split(ALL, a)[1]

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

        def kept(variable: int, kids: tuple[Set, ...]) -> Set:
            return self.node(variable, kids) if variable in keep else self.any(kids)

        return self._rebuilt(a, kept)

    def _rebuilt(self, a: Set, make: Callable[[int, tuple[Set, ...]], Set]) -> Set:
        """A set made anew from its lowest variables up."""
        done = {NONE: NONE, ALL: ALL}

        def rebuild(node: Set) -> Set:
            if node not in done:
                kids = tuple([rebuild(child) for child in self.children[node]])
                done[node] = make(self.level[node], kids)
            return done[node]

        return rebuild(a)

    def looked_at(self, a: Set) -> frozenset[int]:
        """The variables that decide who is in a set."""
        if a not in self._looked_at:
            self._looked_at[a] = frozenset(self.level[node] for node in self._under(a))
        return self._looked_at[a]

    def size(self, a: Set) -> int:
        """How many nodes a set is made of."""
        return len(self._under(a))

    def count(self, a: Set, variables: frozenset[int]) -> int:
        """How many patients are in a set, told apart by some variables: at least those it asks."""
        order = sorted(variables)
        rank = {variable: place for place, variable in enumerate([*order, len(self.sizes)])}
        ways = [1]
        for variable in reversed(order):
            ways.append(ways[-1] * self.sizes[variable])
        ways.reverse()
        found: dict[Set, int] = {NONE: 0, ALL: 1}

        def below(node: Set, after: int) -> int:
            """The patients under a child of a node; what lies between them is free."""
            return found[node] * (ways[after] // ways[rank[self.level[node]]])

        for node in sorted(self._under(a), key=lambda n: -self.level[n]):
            after = rank[self.level[node]] + 1
            found[node] = sum(below(child, after) for child in self.children[node])
        return below(a, 0)

    def _under(self, a: Set) -> set[Set]:
        found: set[Set] = set()
        ahead = [a]
        while ahead:
            node = ahead.pop()
            if node > ALL and node not in found:
                found.add(node)
                ahead += self.children[node]
        return found
