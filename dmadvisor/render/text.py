"""Text for eyes: a clear visual order in one column, styled where the terminal can.

Clinical text is only ever wrapped in ``rich.text.Text``: Rich markup would delete ``[mg/kg]``.
"""

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from dmadvisor.page import Document, Item, Tone
from dmadvisor.render.layout import hang, refs_text, usable_width

STYLES: dict[Tone, str] = {
    "": "",
    "good": "green",
    "warn": "yellow",
    "bad": "bold red",
    "quiet": "dim",
}
LABELLED = {"WHY": "Why: ", "REFER": "Refer: "}
BARE = (
    "DO",
    "WHY",
    "REFER",
    "REVIEW",
    "NOT ENOUGH",
    "ANSWERS",
    "UNUSED",
    "RECORDED",
    "PATHWAY",
    "NOTICE",
    "PRINTED",
    "PARAGRAPH",
)


def print_document(console: Console, document: Document) -> None:
    """Write the document to the console, at most as wide as reads well."""
    width = usable_width(console.width)
    page = Text()
    for index, section in enumerate(document.sections):
        if index:
            page.append("\n")
        style = {"bad": "bold red", "good": "bold green"}.get(section.tone, "bold")
        _lines(page, hang(section.heading, width), style)
        for item in section.items:
            _item(page, item, width)
    console.print(page, soft_wrap=True, end="")


def print_words(console: Console, words: str, style: str) -> None:
    """Write words as they stand, with no newline of their own."""
    console.print(Text(words, style=style), end="", soft_wrap=True)


def print_rows(console: Console, rows: list[tuple[str, str]], below: Sequence[str] = ()) -> None:
    """Write ids with their titles, one a line; ``below`` is a quiet line for each."""
    page = Text()
    width = usable_width(console.width)
    for number, (id, title) in enumerate(rows):
        start = len(page)
        _lines(page, hang(f"{id}: {title}", width, rest="    "), "")
        page.stylize("bold", start, start + len(id))
        for line in below[number : number + 1]:
            _lines(page, hang(line, width, first="    "), "dim")
    console.print(page, soft_wrap=True, end="")


def print_outline(console: Console, document: Document) -> None:
    """A pathway as a tree: each question, fork and step with what it leads to."""
    from rich.tree import Tree

    width = usable_width(console.width)
    root = Tree(Text(document.sections[0].heading, style="bold green"), guide_style="dim")
    for section in document.sections[1:]:
        step = section.kind == "STEP"
        heading = f"{section.kind.capitalize()} {section.heading}".strip()
        node = root.add(
            Text("\n".join(hang(heading, width - 4)), style="green" if step else "bold")
        )
        for item in section.items:
            lead = "" if item.kind in ("IF", "SOURCE", "FOR") else f"{item.kind.capitalize()}: "
            number = f"[{item.refs[0]}] " if item.kind == "SOURCE" else ""
            refs = "" if number else refs_text(item.refs)
            lines = hang(f"{number}{lead}{item.text}{refs}", width - 8, rest="  ")
            for detail in item.details:
                label = f"{detail.label}: " if detail.label else ""
                lines += hang(f"{label}{detail.text}", width - 8, "  ", "    ")
            node.add(Text("\n".join(lines)))
    console.print(root)


def _item(page: Text, item: Item, width: int) -> None:
    if item.kind == "SOURCE":
        _lines(page, hang(item.text, width, f"  [{item.refs[0]}] "), "dim")
        return
    if item.kind in BARE:
        lead = LABELLED.get(item.kind, "")
        style = "bold red" if item.kind == "REFER" else STYLES[item.tone]
        _lines(page, hang(f"{lead}{item.text}{refs_text(item.refs)}", width, "  "), style)
        return
    mark = _mark(item)
    status = f": {item.status}" if item.status else ""
    start = len(page)
    _lines(page, hang(f"{item.text}{status}{refs_text(item.refs)}", width, f"  {mark}"), "")
    if STYLES[item.tone] and item.status:
        _emphasise(page, start, f"{item.text}: ", item.status, STYLES[item.tone])
    indent = " " * (2 + len(mark))
    for detail in item.details:
        label = f"{detail.label}: " if detail.label else ""
        body = hang(
            f"{label}{detail.text}{refs_text(detail.refs)}",
            width,
            indent,
            indent + "  " if label else indent,
        )
        start = len(page) + len(indent)
        _lines(page, body, "")
        if label:
            page.stylize("dim", start, start + len(label))


def _mark(item: Item) -> str:
    if item.tick is None:
        return "- "
    if item.status.startswith("abnormal"):
        return "[!] "
    return "[x] " if item.tick else "[ ] "


def _emphasise(page: Text, start: int, before: str, words: str, style: str) -> None:
    """Style ``words``, which follow ``before`` in the item at ``start``, however it was wrapped."""
    position = start
    for number, word in enumerate(f"{before}{words}".split()):
        position = page.plain.index(word, position)
        if number >= len(before.split()):
            page.stylize(style, position, position + len(word))
        position += len(word)


def _lines(page: Text, lines: list[str], style: str) -> None:
    page.append("\n".join(lines) + "\n", style=style or None)
