"""What a step lists, recommends, checks and says, as sets of patients: ``advice`` for everybody.

Follows ``advice`` and ``company`` line by line; the tests hold both against each other, patient by
patient. Checks that were done are left out: no recommendation rests on them.
"""

from collections.abc import Container, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any, Literal, NamedTuple

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
from dmadvisor.verify.choosing import Choosing
from dmadvisor.verify.formulas import ALL, NONE, Set
from dmadvisor.verify.space import Space
from dmadvisor.verify.verdicts import Judge

Field = Literal["checks", "pitfalls", "monitoring", "conflicts"]

FIELDS: Mapping[Field, str] = {
    "checks": "check",
    "pitfalls": "pitfall",
    "monitoring": "what",
    "conflicts": "conflict",
}
"""What step, pathway and options bring along, with the name that each is known by."""


class Brought(NamedTuple):
    """What an option, the step or its pathway brings along, and for whom."""

    regimen: str
    """Empty where the step or the pathway brings it."""
    patients: Set
    records: tuple[Any, ...]


class Warned(NamedTuple):
    """A check or a pitfall that one thing brings along."""

    field: Field
    id: str
    brought: Set
    """Whom that thing concerns."""
    patients: Set
    """Who is shown it for that."""
    unseen: Set
    """Who is not shown it at all."""


