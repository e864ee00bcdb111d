"""Readers of single values written in words: text, numbers, dates, ranges, conditions, targets."""

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from dmadvisor import model
from dmadvisor.model import Bounds, Branch, Condition, Period, Span, Target, Test
from dmadvisor.notes import Notes, Reader, Reference
from dmadvisor.problems import printable
from dmadvisor.yamltext import KEY, Data, Path

ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
NUMBER = r"-?(0|[1-9][0-9]*)(\.[0-9]+)?"
COMMA = re.compile("[0-9],[0-9]")
"""A comma inside of a number."""
HAND_OVER = "hand over to "


def bad_id(d: Notes, word: str, path: Path) -> None:
    """Note that a word is no id, and what it could be."""
    better = re.sub(r"[^a-z0-9]+", "-", word.lower()).strip("-")
    better = better if ID.fullmatch(better) and len(better) > 1 else "a-word"
    d.wrong(
        path,
        "id-style",
        f"'{printable(word)}' is not an id",
        f"use lower-case words with hyphens: '{better}'",
    )


def _text(d: Notes, data: Data, path: Path) -> Any:
    word = d.text(data, path)
    if word is not None:
        d.texts.append((word, path))
    return word


def _plain(d: Notes, data: Data, path: Path) -> str | None:
    return d.text(data, path)


def _answer(d: Notes, data: Data, path: Path) -> str | None:
    word = d.text(data, path, "an answer")
    if word is None or ID.fullmatch(word):
        return word
    bad_id(d, word, path)
    return None


def _boolean(d: Notes, data: Data, path: Path) -> bool | None:
    if data in ("yes", "no"):
        return bool(data == "yes")
    d.wrong(path, "type", "'yes' or 'no' expected", "write yes or no")
    return None


def decimal_of(word: str) -> Decimal | None:
    """A plain decimal with a point, or None: no commas, exponents, underscores, units or NaN."""
    if not re.fullmatch(NUMBER, word):
        return None
    try:
        return Decimal(word)
    except InvalidOperation:  # pragma: no cover - the pattern admits only what Decimal reads
        return None


def _decimal(d: Notes, data: Data, path: Path) -> Decimal | None:
    number = decimal_of(data) if isinstance(data, str) else None
    if number is None:
        d.wrong(path, "type", "a number expected", "write a plain number such as 12 or 2.5")
    return number


def _integer(d: Notes, data: Data, path: Path) -> int | None:
    if isinstance(data, str) and re.fullmatch(r"[0-9]{1,5}", data):
        return int(data)
    d.wrong(path, "type", "a whole number expected", "write a whole number such as 12")
    return None


