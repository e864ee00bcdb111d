"""Everything that can happen in a pathway, worked out: who comes to each place and takes each way.

All patients start together; at each place every branch takes those in whom its condition is the
first that holds. On the way a set forgets what no place ahead looks at, which loses no way through.
Who is handed over walks on in the next pathway as anybody does there; ``handed_back`` finds those
of whom that is not so.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from dmadvisor.model import Condition
from dmadvisor.verify.diagram import ALL, NONE, Set
from dmadvisor.verify.drawn import Drawn
from dmadvisor.verify.looks import looked_at
from dmadvisor.verify.reach import Way, ahead, branches, takes
from dmadvisor.verify.space import Space
from dmadvisor.walk import Tree, tree_of


class Explored(NamedTuple):
    """Everything that can happen from the start of one pathway to a step or a hand-over."""

    pathway: str
    tree: Tree
    patients: Mapping[str, Set]
    """Who comes to each place."""
    ways: tuple[Way, ...]
    """Every branch that somebody takes, in the order of the walk."""


def explore(drawn: Drawn, pathway: str, start: Set = ALL) -> Explored:
    """Take the patients of ``start`` through a pathway from place to place."""
    space, diagram = drawn.space, drawn.diagram
    tree = tree_of(space.library, pathway)
    order = ahead(tree)
    looks = matters(space, tree, order)
    patients: dict[str, Set] = {order[0]: diagram.both(drawn.everybody, start)}
    ways: list[Way] = []
    for place in order:
        here, choices = patients.get(place, NONE), branches(tree, place)
        if not here or not choices:
            continue
        left = diagram.forget(here, looks[place])
        for number, branch in enumerate(choices):
            taken, left = diagram.split(left, drawn(takes(space, tree, place, branch)))
            if not taken:
                continue
            way = Way(place, number, branch, taken)
            ways.append(way)
            if way.end:
                patients[way.end] = diagram.either(patients.get(way.end, NONE), taken)
    return Explored(pathway, tree, patients, tuple(ways))


def matters(space: Space, tree: Tree, order: Sequence[str]) -> dict[str, frozenset[int]]:
    """For each place the variables that it or a place ahead looks at."""
    found: dict[str, frozenset[int]] = {}
    for place in reversed(order):
        choices = branches(tree, place)
        here = variables(space, [branch.when for branch in choices])
        if place in tree.questions:
            asked = space.library.question(place)
            here |= variables(space, [implied.when for implied in asked.implied])
            here |= {space.columns[place].first}
        later = (found[str(branch.to.spot)] for branch in choices if branch.to.spot)
        found[place] = here.union(*later)
    return found


def variables(space: Space, conditions: Iterable[Condition | None]) -> frozenset[int]:
    """The variables that some conditions look at."""
    tests = looked_at(space.library, conditions)
    return frozenset(v for test in tests for v in space.variables(test))
