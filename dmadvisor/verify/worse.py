"""Worse news never makes the advice milder: the same patients with one answer for the worse.

Whoever has the better answer is moved to the worse one, with every other answer kept. What was
there before must be there after: an urgent referral for the patient wherever the walk now ends and,
at the same step, one for an option, and each check and pitfall of what is still given.
"""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from dmadvisor.model import CheckUse, PitfallUse, SafetyRule
from dmadvisor.verify.cuts import Case, Cut, Values, having, left_by_all
from dmadvisor.verify.diagram import ALL, Set
from dmadvisor.verify.everybody import Arrival, Everybody
from dmadvisor.verify.milder import PRESSING
from dmadvisor.verify.situations import Stage, answering


class Loss(NamedTuple):
    """Somebody whose advice loses something when one answer is worse."""

    start: str
    stage: Stage
    """Where the walk ends with the worse answer."""
    patient: Set
    better: str
    """The better answer, as it would be given."""
    lost: str
    """What the advice with the better answer has, and this one has not."""


def milder(everybody: Everybody, rule: SafetyRule) -> Iterator[Loss]:
    """For each step up from good to bad that a rule names, patients who lose something by it."""
    about = answering(everybody.space, rule.when, ALL)
    for question, answers in rule.then.worse.items():
        for good, bad in pairwise(answers):
            yield from _Change(everybody, question, good, bad, about).milder()


def worsened(everybody: Everybody, rule: SafetyRule) -> Iterator[Arrival]:
    """The steps that somebody comes to with a worse answer that a rule names."""
    about = answering(everybody.space, rule.when, ALL)
    for question, answers in rule.then.worse.items():
        bad = everybody.diagram.any(
            everybody.space.with_values(everybody.space.setting(question, word))
            for word in answers[1:]
        )
        for start in everybody.pathways:
            for each in everybody.arriving(start):
                here = everybody.diagram.all((each.patients, bad, about))
                if len(each.chain) == 1 and here:
                    yield each._replace(patients=here)


