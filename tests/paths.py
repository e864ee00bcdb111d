"""Every path through a pathway: the patients that its tree can tell apart.

Two collapses keep the number small, and neither loses a way through the tree:

- An answer matters to a walk only through the tests that the trees hold against it. Answers on
  which all these tests agree form a class; the first of each class walks for all of it. For a
  question with several answers every union of them is looked at, not only pairs.
- Walks that wait at the same question, came through the same pathways and agree in class on every
  answered question that is still tested from there go on in the same way; the first goes on for
  all. How many paths that stands for, and how long the longest is, is counted over all of them.

test_pathways holds both against walks that are not collapsed.
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
from dmadvisor.walk import Open, Reached, Tree, tree_of, walk

WRITTEN = ("rash-only", "amyopathic")
"""Pathways with a tree of their own."""

RED_FLAGS = "red-flags"
HANDLED = "red-flags-handled"

NEAR = Decimal("0.1")
"""How far beside a threshold its two sides are taken."""

KINDS = ("PathwayId", "PartId", "RegimenId", "QuestionId", "DerivedId", "CheckId", "PitfallId",
         "RedFlagId", "ConflictId", "CitationId", "NotOfferedId")  # fmt: skip

Answers = dict[str, Answer]
Place = tuple[str, str]
"""A pathway and a spot of its tree."""

Behaviour = tuple[bool | None, ...]
"""What the tests say of an answer."""


class Path(NamedTuple):
    """One walk from the start of a pathway to a step."""

    answers: Answers
    end: Reached
    places: tuple[Place, ...]
    """The places it went through, as ``trail`` finds them."""
    chain: tuple[str, ...]
    """The pathways that were entered, in order."""

    @property
    def step(self) -> tuple[str, str]:
        """The pathway in which it ended, and the step."""
        return self.end.tree.id, self.end.step_id

    @property
    def text(self) -> dict[str, str]:
        """The answers as they are written on the command line."""
        return {id: answer.text for id, answer in self.answers.items()}


class Walks(NamedTuple):
    """All walks from one start, collapsed."""

    paths: tuple[Path, ...]
    """One for each way of ending from each state."""
    number: int
    """How many paths these stand for."""
    longest: int
    """The most questions that one of them asks."""


@cache
def content() -> Library:
    """The content that ships with the program."""
    return Library(find_root(None))


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


def leaf_tests(conditions: Iterable[model.Condition | None]) -> dict[str, dict[model.Test, None]]:
    """The tests that conditions come down to, by question: derived facts are taken apart."""
    found: dict[str, dict[model.Test, None]] = {}
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
            found.setdefault(test.fact, {})[test] = None
            inner += [implied.when for implied in fact.implied]
        elif fact.without:
            for question in fact.without:
                found.setdefault(question, {})[test] = None
        else:
            inner += [*fact.counts, *(rule.when for rule in fact.rules)]
        todo += [test for c in inner if c for group in c.any_of for test in group]
    return found


def candidates(question: str) -> tuple[Answer, ...]:
    """Every single answer, of a number each threshold in the content and its sides; then unknown.

    Known answers come first, so that the paths that stand for others know as much as they can.
    """
    record = content().question(question)
    words: list[str] = [*record.alone, *(a for a in record.answers if a not in record.alone)]
    if record.kind == "number":
        ends = {
            end
            for test in every_test().get(question, ())
            for bounds in test.bounds
            for end in (bounds.low, bounds.high)
            if end is not None
        } or {_middle(record)}
        near = (end + step for end in sorted(ends) for step in (-NEAR, Decimal(0), NEAR))
        words = [f"{number:f}" for number in dict.fromkeys(near) if _possible(record, number)]
    known = (read_answer(question, record, word, confirmed=True) for word in words)
    return (*known, *(() if record.no_unknown else (UNKNOWN,)))


def _middle(record: model.Question) -> Decimal:
    bounds = record.plausible
    assert bounds is not None
    assert bounds.low is not None
    assert bounds.high is not None
    return (bounds.low + bounds.high) // 2


def _possible(record: model.Question, number: Decimal) -> bool:
    bounds = record.possible or model.Bounds()
    low = bounds.low is None or number >= bounds.low
    return low and (bounds.high is None or number <= bounds.high)


def classes(
    question: str,
    tests: Iterable[model.Test],
    before: Mapping[str, Answer] | None = None,
    *,
    unions: bool = True,
) -> tuple[tuple[Answer, ...], ...]:
    """The answers to a question, those together on which all the tests agree.

    With ``unions``, those of a ``many`` question are added until no union behaves in a new way.
    """
    held = tuple(tests)

    def behaviour(answer: Answer) -> Behaviour:
        if answer.unknown:
            return ()
        facts = Facts(content(), {**(before or {}), question: answer})
        return (True, *(facts.test(test) for test in held))

    record = content().question(question)
    found: dict[Behaviour, list[Answer]] = {}
    for answer in candidates(question):
        found.setdefault(behaviour(answer), []).append(answer)
    if unions and record.kind == "many":
        alone = {*record.alone, *record.means_unknown}
        firsts = [members[0] for members in found.values()]
        singles = [a for a in firsts if not a.unknown and not alone & {*a.words}]
        fresh = singles
        while fresh:
            joined = [_union(one, other) for one in fresh for other in singles]
            fresh = []
            for answer in joined:
                key = behaviour(answer)
                if key not in found:
                    found[key] = [answer]
                    fresh.append(answer)
    return tuple(tuple(members) for members in found.values())


def _union(one: Answer, other: Answer) -> Answer:
    return Answer(tuple(dict.fromkeys((*one.words, *other.words))))


# -- trees -------------------------------------------------------------------------------------


@cache
def tree(pathway: str) -> Tree:
    """The tree of a pathway."""
    return tree_of(content(), pathway)


def _branches(place: Place) -> tuple[model.Branch, ...]:
    pathway, spot = place
    found = tree(pathway).forks.get(model.SpotId(spot))
    return found or tree(pathway).questions.get(model.QuestionId(spot), ())


def _next(place: Place, target: model.Target) -> Place:
    if target.pathway:
        return target.pathway, str(tree(target.pathway).start)
    return place[0], str(target.spot)


@cache
def reachable(place: Place) -> frozenset[Place]:
    """Every place that some answers lead to from here, this one and other pathways included."""
    found: set[Place] = set()
    todo = [place]
    while todo:
        here = todo.pop()
        if here not in found:
            found.add(here)
            todo += [_next(here, branch.to) for branch in _branches(here)]
    return frozenset(found)


@cache
def relevant(place: Place) -> dict[str, dict[model.Test, None]]:
    """The tests, by question, that decide where a walk goes from here on."""
    conditions: list[model.Condition | None] = []
    asked: list[str] = []
    for pathway, spot in reachable(place):
        conditions += [branch.when for branch in _branches((pathway, spot))]
        if model.QuestionId(spot) in tree(pathway).questions:
            asked.append(spot)
            conditions += [i.when for i in content().question(spot).implied]
    found = leaf_tests(conditions)
    for question in asked:
        found.setdefault(question, {})
    return found


def trail(pathway: str, answers: Mapping[str, Answer]) -> tuple[Place, ...]:
    """The places that answers lead through, found without ``walk``.

    Ends in a step, or in the question that has no answer.
    """
    facts = Facts(content(), answers)
    here: Place = (pathway, str(tree(pathway).start))
    places: list[Place] = []
    left: set[str] = set()
    while len(places) < 500:
        places.append(here)
        question = model.QuestionId(here[1])
        asked = question in tree(here[0]).questions
        if not _branches(here) or (asked and facts.answer(question) is None):
            return tuple(places)
        otherwise = not asked or not facts.is_unknown(question)
        target = next(
            branch.to
            for branch in _branches(here)
            if branch.to.pathway not in left
            and (otherwise if branch.when is None else facts.holds(branch.when) is True)
        )
        if target.pathway:
            left.add(here[0])
        here = _next(here, target)
    raise AssertionError(f"a circle: {places[-20:]}")


def chain_of(places: Iterable[Place]) -> tuple[str, ...]:
    """The pathways that a trail enters, in order; one that is entered twice stands there twice."""
    entered: list[str] = []
    for pathway, _ in places:
        if not entered or entered[-1] != pathway:
            entered.append(pathway)
    return tuple(entered)


# -- walks -------------------------------------------------------------------------------------


class _Explorer:
    """Walks everywhere from one start; ``only`` holds questions to one answer."""

    def __init__(self, pathway: str, before: Answers, only: Answers, *, known: bool) -> None:
        self.pathway = pathway
        self.before = before
        self.only = only
        self.without_unknown = known
        self.start = (pathway, str(tree(pathway).start))
        self.split: dict[str, tuple[tuple[Answer, ...], ...]] = {}
        self.kind: dict[str, dict[Answer, int]] = {}
        self.known: dict[object, tuple[int, int]] = {}
        self.paths: list[Path] = []

    def classes(self, question: str) -> tuple[tuple[Answer, ...], ...]:
        """The classes of the answers to a question that the trees can tell apart from the start."""
        if question not in self.split:
            held = relevant(self.start).get(question, {})
            found = classes(question, held, self.before)
            if question in self.only:
                found = ((self.only[question],),)
            if self.without_unknown:
                found = tuple(members for members in found if not members[0].unknown)
            self.split[question] = found
            self.kind[question] = {members[0]: n for n, members in enumerate(found)}
        return self.split[question]

    def state(self, place: Place, chain: tuple[str, ...], answers: Answers) -> object:
        """What two walks have to share to go on alike."""
        rest = relevant(place)
        known = ((q, self.kind.get(q, {}).get(a)) for q, a in answers.items() if q in rest)
        return place, chain, frozenset(known)

    def go(self, answers: Answers) -> tuple[int, int]:
        """Walk on from answers: how many paths there are, and how many questions are to come."""
        places = trail(self.pathway, answers)
        chain = chain_of(places)
        pathway, spot = places[-1]
        question = model.QuestionId(spot)
        if question not in tree(pathway).questions:
            end = walk(content(), self.pathway, Facts(content(), answers))
            assert isinstance(end, Reached)
            self.paths.append(Path(answers, end, places, chain))
            return 1, 0
        state = self.state(places[-1], chain, answers)
        if state not in self.known:
            found = [
                self.go({**answers, question: members[0]}) for members in self.classes(question)
            ]
            self.known[state] = sum(n for n, _ in found), 1 + max(more for _, more in found)
        return self.known[state]


def every_walk(
    pathway: str, before: Answers | None = None, only: Answers | None = None, *, known: bool = False
) -> Walks:
    """Every walk through a pathway.

    ``before`` are answers given up front, which the walk need not ask for; ``only`` are the
    answers that are given when the question comes, instead of each in turn; ``known`` leaves out
    the walks on which something is unknown.
    """
    explorer = _Explorer(pathway, before or {}, only or {}, known=known)
    number, longest = explorer.go(dict(before or {}))
    return Walks(tuple(explorer.paths), number, longest)


@cache
def walks(pathway: str) -> Walks:
    """Every walk through a pathway with nothing given up front."""
    return every_walk(pathway)


UP_FRONT: tuple[dict[str, str], ...] = (
    {"lungs": "abnormal"},
    {"lungs": "normal"},
    {"previous-weakness": "yes"},
    {"pregnancy": "pregnant", "taking": "methotrexate", "treatment-so-far": "second-line"},
)
"""Answers that a fork reads though the tree has not asked for them at that place.

