"""How many patients a rule is about, and by how many paths they come."""

from collections.abc import Mapping
from functools import cached_property
from typing import NamedTuple

from dmadvisor.model import SafetyRule
from dmadvisor.verify.diagram import ALL, NONE, Set
from dmadvisor.verify.drawn import Drawn
from dmadvisor.verify.everybody import Everybody
from dmadvisor.verify.explore import Explored, explore, leading_to
from dmadvisor.verify.reach import ahead, branches, takes
from dmadvisor.verify.situations import Stage
from dmadvisor.verify.worse import worsened

LARGE = 1_000
"""What is left of a set with more nodes than this is not worked out for the sake of a count."""


class Covered(NamedTuple):
    """What a rule is about, counted."""

    steps: int
    """The steps, those of each pathway, to which these patients come."""
    paths: int
    """The ways through the branches that these patients take."""
    patients: int
    """Told apart by the questions that lead them to a step and that the rule looks at."""
    exact: bool = True
    """Whether there are so many, and not at most so many."""

    def and_at_a_step(self, paths: int, patients: int, *, exact: bool = True) -> "Covered":
        """These, and those of one step more."""
        exact = exact and self.exact
        return Covered(self.steps + 1, self.paths + paths, self.patients + patients, exact)


class Choice(NamedTuple):
    """A place on the way to a step."""

    leading: tuple[tuple[Set, str], ...]
    """Its branches to the step: who takes each, and where it leads."""
    looks: frozenset[int]
    """The variables by which patients who come to the step go different ways from here."""


Toward = dict[str, Choice]


class Counter:
    """Counts for the rules of a content folder."""

    def __init__(self, everybody: Everybody) -> None:
        self.everybody = everybody
        self.drawn = Drawn(everybody.space)
        self.diagram = self.drawn.diagram
        self._can_be: dict[frozenset[int], Set] = {}
        self._ways: dict[tuple[int, Set], int] = {}
        self._ahead: dict[tuple[str, str], Toward] = {}
        self._reaching: dict[tuple[str, str], Set] = {}
        self._known: dict[tuple[str, str, tuple[int, ...]], Covered] = {}
        self._all = self.diagram.all((self.drawn.everybody, *map(self.drawn, everybody.possible)))

    @cached_property
    def _explored(self) -> Mapping[str, Explored]:
        return {id: explore(self.drawn, id) for id in self.everybody.pathways}

    def reaching(self, stage: Stage) -> Set:
        """Who comes to a step from the start of its pathway."""
        key = (stage.pathway, stage.name)
        if key not in self._reaching:
            found = self._explored[stage.pathway]
            self._reaching[key] = leading_to(self.diagram, found, {stage.name: ALL})
        return self._reaching[key]

    def of(self, rule: SafetyRule) -> Covered:
        """How many patients a rule is about, over every step of every pathway."""
        if rule.then.worse:
            return self._of_worse(rule)
        total = Covered(0, 0, 0)
        for stage in self.everybody.stages:
            about = tuple(stage.about(rule.when))
            # Many rules are about everybody at a step.
            key = (stage.pathway, stage.name, about)
            if key not in self._known:
                self._known[key] = self._at(stage, about)
            one = self._known[key]
            if one.steps:
                total = total.and_at_a_step(one.paths, one.patients, exact=one.exact)
        return total

    def _of_worse(self, rule: SafetyRule) -> Covered:
        total = Covered(0, 0, 0)
        for each in worsened(self.everybody, rule):
            who = self.diagram.both(self.drawn(each.patients), self.reaching(each.stage))
            if who:
                paths, patients = self._count(each.stage, who)
                total = total.and_at_a_step(paths, patients)
        return total

    def _at(self, stage: Stage, about: tuple[int, ...]) -> Covered:
        """How many are in one of some sets at one step."""
        found, exact = NONE, True
        for each in about:
            patients, all_made = self._cut(each)
            found = self.diagram.either(found, patients)
            exact = exact and all_made
        who = self.diagram.both(found, self.reaching(stage)) if found else NONE
        return Covered(1, *self._count(stage, who), exact) if who else Covered(0, 0, 0)

    def _cut(self, who: int) -> tuple[Set, bool]:
        """Whom a formula holds for, as long as that stays small; else whom some parts hold for."""
        formulas = self.everybody.formulas
        parts = (not who & 1 and formulas.parts(who)) or (who,)
        found = ALL
        for part in sorted(parts, key=lambda each: len(formulas.looked_at(each))):
            if self.diagram.size(found) > LARGE:
                return found, False
            found = self.diagram.both(found, self.drawn(part))
        return found, True

    def _count(self, stage: Stage, who: Set) -> tuple[int, int]:
        looks = self.diagram.looked_at(who)
        if looks not in self._can_be:
            self._can_be[looks] = self.diagram.forget(self._all, looks)
        who = self.diagram.both(who, self._can_be[looks])
        start = str(self.everybody.reached[stage.pathway].tree.start)
        return self._paths(self._toward(stage), start, who), self.diagram.count(who, looks)

    def _toward(self, stage: Stage) -> Toward:
        """The choices on the way to a step."""
        key = (stage.pathway, stage.name)
        if key not in self._ahead:
            space, tree = self.everybody.space, self.everybody.reached[stage.pathway].tree
            found: Toward = {stage.name: Choice((), frozenset())}
            for place in reversed(ahead(tree)):
                leading = tuple(
                    (self.drawn(takes(space, tree, place, branch)), str(branch.to.spot))
                    for branch in branches(tree, place)
                    if branch.to.spot in found
                )
                looks = frozenset[int]().union(*(found[end].looks for _, end in leading))
                if len(leading) > 1:
                    looks = looks.union(*(self.diagram.looked_at(who) for who, _ in leading))
                if leading:
                    found[place] = Choice(leading, looks)
            self._ahead[key] = found
        return self._ahead[key]

    def _paths(self, toward: Toward, place: str, patients: Set) -> int:
        """The ways on from a place that some patients take, who all come to the step."""
        choice = toward[place]
        if len(choice.leading) == 1:
            return self._paths(toward, choice.leading[0][1], patients)
        if not choice.leading:
            return 1
        left = self.diagram.forget(patients, choice.looks)
        key = (id(choice), left)
        if key not in self._ways:
            ways = 0
            for who, end in choice.leading:
                taken, left = self.diagram.split(left, who)
                ways += self._paths(toward, end, taken) if taken else 0
            self._ways[key] = ways
        return self._ways[key]
