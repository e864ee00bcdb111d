"""Which safety rules can see which change: those that name what is changed come first."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from dmadvisor.library import Library
from dmadvisor.model import CheckUse, Condition, RuleId, SafetyRule, Test
from dmadvisor.records import Record
from dmadvisor.verify.looks import conditions_tests, looked_at
from dmadvisor.verify.mutants import Mutant


class Relevance:
    """The rules of a content by the names that stand in them."""

    def __init__(self, library: Library, rules: Mapping[RuleId, SafetyRule]) -> None:
        self.library = library
        self.rules = rules
        self.names = {id: frozenset(_words((r.when, r.then))) for id, r in rules.items()}
        self.facts = {id: self._facts((r.when.answers,)) for id, r in rules.items()}

    def of(self, mutant: Mutant) -> list[RuleId]:
        """The rules to try a mutant on: of a drug's own file those that name the drug, or check."""
        named = {mutant.name, mutant.place}
        if isinstance(mutant.before, CheckUse):
            named.add(mutant.before.check)
        facts: frozenset[str] = frozenset()
        if isinstance(mutant.before, Condition):
            facts = self._facts((mutant.before, mutant.after))
        scores = {id: self._score(id, named, facts) for id in self.rules}
        every = mutant.kind in ("PathwayId", "PartId")
        found = [id for id in self.rules if scores[id] or every]
        return sorted(found, key=lambda id: -scores[id])

    def _score(self, id: RuleId, named: set[str], facts: frozenset[str]) -> int:
        names = len(self.names[id] & named)
        return 2 * names + bool(self.facts[id] & facts) + bool(self.rules[id].then.worst)

    def _facts(self, conditions: Iterable[Condition | None]) -> frozenset[str]:
        """The questions and facts that conditions look at."""
        every = list(conditions)
        tests: list[Test] = [*conditions_tests(every), *looked_at(self.library, every)]
        return frozenset(test.fact for test in tests)


def _words(value: Any) -> Iterator[str]:
    """Every name and text inside a record."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Record):
        for name in value._fields:
            yield from _words(getattr(value, name))
    elif isinstance(value, tuple):
        for each in value:
            yield from _words(each)
    elif isinstance(value, Mapping):
        for name in value:
            yield from _words((name, value[name]))
