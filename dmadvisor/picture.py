"""One pathway as a picture, before any format: its places, what joins them, and a patient's way."""

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Literal

from dmadvisor.answers import Answer
from dmadvisor.conditions import Facts, condition_words
from dmadvisor.describe import target_text, walk_order
from dmadvisor.library import Library
from dmadvisor.model import Branch, Condition, QuestionId, SpotId, Step
from dmadvisor.records import Record
from dmadvisor.values import HAND_OVER
from dmadvisor.walk import Open, Reached, Tree, tree_of, walk

Kind = Literal["question", "fork", "step", "find-out", "exit", "hand-over"]

KINDS: Mapping[Kind, str] = {
    "question": "Question",
    "fork": "Fork",
    "step": "Step",
    "find-out": "Find out",
    "exit": "Stop and refer",
    "hand-over": "Hand over to",
}
"""Every kind of place with the word that stands in it, as no shape or colour speaks for itself."""

LONGEST_ANSWER = 40
"""Where a question has a longer answer, all of its answers are drawn by their ids."""


class Place(Record):
    """A question, a fork, a step, or another pathway that a tree hands over to."""

    id: str
    """Its pathway and name, as ``classic/triage``: no two places of a picture share one."""
    kind: Kind
    name: str
    label: str
    weeks: tuple[int, ...] = ()
    """When a step is looked at again."""
    number: int = 0
    """Which place of the patient's way it is, from 1; 0 where the way does not pass."""
    waits: bool = False
    """The way stops here for want of an answer."""

    @property
    def word(self) -> str:
        """The kind in words, with the name by which files and commands call it."""
        return f"{KINDS[self.kind]} {self.name}"

    @property
    def review(self) -> str:
        """The review in words; nothing for what is no step."""
        weeks = ", ".join(map(str, self.weeks))
        return f"Review: week{'s' * (len(self.weeks) > 1)} {weeks}" if weeks else ""

    @property
    def mark(self) -> str:
        """What is said where the patient's way passes."""
        if not self.number:
            return ""
        return f"This patient, {self.number}{', an answer is missing' * self.waits}"


class Arrow(Record):
    """All branches from one place to another; any of them leads there."""

    start: str
    end: str
    labels: tuple[str, ...]
    taken: str = ""
    """The branch that the patient's way takes."""

    @property
    def said(self) -> str:
        """Every branch in words, the one that the patient's way takes before the others."""
        if not self.taken:
            return " / ".join(self.labels)
        others = " / ".join(label for label in self.labels if label != self.taken)
        return f"This patient: {self.taken}{f' (also: {others})' * bool(others)}"


class Panel(Record):
    """One whole tree."""

    pathway: str
    title: str
    places: tuple[Place, ...]
    arrows: tuple[Arrow, ...]

    @property
    def heading(self) -> str:
        """What it is called above its tree."""
        return f"{self.pathway}: {self.title}"


class Picture(Record):
    """The tree of a pathway, and of each to which the patient's way hands over."""

    panels: tuple[Panel, ...]
    links: tuple[Arrow, ...]
    """From a hand-over that the way takes to where the next pathway starts."""

    @property
    def title(self) -> str:
        """What it shows."""
        return "; then ".join(panel.heading for panel in self.panels)

    @property
    def places(self) -> tuple[Place, ...]:
        """The places of all panels."""
        return tuple(place for panel in self.panels for place in panel.places)

    @property
    def way(self) -> tuple[Place, ...]:
        """The places that the patient's way passes, in its order."""
        return tuple(sorted((p for p in self.places if p.number), key=lambda p: p.number))

    @property
    def described(self) -> str:
        """What it shows, for who cannot see it: the way of the patient, or how much there is."""
        if self.way:
            return f"The way of this patient: {', then '.join(place.name for place in self.way)}."
        counted = Counter(KINDS[place.kind].lower() for place in self.places)
        return f"Places by kind: {', '.join(f'{word} {n}' for word, n in counted.items())}."


def picture_of(library: Library, pathway: str, answers: Mapping[str, Answer]) -> Picture:
    """A pathway with the way of a patient, as far as the answers lead; without answers, no way."""
    tree = tree_of(library, pathway)
    if not answers:
        return Picture((_Way().panel(library, tree),), ())
    end = walk(library, pathway, Facts(library, answers))
    way = _Way(end)
    panels = [way.panel(library, tree_of(library, id)) for id in way.pathways]
    return Picture(tuple(panels), tuple(way.links(panels)))


