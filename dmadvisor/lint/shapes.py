"""Whether a question or a fact can be answered and worked out as written."""

import re
from collections.abc import Iterator

from dmadvisor.lint.rules import rule
from dmadvisor.lint.scope import Finding, Scope, quoted
from dmadvisor.model import Derived, Question
from dmadvisor.yamltext import KEY, Path

NOT_DONE = re.compile(
    "not-(assessed|asked|available|checked|done|examined|known|measured|recorded|scanned|screened|"
    "sure|tested|yet)"
)
UNFIT = {
    "one": ("unit", "possible", "plausible", "alone"),
    "many": ("unit", "possible", "plausible"),
    "number": ("answers", "alone", "means-unknown"),
    "date": ("unit", "possible", "plausible", "answers", "alone", "means-unknown"),
}
"""Keys that a kind of question does not have."""

RESERVED = ("unknown", "known", "otherwise")


@rule("one-answer")
def one_answer(scope: Scope) -> Iterator[Finding]:
    """A choice with fewer than two answers.

    Wrong:  answers: {yes: "Yes"}
    Right:  answers: {yes: "Yes", no: "No"}
    """
    for entry, question, path in scope.records(Question):
        if scope.broken(entry, (*path, "answers")) or scope.misspelt(entry, path):
            continue
        least = {"one": 2, "many": 1}.get(question.kind, 0)
        if len(question.answers) < least:
            where = (
                (*path, "answers", KEY)
                if scope.raw(entry.file, (*path, "answers"))
                else scope.named(entry)
            )
            yield Finding(
                entry.file,
                where,
                f"{quoted(entry.id)} is a choice with too few answers",
                "add 'answers:', two or more of them",
            )


@rule("means-unknown")
def means_unknown(scope: Scope) -> Iterator[Finding]:
    """An answer such as 'not-tested' that is not declared to mean unknown.

    Not tested is not negative. Declared under 'means-unknown', it leaves every other answer
    possible; otherwise every condition on the other answers would be false.

    Wrong:  answers: {negative: Negative, not-tested: Not tested}
    Right:  the same, and      means-unknown: [not-tested]
    """
    for entry, question, path in scope.records(Question):
        for answer in () if scope.misspelt(entry, path) else question.answers:
            if NOT_DONE.fullmatch(answer) and answer not in question.means_unknown:
                yield Finding(
                    entry.file,
                    (*path, "answers", answer, KEY),
                    f"{quoted(answer)} is not declared to mean unknown",
                    f"add {quoted(answer)} to 'means-unknown'",
                )


@rule("question-shape")
def question_shape(scope: Scope) -> Iterator[Finding]:
    """A question whose keys do not fit its kind.

    A number has a possible range, outside of which it is refused, and no answers. A choice has
    answers, and no unit or range. 'unknown', 'known' and 'otherwise' are words of their own.

    Wrong:  {kind: number, unit: kg, answers: {light: Light}}
    Right:  {kind: number, unit: kg, possible: at least 1 and at most 300}
    """
    for entry, question, path in scope.records(Question):
        numeric = question.kind == "number"
        for key in UNFIT[question.kind]:
            if scope.raw(entry.file, (*path, key)) is not None:
                yield Finding(
                    entry.file,
                    (*path, key, KEY),
                    f"'{key}' does not fit a question of the kind '{question.kind}'",
                    "delete it, or change 'kind'",
                )
        if numeric and scope.lacks(entry, path, "possible"):
            yield Finding(
                entry.file,
                scope.named(entry),
                f"{quoted(entry.id)} has no possible range",
                "add 'possible: at least ... and at most ...'",
            )
        for answer in question.answers:
            if answer in RESERVED:
                yield Finding(
                    entry.file,
                    (*path, "answers", answer, KEY),
                    f"{quoted(answer)} is no answer of its own",
                    "delete it: every question takes 'unknown' already",
                )


@rule("shared-name")
def shared_name(scope: Scope) -> Iterator[Finding]:
    """One name for two answers of a question.

    Whoever types it gets one of the two answers, and is not told which. A name that could mean both
    is the name of neither; one that is the id of an answer belongs to that answer alone. Capitals
    do not count.

    Wrong:  also-called: {full: [high, wet], dry: [low, Wet]}
    Right:  also-called: {full: [high], dry: [low]}
    """
    for entry, question, path in scope.records(Question):
        owners = {word: word for word in (*question.answers, *RESERVED)}
        for answer, names in question.also_called.items():
            for index, name in enumerate(names):
                owner = owners.setdefault(name.strip().casefold(), answer)
                if owner != answer:
                    yield Finding(
                        entry.file,
                        scope.item(entry.file, (*path, "also-called", answer), index),
                        f"{quoted(name)} is a name of {quoted(owner)} as well",
                        "delete it: what could mean both is the name of neither",
                    )


@rule("fact-shape")
def fact_shape(scope: Scope) -> Iterator[Finding]:
    """A fact that is worked out in no way, in two ways, or not for everyone.

    Exactly one of 'rules', 'counts' and 'without' is given. The last of the rules has no
    condition, so that every patient gets a value, and it is the only one without one. 'without'
    takes two questions.

    Wrong:  rules: [{value: light, when: {weight: below 40}}]
    Right:  rules: [{value: light, when: {weight: below 40}}, {value: other}]
    """
    for entry, fact, path in scope.records(Derived):
        if scope.misspelt(entry, path):
            continue
        given = [k for k in ("rules", "counts", "without") if scope.raw(entry.file, (*path, k))]
        if len(given) != 1:
            found = " and ".join(f"'{key}'" for key in given) or "none of them"
            yield Finding(
                entry.file,
                scope.named(entry),
                f"one of 'rules', 'counts' and 'without' expected, found {found}",
                "write exactly one of them",
            )
        elif not scope.broken(entry, (*path, given[0])):
            yield from _way(scope, entry.file, fact, path)


def _way(scope: Scope, file: str, fact: Derived, path: Path) -> Iterator[Finding]:
    if fact.without and len(fact.without) != 2:
        yield Finding(
            file,
            (*path, "without"),
            "'without' takes two questions",
            "write [what was chosen, what is taken away from it]",
        )
    for index, each in enumerate(fact.rules):
        last = index == len(fact.rules) - 1
        where = scope.item(file, (*path, "rules"), index)
        if last and each.when is not None:
            yield Finding(
                file,
                where,
                "the last rule has a condition",
                "add a last rule '- {value: ...}' without one",
            )
        if not last and each.when is None:
            yield Finding(
                file,
                where,
                "a rule without a condition stands before others",
                "put the rule without a condition last",
            )
    produced = {each.value for each in fact.rules}
    for value in fact.values if fact.rules else ():
        if value not in produced and all(each.value in fact.values for each in fact.rules):
            yield Finding(
                file,
                (*path, "values", value, KEY),
                f"no rule gives {quoted(value)}",
                "add a rule for it, or delete it",
            )
