"""A picture of a pathway as one SVG: self-contained, nothing told by colour alone."""

from collections.abc import Iterator, Mapping
from textwrap import wrap

from dmadvisor.picture import KINDS, Arrow, Kind, Picture, Place
from dmadvisor.render.drawing import opening, text
from dmadvisor.render.layered import Arrangement, Size, Spot, arrange

MARGIN = 24
HEAD = 96
"""What the title and the legend take up."""
LINE = 17
SMALL_LINE = 14
PER_CHARACTER = 7.2
PER_SMALL_CHARACTER = 6.3
PER_LINE = 30
"""Characters in a line of a box."""
PER_LABEL_LINE = 26
SLANT = 14
LEGEND = 170
ARROW = 8
"""How long the head of a line is."""
WIDEST_PORTS = 120
"""Over how much of a side the lines that meet there are spread."""

STYLE = """
.pathway text{font:13px Arial,Helvetica,"Liberation Sans",sans-serif;fill:#1b1b1b}
.pathway .t{font-size:20px;font-weight:bold}.pathway .k{font-size:11px;font-weight:bold}
.pathway .s,.pathway .l{font-size:11px}.pathway .w{font-size:12px;font-weight:bold;fill:#0b57d0}
.pathway .b,.pathway .g{fill:#fff}.pathway .e{fill:none;stroke:#5f6368;stroke-width:1.2}
.pathway .h{fill:#5f6368}.pathway .c{fill:none;stroke:#1b1b1b}
.pathway .question{fill:#e8f0fe;stroke:#174ea6}.pathway .fork{fill:#f1f3f4;stroke:#3c4043}
.pathway .step{fill:#e6f4ea;stroke:#0d652d}.pathway .find-out{fill:#fef7e0;stroke:#b06000}
.pathway .exit{fill:#fce8e6;stroke:#b3261e;stroke-width:2.5}
.pathway .hand-over{fill:#f3e8fd;stroke:#681da8}
.pathway .way{stroke:#0b57d0;stroke-width:5}.pathway .y{fill:#0b57d0}
@media screen and (prefers-color-scheme:dark){.pathway text{fill:#e8eaed}
.pathway .w{fill:#a8c7fa}.pathway .b,.pathway .g{fill:#17191c}.pathway .e{stroke:#9aa0a6}
.pathway .h{fill:#9aa0a6}.pathway .c{stroke:#e8eaed}
.pathway .question{fill:#1b2a41;stroke:#a8c7fa}.pathway .fork{fill:#2a2d31;stroke:#bdc1c6}
.pathway .step{fill:#17301f;stroke:#81c995}.pathway .find-out{fill:#352b12;stroke:#fdd663}
.pathway .exit{fill:#3c1d1b;stroke:#f28b82}.pathway .hand-over{fill:#2d1f3d;stroke:#d7aefb}
.pathway .way{stroke:#a8c7fa}.pathway .y{fill:#a8c7fa}}
"""


def render(picture: Picture) -> str:
    """The whole picture."""
    arrows = (*(arrow for panel in picture.panels for arrow in panel.arrows), *picture.links)
    sizes = {place.id: _size(place) for place in picture.places}
    labels = [_label_size(arrow) for arrow in arrows]
    found = arrange(picture, arrows, sizes, labels)
    width = round(max(found.width, LEGEND * (len(KINDS) + 1)) + 2 * MARGIN)
    height = round(found.height + HEAD + 2 * MARGIN)
    parts = [
        opening(picture.title, picture.described, width, height, STYLE, "pathway"),
        text(MARGIN, 38, picture.panels[0].heading, "t"),
        *_legend(way=bool(picture.way)),
        f'<g transform="translate({MARGIN} {HEAD + MARGIN})">\n',
        *_lines(arrows, {place.id: place.kind for place in picture.places}, found),
        *_headings(picture, found),
        *(_box(place, found.places[place.id]) for place in picture.places),
        "</g>\n</svg>\n",
    ]
    return "".join(parts)


# -- sizes --------------------------------------------------------------------------------------


def _texts(place: Place) -> list[tuple[str, str]]:
    """The lines of a place, each with its style."""
    texts = ((place.mark, "w"), (place.word, "k"), (place.label, ""), (place.review, "s"))
    return [(line, style) for words, style in texts for line in _balanced(words, PER_LINE)]


