"""Which patients satisfy a condition: the conditions of the content as sets of patients.

A question is one variable; its values are unknown, which is also "left out", and the answers that
the content can tell apart: each answer of a choice; of a number each threshold and one number for
each gap. A question with several answers has one variable for how it was answered (unknown, an
answer that stands alone, some of the others) and one for each of the others. A condition becomes
two sets: the patients in whom it is true, and those in whom it is false; in the rest it is open.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from dmadvisor.answers import UNKNOWN, Answer, read_answer, within
from dmadvisor.conditions import NOTHING
from dmadvisor.library import Library
from dmadvisor.model import Bounds, Condition, Derived, Question, Test
from tests.diagram import ALL, NONE, Diagram, Set

NEAR = Decimal("0.1")
"""How far beside a threshold a number stands for the gap, where the gap is wide enough."""


class Split(NamedTuple):
    """The patients in whom something is true, and those in whom it is false."""

    yes: Set
    no: Set


class Column(NamedTuple):
    """The variables of one question."""

    first: int
    """How it was answered: value 0 is unknown, the others are ``words``."""
    words: tuple[str, ...]
    """For ``many`` the last one is empty, and says: some of ``each``."""
    each: dict[str, int]


class Space:
    """All patients that the content can tell apart, and the sets that its conditions make."""

    def __init__(
        self, library: Library, tests: Mapping[str, Iterable[Test]], order: Iterable[str]
    ) -> None:
        self.library = library
        self.tests = tests
        self.columns: dict[str, Column] = {}
        sizes: list[int] = []
        for id in dict.fromkeys((*order, *library.ids("QuestionId"))):
            if id not in self.columns:
                self._add(self._alike(id), sizes)
        self.diagram = Diagram(sizes)
        self._tests: dict[Test, Split] = {}
        self._conditions: dict[Condition, Split] = {}
        self.everybody = self._everybody()

    # -- columns ---------------------------------------------------------------------------

    def _alike(self, id: str) -> list[str]:
        """A question and those that share its answers: their variables have to stand together."""
        question = self.library.question(id)
        shared = set(question.answers) - set(question.alone)
        others = [
            other
            for other in self.library.ids("QuestionId")
            if other != id
            and question.kind == self.library.question(other).kind == "many"
            and 2 * len(shared & set(self.library.question(other).answers)) > len(shared)
        ]
        return [id, *others]

    def _add(self, ids: list[str], sizes: list[int]) -> None:
        single: dict[str, tuple[str, ...]] = {}
        for id in ids:
            question = self.library.question(id)
            words: tuple[str, ...] = tuple(
                a for a in question.answers if a not in question.means_unknown
            )
            if question.kind == "number":
                words = tuple(f"{n:f}" for n in self._numbers(id, question))
            if question.kind == "many":
                single[id] = tuple(a for a in words if a not in question.alone)
                words = (*(a for a in words if a in question.alone), "")
            self.columns[id] = Column(len(sizes), words, {})
            sizes.append(len(words) + 1)
        for word in dict.fromkeys(word for words in single.values() for word in words):
            for id in ids:
                if word in single.get(id, ()):
                    self.columns[id].each[word] = len(sizes)
                    sizes.append(2)

    def _bounds(self, id: str) -> list[Bounds]:
        return [bounds for test in self.tests.get(id, ()) for bounds in test.bounds]

    def _numbers(self, id: str, question: Question) -> list[Decimal]:
        ends = sorted({e for b in self._bounds(id) for e in (b.low, b.high) if e is not None})
        if not ends:
            usual = question.plausible or question.possible or Bounds()
            return [((usual.low or Decimal(0)) + (usual.high or Decimal(100))) // 2]
        found = [ends[0] - NEAR]
        for end, after in zip(ends, [*ends[1:], None], strict=True):
            found += [end, end + (NEAR if after is None else min(NEAR, (after - end) / 2))]
        return [number for number in found if within(number, question.possible)]

    def _everybody(self) -> Set:
        """Who can be: some answers are at least one, and without them there is none."""
        found = ALL
        for column in sorted(self.columns.values(), reverse=True):
            if column.each:
                some = self.diagram.where(column.first, [len(column.words)])
                found = self.diagram.both(found, self._alone_or_some(some, column))
        return found

    def _alone_or_some(self, some: Set, column: Column) -> Set:
        chosen = self.diagram.any(self.diagram.where(v, [1]) for v in column.each.values())
        none = self.diagram.other(self.diagram.either(some, chosen))
        return self.diagram.either(self.diagram.both(some, chosen), none)

    def variables(self, test: Test) -> set[int]:
        """The variables of its question that a test on a question looks at."""
        column = self.columns[test.fact]
        return {column.first, *(column.each[word] for word in test.values if word in column.each)}

    # -- answers ---------------------------------------------------------------------------

    def unknown(self, id: str) -> Set:
        """The patients in whom a question has no answer of its own."""
        return self.diagram.where(self.columns[id].first, [0])

    def answered(self, id: str, answer: Answer) -> Set:
        """The patients with this answer to a question, or with a number that is like it."""
        if answer.unknown:
            return self.unknown(id)
        column = self.columns[id]
        word = answer.words[0] if answer.number is None else self._like(id, answer.number)
        if word in column.words:
            return self.diagram.where(column.first, [column.words.index(word) + 1])
        chosen = {column.each[w]: int(w in answer.words) for w in column.each}
        some = self.diagram.where(column.first, [len(column.words)])
        return self.diagram.all([some, *(self.diagram.where(v, [n]) for v, n in chosen.items())])

    def _like(self, id: str, number: Decimal) -> str:
        kind = [within(number, b) for b in self._bounds(id)]
        words = self.columns[id].words
        return next(w for w in words if [within(Decimal(w), b) for b in self._bounds(id)] == kind)

    def somebody(self, patients: Set) -> dict[int, int]:
        """One patient of a set by the variables that matter, known and few where that can be."""
        hows = {column.first for column in self.columns.values()}

        def rank(variable: int, value: int) -> int:
            return len(self.columns) if variable in hows and value == 0 else value

        return self.diagram.one(patients, rank)

    def with_values(self, values: Mapping[int, int]) -> Set:
        """The patients whose variables have these values."""
        ordered = sorted(values.items(), reverse=True)
        return self.diagram.all(self.diagram.where(variable, [v]) for variable, v in ordered)

    def patient(self, values: Mapping[int, int]) -> dict[str, Answer]:
        """The answers of a patient whose variables have these values; the others are left out."""
        found: dict[str, Answer] = {}
        for id, column in self.columns.items():
            how = values.get(column.first)
            chosen = [w for w, variable in column.each.items() if values.get(variable)]
            if how == 0:
                found[id] = UNKNOWN
            elif how or chosen:
                word = column.words[how - 1] if how else ""
                free = [w for w, variable in column.each.items() if variable not in values]
                text = word or ",".join(chosen or free[:1])
                found[id] = read_answer(id, self.library.question(id), text, confirmed=True)
        return found

    def values(self, answers: Mapping[str, Answer]) -> list[int]:
        """The variables of a patient with these answers, and no others."""
        found = [0] * len(self.diagram.sizes)
        for id, answer in answers.items():
            column = self.columns[id]
            if answer.unknown:
                continue
            word = answer.words[0] if answer.number is None else self._like(id, answer.number)
            alone = word in column.words
            found[column.first] = (column.words.index(word) if alone else len(column.words) - 1) + 1
            for chosen in () if alone else answer.words:
                found[column.each[chosen]] = 1
        return found

    # -- conditions ------------------------------------------------------------------------

    def holds(self, condition: Condition | None) -> Split:
        """The patients in whom a condition is true, and those in whom it is false."""
        if condition is None:
            return Split(ALL, NONE)
        if condition not in self._conditions:
            yes, no = NONE, ALL
            for group in condition.any_of:
                tests = [self.test(test) for test in group]
                yes = self.diagram.either(yes, self.diagram.all(t.yes for t in tests))
                no = self.diagram.both(no, self.diagram.any(t.no for t in tests))
            self._conditions[condition] = Split(yes, no)
        return self._conditions[condition]

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
