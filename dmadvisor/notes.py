"""What decoding finds out on the way: mistakes, references, and where each stands."""

from collections.abc import Callable
from typing import Any

from dmadvisor.model import Test
from dmadvisor.records import Record
from dmadvisor.yamltext import Data, Path


class Mistake(Record):
    """Something wrong at a place inside one file's data."""

    path: Path
    code: str
    message: str
    help: str


class Reference(Record):
    """An id that names a record somewhere else."""

    kind: str
    id: str
    path: Path


class Notes:
    """Collects mistakes, references, tests, texts and records while one record is read."""

    def __init__(self) -> None:
        self.mistakes: list[Mistake] = []
        self.references: list[Reference] = []
        self.tests: list[tuple[Test, Path]] = []
        self.texts: list[tuple[str, Path]] = []
        self.records: list[tuple[Any, Path]] = []

    def wrong(self, path: Path, code: str, message: str, help: str) -> None:
        """Note a mistake."""
        self.mistakes.append(Mistake(path, code, message, help))

    def noted(self, record: Any, path: Path) -> Any:
        """The record, kept with its place for the rules of lint."""
        self.records.append((record, path))
        return record

    def text(self, data: Data, path: Path, what: str = "text") -> str | None:
        """Data that has to be one piece of text."""
        if isinstance(data, str) and data.strip():
            return data
        found = "a list" if isinstance(data, list) else "a mapping"
        found = "nothing" if data in ("", None) or isinstance(data, str) else found
        self.wrong(path, "type", f"{what} expected, found {found}", f"write {what} here")
        return None


Reader = Callable[[Notes, Data, Path], Any]
