"""Which options a step lists for a patient, and which of them are recommended."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from dmadvisor import safety
from dmadvisor.company import Judged
from dmadvisor.conditions import Facts
from dmadvisor.dosing import DosePrint, print_dose
from dmadvisor.model import ACTIONS, Action, Offer, Step
from dmadvisor.safety import Assessment, Done

Assess = Callable[..., Assessment]
"""What judges one option, called as ``safety.assess``."""


class Offers:
    """What one step offers to one patient."""

    def __init__(
        self, facts: Facts, step: Step, today: date, done: Done, assess: Assess = safety.assess
    ) -> None:
        self.facts = facts
        self.library = facts.library
        self.step = step
        self.today = today
        self.done = done
        self.assess = assess

    def listed(self) -> tuple[Judged, ...]:
        """Every option that the step lists for this patient, in the order of the step."""
        listed: list[Judged] = []
        for offer in self.step.offer:
            if not self._counts(offer, listed):
                continue
            for action in ACTIONS:
                for regimen in offer.listed(action):
                    if not offer.if_taken or self.facts.names(safety.TAKING, regimen):
                        self._list(regimen, action, offer, listed)
        return tuple(listed)

    def groups(self, judged: Sequence[Judged]) -> Iterable[str]:
        """The groups of alternatives here; one in which all that counts is stopped, too."""
        stopped = {j.regimen for j in judged if j.action == "stop"}
        emptied = [
            offer.group
            for offer in self.step.offer
            if offer.group and self._counts(offer, judged)
            for action in ACTIONS
            if action != "stop" and not stopped.isdisjoint(offer.listed(action))
        ]
        return dict.fromkeys(g for g in (*(j.group for j in judged), *emptied) if g)

    def _counts(self, offer: Offer, listed: Sequence[Judged]) -> bool:
        """Whether an offer is for this patient, after what was listed before it."""
        if offer.when is not None and not self.facts.holds(offer.when):
            return False
        if not offer.if_barred:
            return True
        passed = {e.regimen for e in listed if e.assessment.verdict == "do-not-use"}
        passed |= {each.regimen for each in listed if each.action == "stop"}
        if passed.issuperset(offer.if_barred):
            return True
        return offer.also_when is not None and self.facts.holds(offer.also_when) is True

    def _list(self, regimen: str, action: Action, offer: Offer, listed: list[Judged]) -> None:
        if any(regimen == each.regimen for each in listed):
            return
        assessment = self.assess(
            self.facts, regimen, action, self.done, self.today, emergency=offer.emergency
        )
        listed.append(Judged(regimen, action, offer.group, assessment, None))
        if assessment.verdict == "do-not-use" or action in safety.SAFE_ACTIONS:
            return
        for companion in self.library.regimen(regimen).companions:
            if all(companion != each.regimen for each in listed):
                own = self.assess(self.facts, companion, "with", self.done, self.today)
                listed.append(Judged(companion, "with", None, own, regimen))


def dose_of(facts: Facts, judged: Judged) -> DosePrint | None:
    """The dose of an option as it is shown; one that must not be used has none, for no reader."""
    if judged.action == "stop" or judged.assessment.verdict == "do-not-use":
        return None
    return print_dose(facts.library.regimen(judged.regimen), facts, judged.action)


def recommended_of(judged: tuple[Judged, ...]) -> tuple[Judged, ...]:
    """The recommended options: of each group of alternatives one, of the others all that may be."""
    chosen: list[Judged] = []
    groups = dict.fromkeys(each.group for each in judged if each.group)
    alternatives = [[j for j in judged if j.group == group] for group in groups]
    alone = [[j] for j in judged if j.group is None and j.companion_of is None]
    for members in (*alternatives, *alone):
        may = [j for j in members if _may_lead(j.assessment)]
        chosen += ([j for j in may if not j.assessment.held] or may)[:1]
    names = {each.regimen for each in chosen}
    return (*chosen, *(j for j in judged if j.companion_of in names))


def _may_lead(assessment: safety.Assessment) -> bool:
    """Whether an option may be recommended: it has not failed, and waits at most for tests."""
    if assessment.failed:
        return False
    if assessment.verdict == "check-first":
        return not assessment.blocked_by
    return assessment.verdict != "do-not-use"
