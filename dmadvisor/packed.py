"""Records as bytes and back, so that a run reads only those it uses, and quickly.

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


class Packer:
    """Collects the records of a packed copy."""

    def __init__(self) -> None:
        self._body = BytesIO()
        self._kinds: dict[str, dict[str, Place]] = {}

    def add(self, kind: str, id: str, record: Any) -> None:
        """Pack one record, to be found again by its kind and id."""
        self._kinds.setdefault(kind, {})[id] = self._place(record)

    def copy(self, origin: Mapping[str, Any]) -> bytes:
        """Everything that was added, with ``origin`` to tell what it was made from."""
        body = self._body.getvalue()
        first = {"version": __version__, **origin, "length": len(body), "kinds": self._kinds}
        table = self._pickled(first)
        return b"%0*d" % (HEAD, len(table)) + table + body

    def _place(self, value: Any) -> Place:
        """Where a value now stands."""
        pickled = self._pickled(value)
        start = self._body.tell()
        self._body.write(pickled)
        return start, start + len(pickled)

    def _pickled(self, value: Any) -> bytes:
        from copyreg import __newobj__  # type: ignore[attr-defined]
        from pickle import Pickler

        place = self._place

        class Writer(Pickler):
            def persistent_id(self, value: Any) -> dict[str, Place] | None:
                if isinstance(value, _Apart):
                    return {name: place(each) for name, each in value.records.items()}
                return None

            def reducer_override(self, value: Any) -> Any:
                if isinstance(value, Record):
                    return __newobj__, (type(value),), _told(value)
                return NotImplemented

        buffer = BytesIO()
        Writer(buffer, protocol=5).dump(value)
        return buffer.getvalue()


class _Apart(Record):
    """Named records that get a place of their own."""

    records: Mapping[str, Any]


def _told(record: Record) -> dict[str, Any]:
    """The fields of a record that differ from what a record has without being told."""
    told = {}
    for name, value in record._asdict().items():
        if name in record._required or value != vars(type(record))[name]:
            apart = isinstance(value, Mapping) and any(map(_holds_records, value.values()))
            told[name] = _Apart(value) if apart else value
    return told


def _holds_records(value: Any) -> bool:
    inner = value if isinstance(value, tuple) else ()
    return isinstance(value, Record) or any(map(_holds_records, inner))


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
