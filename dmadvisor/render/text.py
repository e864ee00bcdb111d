"""Text for eyes: a clear visual order in one column, styled where the terminal can.

Clinical text is only ever wrapped in ``rich.text.Text``: Rich markup would delete ``[mg/kg]``.
"""

from rich.console import Console
from rich.text import Text

from dmadvisor.document import Document, Item, Section, Tone
from dmadvisor.render.layout import hang, refs_text, usable_width

STYLES: dict[Tone, str] = {
    "": "",
    "good": "green",
    "warn": "yellow",
    "bad": "bold red",
    "quiet": "dim",
}
LABELLED = {"WHY": "Why: ", "REFER": "Refer: "}
BARE = ("DO", "WHY", "REFER", "REVIEW", "NOT ENOUGH", "ANSWERS", "UNUSED", "PATHWAY", "NOTICE")


def print_document(console: Console, document: Document) -> None:
    """Write the document to the console, at most as wide as reads well."""
    width = usable_width(console.width)
    for index, section in enumerate(document.sections):
        if index:
            console.print()
        heading = any(item.kind == "DO" for item in section.items)
        style = "bold red" if section.tone == "bad" else "bold green" if heading else "bold"
        for line in hang(section.heading, width):
            _line(console, line, style)
        if all(item.kind == "SOURCE" for item in section.items):
            _sources(console, section, width)
            continue
        for item in section.items:
            _item(console, item, width)


def print_outline(console: Console, document: Document) -> None:
    """A pathway as a tree: each question, fork and step with what it leads to."""
    from rich.tree import Tree

    width = usable_width(console.width)
    root = Tree(Text(document.sections[0].heading, style="bold green"), guide_style="dim")
    for section in document.sections[1:]:
        step = section.heading.startswith("Step ")
        node = root.add(Text("\n".join(hang(section.heading, width - 4)),
                             style="green" if step else "bold"))
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


def _item(console: Console, item: Item, width: int) -> None:
    if item.kind in BARE:
        lead = LABELLED.get(item.kind, "")
        style = "bold red" if item.kind == "REFER" else STYLES[item.tone]
        for line in hang(f"{lead}{item.text}{refs_text(item.refs)}", width, "  "):
            _line(console, line, style)
        return
    mark = "- " if item.tick is None else "[x] " if item.tick else "[ ] "
    if item.status in ("abnormal",) or item.status.startswith("abnormal "):
        mark = "[!] "
    status = f": {item.status}" if item.status else ""
    head = f"{item.text}{status}{refs_text(item.refs)}"
    lines = hang(head, width, f"  {mark}")
    styled = Text("\n".join(lines))
    if item.status:
        _emphasise(styled, item.status, STYLES[item.tone])
    console.print(styled, soft_wrap=True)
    indent = " " * (2 + len(mark))
    for detail in item.details:
        label = f"{detail.label}: " if detail.label else ""
        for number, line in enumerate(hang(f"{label}{detail.text}{refs_text(detail.refs)}", width, indent,
                                           indent + "  " if label else indent)):
            text = Text(line)
            if label and number == 0:
                text.stylize("dim", len(indent), len(indent) + len(label))
            console.print(text, soft_wrap=True)


def _emphasise(text: Text, words: str, style: str) -> None:
    """Style ``words`` in wrapped text, wherever the line breaks fell."""
    plain = text.plain
    flat = " ".join(plain.split())
    if " ".join(words.split()) not in flat or not style:
        return
    for word in words.split():
        start = plain.rfind(word)
        if start >= 0:
            text.stylize(style, start, start + len(word))


def _sources(console: Console, section: Section, width: int) -> None:
    for item in section.items:
        lead = f"  [{item.refs[0]}] "
        for line in hang(item.text, width, lead):
            _line(console, line, "dim")


def _line(console: Console, line: str, style: str) -> None:
    console.print(Text(line, style=style), soft_wrap=True)
