"""``dmadvisor advise``: its options; the work is in ``advising``, loaded only when it runs."""

from typing import Annotated

import typer

from dmadvisor.cli.options import Color, ColorOption, Format, Missing, PathwaysOption
from dmadvisor.cli.visit import (
    AnswerOption,
    AnswersOption,
    ConfirmOption,
    DoneOption,
    PathwayArgument,
    TodayOption,
)


def command(
    pathway: PathwayArgument = None,
    answer: AnswerOption = None,
    answers: AnswersOption = None,
    done: DoneOption = None,
    confirm: ConfirmOption = None,
    missing: Annotated[
        Missing | None,
        typer.Option(
            "--missing",
            show_default=False,
            help="Open questions: ask (the default in a terminal), stop, unknown.",
        ),
    ] = None,
    today: TodayOption = None,
    format: Annotated[
        Format, typer.Option("--format", "-f", help="How to write it.")
    ] = Format.TEXT,
    pathways: PathwaysOption = None,
    color: ColorOption = Color.AUTO,
) -> None:
    """Walk PATHWAY and print the advice.

    Asks what the options leave open; the advice goes to standard output, all else to standard
    error, so 'dmadvisor advise rash-only > note.txt' works while you answer.

    \b
    Examples:
      dmadvisor advise rash-only
      dmadvisor advise rash-only -a weakness=no -a age=45 --missing unknown -f plain
      dmadvisor advise amyopathic --answers patient.yaml -f json
    """
    from dmadvisor.cli.advising import Request, run

    run(
        Request(
            pathway=pathway,
            answers=tuple(answer or ()),
            file=answers,
            done=tuple(done or ()),
            confirmed=frozenset(confirm or ()),
            missing=missing,
            today=today,
            format=format,
            pathways=pathways,
            color=color,
        )
    )
