"""Whether what a question proposes from earlier visits fits it, and is an answer of it."""

from collections.abc import Iterator

from dmadvisor.lint.rules import rule
from dmadvisor.lint.scope import Finding, Scope, quoted, use_or
from dmadvisor.model import Proposed, Question
from dmadvisor.yamltext import Path

WAYS = ("way", "weeks-on", "rules")
TIMES = ("days", "weeks", "months", "years")


@rule("proposal-shape")
def proposal_shape(scope: Scope) -> Iterator[Finding]:
    """A proposal from earlier visits that does not fit its question.

    Exactly one of a way ('same', 'ever-named', 'taken', 'grows'), 'weeks-on' and 'rules' is given.
    What was taken or named goes with a question of the kind 'many'; what grows is a number of days,
    weeks, months or years; weeks on a regimen are a number of weeks. An answer that holds longer
    than a visit is carried over, not proposed.

    Wrong:  {kind: one, proposed: taken}
    Right:  {kind: many, proposed: taken}
    """
    for entry, question, path in scope.records(Question):
        how = question.proposed
        if how is None or scope.misspelt(entry, path):
            continue
        where = (*path, "proposed")
        raw = scope.raw(entry.file, where)
        given = ["way"] if isinstance(raw, str) else [key for key in WAYS if key in (raw or {})]
        if len(given) != 1:
            found = " and ".join(f"'{key}'" for key in given) or "none of them"
            yield Finding(
                entry.file,
                where,
                f"one of 'way', 'weeks-on' and 'rules' expected, found {found}",
                "write exactly one of them",
            )
        elif question.holds != "each visit":
            yield Finding(
                entry.file,
                where,
                f"the answer to {quoted(entry.id)} is carried over, and proposed as well",
                "delete 'proposed', or write 'holds: each visit'",
            )
        elif unfit := _unfit(question, how):
            yield Finding(entry.file, where, *unfit)
        else:
            yield from _answers(scope, entry.file, entry.id, question, where)


def _unfit(question: Question, how: Proposed) -> tuple[str, str] | None:
    """Why the kind of the question does not go with the way, and what to do."""
    kind = question.kind
    if how.way in ("taken", "ever-named") and kind != "many":
        return f"{quoted(how.way)} goes with the kind 'many', not with '{kind}'", "use 'same'"
    if how.way == "grows" and (kind != "number" or question.unit not in TIMES):
        return "only a number of days, weeks, months or years grows", "use 'same'"
    if how.weeks_on and (kind != "number" or question.unit != "weeks"):
        return "'weeks-on' gives a number of weeks", "use it with the unit 'weeks' alone"
    if how.rules and kind not in ("one", "many"):
        return "a rule proposes an answer of a choice", "use 'same' or 'grows'"
    return None


def _answers(
    scope: Scope, file: str, id: str, question: Question, where: Path
) -> Iterator[Finding]:
    """The rules whose answer the question does not have, or which propose not to know."""
    names = tuple(name for name in question.answers if name not in question.means_unknown)
    for index, each in enumerate(question.proposed.rules if question.proposed else ()):
        if each.answer not in names:
            path = (*scope.item(file, (*where, "rules"), index), "answer")
            message = f"{quoted(id)} has no answer {quoted(each.answer)} to propose"
            yield Finding(file, path, message, use_or(each.answer, names, "use another answer"))
