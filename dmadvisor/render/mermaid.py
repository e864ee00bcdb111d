"""A picture of a pathway as a Mermaid flowchart, which code hosts and wikis draw themselves."""

import re

from dmadvisor.picture import Arrow, Kind, Panel, Picture, Place

SHAPES: dict[Kind, tuple[str, str]] = {
    "question": ("{{", "}}"),
    "fork": ("{", "}"),
    "step": ("(", ")"),
    "find-out": ("[/", "/]"),
    "exit": (">", "]"),
    "hand-over": ("[[", "]]"),
}
"""What Mermaid draws a shape with; each kind has one of its own."""

STYLES = """\
  classDef exit stroke:#b00020,stroke-width:2px
  classDef way stroke:#0b57d0,stroke-width:5px"""

PLAIN = re.compile(r"[^A-Za-z0-9 ,.:()/?'-]")
"""Every other character is written by its number: Mermaid reads most of them as its own."""


def render(picture: Picture) -> str:
    """The whole flowchart."""
    ids = {place.id: f"p{number}" for number, place in enumerate(picture.places, 1)}
    lines = [
        "flowchart TB",
        f"  accTitle: {_escape(picture.title)}",
        f"  accDescr: {_escape(picture.described)}",
    ]
    for panel in picture.panels:
        lines += _panel(panel, ids)
    lines += [_arrow(arrow, ids) for arrow in picture.links]
    return "\n".join((*lines, STYLES)) + "\n"


def _panel(panel: Panel, ids: dict[str, str]) -> list[str]:
    head = f'  subgraph {ids[panel.places[0].id]}s["{_escape(panel.heading)}"]'
    places = [f"  {_place(place, ids[place.id])}" for place in panel.places]
    arrows = [f"  {_arrow(arrow, ids)}" for arrow in panel.arrows]
    return [head, *places, *arrows, "  end"]


def _place(place: Place, id: str) -> str:
    opened, closed = SHAPES[place.kind]
    texts = [text for text in (place.mark, place.word, place.label, place.review) if text]
    look = ":::way" if place.number else ":::exit" if place.kind == "exit" else ""
    label = "<br/>".join(map(_escape, texts))
    return f'  {id}{opened}"{label}"{closed}{look}'


def _arrow(arrow: Arrow, ids: dict[str, str]) -> str:
    line = "==>" if arrow.taken else "-->"
    return f'  {ids[arrow.start]} {line}|"{_escape(arrow.said)}"| {ids[arrow.end]}'


def _escape(text: str) -> str:
    """Text that Mermaid shows as it stands; at the start of a line a list may not begin."""
    safe = PLAIN.sub(_numbered, text)
    return safe if safe[:1].isalpha() else re.sub(r"^[^#]", _numbered, safe)


def _numbered(found: re.Match[str]) -> str:
    return f"#{ord(found[0])};"
