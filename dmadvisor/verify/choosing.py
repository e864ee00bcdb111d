"""Who is recommended which of the options of a step: one of each group of alternatives.

Follows the choice in ``advice``, as cases that a search can take one by one; who is chosen of a
set, and whether one patient is, come down to them.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from dmadvisor.model import Action
from dmadvisor.verify.cuts import Cut, Values, having, lacking
from dmadvisor.verify.diagram import Diagram, Set
from dmadvisor.verify.verdicts import Verdicts

GIVING: tuple[Action, ...] = ("start", "increase", "continue")
"""The actions by which a patient comes to take a drug, or goes on taking it."""


class Listed(NamedTuple):
    """One option of a step, with the patients for whom it is listed."""

    regimen: str
    action: Action
    group: str | None
    patients: Set
    verdicts: Verdicts
    companion_of: str | None


class Case(NamedTuple):
    """One way in which an option comes to be recommended, or goes on."""

    among: tuple[Set, ...]
    but_not: tuple[Set, ...]
    cuts: tuple[Cut, ...] = ()


class Choosing:
    """Some options in the order of a step, and who is recommended each."""

    def __init__(self, diagram: Diagram) -> None:
        self.diagram = diagram
        self.options: list[Listed] = []
        self._cases: dict[int, tuple[Case, ...]] = {}

    def cases(self, number: int) -> tuple[Case, ...]:
        """The ways in which an option comes to be recommended."""
        if number not in self._cases:
            self._cases[number] = tuple(self._ways(number))
        return self._cases[number]

    def _ways(self, number: int) -> Iterator[Case]:
        option = self.options[number]
        verdicts = option.verdicts
        if option.companion_of is not None:
            for n, leader in enumerate(self.options):
                if leader.regimen == option.companion_of:
                    for case in self.cases(n):
                        yield case._replace(among=(*case.among, option.patients))
            return
        if option.group is None:
            yield Case((option.patients,), verdicts.against)
            return
        others = [n for n, o in enumerate(self.options) if o.group == option.group and n != number]
        before = [n for n in others if n < number]
        none_free = tuple(self._not_free(n) for n in before)
        yield Case((option.patients,), (*verdicts.against, verdicts.held), none_free)
        if verdicts.held:
            cuts = (*map(self._not_leading, before), *map(self._not_free, others))
            yield Case((option.patients, verdicts.held), verdicts.against, cuts)

    def _not_leading(self, number: int) -> Cut:
        """Not to be one who may be recommended an option, if none before it may be."""
        option = self.options[number]
        return lacking(self.diagram, (option.patients,), option.verdicts.against)

    def _not_free(self, number: int) -> Cut:
        """Not to be one who may be recommended an option that no result holds up."""
        option = self.options[number]
        against = (*option.verdicts.against, option.verdicts.held)
        return lacking(self.diagram, (option.patients,), against)

    def chosen(self, number: int, within: Set) -> Set:
        """Who of some patients is recommended one of the options."""
        return self.diagram.any(self._in(case, within) for case in self.cases(number))

    def _in(self, case: Case, within: Set) -> Set:
        found = having(self.diagram, within, case.among, case.but_not)
        for cut in case.cuts if found else ():
            found = cut.of(found)
        return found

    def is_chosen(self, number: int, values: Values) -> bool:
        """Whether one patient is recommended one of the options."""
        return any(
            not lacking(self.diagram, case.among, case.but_not).leaves(values)
            and all(cut.leaves(values) for cut in case.cuts)
            for case in self.cases(number)
        )

    def on(self, number: int) -> tuple[Case, ...]:
        """The ways in which a patient comes to be on an option: it goes on, or is recommended."""
        option = self.options[number]
        if option.action == "continue":
            return (Case((option.patients,), (option.verdicts.barred,)),)
        return self.cases(number)

    def numbers(self, regimens: Iterable[str]) -> list[int]:
        """The options that give one of some regimens."""
        wanted = set(regimens)
        found = enumerate(self.options)
        return [n for n, o in found if o.regimen in wanted and o.action in GIVING]

    def unrecommended(self, regimens: Iterable[str]) -> Iterator[Cut]:
        """For each option that gives one of some regimens who is not recommended it."""

        def cut(number: int) -> Cut:
            return Cut(
                lambda patients: self.diagram.without(patients, self.chosen(number, patients)),
                lambda values: not self.is_chosen(number, values),
            )

        return map(cut, self.numbers(regimens))

    def decided(self, *, waiting: bool = False) -> Cut:
        """To have in each group a choice left; or, where it waits for an answer, to have none."""
        groups = dict.fromkeys(option.group for option in self.options if option.group)
        members = [[n for n, o in enumerate(self.options) if o.group == group] for group in groups]
        return Cut(
            lambda patients: self._decided(members, patients, waiting=waiting),
            lambda values: (
                not any(self._undecided(each, values, waiting=waiting) for each in members)
            ),
        )

    def _decided(self, groups: list[list[int]], patients: Set, *, waiting: bool) -> Set:
        left = patients
        for numbers in groups if patients else ():
            listed = self.diagram.any(self.options[n].patients for n in numbers)
            here = self.diagram.both(patients, listed)
            for n in numbers:
                here = self._not_leading(n).of(here)
            waits = self.diagram.any(
                self.diagram.all((here, self.options[n].patients, self.options[n].verdicts.blocked))
                for n in numbers
            )
            gone = waits if waiting else self.diagram.without(here, waits)
            left = self.diagram.without(left, gone)
        return left

    def _undecided(self, numbers: list[int], values: Values, *, waiting: bool) -> bool:
        has = self.diagram.has
        listed = [n for n in numbers if has(self.options[n].patients, values)]
        if not listed or not all(self._not_leading(n).leaves(values) for n in listed):
            return False
        return waiting == any(has(self.options[n].verdicts.blocked, values) for n in listed)
