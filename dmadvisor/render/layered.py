"""Where the places, labels and lines of a picture stand: rows from the top, no two in one another.

Each line has a label of its own in the row under its start, and passes every further row through a
gap that is kept free for it: no line can cross a box.
"""

from collections.abc import Mapping, Sequence
from itertools import accumulate, pairwise

from dmadvisor.picture import Arrow, Panel, Picture
from dmadvisor.records import Record
from dmadvisor.render.rows import ordered

LINE_WIDTH = 10
"""What a line takes up of a row that it passes."""
BETWEEN = 16
"""How far apart what stands in a row is at least."""
LEAST_GAP, MOST_GAP = 26, 64
"""How far apart rows are; further where lines run further sideways."""
MANY_ENDS = 4
"""More places than this in which the tree ends are spread over several rows."""
SWEEPS = 200
STRAIGHT = 4.0
"""Lines that run less far sideways than this count as straight."""
PULLS = (1.0, 2.0, 8.0)
"""How much a stretch of a line wants to be straight, by how many of its ends pass a row."""

Size = tuple[float, float]


class Spot(Record):
    """The middle of a box, its size, and where its row begins and ends."""

    x: float
    y: float
    width: float
    height: float
    row_top: float
    row_bottom: float

    @property
    def top(self) -> float:
        """The y of its upper side."""
        return self.y - self.height / 2

    @property
    def bottom(self) -> float:
        """The y of its lower side."""
        return self.y + self.height / 2


class Arrangement(Record):
    """Where everything stands."""

    places: Mapping[str, Spot]
    labels: tuple[Spot, ...]
    """The labels of the lines, in the order of the arrows."""
    bends: tuple[tuple[Spot, ...], ...]
    """The rows that each line passes upright: that of its label, and those below it."""
    width: float
    height: float


def arrange(
    picture: Picture, arrows: Sequence[Arrow], places: Mapping[str, Size], labels: Sequence[Size]
) -> Arrangement:
    """All panels, one below the other."""
    layers = _layers(picture)
    rows: list[int] = [2 * layers[id] for id in places]
    sizes: list[Size] = list(places.values())
    number = {id: n for n, id in enumerate(places)}
    links: list[tuple[int, int]] = []
    chains: list[range] = []
    for arrow, size in zip(arrows, labels, strict=True):
        first, last = 2 * layers[arrow.start] + 1, 2 * layers[arrow.end]
        chain = range(len(rows), len(rows) + last - first)
        rows += range(first, last)
        sizes += [size, *[(LINE_WIDTH, 0.0)] * (len(chain) - 1)]
        links += pairwise((number[arrow.start], *chain, number[arrow.end]))
        chains.append(chain)
    order = ordered(rows, links)
    middles = _across(order, links, [width for width, _ in sizes])
    tops, heights = _down(order, links, middles, [height for _, height in sizes])
    boxes = []
    for n, (width, height) in enumerate(sizes):
        top, tall = tops[rows[n]], heights[rows[n]]
        boxes.append(Spot(middles[n], top + tall / 2, width, height, top, top + tall))
    return Arrangement(
        {id: boxes[n] for id, n in number.items()},
        tuple(boxes[chain[0]] for chain in chains),
        tuple(tuple(boxes[n] for n in chain) for chain in chains),
        max(box.x + box.width / 2 for box in boxes),
        tops[-1] + heights[-1],
    )


def _layers(picture: Picture) -> dict[str, int]:
    """How many places stand above each: every line leads down, the panels below each other."""
    layers: dict[str, int] = {}
    base = 0
    for panel in picture.panels:
        found = _panel_layers(panel)
        layers |= {id: base + layer for id, layer in found.items()}
        base = max(layers.values()) + 1
    return layers


def _panel_layers(panel: Panel) -> dict[str, int]:
    entering: dict[str, list[str]] = {place.id: [] for place in panel.places}
    ends = {place.id for place in panel.places} - {arrow.start for arrow in panel.arrows}
    for arrow in panel.arrows:
        entering[arrow.end].append(arrow.start)
    layers: dict[str, int] = {}
    while len(layers) < len(entering):
        layers |= {
            id: 1 + max((layers[start] for start in starts), default=-1)
            for id, starts in entering.items()
            if id not in layers and all(start in layers for start in starts)
        }
    for place in panel.places:
        alone = [id for id, starts in entering.items() if starts == [place.id] and id in ends]
        if len(alone) > MANY_ENDS:
            for number, id in enumerate(alone):
                layers[id] += number % (-(-len(alone) // MANY_ENDS))
    return layers


def _across(
    order: Sequence[Sequence[int]], links: Sequence[tuple[int, int]], widths: Sequence[float]
) -> list[float]:
    """The x of everything: each near what it is joined to, none in another."""
    joined: list[list[int]] = [[] for _ in widths]
    for start, end in links:
        joined[start].append(end)
        joined[end].append(start)
    middles = [0.0] * len(widths)
    for sweep in range(SWEEPS):
        for row in order if sweep % 2 else order[::-1]:
            pulls = [_pull(n, joined[n], middles, widths) for n in row]
            for n, middle in zip(row, _settled([widths[n] for n in row], pulls), strict=True):
                middles[n] = middle
    left = min(x - width / 2 for x, width in zip(middles, widths, strict=True))
    return [x - left for x in middles]


def _pull(
    n: int, joined: Sequence[int], middles: Sequence[float], widths: Sequence[float]
) -> tuple[float, float]:
    """Where one would stand best, and how much it matters.

    Nearly the sum of the distances is made small, not of their squares: most lines are straight
    then, and few run far sideways. A line that passes rows is kept straight before all else.
    """
    total = weight = 0.0
    for m in joined:
        passing = (widths[n] == LINE_WIDTH) + (widths[m] == LINE_WIDTH)
        pull = PULLS[passing] / max(abs(middles[n] - middles[m]), STRAIGHT)
        total += middles[m] * pull
        weight += pull
    return (total / weight, weight) if weight else (middles[n], STRAIGHT)


def _settled(widths: Sequence[float], pulls: Sequence[tuple[float, float]]) -> list[float]:
    """A row as near to where each wants to be as its widths allow (weighted least squares)."""
    steps = ((a + b) / 2 + BETWEEN for a, b in pairwise(widths))
    offsets = list(accumulate(steps, initial=0.0))
    blocks: list[tuple[float, float, int]] = []
    for (wanted, heavy), offset in zip(pulls, offsets, strict=True):
        total, weight, count = (wanted - offset) * heavy, heavy, 1
        while blocks and blocks[-1][0] / blocks[-1][1] > total / weight:
            more, heavier, several = blocks.pop()
            total, weight, count = total + more, weight + heavier, count + several
        blocks.append((total, weight, count))
    bases = (total / weight for total, weight, count in blocks for _ in range(count))
    return [base + offset for base, offset in zip(bases, offsets, strict=True)]


def _down(
    order: Sequence[Sequence[int]],
    links: Sequence[tuple[int, int]],
    middles: Sequence[float],
    tall: Sequence[float],
) -> tuple[list[float], list[float]]:
    """The top and the height of each row."""
    heights = [max((tall[n] for n in row), default=0.0) for row in order]
    row_of = {n: number for number, row in enumerate(order) for n in row}
    sideways = [0.0] * len(order)
    for start, end in links:
        row = row_of[start]
        sideways[row] = max(sideways[row], abs(middles[start] - middles[end]))
    tops, top = [], 0.0
    for height, far in zip(heights, sideways, strict=True):
        tops.append(top)
        top += height + min(max(LEAST_GAP, far / 8), MOST_GAP)
    return tops, heights
