"""``dmadvisor lint``: check the content, and say how to mend it."""

import os
import sys
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dmadvisor.cli import screen
from dmadvisor.cli.exits import Exit
from dmadvisor.cli.options import HERE, PathwaysOption, folder_of, open_library
from dmadvisor.problems import Problem, UsageError

if TYPE_CHECKING:
    from dmadvisor.library import Library


class LintFormat(StrEnum):
    """How problems are written."""

    TEXT = "text"
    CONCISE = "concise"
    GITHUB = "github"
    JSON = "json"


def command(
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[PATH ...]",
            show_default=False,
            help="Report on these files or folders of the content only.",
        ),
    ] = None,
    explain: Annotated[
        str | None,
        typer.Option(
            "--explain", metavar="CODE", help="Explain one kind of problem; all lists them."
        ),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Let warnings fail as well.")] = False,
    format: Annotated[
        LintFormat, typer.Option("--format", "-f", help="How to write it.")
    ] = LintFormat.TEXT,
    pathways: PathwaysOption = None,
) -> None:
    """Check pathways and all that they use; exits with 1 when something is wrong.

    \b
    Examples:
      dmadvisor lint
      dmadvisor lint pathways/regimens -f concise
      dmadvisor lint --explain unknown-check
    """
    from dmadvisor.library import unknown_name
    from dmadvisor.lint import RULES, lint

    if explain == "all":
        screen.write("".join(f"{code}: {rule.summary}\n" for code, rule in RULES.items()))
        return
    if explain is not None:
        rule = RULES.get(explain)
        if rule is None:
            raise unknown_name(
                "kind of problem", explain, tuple(RULES), "dmadvisor lint --explain all"
            )
        screen.write(f"{explain} ({rule.severity}): {rule.summary}\n\n{rule.manual.strip()}\n")
        return
    library = open_library(pathways or folder_of(paths or HERE))
    files = _files(library, paths)
    problems = lint(library, today=date.today(), files=files)
    screen.write_verdict(_render(library, problems, format))
    if format is LintFormat.TEXT:
        from dmadvisor.render.problems import summary

        found = "" if pathways or paths else f"{library.root}: "
        sys.stderr.write(found + summary(problems, len(files or library.files)))
    if any(problem.severity == "error" or strict for problem in problems):
        raise typer.Exit(Exit.FOUND)


def _files(library: "Library", paths: list[str] | None) -> tuple[str, ...] | None:
    if not paths:
        return None
    root = library.root.resolve()
    found: list[str] = []
    for path in paths:
        inside = os.path.relpath(Path(path).resolve(), root)
        named = [f for f in library.files if inside in (".", f) or f.startswith(f"{inside}/")]
        if not named:
            raise UsageError(
                f"'{path}' is no file or folder of the content in {library.root}",
                "name a file or folder in it, or the content with --pathways",
            )
        found += named
    return tuple(dict.fromkeys(found))


def _from_here(library: "Library", problem: Problem) -> str:
    """The file of a problem as it is named from the current directory."""
    file = os.path.relpath(library.root / problem.file) if problem.file else ""
    return Path(file).as_posix() if file else ""


def _render(library: "Library", problems: tuple[Problem, ...], format: LintFormat) -> str:
    from dmadvisor.render import problems as render

    if format is LintFormat.CONCISE:
        return render.concise(problems)
    if format is LintFormat.GITHUB:
        return render.github([each._replace(file=_from_here(library, each)) for each in problems])
    if format is LintFormat.JSON:
        from dmadvisor.render.json import dumps

        return dumps([problem._asdict() for problem in problems])
    return render.text(problems, library.row)
