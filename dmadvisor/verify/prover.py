"""Proves the safety rules of a content folder for every patient on every path."""

from collections.abc import Mapping
from functools import cached_property
from typing import NamedTuple

from dmadvisor.answers import Answer
from dmadvisor.library import Library
from dmadvisor.model import Demand, RuleId, SafetyRule
from dmadvisor.verify.cuts import Cut, left_by_all
from dmadvisor.verify.diagram import ALL, NONE, Set
from dmadvisor.verify.explore import Explored, explore, leading_to
from dmadvisor.verify.listed import StepSets
from dmadvisor.verify.situations import Stage, answering
from dmadvisor.verify.space import Space
from dmadvisor.verify.verdicts import Judge


class Counterexample(NamedTuple):
    """The patient with the fewest answers who breaks a rule."""

    pathway: str
    """Where this patient starts."""
    step: str
    answers: dict[str, Answer]


class Proof(NamedTuple):
    """What became of one rule."""

    rule: str
    topic: str
    ends: int
    """At how many steps, counted for each pathway, the rule is about somebody."""
    paths: int
    """How many ways through the branches lead to them."""
    counterexample: Counterexample | None

    @property
    def holds(self) -> bool:
        """Whether the rule is about somebody, and kept by all of them."""
        return self.ends > 0 and self.counterexample is None


class Prover:
    """All patients of a content folder, explored once, and the rules held against them."""

    def __init__(self, library: Library, pathways: tuple[str, ...]) -> None:
        self.library = library
        self.pathways = pathways
        self.space = Space(library)
        self.diagram = self.space.diagram
        self._judge = Judge(self.space)
        self._sets: dict[tuple[int, str], StepSets] = {}
        self._nearer: dict[tuple[str, str], Explored] = {}

    @cached_property
    def explored(self) -> Mapping[str, Explored]:
        """Every pathway with everybody in it."""
        return {id: explore(self.space, id) for id in self.pathways}

    @cached_property
    def impossible(self) -> Set:
        """The patients whose answers contradict each other, so that the program refuses them."""
        clashes = (self.library.clash(id) for id in self.library.ids("ClashId"))
        never = [c for c in clashes if c.confirm is None]
        return self.diagram.any(self.space.holds(clash.when).yes for clash in never)

    @cached_property
    def stages(self) -> tuple[Stage, ...]:
        """Every step that somebody comes to, in every pathway."""
        return tuple(
            Stage(self.space, pathway, name, self._step_sets(found, name))
            for pathway, found in self.explored.items()
            for name in found.steps
        )

    def _step_sets(self, found: Explored, name: str) -> StepSets:
        step = found.tree.steps[name]  # type: ignore[index]
        # The same step of a shared part differs between pathways by what these add to their plans.
        key = (id(step), found.pathway if step.is_plan else "")
        if key not in self._sets:
            self._sets[key] = StepSets(self.space, self._judge, step, found.tree.additions)
        return self._sets[key]

    @cached_property
    def rules(self) -> Mapping[str, tuple[str, SafetyRule]]:
        """Every rule that can be proved here, with the topic that it stands in.

        Those that name a proof of the program's own, or compare answers from good to bad, are held
        by the tests alone: nothing is said of them, least of all that they hold.
        """
        topics = {id: self.library.topic(id) for id in self.library.ids("TopicId")}
        found = {rule: (id, t.rules[RuleId(rule)]) for id, t in topics.items() for rule in t.rules}
        return {id: each for id, each in found.items() if _is_proved(each[1].then)}

    def prove(self, id: str) -> Proof:
        """Hold one rule against everybody; of its counterexamples one with few answers."""
        topic, rule = self.rules[id]
        ends = paths = 0
        best: Counterexample | None = None
        for stage in self.stages:
            comes = self._comes(id, stage)
            met = rule.then.never and stage.is_place(rule.when)
            for about in stage.about(rule.when, self.explored[stage.pathway].patients[stage.name]):
                # Once somebody was found to be about, it is enough that others may be.
                met = met or ends > 0 or left_by_all(self.space, about.patients, comes) > 0
                who = stage.breaking(about, rule.then, comes)
                told = self.space.fewest(who) if who else None
                if told is not None and (best is None or len(told) < len(best.answers)):
                    best = Counterexample(stage.pathway, stage.name, told)
            if met:
                ends += 1
                paths += self.paths[stage.pathway][stage.name]
        return Proof(id, topic, ends, paths, best)

    def _comes(self, id: str, stage: Stage) -> tuple[Cut, ...]:
        """What a patient has to meet to come to a step, the quick conditions first."""

        def possible(patients: Set) -> Set:
            here = self.diagram.both(patients, self.space.everybody)
            return self.diagram.without(here, self.impossible)

        def near(patients: Set) -> Set:
            found = self._explored_for(id, stage.pathway)
            return self.diagram.both(patients, found.patients.get(stage.name, NONE))

        def reach(patients: Set) -> Set:
            found = self._explored_for(id, stage.pathway)
            return leading_to(self.space, found, {stage.name: patients})

        return possible, near, reach

    def _explored_for(self, id: str, pathway: str) -> Explored:
        """A pathway with those alone whom a rule is about by their answers.

        What they have in common holds at every step, though sets forget it on the way.
        """
        _, rule = self.rules[id]
        key = (id, pathway)
        if key not in self._nearer:
            self._nearer[key] = explore(self.space, pathway, answering(self.space, rule.when, ALL))
        return self._nearer[key]

    @cached_property
    def paths(self) -> Mapping[str, Mapping[str, int]]:
        """For each pathway and place, how many ways through the branches lead there."""
        found: dict[str, dict[str, int]] = {}
        for id, explored in self.explored.items():
            counts = found[id] = {str(explored.tree.start): 1}
            for way in explored.ways:
                if way.end:
                    counts[way.end] = counts.get(way.end, 0) + counts[way.start]
        return found


def _is_proved(then: Demand) -> bool:
    return then.proof is None and not then.worse
