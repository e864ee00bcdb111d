"""The patients that the content can tell apart: one variable or more for each question.

A question is one variable; its values are unknown, which is also "left out", and the answers that
the content can tell apart: each answer of a choice; of a number each threshold and one number for
each gap. A question with several answers has one variable for how it was answered (unknown, an
answer that stands alone, some of the others) and one for each of the others.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from dmadvisor.answers import Answer, read_answer, within
from dmadvisor.library import Library
from dmadvisor.model import Bounds, Question, Test
from dmadvisor.verify.formulas import Formulas, Set
from dmadvisor.verify.looks import Tests
from dmadvisor.walk import tree_of

NEAR = Decimal("0.1")
"""How far beside a threshold a number stands for the gap, where the gap is wide enough."""


class Column(NamedTuple):
    """The variables of one question."""

    first: int
    """How it was answered: value 0 is unknown, the others are ``words``."""
    words: tuple[str, ...]
    """For ``many`` the last one is empty, and says: some of ``each``."""
    each: dict[str, int]


class Columns:
    """The variables of all questions, and the patients that their values make."""

    def __init__(self, library: Library, tests: Tests) -> None:
        self.library = library
        self.tests = tests
        self.columns: dict[str, Column] = {}
        self.formulas = Formulas()
        for ids in self._order():
            self._add(ids)
        self.several = [c for c in self.columns.values() if c.each]
        """The questions that can have several answers."""
        for column in self.several:
            self._agree(column)
        self.sizes = tuple(self.formulas.sizes)
        """How many values each variable of a patient has."""

    # -- variables -------------------------------------------------------------------------

    def _order(self) -> list[tuple[str, ...]]:
        """The questions in the order of their variables; those that share answers stand together.

        In the order in which the trees ask, but for the largest group, which stands last: what was
        taken and tried is looked at from everywhere, and above other variables it would multiply
        them.
        """
        trees = (tree_of(self.library, id) for id in self.library.ids("PathwayId"))
        asked = [str(id) for tree in trees for id in tree.questions]
        ids = dict.fromkeys((*asked, *self.library.ids("QuestionId")))
        groups = dict.fromkeys(tuple(self._alike(id)) for id in ids)
        found: dict[frozenset[str], tuple[str, ...]] = {}
        for group in groups:
            found.setdefault(frozenset(group), group)
        order = list(found.values())
        largest = max(order, key=self._size, default=())
        return [*(group for group in order if group != largest), *([largest] if largest else [])]

    def _size(self, ids: tuple[str, ...]) -> int:
        if len(ids) == 1:
            return 0
        return sum(len(self.library.question(id).answers) for id in ids)

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

    def _add(self, ids: Iterable[str]) -> None:
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
            self.columns[id] = Column(self.formulas.variable(len(words) + 1), words, {})
        for word in dict.fromkeys(word for words in single.values() for word in words):
            for id in ids:
                if word in single.get(id, ()):
                    self.columns[id].each[word] = self.formulas.variable(2)

    def _agree(self, column: Column) -> None:
        """Some answers are at least one, and without them there is none."""
        some = self.formulas.where(column.first, [len(column.words)])
        each = [self.formulas.where(variable, [1]) for variable in column.each.values()]
        self.formulas.laws.append((self.formulas.other(some), *each))
        self.formulas.laws += [(some, self.formulas.other(one)) for one in each]

    def _bounds(self, id: str) -> list[Bounds]:
        return [bounds for test in self.tests.get(id, ()) for bounds in test.bounds]

    def _numbers(self, id: str, question: Question) -> list[Decimal]:
        """A number for each way in which the content's thresholds can lie around it.

        A threshold stands for itself, and for what lies beside it where nothing tells them apart.
        """
        ends = sorted({e for b in self._bounds(id) for e in (b.low, b.high) if e is not None})
        if not ends:
            usual = question.plausible or question.possible or Bounds()
            return [((usual.low or Decimal(0)) + (usual.high or Decimal(100))) // 2]
        beside = [ends[0] - NEAR]
        for end, after in zip(ends, [*ends[1:], None], strict=True):
            beside.append(end + (NEAR if after is None else min(NEAR, (after - end) / 2)))
        kinds: dict[tuple[bool, ...], Decimal] = {}
        for number in (*ends, *beside):
            if within(number, question.possible):
                kinds.setdefault(self._kind(id, number), number)
        return sorted(kinds.values())

    def _kind(self, id: str, number: Decimal) -> tuple[bool, ...]:
        """In which of the ranges that the content holds against a question a number lies."""
        return tuple(within(number, bounds) for bounds in self._bounds(id))

    def variables(self, test: Test) -> set[int]:
        """The variables of its question that a test on a question looks at."""
        column = self.columns[test.fact]
        return {column.first, *(column.each[word] for word in test.values if word in column.each)}

    # -- answers ---------------------------------------------------------------------------

    def unknown(self, id: str) -> Set:
        """The patients in whom a question has no answer of its own."""
        return self.formulas.where(self.columns[id].first, [0])

    def setting(self, id: str, word: str) -> dict[int, int]:
        """The values that give a question one answer, whatever it was before."""
        column = self.columns[id]
        if word in column.words:
            return {column.first: column.words.index(word) + 1}
        return {column.first: len(column.words), column.each[word]: 1}

    def answered(self, id: str, answer: Answer) -> Set:
        """The patients with this answer to a question, or with a number that is like it."""
        if answer.unknown:
            return self.unknown(id)
        column = self.columns[id]
        word = answer.words[0] if answer.number is None else self._like(id, answer.number)
        if word in column.words:
            return self.formulas.where(column.first, [column.words.index(word) + 1])
        chosen = {column.each[w]: int(w in answer.words) for w in column.each}
        some = self.formulas.where(column.first, [len(column.words)])
        return self.formulas.all([some, *(self.formulas.where(v, [n]) for v, n in chosen.items())])

    def _like(self, id: str, number: Decimal) -> str:
        kind = self._kind(id, number)
        return next(w for w in self.columns[id].words if self._kind(id, Decimal(w)) == kind)

    def _chosen(self, values: Sequence[int], column: Column) -> list[str]:
        return [word for word, variable in column.each.items() if values[variable]]

    def with_values(self, values: Mapping[int, int]) -> Set:
        """The patients whose variables have these values."""
        return self.formulas.all(self.formulas.where(v, [value]) for v, value in values.items())

    def patient(self, values: Sequence[int]) -> dict[str, Answer]:
        """The known answers of a patient with these values."""
        found: dict[str, Answer] = {}
        for id, column in self.columns.items():
            how = values[column.first]
            if how:
                text = column.words[how - 1] or ",".join(self._chosen(values, column))
                found[id] = read_answer(id, self.library.question(id), text, confirmed=True)
        return found

    def values(self, answers: Mapping[str, Answer]) -> list[int]:
        """The variables of a patient with these answers, and no others."""
        found = [0] * len(self.sizes)
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
