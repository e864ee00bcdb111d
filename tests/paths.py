"""Every path through a pathway: the patients that its tree can tell apart.

A place is a spot of a tree with the pathways that led there. The patients who reach each place are
kept as one set (``space``), so that nobody is left out: all answers to all questions, asked for or
given up front. On the way a set forgets what no place ahead looks at, which loses no way through.
A path stands for each way on from each place: one patient who goes it, walked by the real walk.

test_pathways holds the sets against patients who are walked one by one.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from dmadvisor import model
from dmadvisor.answers import UNKNOWN, Answer, read_answer
from dmadvisor.conditions import Facts
from dmadvisor.library import Library
from dmadvisor.store import find_root
from dmadvisor.walk import Reached, Tree, answered_unknown, tree_of, walk
from tests.diagram import NONE, Set
from tests.space import Space

RED_FLAGS = "red-flags"
HANDLED = "red-flags-handled"

NEAR = Decimal("0.1")
"""How far beside a threshold its two sides are taken."""

KINDS = ("PathwayId", "PartId", "RegimenId", "QuestionId", "DerivedId", "CheckId", "PitfallId",
         "RedFlagId", "ConflictId", "CitationId", "NotOfferedId")  # fmt: skip

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


class Way(NamedTuple):
    """One branch from one place, with the patients who take it."""

    start: Place
    end: Place
    patients: Set


class Explored(NamedTuple):
    """Everything that can happen from the start of a pathway."""

    patients: Mapping[Place, Set]
    """Who reaches each place."""
    ways: tuple[Way, ...]
    """Every branch that somebody takes, in the order of the tree."""
    stuck: tuple[Place, ...]
    """Places from which somebody has no branch to take."""

    def into(self, place: Place) -> list[Way]:
        """The ways that lead to a place."""
        return [way for way in self.ways if way.end == place]

    def out_of(self, place: Place) -> list[Way]:
        """The ways that lead on from a place."""
        return [way for way in self.ways if way.start == place]


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


@cache
def every_test() -> dict[str, tuple[model.Test, ...]]:
    """Every test of all content, by the question or derived fact that it is held against."""
    found: dict[str, dict[model.Test, None]] = {}
    for kind in KINDS:
        for id in content().ids(kind):
            entry = content().entry(kind, id)
            for test, _ in entry.decoder.tests if entry else ():
                found.setdefault(test.fact, {})[test] = None
    return {fact: tuple(tests) for fact, tests in found.items()}


def tests_in(conditions: Iterable[model.Condition | None]) -> set[model.Test]:
    """The tests on questions that conditions come down to: derived facts are taken apart."""
    found: set[model.Test] = set()
    seen: set[model.Test] = set()
    todo = [test for c in conditions if c for group in c.any_of for test in group]
    while todo:
        test = todo.pop()
        if test in seen:
            continue
        seen.add(test)
        fact = content().fact(test.fact)
        inner: list[model.Condition | None] = []
        if isinstance(fact, model.Question):
            found.add(test)
            inner += [implied.when for implied in fact.implied]
        elif fact.without:
            every = tuple(content().question(fact.without[0]).answers)
            found |= {model.Test(fact=model.FactId(id), values=every) for id in fact.without}
        else:
            inner += [*fact.counts, *(rule.when for rule in fact.rules)]
        todo += [test for c in inner if c for group in c.any_of for test in group]
    return found


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


def first_of(pathway: str) -> Place:
    """Where a pathway begins."""
    return (pathway,), str(tree(pathway).start)


def branches(place: Place) -> tuple[model.Branch, ...]:
    """The branches of a place, without hand-overs to a pathway that was left."""
    chain, spot = place
    here = tree(chain[-1])
    forks = here.forks.get(model.SpotId(spot))
    found = forks or here.questions.get(model.QuestionId(spot), ())
    return tuple(branch for branch in found if branch.to.pathway not in chain)


def after(place: Place, branch: model.Branch) -> Place:
    """The place to which a branch leads."""
    chain, _ = place
    if branch.to.pathway:
        return (*chain, branch.to.pathway), str(tree(branch.to.pathway).start)
    return chain, str(branch.to.spot)


@cache
def ahead(pathway: str) -> tuple[Place, ...]:
    """Every place that the branches lead to from the start of a pathway, each before the next."""
    found: list[Place] = []
    seen: set[Place] = set()

    def visit(place: Place) -> None:
        if place not in seen:
            seen.add(place)
            for branch in branches(place):
                visit(after(place, branch))
            found.append(place)

    visit(first_of(pathway))
    return tuple(reversed(found))


@cache
def space() -> Space:
    """The patients that the content can tell apart."""
    places = (place for id in PATHWAYS for place in ahead(id))
    asked = (spot for chain, spot in places if spot in tree(chain[-1]).questions)
    return Space(content(), every_test(), asked)


@cache
def matters(place: Place) -> frozenset[int]:
    """The variables that some place from here on looks at."""
    conditions = [branch.when for branch in branches(place)]
    found: set[int] = set()
    if place[1] in tree(place[0][-1]).questions:
        found.add(space().columns[place[1]].first)
        conditions += [i.when for i in content().question(place[1]).implied]
    for test in tests_in(conditions):
        found |= space().variables(test)
    return frozenset(found.union(*(matters(after(place, b)) for b in branches(place))))


@cache
def explored(pathway: str, only: tuple[tuple[str, Answer], ...] = ()) -> Explored:
    """Everybody with the answers of ``only``, taken through the tree from place to place."""
    diagram = space().diagram
    start = diagram.all([space().everybody, *(space().answered(id, a) for id, a in only)])
    patients: dict[Place, Set] = {first_of(pathway): start}
    ways: list[Way] = []
    stuck: list[Place] = []
    for place in ahead(pathway):
        here = patients.get(place, NONE)
        if not here or not branches(place):
            continue
        left = diagram.forget(here, matters(place))
        known = _known(place)
        for branch in branches(place):
            when = known if branch.when is None else space().holds(branch.when).yes
            taken = diagram.both(left, when)
            if taken:
                end = after(place, branch)
                ways.append(Way(place, end, taken))
                patients[end] = diagram.either(patients.get(end, NONE), taken)
                left = diagram.without(left, taken)
        if left:
            stuck.append(place)
    return Explored(patients, tuple(ways), tuple(stuck))


def asked_before(found: Explored) -> dict[Place, frozenset[str]]:
    """The questions that everybody who reaches a place has answered by then."""
    sure: dict[Place, frozenset[str]] = {}
    for way in found.ways:
        passed = sure.get(way.start, frozenset()) | {way.start[1]}
        sure[way.end] = sure[way.end] & passed if way.end in sure else passed
    return sure


@cache
def longest(pathway: str, only: tuple[tuple[str, Answer], ...] = ()) -> int:
    """The most questions that anybody is asked from the start of a pathway to a step.

    A question that only some were asked before counts again, so it may be a few too many.
    """
    diagram = space().diagram
    found = explored(pathway, only)
    sure = asked_before(found)
    start = first_of(pathway)
    asked: dict[Place, dict[int, Set]] = {start: {0: found.patients[start]}}
    most = 0
    for place in ahead(pathway):
        new = place[1] in tree(place[0][-1]).questions and place[1] not in sure.get(place, ())
        left = NONE
        for number, patients in sorted(asked.get(place, {}).items(), reverse=True):
            here = diagram.without(diagram.forget(patients, matters(place)), left)
            left = diagram.either(left, here)
            most = max(most, number if here else 0)
            for way in found.out_of(place):
                if taken := diagram.both(here, way.patients):
                    there = asked.setdefault(way.end, {})
                    there[number + new] = diagram.either(there.get(number + new, NONE), taken)
    return most


def _known(place: Place) -> Set:
    """Who takes a branch without a condition: everybody at a fork, who knows at a question."""
    if place[1] in tree(place[0][-1]).forks:
        return space().diagram.other(NONE)
    return space().test(model.Test(fact=model.FactId(place[1]), known=True)).yes


def somebody(found: Explored, way: Way) -> Answers:
    """One patient who takes a way: what a set forgot is filled in from the places before."""
    diagram = space().diagram
    place, known = way.start, space().somebody(way.patients)
    while before := found.into(place):
        like = space().with_values(known)
        both, place = next(
            (both, each.start) for each in before if (both := diagram.both(each.patients, like))
        )
        known = space().somebody(both)
    return space().patient(known)


def trail(pathway: str, answers: Mapping[str, Answer]) -> tuple[Place, ...]:
    """The places that answers lead through, found without ``walk``.

    Ends in a step, or in the question that has no answer.
    """
    facts = Facts(content(), answers)
    places = [first_of(pathway)]
    while len(places) < 500:
        here = places[-1]
        asked = here[1] in tree(here[0][-1]).questions
        if not branches(here) or (asked and facts.answer(here[1]) is None):
            return tuple(places)
        otherwise = not asked or not facts.is_unknown(here[1])
        taken = (
            branch
            for branch in branches(here)
            if (otherwise if branch.when is None else facts.holds(branch.when) is True)
        )
        places.append(after(here, next(taken)))
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
    found = explored(pathway)
    done: dict[tuple[Place, ...], Path] = {}
    passed: set[tuple[Place, Place]] = set()
    # From the end, since a way to a step passes most of what lies before it.
    for way in reversed(found.ways):
        if (way.start, way.end) not in passed:
            each = path(pathway, somebody(found, way))
            assert (way.start, way.end) in set(zip(each.places, each.places[1:], strict=False)), way
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
