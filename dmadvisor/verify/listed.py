"""What a step lists, recommends, checks and says, as sets of patients: ``advice`` for everybody.

Follows ``advice`` and ``company`` line by line; the tests hold both against each other, patient by
patient. Checks that were done are left out: no recommendation rests on them.
"""

from collections.abc import Container, Iterable, Iterator
from functools import cached_property
from typing import Any, NamedTuple

from dmadvisor.advice import REFERRAL_OF
from dmadvisor.model import (
    ACTIONS,
    GATED,
    GOES_ON,
    REFERRALS,
    Action,
    Additions,
    Condition,
    Offer,
    Referral,
    Step,
)
from dmadvisor.safety import HANDLED, RED_FLAGS, SAFE_ACTIONS
from dmadvisor.verify.choosing import Choosing, Listed
from dmadvisor.verify.cuts import Cut, having, lacking
from dmadvisor.verify.diagram import ALL, NONE, Set
from dmadvisor.verify.space import Space
from dmadvisor.verify.verdicts import Judge


class Brought(NamedTuple):
    """What an option, the step or its pathway brings along, and for whom."""

    regimen: str
    """Empty where the step or the pathway brings it."""
    among: Set
    but_not: Set
    records: tuple[Any, ...]


class StepSets(Choosing):
    """One step as everybody who comes to it sees it."""

    def __init__(
        self, space: Space, judge: Judge, step: Step, additions: tuple[Additions, ...]
    ) -> None:
        super().__init__(space.diagram)
        self.space = space
        self.judge = judge
        self.step = step
        self.sources: tuple[Step | Additions, ...] = (step, *(additions if step.is_plan else ()))
        self.cautions = step.cautions_of(additions)
        self._list()

    # -- options ---------------------------------------------------------------------------

    def _list(self) -> None:
        for offer in self.step.offer:
            here = self._offered(offer)
            for action in ACTIONS if here else ():
                for regimen in offer.listed(action):
                    taken = self.judge.taken(regimen) if offer.if_taken else ALL
                    self._add(regimen, action, offer, self.diagram.both(here, taken))

    def _offered(self, offer: Offer) -> Set:
        """For whom an offer counts, of all that was listed before it."""
        here = self.space.holds(offer.when).yes
        if not offer.if_barred:
            return here
        barred = self.diagram.all(
            self.diagram.any(
                self.diagram.both(o.patients, ALL if o.action == "stop" else o.verdicts.barred)
                for o in self.options
                if o.regimen == id
            )
            for id in offer.if_barred
        )
        if offer.also_when is not None:
            barred = self.diagram.either(barred, self.space.holds(offer.also_when).yes)
        return self.diagram.both(here, barred)

    def _add(self, regimen: str, action: Action, offer: Offer, patients: Set) -> None:
        if offer.group and action != "stop":
            ended = (o.patients for o in self.options if (o.regimen, o.action) == (regimen, "stop"))
            gone = self.diagram.both(patients, self.diagram.any(ended))
            self.emptied[offer.group] = self.diagram.either(
                self.emptied.get(offer.group, NONE), gone
            )
        patients = self.diagram.without(patients, self._already(regimen))
        if not patients:
            return
        verdicts = self.judge(regimen, action, emergency=offer.emergency)
        self.options.append(Listed(regimen, action, offer.group, patients, verdicts, None))
        if action in SAFE_ACTIONS:
            return
        given = self.diagram.without(patients, verdicts.barred)
        for companion in self.space.library.regimen(regimen).companions:
            along = self.diagram.without(given, self._already(companion))
            if along:
                own = self.judge(companion, "with")
                self.options.append(Listed(companion, "with", None, along, own, regimen))

    def _already(self, regimen: str) -> Set:
        return self.diagram.any(o.patients for o in self.options if o.regimen == regimen)

    def of(self, regimens: Iterable[str], actions: Container[str], within: Set) -> Set:
        """Who of some patients may be given one of some regimens in one of some ways."""
        wanted = set(regimens)
        return self.diagram.any(
            having(self.diagram, within, (o.patients,), (o.verdicts.barred,))
            for o in self.options
            if o.regimen in wanted and o.action in actions
        )

    def lacking(self, regimens: Iterable[str], actions: Container[str]) -> Iterator[Cut]:
        """For each of some regimens who may not be given it in any of some ways."""
        wanted = set(regimens)
        for option in self.options:
            if option.regimen in wanted and option.action in actions:
                yield lacking(self.diagram, (option.patients,), (option.verdicts.barred,))

    def listed(self, regimens: Iterable[str], within: Set) -> Set:
        """For whom of some patients one of some regimens is listed, whatever the verdict."""
        wanted = set(regimens)
        here = (o.patients for o in self.options if o.regimen in wanted)
        return self.diagram.any(self.diagram.both(within, patients) for patients in here)

    # -- what goes with them ---------------------------------------------------------------

    def unchecked(self, id: str, first: str = "") -> Iterator[Cut]:
        """For each that brings a check who does not see it for that; one regimen first."""
        for _, among, barred, uses in self.uses("checks", first):
            for use in uses:
                if use.check == id:
                    yield lacking(self.diagram, (among,), (barred, self.space.holds(use.when).no))

    def ungated(self, id: str, but: str = "") -> Iterator[Cut]:
        """For each drug, but for one, that waits for a check for whom it does not wait."""
        for option in self.options:
            if option.action not in GATED or option.regimen == but:
                continue
            for use in self.space.library.regimen(option.regimen).checks:
                if use.check == id and use.gate is not False:
                    gate = use.gate if isinstance(use.gate, Condition) else None
                    among = (option.patients, self.space.holds(gate).yes)
                    no = self.space.holds(use.when).no
                    yield lacking(self.diagram, among, (option.verdicts.barred, no))

    def unwarned(self, id: str, first: str = "") -> Iterator[Cut]:
        """For each that brings a pitfall who does not see it for that; one regimen first."""
        for _, among, barred, uses in self.uses("pitfalls", first):
            for use in uses:
                if use.pitfall == id:
                    yield lacking(self.diagram, (among, self.space.holds(use.when).yes), (barred,))

    def uses(self, field: str, first: str = "") -> Iterator[Brought]:
        """What step, pathway and options bring along, with those for whom they do.

        What everybody gets comes first, then what the regimen ``first`` brings: they leave the
        fewest to follow.
        """
        for source in self.sources:
            yield Brought("", ALL, NONE, getattr(source, field))
        for option in sorted(
            self.options, key=lambda o: (o.regimen != first, self.judge.size(o.verdicts.barred))
        ):
            if option.action != "stop":
                records = getattr(self.space.library.regimen(option.regimen), field)
                yield Brought(option.regimen, option.patients, option.verdicts.barred, records)

    def ids(self, field: str, name: str) -> tuple[str, ...]:
        """Every check or pitfall that somebody may see here."""
        return tuple(
            dict.fromkeys(getattr(u, name) for each in self.uses(field) for u in each.records)
        )

    # -- referral --------------------------------------------------------------------------

    def unreferred(self, least: Referral) -> Iterator[Cut]:
        """For each reason to refer so urgently whom it does not refer."""
        enough = REFERRALS[REFERRALS.index(least) :]
        yield from self.unreferred_here(least)
        if self.step.referral in enough:
            return
        for barred in self.barred_going_on if "urgent" in enough else ():
            yield lacking(self.diagram, (barred,))
        for option in self.options:
            for level, patients in option.verdicts.referrals:
                if level in enough:
                    yield lacking(self.diagram, (option.patients, patients))
        if "routine" in enough:
            yield from self.decided(waiting=True)
        if self.step.none_left and self.step.none_left.referral in enough:
            yield from self.decided()

    def unreferred_here(self, least: Referral) -> Iterator[Cut]:
        """The same for what refers a patient whatever is offered: the step, flags, cautions."""
        enough = REFERRALS[REFERRALS.index(least) :]
        if self.step.referral in enough:
            yield lacking(self.diagram, ())
            return
        for id in self.space.library.ids("RedFlagId"):
            if REFERRAL_OF[self.space.library.red_flag(id).urgency] in enough:
                handled = self.judge.named(HANDLED, id)
                yield lacking(self.diagram, (self.judge.named(RED_FLAGS, id),), (handled,))
        for caution in self.cautions:
            if caution.referral in enough:
                yield lacking(self.diagram, (self.space.holds(caution.when).yes,))

    @cached_property
    def barred_going_on(self) -> tuple[Set, ...]:
        """For each drug that was to go on, in whom it is forbidden."""
        return tuple(
            self.diagram.both(o.patients, o.verdicts.barred)
            for o in self.options
            if o.action in GOES_ON
        )
