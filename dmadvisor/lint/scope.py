"""What one lint run looks at: the entries, their records with their places, and the trees."""

from collections.abc import Iterator
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

from dmadvisor.library import INSIDE, LEDGER, OWN_FILE, SHARED, Entry, Library
from dmadvisor.model import Branch
from dmadvisor.problems import nearest, printable
from dmadvisor.safety import MACHINE_QUESTIONS
from dmadvisor.walk import Tree, tree_of
from dmadvisor.yamltext import KEY, Data, Path

T = TypeVar("T")


class Finding(NamedTuple):
    """Something that a rule found, at a path inside a file."""

    file: str
    path: Path
    message: str
    help: str


class Spot(NamedTuple):
    """A named place of a tree with the file that defines it and its lines there."""

    id: str
    kind: str
    entry: Entry
    lines: tuple[tuple[Branch, Path], ...]

    @property
    def path(self) -> Path:
        """Where its name stands."""
        return (self.kind, self.id, KEY)

    @property
    def goes_to(self) -> tuple[str, ...]:
        """The spots that its lines lead to."""
        return tuple(branch.to.spot for branch, _ in self.lines if branch.to.spot)


class TreeView(NamedTuple):
    """A pathway's tree with the place of everything in it."""

    entry: Entry
    layers: tuple[Entry, ...]
    tree: Tree
    spots: dict[str, Spot]
    blurred: bool
    """Whether a key of one of its files could not be read, so that names may be missing."""
    names: frozenset[str]
    """Every name written in its files, also of records that could not be read."""

    def reached(self) -> frozenset[str]:
        """The spots that some walk from the start comes to."""
        found: set[str] = set()
        ahead = [str(self.tree.start)] if self.tree.start else []
        while ahead:
            name = ahead.pop()
            if name in self.spots and name not in found:
                found.add(name)
                ahead += self.spots[name].goes_to
        return frozenset(found)


class Scope:
    """The entries under examination; ``whole`` when they are all that there are."""

    def __init__(
        self, library: Library, entries: tuple[Entry, ...], *, today: date | None, whole: bool
    ) -> None:
        self.library = library
        self.entries = _with_data(library, list(entries))
        self.today = today
        self.whole = whole

    def of(self, kind: str) -> tuple[Entry, ...]:
        """The entries of one kind of record."""
        return tuple(entry for entry in self.entries if entry.kind == kind)

    def records(self, kind: type[T]) -> Iterator[tuple[Entry, T, Path]]:
        """Every record of a class, also inside others, with the path to it."""
        for entry in self.entries:
            for record, path in entry.notes.records:
                if isinstance(record, kind):
                    yield entry, record, path

    def raw(self, file: str, path: Path) -> Data:
        """What is written at a path; None when nothing is."""
        data = self.library.data(file)
        for step in path:
            try:
                data = data[step]
            except (KeyError, IndexError, TypeError):
                return None
        return data

    def item(self, file: str, path: Path, index: int) -> Path:
        """The path of one item of a list, which may be written without brackets."""
        return (*path, index) if isinstance(self.raw(file, path), list) else path

    def broken(self, entry: Entry, prefix: Path) -> bool:
        """Whether something under a path could not be read."""
        depth = len(prefix)
        return any(m.path[:depth] == prefix for m in entry.notes.mistakes)

    def lacks(self, entry: Entry, path: Path, key: str) -> bool:
        """Whether a record has no such key, nor a misspelt one that could be it."""
        if self.raw(entry.file, (*path, key)):
            return False
        return not self.misspelt(entry, path)

    def misspelt(self, entry: Entry, path: Path) -> bool:
        """Whether a record has a key that it does not know: what stands there was not read."""
        unknown = (m.path for m in entry.notes.mistakes if m.code == "unknown-key")
        return any(key[:-2] == path for key in unknown)

    def named(self, entry: Entry) -> Path:
        """Where the name of an entry stands, or the top of its file."""
        return (*entry.path, KEY) if entry.path else ()

    def readable(self, kind: str) -> bool:
        """Whether the names of a kind can be known."""
        if kind == "FactId":
            return self.readable("QuestionId") and self.readable("DerivedId")
        if kind in INSIDE:
            owner, key, _ = INSIDE[kind]
            files = [self.library.entry(owner, id) for id in self.library.ids(owner)]
            return all(isinstance(self.raw(e.file, (key,)), dict) for e in files if e)
        file = SHARED[kind][0] if kind in SHARED else None
        return (
            file is None
            or file not in self.library.files
            or isinstance(self.library.data(file), dict)
        )

    def ids(self, kind: str) -> tuple[str, ...]:
        """Every id of a kind; of both questions and derived facts for ``FactId``."""
        if kind == "FactId":
            return (*self.library.ids("QuestionId"), *self.library.ids("DerivedId"))
        return self.library.ids(kind)

    @cached_property
    def trees(self) -> tuple[TreeView, ...]:
        """The trees of the pathways in scope that could be read, with their parts."""
        found = (self._tree(entry) for entry in self.of("PathwayId") if entry.record is not None)
        return tuple(view for view in found if view is not None)

    def _tree(self, entry: Entry) -> TreeView | None:
        parts = [self.library.entry("PartId", id) for id in entry.record.uses]
        layers = [part for part in parts if part is not None and part.record is not None]
        if len(layers) < len(parts):
            return None
        layers.append(entry)
        tree = tree_of(self.library, entry.id)
        names: set[str] = set()
        spots: dict[str, Spot] = {}
        for kind in ("questions", "forks", "steps"):
            for layer in layers:
                written = self.raw(layer.file, (kind,))
                names |= set(written) if isinstance(written, dict) else set()
                for id in getattr(layer.record, kind):
                    spots[id] = Spot(id, kind, layer, self._lines(layer).get((kind, id), ()))
        tops = [m for layer in layers for m in layer.notes.mistakes if len(m.path) <= 2]
        return TreeView(entry, tuple(layers), tree, spots, bool(tops), frozenset(names))

    def _lines(self, entry: Entry) -> dict[Path, tuple[tuple[Branch, Path], ...]]:
        if entry.file not in self._line_cache:
            lines: dict[Path, tuple[tuple[Branch, Path], ...]] = {}
            for record, path in entry.notes.records:
                if isinstance(record, Branch):
                    lines[path[:2]] = (*lines.get(path[:2], ()), (record, path))
            self._line_cache[entry.file] = lines
        return self._line_cache[entry.file]

    @cached_property
    def _line_cache(self) -> dict[str, dict[Path, tuple[tuple[Branch, Path], ...]]]:
        return {}

    def branch_lists(self, kind: str) -> Iterator[tuple[Entry, Spot]]:
        """Every question or fork of every pathway and part in scope, each once."""
        for entry in (*self.of("PathwayId"), *self.of("PartId")):
            written = self.raw(entry.file, (kind,))
            for id in written if isinstance(written, dict) else ():
                if not self.broken(entry, (kind, id)):
                    yield entry, Spot(id, kind, entry, self._lines(entry).get((kind, id), ()))


