"""Worse news never makes the advice milder: the same patients with one answer for the worse.

Whoever has the worse answer is looked at as if it were the better one, with every other answer
kept. What was there before must be there after: an urgent referral for the patient wherever the
walk now ends and, at the same step, one for an option, and each check and pitfall of what is still
given.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from dmadvisor.model import Referral, SafetyRule
from dmadvisor.verify.everybody import Everybody
from dmadvisor.verify.formulas import Given, Set
from dmadvisor.verify.listed import StepSets
from dmadvisor.verify.milder import PRESSING
from dmadvisor.verify.situations import Stage, answering


class Worsened(NamedTuple):
    """Whoever comes to a step with a worse answer."""

    stage: Stage
    patients: Set


class Lost(NamedTuple):
    """What the advice with the better answer has, and the one with the worse answer has not."""

    patients: Set
    what: str


class Loss(NamedTuple):
    """Patients whose advice would lose something when one answer is worse; perhaps nobody."""

    start: str
    """The pathway in which they start."""
    patients: tuple[Set, ...]
    """What they have to meet."""
    better: str
    """The better answer, as it would be given."""
    lost: tuple[Lost, ...]
    """What they might lose, each for some of them."""


def losses(everybody: Everybody, rule: SafetyRule) -> Iterator[Loss]:
    """For each step up from good to bad that a rule names, who would lose something by it."""
    about = answering(everybody.space, rule.when)
    for question, answers in rule.then.worse.items():
        for good, bad in pairwise(answers):
            yield from _Change(everybody, question, good, bad, about).losses()


def worsened(everybody: Everybody, rule: SafetyRule) -> Iterator[Worsened]:
    """The steps of each pathway, with whoever comes there with a worse answer that a rule names."""
    formulas, space = everybody.formulas, everybody.space
    about = answering(space, rule.when)
    for question, answers in rule.then.worse.items():
        bad = formulas.any(space.with_values(space.setting(question, w)) for w in answers[1:])
        for stage in everybody.stages:
            yield Worsened(stage, everybody.coming(stage, formulas.both(about, bad)))


class _Change:
    """One answer in the place of a better one."""

    def __init__(
        self, everybody: Everybody, question: str, good: str, bad: str, about: Set
    ) -> None:
        self.everybody = everybody
        self.formulas = everybody.formulas
        space = everybody.space
        self.better = f"{question}={good}"
        none_else = dict.fromkeys(space.columns[question].each.values(), 0)
        self._before = Given(self.formulas, {**none_else, **space.setting(question, good)})
        """Who would be in a set with the better answer, by their other answers alone."""
        bad_ = space.with_values({**none_else, **space.setting(question, bad)})
        before = map(self._before, everybody.possible)
        self.who = (about, bad_, *everybody.possible, *before)
        """What everybody has to meet who is looked at."""
        self._lost: dict[StepSets, tuple[Lost, ...]] = {}

    def losses(self) -> Iterator[Loss]:
        """What somebody might lose: at the step that both answers lead to, or by moving."""
        for stage in self.everybody.stages:
            here = self.everybody.reached[stage.pathway].places[stage.name]
            stay = (here, self._before(here), *self.who)
            sets = stage.sets
            # Of two steps that are alike the same is lost.
            if sets not in self._lost:
                self._lost[sets] = (*self._referral(sets), *self._unseen(sets))
            yield Loss(stage.pathway, stay, self.better, self._lost[sets])
        for start in self.everybody.pathways:
            here = self.everybody.anywhere(start)
            yield Loss(start, (here, *self.who), self.better, tuple(self._moved(start)))

    def _referral(self, sets: StepSets) -> Iterator[Lost]:
        """Who is referred less at a step that they come to with either answer."""
        for least in PRESSING:
            yield self._less(sets.referred(least), sets.referred(least), least)

    def _unseen(self, sets: StepSets) -> Iterator[Lost]:
        """Who loses a check or pitfall of the step, or of an option that is still given."""
        for each in sets.warnings:
            before = self._before(each.patients)
            if before != each.patients:
                lost = self.formulas.all((before, each.brought, each.unseen))
                yield Lost(lost, f"the {each.field.removesuffix('s')} {each.id}")

    def _moved(self, start: str) -> Iterator[Lost]:
        """Who is referred whatever is offered, and with the worse answer no more, at any step."""
        for least in PRESSING:
            yield self._less(*self.everybody.referred_anywhere(start, least), least)

    def _less(self, sent: Set, referred: Set, least: Referral) -> Lost:
        lost = self.formulas.without(self._before(sent), referred)
        return Lost(lost, f"a referral that is {least}")
