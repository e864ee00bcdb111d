"""Everybody who can come to the steps of some pathways, and a search for one of them."""

from collections.abc import Callable, Iterable, Mapping
from copy import copy
from functools import cached_property, partial

from dmadvisor.answers import Answer
from dmadvisor.library import Library
from dmadvisor.model import Additions, Condition, Referral, SpotId
from dmadvisor.verify.formulas import ALL, Set
from dmadvisor.verify.listed import StepSets
from dmadvisor.verify.reach import Reach, Way, reach, takes, ways
from dmadvisor.verify.said import Words
from dmadvisor.verify.situations import Stage
from dmadvisor.verify.solver import Solver
from dmadvisor.verify.space import Space
from dmadvisor.verify.verdicts import Judge
from dmadvisor.walk import Tree, tree_of


class Everybody:
    """All patients of a content folder."""

    def __init__(
        self, library: Library, pathways: tuple[str, ...], also: Iterable[Condition] = ()
    ) -> None:
        space = Space(library, also)
        self.solver = Solver(space.formulas)
        self.refuter = Solver(space.formulas)
        """The solver for what mostly nobody meets; apart, since it knows so much more formulas."""
        self._take(space, pathways)

    def _take(self, space: Space, pathways: tuple[str, ...]) -> None:
        self.library = space.library
        self.pathways = pathways
        self.space = space
        self.formulas = space.formulas
        self.judge = Judge(space)
        self._known: dict[tuple[int, tuple[Additions, ...]], Words] = {}
        self._referred: dict[tuple[str, Referral], tuple[Set, Set]] = {}

    def within(self, library: Library, *, same_facts: bool, same_walks: bool) -> "Everybody":
        """The same patients under changed content, in which only so much is worked out anew.

        ``same_walks`` says that the change sends nobody elsewhere.
        """
        other = copy(self)
        other._take(self.space.within(library, same_facts=same_facts), self.pathways)
        stale = ("trees", "stages", "listed_regimens", *(() if same_walks else ("ways", "reached")))
        for name in (*stale, *(() if same_facts else ("possible",))):
            other.__dict__.pop(name, None)
        return other

    @cached_property
    def trees(self) -> Mapping[str, Tree]:
        """Every pathway with what it takes from the parts."""
        return {id: tree_of(self.library, id) for id in self.pathways}

    @cached_property
    def ways(self) -> Mapping[str, tuple[Way, ...]]:
        """Every branch of each pathway."""
        return {
            id: ways(self.formulas, tree, partial(takes, self.space, tree))
            for id, tree in self.trees.items()
        }

    @cached_property
    def reached(self) -> Mapping[str, Reach]:
        """Every pathway with everybody in it."""
        return {id: reach(self.formulas, self.trees[id], found) for id, found in self.ways.items()}

    @cached_property
    def possible(self) -> tuple[Set, ...]:
        """For each way in which answers contradict each other who does not give them so."""
        clashes = (self.library.clash(id) for id in self.library.ids("ClashId"))
        return tuple(
            self.formulas.other(self.space.holds(clash.when).yes)
            for clash in clashes
            if clash.confirm is None
        )

    @cached_property
    def stages(self) -> tuple[Stage, ...]:
        """Every step that somebody comes to, in every pathway."""
        return tuple(
            self.stage(pathway, name)
            for pathway, found in self.reached.items()
            for name in found.places
            if name in found.tree.steps and self.is_met(pathway, name)
        )

    def stage(self, pathway: str, name: str) -> Stage:
        """One step of a pathway, whether or not somebody comes to it."""
        return Stage(self.space, pathway, name, self._words(self.trees[pathway], name))

    def _words(self, tree: Tree, name: str) -> Words:
        step = tree.steps[SpotId(name)]
        key = (id(step), tree.additions if step.is_plan else ())
        if key not in self._known:
            sets = StepSets(self.space, self.judge, step, tree.additions)
            self._known[key] = Words(sets)
        return self._known[key]

    @cached_property
    def listed_regimens(self) -> frozenset[str]:
        """The regimens that are listed for somebody."""
        found: set[str] = set()
        for stage in self.stages:
            for option in stage.sets.options:
                if option.regimen not in found and self.is_one_of(stage, (option.patients,)):
                    found.add(option.regimen)
        return frozenset(found)

    def anywhere(
        self, start: str, who: Callable[[Stage], Set] = lambda _: ALL, chain: tuple[str, ...] = ()
    ) -> Set:
        """Who, from the start of a pathway on, comes to a step as one of some patients."""
        formulas, found = self.formulas, self.reached[start]
        ends = [
            formulas.both(found.places[stage.name], who(stage))
            for stage in self.stages
            if stage.pathway == start
        ]
        for target, handed in found.handed.items():
            if target in self.pathways and target not in (*chain, start):
                beyond = self.anywhere(target, who, (*chain, start))
                ends.append(formulas.both(handed, beyond))
        return formulas.any(ends)

    def referred_anywhere(self, start: str, least: Referral) -> tuple[Set, Set]:
        """Who is so referred, from the start of a pathway on: whatever is offered, and at all."""
        key = (start, least)
        if key not in self._referred:
            sent = self.anywhere(start, lambda stage: stage.sets.sent(least))
            referred = self.anywhere(start, lambda stage: stage.sets.referred(least))
            self._referred[key] = sent, referred
        return self._referred[key]

    # -- one of them -----------------------------------------------------------------------

    def coming(self, stage: Stage, patients: Set) -> Set:
        """Some patients, those of them who come to a step."""
        return self.formulas.both(patients, self.reached[stage.pathway].places[stage.name])

    def comes(self, stage: Stage) -> tuple[Set, ...]:
        """What a patient has to meet to come to a step with answers that can be given."""
        return self._there(stage.pathway, stage.name)

    def is_one_of(self, stage: Stage, sets: Iterable[Set]) -> bool:
        """Whether somebody in all of some sets comes to a step."""
        return self.solver.is_somebody((*sets, *self.comes(stage)))

    def one_of(self, stage: Stage, sets: Iterable[Set]) -> list[int] | None:
        """The values of somebody in all of some sets who comes to a step; None for nobody."""
        return self.solver.somebody((*sets, *self.comes(stage)))

    def is_met(self, pathway: str, place: str, patients: Set = ALL) -> bool:
        """Whether one of some patients comes to a place."""
        return self.solver.is_somebody((patients, *self._there(pathway, place)))

    def somebody_at(
        self, pathway: str, place: str, patients: Set = ALL
    ) -> dict[str, Answer] | None:
        """Answers that lead one of some patients to a place, none of them needless; or None."""
        return self.answers((patients, *self._there(pathway, place)))

    def _there(self, pathway: str, place: str) -> tuple[Set, ...]:
        return (self.reached[pathway].places[place], *self.possible)

    def answers(self, sets: Iterable[Set]) -> dict[str, Answer] | None:
        """The answers of somebody in all of some sets, none of them needless; None for nobody."""
        every = tuple(sets)
        values = self.solver.somebody(every)
        if values is None:
            return None
        return self.space.patient(self._shortened(values, self.formulas.all(every)))

    def _shortened(self, values: list[int], patients: Set) -> list[int]:
        """The same patient without the answers that do not matter."""
        looks = self.formulas.looked_at(patients)
        for column in reversed(self.space.columns.values()):
            every = {column.first, *column.each.values()}
            if looks.isdisjoint(every):
                values = [0 if v in every else value for v, value in enumerate(values)]
                continue
            each = [v for v in column.each.values() if values[v]]
            # The last of several answers goes with the word that there are some.
            fewer = [[column.first, *each], *([v] for v in each if len(each) > 1)]
            for variables in fewer if values[column.first] else ():
                left = [0 if v in variables else value for v, value in enumerate(values)]
                some = any(left[v] for v in each) or not (each and left[column.first])
                if some and self.formulas.has(patients, left):
                    values = left
        return values
