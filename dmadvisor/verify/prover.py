"""Proves the safety rules of a content folder for every patient on every path."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from dmadvisor.answers import Answer
from dmadvisor.library import Library
from dmadvisor.model import RuleId, SafetyRule
from dmadvisor.verify.cases import DAY
from dmadvisor.verify.everybody import Everybody
from dmadvisor.verify.situations import Stage
from dmadvisor.verify.solver import Solver
from dmadvisor.verify.visits import Visit
from dmadvisor.verify.worse import losses, worsened


class Counterexample(NamedTuple):
    """A patient who breaks a rule, and of whose answers none can be left out."""

    pathway: str
    """Where this patient starts."""
    step: str
    answers: dict[str, Answer]
    than: str = ""
    """What is lost against a better answer; empty unless the rule compares two."""


class Proof(NamedTuple):
    """What became of one rule."""

    rule: str
    topic: str
    is_met: bool
    """Whether the rule is about somebody."""
    counterexample: Counterexample | None

    @property
    def holds(self) -> bool:
        """Whether the rule is about somebody, and kept by all of them."""
        return self.is_met and self.counterexample is None


class Prover:
    """The rules of a content folder, held against everybody."""

    def __init__(self, library: Library, pathways: tuple[str, ...]) -> None:
        self.library = library
        self.everybody = Everybody(library, pathways)

    @cached_property
    def rules(self) -> Mapping[str, tuple[str, SafetyRule]]:
        """Every rule that can be proved here, with the topic that it stands in.

        Those that name a proof of the program's own are held by ``form`` and ``printed``.
        """
        sets = {id: self.library.rule_set(id) for id in self.library.ids("RuleSetId")}
        found = {rule: (id, s.rules[RuleId(rule)]) for id, s in sets.items() for rule in s.rules}
        return {id: each for id, each in found.items() if each[1].then.proof is None}

    def prove(self, id: str) -> Proof:
        """Hold one rule against everybody; of its counterexamples one with few answers."""
        topic, rule = self.rules[id]
        found = counterexamples(self.everybody, rule)
        best = min(found, key=lambda each: len(each.answers), default=None)
        return Proof(id, topic, _is_met(self.everybody, rule), best)


def counterexamples(
    everybody: Everybody, rule: SafetyRule, stages: Iterable[Stage] | None = None
) -> Iterator[Counterexample]:
    """Somebody who breaks a rule, for each step or for each thing that can be lost.

    At some steps only, where they are named and the rule looks at one advice at a time.
    """
    if rule.then.worse:
        yield from _who_lose(everybody, rule)
        return
    found = [
        (stage, everybody.coming(stage, stage.breaking(rule)))
        for stage in (everybody.stages if stages is None else stages)
    ]
    # Searched for at all steps at once, since mostly there is nobody.
    anywhere = everybody.formulas.any(who for _, who in found)
    if not everybody.refuter.is_somebody((anywhere, *everybody.possible)):
        return
    for stage, who in found:
        told = everybody.answers((who, *everybody.possible))
        if told is not None:
            yield Counterexample(stage.pathway, stage.name, told)


def _who_lose(everybody: Everybody, rule: SafetyRule) -> Iterator[Counterexample]:
    # By itself: what is learned for one answer serves no other, and would slow them all.
    solver = Solver(everybody.formulas)
    for loss in losses(everybody, rule):
        lose = everybody.formulas.any(lost.patients for lost in loss.lost)
        if not solver.is_somebody((lose, *loss.patients)):
            continue
        for lost in loss.lost:
            told = everybody.answers((lost.patients, *loss.patients))
            if told is not None:
                _, step = Visit(everybody.library, loss.start, told, DAY).end
                than = f"With {loss.better} instead there is {lost.what}"
                yield Counterexample(loss.start, step, told, than)


def _is_met(everybody: Everybody, rule: SafetyRule) -> bool:
    """Whether a rule is about somebody; one of what must never come about is, where it could."""
    if rule.then.never:
        return any(stage.is_place(rule.when) for stage in everybody.stages)
    if rule.then.worse:
        about = (each.patients for each in worsened(everybody, rule))
    else:
        stages = everybody.stages
        about = (everybody.coming(each, who) for each in stages for who in each.about(rule.when))
    anybody = everybody.formulas.any(about)
    return everybody.solver.is_somebody((anybody, *everybody.possible))
