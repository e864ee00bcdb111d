"""Whether the lines under a question of a tree take every answer, and each answer once."""

from collections.abc import Iterator
from typing import NamedTuple

from dmadvisor.library import Entry
from dmadvisor.lint.answers import unsure, written_words
from dmadvisor.lint.ranges import ANY, in_words, left_out, meet
from dmadvisor.lint.rules import rule
from dmadvisor.lint.scope import Finding, Scope, Spot, quoted
from dmadvisor.model import Bounds, Question, Test
from dmadvisor.yamltext import KEY, Path


class Line(NamedTuple):
    """One line under a question: its test, where it stands, whether it leaves the pathway."""

    test: Test | None
    path: Path
    hands_over: bool


class Lines(NamedTuple):
    """A question in a pathway or part, with its lines in order."""

    entry: Entry
    spot: Spot
    question: Question
    lines: tuple[Line, ...]


def _questions(scope: Scope) -> Iterator[Lines]:
    """The questions of the trees whose every line could be read and names real answers."""
    for entry, spot in scope.branch_lists("questions"):
        named = scope.library.entry("QuestionId", spot.id)
        if named is None or named.record is None or not spot.lines or unsure(scope, named):
            continue
        lines = tuple(
            Line(branch.when.any_of[0][0] if branch.when else None, path, bool(branch.to.pathway))
            for branch, path in spot.lines
        )
        if _all_real(scope, entry, named.record, lines):
            yield Lines(entry, spot, named.record, lines)


def _all_real(scope: Scope, entry: Entry, question: Question, lines: tuple[Line, ...]) -> bool:
    words = [
        word
        for line in lines
        if line.test
        for word, _ in written_words(scope, entry, (*line.path, KEY))
    ]
    plain = [word for word in words if word not in ("known", "unknown")]
    if question.kind in ("number", "date"):
        return not any(line.test.values for line in lines if line.test)
    return all(word in question.answers and word not in question.means_unknown for word in plain)


@rule("gap")
def gap(scope: Scope) -> Iterator[Finding]:
    """An answer that no line of a question takes.

    A patient with that answer would end the program instead of reaching a step. Numbers count as
    well: 'below 6' and 'above 6' leave out exactly 6.

    Wrong:  weight: {below 40: too-light, above 40: go-on, unknown: weigh-first}
    Right:  weight: {below 40: too-light, at least 40: go-on, unknown: weigh-first}
    """
    for found in _questions(scope):
        missing = _missing(found.question, found.lines)
        if missing:
            words = ", ".join(quoted(word) for word in missing)
            line = f"'{missing[0]}: ...'"
            other = "" if found.question.kind == "number" else ", or 'otherwise: ...'"
            yield Finding(
                found.entry.file,
                found.spot.path,
                f"{quoted(found.spot.id)} has no line for {words}",
                f"add {line} with where it leads{other}",
            )


def _missing(question: Question, lines: tuple[Line, ...]) -> tuple[str, ...]:
    tests = [line.test for line in lines if line.test]
    if len(tests) < len(lines) or any(test.known for test in tests):
        return ()
    if question.kind == "number":
        given = [bounds for test in tests for bounds in test.bounds]
        domain = question.possible or ANY
        return tuple(in_words(each, domain) for each in left_out(given, domain))
    if question.kind == "date":
        return ("otherwise",)
    taken = {value for test in tests for value in test.values} | set(question.means_unknown)
    return tuple(answer for answer in question.answers if answer not in taken)


@rule("no-unknown-answer")
def no_unknown_answer(scope: Scope) -> Iterator[Finding]:
    """A question of a tree that does not say where unknown leads.

    Unknown is an answer of its own, never no. It leads to the branch that the worst answer would
    allow, or to how to find out.

    Wrong:  some-sign: {yes: examine, no: go-on}
    Right:  some-sign: {yes: examine, no: go-on, unknown: examine-first}
    """
    for found in _questions(scope):
        if found.question.no_unknown:
            continue
        if not any(line.test and line.test.unknown for line in found.lines):
            yield Finding(
                found.entry.file,
                found.spot.path,
                f"{quoted(found.spot.id)} does not say where unknown leads",
                "add 'unknown: ...': to what the worst answer would allow, or to how to find out",
            )


@rule("overlap")
def overlap(scope: Scope) -> Iterator[Finding]:
    """A line for answers that an earlier line already takes.

    The first line that fits counts, so the later one is never used for them, whatever it says. A
    line that hands over takes nothing for good: a pathway that was left is not entered again.

    Wrong:  weight: {below 50: light, at least 40: heavy, unknown: weigh-first}
    Right:  weight: {below 40: light, at least 40: heavy, unknown: weigh-first}
    """
    for found in _questions(scope):
        taken = _Taken(found.question)
        for line in found.lines:
            words = taken.again(line)
            if words:
                yield Finding(
                    found.entry.file,
                    (*line.path, KEY),
                    f"{', '.join(words)} of {quoted(found.spot.id)} is taken by an earlier line",
                    "let each answer stand in one line, 'otherwise' after all of them",
                )
            if not line.hands_over:
                taken.take(line.test)


class _Taken:
    """What the lines so far take for good."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self.values: set[str] = set()
        self.bounds: list[Bounds] = []
        self.known = False
        self.unknown = False

    def take(self, test: Test | None) -> None:
        if test is None:
            self.known = True
            return
        self.values |= set(test.values)
        self.bounds += test.bounds
        self.known |= test.known
        self.unknown |= test.unknown

    def again(self, line: Line) -> list[str]:
        test = line.test
        if test is None or test.known:
            return ["every answer"] if self.everything() else []
        found = [quoted("unknown")] if test.unknown and self.unknown else []
        many = self.question.kind == "many"
        found += [quoted(v) for v in test.values if self.known or (v in self.values and not many)]
        found += [
            quoted(in_words(new))
            for new in test.bounds
            if self.known or any(meet(new, old) for old in self.bounds)
        ]
        return found

    def everything(self) -> bool:
        if self.known:
            return True
        if self.question.kind == "number":
            return not left_out(self.bounds, self.question.possible or ANY)
        if self.question.kind != "one":
            return False
        return {*self.values, *self.question.means_unknown} >= set(self.question.answers)
