"""Which patients satisfy a condition: the conditions of the content as sets of patients.

A condition becomes two sets: the patients in whom it is true, and those in whom it is false; in the
rest it is open.
"""

from collections.abc import Iterable
from copy import copy
from decimal import Decimal
from itertools import combinations, groupby
from typing import NamedTuple

from dmadvisor.answers import within
from dmadvisor.conditions import NOTHING
from dmadvisor.library import Library
from dmadvisor.model import Condition, Derived, Question, Test
from dmadvisor.verify.columns import Columns
from dmadvisor.verify.formulas import ALL, NONE, Set
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
        self._facts: dict[int, tuple[Derived, dict[str, Set]]] = {}
        self._conditions: dict[int, tuple[Condition, Split]] = {}

    def within(self, library: Library, *, same_facts: bool) -> "Space":
        """The same patients, and the sets that the conditions of changed content make of them.

        ``same_facts`` says that the change is in no question and no fact.
        """
        other = copy(self)
        other.library = library
        if not same_facts:
            other._tests, other._facts, other._conditions = {}, {}, {}
        return other

    def holds(self, condition: Condition | None) -> Split:
        """The patients in whom a condition is true, and those in whom it is false."""
        if condition is None:
            return Split(ALL, NONE)
        known = self._conditions.get(id(condition))
        if known is None:
            groups = [[self.test(test) for test in group] for group in condition.any_of]
            yes = self.formulas.any([self.formulas.all(t.yes for t in each) for each in groups])
            no = self.formulas.all([self.formulas.any(t.no for t in each) for each in groups])
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
        column, formulas = self.columns[test.fact], self.formulas
        if question.kind == "number":
            fits = [any(within(Decimal(w), b) for b in test.bounds) for w in column.words]
        else:
            fits = [word in test.values for word in column.words]
        answered = [n + 1 for n, fit in enumerate(fits) if fit or test.known]
        some = [formulas.where(column.each[w], [1]) for w in test.values if w in column.each]
        yes = formulas.any([formulas.where(column.first, answered), *some])
        unknown = self.unknown(test.fact)
        no = formulas.without(formulas.other(unknown), yes)
        for implied in question.implied:
            says = formulas.both(unknown, self.holds(implied.when).yes)
            unknown = formulas.without(unknown, says)
            if test.known or implied.answer in test.values:
                yes = formulas.either(yes, says)
            else:
                no = formulas.either(no, says)
        return self._with_unknown(test, Split(yes, no), unknown)

    def _with_unknown(self, test: Test, split: Split, unknown: Set) -> Split:
        """A split with the patients in whom the fact is unknown, whom a test may ask for."""
        if test.unknown:
            return Split(self.formulas.either(split.yes, unknown), split.no)
        if test.known:
            return Split(split.yes, self.formulas.either(split.no, unknown))
        return split

    def _rules(self, test: Test, fact: Derived) -> Split:
        formulas = self.formulas
        may = self._may_be(fact)
        inside = {value for value in may if test.known or value in test.values}
        # It always has one of its values, which the sets by themselves do not show.
        yes = no = NONE
        if inside:
            yes = formulas.all(formulas.other(s) for v, s in may.items() if v not in inside)
        if len(inside) < len(may):
            no = formulas.all(formulas.other(may[value]) for value in inside)
        if not (test.known or test.unknown):
            return Split(yes, no)
        several = formulas.any(formulas.both(a, b) for a, b in combinations(may.values(), 2))
        known = Split(formulas.without(yes, several), formulas.without(no, several))
        return self._with_unknown(test, known, several)

    def _may_be(self, fact: Derived) -> dict[str, Set]:
        """For each value of a fact the patients in whom it may have it."""
        if id(fact) not in self._facts:
            formulas, left = self.formulas, ALL
            found: dict[str, Set] = {}
            for rule in fact.rules:
                when = self.holds(rule.when)
                here = formulas.without(left, when.no)
                found[rule.value] = formulas.either(found.get(rule.value, NONE), here)
                left = formulas.without(left, when.yes)
            self._facts[id(fact)] = fact, found
        return self._facts[id(fact)][1]

    def _counts(self, test: Test, fact: Derived) -> Split:
        """How many conditions hold lies between those that are true and those not false."""
        formulas = self.formulas
        truths = [self.holds(condition) for condition in fact.counts]
        low = formulas.at_least(truth.yes for truth in truths)
        high = formulas.at_least(formulas.other(truth.no) for truth in truths)
        numbers = range(len(truths) + 1)
        fits = [any(within(Decimal(n), b) for b in test.bounds) for n in numbers]
        between: dict[bool, list[Set]] = {True: [], False: []}
        for fit, run in groupby(numbers, fits.__getitem__):
            first, *_, last = [*run] * 2
            between[fit].append(formulas.without(low[first], high[last + 1]))
        split = Split(formulas.any(between[True]), formulas.any(between[False]))
        if not (test.known or test.unknown):
            return split
        open_ = formulas.any(formulas.without(high[n], low[n]) for n in numbers)
        known = Split(formulas.without(split.yes, open_), formulas.without(split.no, open_))
        return self._with_unknown(test, known, open_)

    def _taken_away(self, test: Test, fact: Derived) -> Split:
        every, away = (self.columns[id] for id in fact.without)
        formulas = self.formulas
        left: dict[str, Set] = {}
        for word, variable in every.each.items():
            gone = formulas.where(away.each[word], [1]) if word in away.each else NONE
            left[word] = formulas.without(formulas.where(variable, [1]), gone)
        unknown = self.unknown(fact.without[0])
        known = formulas.other(unknown)
        yes = known if test.known else formulas.any(left[w] for w in test.values if w in left)
        if NOTHING in test.values:
            yes = formulas.either(yes, formulas.without(known, formulas.any(left.values())))
        return self._with_unknown(test, Split(yes, formulas.without(known, yes)), unknown)
