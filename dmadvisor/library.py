"""Hands out the records of a content folder, each decoded when it is first asked for."""

import os
from collections.abc import Mapping
from pathlib import Path as FilePath
from typing import Any, Self

from dmadvisor import model
from dmadvisor.notes import Mistake, Notes
from dmadvisor.problems import PathwayError, Problem, UsageError, asked_back, printable
from dmadvisor.records import Record
from dmadvisor.store import CONTENT, Store
from dmadvisor.yamltext import Path

LEDGER = "ledger.yaml"

SHARED: dict[str, tuple[str, Any]] = {
    "QuestionId": ("shared/questions.yaml", Mapping[model.QuestionId, model.Question]),
    "DerivedId": ("shared/facts.yaml", Mapping[model.FactId, model.Derived]),
    "CheckId": ("shared/checks.yaml", Mapping[model.CheckId, model.Check]),
    "PitfallId": ("shared/pitfalls.yaml", Mapping[model.PitfallId, model.Pitfall]),
    "RedFlagId": ("shared/red-flags.yaml", Mapping[model.RedFlagId, model.RedFlag]),
    "ConflictId": ("shared/conflicts.yaml", Mapping[model.ConflictId, model.Conflict]),
    "CitationId": ("shared/citations.yaml", Mapping[model.CitationId, model.Citation]),
    "ClashId": ("shared/clashes.yaml", Mapping[model.ClashId, model.Clash]),
    "DueId": ("shared/due.yaml", Mapping[model.DueId, model.DueKind]),
    "NotOfferedId": ("shared/not-offered.yaml", Mapping[model.FactId, model.NotOffered]),
}
"""Kinds of record that stand together in one file."""

OWN_FILE: dict[str, tuple[str, Any]] = {
    "PathwayId": ("", model.Pathway),
    "PartId": ("parts", model.Part),
    "RegimenId": ("regimens", model.Regimen),
    "RuleSetId": ("safety", model.RuleSet),
    "ChapterId": ("reference", model.Chapter),
}
"""Kinds of record that have a file each, by folder; the file's name is the id."""

INSIDE: dict[str, tuple[str, str, Any]] = {
    "TopicId": ("ChapterId", "topics", model.Topic),
}
"""Kinds of record that stand inside the files of another kind, with its key there."""


class Entry(Record):
    """One record with where it stands and what decoding it found."""

    kind: str
    id: str
    file: str
    path: Path
    record: Any
    notes: Notes


