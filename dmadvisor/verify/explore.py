"""Everything that can happen in a pathway: the patients who come to each place and take each way.

All patients start together; at each place every branch takes those in whom its condition is the
first that holds. On the way a set forgets what no place ahead looks at, which loses no way through;
``leading_to`` goes back over the ways and forgets nothing. Who is handed over walks on in the next
pathway as anybody does there, unless that pathway would hand the patient back: ``handed_back``
finds those.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import permutations
from typing import NamedTuple

from dmadvisor.answers import Answer
from dmadvisor.model import Branch, Condition, FactId, QuestionId, SpotId, Test
from dmadvisor.verify.diagram import ALL, NONE, Set
from dmadvisor.verify.looks import looked_at
from dmadvisor.verify.space import Space
from dmadvisor.walk import Tree, tree_of


class Way(NamedTuple):
    """One branch of one place, with the patients who take it."""

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


class Explored(NamedTuple):
    """Everything that can happen from the start of one pathway to a step or a hand-over."""

    pathway: str
    tree: Tree
    patients: Mapping[str, Set]
    """Who comes to each place."""
    ways: tuple[Way, ...]
    """Every branch that somebody takes, in the order of the walk."""
    stuck: Mapping[str, Set]
    """Who comes to a place and finds no branch to take."""
    dead: tuple[tuple[str, int], ...]
    """Branches that nobody takes, of places that somebody comes to."""

    @property
    def steps(self) -> dict[str, Set]:
        """Who comes to each step."""
        return {p: s for p, s in self.patients.items() if p in self.tree.steps}


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


def explore(space: Space, pathway: str, start: Set = ALL) -> Explored:
    """Take the patients of ``start`` through a pathway from place to place."""
    tree = tree_of(space.library, pathway)
    diagram = space.diagram
    order = ahead(tree)
    looks = matters(space, tree, order)
    patients: dict[str, Set] = {order[0]: diagram.both(space.everybody, start)}
    ways: list[Way] = []
    stuck: dict[str, Set] = {}
    dead: list[tuple[str, int]] = []
    for place in order:
        here, choices = patients.get(place, NONE), branches(tree, place)
        if not here or not choices:
            continue
        left = diagram.forget(here, looks[place])
        for number, branch in enumerate(choices):
            taken, left = diagram.split(left, takes(space, tree, place, branch))
            if not taken:
                dead.append((place, number))
                continue
            way = Way(place, number, branch, taken)
            ways.append(way)
            if way.end:
                patients[way.end] = diagram.either(patients.get(way.end, NONE), taken)
        if left:
            stuck[place] = left
    return Explored(pathway, tree, patients, tuple(ways), stuck, tuple(dead))


def takes(space: Space, tree: Tree, place: str, branch: Branch) -> Set:
    """Who takes a branch, of those whom no earlier branch took."""
    if branch.when is not None:
        return space.holds(branch.when).yes
    if place in tree.forks:
        return ALL
    return space.test(Test(fact=FactId(place), known=True)).yes


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


def leading_to(space: Space, found: Explored, goals: Mapping[str, Set]) -> Set:
    """Who, of all who start a pathway, comes to a goal; exact, with nothing forgotten.

    ``goals`` are places, and pathways that are handed over to, each with the patients who count.
    """
    diagram = space.diagram
    out_of: dict[str, list[Way]] = {}
    for way in found.ways:
        out_of.setdefault(way.start, []).append(way)
    leading = dict(goals)
    for place in reversed(list(out_of)):
        if place not in goals:
            leading[place] = diagram.any(
                diagram.both(way.patients, leading.get(way.end or way.target, NONE))
                for way in out_of[place]
            )
    return leading.get(str(found.tree.start), NONE)


FEW = 12
"""How many kinds of patient are followed back one by one."""


def somebody(space: Space, found: Explored, place: str, patients: Set) -> dict[str, Answer] | None:
    """Answers of one of some patients at a place, as few as may be; None when nobody comes.

    One kind of patient after the other is followed back to the start; should none of the first
    few come from there, all of them at once.
    """
    diagram = space.diagram
    # A set that forgot a question lets "some of these" stand without any; nobody can answer so.
    left = diagram.both(patients, space.everybody)
    for number in range(FEW + 1):
        if not left:
            return None
        kind = space.with_values(diagram.fewest(left)) if number < FEW else left
        comes = leading_to(space, found, {place: diagram.both(left, kind)})
        if comes:
            return space.fewest(comes)
        left = diagram.without(left, kind)
    return None


class HandBack(NamedTuple):
    """Patients who would be handed back to a pathway that was left, or on to a fourth one."""

    chain: tuple[str, ...]
    patients: Set


LONGEST_CHAIN = 3
"""How many pathways one visit may enter."""


def handed_back(space: Space, found: Mapping[str, Explored]) -> Iterator[HandBack]:
    """Whoever is handed on in a way that a single pathway does not show.

    Where there is nobody, every patient who is handed over walks on as anybody who starts there.
    """
    known: dict[tuple[str, str, Set], Set] = {}

    def handed(pathway: str, goal: str, patients: Set) -> Set:
        key = (pathway, goal, patients)
        if key not in known:
            some = any(way.target == goal for way in found[pathway].ways)
            known[key] = leading_to(space, found[pathway], {goal: patients}) if some else NONE
        return known[key]

    for length in range(2, LONGEST_CHAIN + 1):
        for chain in permutations(found, length):
            others = [id for id in found if id not in chain] if length == LONGEST_CHAIN else []
            for target in (chain[0], *others):
                patients, goal = ALL, target
                for pathway in reversed(chain):
                    patients = patients and handed(pathway, goal, patients)
                    goal = pathway
                if patients:
                    yield HandBack((*chain, target), patients)