class StepSets(Choosing):
    """One step as everybody who comes to it sees it."""

    def __init__(
        self, space: Space, judge: Judge, step: Step, additions: tuple[Additions, ...]
    ) -> None:
        super().__init__(space.formulas)
        self.space = space
        self.judge = judge
        self.step = step
        self.sources: tuple[Step | Additions, ...] = (step, *(additions if step.is_plan else ()))
        self.cautions = step.cautions_of(additions)
        self._referred: dict[Referral, Set] = {}
        self._sent: dict[Referral, Set] = {}
        self._list()

    # -- options ---------------------------------------------------------------------------

    def _list(self) -> None:
        for offer in self.step.offer:
            here = self._offered(offer)
            for action in ACTIONS if here else ():
                for regimen in offer.listed(action):
                    taken = self.judge.taken(regimen) if offer.if_taken else ALL
                    self._add(regimen, action, offer, self.formulas.both(here, taken))

    def _offered(self, offer: Offer) -> Set:
        """For whom an offer counts, of all that was listed before it."""
        here = self.space.holds(offer.when).yes
        if not offer.if_barred:
            return here
        barred = self.formulas.all(
            self.formulas.any(
                self.formulas.both(o.patients, ALL if o.action == "stop" else o.verdicts.barred)
                for o in self.options
                if o.regimen == id
            )
            for id in offer.if_barred
        )
        if offer.also_when is not None:
            barred = self.formulas.either(barred, self.space.holds(offer.also_when).yes)
        return self.formulas.both(here, barred)

    def _add(self, regimen: str, action: Action, offer: Offer, patients: Set) -> None:
        if offer.group and action != "stop":
            ended = (o.patients for o in self.options if (o.regimen, o.action) == (regimen, "stop"))
            gone = self.formulas.both(patients, self.formulas.any(ended))
            self.emptied[offer.group] = self.formulas.either(
                self.emptied.get(offer.group, NONE), gone
            )
        patients = self.formulas.without(patients, self._already(regimen))
        if not patients:
            return
        verdicts = self.judge(regimen, action, emergency=offer.emergency)
        option = self.add(regimen, action, patients, verdicts, offer.group)
        if action in SAFE_ACTIONS:
            return
        for companion in self.space.library.regimen(regimen).companions:
            along = self.formulas.without(option.given, self._already(companion))
            if along:
                own = self.judge(companion, "with")
                self.add(companion, "with", along, own, companion_of=regimen)

    def _already(self, regimen: str) -> Set:
        return self.formulas.any(o.patients for o in self.options if o.regimen == regimen)

    def of(self, regimens: Iterable[str], actions: Container[str]) -> Set:
        """Who may be given one of some regimens in one of some ways."""
        wanted = set(regimens)
        return self.formulas.any(
            o.given for o in self.options if o.regimen in wanted and o.action in actions
        )

    def listed(self, regimens: Iterable[str]) -> Set:
        """For whom one of some regimens is listed, whatever the verdict."""
        wanted = set(regimens)
        return self.formulas.any(o.patients for o in self.options if o.regimen in wanted)

    # -- what goes with them ---------------------------------------------------------------

    @cached_property
    def brought(self) -> Mapping[str, tuple[Brought, ...]]:
        """The checks, pitfalls and things to watch that step, pathway and options bring."""
        return {field: tuple(self._brought(field)) for field in FIELDS}

    def _brought(self, field: Field) -> Iterator[Brought]:
        for source in self.sources:
            yield Brought("", ALL, getattr(source, field))
        for option in self.options:
            if option.action != "stop":
                records = getattr(self.space.library.regimen(option.regimen), field)
                yield Brought(option.regimen, option.given, records)

    def shown(self, field: Field, use: Any) -> Set:
        """To whom something that is brought is shown: a check unless it is known not to apply."""
        when = self.space.holds(use.when)
        return self.formulas.other(when.no) if field == "checks" else when.yes

    def sees(self, field: Field, id: str, but: str | None = None) -> Set:
        """Who sees a check or pitfall, for anything but one regimen."""
        shown = self._shown_for[field].get(id, ())
        return self.formulas.any(who for regimen, who in shown if regimen != but)

    @cached_property
    def _shown_for(self) -> Mapping[Field, Mapping[str, list[tuple[str, Set]]]]:
        """For each check or pitfall what brings it, and to whom it is shown for that."""
        found: dict[Field, dict[str, list[tuple[str, Set]]]] = {}
        for field, name in FIELDS.items():
            by_id = found[field] = {}
            for each in self.brought[field]:
                for use in each.records:
                    who = self.formulas.both(each.patients, self.shown(field, use))
                    by_id.setdefault(getattr(use, name), []).append((each.regimen, who))
        return found

    @cached_property
    def warnings(self) -> tuple[Warned, ...]:
        """Every check and pitfall, once for each thing that brings it."""
        return tuple(self._warnings("checks", "pitfalls"))

    def _warnings(self, *fields: Field) -> Iterator[Warned]:
        for field in fields:
            for each in self.brought[field]:
                for use in each.records:
                    id = getattr(use, FIELDS[field])
                    who = self.formulas.both(each.patients, self.shown(field, use))
                    unseen = self.formulas.other(self.sees(field, id))
                    yield Warned(field, id, each.patients, who, unseen)

    def gated(self, id: str, but: str = "") -> Set:
        """Whose first dose of a drug, but for one, waits for a check."""
        found = []
        for option in self.options:
            if option.action not in GATED or option.regimen == but:
                continue
            for use in self.space.library.regimen(option.regimen).checks:
                if use.check == id and use.gate is not False:
                    gate = use.gate if isinstance(use.gate, Condition) else None
                    shown = self.shown("checks", use)
                    waits = self.space.holds(gate).yes
                    found.append(self.formulas.all((option.given, waits, shown)))
        return self.formulas.any(found)

    # -- referral --------------------------------------------------------------------------

    def referred(self, least: Referral) -> Set:
        """Who is referred at least so urgently."""
        if least not in self._referred:
            self._referred[least] = self.formulas.any(self.reasons(least))
        return self._referred[least]

    def sent(self, least: Referral) -> Set:
        """Who is referred so whatever is offered: by the step, by red flags or cautions."""
        if least not in self._sent:
            self._sent[least] = self.formulas.any(self._own_reasons(least))
        return self._sent[least]

    def reasons(self, least: Referral) -> Iterator[Set]:
        """For each reason to refer so urgently whom it refers."""
        enough = REFERRALS[REFERRALS.index(least) :]
        yield from self._own_reasons(least)
        if self.step.referral in enough:
            return
        if "urgent" in enough:
            yield from self.barred_going_on
        for option in self.options:
            for level, patients in option.verdicts.referrals:
                if level in enough:
                    yield self.formulas.both(option.patients, patients)
        if "routine" in enough:
            yield from self.undecided(waiting=True)
        if self.step.none_left and self.step.none_left.referral in enough:
            yield from self.undecided()

    def _own_reasons(self, least: Referral) -> Iterator[Set]:
        enough = REFERRALS[REFERRALS.index(least) :]
        if self.step.referral in enough:
            yield ALL
            return
        for id in self.space.library.ids("RedFlagId"):
            if REFERRAL_OF[self.space.library.red_flag(id).urgency] in enough:
                handled = self.judge.named(HANDLED, id)
                yield self.formulas.without(self.judge.named(RED_FLAGS, id), handled)
        for caution in self.cautions:
            if caution.referral in enough:
                yield self.space.holds(caution.when).yes

    @cached_property
    def barred_going_on(self) -> tuple[Set, ...]:
        """For each drug that was to go on, in whom it is forbidden."""
        return tuple(
            self.formulas.both(o.patients, o.verdicts.barred)
            for o in self.options
            if o.action in GOES_ON
        )