class Library(Store):
    """All content of one folder. Records are decoded on demand; nothing is changed afterwards."""

    def __init__(self, root: FilePath) -> None:
        super().__init__(root)
        self._entries: dict[tuple[str, str], Entry | None] = {}
        self._gone: frozenset[tuple[str, str]] = frozenset()

    def ids(self, kind: str) -> tuple[str, ...]:
        """Every id of a kind, in the order of its file, or of the file names."""
        ids = self._all_ids(kind)
        return tuple(id for id in ids if (kind, id) not in self._gone) if self._gone else ids

    def _all_ids(self, kind: str) -> tuple[str, ...]:
        if self.packed is not None:
            return self.packed.ids(kind)
        if kind in INSIDE:
            return tuple(id for _, table in self._tables_inside(kind) for id in table)
        if kind in OWN_FILE:
            folder = OWN_FILE[kind][0]
            names = (f for f in self.files if os.path.dirname(f) == folder)
            return tuple(os.path.basename(f)[:-5] for f in names if f not in (CONTENT, LEDGER))
        return tuple(self.table(SHARED[kind][0]))

    def with_record(self, kind: str, id: str, record: Any) -> Self:
        """The same content with another record of that kind and id, or without it when None."""
        other = object.__new__(type(self))
        other.__dict__.update(self.__dict__)
        file, path = self._home(kind, id)
        new = None if record is None else Entry(kind, id, file, path, record, Notes())
        other._gone = self._gone if record is not None else self._gone | {(kind, id)}
        other._entries = {**self._entries, (kind, id): new}
        if kind in ("QuestionId", "DerivedId"):
            other._entries["FactId", id] = new
        return other

    def entry(self, kind: str, id: str) -> Entry | None:
        """The record of that kind and id, decoded; None when there is none of that name."""
        key = (kind, id)
        if key not in self._entries:
            self._entries[key] = self._decode(kind, id)
        return self._entries[key]

    def _decode(self, kind: str, id: str) -> Entry | None:
        if kind == "FactId":
            return self.entry("QuestionId", id) or self.entry("DerivedId", id)
        file, path = self._home(kind, id)
        if self.packed is not None:
            record = self.packed.record(kind, id)
            return None if record is None else Entry(kind, id, file, path, record, Notes())
        from dmadvisor.decode import Decoder

        decoder = Decoder()
        if kind in INSIDE:
            record = dict(self._tables_inside(kind)).get(file, {}).get(id)
            if record is None:
                return None
            record = decoder.decode(INSIDE[kind][2], record, path)
        elif not path:
            if file not in self.files or file in (CONTENT, LEDGER):
                return None
            record = decoder.decode(OWN_FILE[kind][1], self.data(file))
        elif id in self.table(file):
            record = decoder.decode(SHARED[kind][1], {id: self.table(file)[id]}).get(id)
        else:
            return None
        return Entry(kind, id, file, path, record, decoder)

    def _home(self, kind: str, id: str) -> tuple[str, Path]:
        """The file that a record of that kind and id stands in, and where in it."""
        if kind in SHARED:
            return SHARED[kind][0], (id,)
        if kind in INSIDE:
            return self._home_inside(kind, id)
        folder = OWN_FILE[kind][0]
        return f"{folder}/{id}.yaml" if folder else f"{id}.yaml", ()

    def _home_inside(self, kind: str, id: str) -> tuple[str, Path]:
        owner, key, _ = INSIDE[kind]
        tables = self._tables_inside(kind) if self.packed is None else ()
        file = next((file for file, table in tables if id in table), OWN_FILE[owner][0])
        return file, (key, id)

    def _tables_inside(self, kind: str) -> tuple[tuple[str, dict[str, Any]], ...]:
        """The files that hold records of that kind, each with those in it, not decoded."""
        owner, key, _ = INSIDE[kind]
        files = [self._home(owner, id)[0] for id in self.ids(owner)]
        tables = [(file, self.table(file).get(key)) for file in files]
        return tuple((file, table) for file, table in tables if isinstance(table, dict))

    def get(self, kind: str, id: str) -> Any:
        """The record itself; PathwayError when it is missing or broken."""
        found = self._entries.get((kind, id)) or self.entry(kind, id)
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

    def rule_set(self, id: str) -> model.RuleSet:
        """A file of safety rules by its name."""
        found: model.RuleSet = self.get("RuleSetId", id)
        return found

    def chapter(self, id: str) -> model.Chapter:
        """A chapter of the reference by its file's name."""
        found: model.Chapter = self.get("ChapterId", id)
        return found

    def topic(self, id: str) -> model.Topic:
        """A topic of the reference by id."""
        found: model.Topic = self.get("TopicId", id)
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

    def clash(self, id: str) -> model.Clash:
        """Answers that do not go together, by id."""
        found: model.Clash = self.get("ClashId", id)
        return found

    def due_kind(self, id: str) -> model.DueKind:
        """A kind of thing that falls due, by id."""
        found: model.DueKind = self.get("DueId", id)
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
        return self._single("Content", CONTENT, model.Content)

    def ledger_entry(self) -> Entry:
        """The records of ``ledger.yaml``."""
        return self._single("Ledger", LEDGER, tuple[model.LedgerEntry, ...])

    def _single(self, kind: str, file: str, shape: Any) -> Entry:
        id = file.removesuffix(".yaml")
        if self.packed is not None:
            return Entry(kind, id, file, (), self.packed.record(kind, id), Notes())
        from dmadvisor.decode import Decoder

        decoder = Decoder()
        record = decoder.decode(shape, self.data(file) or [])
        return Entry(kind, id, file, (), record, decoder)

    def problem(self, file: str, mistake: Mistake, *, warning: bool = False) -> Problem:
        """A mistake with its line and column."""
        place = self.place(file, mistake.path)
        return Problem(
            file,
            place.line,
            place.column,
            place.length,
            mistake.code,
            mistake.message,
            mistake.help,
            "warning" if warning else "error",
        )

    def problems_of(self, entry: Entry) -> tuple[Problem, ...]:
        """Every mistake in one record, and in the reading of its file."""
        found = self.yaml_file(entry.file).problems if entry.file in self.files else ()
        if found and entry.record is None and self.data(entry.file) is None:
            return found
        return found + tuple(self.problem(entry.file, m) for m in entry.notes.mistakes)


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
    meant = asked_back(name, known)
    use = f"{meant} See '{see}'" if meant else f"see '{see}'"
    return UsageError(f"no {what} is called '{printable(name)}'; {use}")
