"""Finds things by their names, by words in them, and by words that are only nearly right.

It knows no medicine: the other names of a thing stand with it in the content.
"""

from collections.abc import Iterator
from math import log
from typing import Any

from dmadvisor.library import Library, unknown_name
from dmadvisor.model import NAMES
from dmadvisor.problems import SLIP, UsageError, nearest, printable
from dmadvisor.records import Record
from dmadvisor.spelling import SMALL, folded, looked_for, meant_by, stem_of

STEP, ANSWER = "step", "answer"
"""What is found inside a pathway and inside a question."""

COUNTS = {
    "RegimenId": 1.2,
    "CheckId": 1.15,
    "RedFlagId": 1.15,
    "PathwayId": 1.1,
    "NotOfferedId": 1.1,
    "PitfallId": 1.05,
    "TopicId": 1.0,
    "QuestionId": 0.95,
    "ConflictId": 0.9,
    STEP: 0.9,
    "ChapterId": 0.85,
    ANSWER: 0.7,
    "DerivedId": 0.5,
    "ClashId": 0.5,
    "DueId": 0.5,
    "CitationId": 0.5,
}
"""How much a match counts: of two that match alike, what is done comes before what is read."""

BODY = 0.45
"""How much a word counts that stands in the text of a thing and in none of its names."""
NAMED = 0.89
"""From here on a thing is as good as called by the words that were looked for; at most 1."""
ENOUGH = 0.35
"""How much of what was looked for has to be in a thing, rare words counting more."""


class Found(Record):
    """One thing that was found."""

    kind: str
    """The word for what it is: a kind that ``show`` knows, a step or an answer."""
    id: str
    title: str
    show: str
    """What ``dmadvisor show`` is given to read it."""
    called: str
    """The other name that it was found by; empty when its title says it."""


class _Thing:
    """What can be found: its names as words, and its text."""

    def __init__(
        self, weight: str, id: str, title: str, show: str, also: tuple[str, ...], text: str
    ) -> None:
        self.weight = weight
        self.id = id
        self.title = title
        self.show = show
        self.also = also
        names = dict.fromkeys((self.own, title, *also))
        self.names = tuple((name, tuple(folded(name).split())) for name in names)
        self.words = frozenset(word for _, name in self.names for word in name)
        self.text = folded(text)

    @property
    def own(self) -> str:
        """Its id, and of an answer that of the answer alone."""
        return self.id.partition("=")[2] or self.id

    def found(self, name: str) -> Found:
        kind = NAMES.get(self.weight, self.weight)
        called = name if name in self.also else ""
        return Found(kind, self.id, self.title, self.show, called)


class Finder:
    """Finds things in a library; reads all of it once."""

    def __init__(self, library: Library) -> None:
        self._things = tuple(_things(library))
        self._vocabulary = frozenset().union(*(thing.words for thing in self._things))

    def search(self, words: str) -> tuple[Found, ...]:
        """Everything that the words may mean, the best first."""
        return tuple(thing.found(name) for _, name, thing in self._ranked(words))

    def meant(self, words: str) -> Found | None:
        """The one thing that is called by the words, or nearly so; None when nothing is."""
        for score, name, thing in self._ranked(words)[:1]:
            if score >= NAMED * COUNTS[thing.weight]:
                return thing.found(name)
        return None

    def nearest(self, words: str) -> str | None:
        """A word in the names of things that is most like one of these, or None."""
        close = (nearest(word, sorted(self._vocabulary), SLIP) for word in looked_for(words))
        return next(filter(None, close), None)

    def _ranked(self, words: str) -> list[tuple[float, str, _Thing]]:
        """What fits, the best first: how well, by which of its names, and the thing."""
        wanted = looked_for(words)
        scores = _scored(self._things, wanted, self._vocabulary, slips=True)
        if len(wanted) > 1:
            joined = _scored(self._things, ("".join(wanted),), self._vocabulary, slips=False)
            scores = [max(pair) for pair in zip(scores, joined, strict=True)]
        fits = zip(scores, self._things, strict=True)
        hits = [(*score, thing) for score, thing in fits if score[0]]
        once: dict[tuple[str, str], tuple[float, str, _Thing]] = {}
        for hit in sorted(hits, key=lambda hit: -hit[0]):
            once.setdefault((hit[2].weight, hit[2].own), hit)
        return list(once.values())


