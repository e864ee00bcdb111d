"""Everybody who can come to the steps of some pathways, as sets that are made once."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from dmadvisor.answers import Answer
from dmadvisor.library import Library
from dmadvisor.model import Condition
from dmadvisor.verify.cuts import Cut, lacking, one_left
from dmadvisor.verify.diagram import ALL, Set
from dmadvisor.verify.explore import Explored, explore, leading_to, somebody
from dmadvisor.verify.listed import StepSets
from dmadvisor.verify.situations import Stage
from dmadvisor.verify.space import Space
from dmadvisor.verify.verdicts import Judge


class Arrival(NamedTuple):
    """A step that somebody comes to through one chain of pathways."""

    stage: Stage
    chain: tuple[str, ...]
    patients: Set


class Everybody:
    """All patients of a content folder, explored once."""

    def __init__(
        self, library: Library, pathways: tuple[str, ...], also: Iterable[Condition] = ()
    ) -> None:
        self.library = library
        self.pathways = pathways
        self.space = Space(library, also)
        self.diagram = self.space.diagram
        self.judge = Judge(self.space)
        self._sets: dict[tuple[int, str], StepSets] = {}
        self._reached: dict[tuple[str, str], Set] = {}
        self._arrivals: dict[str, tuple[Arrival, ...]] = {}

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
        # The same step of a shared part differs between pathways by what these add to it.
        key = (id(step), found.pathway)
        if key not in self._sets:
            self._sets[key] = StepSets(self.space, self.judge, step, found.tree.additions)
        return self._sets[key]

    @cached_property
    def listed_regimens(self) -> frozenset[str]:
        """The regimens that are listed for somebody."""
        found: set[str] = set()
        for stage in self.stages:
            comes = self.comes(stage)
            for option in stage.sets.options:
                known = option.regimen in found
                if not known and one_left(self.space, option.patients, comes) is not None:
                    found.add(option.regimen)
        return frozenset(found)

    def comes(self, stage: Stage) -> tuple[Cut, ...]:
        """What a patient has to meet to come to a step with answers that can be given."""
        reaching, diagram = self.reaching(stage), self.diagram
        reaches = Cut(
            lambda patients: diagram.both(patients, reaching),
            lambda values: diagram.has(reaching, values),
        )
        return (*self.possible, reaches)

    @cached_property
    def possible(self) -> tuple[Cut, ...]:
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

    def reaching(self, stage: Stage) -> Set:
        """Who comes to a step from the start of its pathway; exact."""
        key = (stage.pathway, stage.name)
        if key not in self._reached:
            found = self.explored[stage.pathway]
            self._reached[key] = leading_to(self.space, found, {stage.name: ALL})
        return self._reached[key]

    def somebody_at(self, pathway: str, place: str, patients: Set) -> dict[str, Answer] | None:
        """Answers that can be given and lead some of these patients to a place, few; or None."""
        found, diagram = self.explored[pathway], self.diagram
        answers = somebody(self.space, found, place, patients)
        if answers is None or self._can_be(answers):
            return answers
        come = leading_to(self.space, found, {place: patients})
        come = diagram.both(come, self.space.everybody)
        for never in self.impossible:
            come = diagram.without(come, never)
        return self.space.fewest(come) if come else None

    def _can_be(self, answers: Mapping[str, Answer]) -> bool:
        values = self.space.values(answers)
        return not any(self.diagram.has(each, values) for each in self.impossible)

    def arriving(self, start: str) -> tuple[Arrival, ...]:
        """Every step that somebody who starts a pathway comes to, handed over or not; exact."""
        if start not in self._arrivals:
            self._arrivals[start] = tuple(self._arriving((start,), ALL))
        return self._arrivals[start]

    def _arriving(self, chain: tuple[str, ...], come: Set) -> Iterator[Arrival]:
        found = self.explored[chain[-1]]
        for stage in self.stages:
            here = stage.pathway == chain[-1] and self.diagram.both(come, self.reaching(stage))
            if here:
                yield Arrival(stage, chain, here)
        targets = {way.target for way in found.ways}
        for other in [id for id in self.pathways if id in targets and id not in chain]:
            handed = self.diagram.both(come, leading_to(self.space, found, {other: ALL}))
            if handed:
                yield from self._arriving((*chain, other), handed)
