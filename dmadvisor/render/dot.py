"""A picture of a pathway in the DOT language, for Graphviz and what else reads it."""

from dmadvisor.picture import Arrow, Kind, Panel, Picture, Place
from dmadvisor.render.layout import hang

WIDTH = 36
"""Characters in a line of a label."""

SHAPES: dict[Kind, str] = {
    "question": "shape=hexagon",
    "fork": "shape=diamond",
    "step": "shape=box, style=rounded",
    "find-out": "shape=parallelogram",
    "exit": 'shape=octagon, color="#b00020", penwidth=2',
    "hand-over": "shape=box, peripheries=2",
}
"""How each kind is drawn; each has a shape of its own."""

WAY = 'color="#0b57d0", penwidth=5'


def render(picture: Picture) -> str:
    """The whole graph."""
    lines = [
        "digraph pathway {",
        f"  label={_quoted(picture.title)}",
        '  graph [labelloc=t, fontsize=20, fontname="Helvetica"]',
        '  node [fontsize=12, fontname="Helvetica", margin="0.15,0.08"]',
        '  edge [fontsize=11, fontname="Helvetica"]',
    ]
    for number, panel in enumerate(picture.panels, 1):
        lines += _panel(panel, number)
    lines += [_arrow(arrow) for arrow in picture.links]
    return "\n".join((*lines, "}")) + "\n"


def _panel(panel: Panel, number: int) -> list[str]:
    head = [
        f"  subgraph cluster_{number} {{",
        f"  label={_quoted(panel.heading)}",
    ]
    return [*head, *map(_place, panel.places), *map(_arrow, panel.arrows), "  }"]


def _place(place: Place) -> str:
    texts = [text for text in (place.mark, place.word, place.label, place.review) if text]
    lines = [line for text in texts for line in hang(text, WIDTH)]
    look = f", {WAY}" if place.number else ""
    return f"  {_quoted(place.id)} [label={_quoted(*lines)}, {SHAPES[place.kind]}{look}]"


def _arrow(arrow: Arrow) -> str:
    look = f", {WAY}" if arrow.taken else ""
    label = _quoted(*hang(arrow.said, WIDTH))
    return f"  {_quoted(arrow.start)} -> {_quoted(arrow.end)} [label={label}{look}]"


def _quoted(*lines: str) -> str:
    """Lines as one string of DOT, which reads backslashes and named characters such as &lt;."""
    safe = (line.replace("&", "&amp;").replace("\\", "\\\\").replace('"', '\\"') for line in lines)
    joined = "\\n".join(safe)
    return f'"{joined}"'
