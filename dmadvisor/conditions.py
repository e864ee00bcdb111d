"""Three-valued conditions over answers, and the facts derived from answers.

True, False or None: None when an unknown answer leaves it open. A derived fact keeps the set of
values that are still possible, so it is known as soon as every possibility agrees.
"""

from collections.abc import Iterable
from decimal import Decimal

from dmadvisor.answers import Answer, Answers, within
from dmadvisor.library import Library
from dmadvisor.model import AnswerId, Bounds, Condition, Derived, FactId, Question, Test

Truth = bool | None

NOTHING = "none"
"""What is left when everything was taken away."""


class Facts:
    """The answers of one patient with what follows from them; notes which questions were used."""

    def __init__(self, library: Library, answers: Answers) -> None:
        self.library = library
        self.given = answers
        self.used: dict[str, None] = {}
        self._possible: dict[str, frozenset[str]] = {}

    def answer(self, id: str) -> Answer | None:
        """The answer to a question, given or implied by other answers; None when there is none."""
        self.used[id] = None
        given = self.given.get(id)
        if given is not None and not given.unknown:
            return given
        for implied in self.library.question(id).implied:
            if self.holds(implied.when):
                return Answer((implied.answer,))
        return given

    def is_unknown(self, id: str) -> bool:
        """Whether a question has no answer, or one that leaves every possibility open."""
        answer = self.answer(id)
        return answer is None or answer.unknown

    def names(self, id: str, word: str) -> Truth:
        """Whether the answer to a question names a word; None while it is not known."""
        return self.test(Test(FactId(id), (AnswerId(word),)))

    def holds(self, condition: Condition | None) -> Truth:
        """Whether a condition is true, false or open; no condition is true."""
        if condition is None:
            return True
        result: Truth = False
        for group in condition.any_of:
            truth = self._all(group)
            if truth:
                return True
            if truth is None:
                result = None
        return result

    def _all(self, group: tuple[Test, ...]) -> Truth:
        result: Truth = True
        for test in group:
            truth = self.test(test)
            if truth is False:
                return False
            if truth is None:
                result = None
        return result

    def test(self, test: Test) -> Truth:
        """Whether one test is true, false or open."""
        fact = self.library.fact(test.fact)
        if isinstance(fact, Question):
            truth = _match(test, self.answer(test.fact))
        elif fact.without:
            truth = _match(test, self.taken_away(fact))
        elif fact.counts:
            truth = self._test_count(test, fact)
        else:
            truth = _agree(test, self.possible(test.fact, fact))
        return not truth if test.negated and truth is not None else truth

    def possible(self, id: str, fact: Derived) -> frozenset[str]:
        """The values that a fact with rules may still have."""
        if id not in self._possible:
            found: set[str] = set()
            for rule in fact.rules:
                truth = self.holds(rule.when)
                if truth is not False:
                    found.add(rule.value)
                if truth:
                    break
            self._possible[id] = frozenset(found)
        return self._possible[id]

    def taken_away(self, fact: Derived) -> Answer | None:
        """What was chosen in the first question of a ``without`` fact and not in the second.

        Without an answer to the second question nothing is taken away.
        """
        every = self.answer(fact.without[0])
        if every is None or every.unknown:
            return every
        away = self.answer(fact.without[1])
        gone = () if away is None or away.unknown else away.words
        return Answer(tuple(word for word in every.words if word not in gone) or (NOTHING,))

    def count(self, fact: Derived) -> tuple[int, int]:
        """How many conditions of a counting fact hold: at least, and at most."""
        truths = [self.holds(condition) for condition in fact.counts]
        return truths.count(True), len(truths) - truths.count(False)

    def _test_count(self, test: Test, fact: Derived) -> Truth:
        low, high = self.count(fact)
        if low != high and (test.unknown or test.known):
            return test.unknown
        inside = [_in_any(Decimal(n), test.bounds) for n in range(low, high + 1)]
        return True if all(inside) else None if any(inside) else False

    def open_questions(self, condition: Condition) -> tuple[str, ...]:
        """The unanswered questions that leave a condition open, in the order they stand there."""
        found: dict[str, None] = {}
        for group in condition.any_of:
            if self._all(group) is None:
                for test in group:
                    if self.test(test) is None:
                        found |= dict.fromkeys(self._open_in(test))
        return tuple(found)

    def unanswered(self, condition: Condition) -> tuple[str, ...]:
        """The open questions that an ``unknown`` of a condition stands for."""
        tests = [test for group in condition.any_of for test in group if test.unknown]
        return tuple(dict.fromkeys(id for test in tests for id in self._behind(test.fact)))

    def _behind(self, id: str) -> Iterable[str]:
        """The open questions without which a question or fact stays unknown."""
        fact = self.library.fact(id)
        if isinstance(fact, Question) or fact.without:
            asked = id if isinstance(fact, Question) else fact.without[0]
            return (asked,) if self.is_unknown(asked) else ()
        # What is assumed while another answer is missing need not be asked once that one is known.
        groups = [
            group
            for condition in (*fact.counts, *(rule.when for rule in fact.rules if rule.when))
            for group in condition.any_of
            if not any(test.unknown and self.test(test) for test in group)
        ]
        return self.open_questions(Condition(tuple(groups)))

    def _open_in(self, test: Test) -> Iterable[str]:
        fact = self.library.fact(test.fact)
        if isinstance(fact, Question):
            return (test.fact,)
        if fact.without:
            return (fact.without[0],)
        conditions = [*fact.counts, *(rule.when for rule in fact.rules if rule.when)]
        inner = (self.open_questions(c) for c in conditions if self.holds(c) is None)
        return tuple(dict.fromkeys(id for ids in inner for id in ids))

    def reasons(self, condition: Condition) -> tuple[str, ...]:
        """The answered questions that make a condition true, in the order they stand there."""
        for group in condition.any_of:
            if self._all(group):
                return tuple(dict.fromkeys(id for test in group for id in self._questions(test)))
        return ()

    def reason(self, condition: Condition) -> tuple[str, str] | None:
        """The first answered question that makes a condition true, with what of its answer does."""
        questions = self.reasons(condition)
        answer = self.answer(questions[0]) if questions else None
        if answer is None:
            return None
        tests = [test for group in condition.any_of for test in group]
        named = {v for t in tests if t.fact == questions[0] and not t.negated for v in t.values}
        words = [word for word in answer.words if word in named] or list(answer.words)
        return questions[0], ",".join(words)

    def _questions(self, test: Test) -> Iterable[str]:
        fact = self.library.fact(test.fact)
        if isinstance(fact, Question):
            return (test.fact,)
        if fact.without:
            return (fact.without[0],)
        for rule in fact.rules:
            if rule.when and self.holds(rule.when):
                return self.reasons(rule.when)
        return ()


