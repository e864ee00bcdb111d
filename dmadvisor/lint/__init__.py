"""Rules about content: one function a rule, one module a family of rules."""

from collections.abc import Iterable
from datetime import date

from dmadvisor.library import Library
from dmadvisor.lint import answers as _answers
from dmadvisor.lint import due as _due
from dmadvisor.lint import lines as _lines
from dmadvisor.lint import links as _links
from dmadvisor.lint import offers as _offers
from dmadvisor.lint import patients as _patients
from dmadvisor.lint import proposals as _proposals
from dmadvisor.lint import reference as _reference
from dmadvisor.lint import shapes as _shapes
from dmadvisor.lint import sources as _sources
from dmadvisor.lint import trees as _trees
from dmadvisor.lint import unused as _unused
from dmadvisor.lint import wording as _wording
from dmadvisor.lint.files import file_problems
from dmadvisor.lint.rules import RULES, Rule, run_rules
from dmadvisor.lint.scope import Scope, all_entries, files_behind, reachable_entries
from dmadvisor.problems import PathwayError, Problem
from dmadvisor.store import CONTENT

__all__ = ["RULES", "Rule", "check", "lint"]

FAMILIES = (
    _answers,
    _due,
    _lines,
    _links,
    _offers,
    _patients,
    _proposals,
    _reference,
    _shapes,
    _sources,
    _trees,
    _unused,
    _wording,
)
"""The modules whose rules are registered when they are imported."""


def lint(
    library: Library, *, today: date, files: tuple[str, ...] | None = None
) -> tuple[Problem, ...]:
    """Every problem of all content, or of the named files only, by file, line and column."""
    library = library.uncompiled()
    unread = _unread(library, library.files)
    if unread:
        return unread
    entries = all_entries(library)
    scope = Scope(library, entries, today=today, whole=True)
    found = run_rules(scope, file_problems(library, entries, library.files))
    return _sorted(problem for problem in found if files is None or problem.file in files)


def check(library: Library, pathway: str) -> tuple[Problem, ...]:
    """The errors in what a run of one pathway can come to, and in nothing else."""
    library = library.uncompiled()
    if library.entry("PathwayId", pathway) is None:
        return (
            Problem(
                f"{pathway}.yaml",
                1,
                1,
                1,
                "unknown-pathway",
                f"no pathway is called '{pathway}'",
                "run 'dmadvisor list'",
            ),
        )
    try:
        entries = reachable_entries(library, pathway)
        needed = files_behind(library, entries)
    except PathwayError as error:
        return error.problems
    unread = _unread(library, needed)
    if unread:
        return unread
    scope = Scope(library, entries, today=None, whole=False)
    found = run_rules(scope, file_problems(library, entries, needed))
    return _sorted(problem for problem in found if problem.severity == "error")


def _unread(library: Library, files: tuple[str, ...]) -> tuple[Problem, ...]:
    """The files that the system does not let us read; nothing else is said while there are any."""
    problems: list[Problem] = []
    for file in (*files, *((CONTENT,) if CONTENT in library.files else ())):
        try:
            library.yaml_file(file)
        except PathwayError as error:
            problems += error.problems
    return _sorted(problems)


def _sorted(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(dict.fromkeys(problems), key=lambda p: (p.file, p.line, p.column, p.code)))
