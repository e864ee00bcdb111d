"""``dmadvisor case show``: its options; the work is in ``case_showing``, loaded when it runs."""

from enum import StrEnum
from typing import Annotated

import typer

from dmadvisor.cli.options import Color, ColorOption, PathwaysOption
from dmadvisor.cli.visit import TodayOption


class CaseFormat(StrEnum):
    """How the course of a patient is written."""

    TEXT = "text"
    PLAIN = "plain"
    JSON = "json"
    SVG = "svg"


def command(
    file: Annotated[str, typer.Argument(metavar="FILE", show_default=False, help="The case file.")],
    today: TodayOption = None,
    format: Annotated[
        CaseFormat, typer.Option("--format", "-f", help="How to write it.")
    ] = CaseFormat.TEXT,
    pathways: PathwaysOption = None,
    color: ColorOption = Color.AUTO,
) -> None:
    """Show the visits, treatments and scores of a patient over time.

    \b
    Examples:
      dmadvisor case show patient.yaml
      dmadvisor case show patient.yaml -f svg > patient.svg
    """
    from dmadvisor.cli.case_showing import run

    run(file, today, format, pathways, color)
