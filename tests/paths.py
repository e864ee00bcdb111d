"""Every path through a pathway: the patients that its tree can tell apart.

``verify`` keeps the patients who reach each place as one set, so that nobody is left out: all
answers to all questions, asked for or given up front. A path stands for each way on from each
place: one patient who goes it, walked by the real walk.

test_paths holds the sets against patients who are walked one by one.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from dmadvisor import model
from dmadvisor.answers import UNKNOWN, Answer, read_answer
from dmadvisor.conditions import Facts
from dmadvisor.library import Library
from dmadvisor.store import find_root
from dmadvisor.verify.drawn import Drawn
from dmadvisor.verify.everybody import Everybody
from dmadvisor.verify.looks import Tests
from dmadvisor.verify.reach import branches
from dmadvisor.verify.space import Space
from dmadvisor.walk import Reached, Tree, answered_unknown, tree_of, walk
from tests.exploring import Explored, explore

RED_FLAGS = "red-flags"
HANDLED = "red-flags-handled"

Answers = dict[str, Answer]
Chain = tuple[str, ...]
"""The pathways that were entered, in order."""
Place = tuple[Chain, str]
"""A spot of the tree of the last pathway, and how it was come by."""


class Path(NamedTuple):
    """One walk from the start of a pathway to a step."""

    answers: Answers
    end: Reached
    places: tuple[Place, ...]

    @property
    def chain(self) -> Chain:
        """The pathways that were entered, in order."""
        return self.places[-1][0]

    @property
    def step(self) -> tuple[str, str]:
        """The pathway in which it ended, and the step."""
        return self.end.tree.id, self.end.step_id

    @property
    def text(self) -> dict[str, str]:
        """The answers as they are written on the command line."""
        return {id: answer.text for id, answer in self.answers.items()}


@cache
def content() -> Library:
    """The content that ships with the program."""
    return Library(find_root(None))


PATHWAYS = content().ids("PathwayId")


def given(**answers: str) -> Answers:
    """Answers from ``question=answer``, with ``_`` for ``-`` in the question's name."""
    return read({id.replace("_", "-"): text for id, text in answers.items()})


def read(answers: Mapping[str, str]) -> Answers:
    """Answers as they are written on the command line, unusual numbers accepted."""
    return {
        id: read_answer(id, content().question(id), text, confirmed=True)
        for id, text in answers.items()
    }


# -- answers that can be told apart ------------------------------------------------------------


def candidates(question: str) -> tuple[Answer, ...]:
    """Every single answer, of a number each threshold and both its sides; then unknown."""
    record = content().question(question)
    words: list[str] = [*record.alone, *(a for a in record.answers if a not in record.alone)]
    if record.kind == "number":
        words = list(space().columns[question].words)
    known = (read_answer(question, record, word, confirmed=True) for word in words)
    return (*known, *(() if record.no_unknown else (UNKNOWN,)))


def classes(question: str, tests: Iterable[model.Test]) -> tuple[tuple[Answer, ...], ...]:
    """The single answers to a question, those together on which all the tests agree."""
    held = tuple(tests)
    found: dict[tuple[bool | None, ...], list[Answer]] = {}
    for answer in candidates(question):
        facts = Facts(content(), {question: answer})
        behaviour = () if answer.unknown else (True, *(facts.test(test) for test in held))
        found.setdefault(behaviour, []).append(answer)
    return tuple(tuple(members) for members in found.values())


# -- trees -------------------------------------------------------------------------------------


@cache
def tree(pathway: str) -> Tree:
    """The tree of a pathway."""
    return tree_of(content(), pathway)


@cache
def everybody() -> Everybody:
    """Everybody in every pathway."""
    return Everybody(content(), PATHWAYS)


def space() -> Space:
    """The patients that the content can tell apart."""
    return everybody().space


@cache
def drawn() -> Drawn:
    """The same as diagrams."""
    return Drawn(space())


def every_test() -> Tests:
    """Every test of all content, by the question or derived fact that it is held against."""
    return space().tests


@cache
def explored(pathway: str, only: tuple[tuple[str, Answer], ...] = ()) -> Explored:
    """Everybody with the answers of ``only``, taken through the tree from place to place."""
    start = space().formulas.all([space().answered(id, answer) for id, answer in only])
    return explore(drawn(), pathway, drawn()(start))


