"""The tree phase: which question is open, or which step was reached."""

from collections import ChainMap
from collections.abc import Iterable, Mapping
from typing import TypeVar

from dmadvisor.answers import UNKNOWN, Answer
from dmadvisor.conditions import Facts
from dmadvisor.library import Library
from dmadvisor.model import (
    Additions,
    Branch,
    Part,
    Pathway,
    QuestionId,
    SpotId,
    Step,
)
from dmadvisor.problems import PathwayError, Problem
from dmadvisor.records import Record

Id = TypeVar("Id")
Named = TypeVar("Named")

MAX_SPOTS = 200
"""A walk that passes more places than this runs in a circle."""


class Tree(Record):
    """A pathway with the parts it uses laid under it."""

    id: str
    pathway: Pathway
    start: SpotId | None
    questions: Mapping[QuestionId, tuple[Branch, ...]]
    forks: Mapping[SpotId, tuple[Branch, ...]]
    steps: Mapping[SpotId, Step]
    additions: tuple[Additions, ...]


class Turn(Record):
    """One question of the tree with its answer, and the pathway that asked it."""

    pathway: str
    question: str
    answer: Answer


class Taken(Record):
    """A branch that the walk took."""

    pathway: str
    place: str
    number: int
    """Which branch of the place it is, from 0."""


class Open(Record):
    """The walk waits for an answer."""

    question: str
    tree: Tree
    turns: tuple[Turn, ...]
    taken: tuple[Taken, ...] = ()


class Reached(Record):
    """The walk ended in a step."""

    step_id: str
    step: Step
    tree: Tree
    turns: tuple[Turn, ...]
    taken: tuple[Taken, ...]


def tree_of(library: Library, id: str) -> Tree:
    """A pathway's tree; a name of its own wins over the same name in a part."""
    pathway = library.pathway(id)
    layers: list[Part | Pathway] = [*(library.part(part) for part in pathway.uses), pathway]
    upper = layers[::-1]
    start = next((layer.start for layer in upper if layer.start), None)
    questions = _overlaid(layer.questions for layer in upper)
    forks = _overlaid(layer.forks for layer in upper)
    steps = _overlaid(layer.steps for layer in upper)
    additions = tuple(layer.every_step for layer in layers)
    return Tree(id, pathway, start, questions, forks, steps, additions)


def _overlaid(layers: Iterable[Mapping[Id, Named]]) -> Mapping[Id, Named]:
    """Mappings as one, the first winning, with nothing looked up yet."""
    return ChainMap(*layers)  # type: ignore[arg-type]


def walk(library: Library, pathway: str, facts: Facts) -> Open | Reached:
    """Follow the answers from the start of a pathway to an open question or a step.

    A hand-over walks on in the next pathway; one that was left is not entered again. Raises
    PathwayError where the tree leads nowhere or in a circle, which lint finds beforehand.
    """
    tree = tree_of(library, pathway)
    left: set[str] = set()
    turns: dict[str, Turn] = {}
    passed: list[Taken] = []
    spot = _first(tree)
    for _ in range(MAX_SPOTS):
        if spot in tree.steps:
            return Reached(spot, tree.steps[spot], tree, tuple(turns.values()), tuple(passed))
        if spot in tree.forks:
            branches = tree.forks[spot]
            known = True
        else:
            question = QuestionId(spot)
            if question not in tree.questions:
                raise PathwayError((_nowhere(tree, spot, "names no question, fork or step"),))
            answer = facts.answer(question)
            if answer is None:
                return Open(question, tree, tuple(turns.values()), tuple(passed))
            if question in facts.given:
                turns.setdefault(question, Turn(tree.id, question, answer))
            branches = tree.questions[question]
            known = not answer.unknown
        fits = (n for n, b in enumerate(branches) if _taken(b, facts, left, known=known))
        number = next(fits, None)
        if number is None:
            raise PathwayError((_nowhere(tree, spot, "has no branch for these answers"),))
        passed.append(Taken(tree.id, spot, number))
        target = branches[number].to
        if target.pathway:
            left.add(tree.id)
            tree = tree_of(library, target.pathway)
            spot = _first(tree)
        elif target.spot:
            spot = target.spot
    raise PathwayError((_nowhere(tree, spot, "is part of a circle"),))


def _first(tree: Tree) -> SpotId:
    if tree.start is None:
        raise PathwayError((_nowhere(tree, None, "is where nothing starts"),))
    return tree.start


def _taken(branch: Branch, facts: Facts, left: set[str], *, known: bool) -> bool:
    if branch.to.pathway and branch.to.pathway in left:
        return False
    return known if branch.when is None else facts.holds(branch.when) is True


def answered_unknown(
    library: Library, pathway: str, answers: dict[str, Answer]
) -> dict[str, Answer]:
    """``answers`` with unknown for every tree question that they leave open."""
    filled = dict(answers)
    while isinstance(end := walk(library, pathway, Facts(library, filled)), Open):
        filled[end.question] = UNKNOWN
    return filled


def _nowhere(tree: Tree, spot: str | None, what: str) -> Problem:
    return Problem(
        f"{tree.id}.yaml", 1, 1, 1, "unreachable", f"'{spot}' {what}", "run 'dmadvisor lint'"
    )
