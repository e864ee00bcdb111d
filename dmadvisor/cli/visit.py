"""Options that tell of one visit, declared once for every command that takes one."""

from enum import StrEnum
from typing import Annotated

import typer

from dmadvisor.cli import complete
from dmadvisor.cli.options import Format, Missing


class ReasonsFormat(StrEnum):
    """How reasons are written: as advice is, but for what a patient takes home."""

    TEXT = "text"
    PLAIN = "plain"
    MARKDOWN = "markdown"
    HTML = "html"
    JSON = "json"


PathwayArgument = Annotated[
    str | None,
    typer.Argument(
        metavar="PATHWAY",
        autocompletion=complete.pathways,
        show_default=False,
        help="Pathway to walk; see 'dmadvisor list'.",
    ),
]
AnswerOption = Annotated[
    list[str] | None,
    typer.Option(
        "--answer",
        "-a",
        metavar="QUESTION=ANSWER",
        autocompletion=complete.answers,
        help="Answer a question in advance; repeat for more; many: a,b.",
    ),
]
AnswersOption = Annotated[
    str | None,
    typer.Option(
        "--answers",
        metavar="FILE",
        help="Read answers from a YAML or JSON file; - is standard input.",
    ),
]
DoneOption = Annotated[
    list[str] | None,
    typer.Option(
        "--done",
        metavar="CHECK[=DATE]",
        autocompletion=complete.checks,
        help="A check that was done; repeat for more.",
    ),
]
ConfirmOption = Annotated[
    list[str] | None,
    typer.Option("--confirm", metavar="QUESTION", help="Accept an unusual number there."),
]
MissingOption = Annotated[
    Missing | None,
    typer.Option(
        "--missing",
        show_default=False,
        help="Open questions: ask (the default in a terminal), stop, unknown.",
    ),
]
AcceptOption = Annotated[
    list[str] | None,
    typer.Option(
        "--accept",
        metavar="QUESTION",
        help="Accept what earlier visits propose there; or 'all'; repeat for more.",
    ),
]
SeenOption = Annotated[
    str | None,
    typer.Option(
        "--case", metavar="FILE", help="A case file; without answers, its last visit is meant."
    ),
]
FormatOption = Annotated[Format, typer.Option("--format", "-f", help="How to write it.")]
ReasonsFormatOption = Annotated[
    ReasonsFormat, typer.Option("--format", "-f", help="How to write it.")
]
TodayOption = Annotated[
    str | None,
    typer.Option("--today", metavar="DATE", help="The day of the visit, if not today."),
]
