"""YAML text to plain data: every value stays the text that was written, with its place kept.

The only module that imports ``yaml``. Values are typed later, from the model, so an answer called
``no`` stays "no", ``2:45`` stays "2:45" and a doubled key is a problem instead of a loss.
"""

from typing import Any

from dmadvisor.problems import Problem, printable
from dmadvisor.records import Record

Data = Any
"""What YAML holds here: text, a list of data, or a dict from text to data."""

Path = tuple[str | int, ...]
"""The keys and positions that lead to a value; a key itself ends in ``KEY``."""

KEY = "\0key"

MAX_BYTES = 1_000_000
MAX_DEPTH = 16
MAX_TEXT = 4_000


class Place(Record):
    """Where a value or key stands; line and column count from 1."""

    line: int
    column: int
    length: int


class YamlFile(Record):
    """What was read from one file."""

    data: Data
    places: dict[Path, Place]
    problems: tuple[Problem, ...]


def read_yaml(raw: bytes, name: str) -> YamlFile:
    """Read one YAML or JSON document; problems name ``name`` as the file. Never raises on input."""
    reader = _Reader(name)
    data = reader.read(raw)
    return YamlFile(data, reader.places, tuple(reader.problems))


class _Unreadable(Exception):
    """Reading cannot go on; the problem is already noted."""


class _Reader:
    """Builds data from parser events, so that nothing is expanded before it is checked."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.places: dict[Path, Place] = {}
        self.problems: list[Problem] = []
        self.events: Any = iter(())

    def problem(self, place: Place, code: str, message: str, help: str) -> None:
        self.problems.append(
            Problem(self.name, place.line, place.column, place.length, code, message, help)
        )

    def read(self, raw: bytes) -> Data:
        start = Place(1, 1, 1)
        if len(raw) > MAX_BYTES:
            self.problem(
                start, "yaml", "the file is larger than 1 MB", "split it into smaller files"
            )
            return None
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = raw[: error.start].count(b"\n") + 1
            self.problem(Place(line, 1, 1), "yaml", "not UTF-8 text", "save the file as UTF-8")
            return None
        if not text.strip():
            self.problem(start, "empty", "the file is empty", "write its content, or delete it")
            return None
        try:
            return self.document(text)
        except _Unreadable:
            return None

    def document(self, text: str) -> Data:
        import yaml

        loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
        try:
            self.events = yaml.parse(text, Loader=loader)
            data: Data = None
            documents = 0
            for event in self.events:
                if isinstance(event, yaml.DocumentStartEvent):
                    documents += 1
                    if documents > 1:
                        self.problem(
                            _place(event),
                            "yaml",
                            "a second document in one file",
                            "keep one document a file: delete the line '---'",
                        )
                        raise _Unreadable
                elif isinstance(event, yaml.NodeEvent):
                    data = self.value(event, (), text)
            if documents == 0:
                self.problem(
                    Place(1, 1, 1),
                    "empty",
                    "the file holds only comments",
                    "write its content, or delete it",
                )
            return data
        except yaml.MarkedYAMLError as error:
            self.syntax(error, text)
        except yaml.reader.ReaderError as error:
            character = chr(error.character) if isinstance(error.character, int) else "?"
            line = text[: error.position].count("\n") + 1
            self.problem(
                Place(line, 1, 1),
                "yaml",
                f"a control character: {printable(character)}",
                "delete it; text holds printable characters only",
            )
        raise _Unreadable

    def value(self, event: Any, path: Path, text: str) -> Data:
        place = _place(event)
        self.places[path] = place
        if type(event).__name__ == "AliasEvent" or event.anchor:
            self.problem(
                place,
                "alias",
                f"an anchor or alias: '{printable(str(event.anchor))}'",
                "anchors and aliases are not supported: write the value out",
            )
            raise _Unreadable
        if event.tag and event.tag != "!":
            self.problem(
                place,
                "alias",
                f"a tag: '{printable(str(event.tag))}'",
                "delete it: plain text, lists and mappings only",
            )
            raise _Unreadable
        if len(path) > MAX_DEPTH:
            self.problem(place, "yaml", f"nested deeper than {MAX_DEPTH} levels", "flatten it")
            raise _Unreadable
        kind = type(event).__name__
        if kind == "ScalarEvent":
            return self.scalar(event, place)
        if kind == "SequenceStartEvent":
            return self.sequence(path, text)
        return self.mapping(path, text)

    def scalar(self, event: Any, place: Place) -> str:
        written: str = event.value.rstrip("\n")
        if len(written) > MAX_TEXT:
            self.problem(place, "yaml", f"a text longer than {MAX_TEXT} characters", "shorten it")
            raise _Unreadable
        if written.isprintable():
            return written
        words = " ".join(written.split("\n"))
        bad = next((c for c in words if not c.isprintable()), None)
        if bad is not None:
            self.problem(
                place,
                "yaml",
                f"a control or invisible character: {printable(bad)}",
                "delete it; text holds printable characters only",
            )
        return words

    def sequence(self, path: Path, text: str) -> list[Data]:
        items: list[Data] = []
        for event in self.events:
            if type(event).__name__ == "SequenceEndEvent":
                break
            items.append(self.value(event, (*path, len(items)), text))
        return items

    def mapping(self, path: Path, text: str) -> dict[str, Data]:
        items: dict[str, Data] = {}
        for event in self.events:
            if type(event).__name__ == "MappingEndEvent":
                break
            if type(event).__name__ != "ScalarEvent" or event.anchor or event.tag:
                self.problem(
                    _place(event), "yaml", "a key that is not plain text", "use a word as the key"
                )
                raise _Unreadable
            key = self.scalar(event, _place(event))
            place = _place(event)
            inner = (*path, key)
            if key in items:
                first = self.places[(*inner, KEY)]
                self.problem(
                    place,
                    "duplicate-key",
                    f"'{printable(key)}' stands twice (lines {first.line} and {place.line})",
                    "keep each key once",
                )
                self.value(next(self.events), (*path, key, "\0again"), text)
                continue
            self.places[(*inner, KEY)] = place
            items[key] = self.value(next(self.events), inner, text)
        return items

    def syntax(self, error: Any, text: str) -> None:
        said = f"{error.context or ''} {error.problem or ''}".lower()
        opened = error.context_mark if "quoted scalar" in said or "flow" in said else None
        mark = (None if "escape" in said else opened) or error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        lines = text.split("\n")
        row = lines[line - 1] if line <= len(lines) else ""
        if "\t" in row[: len(row) - len(row.lstrip())] or "character '\\t'" in said:
            what = ("a tab in the indentation", "indent with spaces, not tabs")
        elif "mapping values are not allowed" in said:
            what = (
                "a colon and a space inside text, or a line that is indented too far",
                "put the text in \"double quotes\", or after '>' on the next line",
            )
        elif "escape" in said:
            what = ("a backslash inside double quotes", "use 'single quotes', or no quotes")
        elif "quoted scalar" in said:
            what = ("a quote that is not closed", "close the quote on the same line")
        elif "flow" in said or "',' or" in said:
            what = ("a list or mapping that is not closed", "close it with ']' or '}'")
        elif "control characters" in said:
            what = ("a control character", "delete it; text holds printable characters only")
        else:
            what = (
                "this line does not fit the lines above it",
                "line up keys of one block in one column; indent with spaces, not tabs",
            )
        self.problem(Place(line, column, 1), "yaml", *what)


def _place(event: Any) -> Place:
    mark = event.start_mark
    end = event.end_mark
    length = end.column - mark.column if end.line == mark.line else 1
    return Place(mark.line + 1, mark.column + 1, max(1, length))
