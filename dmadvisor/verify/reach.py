"""Who comes to each place of a pathway and takes each way, as formulas.

The formulas say only which answers lead there; whether somebody has them is for ``solver`` to find.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from dmadvisor.model import Branch, FactId, QuestionId, SpotId, Test
from dmadvisor.verify.formulas import ALL, Formulas, Set
from dmadvisor.verify.space import Space
from dmadvisor.walk import Tree


class Way(NamedTuple):
    """One branch of one place, with the patients who take it once they are there."""

    start: str
    number: int
    """Which branch of the place it is, from 0."""
    branch: Branch
    patients: Set

    @property
    def end(self) -> str:
        """The place in the same pathway that it leads to; empty for a hand-over."""
        return str(self.branch.to.spot or "")

    @property
    def target(self) -> str:
        """The pathway that it hands over to; empty for a way inside one."""
        return str(self.branch.to.pathway or "")


class Reach(NamedTuple):
    """One pathway with everybody who starts it, or who comes to one of its places."""

    tree: Tree
    places: Mapping[str, Set]
    """Who comes to each place that some branches lead to."""
    handed: Mapping[str, Set]
    """Who is handed over to each other pathway."""


def ways(formulas: Formulas, tree: Tree, takes: Callable[[str, Branch], Set]) -> tuple[Way, ...]:
    """Every branch of every place that branches lead to, in the order of the walk.

    ``takes`` says who takes a branch, of those whom no earlier branch took.
    """
    found: list[Way] = []
    for place in ahead(tree):
        left = ALL
        for number, branch in enumerate(branches(tree, place)):
            who = takes(place, branch)
            found.append(Way(place, number, branch, formulas.both(left, who)))
            left = formulas.without(left, who)
    return tuple(found)


def reach(formulas: Formulas, tree: Tree, ways: Iterable[Way], start: str = "") -> Reach:
    """Take everybody on from a place, or from the start of a pathway."""
    leading: dict[str, dict[str, list[Set]]] = {}
    handed: dict[str, list[Set]] = {}
    out_of: dict[str, list[Way]] = {}
    for way in ways:
        out_of.setdefault(way.start, []).append(way)
    places: dict[str, Set] = {start or str(tree.start): ALL}
    for place in ahead(tree):
        if place in leading:
            come = (formulas.both(places[p], formulas.any(s)) for p, s in leading[place].items())
            places[place] = formulas.any(come)
        if place in places:
            for way in out_of.get(place, ()):
                if way.end:
                    leading.setdefault(way.end, {}).setdefault(place, []).append(way.patients)
                else:
                    over = formulas.both(places[place], way.patients)
                    handed.setdefault(way.target, []).append(over)
    return Reach(tree, places, {target: formulas.any(who) for target, who in handed.items()})


def takes(space: Space, tree: Tree, place: str, branch: Branch) -> Set:
    """Who takes a branch, of those whom no earlier branch took."""
    if branch.when is not None:
        return space.holds(branch.when).yes
    if place in tree.forks:
        return ALL
    return space.test(Test(fact=FactId(place), known=True)).yes


def branches(tree: Tree, place: str) -> tuple[Branch, ...]:
    """The branches of a fork or question; none at a step."""
    found = tree.forks.get(SpotId(place)) or tree.questions.get(QuestionId(place))
    return found or ()


def ahead(tree: Tree) -> tuple[str, ...]:
    """Every place that branches lead to from the start of a tree, each before the next.

    Raises ValueError where branches lead in a circle.
    """
    found: list[str] = []
    open_: set[str] = set()
    seen: set[str] = set()

    def visit(place: str) -> None:
        if place in open_:
            raise ValueError(f"a circle in {tree.id} through '{place}'")
        if place in seen:
            return
        seen.add(place)
        open_.add(place)
        for branch in branches(tree, place):
            if branch.to.spot:
                visit(branch.to.spot)
        open_.discard(place)
        found.append(place)

    visit(str(tree.start))
    return tuple(reversed(found))
