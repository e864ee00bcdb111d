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
        """The rules that can see a mutant, those that look at most of what it touches first."""
        scores = {id: self._score(id, mutant) for id in self.rules}
        found = [id for id in self.rules if scores[id]]
        return sorted(found, key=lambda id: -scores[id])

    def _score(self, id: RuleId, mutant: Mutant) -> int:
        then = self.rules[id].then
        when, named = self.rules[id].when, mutant.name in self.names[id]
        about = (*when.starts, *when.gives, *when.recommends, *when.tapers)
        if mutant.kind == "RegimenId" and about and mutant.name not in about:
            return 0
        if mutant.what == "gate":
            return int(mutant.before.check in then.gates)
        if mutant.what == "check":
            check = mutant.before.check
            return 2 * (check in (*then.checks, *then.gates)) + self._says(id, mutant.before)
        if mutant.what == "cap" or mutant.field == "doses":
            return int(then.dose is not None and then.dose.regimen == mutant.name)
        # Of the cautions of a regimen only whom they refer is proved.
        if mutant.field == "cautions" and all(c.referral == "none" for c in mutant.record.cautions):
            return 0
        if mutant.what == "contraindication":
            refused = (*then.never_give, *then.never_recommend, *then.never_start)
            same = bool(self.facts[id] & self._touched(mutant))
            return (2 + 2 * same) * (mutant.name in refused) + bool(then.worst)
        if mutant.kind == "RegimenId" and not named:
            return 0
        return bool(self.facts[id] & self._touched(mutant)) + named

    def _touched(self, mutant: Mutant) -> frozenset[str]:
        """The questions and facts that a mutant has to do with."""
        conditions: tuple[Any, ...] = (mutant.before, mutant.after)
        if mutant.what == "swap":
            conditions = tuple(branch.when for branch in mutant.before)
        if mutant.what == "contraindication":
            conditions = (mutant.before.when,)
        found = [each for each in conditions if isinstance(each, Condition)]
        return self._facts(found) | {mutant.name, mutant.place}

    def _says(self, id: RuleId, use: CheckUse) -> bool:
        """Whether a rule asks for words that stand in a check."""
        check, then = self.library.check(use.check), self.rules[id].then
        lines = (check.title, *(line.say for line in (*check.how, *use.say)))
        text = " ".join(lines).lower()
        return any(words.lower() in text for words in (*then.says, *then.says_one_of))

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
