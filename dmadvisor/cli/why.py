"""``dmadvisor why``: its options; the work is in ``explaining``, loaded only when it runs."""

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
    format: ReasonsFormatOption = ReasonsFormat.TEXT,
    pathways: PathwaysOption = None,
    color: ColorOption = Color.AUTO,
) -> None:
    """Say why: the answers that led to the step, and the rule behind each verdict.

    \b
    Examples:
      dmadvisor why rash-only --answers patient.yaml --missing unknown
      dmadvisor why --case skin-7.yaml
    """
    options = {**locals(), "format": Format(format.value)}
    from dmadvisor.cli.advising import request_of
    from dmadvisor.cli.explaining import why

    why(request_of(options))
