"""The register of lint rules: what a rule is called, what it says of itself, when it runs."""

from collections.abc import Callable, Iterator
from textwrap import dedent
from typing import Literal, NamedTuple

from dmadvisor.lint.scope import Finding, Scope
from dmadvisor.notes import Mistake
from dmadvisor.problems import Problem

Severity = Literal["error", "warning"]
Run = Callable[[Scope], Iterator[Finding]]

FILE_CODES = (
    "yaml",
    "empty",
    "type",
    "unknown-key",
    "missing-key",
    "duplicate-key",
    "alias",
    "id-style",
)
"""What keeps a file, or a part of it, from being read."""


class Rule(NamedTuple):
    """One code: what it means, why it matters, and what is wrong and right."""

    code: str
    severity: Severity
    summary: str
    manual: str


class _Registered(NamedTuple):
    rule: Rule
    run: Run
    whole: bool
    after: frozenset[str]


RULES: dict[str, Rule] = {}
"""Every code that lint can report."""

_REGISTERED: list[_Registered] = []


def describe(code: str, text: str, severity: Severity = "error") -> Rule:
    """Enter a code whose first line of ``text`` is its summary and the rest its manual."""
    summary, _, body = text.strip().partition("\n")
    RULES[code] = Rule(code, severity, summary.rstrip("."), dedent(body).strip())
    return RULES[code]


def rule(
    code: str,
    text: str | None = None,
    *,
    severity: Severity = "error",
    whole: bool = False,
    after: tuple[str, ...] = (),
) -> Callable[[Run], Run]:
    """Register a function as the rule ``code``; its docstring, or ``text``, is the manual.

    A ``whole`` rule needs all content; a rule waits while a code in ``after`` was found.
    """

    def register(run: Run) -> Run:
        entered = describe(code, text or run.__doc__ or "", severity)
        _REGISTERED.append(_Registered(entered, run, whole, frozenset(after)))
        return run

    return register


def run_rules(scope: Scope, found: list[Problem]) -> list[Problem]:
    """The problems of every rule that applies to a scope, after those ``found`` in its files."""
    problems = list(found)
    codes = {problem.code for problem in problems}
    for each in sorted(_REGISTERED, key=lambda each: bool(each.after)):
        if (each.whole and not scope.whole) or codes & each.after:
            continue
        warning = each.rule.severity == "warning"
        if warning and not scope.whole:
            continue
        seen = set()
        for file, path, message, help in each.run(scope):
            if (file, path) not in seen:
                seen.add((file, path))
                mistake = Mistake(path, each.rule.code, message, help)
                problems.append(scope.library.problem(file, mistake, warning=warning))
                codes.add(each.rule.code)
    return problems
