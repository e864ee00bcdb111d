"""What ``dmadvisor why`` and ``whatif`` do: find the visit that is meant, explain it, write it."""

from datetime import date
from pathlib import Path

from dmadvisor.casefile.reading import read_case
from dmadvisor.casefile.recording import done_of
from dmadvisor.casefile.visits import answers_of
from dmadvisor.cli import given, output, screen
from dmadvisor.cli.advising import Request, Told, mode_of, told
from dmadvisor.cli.exits import Incomplete
from dmadvisor.cli.options import Format, open_library
from dmadvisor.library import Library
from dmadvisor.problems import UsageError, printable
from dmadvisor.walk import Open


def why(request: Request) -> None:
    """Write the reasons. Raises Incomplete when a question of the tree is open."""
    from dmadvisor.explain.reasons import explain

    library = open_library(request.pathways)
    visit, today = meant(request, library)
    found = explain(library, visit.pathway, visit.answers, today, visit.done)
    if isinstance(found, Open):
        _stop(request, library, found, today)
    elif request.format is Format.JSON:
        from dmadvisor.render.whyjson import render_why

        screen.write(render_why(library, found, today.isoformat()))
    else:
        from dmadvisor.explain.why_page import why_document

        output.write_document(why_document(library, found), request.format, request.color)


def whatif(request: Request, *, every: bool) -> None:
    """Write what would change. Raises Incomplete when a question of the tree is open."""
    from dmadvisor.explain.whatif import what_if

    library = open_library(request.pathways)
    visit, today = meant(request, library)
    asked = (visit.pathway, visit.answers, today, visit.done, visit.confirmed)
    found = what_if(library, *asked)
    if isinstance(found, Open):
        _stop(request, library, found, today)
    elif request.format is Format.JSON:
        from dmadvisor.render.whatifjson import render_whatif

        screen.write(render_whatif(library, found, today.isoformat()))
    else:
        from dmadvisor.explain.whatif_page import whatif_document

        document = whatif_document(library, found, every=every)
        output.write_document(document, request.format, request.color)


def meant(request: Request, library: Library) -> tuple[Told, date]:
    """The visit that the options mean, and its day: of today, or the last one of a case file."""
    today = given.read_day(request.today)
    if request.case is None:
        if request.accept:
            raise UsageError("--accept goes with --case", "add --case FILE")
        return told(request, library, today, mode_of(request), None), today
    case, _ = read_case(Path(request.case))
    if not case.visits:
        raise UsageError(f"{printable(request.case)} has no visit yet", "save a visit first")
    last = case.visits[-1]
    if any((request.pathway, request.answers, request.file, request.done, request.accept)):
        from dmadvisor.cli.casing import opened

        # A second look at the day of the last visit is welcome: nothing is written.
        again = request._replace(correct=last.date == today)
        with opened(again, request.case, library, today) as session:
            return told(request, library, today, mode_of(request), session), today
    answers = answers_of(library, last)
    confirmed = frozenset(last.confirmed)
    return Told(last.pathway, answers, done_of(last), confirmed), last.date


def _stop(request: Request, library: Library, found: Open, today: date) -> None:
    """Say which question is open, and leave."""
    style = (request.format, request.color)
    output.write_result(library, found, today, style)
    output.say_open(library, found)
    raise Incomplete