def date_of(word: str) -> date | None:
    """A date written as year-month-day, or None."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", word):
        return None
    try:
        return date.fromisoformat(word)
    except ValueError:
        return None


def _date(d: Notes, data: Data, path: Path) -> date | None:
    day = date_of(data) if isinstance(data, str) else None
    if day is None:
        d.wrong(path, "type", "a date expected", "write year-month-day, such as 2026-11-20")
    return day


def _period(d: Notes, data: Data, path: Path) -> Period | None:
    match = re.fullmatch(r"([1-9][0-9]{0,3}) (day|week|month|year)s?", str(data))
    if match:
        return Period(int(match[1]), match[2] + "s")  # type: ignore[arg-type]
    d.wrong(path, "type", "a length of time expected", "write such as '28 days' or '12 months'")
    return None


def _span(d: Notes, data: Data, path: Path) -> Span | None:
    word = r"(?:(0|[1-9][0-9]{0,3}) to )?([1-9][0-9]{0,3}) (day|week|month|year)s?"
    match = re.fullmatch(word, str(data))
    if match and int(match[1] or match[2]) <= int(match[2]):
        return Span(int(match[1] or match[2]), int(match[2]), match[3] + "s")  # type: ignore[arg-type]
    d.wrong(path, "type", "a length of time expected", "write such as '2 weeks' or '4 to 8 weeks'")
    return None


def bounds_of(word: str) -> Bounds | None:
    """A range in words, such as ``at least 30 and below 60``; None when it is not one."""
    low = high = None
    low_included = high_included = True
    for part in word.split(" and "):
        match = re.fullmatch(r"(below|at least|above|at most|exactly) (-?[0-9.]+)", part.strip())
        number = decimal_of(match[2]) if match else None
        if match is None or number is None:
            return None
        sign = match[1]
        if sign in ("at least", "above", "exactly"):
            low, low_included = number, sign != "above"
        if sign in ("at most", "below", "exactly"):
            high, high_included = number, sign != "below"
    if low is not None and high is not None and low > high:
        return None
    return Bounds(low, low_included, high, high_included)


def _bounds(d: Notes, data: Data, path: Path) -> Bounds | None:
    found = bounds_of(data) if isinstance(data, str) else None
    if found is None:
        d.wrong(
            path,
            "type",
            "a range of numbers expected",
            "write such as 'below 30', or 'at least 30 and below 60'",
        )
    return found


def _test(d: Notes, fact: str, data: Data, path: Path, *, negated: bool = False) -> Test | None:
    if isinstance(data, dict):
        if set(data) == {"not"} and not negated:
            return _test(d, fact, data["not"], (*path, "not"), negated=True)
        d.wrong(
            path,
            "type",
            "an answer, a list of answers or a range expected",
            "write an answer's id, [a, b], 'below 30', or {not: ...}",
        )
        return None
    fields = _constants(d, data, path)
    test = Test.of({"fact": fact, **fields, "negated": negated})
    d.references.append(Reference("FactId", fact, path))
    d.tests.append((test, path))
    return test


def _constants(d: Notes, data: Data, path: Path) -> dict[str, Any]:
    """What a fact is held against, told apart: answers, ranges, ``unknown`` and ``known``."""
    values: list[str] = []
    bounds: list[Bounds] = []
    special = {"unknown": False, "known": False}
    for index, word in enumerate(data if isinstance(data, list) else [data]):
        here = (*path, index) if isinstance(data, list) else path
        if not isinstance(word, str) or not word:
            d.text(word, here, "an answer")
        elif word in special:
            special[word] = True
        elif found := bounds_of(word):
            bounds.append(found)
        elif ID.fullmatch(word):
            values.append(word)
        else:
            _no_constant(d, word, here)
    return {"values": tuple(values), "bounds": tuple(bounds), **special}


def _no_constant(d: Notes, word: str, path: Path) -> None:
    """Note that a word is no answer and no range, and whether a comma is the reason."""
    message = f"'{printable(word)}' is neither an answer nor a range"
    help = "use an answer's id, or words such as 'below 30', 'at least 12'"
    if COMMA.search(word) or re.fullmatch("[0-9]{3}", word):
        help = "write numbers without a comma, such as 'below 1000'"
    d.wrong(path, "type", message, help)


def _condition(d: Notes, data: Data, path: Path) -> Condition | None:
    groups = data if isinstance(data, list) else [data]
    found = []
    for index, group in enumerate(groups):
        here = (*path, index) if isinstance(data, list) else path
        if not isinstance(group, dict) or not group:
            d.wrong(
                here,
                "type",
                "a condition expected",
                "write {question: answer}, or a list of such mappings",
            )
            continue
        rest = next((fact for fact, inner in group.items() if fact.isdigit() and not inner), None)
        if rest is not None:
            _no_constant(d, rest, (*here, rest, KEY))
            continue
        tests = [_test(d, fact, inner, (*here, fact)) for fact, inner in group.items()]
        if all(test is not None for test in tests):
            found.append(tuple(t for t in tests if t is not None))
    return Condition(tuple(found)) if found else None


def _target(d: Notes, data: Data, path: Path) -> Target | None:
    word = d.text(data, path, "a place to go to")
    if word is None:
        return None
    handed = word.startswith(HAND_OVER)
    name = word.removeprefix(HAND_OVER)
    if not ID.fullmatch(name):
        bad_id(d, name, path)
        return None
    if handed:
        d.references.append(Reference("PathwayId", name, path))
        return Target(pathway=model.PathwayId(name))
    return Target(spot=model.SpotId(name))


def answer_branches(d: Notes, data: Data, path: Path) -> tuple[Branch, ...] | None:
    """A question in a pathway: each answer, or several joined by commas, and where it leads."""
    if not isinstance(data, dict):
        d.wrong(path, "type", "answers expected", "write 'answer: where it leads' lines, indented")
        return None
    question = str(path[-1])
    branches = []
    for key, inner in data.items():
        here = (*path, key)
        target = _target(d, inner, here)
        when = None
        if COMMA.search(key):
            _no_constant(d, key, (*here, KEY))
            continue
        if key != "otherwise":
            words: Data = [word.strip() for word in key.split(",")]
            test = _test(d, question, words if len(words) > 1 else words[0], (*here, KEY))
            if test is None:
                continue
            when = Condition(((test,),))
        if target is not None:
            branches.append(d.noted(Branch(target, when), here))
    return tuple(branches)


VALUE_READERS: dict[Any, Reader] = {
    str: _plain,
    model.Text: _text,
    model.AnswerId: _answer,
    model.SpotId: _answer,
    bool: _boolean,
    int: _integer,
    Decimal: _decimal,
    date: _date,
    Period: _period,
    Span: _span,
    Bounds: _bounds,
    Condition: _condition,
    Target: _target,
}
