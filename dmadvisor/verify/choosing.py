"""Who is recommended which of the options of a step: one of each group of alternatives.

Follows the choice in ``advice``.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from dmadvisor.model import Action
from dmadvisor.verify.formulas import NONE, Formulas, Set
from dmadvisor.verify.verdicts import Verdicts

KEPT: tuple[Action, ...] = ("continue", "withdraw")
"""The actions by which a patient stays on a drug, whatever else is recommended."""
GIVING: tuple[Action, ...] = ("start", "increase", *KEPT)
"""The actions by which a patient comes to take a drug, or goes on taking it."""


class Listed(NamedTuple):
    """One option of a step, with the patients for whom it is listed."""

    regimen: str
    action: Action
    group: str | None
    patients: Set
    verdicts: Verdicts
    companion_of: str | None
    given: Set
    """Whom nothing known forbids it."""
    leads: Set
    """Who is recommended it, unless another of its group is."""
    free: Set
    """Those of them whose first dose no result holds up."""
    waits: Set
    """Whom nothing known forbids it, and an answer could."""


class Choosing:
    """Some options in the order of a step, and who is recommended each."""

    def __init__(self, formulas: Formulas) -> None:
        self.formulas = formulas
        self.options: list[Listed] = []
        self.emptied: dict[str, Set] = {}
        """For whom something that a group offers ends instead; the group counts for them."""
        self._chosen: dict[int, Set] = {}

    def add(
        self,
        regimen: str,
        action: Action,
        patients: Set,
        verdicts: Verdicts,
        group: str | None = None,
        companion_of: str | None = None,
    ) -> Listed:
        """Put an option at the end of the list."""
        given = self.formulas.without(patients, verdicts.barred)
        others = map(self.formulas.other, (verdicts.blocked, verdicts.failed))
        leads = self.formulas.all((given, *others))
        free = self.formulas.without(leads, verdicts.held)
        waits = self.formulas.both(given, verdicts.blocked)
        where = (regimen, action, group, patients, verdicts, companion_of)
        found = Listed(*where, given, leads, free, waits)
        self.options.append(found)
        return found

    def chosen(self, number: int) -> Set:
        """Who is recommended one of the options."""
        if number not in self._chosen:
            self._chosen[number] = self._who_is_chosen(number)
        return self._chosen[number]

    def _who_is_chosen(self, number: int) -> Set:
        option, formulas = self.options[number], self.formulas
        if option.companion_of is not None:
            leaders = (n for n, o in enumerate(self.options) if o.regimen == option.companion_of)
            return formulas.both(option.patients, formulas.any(map(self.chosen, leaders)))
        if option.group is None:
            return option.leads
        before = [o for o in self.options[:number] if o.group == option.group]
        after = [o for o in self.options[number + 1 :] if o.group == option.group]
        first = formulas.without(option.free, formulas.any(o.free for o in before))
        held = formulas.without(option.leads, formulas.any(o.leads for o in before))
        held = formulas.both(held, option.verdicts.held)
        held = formulas.without(held, formulas.any(o.free for o in after))
        return formulas.either(first, held)

    def on(self, number: int) -> Set:
        """Who comes to be on an option: goes on with it, or is recommended it."""
        option = self.options[number]
        return option.given if option.action in KEPT else self.chosen(number)

    def numbers(self, regimens: Iterable[str]) -> list[int]:
        """The options that give one of some regimens."""
        wanted = set(regimens)
        found = enumerate(self.options)
        return [n for n, o in found if o.regimen in wanted and o.action in GIVING]

    def recommended(self, regimens: Iterable[str]) -> Set:
        """Who is recommended one of some regimens."""
        wanted = self.numbers(regimens)
        groups = {self.options[n].group for n in wanted}
        # One of a group is recommended as soon as one may lead it, whichever that is.
        whole = {
            group
            for group in groups
            if group and all(n in wanted for n, o in enumerate(self.options) if o.group == group)
        }
        return self.formulas.any(
            self.options[n].leads if self.options[n].group in whole else self.chosen(n)
            for n in wanted
        )

    def undecided(self, *, waiting: bool = False) -> Iterator[Set]:
        """For each group in whom it has no choice left; or in whom it waits for an answer.

        In nobody whom it lists nothing, or who may be recommended an option of it.
        """
        formulas = self.formulas
        for group in dict.fromkeys((*(o.group for o in self.options if o.group), *self.emptied)):
            members = [option for option in self.options if option.group == group]
            listed = (*(o.patients for o in members), self.emptied.get(group, NONE))
            waits = formulas.any(o.waits for o in members)
            yield formulas.all(
                (
                    formulas.any(listed),
                    *(formulas.other(o.leads) for o in members),
                    waits if waiting else formulas.other(waits),
                )
            )
