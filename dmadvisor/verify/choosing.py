"""Who is recommended which of the options of a step: one of each group of alternatives.

Follows the choice in ``advice``: for sets of patients, for one patient by values, and as cases that
a search can take one by one.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from dmadvisor.model import Action
from dmadvisor.verify.cuts import Cut, Values
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

    def chosen(self, number: int, within: Set) -> Set:
        """Who of some patients is recommended one of the options."""
        option = self.options[number]
        if option.companion_of is not None:
            within = self.diagram.both(within, option.patients)
            return self.diagram.any(
                self.chosen(n, within)
                for n, leader in enumerate(self.options)
                if leader.regimen == option.companion_of
            )
        found = self._led(number, within)
        if option.group is None or not found:
            return found
        free, held = self.diagram.split(found, self.diagram.other(option.verdicts.held))
        for n, other in enumerate(self.options):
            if other.group != option.group or n == number:
                continue
            if n < number:
                held = self.diagram.without(held, held and self._led(n, held))
                free = self.diagram.without(free, free and self._free(n, free))
            held = self.diagram.without(held, held and self._free(n, held))
        return self.diagram.either(free, held)

    def _may_lead(self, number: int, values: Values) -> bool:
        """Whether one patient is in ``_led``."""
        option, has = self.options[number], self.diagram.has
        against = option.verdicts.barred, option.verdicts.blocked, option.verdicts.failed
        return has(option.patients, values) and not any(has(each, values) for each in against)

    def _is_free(self, number: int, values: Values) -> bool:
        """Whether one patient is in ``_free``."""
        held = self.options[number].verdicts.held
        return self._may_lead(number, values) and not self.diagram.has(held, values)

    def is_chosen(self, number: int, values: Values) -> bool:
        """Whether one patient is recommended one of the options."""
        option = self.options[number]
        if not self.diagram.has(option.patients, values):
            return False
        if option.companion_of is not None:
            leaders = (n for n, o in enumerate(self.options) if o.regimen == option.companion_of)
            return any(self.is_chosen(n, values) for n in leaders)
        if not self._may_lead(number, values):
            return False
        if option.group is None:
            return True
        others = [n for n, o in enumerate(self.options) if o.group == option.group and n != number]
        if self.diagram.has(option.verdicts.held, values):
            before = any(self._may_lead(n, values) for n in others if n < number)
            return not before and not any(self._is_free(n, values) for n in others)
        return not any(self._is_free(n, values) for n in others if n < number)

    def _led(self, number: int, within: Set) -> Set:
        """Who of some patients may be recommended an option, if none before it may be."""
        option = self.options[number]
        found = self.diagram.both(within, option.patients)
        for against in (option.verdicts.barred, option.verdicts.blocked, option.verdicts.failed):
            found = self.diagram.without(found, against)
        return found

    def _free(self, number: int, within: Set) -> Set:
        """Who of some patients may be recommended an option that no result holds up."""
        return self.diagram.without(self._led(number, within), self.options[number].verdicts.held)

    def cases(self, number: int) -> Iterator[Case]:
        """The ways in which an option comes to be recommended; together they are ``chosen``."""
        option = self.options[number]
        verdicts = option.verdicts
        if option.companion_of is not None:
            for n, leader in enumerate(self.options):
                if leader.regimen == option.companion_of:
                    for case in self.cases(n):
                        yield case._replace(among=(*case.among, option.patients))
            return
        against = verdicts.barred, verdicts.blocked, verdicts.failed
        if option.group is None:
            yield Case((option.patients,), against)
            return
        others = [n for n, o in enumerate(self.options) if o.group == option.group and n != number]
        before = [n for n in others if n < number]
        yield Case((option.patients,), (*against, verdicts.held), self._none(self._free, before))
        if verdicts.held:
            cuts = (*self._none(self._led, before), *self._none(self._free, others))
            yield Case((option.patients, verdicts.held), against, cuts)

    def _none(self, one_may: Callable[..., Set], numbers: Iterable[int]) -> tuple[Cut, ...]:
        """For each of some options who may not be recommended it."""
        on = {self._led: self._may_lead, self._free: self._is_free}[one_may]

        def cut(number: int) -> Cut:
            return Cut(
                lambda patients: self.diagram.without(patients, one_may(number, patients)),
                lambda values: not on(number, values),
            )

        return tuple(cut(number) for number in numbers)

    def on(self, number: int) -> Iterator[Case]:
        """The ways in which a patient comes to be on an option: it goes on, or is recommended."""
        option = self.options[number]
        if option.action == "continue":
            yield Case((option.patients,), (option.verdicts.barred,))
        else:
            yield from self.cases(number)

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
                here = self.diagram.without(here, here and self._led(n, here))
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
        if not listed or any(self._may_lead(n, values) for n in listed):
            return False
        return waiting == any(has(self.options[n].verdicts.blocked, values) for n in listed)
