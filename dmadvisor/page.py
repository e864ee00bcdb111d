"""What a document is made of: sections of items with labelled details, before any format."""

from typing import Literal

from dmadvisor.records import Record

Tone = Literal["", "good", "warn", "bad", "quiet"]
"""How an item looks where there is colour; its words say the same."""


class Detail(Record):
    """A labelled line under an item."""

    label: str
    text: str
    refs: tuple[int, ...] = ()


class Item(Record):
    """One thing that is said, with what belongs to it."""

    kind: str
    """The word that ``plain`` puts before it."""
    text: str
    status: str = ""
    tone: Tone = ""
    refs: tuple[int, ...] = ()
    details: tuple[Detail, ...] = ()
    tick: bool | None = None
    """For a check list: ticked or not."""


class Section(Record):
    """A heading with its items."""

    heading: str
    items: tuple[Item, ...]
    tone: Tone = ""
    kind: str = ""
    """The word that ``plain`` puts before the heading; without one its items speak for it."""


class SourceNumbers:
    """Numbers citations in the order of their first use."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}

    def __call__(self, cites: tuple[str, ...]) -> tuple[int, ...]:
        """The numbers of some citations, from low to high."""
        return tuple(sorted(self.numbers.setdefault(c, len(self.numbers) + 1) for c in cites))


class Document(Record):
    """What a reader sees, before any format."""

    sections: tuple[Section, ...]
