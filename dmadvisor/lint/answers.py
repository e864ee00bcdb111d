"""Whether every answer that a condition or a line names is one that can be given."""

from collections.abc import Iterator

from dmadvisor.conditions import NOTHING
from dmadvisor.library import Entry
from dmadvisor.lint.rules import rule
from dmadvisor.lint.scope import Finding, Scope, quoted, use_or
from dmadvisor.model import Derived, Question, Rule, Test
from dmadvisor.problems import nearest
from dmadvisor.values import bounds_of
from dmadvisor.yamltext import KEY, Path

SPECIAL = ("known", "unknown")


@rule("unknown-answer")
def unknown_answer(scope: Scope) -> Iterator[Finding]:
    """An answer that the question or fact does not have.

    A condition on an answer that cannot be given never holds, and nobody notices. An answer that
    means unknown is written 'unknown', which covers every answer of that kind. A number is tested
    with words such as 'below 30', a choice with its answers.

    Wrong:  when: {some-test: [positiv, not-tested]}
    Right:  when: {some-test: [positive, unknown]}
    """
    for entry in scope.entries:
        for test, path in entry.notes.tests:
            yield from _test(scope, entry, test, path)
        if entry.kind == "QuestionId" and entry.record and not unsure(scope, entry):
            yield from _own_answers(scope, entry, entry.record)
    for entry, record, path in scope.records(Rule):
        fact = entry.record
        if isinstance(fact, Derived) and not (record.value in fact.values or unsure(scope, entry)):
            yield Finding(
                entry.file,
                (*path, "value"),
                f"{quoted(entry.id)} has no value {quoted(record.value)}",
                use_or(record.value, tuple(fact.values), "add it to 'values'"),
            )


def unsure(scope: Scope, entry: Entry) -> bool:
    """Whether some answers or values of a question or fact could not be read."""
    keys = ("answers", "values", "means-unknown")
    return scope.misspelt(entry, entry.path) or any(
        scope.broken(entry, (*entry.path, key)) for key in keys
    )


def _own_answers(scope: Scope, entry: Entry, question: Question) -> Iterator[Finding]:
    names = tuple(question.answers)
    for key, words in (("alone", question.alone), ("means-unknown", question.means_unknown)):
        for index, word in enumerate(words):
            if word not in names:
                path = scope.item(entry.file, (entry.id, key), index)
                yield Finding(
                    entry.file,
                    path,
                    f"{quoted(entry.id)} has no answer {quoted(word)}",
                    use_or(word, names, "add it to 'answers'"),
                )
    for word in question.also_called:
        if word not in names:
            yield Finding(
                entry.file,
                (entry.id, "also-called", word, KEY),
                f"{quoted(entry.id)} has no answer {quoted(word)}",
                use_or(word, names, "add it to 'answers'"),
            )
    for index, implied in enumerate(question.implied):
        if implied.answer not in names or implied.answer in question.means_unknown:
            path = (*scope.item(entry.file, (entry.id, "implied"), index), "answer")
            help = use_or(implied.answer, names, "add it to 'answers'")
            if implied.answer in question.means_unknown:
                help = "delete it: what follows from other answers is never unknown"
            elif question.kind in ("number", "date"):
                help = "delete it: only an answer of a choice can follow from others"
            yield Finding(
                entry.file,
                path,
                f"{quoted(entry.id)} has no answer {quoted(implied.answer)} to give",
                help,
            )


def written_words(scope: Scope, entry: Entry, path: Path) -> list[tuple[str, Path]]:
    """The words of a test as they were written, each with its path."""
    if path[-1] == KEY:
        return [(word.strip(), path) for word in str(path[-2]).split(",")]
    data = scope.raw(entry.file, path)
    if isinstance(data, list):
        return [(word, (*path, i)) for i, word in enumerate(data) if isinstance(word, str)]
    return [(data, path)] if isinstance(data, str) else []


def _test(scope: Scope, entry: Entry, test: Test, path: Path) -> Iterator[Finding]:
    named = scope.library.entry("FactId", test.fact)
    if named is None or named.record is None:
        return
    if unsure(scope, named):
        return
    record = named.record
    said = {mistake.path for mistake in entry.notes.mistakes}
    for word, place in written_words(scope, entry, path):
        found = (
            None if word in SPECIAL or place in said else _mismatch(scope, test.fact, record, word)
        )
        if found:
            yield Finding(entry.file, place, *found)


def _mismatch(
    scope: Scope, id: str, record: Question | Derived, word: str
) -> tuple[str, str] | None:
    """What is wrong with one word of a test, and how to mend it."""
    numeric = record.kind == "number" if isinstance(record, Question) else bool(record.counts)
    is_range = bounds_of(word) is not None
    if numeric:
        if is_range:
            return None
        return (
            f"{quoted(id)} is a number, and {quoted(word)} is not a range",
            "write such as 'below 30', 'at least 12' or 'exactly 2'",
        )
    if isinstance(record, Question) and record.kind == "date":
        return f"{quoted(id)} is a date, which has no answers", "write 'known' or 'unknown'"
    if isinstance(record, Question) and word in record.means_unknown:
        return (
            f"{quoted(word)} means that {quoted(id)} is unknown",
            f"write 'unknown', which covers {quoted(word)}",
        )
    names = _names(scope, record)
    if word in names or not names:
        return None
    what = "answer" if isinstance(record, Question) else "value"
    plain = [n for n in names if not (isinstance(record, Question) and n in record.means_unknown)]
    offered = f"use one of: {', '.join([*plain, 'unknown'])}"
    if is_range:
        return (
            f"{quoted(id)} is not a number, and {quoted(word)} is a range",
            offered,
        )
    close = nearest(word, plain)
    return (
        f"{quoted(id)} has no {what} {quoted(word)}",
        f"use '{close}'" if close else offered,
    )


def _names(scope: Scope, record: Question | Derived) -> tuple[str, ...]:
    if isinstance(record, Question):
        return tuple(record.answers)
    if not record.without:
        return tuple(record.values)
    first = scope.library.entry("QuestionId", record.without[0])
    if first is None or first.record is None or unsure(scope, first):
        return ()
    return tuple(dict.fromkeys((*first.record.answers, NOTHING)))
