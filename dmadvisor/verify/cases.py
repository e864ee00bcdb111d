"""Patients as tests: files of cases, read and held against what is advised."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from dmadvisor.answers import Answer, read_words
from dmadvisor.decode import Decoder
from dmadvisor.library import Library
from dmadvisor.model import (
    REDUCES,
    CheckId,
    PathwayId,
    PitfallId,
    QuestionId,
    RedFlagId,
    Referral,
    RegimenId,
    SpotId,
)
from dmadvisor.outcome import Advice
from dmadvisor.problems import nearest
from dmadvisor.records import Record
from dmadvisor.safety import TAKING, Verdict
from dmadvisor.values import date_of
from dmadvisor.verify.choosing import GIVING
from dmadvisor.verify.visits import Visit
from dmadvisor.walk import tree_of
from dmadvisor.yamltext import Path, YamlFile, read_yaml

DAY = date(2026, 11, 20)
"""The day of every case's visit."""

KIND = re.compile(r"[A-Z][A-Z ]+\b:?")
"""The word that ``plain`` puts before an item."""

LISTED = (*GIVING, *REDUCES, "with")
"""The actions that leave a drug with a patient, or bring it along."""

Print = Callable[[Library, Advice], str]
"""Advice in plain words."""


class LeftOut(Record):
    """An expectation of a published case that is not asserted, and why."""

    line: str
    reason: str


class Amounts(Record):
    """What one patient gets of a drug, in the unit of its dose."""

    low: Decimal
    high: Decimal


class Case(Record):
    """One patient at one visit: what was answered, and what has to be said."""

    case: str
    source: str
    pathway: tuple[PathwayId, ...]
    answers: Mapping[QuestionId, tuple[str, ...]]
    step: SpotId
    done: Mapping[CheckId, str] = {}
    confirm: tuple[QuestionId, ...] = ()
    ends_in: PathwayId | None = None
    referral: Referral | None = None
    recommended: tuple[RegimenId, ...] | None = None
    verdicts: Mapping[RegimenId, Verdict] = {}
    doses: Mapping[RegimenId, Amounts] = {}
    offered: tuple[RegimenId, ...] = ()
    not_offered: tuple[RegimenId, ...] = ()
    checks: tuple[CheckId, ...] = ()
    gates: tuple[CheckId, ...] | None = None
    pitfalls: tuple[PitfallId, ...] = ()
    monitoring_says: tuple[str, ...] = ()
    monitoring_never_says: tuple[str, ...] = ()
    red_flags: tuple[RedFlagId, ...] | None = None
    missing: tuple[QuestionId, ...] = ()
    conflicts_say: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    never_says: tuple[str, ...] = ()
    review_weeks: tuple[int, ...] | None = None
    left_out: tuple[LeftOut, ...] = ()


class Placed(NamedTuple):
    """A case with where it stands."""

    file: str
    line: int
    case: Case


class Read(NamedTuple):
    """One file of cases as read: its cases, and what is wrong in it."""

    cases: tuple[Placed, ...]
    mistakes: tuple[str, ...]


def read_cases(raw: bytes, name: str, library: Library) -> Read:
    """The cases of a file; every mistake as ``file:line: message; help``."""
    file = read_yaml(raw, name)
    decoder = Decoder()
    cases = decoder.decode(tuple[Case, ...], file.data) if file.data else ()
    mistakes = [f"{name}:{p.line}: {p.message}; {p.help}" for p in file.problems]
    for mistake in decoder.mistakes:
        line = _line(file, mistake.path)
        mistakes.append(f"{name}:{line}: {mistake.message}; {mistake.help}")
    named = [(each.kind, each.id, each.path) for each in decoder.references]
    for number, case in enumerate(cases):
        named += [("CheckId", id, (number, "done", id)) for id in case.done]
        named += [("QuestionId", id, (number, "answers", id)) for id in case.answers]
        named.append(("SpotId", case.step, (number, "step")))
        regimens = (*case.verdicts, *case.doses)
        named += [("RegimenId", id, (number,)) for id in regimens]
    mistakes += _unknown(library, file, name, named)
    lines = (_line(file, (number,)) for number in range(len(cases)))
    placed = (Placed(name, line, case) for line, case in zip(lines, cases, strict=True))
    return Read(tuple(placed), tuple(dict.fromkeys(mistakes)))


def _line(file: YamlFile, path: Path) -> int:
    while path and path not in file.places:
        path = path[:-1]
    return file.places[path].line if path else 1


def _unknown(
    library: Library, file: YamlFile, name: str, named: list[tuple[str, str, Path]]
) -> Iterator[str]:
    """The ids that nothing has: a misspelt one would make ``not-offered`` hold for ever."""
    known: dict[str, tuple[str, ...]] = {
        "SpotId": tuple(s for id in library.ids("PathwayId") for s in tree_of(library, id).steps),
        "RegimenId": (*library.ids("RegimenId"), *library.question(TAKING).answers),
    }
    for kind, id, path in named:
        every = known.get(kind) or library.ids(kind)
        if id not in every:
            what = "step" if kind == "SpotId" else kind.removesuffix("Id").lower()
            close = nearest(id, every)
            help = f"use '{close}'" if close else "see 'dmadvisor list'"
            yield f"{name}:{_line(file, path)}: no {what} is called '{id}'; {help}"


