"""What ``dmadvisor graph`` does: read the answers, make the picture, write it."""

import sys

from dmadvisor.cli import given, screen
from dmadvisor.cli.advising import check_content, chosen_pathway
from dmadvisor.cli.graph import GraphFormat
from dmadvisor.cli.options import Color, Missing, open_library
from dmadvisor.picture import Picture, picture_of
from dmadvisor.problems import UsageError
from dmadvisor.records import Record
from dmadvisor.walk import answered_unknown


class Request(Record):
    """The options of one run, as they were given."""

    pathway: str | None
    answers: tuple[str, ...]
    file: str | None
    confirmed: frozenset[str]
    missing: Missing | None
    format: GraphFormat
    pathways: str | None
    color: Color


def run(request: Request) -> None:
    """Write the picture; says on stderr where the way of the patient waits for an answer."""
    library = open_library(request.pathways)
    mode = request.missing or Missing.STOP
    if mode is Missing.ASK:
        raise UsageError("--missing ask: a picture asks nothing", "use stop or unknown")
    pathway = chosen_pathway(library, request.pathway, mode, request.color)
    check_content(library, pathway)
    answers = given.read_answers(
        library, pathway, request.answers, request.file, set(request.confirmed)
    )
    if mode is Missing.UNKNOWN:
        answers = answered_unknown(library, pathway, answers)
    picture = picture_of(library, pathway, answers)
    screen.write(drawn(picture, request.format, request.color))
    last = picture.way[-1:]
    if last and last[0].waits:
        sys.stderr.write(f"dmadvisor: the marked way ends at '{last[0].name}', not answered\n")


def drawn(picture: Picture, format: GraphFormat, color: Color) -> str:
    """The picture in the format asked for."""
    if format is GraphFormat.MERMAID:
        from dmadvisor.render import mermaid

        return mermaid.render(picture)
    if format is GraphFormat.DOT:
        from dmadvisor.render import dot

        return dot.render(picture)
    if format is GraphFormat.SVG:
        from dmadvisor.render import graph_svg

        return graph_svg.render(picture)
    from dmadvisor.render.branches import print_picture

    console = screen.make_console(color)
    with console.capture() as page:
        print_picture(console, picture)
    return page.get()
