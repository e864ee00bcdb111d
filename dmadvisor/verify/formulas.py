"""Sets of patients as formulas: cheap to combine, and searched only for whoever is in them.

A formula says that a variable has some value, or that several formulas hold, or that another one
does not. Equal formulas are one number; formulas that hold for the same patients need not be. What
is in both of two sets is written down and not worked out: ``solver`` looks for somebody.

The numbers are those of and-inverter graphs: 0 holds for nobody and 1 for everybody, and an odd
number says that the even one before it does not hold.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

Set = int
"""A formula; the patients for whom it holds."""

NONE: Set = 0
ALL: Set = 1


class Atom(NamedTuple):
    """That a variable has one of its values, other than 0."""

    variable: int
    value: int


class Formulas:
    """All formulas over some variables, each of which has a number of values from 0 on."""

    def __init__(self) -> None:
        self.sizes: list[int] = []
        """How many values each variable has."""
        self.laws: list[tuple[Set, ...]] = []
        """What is so for everybody: of each of these one holds."""
        self._atoms: list[dict[int, Set]] = []
        self._atom: list[Atom | None] = [None]
        self._parts: list[tuple[Set, ...]] = [()]
        self._known: dict[tuple[Set, ...], Set] = {}
        self._looks: list[frozenset[int] | None] = [frozenset()]

    def __len__(self) -> int:
        """How many formulas there are, without their opposites."""
        return len(self._parts)

    # -- variables -------------------------------------------------------------------------

    def variable(self, size: int) -> int:
        """A new variable with so many values."""
        variable = len(self.sizes)
        self.sizes.append(size)
        atoms = {value: self._new((), Atom(variable, value)) for value in range(1, size)}
        self._atoms.append(atoms)
        self.laws += [(one ^ 1, other ^ 1) for one, other in combinations(atoms.values(), 2)]
        return variable

    def where(self, variable: int, values: Iterable[int]) -> Set:
        """The patients in whom a variable has one of these values."""
        wanted, atoms = set(values), self._atoms[variable]
        if 0 in wanted:
            return self.all(atom ^ 1 for value, atom in atoms.items() if value not in wanted)
        return self.any(atom for value, atom in atoms.items() if value in wanted)

    # -- formulas --------------------------------------------------------------------------

    def all(self, sets: Iterable[Set]) -> Set:
        """The patients in every one of some sets."""
        found = {*sets}
        found.discard(ALL)
        if NONE in found or any(part ^ 1 in found for part in found):
            return NONE
        if len(found) < 2:
            return next(iter(found), ALL)
        key = tuple(sorted(found))
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._new(key, None)
        return known

    def _new(self, parts: tuple[Set, ...], atom: Atom | None) -> Set:
        self._parts.append(parts)
        self._atom.append(atom)
        self._looks.append(None)
        return 2 * (len(self._parts) - 1)

    def any(self, sets: Iterable[Set]) -> Set:
        """The patients in at least one of some sets."""
        return self.all([each ^ 1 for each in sets]) ^ 1

    def both(self, a: Set, b: Set) -> Set:
        """The patients in both sets."""
        return self.all((a, b))

    def either(self, a: Set, b: Set) -> Set:
        """The patients in at least one of two sets."""
        return self.all((a ^ 1, b ^ 1)) ^ 1

    def other(self, a: Set) -> Set:
        """The patients who are not in a set."""
        return a ^ 1

    def without(self, a: Set, b: Set) -> Set:
        """The patients of the first set that are not in the second."""
        return self.all((a, b ^ 1))

    def at_least(self, sets: Iterable[Set]) -> list[Set]:
        """The patients who are in at least 0, 1, 2 ... of some sets, and in more than there are."""
        found = [ALL, NONE]
        for each in sets:
            more = [self.both(each, fewer) for fewer in found]
            found = [ALL, *map(self.either, found[1:], more), NONE]
        return found

    # -- what is in them -------------------------------------------------------------------

    def atom(self, a: Set) -> Atom | None:
        """The value that an even formula is about by itself; None if it is made of others."""
        return self._atom[a >> 1]

    def parts(self, a: Set) -> tuple[Set, ...]:
        """The formulas that have to hold for an even formula to hold; none for an atom."""
        return self._parts[a >> 1]

    def has(self, a: Set, values: Sequence[int]) -> bool:
        """Whether the patient whose variables have these values is in a set."""
        known: dict[Set, bool] = {NONE: False}

        def holds(each: Set) -> bool:
            even = each & ~1
            if even not in known:
                atom = self.atom(even)
                if atom is None:
                    known[even] = all(map(holds, self.parts(even)))
                else:
                    known[even] = values[atom.variable] == atom.value
            return known[even] != bool(each & 1)

        return holds(a)

    def looked_at(self, a: Set) -> frozenset[int]:
        """The variables that decide who is in a set."""
        found = self._looks[a >> 1]
        if found is None:
            atom = self.atom(a)
            if atom is None:
                found = frozenset[int]().union(*map(self.looked_at, self.parts(a)))
            else:
                found = frozenset([atom.variable])
            self._looks[a >> 1] = found
        return found


class Given:
    """Who would be in a set if some variables had some values, and the others those they have."""

    def __init__(self, formulas: Formulas, values: Mapping[int, int]) -> None:
        self.formulas = formulas
        self.values = values
        self._done: dict[Set, Set] = {}

    def __call__(self, a: Set) -> Set:
        """The patients who would be in one set."""
        if self.values.keys().isdisjoint(self.formulas.looked_at(a)):
            return a
        even = a & ~1
        if even not in self._done:
            atom = self.formulas.atom(even)
            if atom is None:
                found = self.formulas.all(map(self, self.formulas.parts(even)))
            else:
                found = ALL if self.values[atom.variable] == atom.value else NONE
            self._done[even] = found
        return self._done[even] ^ (a & 1)
