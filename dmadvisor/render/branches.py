"""A picture of a pathway as a tree for a terminal.

The longest way through goes on at the same depth, so that thirty questions in a row fit a screen;
what leads aside hangs below its branch. A place is shown in full once and referred to after that.
"""

from collections.abc import Mapping
from functools import cache

from rich.console import Console
from rich.text import Text
from rich.tree import Tree

from dmadvisor.picture import Arrow, Kind, Panel, Picture, Place
from dmadvisor.render.layout import hang, usable_width

GUIDE = 4
"""How many columns each level of the tree takes."""
NARROWEST = 24

STYLES: dict[Kind, str] = {
    "question": "",
    "fork": "",
    "step": "green",
    "find-out": "yellow",
    "exit": "red",
    "hand-over": "cyan",
}


def print_picture(console: Console, picture: Picture) -> None:
    """Write one tree for each pathway that the picture shows."""
    for number, panel in enumerate(picture.panels):
        if number:
            console.print()
        console.print(_Branches(panel, usable_width(console.width)).tree())


class _Branches:
    """Hangs the places of one pathway on a tree."""

    def __init__(self, panel: Panel, width: int) -> None:
        self.panel = panel
        self.width = width
        self.places = {place.id: place for place in panel.places}
        self.leaving: dict[str, list[Arrow]] = {place.id: [] for place in panel.places}
        for arrow in panel.arrows:
            self.leaving[arrow.start].append(arrow)
        self.length = _lengths(self.leaving)
        self.planned: set[str] = set()
        self.shown: set[str] = set()

    def tree(self) -> Tree:
        """The whole pathway."""
        first = self.panel.places[0]
        way = any(place.number for place in self.panel.places)
        root = Tree(self.text(self.panel.heading, 0, "bold green"), guide_style=_guide(way=way))
        self.row(root, self.following(first.id), 1)
        return root

    def row(self, node: Tree, row: list[str], depth: int) -> None:
        """Places that follow each other, one below the other."""
        for place, after in zip(row, (*row[1:], ""), strict=True):
            child = node.add(self.full(self.places[place], depth), guide_style=self.guide(place))
            self.branches(child, place, after, depth + 1)

    def following(self, start: str) -> list[str]:
        """The longest way on from a place, through what stands nowhere else yet."""
        row, place = [start], start
        while True:
            self.planned.add(place)
            ends = [arrow.end for arrow in self.leaving[place]]
            longest = max(ends, key=lambda end: self.length[end], default="")
            if not longest or longest in self.planned or not self.leaving[longest]:
                return row
            row.append(longest)
            place = longest

    def branches(self, node: Tree, place: str, after: str, depth: int) -> None:
        """Each way on from a place, with what stands nowhere else yet."""
        self.shown.add(place)
        for arrow in self.leaving[place]:
            end = self.places[arrow.end]
            if arrow.end == after:
                node.add(self.line(f"{arrow.said}:", f"{end.word}, next", arrow, depth))
            elif arrow.end in self.planned:
                where = "above" if arrow.end in self.shown else "below"
                node.add(self.line(f"{arrow.said}:", f"see {end.word}, {where}", arrow, depth))
            else:
                self.aside(node, arrow, depth)

    def aside(self, node: Tree, arrow: Arrow, depth: int) -> None:
        """A branch with the places that hang below it."""
        row = self.following(arrow.end)
        lead = self.line(f"{arrow.said}:", "", arrow, depth)
        if len(row) > 1:
            self.row(node.add(lead, guide_style=self.guide(arrow.end)), row, depth + 1)
            return
        place = self.places[arrow.end]
        both = Text("\n").join((lead, self.full(place, depth, "  ")))
        self.branches(node.add(both, guide_style=self.guide(place.id)), place.id, "", depth + 1)

    def full(self, place: Place, depth: int, lead: str = "") -> Text:
        """A place with all that is drawn of it."""
        words = f"{place.word}: {place.label}" if place.label else place.word
        review = f". {place.review}" if place.review else ""
        mark = f"{place.mark}. " if place.mark else ""
        style = STYLES[place.kind] or "default"
        return self.text(
            f"{mark}{words}{review}", depth, f"bold {style}" if place.number else style, lead
        )

    def line(self, branch: str, to: str, arrow: Arrow, depth: int) -> Text:
        """A branch and where it leads."""
        return self.text(f"{branch} {to}".strip(), depth, "bold" if arrow.taken else "default")

    def text(self, words: str, depth: int, style: str, lead: str = "") -> Text:
        """Words in lines that leave room for the branches before them."""
        room = max(self.width - GUIDE * depth, NARROWEST)
        return Text("\n".join(hang(words, room, lead, f"{lead}  ")), style=style)

    def guide(self, place: str) -> str:
        """How the lines below a place are drawn: heavier where the patient's way passes."""
        return _guide(way=bool(self.places[place].number))


def _guide(*, way: bool) -> str:
    return "bold" if way else "dim"


def _lengths(leaving: Mapping[str, list[Arrow]]) -> dict[str, int]:
    """How many places the longest way from each place passes."""

    @cache
    def length(place: str) -> int:
        return 1 + max((length(arrow.end) for arrow in leaving[place]), default=0)

    return {place: length(place) for place in leaving}
