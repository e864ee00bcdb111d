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
    GOES_ON,
    REFERRALS,
    Action,
    Additions,
    Offer,
    Referral,
    Step,
)
from dmadvisor.safety import HANDLED, RED_FLAGS, SAFE_ACTIONS
from dmadvisor.verify.cuts import Cut
from dmadvisor.verify.diagram import ALL, NONE, Set
from dmadvisor.verify.space import Space
from dmadvisor.verify.verdicts import Judge, Verdicts

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


class Brought(NamedTuple):
    """What an option, the step or its pathway brings along, and for whom."""

    regimen: str
    """Empty where the step or the pathway brings it."""
    among: Set
    but_not: Set
    records: tuple[Any, ...]


class StepSets:
    """One step as everybody who comes to it sees it."""

    def __init__(
        self, space: Space, judge: Judge, step: Step, additions: tuple[Additions, ...]
    ) -> None:
        self.space = space
        self.diagram = space.diagram
        self.judge = judge
        self.step = step
        self.sources: tuple[Step | Additions, ...] = (step, *(additions if step.is_plan else ()))
        self.options: list[Listed] = []
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
                self.diagram.both(o.patients, o.verdicts.barred)
                for o in self.options
                if o.regimen == id
            )
            for id in offer.if_barred
        )
        if offer.also_when is not None:
            barred = self.diagram.either(barred, self.space.holds(offer.also_when).yes)
        return self.diagram.both(here, barred)

    def _add(self, regimen: str, action: Action, offer: Offer, patients: Set) -> None:
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

    def of(self, regimens: Iterable[str], actions: Container[str], within: Set) -> Set:
        """Who of some patients may be given one of some regimens in one of some ways."""
        wanted = set(regimens)
        return self.diagram.any(
            self.having((o.patients,), (o.verdicts.barred,), within)
            for o in self.options
            if o.regimen in wanted and o.action in actions
        )

    def lacking(self, regimens: Iterable[str], actions: Container[str]) -> Iterator[Cut]:
        """For each of some regimens who may not be given it in any of some ways."""
        wanted = set(regimens)
        for option in self.options:
            if option.regimen in wanted and option.action in actions:
                yield self.without((option.patients,), (option.verdicts.barred,))

    def having(self, among: tuple[Set, ...], but_not: tuple[Set, ...], within: Set) -> Set:
        """Who of some patients is in all of some sets, and in none of others."""
        found = self.diagram.all((within, *among))
        for each in but_not:
            found = self.diagram.without(found, each)
        return found

    def without(self, among: tuple[Set, ...], but_not: tuple[Set, ...] = ()) -> Cut:
        """Who is not in all of some sets, or is in one of others."""
        return lambda patients: self.diagram.without(
            patients, self.having(among, but_not, patients)
        )

    def listed(self, regimens: Iterable[str], within: Set) -> Set:
        """For whom of some patients one of some regimens is listed, whatever the verdict."""
        wanted = set(regimens)
        here = (o.patients for o in self.options if o.regimen in wanted)
        return self.diagram.any(self.diagram.both(within, patients) for patients in here)

    def recommends(self, regimens: Iterable[str], within: Set) -> Set:
        """Who of some patients is recommended to take one of some regimens, or to go on with it."""
        wanted = set(regimens)
        return self.diagram.any(
            self.chosen(n, within)
            for n, option in enumerate(self.options)
            if option.regimen in wanted and option.action in GIVING
        )

    # -- what goes with them ---------------------------------------------------------------

    def unchecked(self, id: str, first: str = "") -> Iterator[Cut]:
        """For each that brings a check who does not see it for that; one regimen first."""
        for _, among, barred, uses in self.uses("checks", first):
            for use in uses:
                if use.check == id:
                    yield self.without((among,), (barred, self.space.holds(use.when).no))

    def unwarned(self, id: str, first: str = "") -> Iterator[Cut]:
        """For each that brings a pitfall who does not see it for that; one regimen first."""
        for _, among, barred, uses in self.uses("pitfalls", first):
            for use in uses:
                if use.pitfall == id:
                    yield self.without((among, self.space.holds(use.when).yes), (barred,))

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
        if self.step.referral in enough:
            yield self.without((ALL,))
        for id in self.space.library.ids("RedFlagId"):
            if REFERRAL_OF[self.space.library.red_flag(id).urgency] in enough:
                handled = self.judge.named(HANDLED, id)
                yield self.without((self.judge.named(RED_FLAGS, id),), (handled,))
        for barred in self.barred_going_on if "urgent" in enough else ():
            yield self.without((barred,))
        for option in self.options:
            for level, patients in option.verdicts.referrals:
                if level in enough:
                    yield self.without((option.patients, patients))
        if "routine" in enough:
            yield lambda patients: self.undecided(patients, waiting=True)
        if self.step.none_left and self.step.none_left.referral in enough:
            yield self.undecided

    @cached_property
    def barred_going_on(self) -> tuple[Set, ...]:
        """For each drug that was to go on, in whom it is forbidden."""
        return tuple(
            self.diagram.both(o.patients, o.verdicts.barred)
            for o in self.options
            if o.action in GOES_ON
        )

    def undecided(self, patients: Set, *, waiting: bool = False) -> Set:
        """Some patients without those who have no choice left in a group, or wait for an answer."""
        left = patients
        for group in dict.fromkeys(o.group for o in self.options if o.group and patients):
            numbers = [n for n, o in enumerate(self.options) if o.group == group]
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
