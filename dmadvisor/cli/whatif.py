"""``dmadvisor whatif``: its options; the work is in ``explaining``, loaded only when it runs."""

from typing import Annotated

import typer

from dmadvisor.cli.options import Color, ColorOption, Format, PathwaysOption
from dmadvisor.cli.visit import (
    AcceptOption,
    AnswerOption,
    AnswersOption,
    ConfirmOption,
    DoneOption,
    MissingOption,
    PathwayArgument,
    ReasonsFormat,
    ReasonsFormatOption,
    SeenOption,
    TodayOption,
)


def command(
    pathway: PathwayArgument = None,
    answer: AnswerOption = None,
    answers: AnswersOption = None,
    done: DoneOption = None,
    confirm: ConfirmOption = None,
    missing: MissingOption = None,
    today: TodayOption = None,
    case: SeenOption = None,
    accept: AcceptOption = None,
    every: Annotated[
        bool, typer.Option("--all", help="Every change, not the nearest alone.")
    ] = False,
    format: ReasonsFormatOption = ReasonsFormat.TEXT,
    pathways: PathwaysOption = None,
    color: ColorOption = Color.AUTO,
) -> None:
    """Say which other single answers would change the advice.

    Another step, verdict, recommendation or dose, the nearest first; then the unanswered
    questions, what matters most first.

    \b
    Examples:
      dmadvisor whatif rash-only --answers patient.yaml --missing unknown
      dmadvisor whatif --case skin-7.yaml --all
    """
    options = {**locals(), "format": Format(format.value)}
    del options["every"]
    from dmadvisor.cli.advising import request_of
    from dmadvisor.cli.explaining import whatif

    whatif(request_of(options), every=every)
