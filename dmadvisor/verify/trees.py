"""What exploring shows of the trees themselves: gaps, branches that nobody takes, lost steps."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from dmadvisor.answers import Answer
from dmadvisor.conditions import condition_words
from dmadvisor.model import Branch
from dmadvisor.verify.explore import Explored, branches, somebody
from dmadvisor.verify.space import Space


class Gap(NamedTuple):
    """A place where somebody finds no branch to take."""

    pathway: str
    place: str
    answers: dict[str, Answer] | None
    """A patient who comes there; None where none was found from the start of the pathway."""


class Dead(NamedTuple):
    """A branch that nobody takes, in whichever pathway its place is come to."""

    place: str
    number: int
    """Which branch of the place it is, from 1."""
    words: str


def gaps(space: Space, explored: Iterable[Explored]) -> Iterator[Gap]:
    """Every place where somebody is stuck."""
    for found in explored:
        for place, patients in found.stuck.items():
            yield Gap(found.pathway, place, somebody(space, found, place, patients))


def dead_branches(explored: Mapping[str, Explored]) -> tuple[Dead, ...]:
    """The branches of all places come to that no pathway uses."""
    alive = {id(way.branch) for found in explored.values() for way in found.ways}
    dead = {
        (place, number): branches(found.tree, place)[number]
        for found in explored.values()
        for place, number in found.dead
    }
    return tuple(
        Dead(place, number + 1, branch_words(branch))
        for (place, number), branch in dead.items()
        if id(branch) not in alive
    )


def lost_steps(explored: Mapping[str, Explored]) -> tuple[str, ...]:
    """The steps that nobody comes to in any pathway."""
    every = dict.fromkeys(str(step) for found in explored.values() for step in found.tree.steps)
    reached = {step for found in explored.values() for step in found.steps}
    return tuple(step for step in every if step not in reached)


def branch_words(branch: Branch) -> str:
    """A branch in words: its condition, and where it leads."""
    when = condition_words(branch.when) if branch.when else "otherwise"
    return f"{when}, to {branch.to.spot or branch.to.pathway}"
