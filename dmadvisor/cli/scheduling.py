"""What ``dmadvisor schedule`` does: read the visits, work out what is due, write it."""

from datetime import date

from dmadvisor.advice import advise
from dmadvisor.casefile.records import Visit
from dmadvisor.casefile.schedule import Due, schedule
from dmadvisor.casefile.visits import visit_of
from dmadvisor.cli import given, output, screen
from dmadvisor.cli.advising import check_content, chosen_pathway
from dmadvisor.cli.case_files import open_case
from dmadvisor.cli.exits import Incomplete
from dmadvisor.cli.options import Color, Missing, open_library
from dmadvisor.cli.schedule import ScheduleFormat
from dmadvisor.library import Library
from dmadvisor.problems import UsageError, printable
from dmadvisor.records import Record
from dmadvisor.walk import Open, answered_unknown

MOST_WEEKS = 520


class Request(Record):
    """The options of one run, as they were given."""

    pathway: str | None
    answers: tuple[str, ...]
    file: str | None
    done: tuple[str, ...]
    confirmed: frozenset[str]
    missing: Missing | None
    case: str | None
    label: str | None
    today: str | None
    ahead: int
    format: ScheduleFormat
    pathways: str | None
    color: Color


def run(request: Request) -> None:
    """Write what is due. Raises Incomplete when a question of the tree is open."""
    library = open_library(request.pathways)
    today = given.read_day(request.today)
    if not 0 <= request.ahead <= MOST_WEEKS:
        raise UsageError(
            f"--ahead {request.ahead}: not so far", f"give weeks from 0 to {MOST_WEEKS}"
        )
    if request.case is not None:
        label, visits = from_file(library, request, request.case, today)
    else:
        label, visits = from_flags(library, request, today)
    dues = schedule(library, visits, today, request.ahead)
    write(library, request, dues, label, today, visits)


def from_file(
    library: Library, request: Request, file: str, today: date
) -> tuple[str, tuple[Visit, ...]]:
    """The label and visits of a case file, which stands for everything that flags would say."""
    flags = (request.pathway, request.answers, request.file, request.done, request.label)
    if any(flags):
        raise UsageError(
            "--case and an answer on the command line: the file holds the visits",
            "leave out PATHWAY, -a, --answers, --done and --label",
        )
    return open_case(library, file, today)


def from_flags(library: Library, request: Request, today: date) -> tuple[str, tuple[Visit, ...]]:
    """The visit of today, as its flags tell it."""
    mode = request.missing or Missing.STOP
    if mode is Missing.ASK:
        raise UsageError("--missing ask: a schedule asks nothing", "use stop or unknown")
    pathway = chosen_pathway(library, request.pathway, mode, request.color)
    check_content(library, pathway)
    done = given.read_done(library, request.done, today)
    answers = given.read_answers(
        library, pathway, request.answers, request.file, set(request.confirmed)
    )
    if mode is Missing.UNKNOWN:
        answers = answered_unknown(library, pathway, answers)
    result = advise(library, pathway, answers, today, done)
    if isinstance(result, Open):
        output.say_open(library, result)
        raise Incomplete
    visit = visit_of(library, pathway, answers, result, done)
    return printable(request.label or result.tree.id), (visit,)


def write(
    library: Library,
    request: Request,
    dues: tuple[Due, ...],
    label: str,
    today: date,
    visits: tuple[Visit, ...],
) -> None:
    """The schedule in the format asked for."""
    if request.format is ScheduleFormat.JSON:
        from dmadvisor.render.casejson import render_schedule

        screen.write(render_schedule(library, dues, label, today))
    elif request.format is ScheduleFormat.ICS:
        from dmadvisor.render.ics import render

        screen.write(render(dues, label, today), newline="")
    else:
        from dmadvisor.agenda import agenda_document

        document = agenda_document(library, dues, label, today, visits)
        plain = request.format is ScheduleFormat.PLAIN
        screen.write(output.page(document, request.color, plain=plain))
