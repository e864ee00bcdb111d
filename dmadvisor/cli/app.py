"""The command line as a whole: which commands there are, and the way in."""

import os
import sys
from collections.abc import Iterable
from importlib import import_module
from typing import Annotated

import typer

from dmadvisor import __version__
from dmadvisor.cli import complete
from dmadvisor.cli.exits import guarded, leave
from dmadvisor.cli.options import open_library

COMMANDS = {
    "advise": "advise",
    "case": "case",
    "schedule": "schedule",
    "list": "listing",
    "show": "show",
    "graph": "graph",
    "find": "find",
    "lint": "lint",
    "verify": "verify",
}
"""Each command, and the module that holds it."""
GROUPS = ("case",)
"""Commands that have commands of their own."""


def command_line(names: Iterable[str]) -> typer.Typer:
    """The command line with some of its commands."""
    app = typer.Typer(
        name="dmadvisor",
        help="Walk treatment pathways: the step, the doses, the checks, the sources.",
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        no_args_is_help=True,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_common)
    for name in names:
        module = import_module(f"dmadvisor.cli.{COMMANDS[name]}")
        if name in GROUPS:
            app.add_typer(module.group(), name=name)
        else:
            app.command(name)(module.command)
    return app


def _version(value: bool) -> None:
    if value:
        content = open_library(None).content()
        sys.stdout.write(f"dmadvisor {__version__}, content {content.version}\n")
        raise typer.Exit


def _common(
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=_version,
            is_eager=True,
            help="Show the version of program and content.",
        ),
    ] = False,
) -> None:
    pass


def needed(words: list[str]) -> Iterable[str]:
    """The commands that a run needs: all for help, a slip or completion, else the one it names.

    Every command costs its share of a start, and so would those that come later.
    """
    completing = "_DMADVISOR_COMPLETE" in os.environ
    return COMMANDS if completing or words[:1] == [] or words[0] not in COMMANDS else words[:1]


def main() -> None:
    """Run the command line and leave with its code."""
    complete.mend_bash_words()
    leave(guarded(command_line(needed(sys.argv[1:]))))
