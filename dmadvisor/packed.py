"""Records read back from bytes, so that a run reads only those it uses, and quickly.

A packed copy is a table of contents and then one pickle a record: the table says what the copy was
made from, and where each record stands by kind and id. Named records inside a record have a place
of their own and are read when looked up. Reading builds the records of ``model`` and the plain
values in them, and refuses everything else, whatever the bytes say.
"""

from _pickle import Unpickler, UnpicklingError
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

from dmadvisor import __version__, model
from dmadvisor.problems import PathwayError, Problem, printable
from dmadvisor.records import Record

COMPILED = "compiled.pickle"
"""The name of the packed copy, which stands beside ``content.yaml``."""

Place = tuple[int, int]
"""Where a pickle starts and ends behind the table of contents."""

HEAD = 8
"""How many digits in front say how long the table of contents is."""

ALLOWED = {
    (kind.__module__, kind.__name__): kind
    for kind in (Decimal, date, *vars(model).values())
    if kind in (Decimal, date) or (isinstance(kind, type) and issubclass(kind, Record))
}
"""The classes that a packed copy may name."""


class Packed:
    """The records of a packed copy.

    Raises PathwayError for what is damaged, also later, when a record is read, and ValueError for
    what is no whole copy of this version's making.
    """

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._start = HEAD
        self.origin: dict[str, Any] = {}
        self.origin = self.read(0, int(raw[:HEAD]))
        self._start += int(raw[:HEAD])
        if not isinstance(self.origin, dict) or (
            (self.origin.get("version"), self.origin.get("length"))
            != (__version__, len(raw) - self._start)
        ):
            raise ValueError("cut short, or made by another version")
        self._kinds: dict[str, dict[str, Place]] = self.origin["kinds"]

    def ids(self, kind: str) -> tuple[str, ...]:
        """Every id of a kind, in the order in which they were packed."""
        return tuple(self._kinds.get(kind, ()))

    def record(self, kind: str, id: str) -> Any:
        """A record by kind and id; None when there is none."""
        place = self._kinds.get(kind, {}).get(id)
        return None if place is None else self.read(*place)

    def read(self, start: int, end: int) -> Any:
        """What stands at a place."""
        pickled = BytesIO(self._raw[self._start + start : self._start + end])
        try:
            return _Reader(pickled, self).load()
        except (UnpicklingError, EOFError, LookupError, AttributeError, TypeError, ValueError) as e:
            raise PathwayError((_damaged(e),)) from e


def _damaged(error: Exception) -> Problem:
    return Problem(
        COMPILED,
        1,
        1,
        1,
        "compiled",
        f"the compiled copy is damaged: {printable(str(error))}",
        "delete it: the YAML is read then",
    )


class _Reader(Unpickler):
    """Builds the classes in ``ALLOWED`` and no other."""

    def __init__(self, pickled: BytesIO, packed: Packed) -> None:
        super().__init__(pickled)
        self._packed = packed

    def find_class(self, module: str, name: str) -> Any:
        try:
            return ALLOWED[module, name]
        except KeyError:
            raise UnpicklingError(f"{module}.{name} has no place in content") from None

    def persistent_load(self, at: dict[str, Place]) -> "Named":
        return Named(self._packed, at)


class Named(Mapping[str, Any]):
    """Named records of a packed copy, each read when it is first looked up."""

    def __init__(self, packed: Packed, at: dict[str, Place]) -> None:
        self._packed = packed
        self._at = at
        self._read: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._read:
            self._read[name] = self._packed.read(*self._at[name])
        return self._read[name]

    def __contains__(self, name: object) -> bool:
        return name in self._at

    def __iter__(self) -> Iterator[str]:
        return iter(self._at)

    def __len__(self) -> int:
        return len(self._at)
