"""What differs: between two visits, and between an advice as it was given and as it is today."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date

from dmadvisor.advice import advise
from dmadvisor.answers import UNKNOWN, Answer
from dmadvisor.casefile.recording import done_of, readable
from dmadvisor.casefile.records import Content, GivenAdvice, GivenOption, Visit
from dmadvisor.library import Library
from dmadvisor.outcome import Advice
from dmadvisor.records import Record
from dmadvisor.safety import SAFE_ACTIONS
from dmadvisor.walk import Open

Given = Callable[[Advice], GivenAdvice]
"""What is kept of an advice, with its checksums."""


class Change(Record):
    """One thing that differs; a side without it is None."""

    what: str
    """answer, pathway, step, referral, review, option, action, verdict, recommended, dose, part."""
    name: str | None
    """The question, the regimen, or the part of the advice."""
    before: str | None
    now: str | None
    why: str | None = None
    """The first reason that is given for it now."""


class Replayed(Record):
    """One visit advised again."""

    date: date
    pathway: str
    content: Content
    """What the advice came from."""
    like: bool
    """Whether content and program are what they were."""
    same: bool
    differences: tuple[Change, ...]


class Since(Record):
    """What is new since the last visit."""

    day: date
    content: Content
    """What the last advice came from."""
    answers: tuple[Change, ...]
    advice: tuple[Change, ...]
    differing: tuple[Replayed, ...]
    """Earlier advice that would differ under the content of today."""


def changed_answers(before: Mapping[str, tuple[str, ...]], now: Visit) -> tuple[Change, ...]:
    """Each answer that is new or another; in which order several stand is no matter.

    What was not asked today is no change, and unknown is the same as not given.
    """
    found = []
    for id, new in now.answers.items():
        old = before.get(id, UNKNOWN.words)
        if set(old) != set(new):
            was = _joined(old) if old != UNKNOWN.words else None
            found.append(Change("answer", id, was, _joined(new)))
    return tuple(found)


def _joined(words: tuple[str, ...]) -> str:
    return ", ".join(words)


def changed_advice(
    before: GivenAdvice, now: GivenAdvice, reasons: Mapping[str, str]
) -> tuple[Change, ...]:
    """What differs in two advices; ``reasons`` says of a regimen why its verdict is as it is."""
    found = [
        Change(what, None, old, new)
        for what, old, new in (
            ("pathway", before.pathway, now.pathway),
            ("step", before.title, now.title),
            ("referral", before.referral, now.referral),
            ("review", _weeks(before), _weeks(now)),
        )
        if old != new
    ]
    if before.step != now.step and before.title == now.title:
        found.append(Change("step", None, before.step, now.step))
    olds = {option.regimen: option for option in before.options}
    news = {option.regimen: option for option in now.options}
    for id in dict.fromkeys([*olds, *news]):
        found += _option(id, olds.get(id), news.get(id), reasons.get(id))
    return tuple(found)


def _option(
    id: str, old: GivenOption | None, new: GivenOption | None, why: str | None
) -> list[Change]:
    if old is None or new is None:
        sides = (_told(old) if old else None, _told(new) if new else None)
        return [Change("option", id, *sides, why)]
    found = []
    for what, before, now in (
        ("action", old.action, new.action),
        ("verdict", _verdict(old) or _verdict(new), _verdict(new) or _verdict(old)),
        ("recommended", _yes(old), _yes(new)),
        *_doses(old, new),
    ):
        if before != now:
            found.append(Change(what, id, before, now, why if what == "verdict" else None))
    return found


def _doses(old: GivenOption, new: GivenOption) -> list[tuple[str, str | None, str | None]]:
    """The amounts; where they do not differ, the words, which are others with another action."""
    if old.amount and new.amount and old.amount != new.amount:
        return [("dose", old.amount, new.amount)]
    return [("dose", old.dose, new.dose)] if old.action == new.action else []


def _told(option: GivenOption) -> str:
    words = (option.action, _verdict(option), "recommended" if option.recommended else "")
    return ", ".join(word for word in words if word)


def _verdict(option: GivenOption) -> str | None:
    """The verdict; None for what nothing forbids."""
    return None if option.action in SAFE_ACTIONS else option.verdict


def _yes(option: GivenOption) -> str:
    return "yes" if option.recommended else "no"


def _weeks(advice: GivenAdvice) -> str:
    return ", ".join(map(str, advice.review_weeks))


def reasons_of(advice: Advice) -> dict[str, str]:
    """The first reason for each verdict that has one."""
    return {each.regimen: each.reasons[0].text for each in advice.options if each.reasons}


def replay(library: Library, program: str, visit: Visit, given: Given) -> Replayed:
    """Advise a visit again from its own answers, and name each difference."""
    content = Content(library.content().version, library.sha256)
    like = (visit.content, visit.program) == (content, program)
    answers, unread = readable(library, visit)
    found = [Change("answer", None, None, None, note) for note in unread]
    advice = advised_again(library, visit, answers)
    if isinstance(advice, str):
        found.append(Change("step", None, visit.advice.title, None, advice))
    else:
        now = given(advice)
        found += changed_advice(visit.advice, now, reasons_of(advice))
        found += _parts(visit.advice, now, {change.what for change in found})
        if like and not found and visit.advice.sha256 not in ("", now.sha256):
            found.append(Change("part", "sha256", visit.advice.sha256, now.sha256))
    return Replayed(visit.date, visit.pathway, visit.content, like, not found, tuple(found))


OPTION_CHANGES = frozenset(["option", "action", "verdict", "recommended", "dose"])


def _parts(before: GivenAdvice, now: GivenAdvice, named: set[str]) -> Iterator[Change]:
    """The parts of an advice that differ, without those of which a difference is named already."""
    for part in dict.fromkeys([*before.parts, *now.parts]):
        told = OPTION_CHANGES if part == "options" else {part, "referral" if part == "step" else ""}
        if before.parts.get(part) != now.parts.get(part) and named.isdisjoint(told):
            yield Change("part", part, before.parts.get(part), now.parts.get(part))


def advised_again(library: Library, visit: Visit, answers: Mapping[str, Answer]) -> Advice | str:
    """The advice on a visit's answers today; in words why there is none."""
    if visit.pathway not in library.ids("PathwayId"):
        return f"the content has no pathway '{visit.pathway}' any more"
    result = advise(library, visit.pathway, answers, visit.date, done_of(visit))
    if isinstance(result, Open):
        return f"'{result.question}' has no answer"
    return result
