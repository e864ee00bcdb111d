"""Content to one packed copy, which a wheel carries so that no YAML is parsed at start-up.

Used when a wheel is built (``hatch_build.py``), never by the program itself.
"""

from collections.abc import Mapping
from copyreg import __newobj__  # type: ignore[attr-defined]
from datetime import date
from io import BytesIO
from pathlib import Path
from pickle import Pickler
from typing import Any

from dmadvisor import __version__
from dmadvisor.library import INSIDE, OWN_FILE, SHARED, Library
from dmadvisor.packed import COMPILED, HEAD, Place
from dmadvisor.problems import PathwayError, Problem
from dmadvisor.records import Record


def compile_content(root: Path) -> bytes:
    """The compiled copy of a content folder; PathwayError when the content has errors."""
    if (root / COMPILED).exists():
        raise PathwayError((_compiled_already(),))
    library = Library(root)
    from dmadvisor.lint import lint

    errors = tuple(p for p in lint(library, today=date.today()) if p.severity == "error")
    if errors:
        raise PathwayError(errors)
    packer = Packer()
    for kind in (*SHARED, *OWN_FILE, *INSIDE):
        for id in library.ids(kind):
            packer.add(kind, id, library.get(kind, id))
    for entry in (library.content_entry(), library.ledger_entry()):
        packer.add(entry.kind, entry.id, entry.record)
    return packer.copy({"checksums": library.checksums(), "sha256": library.sha256})


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


def _compiled_already() -> Problem:
    return Problem(
        COMPILED,
        1,
        1,
        1,
        "compiled",
        "a compiled copy stands in the source tree",
        "delete it: it is made when a wheel is built",
    )
