"""Which single answers would change the step, a verdict, what is recommended or a dose.

Every other answer is tried: each answer of a choice; one more and one fewer where several may
hold; numbers on both sides of every limit that they are held against, and where a dose changes.
Unknown is an answer too. What the content calls a clash, or unusual, is not announced.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from dmadvisor.advice import advise
from dmadvisor.answers import UNKNOWN, Answer, Answers
from dmadvisor.clashes import clashing
from dmadvisor.conditions import Facts
from dmadvisor.explain.effects import SIZES, Difference, Outcome, Patient, Watching
from dmadvisor.explain.numbers import other_numbers
from dmadvisor.library import Library
from dmadvisor.model import Bounds, Question, Test
from dmadvisor.outcome import Advice
from dmadvisor.records import Record
from dmadvisor.safety import Done
from dmadvisor.walk import Open

KINDS = ("step", "question", "verdict", "dose")
"""What can change, the gravest first."""


class Change(Record):
    """Other answers to one question that change the same."""

    question: str
    given: Answer | None
    """The answer as it is; None or unknown where there is none."""
    how: str
    """``were``: another answer; ``also``: one more; ``without``: one fewer."""
    answers: tuple[Answer, ...]
    """The nearest first; each of them gives exactly this change."""
    ranges: tuple[Bounds, ...]
    """For numbers: where they may lie."""
    distance: Decimal
    difference: Difference

    @property
    def open(self) -> bool:
        """Whether the question has no answer yet."""
        return self.given is None or self.given.unknown


class Unanswered(Record):
    """A question without an answer, and what its answers would change."""

    question: str
    asked: bool
    """It is missing from the advice; no other question stands in for it."""
    changes: tuple[Change, ...]


class WhatIf(Record):
    """What single answers would change."""

    advice: Advice
    outcome: Outcome
    changes: tuple[Change, ...]
    """Of answers that were given, the nearest first."""
    unanswered: tuple[Unanswered, ...]
    """What matters most first."""


def what_if(
    library: Library,
    pathway: str,
    answers: Answers,
    today: date,
    done: Done,
    confirmed: frozenset[str] = frozenset(),
) -> Open | WhatIf:
    """Every single answer that would change something; the open question where there is one.

    What is nearest comes first. What changes is looked at before how far away it is: a step, then
    a question that has to be asked first, then a verdict or what is recommended, then a dose.
    Within each, near is what a small mistake or a small course of the disease would bring: numbers
    by the part of themselves that they would differ by (88 to 80 is 0.09), answers of a choice by
    the places between them in their list, as a part of the list, a finding more or fewer as one
    half, and unknown last, at 1. Answers that change the same are one change, as far as the
    nearest of them.
    """
    advice = advise(library, pathway, answers, today, done)
    if isinstance(advice, Open):
        return advice
    patient = Patient(library, pathway, answers, today, done)
    found = [
        change
        for id in library.ids("QuestionId")
        if id in patient.used
        for change in _Asked(patient, id, confirmed).changes()
    ]
    found.sort(key=lambda change: (KINDS.index(change.difference.kind), change.distance))
    by_question: dict[str, list[Change]] = {}
    for change in found:
        if change.open:
            by_question.setdefault(change.question, []).append(change)
    missing = {each.question for each in advice.missing}
    unanswered = [Unanswered(id, id in missing, tuple(c)) for id, c in by_question.items()]
    unanswered.sort(key=_weight)
    given = tuple(change for change in found if not change.open)
    return WhatIf(advice, patient.outcome, given, tuple(unanswered))


def _weight(unanswered: Unanswered) -> tuple[bool, int, bool, int]:
    """How much a question matters: what it could change, what is recommended, how many options."""
    differences = [change.difference for change in unanswered.changes]
    leads = any(each.recommended for each in differences)
    touched = {s.regimen for each in differences for s in each.verdicts}
    touched |= {s.regimen for each in differences for s in each.doses}
    gravest = min(KINDS.index(each.kind) for each in differences)
    return not unanswered.asked, gravest, not leads, -len(touched)


def nearest(changes: tuple[Change, ...], most: int) -> tuple[Change, ...]:
    """The nearest changes, each kind in turn, and of one question another only after the others."""
    queues: dict[str, list[Change]] = {}
    for kind in KINDS:
        of_kind = [change for change in changes if change.difference.kind == kind]
        names = [change.question for change in of_kind]
        order = sorted(range(len(names)), key=lambda n: (names[:n].count(names[n]), n))
        queues[kind] = [of_kind[n] for n in order]
    turns = [kind for n in range(len(changes)) for kind in KINDS if n < len(queues[kind])]
    places = {kind: iter(queue) for kind, queue in queues.items()}
    chosen = [next(places[kind]) for kind in turns[:most]]
    return tuple(change for change in changes if change in chosen)


class _Asked:
    """One question whose answer is changed."""

    def __init__(self, patient: Patient, id: str, confirmed: frozenset[str]) -> None:
        self.patient = patient
        self.id = id
        self.question: Question = patient.library.question(id)
        self.confirmed = confirmed
        self.given = patient.answers.get(id)
        self.now = None if self.given is None or self.given.unknown else self.given

    def changes(self) -> Iterator[Change]:
        """What other answers change, those that change the same together."""
        merged: dict[object, Change] = {}
        for change in self._each():
            key = (change.how, change.difference.bare)
            before = merged.get(key)
            merged[key] = change if before is None else _both(before, change)
        yield from merged.values()

    def _each(self) -> Iterator[Change]:
        for how, answer in self._words():
            yield from self._tried(answer, how)
        if self.question.kind == "number":
            yield from self._numbers()

    def try_(self, answer: Answer) -> tuple[Difference | None, Iterable[Test]]:
        """What an answer changes, None when it clashes; and what a number was held against."""
        answers = {**self.patient.answers, self.id: answer}
        watching = Watching(self.patient.library, answers)
        # Words are not cut into parts: nobody has to watch them, which costs as much again.
        facts = watching if answer.number is not None else Facts(self.patient.library, answers)
        found: Difference | None = self.patient.difference(facts, self.id)
        if found and found.kind and any(clashing(facts, self.confirmed)):
            found = None
        return found, [test for test, _ in watching.tests.get(self.id, ())]

    def _tried(self, answer: Answer, how: str) -> Iterator[Change]:
        found, _ = self.try_(answer)
        if found is not None and found.kind:
            yield self._change(answer, how, (), found)

    def _change(
        self, answer: Answer, how: str, ranges: tuple[Bounds, ...], found: Difference
    ) -> Change:
        far = self._distance(answer)
        return Change(self.id, self.given, how, (answer,), ranges, far, found)

    # -- choices ------------------------------------------------------------------------------

    def _words(self) -> Iterator[tuple[str, Answer]]:
        """Every other answer in words, unknown last."""
        question, now = self.question, self.now
        several = question.kind == "many"
        alone = (*question.alone, *question.means_unknown)
        words = now.words if now and several and not set(now.words) & set(alone) else ()
        for word in question.answers:
            if self.given and self.given.words == (word,):
                continue
            if word in words:
                if len(words) > 1:
                    yield "without", Answer(tuple(w for w in words if w != word))
            elif word in alone or not words:
                yield "were", Answer((word,), unknown=word in question.means_unknown)
            else:
                yield "also", Answer((*words, word))
        if now and not question.no_unknown:
            yield "were", UNKNOWN

    def _distance(self, answer: Answer) -> Decimal:
        if self.now is None or answer.unknown:
            return Decimal(1)
        if self.now.number is not None and answer.number is not None:
            old, new = self.now.number, answer.number
            return abs(old - new) / max(abs(old), abs(new))
        if self.question.kind == "many":
            alone = set(self.question.alone)
            apart = len((set(self.now.words) ^ set(answer.words)) - alone)
            return Decimal(apart) / (apart + 1)
        places: list[str] = list(self.question.answers)
        apart = abs(places.index(self.now.words[0]) - places.index(answer.words[0]))
        return Decimal(apart) / len(places)

    # -- numbers ------------------------------------------------------------------------------

    def _numbers(self) -> Iterator[Change]:
        found = other_numbers(self.id, self.question, self.now, self, grows=self.id in SIZES)
        for bounds, answer, change in found:
            if change.kind:
                ranges = (bounds,) if bounds else ()
                yield self._change(answer, "were", ranges, change)


def _both(one: Change, other: Change) -> Change:
    """Two changes that change the same as one, the nearer answer first."""
    near, far = (one, other) if one.distance <= other.distance else (other, one)
    found = near.difference
    if found != far.difference:
        found = found.bare
    return near._replace(
        answers=(*near.answers, *far.answers),
        ranges=(*near.ranges, *far.ranges),
        difference=found,
    )
