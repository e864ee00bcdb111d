"""Which patients satisfy a condition: the conditions of the content as sets of patients.

A condition becomes two sets: the patients in whom it is true, and those in whom it is false; in the
rest it is open.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from dmadvisor.answers import within
from dmadvisor.conditions import NOTHING
from dmadvisor.library import Library
from dmadvisor.model import Condition, Derived, Question, Test
from dmadvisor.verify.columns import Columns
from dmadvisor.verify.diagram import ALL, NONE, Set
from dmadvisor.verify.looks import conditions_tests, every_test


class Split(NamedTuple):
    """The patients in whom something is true, and those in whom it is false."""

    yes: Set
    no: Set


class Space(Columns):
    """All patients that the content can tell apart, and the sets that its conditions make."""

    def __init__(self, library: Library, also: Iterable[Condition] = ()) -> None:
        """``also`` are conditions that the content does not have, whose patients are told apart."""
        tests = every_test(library)
        for test in conditions_tests(also):
            tests[test.fact] = tuple(dict.fromkeys((*tests.get(test.fact, ()), test)))
        super().__init__(library, tests)
        self._tests: dict[Test, Split] = {}
        self._conditions: dict[int, tuple[Condition, Split]] = {}

    def holds(self, condition: Condition | None) -> Split:
        """The patients in whom a condition is true, and those in whom it is false."""
        if condition is None:
            return Split(ALL, NONE)
        known = self._conditions.get(id(condition))
        if known is None:
            yes, no = NONE, ALL
            for group in condition.any_of:
                tests = [self.test(test) for test in group]
                yes = self.diagram.either(yes, self.diagram.all(t.yes for t in tests))
                no = self.diagram.both(no, self.diagram.any(t.no for t in tests))
            # Kept with the record, so that no other record can come to have its id.
            known = self._conditions[id(condition)] = condition, Split(yes, no)
        return known[1]

    def test(self, test: Test) -> Split:
        """The patients in whom one test is true, and those in whom it is false."""
        if test not in self._tests:
            fact = self.library.fact(test.fact)
            if isinstance(fact, Question):
                found = self._question(test, fact)
            elif fact.without:
                found = self._taken_away(test, fact)
            elif fact.counts:
                found = self._counts(test, fact)
            else:
                found = self._rules(test, fact)
            self._tests[test] = Split(found.no, found.yes) if test.negated else found
        return self._tests[test]

    def _question(self, test: Test, question: Question) -> Split:
        column, diagram = self.columns[test.fact], self.diagram
        if question.kind == "number":
            fits = [any(within(Decimal(w), b) for b in test.bounds) for w in column.words]
        else:
            fits = [word in test.values for word in column.words]
        answered = [n + 1 for n, fit in enumerate(fits) if fit or test.known]
        some = [diagram.where(column.each[w], [1]) for w in test.values if w in column.each]
        yes = diagram.any([diagram.where(column.first, answered), *some])
        unknown = self.unknown(test.fact)
        no = diagram.without(diagram.other(unknown), yes)
        for implied in question.implied:
            says = diagram.both(unknown, self.holds(implied.when).yes)
            unknown = diagram.without(unknown, says)
            if test.known or implied.answer in test.values:
                yes = diagram.either(yes, says)
            else:
                no = diagram.either(no, says)
        return self._with_unknown(test, Split(yes, no), unknown)

    def _with_unknown(self, test: Test, split: Split, unknown: Set) -> Split:
        """A split with the patients in whom the fact is unknown, whom a test may ask for."""
        if test.unknown:
            return Split(self.diagram.either(split.yes, unknown), split.no)
        if test.known:
            return Split(split.yes, self.diagram.either(split.no, unknown))
        return split

    def _rules(self, test: Test, fact: Derived) -> Split:
        diagram = self.diagram
        may: dict[str, Set] = {}
        left = ALL
        for rule in fact.rules:
            when = self.holds(rule.when)
            here = diagram.without(left, when.no)
            may[rule.value] = diagram.either(may.get(rule.value, NONE), here)
            left = diagram.without(left, when.yes)
        inside = {value for value in may if test.known or value in test.values}
        yes = diagram.other(diagram.any(s for v, s in may.items() if v not in inside))
        no = diagram.other(diagram.any(s for v, s in may.items() if v in inside))
        if not (test.known or test.unknown):
            return Split(yes, no)
        several = one = NONE
        for each in may.values():
            several = diagram.either(several, diagram.both(one, each))
            one = diagram.either(one, each)
        known = Split(diagram.without(yes, several), diagram.without(no, several))
        return self._with_unknown(test, known, several)

    def _counts(self, test: Test, fact: Derived) -> Split:
        truths = [self.holds(condition) for condition in fact.counts]
        least = self._exactly([truth.yes for truth in truths])
        most = self._exactly([self.diagram.other(truth.no) for truth in truths])
        yes = no = NONE
        for low, at_least in enumerate(least):
            for high in range(low, len(most)):
                here = self.diagram.both(at_least, most[high])
                counts = map(Decimal, range(low, high + 1))
                fits = {any(within(n, b) for b in test.bounds) for n in counts}
                if low != high and (test.unknown or test.known):
                    fits = {test.unknown}
                if fits == {True}:
                    yes = self.diagram.either(yes, here)
                elif fits == {False}:
                    no = self.diagram.either(no, here)
        return Split(yes, no)

    def _exactly(self, sets: list[Set]) -> list[Set]:
        """The patients who are in exactly 0, 1, 2 ... of some sets."""
        found = [ALL]
        for each in sets:
            inside = [NONE, *(self.diagram.both(s, each) for s in found)]
            outside = [*(self.diagram.without(s, each) for s in found), NONE]
            found = [self.diagram.either(a, b) for a, b in zip(inside, outside, strict=True)]
        return found

    def _taken_away(self, test: Test, fact: Derived) -> Split:
        every, away = (self.columns[id] for id in fact.without)
        diagram = self.diagram
        left: dict[str, Set] = {}
        for word, variable in every.each.items():
            gone = diagram.where(away.each[word], [1]) if word in away.each else NONE
            left[word] = diagram.without(diagram.where(variable, [1]), gone)
        unknown = self.unknown(fact.without[0])
        known = diagram.other(unknown)
        yes = known if test.known else diagram.any(left[w] for w in test.values if w in left)
        if NOTHING in test.values:
            yes = diagram.either(yes, diagram.without(known, diagram.any(left.values())))
        return self._with_unknown(test, Split(yes, diagram.without(known, yes)), unknown)
