"""Opens a case file for a command that reads it."""

import sys
from datetime import date
from pathlib import Path

from dmadvisor.casefile.reading import read_case
from dmadvisor.casefile.recording import readable
from dmadvisor.casefile.records import Visit
from dmadvisor.casefile.visits import in_order
from dmadvisor.cli.advising import check_content
from dmadvisor.library import Library
from dmadvisor.problems import UsageError, printable


def open_case(library: Library, file: str, today: date) -> tuple[str, tuple[Visit, ...]]:
    """The label and visits of a case file; none of them lies after today.

    What the content no longer knows of them is told on standard error.
    """
    case, _ = read_case(Path(file))
    visits = in_order(case)
    if visits and visits[-1].date > today:
        raise UsageError(
            f"--today {today}: {printable(file)} has a visit on {visits[-1].date}",
            "give --today on or after the last visit, or mend the clock",
        )
    for visit in visits[-1:]:
        check_content(library, visit.pathway)
    for visit in visits:
        for note in readable(library, visit)[1]:
            sys.stderr.write(f"dmadvisor: visit of {visit.date}: {note}\n")
    return printable(case.label), visits
