"""Writes a result in the format asked for."""

import sys
from datetime import date
from typing import TYPE_CHECKING

from dmadvisor.answers import choices
from dmadvisor.cli import screen
from dmadvisor.cli.exits import complain
from dmadvisor.cli.options import Color, Format
from dmadvisor.library import Library
from dmadvisor.outcome import Advice
from dmadvisor.walk import Open

if TYPE_CHECKING:
    from dmadvisor.casefile.view import CaseView
    from dmadvisor.page import Document


def write_result(
    library: Library,
    result: Open | Advice,
    today: date,
    style: tuple[Format, Color],
    view: "CaseView | None" = None,
) -> None:
    """The advice, or in JSON the open question, to stdout; with what a case file tells."""
    format, color = style
    if format is Format.JSON:
        from dmadvisor.render.json import render

        case = None
        if view is not None:
            from dmadvisor.render.casedata import case_data

            case = case_data(view, advised=isinstance(result, Advice))
        screen.write(render(library, result, today.isoformat(), case))
    elif isinstance(result, Advice):
        write_advice(library, result, format, color, view)


def write_advice(
    library: Library,
    advice: Advice,
    format: Format,
    color: Color,
    view: "CaseView | None",
) -> None:
    """Advice in a format for readers, or what the patient takes home."""
    if format in (Format.HANDOUT, Format.HANDOUT_HTML):
        _write_handout(library, advice, format, color)
        return
    from dmadvisor.document import advice_document

    if view is None:
        document = advice_document(library, advice)
    else:
        from dmadvisor.since import since_sections

        document = advice_document(library, advice, since_sections(library, view))
    if format is Format.MARKDOWN:
        from dmadvisor.letter import letter

        document = letter(library, advice, document)
    heading = advice.tree.pathway.title
    write_document(document, format, color, (heading, f"{heading}, {advice.today}"))


def write_document(
    document: "Document", format: Format, color: Color, titles: tuple[str, str] | None = None
) -> None:
    """A document in a format for readers, to stdout; a page has a heading and a title."""
    if format is Format.MARKDOWN:
        from dmadvisor.render import markdown

        screen.write(markdown.render(document))
    elif format is Format.HTML:
        from dmadvisor.render import html

        heading = document.sections[0].heading
        screen.write(html.render(document, *(titles or (heading, heading))))
    else:
        screen.write(page(document, color, plain=format is Format.PLAIN))


def _write_handout(library: Library, advice: Advice, format: Format, color: Color) -> None:
    from dmadvisor.handout import handout_document

    document = handout_document(library, advice)
    if format is Format.HANDOUT:
        screen.write(page(document, color, plain=False))
        return
    from dmadvisor.render import html

    heading = document.sections[0].heading
    screen.write(html.render(document, heading, heading, large=True))


def page(document: "Document", color: Color, *, plain: bool) -> str:
    """A document for eyes, or as plain lines, as wide as the terminal."""
    if plain:
        from dmadvisor.render.layout import usable_width
        from dmadvisor.render.plain import render

        return render(document, usable_width(screen.columns(sys.stdout)))
    from dmadvisor.render.text import print_document

    console = screen.make_console(color)
    with console.capture() as found:
        print_document(console, document)
    return found.get()


def say_open(library: Library, result: Open) -> None:
    """Which question is open, and the flags that would answer it, on stderr."""
    question = library.question(result.question)
    complain(f"'{result.question}' has no answer, and may not be asked for here")
    lines = ["", f"  {question.ask}"]
    if question.kind in ("one", "many"):
        rows = list(choices(question))
        width = max(len(id) for id, _ in rows)
        lines += [f"    -a {result.question}={id:{width}}  {label}" for id, label in rows]
    else:
        unit = f"  ({question.unit})" if question.unit else ""
        lines.append(f"    -a {result.question}=NUMBER{unit}, or unknown")
    lines += ["", "  or --missing unknown, which answers unknown to all that is left"]
    sys.stderr.write("\n".join(lines) + "\n")