A run is given them with the command, or as the answer to a safety question.
"""


@cache
def up_front_walks(pathway: str) -> tuple[Path, ...]:
    """First visits with answers given up front, and with each red flag seen by the right team.

    That a red flag was seen is never asked. Later visits are left out: past the way in no tree
    reads any of these answers again.
    """
    flags = [flag for flag in content().question(HANDLED).answers if flag != "none"]
    found: list[Path] = []
    first = read({"treatment-so-far": "none"})
    seen: list[dict[str, str]] = [{HANDLED: flag, RED_FLAGS: flag} for flag in flags]
    for early in (*UP_FRONT, *seen):
        found += every_walk(pathway, before=read(early), only=first).paths
    return tuple(found)


@cache
def all_paths() -> tuple[Path, ...]:
    """The walks through the written pathways."""
    return tuple(path for id in WRITTEN for path in (*walks(id).paths, *up_front_walks(id)))


def spread(paths: Sequence[Path], each: int) -> tuple[Path, ...]:
    """At most ``each`` paths, evenly spread, for every start, chain of pathways and step."""
    groups: dict[object, list[Path]] = {}
    for path in paths:
        groups.setdefault((path.chain, path.step), []).append(path)
    return tuple(
        group[n * len(group) // min(each, len(group))]
        for group in groups.values()
        for n in range(min(each, len(group)))
    )


def start_of(path: Path) -> str:
    """The pathway that a path started in."""
    return path.chain[0]


@cache
def tree_classes(pathway: str, question: str) -> tuple[tuple[Answer, ...], ...]:
    """The answers to a question, those together that no tree from this start can tell apart."""
    return classes(question, relevant((pathway, str(tree(pathway).start))).get(question, {}))


def class_members(pathway: str, answers: Answers, question: str) -> Iterator[Answer]:
    """The other answers that the trees cannot tell from the one given to a question."""
    for members in tree_classes(pathway, question):
        if answers[question] in members:
            yield from (each for each in members if each != answers[question])


def uncollapsed(pathway: str, choose: Mapping[str, int]) -> Path:
    """One walk that answers each question with the candidate that ``choose`` numbers."""
    answers: Answers = {}
    while isinstance(end := walk(content(), pathway, Facts(content(), answers)), Open):
        every = candidates(end.question)
        answers[end.question] = every[choose.get(end.question, 0) % len(every)]
    places = trail(pathway, answers)
    return Path(answers, end, places, chain_of(places))
