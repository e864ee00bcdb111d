"""``dmadvisor schedule``: its options; the work is in ``scheduling``, loaded when it runs."""

from enum import StrEnum
from typing import Annotated

import typer

from dmadvisor.cli.options import Color, ColorOption, Missing, PathwaysOption
from dmadvisor.cli.visit import (
    AnswerOption,
    AnswersOption,
    ConfirmOption,
    DoneOption,
    PathwayArgument,
    TodayOption,
)


class ScheduleFormat(StrEnum):
    """How a schedule is written."""

    TEXT = "text"
    PLAIN = "plain"
    JSON = "json"
    ICS = "ics"


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
            help="Open questions: stop (the default), unknown.",
        ),
    ] = None,
    case: Annotated[
        str | None,
        typer.Option("--case", metavar="FILE", help="A case file: every visit in it counts."),
    ] = None,
    label: Annotated[
        str | None,
        typer.Option("--label", metavar="TEXT", help="Your word for the patient, in the title."),
    ] = None,
    today: TodayOption = None,
    ahead: Annotated[
        int,
        typer.Option("--ahead", metavar="WEEKS", help="How far what comes again is written out."),
    ] = 12,
    format: Annotated[
        ScheduleFormat, typer.Option("--format", "-f", help="How to write it.")
    ] = ScheduleFormat.TEXT,
    pathways: PathwaysOption = None,
    color: ColorOption = Color.AUTO,
) -> None:
    """Print what is due and when: checks, tests, reviews, decisions.

    From every visit of a case file, or from the answers of a visit of today.

    \b
    Examples:
      dmadvisor schedule --case patient.yaml
      dmadvisor schedule --case patient.yaml -f ics > patient.ics
      dmadvisor schedule rash-only -a weakness=no --missing unknown
    """
    from dmadvisor.cli.scheduling import Request, run

    run(
        Request(
            pathway=pathway,
            answers=tuple(answer or ()),
            file=answers,
            done=tuple(done or ()),
            confirmed=frozenset(confirm or ()),
            missing=missing,
            case=case,
            label=label,
            today=today,
            ahead=ahead,
            format=format,
            pathways=pathways,
            color=color,
        )
    )