def use_or(word: str, choices: tuple[str, ...], otherwise: str) -> str:
    """An instruction: the nearest choice where there is one, and what else could be done."""
    close = nearest(word, choices)
    return f"use '{close}', or {otherwise}" if close else otherwise


def quoted(word: object) -> str:
    """A word of the author's in quotes, with nothing in it that could move a cursor."""
    return f"'{printable(str(word))}'"


def all_entries(library: Library) -> tuple[Entry, ...]:
    """Every record of a library whose file can be read."""
    entries: list[Entry] = []
    for kind in (*OWN_FILE, *SHARED):
        for id in library.ids(kind):
            entry = library.entry(kind, id)
            if entry is not None:
                entries.append(entry)
    entries.append(library.content_entry())
    if LEDGER in library.files:
        entries.append(library.ledger_entry())
    return tuple(entries)


def reachable_entries(library: Library, pathway: str) -> tuple[Entry, ...]:
    """The records that a run of one pathway can come to, through everything that they name."""
    found: dict[tuple[str, str], Entry] = {}
    ahead: list[tuple[str, str]] = [("PathwayId", pathway)]
    ahead += [("QuestionId", id) for id in MACHINE_QUESTIONS]
    ahead += [("RedFlagId", id) for id in library.ids("RedFlagId")]
    while ahead:
        entry = library.entry(*ahead.pop())
        if entry is not None and (entry.kind, entry.id) not in found:
            found[entry.kind, entry.id] = entry
            ahead += [(reference.kind, reference.id) for reference in entry.notes.references]
    return (*found.values(), library.content_entry())


def files_behind(library: Library, entries: tuple[Entry, ...]) -> tuple[str, ...]:
    """The files that hold these records, or should hold what they name."""
    files = dict.fromkeys(entry.file for entry in entries)
    for entry in entries:
        for reference in entry.notes.references:
            kinds = ("QuestionId", "DerivedId") if reference.kind == "FactId" else (reference.kind,)
            files |= dict.fromkeys(SHARED[kind][0] for kind in kinds if kind in SHARED)
    return tuple(sorted(file for file in files if file in library.files))


def _with_data(library: Library, entries: list[Entry]) -> tuple[Entry, ...]:
    return tuple(entry for entry in entries if library.data(entry.file) is not None)


def record_name(record: Any) -> str:
    """What a record calls itself: its title or topic, or nothing."""
    return str(getattr(record, "title", "") or getattr(record, "topic", ""))