def unknown_thing(library: Library, id: str) -> UsageError:
    """The error for an id that nothing has: what is called so, or else the closest id."""
    found = Finder(library).meant(id)
    if found is None:
        every = tuple(each for kind in NAMES for each in library.ids(kind))
        return unknown_name("thing", id, every, "dmadvisor list")
    why = f"{found.kind}, also called {found.called}" if found.called else found.kind
    if found.show != found.id:
        why = f"{found.kind} {found.id}"
    name = printable(id)
    hint = f"did you mean '{found.show}' ({why})? See 'dmadvisor find {name}'"
    return UsageError(f"no thing is called '{name}'; {hint}")


# -- what there is ------------------------------------------------------------------------------


def _things(library: Library) -> Iterator[_Thing]:
    for kind in NAMES:
        for id in library.ids(kind):
            record = library.get(kind, id)
            yield _thing(kind, id, record, id)
            if kind == "QuestionId":
                for answer, label in record.answers.items():
                    also = record.also_called.get(answer, ())
                    yield _Thing(ANSWER, f"{id}={answer}", label, id, also, f"{id} {record.ask}")
    yield from _steps(library)


def _steps(library: Library) -> Iterator[_Thing]:
    """Every step once, with the first pathway that leads to it."""
    seen = set()
    for id in library.ids("PathwayId"):
        pathway = library.pathway(id)
        parts = [library.part(part).steps for part in pathway.uses]
        for steps in (pathway.steps, *parts):
            for spot, step in steps.items():
                if spot not in seen:
                    yield _thing(STEP, spot, step, id)
                seen.add(spot)


def _thing(weight: str, id: str, record: Any, show: str) -> _Thing:
    also = getattr(record, "also_called", ())
    also = also if isinstance(also, tuple) else ()
    return _Thing(weight, id, _title(record), show, also, " ".join(_texts(record)))


def _title(record: Any) -> str:
    names = ("title", "ask", "topic", "text", "say")
    return next(str(getattr(record, name)) for name in names if hasattr(record, name))


def _texts(record: Record) -> Iterator[str]:
    """What a record says, and the names of what it has."""
    for name, value in vars(record).items():
        if isinstance(value, str):
            yield value
        elif isinstance(value, tuple) and value:
            yield name.replace("_", " ")
            for each in value:
                said = getattr(each, "say", None) or getattr(each, "what", None)
                if isinstance(said, str):
                    yield said


# -- how well it fits -----------------------------------------------------------------------------


def _scored(
    things: tuple[_Thing, ...], wanted: tuple[str, ...], vocabulary: frozenset[str], *, slips: bool
) -> list[tuple[float, str]]:
    """For each thing how well it fits, and the name that fits best."""
    alike = {word: meant_by(word, vocabulary, slips=slips) for word in wanted}
    inside = {word: [_in_text(word, thing) for thing in things] for word in wanted}
    rare = {}
    for word in wanted:
        count = sum(
            found or not thing.words.isdisjoint(alike[word])
            for thing, found in zip(things, inside[word], strict=True)
        )
        if count:
            rare[word] = log(1 + len(things) / count)
    if not rare:
        return [(0.0, "")] * len(things)
    return [
        _fit(thing, {word: BODY * inside[word][number] for word in rare}, alike, rare)
        for number, thing in enumerate(things)
    ]


def _fit(
    thing: _Thing,
    best: dict[str, float],
    alike: dict[str, dict[str, float]],
    rare: dict[str, float],
) -> tuple[float, str]:
    total = sum(rare.values())
    top, called = 0.0, ""
    if all(thing.words.isdisjoint(alike[word]) for word in rare) and not any(best.values()):
        return 0.0, ""
    for name, parts in thing.names:
        said = {word: max((alike[word].get(p, 0.0) for p in parts), default=0.0) for word in rare}
        if not any(said.values()):
            continue
        for word, like in said.items():
            best[word] = max(best[word], like)
        covers = sum(rare[word] * like for word, like in said.items()) / total
        counted = [part for part in parts if part not in SMALL] or parts
        used = sum(any(part in alike[word] for word in rare) for part in counted) / len(counted)
        fit = covers * (0.6 + 0.4 * used)
        if fit > top:
            top, called = fit, name
    present = sum(rare[word] for word, like in best.items() if like) / total
    if present < ENOUGH:
        return 0.0, ""
    spread = sum(rare[word] * like for word, like in best.items()) / total
    return COUNTS[thing.weight] * (0.6 * top + 0.4 * spread), called


def _in_text(word: str, thing: _Thing) -> bool:
    return len(word) > 2 and f" {stem_of(word)}" in thing.text
