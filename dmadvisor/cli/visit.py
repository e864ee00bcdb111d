"""Options that tell of one visit, declared once for every command that takes one."""

from typing import Annotated

import typer

from dmadvisor.cli import complete

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
TodayOption = Annotated[
    str | None,
    typer.Option("--today", metavar="DATE", help="The day of the visit, if not today."),
]