class _Change:
    """One answer in the place of a better one."""

    def __init__(
        self, everybody: Everybody, question: str, good: str, bad: str, about: Set
    ) -> None:
        self.everybody = everybody
        self.space = everybody.space
        self.diagram = everybody.diagram
        self.about = about
        self.better = f"{question}={good}"
        none_else = dict.fromkeys(self.space.columns[question].each.values(), 0)
        self.good = {**none_else, **self.space.setting(question, good)}
        self.bad = {**none_else, **self.space.setting(question, bad)}
        before = [self._before(cut) for cut in everybody.possible]
        self.possible = (*everybody.possible, *before)

    def milder(self) -> Iterator[Loss]:
        diagram = self.diagram
        for start in self.everybody.pathways:
            every = self.everybody.arriving(start)
            better = [self._without(each.patients, self.good) for each in every]
            worse = [self._without(each.patients, self.bad) for each in every]
            leave = [diagram.without(a, b) for a, b in zip(better, worse, strict=True)]
            come = [diagram.without(b, a) for a, b in zip(better, worse, strict=True)]
            for n, here in enumerate(every):
                if len(here.chain) == 1:
                    stay = diagram.both(better[n], worse[n])
                    yield from self._told(start, here.stage, self._loses(here.stage, stay))
                for m, there in enumerate(every if leave[n] else ()):
                    # Who goes on the same way into another pathway is met where that one starts.
                    if here.chain[1:2] != there.chain[1:2] or len(here.chain) == 1:
                        move = diagram.both(leave[n], come[m])
                        lost = self._referral(here.stage, there.stage, move)
                        yield from self._told(start, there.stage, lost)

    def _told(self, start: str, stage: Stage, lost: Iterable[tuple[Set, str]]) -> Iterator[Loss]:
        return (Loss(start, stage, who, self.better, what) for who, what in lost)

    def _loses(self, stage: Stage, stay: Set) -> Iterator[tuple[Set, str]]:
        """What patients lose at a step that they come to with either answer."""
        yield from self._referral(stage, stage, stay)
        yield from self._brought(stage, "checks", stay)
        yield from self._brought(stage, "pitfalls", stay)

    def _referral(self, here: Stage, there: Stage, patients: Set) -> Iterator[tuple[Set, str]]:
        """Of patients, who are sets without the answer that changes, whose referral is lost."""
        before = self.space.with_values(self.good)
        for least in PRESSING if patients else ():
            cuts = list(there.sets.unreferred(least))
            reasons = here.sets.unreferred if here is there else here.sets.unreferred_here
            for number, reason in enumerate(reasons(least)):
                if here is there and not self._matters(reason.of(ALL)):
                    continue
                left = self._worse(self.diagram.without(before, reason.of(before)))
                # The same reason mostly refers them still.
                for cut in cuts[number : number + 1]:
                    left = cut.of(left)
                found = self._one(left, cuts, patients)
                if found:
                    yield found, f"a referral that is {least}"

    def _brought(self, stage: Stage, field: str, patients: Set) -> Iterator[tuple[Set, str]]:
        """Who loses a check or pitfall of the step, or of an option that is still given."""
        before, after = self.space.with_values(self.good), self.space.with_values(self.bad)
        for owner, among, barred, uses in stage.sets.uses(field) if patients else ():
            given = having(self.diagram, after, (among,), (barred,))
            for use in uses:
                seen, cuts = self._seen(stage, use, owner)
                if not any(map(self._matters, (among, barred, *seen.among, *seen.but_not))):
                    continue
                had = having(self.diagram, before, (among, *seen.among), (barred, *seen.but_not))
                found = self._one(self.diagram.both(self._worse(had), given), cuts, patients)
                if found:
                    name = use.check if isinstance(use, CheckUse) else use.pitfall
                    yield found, f"the {field.removesuffix('s')} {name}"

    def _seen(
        self, stage: Stage, use: CheckUse | PitfallUse, owner: str
    ) -> tuple[Case, Iterator[Cut]]:
        """Who sees a check or pitfall that is brought, and who lacks it from everywhere."""
        when = self.space.holds(use.when)
        if isinstance(use, CheckUse):
            return Case((), (when.no,)), stage.sets.unchecked(use.check, owner)
        return Case((when.yes,), ()), stage.sets.unwarned(use.pitfall, owner)

    def _one(self, patients: Set, cuts: Iterable[Cut], of: Set) -> Set:
        """One of some patients whom cuts leave and who is of those that come here."""
        # Who comes is the largest set; mostly nobody is left before it is needed.
        comes = Cut(
            lambda some: self.diagram.both(some, of), lambda values: self.diagram.has(of, values)
        )
        every = (*cuts, *self.possible, comes)
        patients = self.diagram.both(patients, self.about)
        return left_by_all(self.space, patients, every) if patients else patients

    def _matters(self, patients: Set) -> bool:
        """Whether the answer that changes decides who is in a set."""
        return not self.good.keys().isdisjoint(self.diagram.looked_at(patients))

    def _without(self, patients: Set, values: dict[int, int]) -> Set:
        """Who would be in a set with an answer, by their other answers alone."""
        return self.diagram.given(patients, values) if self._matters(patients) else patients

    def _worse(self, patients: Set) -> Set:
        """Patients with the better answer as they would be with the worse one."""
        return self._moved(patients, self.good, self.bad)

    def _moved(self, patients: Set, was: dict[int, int], now: dict[int, int]) -> Set:
        return self.diagram.both(self._without(patients, was), self.space.with_values(now))

    def _before(self, cut: Cut) -> Cut:
        """To meet a condition with the better answer."""

        def leaves(values: Values) -> bool:
            return cut.leaves([self.good.get(n, value) for n, value in enumerate(values)])

        def of(patients: Set) -> Set:
            return self._worse(cut.of(self._moved(patients, self.bad, self.good)))

        return Cut(of, leaves)
