"""Finds a content folder and hands out its records, each read and decoded when first asked for.

A wheel carries a compiled copy of the YAML as JSON. It is used only while the checksums of the
YAML files beside it are the ones it was made from; otherwise the YAML itself is read, and
``Library.notice`` says so.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path as FilePath
from typing import Any
from zlib import crc32

from dmadvisor import model
from dmadvisor.decode import Decoder, Mistake
from dmadvisor.problems import PathwayError, Problem, UsageError, nearest, printable
from dmadvisor.records import Record
from dmadvisor.yamltext import KEY, Data, Path, Place, YamlFile, read_yaml

COMPILED = "compiled.json"
CONTENT = "content.yaml"
LEDGER = "ledger.yaml"

SHARED: dict[str, tuple[str, Any]] = {
    "QuestionId": ("shared/questions.yaml", Mapping[model.QuestionId, model.Question]),
    "DerivedId": ("shared/facts.yaml", Mapping[model.FactId, model.Derived]),
    "CheckId": ("shared/checks.yaml", Mapping[model.CheckId, model.Check]),
    "PitfallId": ("shared/pitfalls.yaml", Mapping[model.PitfallId, model.Pitfall]),
    "RedFlagId": ("shared/red-flags.yaml", Mapping[model.RedFlagId, model.RedFlag]),
    "ConflictId": ("shared/conflicts.yaml", Mapping[model.ConflictId, model.Conflict]),
    "CitationId": ("shared/citations.yaml", Mapping[model.CitationId, model.Citation]),
    "NotOfferedId": ("shared/not-offered.yaml", Mapping[model.FactId, model.NotOffered]),
}
"""Kinds of record that stand together in one file."""

OWN_FILE: dict[str, tuple[str, Any]] = {
    "PathwayId": ("", model.Pathway),
    "PartId": ("parts", model.Part),
    "RegimenId": ("regimens", model.Regimen),
}
"""Kinds of record that have a file each, by folder; the file's name is the id."""

FOLDERS = ("", "parts", "regimens", "shared")


class Entry(Record):
    """One record with where it stands and what decoding it found."""

    kind: str
    id: str
    file: str
    path: Path
    record: Any
    decoder: Decoder


