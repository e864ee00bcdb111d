"""``dmadvisor show``: one pathway as an outline, or any one thing in full."""

from typing import Annotated

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
    from dmadvisor.render.layout import usable_width

    for number, kind in enumerate(kinds):
        document = describe(library, kind, id)
        if number:
            screen.write("\n")
        if format is ListFormat.PLAIN:
            from dmadvisor.render import plain as plain_format

            screen.write(plain_format.render(document, usable_width(screen.columns())))
        elif kind == "PathwayId":
            from dmadvisor.render.text import print_outline

            print_outline(screen.make_console(color), document)
        else:
            from dmadvisor.render.text import print_document

            print_document(screen.make_console(color), document)