def _balanced(words: str, most: int) -> list[str]:
    """Words in as few lines as ``most`` characters allow, of much the same length."""
    best = wrap(words, most, break_on_hyphens=False)
    longest = max(map(len, words.split()), default=most)
    for width in range(longest, most):
        lines = wrap(words, width, break_on_hyphens=False)
        if len(lines) == len(best):
            return lines
    return best


def _size(place: Place) -> Size:
    texts = _texts(place)
    wide = max(len(line) * PER_CHARACTER for line, _ in texts)
    tall = LINE * len(texts)
    if place.kind == "fork":
        return wide * 1.5 + 2 * SLANT, tall + 34
    return wide + 2 * SLANT + 12, tall + 16


def _label_lines(arrow: Arrow) -> list[str]:
    return _balanced(arrow.said, max(PER_LABEL_LINE, min(46, len(arrow.said) // 5)))


def _label_size(arrow: Arrow) -> Size:
    lines = _label_lines(arrow)
    per = PER_CHARACTER if arrow.taken else PER_SMALL_CHARACTER
    return max(map(len, lines)) * per + 8, SMALL_LINE * len(lines) + 4


# -- drawing ------------------------------------------------------------------------------------


def _legend(*, way: bool) -> Iterator[str]:
    """Every shape with its word."""
    for number, (kind, word) in enumerate(KINDS.items()):
        x = MARGIN + 22 + number * LEGEND
        yield _shape(kind, Spot(x, 72, 40, 24, 60, 84), kind)
        yield text(x + 28, 76, word, "k")
    if way:
        x = MARGIN + len(KINDS) * LEGEND
        yield f'<path class="e way" d="M{x} 72h40"/>\n'
        yield text(x + 50, 76, "The way of this patient", "k")


def _headings(picture: Picture, found: Arrangement) -> Iterator[str]:
    """The title of each further pathway, beside its start where more room is."""
    for panel in picture.panels[1:]:
        start = found.places[panel.places[0].id]
        if start.x < found.width / 2:
            yield text(start.x + start.width / 2 + MARGIN, start.y, panel.heading, "t")
        else:
            yield text(start.x - start.width / 2 - MARGIN, start.y, panel.heading, "t", "end")


def _box(place: Place, spot: Spot) -> str:
    """A place in its shape, its lines from top to bottom."""
    look = f"{place.kind} way" if place.number else place.kind
    parts = [_shape(place.kind, spot, look)]
    texts = _texts(place)
    y = spot.y - LINE * len(texts) / 2 + LINE * 0.75
    for line, style in texts:
        parts.append(text(spot.x, round(y, 1), line, style, "middle"))
        if style == "s" and line.startswith("Review"):
            parts.append(_clock(spot.x - len(line) * PER_SMALL_CHARACTER / 2 - 10, y - 4))
        y += LINE
    return f"<g>{''.join(parts)}</g>\n"


def _clock(x: float, y: float) -> str:
    """The mark of a review."""
    return f'<path class="c" d="M{x - 5:.1f} {y:.1f}a5 5 0 1 0 10 0a5 5 0 1 0-10 0m5-3v3h3"/>\n'


def _shape(kind: Kind, spot: Spot, look: str) -> str:
    """The outline of a place; each kind has one of its own."""
    left, right = spot.x - spot.width / 2, spot.x + spot.width / 2
    top, low, cut = spot.top, spot.bottom, min(SLANT, spot.height / 3)
    if kind in ("step", "hand-over"):
        round_ = f' rx="{cut:.1f}"' if kind == "step" else ""
        box = _rect(left, top, spot.width, spot.height, f'class="{look}"{round_}')
        inner = _rect(left + 4, top + 4, spot.width - 8, spot.height - 8, f'class="{kind}"')
        return box if kind == "step" else box + inner
    corners = {
        "question": ((left, spot.y), (left + cut, top), (right - cut, top), (right, spot.y),
                     (right - cut, low), (left + cut, low)),
        "fork": ((left, spot.y), (spot.x, top), (right, spot.y), (spot.x, low)),
        "find-out": ((left + cut, top), (right, top), (right - cut, low), (left, low)),
        "exit": ((left + cut, top), (right - cut, top), (right, top + cut), (right, low - cut),
                 (right - cut, low), (left + cut, low), (left, low - cut), (left, top + cut)),
    }[kind]  # fmt: skip
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in corners)
    return f'<polygon class="{look}" points="{points}"/>\n'


def _rect(x: float, y: float, width: float, height: float, rest: str) -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" {rest}/>\n'


def _lines(
    arrows: tuple[Arrow, ...], kinds: Mapping[str, Kind], found: Arrangement
) -> Iterator[str]:
    """Every line with its head and label; the patient's way above the others."""
    order = sorted(range(len(arrows)), key=lambda n: bool(arrows[n].taken))
    leaving = _ports([arrow.start for arrow in arrows], [label.x for label in found.labels])
    tails = [bends[-1].x for bends in found.bends]
    entering = _ports([arrow.end for arrow in arrows], tails)
    for n in order:
        start, end = found.places[arrows[n].start], found.places[arrows[n].end]
        begin = _port(start, leaving[n], kinds[arrows[n].start])
        finish = _port(end, entering[n], kinds[arrows[n].end], -1)
        path = _path(begin, start.row_bottom, found.bends[n], end.row_top, finish)
        yield _line(arrows[n], path, finish)
    for n in order:
        yield _label(arrows[n], found.labels[n])


def _ports(places: list[str], towards: list[float]) -> list[float]:
    """Where each line leaves or enters its place, from -0.5 to 0.5, so that none cross there."""
    found = [0.0] * len(places)
    for place in set(places):
        lines = sorted(
            (n for n, each in enumerate(places) if each == place), key=towards.__getitem__
        )
        for number, n in enumerate(lines):
            found[n] = (number + 0.5) / len(lines) - 0.5
    return found


def _port(spot: Spot, share: float, kind: Kind, side: int = 1) -> tuple[float, float]:
    """Where a line meets the lower side of a shape, or with -1 the upper one."""
    away = share * min(spot.width / 2, WIDEST_PORTS)
    slope = spot.height / spot.width if kind == "fork" else 0.0
    y = spot.y + side * (spot.height / 2 - abs(away) * slope)
    return spot.x + away, y if side == 1 else y - ARROW


def _path(
    begin: tuple[float, float],
    row_bottom: float,
    through: tuple[Spot, ...],
    row_top: float,
    finish: tuple[float, float],
) -> str:
    """A way through the gaps that are kept for it: upright in each row and curved between."""
    x, y = begin[0], row_bottom
    path = [f"M{x:.1f} {begin[1]:.1f}V{y:.1f}"]
    for spot in through:
        path.append(_curve(x, y, spot.x, spot.row_top))
        x, y = spot.x, spot.row_bottom
        path.append(f"V{y:.1f}")
    path.append(_curve(x, y, finish[0], row_top - ARROW))
    return "".join((*path, f"V{finish[1]:.1f}"))


def _line(arrow: Arrow, path: str, finish: tuple[float, float]) -> str:
    look, head = ("e way", "y") if arrow.taken else ("e", "h")
    x, y = finish
    half = 6 if arrow.taken else 4
    return (
        f'<path class="{look}" d="{path}"/>\n'
        f'<path class="{head}" d="M{x - half:.1f} {y:.1f}h{2 * half}l{-half} {ARROW}z"/>\n'
    )


def _curve(x: float, y: float, to_x: float, to_y: float) -> str:
    if abs(x - to_x) < 0.5:
        return f"L{to_x:.1f} {to_y:.1f}"
    middle = (y + to_y) / 2
    return f"C{x:.1f} {middle:.1f} {to_x:.1f} {middle:.1f} {to_x:.1f} {to_y:.1f}"


def _label(arrow: Arrow, spot: Spot) -> str:
    parts = [_rect(spot.x - spot.width / 2, spot.top, spot.width, spot.height, 'class="b"')]
    for number, line in enumerate(_label_lines(arrow)):
        y = spot.top + SMALL_LINE * (number + 0.85)
        parts.append(text(spot.x, round(y, 1), line, "w" if arrow.taken else "l", "middle"))
    return "".join(parts)
