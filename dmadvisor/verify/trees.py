"""What exploring shows of the trees themselves: gaps, branches that nobody takes, lost steps."""

from collections.abc import Iterator
from typing import NamedTuple

from dmadvisor.answers import Answer
from dmadvisor.conditions import condition_words
from dmadvisor.model import Branch
from dmadvisor.verify.everybody import Everybody


class Gap(NamedTuple):
    """A place where somebody finds no branch to take."""

    pathway: str
    place: str
    answers: dict[str, Answer]
    """A patient who comes there."""


class Dead(NamedTuple):
    """A branch that nobody takes, in whichever pathway its place is come to."""

    pathway: str
    """One of these pathways."""
    place: str
    number: int
    """Which branch of the place it is, from 1."""
    words: str


def gaps(everybody: Everybody) -> Iterator[Gap]:
    """Every place where somebody is stuck, with one who is."""
    formulas = everybody.formulas
    for pathway, found in everybody.reached.items():
        for place in found.places:
            if place not in found.tree.steps:
                taken = (way.patients for way in everybody.ways[pathway] if way.start == place)
                stuck = formulas.other(formulas.any(taken))
                answers = everybody.somebody_at(pathway, place, stuck)
                if answers is not None:
                    yield Gap(pathway, place, answers)


def dead_branches(everybody: Everybody) -> tuple[Dead, ...]:
    """The branches of all places come to that somebody takes in no pathway."""
    alive: set[int] = set()
    dead: dict[int, Dead] = {}
    for pathway, ways in everybody.ways.items():
        come = {way.start for way in ways if everybody.is_met(pathway, way.start)}
        for way in ways:
            if way.start in come and id(way.branch) not in alive:
                if everybody.is_met(pathway, way.start, way.patients):
                    alive.add(id(way.branch))
                else:
                    words = branch_words(way.branch)
                    dead[id(way.branch)] = Dead(pathway, way.start, way.number + 1, words)
    return tuple(each for branch, each in dead.items() if branch not in alive)


def lost_steps(everybody: Everybody) -> tuple[str, ...]:
    """The steps that nobody comes to in any pathway."""
    trees = (found.tree for found in everybody.reached.values())
    every = dict.fromkeys(str(step) for tree in trees for step in tree.steps)
    met = {stage.name for stage in everybody.stages}
    return tuple(step for step in every if step not in met)


def branch_words(branch: Branch) -> str:
    """A branch in words: its condition, and where it leads."""
    when = condition_words(branch.when) if branch.when else "otherwise"
    return f"{when}, to {branch.to.spot or branch.to.pathway}"
