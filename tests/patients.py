"""Patients for every step: who they are, what is advised, and rules that hold for all of them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from dmadvisor import model
from dmadvisor.advice import advise
from dmadvisor.answers import Answer
from dmadvisor.outcome import Advice, Option
from dmadvisor.walk import answered_unknown
from tests.paths import (
    HANDLED,
    RED_FLAGS,
    Answers,
    Path,
    all_paths,
    classes,
    content,
    every_test,
    read,
    spread,
    start_of,
)

TODAY = date(2026, 11, 20)

HEALTHY = {
    "sex": "female",
    "pregnancy": "not-possible",
    "weight": "80",
    "height": "170",
    "onset-age": "45",
    "egfr": "90",
    "qtc": "420",
    "blood-tests": "all-normal",
    "liver-disease": "no",
    "alcohol": "none",
    "hepatitis-b": "negative",
    "tb": "negative",
    "infection": "no",
    "cancer": "none",
    "tpmt": "normal",
    "clot-risk": "none",
    "medicines": "none",
    "conditions": "none",
    "lungs": "normal",
    "lung-factors": "none",
    "antibodies": "mi2",
    "taking": "none",
    "tried": "none",
    "not-tolerated": "none",
    "hydroxychloroquine-dose": "400",
    "prednisone-dose": "10",
    "swallow": "normal",
    "heart": "normal",
    "ck": "3",
}
"""What is answered about a patient in whom nothing forbids anything."""


NOTHING_NEW = {RED_FLAGS: "none", HANDLED: "none", "age": "45", "diagnosis": "confirmed"}
SKIN = {**NOTHING_NEW, "weakness": "no", "previous-weakness": "no", "treatment-so-far": "none"}
UNCOMPLICATED = {
    "rash-only": SKIN,
    "amyopathic": SKIN,
    "classic": {**NOTHING_NEW, "weakness": "yes", "treatment-so-far": "none",
                "severity": "mild-moderate", "swallow": "normal", "heart": "normal"},
    "refractory": {**NOTHING_NEW, "weakness": "yes", "treatment-so-far": "second-line",
                   "taking": "prednisone,azathioprine", "weeks-on-treatment": "20",
                   "response": "none", "refractory-check": "none", "urgency": "routine",
                   "tried": "azathioprine"},
}  # fmt: skip
"""What a patient without anything special answers at the first visit in each pathway."""


def advice(pathway: str, answers: Mapping[str, Answer], done: Iterable[str] = ()) -> Advice:
    """The advice for complete tree answers."""
    result = advise(content(), pathway, answers, TODAY, dict.fromkeys(done))
    assert isinstance(result, Advice), f"{result.question} is open"
    return result


class Patient(NamedTuple):
    """One patient at one visit, and what is advised."""

    start: str
    answers: Answers
    advice: Advice

    def said(self, question: str) -> frozenset[str]:
        """The words of an answer; nothing where it is unknown or was not given."""
        answer = self.answers.get(question)
        return frozenset() if answer is None or answer.unknown else frozenset(answer.words)

    def number(self, question: str) -> Decimal | None:
        """A number that was answered."""
        answer = self.answers.get(question)
        return answer.number if answer else None

    @property
    def step(self) -> model.Step:
        """The step that was reached, as it stands in the content."""
        return self.advice.tree.steps[model.SpotId(self.advice.step.id)]

    @property
    def plan(self) -> bool:
        """Whether the step is a treatment plan: no exit, and nothing to be found out first."""
        return self.step.ends not in ("exit", "find-out")

    @property
    def open_flags(self) -> frozenset[str]:
        """Red flags that no team has seen."""
        return self.said(RED_FLAGS) - self.said(HANDLED) - {"none"}

    def listed(self, *regimens: str) -> tuple[Option, ...]:
        """The options of these regimens that give them and that nothing known forbids."""
        return tuple(
            option
            for option in self.advice.options
            if option.regimen in regimens
            and option.action not in ("stop", "taper")
            and option.verdict != "do-not-use"
        )

    @property
    def recommended(self) -> frozenset[str]:
        """The regimens that are recommended to be given."""
        return frozenset(
            option.regimen
            for option in self.advice.options
            if option.recommended and option.action not in ("stop", "taper")
        )

    @property
    def checks(self) -> frozenset[str]:
        """The ids of the checks."""
        return frozenset(check.id for check in self.advice.checks)

    @property
    def pitfalls(self) -> frozenset[str]:
        """The ids of the pitfalls."""
        return frozenset(pitfall.id for pitfall in self.advice.pitfalls)

    def __str__(self) -> str:
        """The patient as a command, for a failing test; answers that were not used are left out."""
        used = {id: a for id, a in self.answers.items() if id not in self.advice.idle}
        flags = " ".join(f"-a {id}={answer.text}" for id, answer in used.items())
        return f"\n  dmadvisor advise {self.start} {flags} --missing unknown"


def patient(start: str, answers: Answers) -> Patient:
    """A patient with these answers; tree questions that they leave open are unknown."""
    full = answered_unknown(content(), start, dict(answers))
    return Patient(start, full, advice(start, full))


@cache
def answers_that_matter(question: str) -> tuple[Answer, ...]:
    """One of each group of answers that no test in the whole content can tell apart."""
    tests = [
        test
        for fact, held in every_test().items()
        for test in held
        if fact == question or question in _without(fact)
    ]
    return tuple(members[0] for members in classes(question, tests))


def _without(fact: str) -> tuple[str, ...]:
    record = content().fact(fact)
    return record.without if isinstance(record, model.Derived) else ()


@cache
def representatives() -> tuple[Path, ...]:
    """For every step, one that pathways share once, the path with the fewest unknown answers."""
    found: dict[int, Path] = {}
    for path in all_paths():
        key = id(path.end.step)
        if key not in found or _unknowns(path) < _unknowns(found[key]):
            found[key] = path
    return tuple(found.values())


def _unknowns(path: Path) -> int:
    return sum(answer.unknown for answer in path.answers.values())


ONE_IN = 3
"""How many of the answers that differ are left to other steps: rules are proved elsewhere."""


def around(start: str, answers: Answers, turn: int) -> Iterator[Patient]:
    """A patient, and patients who differ from this one in one answer that is used.

    Each step takes its turn of the answers of each question, so that all of them are tried.
    """
    first = patient(start, answers)
    yield first
    asked = [missing.question for missing in first.advice.missing]
    used = [id for id in first.answers if id not in first.advice.idle]
    for question in dict.fromkeys((*used, *asked)):
        for answer in answers_that_matter(question)[turn % ONE_IN :: ONE_IN]:
            if first.answers.get(question) != answer:
                yield patient(start, {**answers, question: answer})


@cache
def patients() -> tuple[Patient, ...]:
    """Patients for every step: one path of each step and chain, and one turned over.

    Of each step's best known path answers are changed one at a time to others that the content can
    tell apart; in a step that treats, of a patient who is healthy otherwise.
    """
    found = [patient(start_of(p), p.answers) for p in spread(all_paths(), 1)]
    for turn, path in enumerate(representatives()):
        plan = path.end.step.ends not in ("exit", "find-out")
        found.append(patient(start_of(path), path.answers))
        healthy = read(HEALTHY) if plan else {}
        found += around(start_of(path), {**healthy, **path.answers}, turn)
    return tuple(found)


def hold(everyone: Iterable[Patient], rule: Callable[[Patient], bool | None]) -> None:
    """Fail, naming patients, unless a rule is kept by all whom it is about, and by somebody.

    A rule answers None for a patient whom it is not about.
    """
    broken: dict[str, list[Patient]] = {}
    about = 0
    for each in everyone:
        kept = rule(each)
        about += kept is not None
        if kept is False:
            broken.setdefault(f"{each.advice.tree.id}/{each.advice.step.id}", []).append(each)
    assert about, "the rule is about nobody"
    shown = []
    for step, found in list(broken.items())[:6]:
        shortest = min(map(str, found), key=len)
        shown.append(f"{len(found)} in {step}, such as {shortest}")
    assert not broken, "\n".join(shown)