class Library:
    """All content of one folder. Records are decoded on demand; nothing is changed afterwards."""

    def __init__(self, root: FilePath) -> None:
        self.root = root
        self.notice: str | None = None
        self.files: tuple[str, ...] = _files(root)
        self._entries: dict[tuple[str, str], Entry | None] = {}
        self._yaml: dict[str, YamlFile] = {}
        self._raw: dict[str, bytes] = {}
        self._sha256: str | None = None
        self._compiled: dict[str, Data] | None = self._read_compiled()

    # -- files ------------------------------------------------------------------------------

    def _bytes(self, file: str) -> bytes:
        if file not in self._raw:
            try:
                self._raw[file] = (self.root / file).read_bytes()
            except OSError as error:
                raise PathwayError((_unreadable(file, error),)) from error
        return self._raw[file]

    def _read_compiled(self) -> dict[str, Data] | None:
        path = self.root / COMPILED
        if not path.is_file():
            return None
        try:
            compiled = json.loads(path.read_bytes())
            fresh = compiled["checksums"] == self.checksums()
            files: dict[str, Data] = compiled["files"]
            self._sha256 = compiled["sha256"] if fresh else None
        except (OSError, ValueError, KeyError, TypeError):
            fresh, files = False, {}
        if fresh:
            return files
        self.notice = f"{path} is older than the YAML beside it: reading the YAML"
        return None

    @property
    def compiled(self) -> bool:
        """Whether records come from the compiled copy, which was checked when it was made."""
        return self._compiled is not None

    def uncompiled(self) -> "Library":
        """The same content read from its YAML, where every value has a place."""
        if self._compiled is None:
            return self
        library = Library(self.root)
        library._compiled = None
        return library

    def checksums(self) -> dict[str, int]:
        """A checksum of each file, enough to see that a compiled copy is out of date."""
        return {file: crc32(self._bytes(file)) for file in self.files}

    @property
    def sha256(self) -> str:
        """The hash of the content: over every file's name and bytes, in order of name."""
        if self._sha256 is None:
            import hashlib

            digest = hashlib.sha256()
            for file in self.files:
                digest.update(f"{file}\0{len(self._bytes(file))}\0".encode())
                digest.update(self._bytes(file))
            self._sha256 = digest.hexdigest()
        return self._sha256

    def yaml_file(self, file: str) -> YamlFile:
        """One file's data with the place of every value."""
        if file not in self._yaml:
            self._yaml[file] = read_yaml(self._bytes(file), file)
        return self._yaml[file]

    def data(self, file: str) -> Data:
        """One file's data; None when the file is missing or cannot be read as YAML."""
        if self._compiled is None:
            return self.yaml_file(file).data if file in self.files else None
        found = self._compiled.get(file)
        if isinstance(found, dict):
            return {id: json.loads(text) for id, text in found.items()}
        return json.loads(found) if found is not None else None

    def table(self, file: str) -> dict[str, Any]:
        """The records of a shared file by id, not decoded; empty when it cannot be read."""
        if self._compiled is not None:
            texts: dict[str, Any] = self._compiled.get(file, {})
            return texts
        data = self.data(file)
        return data if isinstance(data, dict) else {}

    def row_of(self, file: str, id: str) -> Data:
        """The data of one record of a shared file."""
        row = self.table(file)[id]
        return json.loads(row) if self._compiled is not None else row

    # -- records ----------------------------------------------------------------------------

    def ids(self, kind: str) -> tuple[str, ...]:
        """Every id of a kind, in the order of its file, or of the file names."""
        if kind in OWN_FILE:
            folder = OWN_FILE[kind][0]
            names = (f for f in self.files if os.path.dirname(f) == folder)
            return tuple(os.path.basename(f)[:-5] for f in names if f not in (CONTENT, LEDGER))
        return tuple(self.table(SHARED[kind][0]))

    def entry(self, kind: str, id: str) -> Entry | None:
        """The record of that kind and id, decoded; None when there is none of that name."""
        key = (kind, id)
        if key not in self._entries:
            self._entries[key] = self._decode(kind, id)
        return self._entries[key]

    def _decode(self, kind: str, id: str) -> Entry | None:
        if kind == "FactId":
            return self.entry("QuestionId", id) or self.entry("DerivedId", id)
        if kind in OWN_FILE:
            folder, shape = OWN_FILE[kind]
            file = f"{folder}/{id}.yaml" if folder else f"{id}.yaml"
            if file not in self.files or file in (CONTENT, LEDGER):
                return None
            decoder = Decoder(trusted=self.compiled)
            return Entry(kind, id, file, (), decoder.decode(shape, self.data(file)), decoder)
        file, table = SHARED[kind]
        if id not in self.table(file):
            return None
        decoder = Decoder(trusted=self.compiled)
        found = decoder.decode(table, {id: self.row_of(file, id)})
        return Entry(kind, id, file, (id,), found.get(id), decoder)

    def get(self, kind: str, id: str) -> Any:
        """The record itself; PathwayError when it is missing or broken."""
        found = self.entry(kind, id)
        if found is None or found.record is None:
            raise PathwayError(self.problems_of(found) if found else (_missing(kind, id),))
        return found.record

    def pathway(self, id: str) -> model.Pathway:
        """A pathway by id."""
        found: model.Pathway = self.get("PathwayId", id)
        return found

    def part(self, id: str) -> model.Part:
        """A shared part of pathways by id."""
        found: model.Part = self.get("PartId", id)
        return found

    def regimen(self, id: str) -> model.Regimen:
        """A regimen by id."""
        found: model.Regimen = self.get("RegimenId", id)
        return found

    def question(self, id: str) -> model.Question:
        """A question by id."""
        found: model.Question = self.get("QuestionId", id)
        return found

    def fact(self, id: str) -> model.Question | model.Derived:
        """A question or derived fact by id."""
        found: model.Question | model.Derived = self.get("FactId", id)
        return found

    def check(self, id: str) -> model.Check:
        """A check by id."""
        found: model.Check = self.get("CheckId", id)
        return found

    def pitfall(self, id: str) -> model.Pitfall:
        """A pitfall by id."""
        found: model.Pitfall = self.get("PitfallId", id)
        return found

    def red_flag(self, id: str) -> model.RedFlag:
        """A red flag by id."""
        found: model.RedFlag = self.get("RedFlagId", id)
        return found

    def conflict(self, id: str) -> model.Conflict:
        """A conflict between sources by id."""
        found: model.Conflict = self.get("ConflictId", id)
        return found

    def citation(self, id: str) -> model.Citation:
        """A citation by id."""
        found: model.Citation = self.get("CitationId", id)
        return found

    def not_offered(self, id: str) -> model.NotOffered | None:
        """Why something is not offered, or None when nothing of that name is known."""
        found = self.entry("NotOfferedId", id)
        return found.record if found else None

    def content(self) -> model.Content:
        """What the content says of itself."""
        entry = self.content_entry()
        if entry.record is None:
            raise PathwayError(self.problems_of(entry))
        found: model.Content = entry.record
        return found

    def content_entry(self) -> Entry:
        """The record of ``content.yaml``."""
        decoder = Decoder(trusted=self.compiled)
        record = decoder.decode(model.Content, self.data(CONTENT))
        return Entry("Content", "content", CONTENT, (), record, decoder)

    def ledger_entry(self) -> Entry:
        """The records of ``ledger.yaml``."""
        decoder = Decoder(trusted=self.compiled)
        record = decoder.decode(tuple[model.LedgerEntry, ...], self.data(LEDGER) or [])
        return Entry("Ledger", "ledger", LEDGER, (), record, decoder)

    # -- problems ---------------------------------------------------------------------------

    def place(self, file: str, path: Path) -> Place:
        """Where a path stands in a file, or the nearest place above it."""
        if file not in self.files:
            return Place(1, 1, 1)
        places = self.yaml_file(file).places
        while path and path not in places:
            path = path[:-1] if path[-1] != KEY else path[:-2]
        return places.get(path, Place(1, 1, 1))

    def row(self, problem: Problem) -> str:
        """The line of a file that a problem stands in, made printable."""
        if problem.file not in self.files:
            return ""
        lines = self._bytes(problem.file).decode("utf-8", "replace").splitlines()
        return printable(lines[problem.line - 1]) if problem.line <= len(lines) else ""

    def problem(self, file: str, mistake: Mistake, *, warning: bool = False) -> Problem:
        """A mistake with its line and column."""
        place = self.place(file, mistake.path)
        severity = "warning" if warning else "error"
        return Problem(
            file,
            place.line,
            place.column,
            place.length,
            mistake.code,
            mistake.message,
            mistake.help,
            severity,
        )  # type: ignore[arg-type]

    def problems_of(self, entry: Entry) -> tuple[Problem, ...]:
        """Every mistake in one record, and in the reading of its file."""
        found = self.yaml_file(entry.file).problems if entry.file in self.files else ()
        if found and entry.record is None and self.data(entry.file) is None:
            return found
        return found + tuple(self.problem(entry.file, m) for m in entry.decoder.mistakes)


