"""A visit and its advice as records of a case file, and what one visit left the patient on."""

from collections.abc import Iterable, Mapping
from datetime import date

from dmadvisor.answers import Answer, read_words
from dmadvisor.casefile.records import CaseFile, GivenAdvice, GivenOption, Visit
from dmadvisor.conditions import number_words
from dmadvisor.dosing import DosePrint
from dmadvisor.library import Library
from dmadvisor.model import GOES_ON, Action, SpotId
from dmadvisor.outcome import Advice, Option
from dmadvisor.problems import UsageError, printable
from dmadvisor.safety import TAKING

BEGINS: frozenset[Action] = frozenset(["start", "with", *GOES_ON])
"""Actions after which a regimen is taken."""


def given_advice(advice: Advice, parts: Mapping[str, str], sha256: str) -> GivenAdvice:
    """What is kept of an advice; ``parts`` are the checksums of its parts, the other of all."""
    return GivenAdvice(
        pathway=advice.tree.id,
        step=advice.step.id,
        title=advice.step.title,
        referral=advice.step.referral,
        review_weeks=advice.review.weeks,
        options=tuple(_given_option(option) for option in advice.options),
        sha256=sha256,
        ends=advice.tree.steps[SpotId(advice.step.id)].ends,
        parts=parts,
    )


def _given_option(option: Option) -> GivenOption:
    return GivenOption(
        regimen=option.regimen,
        action=option.action,
        verdict=option.verdict,
        recommended=option.recommended,
        dose=option.dose.text if option.dose and option.dose.frequency else None,
        amount=_amount(option.dose) if option.dose else None,
        group=option.group,
        companion_of=option.companion_of,
    )


def _amount(dose: DosePrint) -> str | None:
    """The amounts of a dose in words: ``32 to 60 mg per day``."""
    ends = [number_words(end) for end in (dose.low, dose.high) if end is not None]
    if not ends:
        return None
    return f"{' to '.join(dict.fromkeys(ends))} {dose.unit} per {dose.per}"


def counted(case: CaseFile) -> tuple[Visit, ...]:
    """The visits that count: of several on one day only the last, which corrects the others."""
    return tuple({visit.date: visit for visit in case.visits}.values())


def readable(library: Library, visit: Visit) -> tuple[dict[str, Answer], tuple[str, ...]]:
    """A visit's answers as the content of today reads them, and in words what cannot be read."""
    answers: dict[str, Answer] = {}
    notes: list[str] = []
    for id, words in visit.answers.items():
        told = f"{printable(id)}={printable(','.join(words))}"
        if library.entry("QuestionId", id) is None:
            notes.append(f"{told}: the content has no such question any more")
            continue
        try:
            question = library.question(id)
            answers[id] = read_words(id, question, words, place=told, confirmed=True)
        except UsageError as error:
            notes.append(f"{error.message.rstrip('.')}: the content has changed, or the file")
    for id in visit.done:
        if library.entry("CheckId", id) is None:
            notes.append(f"done {printable(id)}: the content has no such check")
    return answers, tuple(notes)


def done_of(visit: Visit) -> dict[str, date | None]:
    """The checks that were done at a visit, as the advice takes them."""
    return {id: None if day == "yes" else day for id, day in visit.done.items()}


def started(visit: Visit) -> tuple[str, ...]:
    """The regimens that a visit began: what was chosen, else what was recommended."""
    return tuple(regimen for regimen, action in decided(visit).items() if action == "start")


def left_on(library: Library, visit: Visit) -> tuple[str, ...]:
    """The regimens that the patient takes after a visit, as far as its record says.

    What stops takes along what always goes with it, unless something else needs that.
    """
    taken = dict.fromkeys(visit.answers.get(TAKING, ()))
    known = decided(visit)
    taken |= dict.fromkeys(regimen for regimen, action in known.items() if action in BEGINS)
    stopped = {regimen for regimen, action in known.items() if action == "stop"}
    left = [regimen for regimen in taken if regimen not in stopped]
    gone = _companions(library, stopped) - _companions(library, left)
    return tuple(regimen for regimen in left if regimen not in gone)


def _companions(library: Library, regimens: Iterable[str]) -> set[str]:
    known = [regimen for regimen in regimens if library.entry("RegimenId", regimen)]
    return {each for regimen in known for each in library.regimen(regimen).companions}


def decided(visit: Visit) -> dict[str, Action]:
    """Each regimen with what became of it: what is begun takes the place of its group."""
    options = visit.advice.options
    chosen = {choice.regimen: choice.action for choice in visit.choices}
    begun = {regimen for regimen, action in chosen.items() if action in BEGINS}
    groups = {o.group for o in options if o.group and o.regimen in begun}
    replaced = {o.regimen for o in options if o.group in groups} - chosen.keys()
    found = {
        o.regimen: o.action
        for o in options
        if o.recommended and o.regimen not in replaced and o.companion_of not in replaced
    }
    found |= chosen
    companions = {o.regimen: o.action for o in options if o.companion_of in begun}
    return {**companions, **found}
