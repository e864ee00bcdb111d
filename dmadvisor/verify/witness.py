"""A patient for everything that somebody meets: branches, steps, regimens and questions.

Each is really walked and advised before anything is said of it, so that what stands here can be
kept as a case.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import Literal, NamedTuple

from dmadvisor.advice import advise
from dmadvisor.amounts import SIZE_QUESTIONS
from dmadvisor.answers import Answer
from dmadvisor.conditions import Facts
from dmadvisor.outcome import Advice
from dmadvisor.verify.everybody import Everybody
from dmadvisor.verify.findings import waits_for
from dmadvisor.verify.formulas import NONE, Given, Set
from dmadvisor.verify.looks import looked_at
from dmadvisor.verify.situations import Stage
from dmadvisor.verify.trees import branch_words
from dmadvisor.walk import Open, Taken, answered_unknown, walk

What = Literal["branch", "step", "regimen", "question"]


class Patient(NamedTuple):
    """One patient, walked and advised."""

    pathway: str
    """Where this patient starts."""
    answers: Mapping[str, Answer]
    taken: tuple[Taken, ...]
    advice: Advice


class Witness(NamedTuple):
    """A patient who meets something."""

    what: What
    id: str
    """The place, step, regimen or question."""
    patient: Patient
    number: int | None = None
    """Which branch of the place it is, from 1."""
    words: str = ""
    """The branch in words."""


class Witnesses:
    """Finds them, and walks each patient once."""

    def __init__(self, everybody: Everybody, today: date) -> None:
        self.everybody = everybody
        self.library = everybody.library
        self.today = today
        self._walked: dict[tuple[str, tuple[tuple[str, Answer], ...]], Patient] = {}

    @cached_property
    def every(self) -> tuple[Witness, ...]:
        """A witness for each branch, each step, each regimen and each question."""
        ways = [*self._branches()]
        found = [*ways, *self._steps(ways), *self._regimens()]
        return (*found, *self._questions(found))

    @property
    def patients(self) -> tuple[Patient, ...]:
        """The different patients among them."""
        return tuple({id(each.patient): each.patient for each in self.every}.values())

    def walked(self, pathway: str, answers: Mapping[str, Answer]) -> Patient:
        """A patient with these answers, all else that a tree asks unknown."""
        key = (pathway, tuple(answers.items()))
        if key not in self._walked:
            full = answered_unknown(self.library, pathway, dict(answers))
            end = walk(self.library, pathway, Facts(self.library, full))
            advice = advise(self.library, pathway, full, self.today)
            if isinstance(end, Open) or isinstance(advice, Open):
                raise AssertionError(f"{pathway}: a question stayed open")
            self._walked[key] = Patient(pathway, dict(answers), end.taken, advice)
        return self._walked[key]

    def _branches(self) -> Iterator[Witness]:
        for pathway, ways in self.everybody.ways.items():
            patients: dict[tuple[str, int], Patient] = {}
            # From the end, since who goes one of the last ways went most of those before it.
            for way in reversed(ways):
                if (way.start, way.number) in patients:
                    continue
                answers = self.everybody.somebody_at(pathway, way.start, way.patients)
                if answers is not None:
                    each = self.walked(pathway, answers)
                    went = [(t.place, t.number) for t in each.taken if t.pathway == pathway]
                    if (way.start, way.number) not in went:
                        raise AssertionError(f"{pathway}: not on the way {way.start}")
                    patients |= {key: each for key in went if key not in patients}
            for way in ways:
                if (way.start, way.number) in patients:
                    each = patients[way.start, way.number]
                    words = branch_words(way.branch)
                    yield Witness("branch", way.start, each, way.number + 1, words)

    def _steps(self, ways: list[Witness]) -> Iterator[Witness]:
        """A patient for each step of each pathway; who starts there rather than comes later."""
        ended: dict[tuple[str, str], Patient] = {}
        for patient in (way.patient for way in ways):
            end = (patient.advice.tree.id, patient.advice.step.id)
            if end not in ended or patient.pathway == end[0] != ended[end].pathway:
                ended[end] = patient
        for (_, step), patient in ended.items():
            yield Witness("step", step, patient)

    def _regimens(self) -> Iterator[Witness]:
        seen: set[str] = set()
        for stage in self.everybody.stages:
            for option in stage.sets.options:
                if option.regimen not in seen:
                    one = self.one_of(stage, option.patients)
                    if one is not None:
                        seen.add(option.regimen)
                        yield Witness("regimen", option.regimen, one)

    def one_of(self, stage: Stage, who: Set) -> Patient | None:
        """One of some patients who come to a step, walked; None when nobody does."""
        answers = self.everybody.answers((who, *self.everybody.comes(stage)))
        return None if answers is None else self.walked(stage.pathway, answers)

    def _questions(self, found: list[Witness]) -> Iterator[Witness]:
        """A patient for each question that is asked: in a tree, or for an advice that waits."""
        asked: dict[str, Patient] = {}
        for patient in (each.patient for each in found):
            asked = {**dict.fromkeys(_asks(patient), patient), **asked}
        for id in self.library.ids("QuestionId"):
            patient_ = asked.get(id) or self._waiting(id)
            if patient_ is not None:
                yield Witness("question", id, patient_)

    def _waiting(self, question: str) -> Patient | None:
        """Somebody who is offered what an answer to a question could still forbid or change."""
        wanted = {id: self._decides(question, id) for id in self.library.ids("RegimenId")}
        tried: set[tuple[str, str]] = set()
        for stage in self.everybody.stages:
            for option in stage.sets.options:
                if (option.regimen, option.action) not in tried:
                    who = self.everybody.formulas.both(option.given, wanted[option.regimen])
                    patient = self.one_of(stage, who) if who else None
                    if patient is not None and question in _asks(patient):
                        return patient
                    # What one is not asked for a regimen, no other is at another step.
                    tried |= {(option.regimen, option.action)} if patient else set()
        return None

    def _decides(self, question: str, regimen: str) -> Set:
        """In whom a dose or a condition of a regimen is open that an answer would settle."""
        space, formulas = self.everybody.space, self.everybody.formulas
        column = space.columns[question]
        words = [word for word in (*column.words, *column.each) if word]
        found = NONE
        for dose in self.library.regimen(regimen).doses:
            if question in SIZE_QUESTIONS.get(dose.kind, ()):
                refused = (space.holds(a.when).yes for a in dose.adjustments if a.no_amount)
                found = formulas.either(found, formulas.other(formulas.any(refused)))
        for condition in waits_for(self.library.regimen(regimen)):
            if any(test.fact == question for test in looked_at(self.library, [condition])):
                known = formulas.either(*space.holds(condition))
                then = (Given(formulas, space.setting(question, word))(known) for word in words)
                found = formulas.either(found, formulas.without(formulas.any(then), known))
        return formulas.both(found, space.unknown(question))


def _asks(patient: Patient) -> tuple[str, ...]:
    """What a patient's clinician is asked."""
    passed = (each.place for each in patient.taken)
    return (*passed, *(missing.question for missing in patient.advice.missing))
