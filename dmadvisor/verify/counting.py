"""How many patients a rule was held against, and by how many paths they come."""

from typing import NamedTuple

from dmadvisor.model import SafetyRule
from dmadvisor.verify.diagram import Diagram, Set
from dmadvisor.verify.drawn import Drawn
from dmadvisor.verify.everybody import Everybody
from dmadvisor.verify.reach import ahead, branches, takes
from dmadvisor.verify.situations import Stage


class Covered(NamedTuple):
    """What a rule was held against, counted."""

    steps: int
    """The steps, those of each pathway, at which it was held."""
    paths: int
    """The ways through the branches that somebody takes to them."""
    patients: int
    """Everybody who comes to them, told apart by the questions that lead there."""


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
        self._known: dict[tuple[str, str], tuple[int, int]] = {}
        self._all = self.diagram.all((self.drawn.everybody, *map(self.drawn, everybody.possible)))

    def of(self, rule: SafetyRule) -> Covered:
        """How many patients a rule was held against, over every step of every pathway."""
        stages = self.everybody.stages
        if not rule.then.worse:
            stages = tuple(stage for stage in stages if any(stage.about(rule.when)))
        found = [self.coming(stage) for stage in stages]
        return Covered(len(found), sum(paths for paths, _ in found), sum(n for _, n in found))

    def coming(self, stage: Stage) -> tuple[int, int]:
        """By how many paths patients come to a step, and how many they are."""
        key = (stage.pathway, stage.name)
        if key not in self._known:
            diagram, reached = self.diagram, self.everybody.reached[stage.pathway]
            who, start = self.drawn(reached.places[stage.name]), str(reached.tree.start)
            toward = self._toward(stage)
            looks = diagram.looked_at(who) | toward[start].looks
            who = diagram.both(who, diagram.forget(self._all, looks))
            self._known[key] = _Paths(diagram, toward)(start, who), diagram.count(who, looks)
        return self._known[key]

    def _toward(self, stage: Stage) -> Toward:
        """The choices on the way to a step."""
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
        return found


class _Paths:
    """Counts the ways that some patients take to one step."""

    def __init__(self, diagram: Diagram, toward: Toward) -> None:
        self.diagram = diagram
        self.toward = toward
        self._known: dict[tuple[str, Set], int] = {}

    def __call__(self, place: str, patients: Set) -> int:
        """The ways on from a place that some patients take, who all come to the step."""
        choice = self.toward[place]
        if len(choice.leading) == 1:
            return self(choice.leading[0][1], patients)
        if not choice.leading:
            return 1
        left = self.diagram.forget(patients, choice.looks)
        key = (place, left)
        if key not in self._known:
            ways = 0
            for who, end in choice.leading:
                taken, left = self.diagram.split(left, who)
                ways += self(end, taken) if taken else 0
            self._known[key] = ways
        return self._known[key]
