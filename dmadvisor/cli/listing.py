"""``dmadvisor list``: what the content holds, one line each."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from dmadvisor.cli import screen
from dmadvisor.cli.options import (
    Color,
    ColorOption,
    ListFormat,
    ListFormatOption,
    PathwaysOption,
    open_library,
)

if TYPE_CHECKING:
    from dmadvisor.library import Library


class Kind(StrEnum):
    """What can be listed."""

    PATHWAYS = "pathways"
    QUESTIONS = "questions"
    REGIMENS = "regimens"
    CHECKS = "checks"
    PITFALLS = "pitfalls"
    RED_FLAGS = "red-flags"
    SOURCES = "sources"
    TOPICS = "topics"
    CHAPTERS = "chapters"


KINDS = {
    Kind.PATHWAYS: ("PathwayId", "title"),
    Kind.QUESTIONS: ("QuestionId", "ask"),
    Kind.REGIMENS: ("RegimenId", "title"),
    Kind.CHECKS: ("CheckId", "title"),
    Kind.PITFALLS: ("PitfallId", "title"),
    Kind.RED_FLAGS: ("RedFlagId", "title"),
    Kind.SOURCES: ("CitationId", "text"),
    Kind.TOPICS: ("TopicId", "title"),
    Kind.CHAPTERS: ("ChapterId", "title"),
}


def command(
    kind: Annotated[Kind, typer.Argument(metavar="KIND", help="What to list.")] = Kind.PATHWAYS,
    format: ListFormatOption = ListFormat.TEXT,
    pathways: PathwaysOption = None,
    color: ColorOption = Color.AUTO,
) -> None:
    """List pathways, questions, regimens, checks, pitfalls, red-flags, sources, topics or chapters.

    \b
    Examples:
      dmadvisor list
      dmadvisor list questions
    """
    library = open_library(pathways)
    rows = list(_rows(library, kind))
    if format is ListFormat.JSON:
        from dmadvisor.render.json import dumps

        screen.write(dumps([{"id": id, "title": title} for id, title in rows]))
        return
    if format is ListFormat.PLAIN:
        screen.write("".join(f"{id}: {title}\n" for id, title in rows))
        return
    from dmadvisor.render.text import print_rows

    console = screen.make_console(color)
    with console.capture() as page:
        print_rows(console, rows)
    screen.write(page.get())


def _rows(library: "Library", kind: Kind) -> list[tuple[str, str]]:
    name, field = KINDS[kind]
    return [(id, getattr(library.get(name, id), field)) for id in library.ids(name)]
