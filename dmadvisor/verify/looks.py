"""What conditions look at: every test of the content, and the questions behind a condition."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from dmadvisor.library import OWN_FILE, SHARED, Library
from dmadvisor.model import Condition, FactId, Question, Test
from dmadvisor.records import Record

Tests = dict[str, tuple[Test, ...]]
"""Tests by the question or derived fact that they are held against."""


def every_test(library: Library) -> Tests:
    """Every test of all content."""
    found: dict[str, dict[Test, None]] = {}
    for kind in (*OWN_FILE, *SHARED):
        for id in library.ids(kind) if kind not in ("CitationId", "ConflictId") else ():
            for condition in conditions_in(library.get(kind, id)):
                for test in conditions_tests([condition]):
                    found.setdefault(test.fact, {})[test] = None
    return {fact: tuple(tests) for fact, tests in found.items()}


def conditions_in(value: Any) -> Iterator[Condition]:
    """Every condition inside a record, whatever it is inside of."""
    if isinstance(value, Condition):
        yield value
    elif isinstance(value, Record):
        for name in value.__dict__:
            yield from conditions_in(value.__dict__[name])
    elif isinstance(value, tuple):
        for each in value:
            yield from conditions_in(each)
    elif isinstance(value, Mapping):
        for name in value:
            yield from conditions_in(value[name])


def conditions_tests(conditions: Iterable[Condition | None]) -> list[Test]:
    """The tests that stand in some conditions."""
    return [test for c in conditions if c for group in c.any_of for test in group]


def looked_at(library: Library, conditions: Iterable[Condition | None]) -> set[Test]:
    """The tests on questions that conditions come down to: derived facts are taken apart."""
    found: set[Test] = set()
    seen: set[Test] = set()
    todo = conditions_tests(conditions)
    while todo:
        test = todo.pop()
        if test in seen:
            continue
        seen.add(test)
        fact = library.fact(test.fact)
        inner: list[Condition | None] = []
        if isinstance(fact, Question):
            found.add(test)
            inner += [implied.when for implied in fact.implied]
        elif fact.without:
            every = tuple(library.question(fact.without[0]).answers)
            found |= {Test(fact=FactId(id), values=every) for id in fact.without}
        else:
            inner += [*fact.counts, *(rule.when for rule in fact.rules)]
        todo += conditions_tests(inner)
    return found
