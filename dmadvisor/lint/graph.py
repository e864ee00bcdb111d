"""Walks over named places that point to each other: their order, and where they run in circles."""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple


class Explored(NamedTuple):
    """What a depth-first walk found."""

    order: tuple[str, ...]
    """Every place, each after all the places that it leads to, circles aside."""
    circles: tuple[tuple[str, ...], ...]
    """Each circle from the place that it comes back to, which stands at both ends."""


def explore(roots: Iterable[str], leads_to: Callable[[str], Iterable[str]]) -> Explored:
    """Walk from every root, without recursion, so that no content is too deep for it."""
    order: list[str] = []
    circles: list[tuple[str, ...]] = []
    done: set[str] = set()
    for root in roots:
        if root in done:
            continue
        way: dict[str, Iterator[str]] = {root: iter(leads_to(root))}
        while way:
            place, ahead = next(reversed(way.items()))
            step = next(ahead, None)
            if step is None:
                way.popitem()
                done.add(place)
                order.append(place)
            elif step in way:
                names = list(way)
                circles.append((*names[names.index(step) :], step))
            elif step not in done:
                way[step] = iter(leads_to(step))
    return Explored(tuple(order), tuple(circles))


def circle_words(circle: tuple[str, ...]) -> str:
    """A circle as it is printed; the middle of a long one is left out."""
    names = circle if len(circle) <= 12 else (*circle[:6], "...", *circle[-5:])
    return " -> ".join(names)
