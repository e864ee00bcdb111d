"""``dmadvisor case``: what can be done with a case file; each command has a module of its own."""

from importlib import import_module

import typer

COMMANDS = {"show": "case_show", "replay": "case_replay", "choose": "case_choose"}
"""Each command of the group, and the module that holds it."""


def group() -> typer.Typer:
    """The command line of the group."""
    app = typer.Typer(
        help="Show a patient's visits over time, advise them again, or record a choice.",
        rich_markup_mode=None,
        no_args_is_help=True,
    )
    app.callback()(_group)
    for name, module in COMMANDS.items():
        app.command(name)(import_module(f"dmadvisor.cli.{module}").command)
    return app


def _group() -> None:
    """A patient's file over many visits."""
