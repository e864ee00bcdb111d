"""What ``dmadvisor case show`` does: read the file, and draw the course of the patient."""

import sys

from dmadvisor import chronicle
from dmadvisor.agenda import due_sections
from dmadvisor.casefile.schedule import Due, schedule
from dmadvisor.casefile.timeline import Timeline, timeline
from dmadvisor.cli import given, output, screen
from dmadvisor.cli.case_files import open_case
from dmadvisor.cli.case_show import CaseFormat
from dmadvisor.cli.options import Color, open_library
from dmadvisor.library import Library
from dmadvisor.page import Document, Item, Section

AHEAD = 12
"""The weeks whose due things are shown."""


def run(file: str, day: str | None, format: CaseFormat, pathways: str | None, color: Color) -> None:
    """Write the course of the patient of a case file."""
    library = open_library(pathways)
    today = given.read_day(day)
    label, visits = open_case(library, file, today)
    course = timeline(library, label, visits, today)
    dues = soon(schedule(library, visits, today, AHEAD), course)
    if format is CaseFormat.JSON:
        from dmadvisor.render.casejson import render_course

        screen.write(render_course(library, course, dues))
    elif format is CaseFormat.SVG:
        from dmadvisor.render.svg import render

        screen.write(render(library, course, dues))
    elif format is CaseFormat.PLAIN:
        middle = (chronicle.treatments_section(library, course), chronicle.scores_section(course))
        parts = (*_before(library, course), *middle, *_after(library, dues))
        screen.write(output.page(_document(parts), color, plain=True))
    else:
        screen.write(output.page(_document(_before(library, course)), color, plain=False))
        screen.write(charts(library, course, color))
        after = _document(_after(library, dues))
        if after.sections:
            screen.write("\n" + output.page(after, color, plain=False))


def soon(dues: tuple[Due, ...], course: Timeline) -> tuple[Due, ...]:
    """What is overdue, due, or falls due within the next weeks."""
    days = AHEAD * 7
    return tuple(d for d in dues if d.state != "coming" or (d.due - course.today).days <= days)


def charts(library: Library, course: Timeline, color: Color) -> str:
    """The bars and plots, as wide as the terminal."""
    from dmadvisor.render.course import bar_lines, plot_lines
    from dmadvisor.render.layout import usable_width
    from dmadvisor.render.text import print_words

    width = usable_width(screen.columns(sys.stdout))
    blocks = [("Treatments", bar_lines(library, course, width))]
    plots = [line for score in course.scores for line in plot_lines(score, course, width)]
    blocks.append(("Scores", plots))
    console = screen.make_console(color)
    with console.capture() as found:
        for heading, lines in blocks:
            if lines:
                print_words(console, f"\n{heading}\n", "bold")
                print_words(console, "\n".join(lines) + "\n", "")
    return found.get()


def _before(library: Library, course: Timeline) -> tuple[Section, ...]:
    return (chronicle.head_section(course), chronicle.visits_section(library, course))


def _after(library: Library, dues: tuple[Due, ...]) -> tuple[Section, ...]:
    """What is due next, and how to see the rest with its sources."""
    found = due_sections(library, dues)
    more = Item("MORE", "All that is due, with the sources: dmadvisor schedule --case FILE")
    return (*found, Section("More", (more,))) if found else ()


def _document(sections: tuple[Section, ...]) -> Document:
    return Document(tuple(section for section in sections if section.items))
