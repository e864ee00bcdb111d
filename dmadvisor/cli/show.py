"""``dmadvisor show``: a pathway as an outline, any one thing in full, or the whole ledger."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from dmadvisor.cli import complete, screen
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
    from dmadvisor.page import Document

LEDGER = "Ledger"
"""The kind of the ledger, which is no record of its own."""


def command(
    id: Annotated[
        str,
        typer.Argument(
            metavar="ID",
            autocompletion=complete.anything,
            show_default=False,
            help="Pathway, regimen, question, check, topic, source ..., or ledger.",
        ),
    ],
    format: ListFormatOption = ListFormat.TEXT,
    pathways: PathwaysOption = None,
    color: ColorOption = Color.AUTO,
) -> None:
    """Show a pathway as an outline, or any one thing in full.

    \b
    Examples:
      dmadvisor show rash-only
      dmadvisor show rash-extent -f plain
      dmadvisor show ledger
    """
    from dmadvisor.describe import kinds_of
    from dmadvisor.model import NAMES
    from dmadvisor.reference import LEDGER_ID, topic_called

    library = open_library(pathways)
    kinds = kinds_of(library, id) + ((LEDGER,) if id == LEDGER_ID else ())
    if not kinds and (topic := topic_called(library, id)):
        kinds, id = ("TopicId",), topic
    if not kinds:
        from dmadvisor.search import unknown_thing

        raise unknown_thing(library, id)
    if format is ListFormat.JSON:
        from dmadvisor.render.json import dumps, plain

        found = {
            NAMES[kind]: {"id": id, **plain(library.get(kind, id))}
            for kind in kinds
            if kind != LEDGER
        }
        if LEDGER in kinds:
            found[LEDGER_ID] = plain(library.ledger_entry().record)
        screen.write(dumps(found))
        return
    for number, kind in enumerate(kinds):
        if number:
            screen.write("\n")
        screen.write(_page(kind, _document(library, kind, id), format, color))


def _document(library: "Library", kind: str, id: str) -> "Document":
    from dmadvisor import reference
    from dmadvisor.describe import describe

    if kind == LEDGER:
        return reference.ledger_document(library)
    makers = {"TopicId": reference.topic_document, "ChapterId": reference.chapter_document}
    maker = makers.get(kind)
    return maker(library, id) if maker else describe(library, kind, id)


def _page(kind: str, document: "Document", format: ListFormat, color: Color) -> str:
    if format is ListFormat.PLAIN:
        from dmadvisor.render import plain
        from dmadvisor.render.layout import usable_width

        return plain.render(document, usable_width(screen.columns(sys.stdout)))
    from dmadvisor.render.text import print_document, print_outline

    console = screen.make_console(color)
    with console.capture() as page:
        (print_outline if kind == "PathwayId" else print_document)(console, document)
    return page.get()
