"""Ranges of numbers: what a list of them leaves out, whether two meet, how one is written."""

from collections.abc import Iterable
from decimal import Decimal

from dmadvisor.answers import within
from dmadvisor.conditions import bounds_words
from dmadvisor.model import Bounds

ANY = Bounds()


def left_out(ranges: Iterable[Bounds], of: Bounds) -> tuple[Bounds, ...]:
    """The stretches of one range that no other range covers, from low to high."""
    given = tuple(ranges)
    found: list[Bounds] = []
    running = False
    for piece, sample in _pieces(given, of):
        if not within(sample, of) or any(within(sample, each) for each in given):
            running = False
        elif running:
            found[-1] = found[-1]._replace(high=piece.high, high_included=piece.high_included)
        else:
            found.append(piece)
            running = True
    return tuple(found)


def meet(one: Bounds, other: Bounds) -> bool:
    """Whether some number lies in both ranges."""
    return any(
        within(sample, one) and within(sample, other) for _, sample in _pieces((one,), other)
    )


def in_words(bounds: Bounds, of: Bounds = ANY) -> str:
    """A range as an author writes it; an end that is the end of ``of`` is not said."""
    if bounds.low is None or bounds.low != bounds.high:
        if bounds.low == of.low and bounds.low_included:
            bounds = bounds._replace(low=None)
        if bounds.high == of.high and bounds.high_included:
            bounds = bounds._replace(high=None)
    return bounds_words(bounds) or "any number"


def _pieces(given: tuple[Bounds, ...], of: Bounds) -> list[tuple[Bounds, Decimal]]:
    """Every end as a point and every stretch between ends, each with one number that lies in it."""
    ends = {end for each in (*given, of) for end in (each.low, each.high) if end is not None}
    points = sorted(ends)
    if not points:
        return [(ANY, Decimal(0))]
    pieces = [(Bounds(high=points[0], high_included=False), points[0] - 1)]
    for index, point in enumerate(points):
        pieces.append((Bounds(low=point, high=point), point))
        above = points[index + 1] if index + 1 < len(points) else None
        sample = point + 1 if above is None else (point + above) / 2
        stretch = Bounds(low=point, low_included=False, high=above, high_included=above is None)
        pieces.append((stretch, sample))
    return pieces