def _match(test: Test, answer: Answer | None) -> Truth:
    """A test held against one answer."""
    if answer is None or answer.unknown:
        return True if test.unknown else False if test.known else None
    if test.known or any(word in test.values for word in answer.words):
        return True
    return answer.number is not None and _in_any(answer.number, test.bounds)


def _agree(test: Test, possible: frozenset[str]) -> Truth:
    """A test held against every value that is still possible."""
    if len(possible) > 1 and (test.unknown or test.known):
        return test.unknown
    inside = [test.known or value in test.values for value in possible]
    return True if all(inside) else None if any(inside) else False


def _in_any(number: Decimal, bounds: tuple[Bounds, ...]) -> bool:
    return any(within(number, each) for each in bounds)


def condition_words(condition: Condition) -> str:
    """A condition in the words it was written in."""
    groups = [" and ".join(_test_text(test) for test in group) for group in condition.any_of]
    return "; or ".join(groups)


def _test_text(test: Test) -> str:
    ranges = [bounds_words(bounds) for bounds in test.bounds]
    words = [*test.values, *(["unknown"] * test.unknown), *(["known"] * test.known)]
    verb = "is not " if test.negated else "is " if words and not ranges else ""
    return f"{test.fact} {verb}{' or '.join((*ranges, *words))}"


def bounds_words(bounds: Bounds) -> str:
    """A range in the words it was written in."""
    low, high = bounds.low, bounds.high
    if low is not None and low == high:
        return f"exactly {number_words(low)}"
    parts = []
    if low is not None:
        parts.append(f"{'at least' if bounds.low_included else 'above'} {number_words(low)}")
    if high is not None:
        parts.append(f"{'at most' if bounds.high_included else 'below'} {number_words(high)}")
    return " and ".join(parts)


def number_words(number: Decimal) -> str:
    """A number as a nurse reads it: no trailing zeros, never an exponent."""
    return f"{number.normalize():f}"
