"""``dmadvisor graph``: its options; the work is in ``graphing``, loaded when it runs."""

from enum import StrEnum
from typing import Annotated

import typer

from dmadvisor.cli.options import Color, ColorOption, Missing, PathwaysOption
from dmadvisor.cli.visit import AnswerOption, AnswersOption, ConfirmOption, PathwayArgument


class GraphFormat(StrEnum):
    """How the picture is written."""

    TEXT = "text"
    MERMAID = "mermaid"
    DOT = "dot"
    SVG = "svg"


def command(
    pathway: PathwayArgument = None,
    answer: AnswerOption = None,
    answers: AnswersOption = None,
    confirm: ConfirmOption = None,
    missing: Annotated[
        Missing | None,
        typer.Option(
            "--missing",
            show_default=False,
            help="Open questions: stop there (the default), unknown.",
        ),
    ] = None,
    format: Annotated[
        GraphFormat, typer.Option("--format", "-f", help="How to draw it.")
    ] = GraphFormat.TEXT,
    pathways: PathwaysOption = None,
    color: ColorOption = Color.AUTO,
) -> None:
    """Draw the decision tree of a pathway.

    With answers, the way of that patient is marked in it, also into the pathway it hands over to.

    \b
    Examples:
      dmadvisor graph classic
      dmadvisor graph classic -f svg > classic.svg
      dmadvisor graph rash-only -a weakness=yes --missing unknown
    """
    from dmadvisor.cli.graphing import Request, run

    run(
        Request(
            pathway=pathway,
            answers=tuple(answer or ()),
            file=answers,
            confirmed=frozenset(confirm or ()),
            missing=missing,
            format=format,
            pathways=pathways,
            color=color,
        )
    )
