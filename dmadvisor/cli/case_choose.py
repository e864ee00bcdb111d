"""``dmadvisor case choose``: what was chosen instead of what was recommended."""

from typing import Annotated

import typer

from dmadvisor.cli.options import Color, ColorOption, PathwaysOption, open_library


def command(
    file: Annotated[str, typer.Argument(metavar="FILE", show_default=False, help="A case file.")],
    regimen: Annotated[
        str,
        typer.Argument(metavar="REGIMEN[:ACTION]", show_default=False, help="What was chosen."),
    ],
    reason: Annotated[
        str | None, typer.Option("--reason", metavar="TEXT", help="Why; needed.")
    ] = None,
    pathways: PathwaysOption = None,
    color: ColorOption = Color.AUTO,
) -> None:
    """Record what was chosen at the last visit instead.

    \b
    Examples:
      dmadvisor case choose skin-7.yaml REGIMEN --reason "wish of the patient"
    """
    from dmadvisor.cli.choosing import record

    record(open_library(pathways), file, regimen, reason, color)
