"""What ``dmadvisor case choose`` does: records a choice, and says what the rules say of it."""

import sys
from pathlib import Path

from dmadvisor.casefile.choosing import judged, read_choice
from dmadvisor.casefile.reading import read_case
from dmadvisor.casefile.recording import done_of, readable
from dmadvisor.casefile.saving import bytes_of, locked, save
from dmadvisor.casefile.view import CaseView
from dmadvisor.cli import screen
from dmadvisor.cli.options import Color
from dmadvisor.library import Library
from dmadvisor.page import Document
from dmadvisor.problems import UsageError, printable
from dmadvisor.render.text import print_document
from dmadvisor.since import since_sections


def record(library: Library, file: str, text: str, reason: str | None, color: Color) -> None:
    """Write a choice into the last visit of a case file, and print it with its verdict."""
    with locked(Path(file)) as path:
        case, raw = read_case(path)
        if not case.visits:
            raise UsageError(f"{printable(file)} has no visit yet", "save a visit first")
        last = case.visits[-1]
        choice = read_choice(library, last.advice, text, reason)
        others = tuple(each for each in last.choices if each.regimen != choice.regimen)
        visit = last._replace(choices=(*others, choice))
        now = case._replace(visits=(*case.visits[:-1], visit))
        save(path, raw, bytes_of(case, raw, now))
    answers, _ = readable(library, visit)
    chosen = judged(library, visit, answers, done_of(visit), visit.date)
    view = CaseView(label=case.label, chosen=chosen)
    console = screen.make_console(color)
    with console.capture() as page:
        print_document(console, Document(since_sections(library, view)))
    screen.write(page.get())
    sys.stderr.write(f"saved: the choice at the visit on {visit.date} in {printable(file)}\n")
