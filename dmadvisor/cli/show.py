"""``dmadvisor show``: one pathway as an outline, or any one thing in full."""

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
    from dmadvisor.page import Document


def command(
    id: Annotated[
        str,
        typer.Argument(
            metavar="ID",
            autocompletion=complete.anything,
            show_default=False,
            help="Pathway, regimen, question, check, pitfall, red flag or source.",
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
    """
    from dmadvisor.describe import NAMES, describe, kinds_of
    from dmadvisor.library import unknown_name

    library = open_library(pathways)
    kinds = kinds_of(library, id)
    if not kinds:
        every = tuple(each for kind in NAMES for each in library.ids(kind))
        raise unknown_name("thing", id, every, "dmadvisor list")
    if format is ListFormat.JSON:
        from dmadvisor.render.json import dumps, plain

        screen.write(dumps({NAMES[k]: {"id": id, **plain(library.get(k, id))} for k in kinds}))
        return
    for number, kind in enumerate(kinds):
        if number:
            screen.write("\n")
        screen.write(_page(kind, describe(library, kind, id), format, color))


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
