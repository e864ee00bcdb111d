"""The command line as a whole: which commands there are, and the way in."""

import sys
from typing import Annotated

import typer

from dmadvisor import __version__
from dmadvisor.cli import advise, complete, lint, listing, show, verify
from dmadvisor.cli.exits import guarded, leave
from dmadvisor.cli.options import open_library

app = typer.Typer(
    name="dmadvisor",
    help="Walk treatment pathways: the step, the doses, the checks, the sources.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("advise")(advise.command)
app.command("list")(listing.command)
app.command("show")(show.command)
app.command("lint")(lint.command)
app.command("verify")(verify.command)


def _version(value: bool) -> None:
    if value:
        content = open_library(None).content()
        sys.stdout.write(f"dmadvisor {__version__}, content {content.version}\n")
        raise typer.Exit


@app.callback()
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


def main() -> None:
    """Run the command line and leave with its code."""
    complete.mend_bash_words()
    leave(guarded(app))