def compiled_form(library: Library) -> dict[str, Data]:
    """What a compiled copy holds: each record of a shared file, and each other file, as JSON text.

    Text inside text, so that a run parses only the records that it uses.
    """
    shared = {file for file, _ in SHARED.values()}
    files: dict[str, Data] = {}
    for file in library.files:
        data = library.data(file)
        texts = (
            {id: _compact(row) for id, row in data.items()} if file in shared else _compact(data)
        )
        files[file] = texts
    return {"checksums": library.checksums(), "sha256": library.sha256, "files": files}


def _compact(data: Data) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def find_root(chosen: str | None) -> FilePath:
    """The content folder: ``chosen``, else beside the package (wheel), else one up (checkout)."""
    if chosen is not None:
        root = FilePath(chosen)
        if not root.is_dir():
            raise PathwayError((_no_folder(chosen),))
        return root
    package = FilePath(__file__).parent
    for root in (package / "pathways", package.parent / "pathways"):
        if root.is_dir():
            return root
    raise PathwayError((_no_folder(str(package / "pathways")),))


def _files(root: FilePath) -> tuple[str, ...]:
    found = []
    for folder in FOLDERS:
        if (root / folder).is_dir():
            prefix = f"{folder}/" if folder else ""
            found += [prefix + n for n in os.listdir(root / folder) if n.endswith(".yaml")]
    return tuple(sorted(found))


def _no_folder(path: str) -> Problem:
    return Problem(
        path,
        1,
        1,
        1,
        "no-content",
        "there is no content folder here",
        "give the folder that holds the pathways with --pathways",
    )


def _unreadable(file: str, error: OSError) -> Problem:
    return Problem(
        file,
        1,
        1,
        1,
        "yaml",
        f"cannot be read: {error.strerror}",
        "check that the file is there and may be read",
    )


def _missing(kind: str, id: str) -> Problem:
    return Problem(
        "",
        1,
        1,
        1,
        "missing",
        f"no {kind.removesuffix('Id').lower()} is called '{id}'",
        "run 'dmadvisor lint'",
    )


def unknown_name(what: str, name: str, known: tuple[str, ...], see: str) -> UsageError:
    """The error for an id that nothing has: what was asked for, the closest id, where to look."""
    close = nearest(name, known)
    use = f"use '{close}', or see '{see}'" if close else f"see '{see}'"
    return UsageError(f"no {what} is called '{printable(name)}'; {use}")