def visits(library: Library, case: Case) -> Iterator[Visit]:
    """The patient of a case in each of its pathways. Raises UsageError for a wrong answer."""
    answers: dict[str, Answer] = {
        id: read_words(id, library.question(id), words, place=case.case, confirmed=True)
        for id, words in case.answers.items()
    }
    done: dict[str, date | None] = {
        id: None if day == "yes" else date_of(day) for id, day in case.done.items()
    }
    for pathway in case.pathway:
        yield Visit(library, pathway, answers, DAY, done)


def missed(case: Case, visit: Visit, printed: Print | None = None) -> Iterator[str]:
    """What is wrong with the advice for the patient of a case, each in one sentence."""
    advice = visit.advice
    yield from _of_step(case, visit.pathway, advice)
    yield from _of_options(case, advice)
    yield from _of_lists(case, advice)
    if printed is not None and (case.says or case.never_says):
        yield from of_words(case, printed(visit.library, advice), "plain")


def _of_step(case: Case, pathway: str, advice: Advice) -> Iterator[str]:
    yield from _unequal("step", case.step, advice.step.id)
    yield from _unequal("ends-in", case.ends_in or pathway, advice.tree.id)
    if case.referral is not None:
        yield from _unequal("referral", case.referral, advice.step.referral)
    if case.red_flags is not None:
        yield from _unequal("red-flags", sorted(case.red_flags), flags_of(advice))
    if case.review_weeks is not None:
        yield from _unequal("review-weeks", case.review_weeks, advice.review.weeks)


def _of_options(case: Case, advice: Advice) -> Iterator[str]:
    usable = [option for option in advice.options if option.verdict != "do-not-use"]
    given = {option.regimen for option in usable if option.action in GIVING}
    listed = {option.regimen for option in usable if option.action in LISTED}
    if case.recommended is not None:
        yield from _unequal("recommended", sorted(case.recommended), recommended_of(advice))
    verdicts = {option.regimen: option.verdict for option in advice.options}
    for regimen, verdict in case.verdicts.items():
        yield from _unequal(f"verdict on {regimen}", verdict, verdicts.get(regimen, "not listed"))
    doses = {option.regimen: option.dose for option in advice.options}
    for regimen, amounts in case.doses.items():
        dose = doses.get(regimen)
        ends = (dose.low, dose.high) if dose else (None, None)
        yield from _unequal(f"dose of {regimen}", _words(amounts.low, amounts.high), _words(*ends))
    yield from (f"{id} is not offered" for id in case.offered if id not in listed)
    yield from (f"{id} is offered" for id in case.not_offered if id in given)


def _words(low: Decimal | None, high: Decimal | None) -> str:
    """Two ends of a dose, whatever their zeros: 40 and 40.0 are the same amount."""
    ends = ("nothing" if end is None else f"{end.normalize():f}" for end in (low, high))
    return " to ".join(ends)


def _of_lists(case: Case, advice: Advice) -> Iterator[str]:
    checks = {check.id for check in advice.checks}
    pitfalls = {pitfall.id for pitfall in advice.pitfalls}
    questions = {missing.question for missing in advice.missing}
    yield from (f"check {id} is not listed" for id in case.checks if id not in checks)
    yield from (f"pitfall {id} is not listed" for id in case.pitfalls if id not in pitfalls)
    yield from (f"{id} is not listed as missing" for id in case.missing if id not in questions)
    if case.gates is not None:
        yield from _unequal("gates", sorted(case.gates), gates_of(advice))
    watched = "\n".join(watched_of(advice))
    yield from (f"monitoring never says: {t}" for t in case.monitoring_says if t not in watched)
    unwanted = case.monitoring_never_says
    yield from (f"monitoring says: {text}" for text in unwanted if text in watched)
    parts = (
        text
        for each in advice.conflicts
        for text in (each.topic, each.used, each.why, *(other.value for other in each.others))
    )
    differing = "\n".join(parts)
    yield from (f"conflicts never say: {t}" for t in case.conflicts_say if t not in differing)


def of_words(case: Case, printed: str, format: str) -> Iterator[str]:
    """What is wrong with the printed words; where the lines break does not matter.

    A text that begins with the kind of an item, such as ``CHECK:``, is looked for in plain alone.
    """
    flat = " ".join(printed.split())
    says = [text for text in case.says if format == "plain" or not KIND.match(text)]
    yield from (f"{format} never says: {text}" for text in says if text not in flat)
    yield from (f"{format} says: {text}" for text in case.never_says if text in flat)


def _unequal(what: str, expected: object, found: object) -> Iterator[str]:
    """One sentence when the two differ."""
    if expected != found:
        yield f"{what}: expected {shown(expected)}, found {shown(found)}"


def flags_of(advice: Advice) -> list[str]:
    """The red flags that are printed, by id."""
    return sorted(flag.id for flag in advice.red_flags)


def recommended_of(advice: Advice) -> list[str]:
    """What is recommended to start, continue or increase; what goes along does not count."""
    return sorted({o.regimen for o in advice.options if o.recommended and o.action in GIVING})


def gates_of(advice: Advice) -> list[str]:
    """The checks that a first dose still waits for."""
    return sorted(c.id for c in advice.checks if c.gate and c.state == "outstanding")


def watched_of(advice: Advice) -> list[str]:
    """What is watched, each with when."""
    return [f"{watch.what}: {watch.when}" for watch in advice.monitoring]


def shown(value: object) -> str:
    """An expectation, or what was found, in words."""
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value)) or "none"
    return str(value)
