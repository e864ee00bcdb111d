"""A patient for everything that somebody meets: branches, steps, regimens and questions.

Each is really walked and advised before anything is said of it, so that what stands here can be
kept as a case.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import Literal, NamedTuple

from dmadvisor.advice import advise
from dmadvisor.answers import Answer
from dmadvisor.conditions import Facts
from dmadvisor.outcome import Advice
from dmadvisor.verify.cuts import left_by_all
from dmadvisor.verify.diagram import NONE, Set
from dmadvisor.verify.everybody import Everybody
from dmadvisor.verify.findings import waits_for
from dmadvisor.verify.looks import looked_at
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
        for pathway, found in self.everybody.explored.items():
            patients: dict[tuple[str, int], Patient] = {}
            # From the end, since who goes one of the last ways went most of those before it.
            for way in reversed(found.ways):
                if (way.start, way.number) not in patients:
                    answers = self.everybody.somebody_at(pathway, way.start, way.patients)
                    each = self.walked(pathway, answers or {})
                    went = [(t.place, t.number) for t in each.taken if t.pathway == pathway]
                    if (way.start, way.number) not in went:
                        raise AssertionError(f"{pathway}: not on the way {way.start}")
                    patients |= {key: each for key in went if key not in patients}
            for way in found.ways:
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
            comes = self.everybody.comes(stage)
            for option in stage.sets.options:
                if option.regimen in seen:
                    continue
                who = left_by_all(self.everybody.space, option.patients, comes)
                if who:
                    seen.add(option.regimen)
                    yield Witness("regimen", option.regimen, self.one_of(stage.pathway, who))

    def one_of(self, pathway: str, who: Set) -> Patient:
        """One of some patients who start a pathway, walked."""
        return self.walked(pathway, self.everybody.space.fewest(who))

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
        for stage in self.everybody.stages:
            for option in stage.sets.options:
                who = self.everybody.diagram.both(option.patients, wanted[option.regimen])
                who = self.everybody.diagram.without(who, option.verdicts.barred)
                one = left_by_all(self.everybody.space, who, self.everybody.comes(stage))
                if one and question in _asks(patient := self.one_of(stage.pathway, one)):
                    return patient
        return None

    def _decides(self, question: str, regimen: str) -> Set:
        """In whom a condition of a regimen is open that an answer to a question would settle."""
        space, diagram = self.everybody.space, self.everybody.diagram
        column = space.columns[question]
        words = [word for word in (*column.words, *column.each) if word]
        found = NONE
        for condition in waits_for(self.library.regimen(regimen)):
            if any(test.fact == question for test in looked_at(self.library, [condition])):
                known = diagram.either(*space.holds(condition))
                then = (diagram.given(known, space.setting(question, word)) for word in words)
                found = diagram.either(found, diagram.without(diagram.any(then), known))
        return diagram.both(found, space.unknown(question))


def _asks(patient: Patient) -> tuple[str, ...]:
    """What a patient's clinician is asked."""
    passed = (each.place for each in patient.taken)
    return (*passed, *(missing.question for missing in patient.advice.missing))
