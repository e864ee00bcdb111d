"""What carries over from earlier visits: answers that hold still, and checks not yet too old."""

from collections.abc import Mapping
from datetime import date

from dmadvisor.answers import Answer
from dmadvisor.casefile.recording import counted, readable
from dmadvisor.casefile.records import CaseFile
from dmadvisor.conditions import Facts
from dmadvisor.library import Library
from dmadvisor.model import Period
from dmadvisor.problems import printable
from dmadvisor.records import Record
from dmadvisor.safety import NOT_TOLERATED, TRIED, later


class Carried(Record):
    """What an earlier visit tells about today, each with the day on which it was given."""

    answers: Mapping[str, Answer]
    days: Mapping[str, date]
    done: Mapping[str, date]
    confirmed: tuple[str, ...]
    """The carried answers that are unusual, and were confirmed."""
    lapsed: tuple[str, ...]
    """What still held at the last visit and is too old today, in words."""
    notes: tuple[str, ...]
    """What the content of today cannot read, in words."""


class Forgotten(Record):
    """A regimen that an earlier visit recorded under a question, and today's answer leaves out."""

    regimen: str
    question: str
    day: date


def carried(library: Library, case: CaseFile, today: date) -> Carried:
    """What carries over to a day.

    An answer holds from the day on which it was given, however often it was carried since; the
    latest word on a question counts, and when that is unknown nothing is carried.
    """
    answers: dict[str, Answer] = {}
    days: dict[str, date] = {}
    confirmed: dict[str, None] = {}
    lapsed: dict[str, str] = {}
    notes: dict[str, None] = {}
    for visit in counted(case):
        read, unread = readable(library, visit)
        notes |= dict.fromkeys(unread)
        for id in visit.answers:
            for kept in (answers, days, confirmed, lapsed):
                kept.pop(id, None)
            answer = read.get(id)
            if answer is None or answer.unknown:
                continue
            holds = library.question(id).holds
            day = visit.carried.get(id, visit.date)
            if isinstance(holds, Period) and later(day, holds) < today:
                if later(day, holds) < case.visits[-1].date:
                    continue
                lapsed[id] = f"{id}={answer.text} of {day}: older than {_words(holds)}"
            elif holds != "each visit":
                answers[id], days[id] = answer, day
                confirmed |= dict.fromkeys([id] if id in visit.confirmed else [])
    done, old = _done(library, case, today)
    return Carried(answers, days, done, tuple(confirmed), (*lapsed.values(), *old), tuple(notes))


def _done(library: Library, case: CaseFile, today: date) -> tuple[dict[str, date], list[str]]:
    """The checks that were done and the days, without those that every drug finds too old.

    A check of which no drug says how old it may be belongs to its visit alone. One that was done
    on a day that nobody gave was done by the day of its visit.
    """
    latest: dict[str, date] = {}
    for visit in counted(case):
        for id, day in visit.done.items():
            known = visit.date if day == "yes" else day
            latest[id] = max(known, latest.get(id, known))
    if not latest:
        return {}, []
    uses = [u for id in library.ids("RegimenId") for u in library.regimen(id).checks]
    done: dict[str, date] = {}
    old: list[str] = []
    for id, day in latest.items():
        ends = [later(day, use.recent) for use in uses if use.check == id and use.recent]
        if ends and max(ends) >= today:
            done[id] = day
        elif ends and max(ends) >= case.visits[-1].date:
            old.append(f"{id}, done on {day}: too old")
    return done, old


def history(library: Library, case: CaseFile) -> dict[str, dict[str, date]]:
    """The regimens that failed or were not tolerated, by question, each with the first day."""
    known = library.ids("RegimenId")
    found: dict[str, dict[str, date]] = {TRIED: {}, NOT_TOLERATED: {}}
    for visit in counted(case):
        for question, named in found.items():
            for word in visit.answers.get(question, ()):
                if word in known:
                    named.setdefault(word, visit.date)
    return found


def forgotten(library: Library, case: CaseFile, answers: Mapping[str, Answer]) -> list[Forgotten]:
    """What earlier visits recorded as failed or not tolerated, and today's answers do not name."""
    facts = Facts(library, answers)
    today = [facts.answer(question) for question in (TRIED, NOT_TOLERATED)]
    named = {word for answer in today if answer for word in answer.words}
    return [
        Forgotten(regimen, question, day)
        for question, recorded in history(library, case).items()
        for regimen, day in recorded.items()
        if regimen not in named
    ]


def _words(period: Period) -> str:
    unit = period.unit.removesuffix("s") if period.number == 1 else period.unit
    return printable(f"{period.number} {unit}")
