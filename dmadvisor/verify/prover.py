"""Proves the safety rules of a content folder for every patient on every path."""

from collections.abc import Mapping
from functools import cached_property
from typing import NamedTuple

from dmadvisor.answers import Answer
from dmadvisor.library import Library
from dmadvisor.model import Demand, RuleId, SafetyRule
from dmadvisor.verify.cuts import Cut, lacking, left_by_all
from dmadvisor.verify.diagram import ALL, NONE, Set
from dmadvisor.verify.explore import Explored, explore, leading_to
from dmadvisor.verify.listed import StepSets
from dmadvisor.verify.situations import About, Stage
from dmadvisor.verify.space import Space
from dmadvisor.verify.verdicts import Judge

MOST_NODES = 2_000_000
"""With more nodes than this (about 1.5 GB) a proof begins with new sets."""


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
        self._begin()

    def _begin(self) -> None:
        """Start with no set but those that the content itself makes."""
        for name in ("explored", "impossible", "stages", "paths", "_possible"):
            self.__dict__.pop(name, None)
        self.space = Space(self.library)
        self.diagram = self.space.diagram
        self._judge = Judge(self.space)
        self._sets: dict[tuple[int, str], StepSets] = {}
        self._reached: dict[tuple[str, str], Set] = {}

    @cached_property
    def explored(self) -> Mapping[str, Explored]:
        """Every pathway with everybody in it."""
        return {id: explore(self.space, id) for id in self.pathways}

    @cached_property
    def impossible(self) -> tuple[Set, ...]:
        """The patients whose answers contradict each other, so that the program refuses them."""
        clashes = (self.library.clash(id) for id in self.library.ids("ClashId"))
        return tuple(self.space.holds(c.when).yes for c in clashes if c.confirm is None)

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
        if len(self.diagram.level) > MOST_NODES:
            self._begin()
        topic, rule = self.rules[id]
        ends = paths = 0
        best: Counterexample | None = None
        for stage in self.stages:
            comes = self._comes(stage)
            met = rule.then.never and stage.is_place(rule.when)
            for about in stage.about(rule.when, self.explored[stage.pathway].patients[stage.name]):
                # Once somebody was found to be about, it is enough that others may be.
                met = met or ends > 0 or self._somebody(about, comes)
                who = stage.breaking(about, rule.then, comes)
                told = self.space.fewest(who) if who else None
                if told is not None and (best is None or len(told) < len(best.answers)):
                    best = Counterexample(stage.pathway, stage.name, told)
            if met:
                ends += 1
                paths += self.paths[stage.pathway][stage.name]
        return Proof(id, topic, ends, paths, best)

    def _somebody(self, about: About, comes: tuple[Cut, ...]) -> bool:
        return left_by_all(self.space, about.patients, (*about.cuts, *comes)) != NONE

    def _comes(self, stage: Stage) -> tuple[Cut, ...]:
        """What a patient has to meet to come to a step with answers that can be given."""
        reaching, diagram = self._reaching(stage), self.diagram
        reaches = Cut(
            lambda patients: diagram.both(patients, reaching),
            lambda values: diagram.has(reaching, values),
        )
        return (*self._possible, reaches)

    @cached_property
    def _possible(self) -> tuple[Cut, ...]:
        """For each way in which answers contradict each other who does not give them so."""
        diagram = self.diagram

        def agrees(all_: Set) -> Cut:
            # A question that decides nothing here can be answered so that it agrees.
            return Cut(
                lambda some: diagram.both(some, diagram.forget(all_, diagram.looked_at(some))),
                lambda values: diagram.has(all_, values),
            )

        never = (lacking(diagram, (each,)) for each in self.impossible)
        return (*map(agrees, self.space.agreeing), *never)

    def _reaching(self, stage: Stage) -> Set:
        """Who comes to a step from the start of its pathway; exact."""
        key = (stage.pathway, stage.name)
        if key not in self._reached:
            found = self.explored[stage.pathway]
            self._reached[key] = leading_to(self.space, found, {stage.name: ALL})
        return self._reached[key]

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
