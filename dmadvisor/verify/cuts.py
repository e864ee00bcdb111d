"""Finding a patient who lacks many things at once, without working out who lacks them all."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from dmadvisor.verify.diagram import NONE, Diagram, Set
from dmadvisor.verify.space import Space

Values = Sequence[int]
"""One patient: the value of every variable."""


class Cut(NamedTuple):
    """A condition that patients have to meet, such as to lack one thing."""

    of: Callable[[Set], Set]
    """Of some patients those who meet it."""
    leaves: Callable[[Values], bool]
    """Whether one patient meets it."""
    ways: tuple["Case", ...] = ()
    """The ways to meet it, where a search does well to take them one by one."""
    but_not: tuple[Set, ...] = ()
    """The sets to be in one of; a way into none of them soon leaves nobody."""


class Case(NamedTuple):
    """One way in which something comes about: in all of some sets, in none of others."""

    among: tuple[Set, ...]
    but_not: tuple[Set, ...]
    cuts: tuple[Cut, ...] = ()

    def of(self, diagram: Diagram, patients: Set) -> Set:
        """Of some patients those to whom it comes about in this way."""
        found = having(diagram, patients, self.among, self.but_not)
        for cut in self.cuts if found else ():
            found = cut.of(found)
        return found

    def holds(self, diagram: Diagram, values: Values) -> bool:
        """Whether it comes about in this way to one patient."""
        return (
            all(diagram.has(each, values) for each in self.among)
            and not any(diagram.has(each, values) for each in self.but_not)
            and all(cut.leaves(values) for cut in self.cuts)
        )


def meeting(diagram: Diagram, ways: Iterable[Case]) -> Cut:
    """To meet something in one of some ways."""
    every = tuple(ways)
    return Cut(
        lambda patients: diagram.any(way.of(diagram, patients) for way in every),
        lambda values: any(way.holds(diagram, values) for way in every),
        every,
    )


def lacking(diagram: Diagram, among: Sequence[Set], but_not: Sequence[Set] = ()) -> Cut:
    """Not to be in all of some sets, or to be in one of others."""

    def of(patients: Set) -> Set:
        return diagram.without(patients, having(diagram, patients, among, but_not))

    def leaves(values: Values) -> bool:
        if not all(diagram.has(each, values) for each in among):
            return True
        return any(diagram.has(each, values) for each in but_not)

    return Cut(of, leaves, but_not=tuple(but_not))


def having(diagram: Diagram, patients: Set, among: Iterable[Set], but_not: Iterable[Set]) -> Set:
    """Who of some patients is in all of some sets, and in none of others."""
    found = diagram.all((patients, *among))
    for each in but_not:
        found = diagram.without(found, each)
    return found


def left_by_all(space: Space, patients: Set, cuts: Iterable[Cut]) -> Set:
    """One of the patients whom every cut leaves, with no answer too many; NONE for nobody."""
    every = list(cuts)
    one = one_left(space, patients, every)
    if one is None:
        return NONE
    return space.with_values(dict(enumerate(_shortened(space, patients, every, one))))


def one_left(
    space: Space, patients: Set, cuts: Iterable[Cut], most: int | None = None
) -> list[int] | None:
    """The values of one of the patients whom every cut leaves; None when there is nobody.

    Who lacks a dozen things is a large set, and one who does is all that is wanted. So one patient
    is tried, and only a cut that takes this one away is made to the whole set. Before that the
    ways to meet a cut are taken one by one: what contradicts a way leaves nobody at once. After
    ``most`` cuts the search gives up.
    """
    left = list(cuts)
    enough = len(left) - most if most is not None else -1
    while patients and len(left) > enough:
        one = space.one_of(patients)
        takes = next((cut for cut in left if not cut.leaves(one)), None)
        if takes is None:
            return one
        takes = next((cut for cut in left if cut.ways), takes)
        left.remove(takes)
        if takes.ways:
            return _by_ways(space, patients, takes.ways, left, most)
        patients = takes.of(patients)
    return None


def _by_ways(
    space: Space, patients: Set, ways: Iterable[Case], cuts: list[Cut], most: int | None
) -> list[int] | None:
    for way in ways:
        found = having(space.diagram, patients, way.among, way.but_not)
        left = []
        for cut in cuts:
            if set(cut.but_not).isdisjoint(way.but_not):
                left.append(cut)
            else:
                found = cut.of(found)
        one = one_left(space, found, (*way.cuts, *left), most)
        if one is not None:
            return one
    return None


def _shortened(space: Space, patients: Set, cuts: list[Cut], one: list[int]) -> list[int]:
    """The same patient without the answers that do not matter: none more can be left out."""
    for column in reversed(space.columns.values()):
        for variables in (
            [column.first, *column.each.values()],
            *([v] for v in column.each.values()),
        ):
            fewer = list(one)
            for variable in variables:
                fewer[variable] = 0
            counts = fewer != one and space.diagram.has(patients, fewer)
            if counts and all(cut.leaves(fewer) for cut in cuts):
                one = fewer
    return one
