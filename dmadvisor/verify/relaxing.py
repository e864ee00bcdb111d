"""Conditions inside a record with one number moved, or one value left out."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from dmadvisor.conditions import bounds_words
from dmadvisor.library import Library
from dmadvisor.model import Bounds, Condition, Derived, Test
from dmadvisor.records import Record
from dmadvisor.safety import RED_FLAGS

PLACES = ("steps", "questions", "forks")
"""The fields of a tree by whose names a place is called."""

STRICTER = ("contraindications", "gate")
"""Fields whose conditions hold a drug up: a narrower range there lets more through."""

NOT_ADVISED = ("notes", "proposed", "ends_when")
"""Fields whose conditions decide no advice: what ``show`` prints, what is proposed, and when what
was begun at an earlier visit ends."""

TENTH = Decimal("0.1")
"""By how much of itself a threshold is moved: about as far as a slip of the pen."""


class Changed(NamedTuple):
    """A record with one condition changed."""

    record: Any
    place: str
    """In a tree the step, question or fork; empty elsewhere."""
    words: str
    """Where in the record it stands, for a reader."""
    said: str
    before: Condition
    after: Condition
    field: str
    """The field of the record in which it stands."""


Trail = tuple[str | int, ...]


def _conditions(value: Any, trail: Trail = ()) -> Iterator[tuple[Trail, Condition]]:
    """Every condition inside a record, with the fields, names and numbers that lead to it."""
    if isinstance(value, Condition):
        yield trail, value
    elif isinstance(value, Record):
        for name in value._fields:
            yield from _conditions(getattr(value, name), (*trail, name))
    elif isinstance(value, tuple):
        for number, each in enumerate(value):
            yield from _conditions(each, (*trail, number))
    elif isinstance(value, Mapping):
        for name in value:
            yield from _conditions(value[name], (*trail, name))


def _replaced(value: Any, trail: Trail, new: Any) -> Any:
    """A record with what stands at the end of a trail replaced."""
    if not trail:
        return new
    head, *rest = trail
    if isinstance(value, Record):
        name = str(head)
        return value._replace(**{name: _replaced(getattr(value, name), tuple(rest), new)})
    inner = _replaced(value[head], tuple(rest), new)
    if isinstance(value, Mapping):
        return {**value, head: inner}
    number = int(head)
    return (*value[:number], inner, *value[number + 1 :])


def _change(record: Any, trail: Trail, said: str, before: Condition, after: Condition) -> Changed:
    place = str(trail[1]) if trail[0] in PLACES else ""
    inside = trail[2:] if place else trail
    # Counted from 1, as people do.
    words = " ".join(str(w + 1) if isinstance(w, int) else w for w in inside if w != "when")
    where = f"/{place} {words}" if place else f" {words}"
    new = _replaced(record, trail, after)
    return Changed(new, place, where.rstrip(), said, before, after, str(trail[0]))


def _with_test(condition: Condition, group: int, number: int, test: Test | None) -> Condition:
    """A condition with another test, or without one."""
    groups = list(condition.any_of)
    tests = list(groups[group])
    tests[number : number + 1] = [] if test is None else [test]
    groups[group] = tuple(tests)
    return Condition(tuple(groups))


def _tests(condition: Condition) -> Iterator[tuple[int, int, Test]]:
    for group, tests in enumerate(condition.any_of):
        for number, test in enumerate(tests):
            yield group, number, test


# -- numbers ---------------------------------------------------------------------------------


def relaxed(library: Library, record: Any) -> Iterator[Changed]:
    """A record with one threshold moved, so that it lets more through."""
    for trail, condition in _conditions(record):
        if any(name in trail for name in NOT_ADVISED):
            continue
        stricter = any(name in trail for name in STRICTER)
        for group, number, test in _tests(condition):
            counts = isinstance(fact := library.fact(test.fact), Derived) and bool(fact.counts)
            for n, bounds in enumerate(test.bounds):
                for new in _moved(bounds, grows=stricter == test.negated, counts=counts):
                    every = (*test.bounds[:n], new, *test.bounds[n + 1 :])
                    after = _with_test(condition, group, number, test._replace(bounds=every))
                    said = f"{test.fact} {bounds_words(bounds)}, now {bounds_words(new)}"
                    yield _change(record, trail, said, condition, after)


def _moved(bounds: Bounds, *, grows: bool, counts: bool) -> Iterator[Bounds]:
    """A range with one end moved outward when it grows, inward otherwise."""
    sign = 1 if grows else -1
    if bounds.low is not None:
        yield bounds._replace(
            low=max(Decimal(0), bounds.low - sign * _step(bounds.low, counts=counts))
        )
    if bounds.high is not None:
        yield bounds._replace(high=bounds.high + sign * _step(bounds.high, counts=counts))


def _step(end: Decimal, *, counts: bool) -> Decimal:
    """How far a threshold is moved: a tenth, and in whole numbers by whole numbers."""
    if counts:
        return Decimal(1)
    if end == end.to_integral_value():
        return max(Decimal(1), (end * TENTH).to_integral_value())
    return end * TENTH


# -- red flags -------------------------------------------------------------------------------


def without_value(library: Library, record: Any, flag: str) -> Iterator[Changed]:
    """A tree with one condition that no longer looks for a red flag."""
    for trail, condition in _conditions(record):
        for group, number, test in _tests(condition):
            if flag not in test.values or not _asks_flags(library, test):
                continue
            left = tuple(value for value in test.values if value != flag)
            if left:
                after = _with_test(condition, group, number, test._replace(values=left))
            elif len(condition.any_of) > 1:
                groups = condition.any_of
                after = Condition(groups[:group] + groups[group + 1 :])
            else:
                # A test that nothing meets.
                after = _with_test(condition, group, number, test._replace(values=()))
            yield _change(record, trail, flag, condition, after)


def _asks_flags(library: Library, test: Test) -> bool:
    fact = library.fact(test.fact)
    return test.fact == RED_FLAGS or (
        isinstance(fact, Derived) and fact.without[:1] == (RED_FLAGS,)
    )
