"""How many patients a rule is about, and by how many paths they come."""

from typing import NamedTuple

from dmadvisor.model import SafetyRule
from dmadvisor.verify.cuts import Cut
from dmadvisor.verify.diagram import NONE, Set
from dmadvisor.verify.everybody import Everybody
from dmadvisor.verify.explore import ahead, branches, takes
from dmadvisor.verify.situations import Stage
from dmadvisor.verify.worse import worsened

LARGE = 1_000
"""What is left of a set with more nodes than this is not worked out for the sake of a count."""


class Covered(NamedTuple):
    """What a rule is about, counted."""

    paths: int
    """The ways through the branches that these patients take."""
    patients: int
    """Told apart by the questions that lead them to a step and that the rule looks at."""
    exact: bool = True
    """Whether there are so many, and not at most so many."""


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
        self.diagram = everybody.diagram
        self._can_be: dict[frozenset[int], Set] = {}
        self._ways: dict[tuple[int, Set], int] = {}
        self._ahead: dict[tuple[str, str], Toward] = {}
        can_be = everybody.space.everybody
        for never in everybody.impossible:
            can_be = self.diagram.without(can_be, never)
        self._all = can_be

    def of(self, rule: SafetyRule) -> Covered:
        """How many patients a rule is about, over every step of every pathway."""
        if rule.then.worse:
            return self._of_worse(rule)
        total = Covered(0, 0)
        for stage in self.everybody.stages:
            who, exact = self._about(stage, rule)
            if who:
                paths, patients = self._count(stage, who)
                exact = exact and total.exact
                total = Covered(total.paths + paths, total.patients + patients, exact)
        return total

    def _of_worse(self, rule: SafetyRule) -> Covered:
        total = Covered(0, 0)
        for each in worsened(self.everybody, rule):
            paths, patients = self._count(each.stage, each.patients)
            total = Covered(total.paths + paths, total.patients + patients)
        return total

    def _about(self, stage: Stage, rule: SafetyRule) -> tuple[Set, bool]:
        """Whom a rule is about at one step, and whether it is about all of them."""
        come = self.everybody.explored[stage.pathway].patients[stage.name]
        found, exact = NONE, True
        for about in stage.about(rule.when, come):
            patients, all_made = self._cut(about.patients, about.cuts)
            found = self.diagram.either(found, patients)
            exact = exact and all_made
        return self.diagram.both(found, self.everybody.reaching(stage)) if found else NONE, exact

    def _cut(self, patients: Set, cuts: tuple[Cut, ...]) -> tuple[Set, bool]:
        """Some patients without whom the cuts take away, as long as the set stays small."""
        for cut in cuts:
            if self.diagram.size(patients) > LARGE:
                return patients, False
            patients = cut.of(patients)
        return patients, True

    def _count(self, stage: Stage, who: Set) -> tuple[int, int]:
        looks = self.diagram.looked_at(who)
        if looks not in self._can_be:
            self._can_be[looks] = self.diagram.forget(self._all, looks)
        who = self.diagram.both(who, self._can_be[looks])
        start = str(self.everybody.explored[stage.pathway].tree.start)
        return self._paths(self._toward(stage), start, who), self.diagram.count(who, looks)

    def _toward(self, stage: Stage) -> Toward:
        """The choices on the way to a step."""
        key = (stage.pathway, stage.name)
        if key not in self._ahead:
            space, tree = self.everybody.space, self.everybody.explored[stage.pathway].tree
            found: Toward = {stage.name: Choice((), frozenset())}
            for place in reversed(ahead(tree)):
                leading = tuple(
                    (takes(space, tree, place, branch), str(branch.to.spot))
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
