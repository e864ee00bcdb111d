"""The most questions that anybody is asked in one visit, over every pathway of the visit."""

from collections.abc import Mapping
from typing import NamedTuple

from dmadvisor.verify.diagram import NONE, Set
from dmadvisor.verify.drawn import Drawn
from dmadvisor.verify.explore import Explored, matters
from dmadvisor.verify.reach import Way, ahead, branches
from dmadvisor.verify.space import Space

Counts = dict[int, Set]
"""The patients who were asked so many questions; somebody in two sets was asked the more."""


class Entry(NamedTuple):
    """How a pathway is come to: after how many questions, and which of them everybody answered."""

    counts: Counts
    answered: frozenset[str]


def most_questions(drawn: Drawn, found: Mapping[str, Explored], pathway: str) -> int:
    """The most questions from the start of a pathway to a step, in this pathway and those after it.

    A question that only some were asked before counts again, so it may be a few too many.
    """
    keep = {id: _matters_after(drawn.space, found, id) for id in found}

    def most(chain: tuple[str, ...], entry: Entry) -> int:
        here = _Counted(drawn, found[chain[-1]], keep[chain[-1]], entry)
        later = ((*chain, id) for id in here.handed if id not in chain)
        return max([here.most, *(most(longer, here.handed[longer[-1]]) for longer in later)])

    return most((pathway,), Entry({0: drawn.everybody}, frozenset()))


def _matters_after(
    space: Space, found: Mapping[str, Explored], pathway: str
) -> dict[str, frozenset[int]]:
    """For each place what it, the places ahead and the pathways that come next look at."""
    looks = {
        id: matters(space, each.tree, ahead(each.tree))[str(each.tree.start)]
        for id, each in found.items()
    }
    tree = found[pathway].tree
    order = ahead(tree)
    kept = matters(space, tree, order)
    for place in reversed(order):
        for branch in branches(tree, place):
            then = branch.to.pathway
            kept[place] |= looks[then] if then else kept[str(branch.to.spot)]
    return kept


class _Counted:
    """One pathway of a visit with everybody in it, by how often each was asked."""

    def __init__(
        self, drawn: Drawn, found: Explored, keep: Mapping[str, frozenset[int]], entry: Entry
    ) -> None:
        self.diagram = drawn.diagram
        self.questions = found.tree.questions
        start = str(found.tree.start)
        self.asked: dict[str, Counts] = {start: dict(entry.counts)}
        self.answered: dict[str, frozenset[str]] = {start: entry.answered}
        self.handed: dict[str, Entry] = {}
        self.most = 0
        out_of: dict[str, list[Way]] = {}
        for way in found.ways:
            out_of.setdefault(way.start, []).append(way)
        for place in ahead(found.tree):
            if place in found.tree.steps:
                self.most = max(self.most, *self.asked.get(place, {0: NONE}))
            elif place in self.asked:
                self._pass(place, out_of.get(place, []), keep[place])

    def _pass(self, place: str, ways: list[Way], keep: frozenset[int]) -> None:
        """Take everybody at a place on, those who were asked most first."""
        asks = place in self.questions
        answered = self.answered[place] | ({place} if asks else frozenset())
        new = asks and place not in self.answered[place]
        left = NONE
        for number, patients in sorted(self.asked[place].items(), reverse=True):
            here = self.diagram.without(self.diagram.forget(patients, keep), left)
            left = self.diagram.either(left, here)
            for way in ways if here else ():
                if taken := self.diagram.both(here, way.patients):
                    self._come(way, number + new, taken, answered)

    def _come(self, way: Way, number: int, patients: Set, answered: frozenset[str]) -> None:
        if way.end:
            counts = self.asked.setdefault(way.end, {})
            self.answered[way.end] = self.answered.get(way.end, answered) & answered
        else:
            before = self.handed.get(way.target, Entry({}, answered))
            counts = before.counts
            self.handed[way.target] = Entry(counts, before.answered & answered)
        counts[number] = self.diagram.either(counts.get(number, NONE), patients)
