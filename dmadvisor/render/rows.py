"""In which order things stand in rows, so that few of the lines between the rows cross.

The way of Sugiyama, Tagawa and Toda (1981): each row in turn is sorted by where its neighbours in
the row before stand in the mean, down and up again; then neighbours change places where that saves
a crossing (Gansner et al., 1993). The best order that was seen is the one that counts.
"""

from bisect import bisect, insort
from collections.abc import Sequence

ROUNDS = 24
"""Ways down or up; more of them find little."""

Rows = list[list[int]]
Links = Sequence[Sequence[int]]
"""What each is joined to in the row above, or in the row below."""


def ordered(rows: Sequence[int], links: Sequence[tuple[int, int]]) -> Rows:
    """What stands in each row, from left to right; each link leads one row down."""
    above: list[list[int]] = [[] for _ in rows]
    below: list[list[int]] = [[] for _ in rows]
    for start, end in links:
        above[end].append(start)
        below[start].append(end)
    order: Rows = [[] for _ in range(max(rows) + 1)]
    for n, row in enumerate(rows):
        order[row].append(n)
    best, fewest = order, crossings(order, below)
    for number in range(ROUNDS):
        order = _sorted_by(order, below if number % 2 else above, upwards=bool(number % 2))
        order = _swapped(order, above, below)
        count = crossings(order, below)
        if count < fewest:
            best, fewest = order, count
    return best


def crossings(order: Rows, below: Links) -> int:
    """How many pairs of lines cross."""
    count = 0
    place = _places(order)
    for row in order:
        passed: list[int] = []
        for n in row:
            ends = sorted(place[m] for m in below[n])
            count += sum(len(passed) - bisect(passed, end) for end in ends)
            for end in ends:
                insort(passed, end)
    return count


def _places(order: Rows) -> dict[int, int]:
    return {n: place for row in order for place, n in enumerate(row)}


def _sorted_by(order: Rows, joined: Links, *, upwards: bool) -> Rows:
    """Each row by the mean place of what it is joined to; what is joined to nothing stays."""
    place = _places(order)
    found = list(order)
    for number in range(len(order))[:: -1 if upwards else 1]:
        means = {
            n: sum(place[m] for m in joined[n]) / len(joined[n]) if joined[n] else place[n]
            for n in order[number]
        }
        found[number] = sorted(order[number], key=means.__getitem__)
        place.update({n: at for at, n in enumerate(found[number])})
    return found


def _swapped(order: Rows, above: Links, below: Links) -> Rows:
    """Neighbours changed over as long as that saves crossings."""
    found = [list(row) for row in order]
    place = _places(found)
    better = True
    while better:
        better = False
        for row in found:
            for left in range(len(row) - 1):
                a, b = row[left], row[left + 1]
                if _saved(a, b, place, above) + _saved(a, b, place, below) > 0:
                    row[left], row[left + 1] = b, a
                    place[a], place[b] = left + 1, left
                    better = True
    return found


def _saved(a: int, b: int, place: dict[int, int], joined: Links) -> int:
    """How many crossings less there are when ``b`` stands left of ``a``."""
    pairs = [(place[m], place[n]) for m in joined[a] for n in joined[b]]
    return sum((x > y) - (x < y) for x, y in pairs)