class _Way:
    """Where a walk passed: the places with their numbers, the branches that it took."""

    def __init__(self, end: Open | Reached | None = None) -> None:
        self.numbers: dict[str, int] = {}
        self.taken = {(t.pathway, t.place, t.number) for t in end.taken} if end else set()
        self.waits = ""
        self.pathways: list[str] = []
        if end is None:
            return
        for taken in end.taken:
            self.pass_by(taken.pathway, taken.place)
        last = end.step_id if isinstance(end, Reached) else end.question
        self.pass_by(end.tree.id, last)
        if isinstance(end, Open):
            self.waits = f"{end.tree.id}/{last}"

    def pass_by(self, pathway: str, place: str) -> None:
        """The next place, and before the first of another pathway the hand-over to it."""
        if pathway not in self.pathways:
            if self.pathways:
                handed = f"{self.pathways[-1]}/{HAND_OVER}{pathway}"
                self.numbers[handed] = len(self.numbers) + 1
            self.pathways.append(pathway)
        self.numbers[f"{pathway}/{place}"] = len(self.numbers) + 1

    def panel(self, library: Library, tree: Tree) -> Panel:
        """One tree with what of the way passes through it."""
        places: dict[str, Place] = {}
        arrows: dict[tuple[str, str], Arrow] = {}
        for spot in walk_order(tree):
            place = self.place(library, tree, spot)
            places.setdefault(place.id, place)
            for number, branch in enumerate(branches_of(tree, spot)):
                if branch.to.pathway:
                    to = self.hand_over(library, tree, branch.to.pathway)
                    places.setdefault(to.id, to)
                end = f"{tree.id}/{target_text(branch.to)}"
                words = branch_words(library, branch.when, spot)
                known = arrows.get((place.id, end), Arrow(place.id, end, ()))
                taken = words if (tree.id, spot, number) in self.taken else known.taken
                arrows[place.id, end] = Arrow(place.id, end, (*known.labels, words), taken)
        return Panel(tree.id, tree.pathway.title, tuple(places.values()), tuple(arrows.values()))

    def place(self, library: Library, tree: Tree, spot: SpotId) -> Place:
        """A spot of the tree as it is drawn."""
        id = f"{tree.id}/{spot}"
        number, waits = self.numbers.get(id, 0), id == self.waits
        if spot in tree.steps:
            step = tree.steps[spot]
            return Place(id, _step_kind(step), spot, step.title, step.review.weeks, number)
        if spot in tree.forks:
            return Place(id, "fork", spot, "", (), number)
        ask = library.question(spot).ask
        return Place(id, "question", spot, ask, (), number, waits)

    def hand_over(self, library: Library, tree: Tree, pathway: str) -> Place:
        """The place that stands for another pathway."""
        id = f"{tree.id}/{HAND_OVER}{pathway}"
        title = library.pathway(pathway).title
        return Place(id, "hand-over", pathway, title, (), self.numbers.get(id, 0))

    def links(self, panels: list[Panel]) -> Iterator[Arrow]:
        """What joins the trees that the way passes."""
        for panel, after in pairwise(panels):
            start = f"{panel.pathway}/{HAND_OVER}{after.pathway}"
            yield Arrow(start, after.places[0].id, ("goes on here",), "goes on here")


def branches_of(tree: Tree, spot: SpotId) -> tuple[Branch, ...]:
    """The branches of a fork or question; a step has none."""
    if spot in tree.steps:
        return ()
    return tree.forks.get(spot) or tree.questions.get(QuestionId(spot), ())


def branch_words(library: Library, when: Condition | None, spot: str) -> str:
    """The condition of a branch; the answers to the question that it leaves by their labels."""
    if when is None:
        return "otherwise"
    words = condition_words(when)
    groups = [test for group in when.any_of for test in group]
    if len(groups) > 1 or groups[0].fact != spot:
        return words
    test, asked = groups[0], library.question(spot)
    if test.bounds or test.negated or test.known:
        return words.removeprefix(f"{spot} ").removeprefix("is ")
    short = all(len(label) <= LONGEST_ANSWER for label in asked.answers.values())
    named = [asked.answers[id] if short else id for id in test.values]
    return " or ".join([*named, *["unknown"] * test.unknown])


def _step_kind(step: Step) -> Kind:
    return step.ends if step.ends in ("find-out", "exit") else "step"
