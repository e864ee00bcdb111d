"""``dmadvisor advise``: its options; the work is in ``advising``, loaded only when it runs."""

from typing import Annotated

import typer

from dmadvisor.cli.options import Color, ColorOption, Format, PathwaysOption
from dmadvisor.cli.visit import (
    AcceptOption,
    AnswerOption,
    AnswersOption,
    ConfirmOption,
    DoneOption,
    FormatOption,
    MissingOption,
    PathwayArgument,
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
    case: Annotated[
        str | None,
        typer.Option("--case", metavar="FILE", help="Start or continue a patient's case file."),
    ] = None,
    label: Annotated[
        str | None,
        typer.Option("--label", metavar="TEXT", help="A label for a new case file, not a name."),
    ] = None,
    accept: AcceptOption = None,
    choose: Annotated[
        list[str] | None,
        typer.Option(
            "--choose",
            metavar="REGIMEN[:ACTION]",
            help="Record another choice than the recommended one, with --reason.",
        ),
    ] = None,
    reason: Annotated[
        str | None, typer.Option("--reason", metavar="TEXT", help="Why that was chosen.")
    ] = None,
    correct: Annotated[
        bool,
        typer.Option("--correct", help="A second visit on the last day, which corrects it."),
    ] = False,
    save: Annotated[
        bool, typer.Option("--save", help="Write the visit into the case file unasked.")
    ] = False,
    format: FormatOption = Format.TEXT,
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
      dmadvisor advise rash-only --case skin-7.yaml
    """
    options = dict(locals())
    from dmadvisor.cli.advising import request_of, run

    run(request_of(options))
