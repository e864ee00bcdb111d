"""Who is recommended which of the options of a step: one of each group of alternatives.

Follows the choice in ``advice``, as cases that a search can take one by one; who is chosen of a
set, and whether one patient is, come down to them.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from dmadvisor.model import Action
from dmadvisor.verify.cuts import Case, Cut, Values, lacking, meeting
from dmadvisor.verify.diagram import NONE, Diagram, Set
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


class Choosing:
    """Some options in the order of a step, and who is recommended each."""

    def __init__(self, diagram: Diagram) -> None:
        self.diagram = diagram
        self.options: list[Listed] = []
        self.emptied: dict[str, Set] = {}
        """For whom something that a group offers ends instead; the group counts for them."""
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
        return self.diagram.any(case.of(self.diagram, within) for case in self.cases(number))

    def is_chosen(self, number: int, values: Values) -> bool:
        """Whether one patient is recommended one of the options."""
        return any(case.holds(self.diagram, values) for case in self.cases(number))

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
        wanted = self.numbers(regimens)
        groups = {self.options[n].group for n in wanted}
        # One of a group is recommended as soon as one may lead it, whichever that is.
        whole = {
            group
            for group in groups
            if group and all(n in wanted for n, o in enumerate(self.options) if o.group == group)
        }
        for number in wanted:
            in_whole = self.options[number].group in whole
            yield self._not_leading(number) if in_whole else self._not_chosen(number)

    def _not_chosen(self, number: int) -> Cut:
        return Cut(
            lambda patients: self.diagram.without(patients, self.chosen(number, patients)),
            lambda values: not self.is_chosen(number, values),
        )

    def decided(self, *, waiting: bool = False) -> Iterator[Cut]:
        """For each group to have a choice left; or, where it waits for an answer, to have none.

        Either can be met by being listed nothing of the group, or by an option that leads it.
        """
        groups = dict.fromkeys((*(o.group for o in self.options if o.group), *self.emptied))
        for group in groups:
            members = [option for option in self.options if option.group == group]
            listed = (*(o.patients for o in members), self.emptied.get(group, NONE))
            ways = [Case((), listed)]
            ways += [Case((o.patients,), o.verdicts.against) for o in members]
            waits = [Case((o.patients, o.verdicts.blocked), (o.verdicts.barred,)) for o in members]
            if waiting:
                some = [self.diagram.all(each.among) for each in waits]
                waits = [Case((), tuple(some))]
            yield meeting(self.diagram, (*ways, *waits))