def asked_before(found: Explored) -> dict[str, frozenset[str]]:
    """The questions that everybody who reaches a place has answered by then."""
    sure: dict[str, frozenset[str]] = {}
    for way in found.ways:
        passed = sure.get(way.start, frozenset()) | {way.start}
        sure[way.end] = sure[way.end] & passed if way.end in sure else passed
    return sure


def trail(pathway: str, answers: Mapping[str, Answer]) -> tuple[Place, ...]:
    """The places that answers lead through, found without ``walk``.

    Ends in a step, or in the question that has no answer.
    """
    facts = Facts(content(), answers)
    places: list[Place] = [((pathway,), str(tree(pathway).start))]
    while len(places) < 500:
        chain, spot = places[-1]
        here = tree(chain[-1])
        choices = [b for b in branches(here, spot) if b.to.pathway not in chain]
        asked = spot in here.questions
        if not choices or (asked and facts.answer(spot) is None):
            return tuple(places)
        otherwise = not asked or not facts.is_unknown(spot)
        taken = (
            branch.to
            for branch in choices
            if (otherwise if branch.when is None else facts.holds(branch.when) is True)
        )
        to = next(taken)
        if to.pathway:
            places.append(((*chain, to.pathway), str(tree(to.pathway).start)))
        else:
            places.append((chain, str(to.spot)))
    raise AssertionError(f"a circle: {places[-20:]}")


# -- paths -------------------------------------------------------------------------------------


def path(pathway: str, answers: Answers) -> Path:
    """The walk of one patient; what the tree asks and the answers leave open is unknown."""
    full = answered_unknown(content(), pathway, answers)
    end = walk(content(), pathway, Facts(content(), full))
    assert isinstance(end, Reached)
    return Path(full, end, trail(pathway, full))


@cache
def walks(pathway: str) -> tuple[Path, ...]:
    """A walk through each branch of each place that somebody takes, whatever was given up front."""
    done: dict[tuple[Place, ...], Path] = {}
    passed: set[tuple[Place, Place]] = set()
    # From the end, since a way to a step passes most of what lies before it.
    for way in reversed(explored(pathway).ways):
        start: Place = ((pathway,), way.start)
        end: Place = ((pathway,), way.end)
        if way.target:
            end = ((pathway, way.target), str(tree(way.target).start))
        if (start, end) not in passed:
            ways = everybody().ways[pathway]
            taken = next(w for w in ways if (w.start, w.number) == (way.start, way.number))
            who = everybody().somebody_at(pathway, way.start, taken.patients)
            assert who is not None
            each = path(pathway, who)
            assert (start, end) in set(zip(each.places, each.places[1:], strict=False)), way
            passed |= set(zip(each.places, each.places[1:], strict=False))
            done.setdefault(each.places, each)
    return tuple(done.values())


@cache
def all_paths() -> tuple[Path, ...]:
    """The walks through all pathways."""
    return tuple(path for id in PATHWAYS for path in walks(id))


def start_of(path: Path) -> str:
    """The pathway that a path started in."""
    return path.chain[0]


def one_by_one(pathway: str, only: Answers, answers: Answers | None = None) -> Iterator[Answers]:
    """Every known answer to each question as it is asked, but for the answers of ``only``."""
    so_far = answers or {}
    end = walk(content(), pathway, Facts(content(), so_far))
    if isinstance(end, Reached):
        yield so_far
        return
    every = (only[end.question],) if end.question in only else candidates(end.question)
    for answer in every:
        if not answer.unknown:
            yield from one_by_one(pathway, only, {**so_far, end.question: answer})


def spread(paths: Sequence[Path], each: int, *, chains: bool = True) -> tuple[Path, ...]:
    """At most ``each`` paths, evenly spread, for every step, and every chain of pathways to it."""
    groups: dict[object, list[Path]] = {}
    for path in paths:
        groups.setdefault((path.chain if chains else None, path.step), []).append(path)
    return tuple(
        group[n * len(group) // min(each, len(group))]
        for group in groups.values()
        for n in range(min(each, len(group)))
    )
