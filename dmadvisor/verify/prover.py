"""Proves the safety rules of a content folder for every patient on every path."""

import gc
from collections.abc import Mapping
from functools import cached_property
from typing import NamedTuple

from dmadvisor.answers import Answer
from dmadvisor.library import Library
from dmadvisor.model import RuleId, SafetyRule
from dmadvisor.verify.cuts import Cut, one_left
from dmadvisor.verify.everybody import Everybody
from dmadvisor.verify.situations import About
from dmadvisor.verify.worse import milder, worsened

MOST_NODES = 2_000_000
"""With more nodes than this (about 1.5 GB) a proof begins with new sets."""


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
    ends: int
    """At how many steps, counted for each pathway, the rule is about somebody."""
    counterexample: Counterexample | None

    @property
    def holds(self) -> bool:
        """Whether the rule is about somebody, and kept by all of them."""
        return self.ends > 0 and self.counterexample is None


class Prover:
    """The rules of a content folder, held against everybody."""

    def __init__(self, library: Library, pathways: tuple[str, ...]) -> None:
        self.library = library
        self.pathways = pathways
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
        if len(self.everybody.diagram.level) > MOST_NODES:
            self.everybody = Everybody(self.library, self.pathways)
            # The old ones refer to each other, and nothing looks for garbage meanwhile.
            gc.collect()
        everybody = self.everybody
        topic, rule = self.rules[id]
        if rule.then.worse:
            return self._prove_worse(id, topic, rule)
        ends = 0
        best: Counterexample | None = None
        for stage in everybody.stages:
            comes = everybody.comes(stage)
            met = rule.then.never and stage.is_place(rule.when)
            come = everybody.explored[stage.pathway].patients[stage.name]
            for about in stage.about(rule.when, come):
                # Once somebody was found to be about, it is enough that others may be.
                met = met or ends > 0 or self._somebody(about, comes)
                who = stage.breaking(about, rule.then, comes)
                told = everybody.space.fewest(who) if who else None
                if told is not None and (best is None or len(told) < len(best.answers)):
                    best = Counterexample(stage.pathway, stage.name, told)
            if met:
                ends += 1
        return Proof(id, topic, ends, best)

    def _prove_worse(self, id: str, topic: str, rule: SafetyRule) -> Proof:
        """Hold a rule that compares answers; it is about every step that the worse ones come to."""
        everybody = self.everybody
        places = {(each.stage.pathway, each.stage.name) for each in worsened(everybody, rule)}
        best: Counterexample | None = None
        for found in milder(everybody, rule):
            told = everybody.space.fewest(found.patient)
            if best is None or len(told) < len(best.answers):
                than = f"With {found.better} instead there is {found.lost}"
                best = Counterexample(found.start, found.stage.name, told, than)
        return Proof(id, topic, len(places), best)

    def _somebody(self, about: About, comes: tuple[Cut, ...]) -> bool:
        cuts = (*about.cuts, *comes)
        return one_left(self.everybody.space, about.patients, cuts) is not None
