"""Whether days can be worked out of what is watched, and the kinds of things that fall due."""

import re
from collections.abc import Iterator

from dmadvisor.lint.rules import FILE_CODES, rule
from dmadvisor.lint.scope import Finding, Scope, quoted
from dmadvisor.model import Monitoring
from dmadvisor.yamltext import KEY

NEEDED = ("review", "check", "expiry", "watch")
"""Kinds that a schedule has of its own, whatever the content names."""

RHYTHM = re.compile(
    r"(then )?(every ([0-9]+ (to [0-9]+ )?)?(week|month|year)s?|weekly|monthly|yearly)\b"
)

Wrong = tuple[str, str, str]
"""The key that is wrong, what is wrong with it, and what to do."""


@rule("monitoring-shape", after=("unknown-question",))
def monitoring_shape(scope: Scope) -> Iterator[Finding]:
    """Something watched of which nobody can tell when.

    It says when: in 'weeks', 'first' and 'repeat', from which days are worked out, or in words
    under 'at' where there are none. A rhythm ends with 'for' or 'until', or is the last; answers
    that show its end ('ends-when') stand beside the words ('until'). 'since' names a number of
    weeks or months, and 'at' then says what is counted.

    Wrong:  {what: Blood count, at: monthly}
    Right:  {what: Blood count, repeat: {every: 1 month}}
    """
    for entry, item, path in scope.records(Monitoring):
        if scope.broken(entry, path):
            continue
        for key, message, help in (*_when(item), *_rhythms(item), *_since(scope, item)):
            written = scope.raw(entry.file, (*path, key)) is not None
            yield Finding(entry.file, (*path, key, KEY) if written else path, message, help)


def _when(item: Monitoring) -> Iterator[Wrong]:
    if not (item.at or item.has_days):
        yield "what", "nothing says when this is watched", "add 'weeks', 'first', 'repeat' or 'at'"
    if item.at and not item.repeat and RHYTHM.match(item.at):
        yield "at", "a rhythm stands here in words", "write it as 'repeat: {every: ...}'"


def _rhythms(item: Monitoring) -> Iterator[Wrong]:
    for number, rhythm in enumerate(item.repeat, 1):
        if number < len(item.repeat) and not (rhythm.lasts or rhythm.until):
            yield "repeat", "a rhythm before the last has no end", "add 'for' or 'until' to it"
        if rhythm.ends_when and not rhythm.until:
            yield "repeat", "'ends-when' stands without 'until'", "say in words what ends it"


def _since(scope: Scope, item: Monitoring) -> Iterator[Wrong]:
    if item.since is None:
        return
    question = scope.library.question(item.since)
    if question.kind != "number" or question.unit not in ("weeks", "months"):
        wrong = f"{quoted(item.since)} is no number of weeks or months"
        yield "since", wrong, "name a question that counts weeks or months"
    elif not (item.at and item.first):
        yield "since", "'since' stands without 'first' and 'at'", "add what is counted, and how far"


@rule("due-kinds", whole=True, after=FILE_CODES)
def due_kinds(scope: Scope) -> Iterator[Finding]:
    """A kind of thing due that every schedule needs is not there.

    Reviews, checks, results that expire, and what is watched without a kind of its own: each has
    a window.

    Wrong:  shared/due.yaml without 'review'
    Right:  review: {title: Review, window: 2 weeks, cites: [...]}
    """
    known = scope.ids("DueId")
    missing = [kind for kind in NEEDED if kind not in known]
    if known and missing:
        entry = scope.of("DueId")[0]
        names = ", ".join(missing)
        yield Finding(entry.file, scope.named(entry), f"no kind is called {names}", "add it")
