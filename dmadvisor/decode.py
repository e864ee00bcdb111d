"""Plain data to records, typed from the model, with every mistake and every reference noted.

The decoder knows the shapes of ``model`` and nothing of medicine. It never stops at a mistake:
what cannot be read becomes ``None`` and a note of where and why.
"""

import re
from collections.abc import Mapping
from types import UnionType
from typing import Any, Literal, NewType, get_args, get_origin, get_type_hints

from dmadvisor import model
from dmadvisor.model import Branch
from dmadvisor.notes import Notes, Reader, Reference
from dmadvisor.problems import nearest, printable
from dmadvisor.values import ID, VALUE_READERS, answer_branches, bad_id
from dmadvisor.yamltext import KEY, Data, Path

SHORT_FORMS = {
    model.Line: "say",
    model.CheckUse: "check",
    model.PitfallUse: "pitfall",
    model.ConflictUse: "conflict",
    model.Proposed: "way",
}
"""Records that may be written as their one main field."""

KEYS = {"continues": "continue", "along": "with", "drug_class": "class", "lasts": "for"}
"""Fields whose YAML key is a word that Python keeps for itself."""

NOUNS = {
    "CheckUse": "check",
    "PitfallUse": "pitfall",
    "ConflictUse": "conflict",
    "Derived": "fact",
    "Bar": "contraindication",
    "Line": "sentence",
    "Rule": "rule",
    "Proposed": "proposal",
    "ProposedRule": "rule of a proposal",
    "Part": "part",
    "Additions": "'every-step'",
    "Situation": "'when'",
    "Demand": "'then'",
    "NotOffered": "entry",
    "Clash": "clash",
    "LedgerEntry": "ledger entry",
    "OtherView": "view",
    "RedFlag": "red flag",
    "NoneLeft": "'none-left'",
    "DueKind": "kind of thing due",
}


class Decoder(Notes):
    """Reads the data of one record."""

    def decode(self, kind: Any, data: Data, path: Path = ()) -> Any:
        """Data read as ``kind``; None and a mistake when it cannot be."""
        return _reader(kind)(self, data, path)


_readers: dict[Any, Reader] = {}


def _reader(kind: Any) -> Reader:
    """The function that reads ``kind``, made once."""
    found = _readers.get(kind)
    if found is None:
        found = _readers[kind] = _make_reader(kind)
    return found


def _make_reader(kind: Any) -> Reader:
    if kind in VALUE_READERS:
        return VALUE_READERS[kind]
    if isinstance(kind, NewType):
        return _id_reader(kind)
    origin = get_origin(kind)
    if origin is Literal:
        return _literal_reader(get_args(kind))
    if origin is tuple:
        return _tuple_reader(get_args(kind)[0])
    if origin is Mapping:
        return _dict_reader(*get_args(kind))
    if origin is UnionType or str(origin) == "typing.Union":
        return _union_reader(tuple(a for a in get_args(kind) if a is not type(None)))
    return _record_reader(kind)


def _id_reader(kind: NewType) -> Reader:
    name = kind.__name__

    def read(d: Notes, data: Data, path: Path) -> Any:
        word = d.text(data, path, "an id")
        if word is None:
            return None
        if not ID.fullmatch(word):
            bad_id(d, word, path)
            return None
        d.references.append(Reference(name, word, path))
        return word

    return read


def _literal_reader(choices: tuple[str, ...]) -> Reader:
    def read(d: Notes, data: Data, path: Path) -> Any:
        word = d.text(data, path, "a word")
        if word is None or word in choices:
            return word
        close = nearest(word, choices)
        allowed = ", ".join(choices)
        d.wrong(
            path,
            "type",
            f"'{printable(word)}' is not one of: {allowed}",
            f"use '{close}'" if close else "use one of these",
        )
        return None

    return read


def _tuple_reader(item: Any) -> Reader:
    one = _reader(item)

    def read(d: Notes, data: Data, path: Path) -> tuple[Any, ...]:
        if not isinstance(data, list):
            value = one(d, data, path)
            return () if value is None else (value,)
        values = (one(d, each, (*path, i)) for i, each in enumerate(data))
        return tuple(value for value in values if value is not None)

    return read


def _dict_reader(key: Any, value: Any) -> Reader:
    refers = key is model.QuestionId and value == tuple[Branch, ...]
    one = answer_branches if refers else _reader(value)

    def read(d: Notes, data: Data, path: Path) -> Mapping[str, Any]:
        if not isinstance(data, dict):
            d.wrong(path, "type", "a mapping expected", "write 'name: value' lines, indented")
            return {}
        items = {}
        for name, inner in data.items():
            here = (*path, name)
            if not ID.fullmatch(name) or len(name) == 1:
                bad_id(d, name, (*here, KEY))
                continue
            if refers:
                d.references.append(Reference("QuestionId", name, (*here, KEY)))
            record = one(d, inner, here)
            if record is not None:
                items[name] = record
        return items

    return read


def _union_reader(kinds: tuple[Any, ...]) -> Reader:
    if len(kinds) == 1:
        return _reader(kinds[0])
    words = [a for k in kinds if get_origin(k) is Literal for a in get_args(k)]
    others = [k for k in kinds if get_origin(k) is not Literal]

    def read(d: Notes, data: Data, path: Path) -> Any:
        if data in words:
            return data
        if bool in others:
            if data in ("yes", "no"):
                return data == "yes"
            return _reader(next(k for k in others if k is not bool))(d, data, path)
        return _reader(others[0])(d, data, path)

    return read


def _record_reader(cls: Any) -> Reader:
    short = SHORT_FORMS.get(cls)
    hints = get_type_hints(cls)
    kinds = {name: hints[name] for name in cls._fields}
    fields = {KEYS.get(name, name.replace("_", "-")): name for name in kinds}
    needed = {key for key, name in fields.items() if name in cls._required}
    readers: dict[str, Reader] = {}
    noun = NOUNS.get(cls.__name__) or re.sub(r"\B[A-Z]", r" \g<0>", cls.__name__).lower()

    def read(d: Notes, data: Data, path: Path) -> Any:
        if short and isinstance(data, str):
            value = _reader(kinds[short])(d, data, path)
            return None if value is None else d.noted(cls.of({short: value}), path)
        if not isinstance(data, dict):
            d.wrong(path, "type", f"a {noun} expected", "write 'key: value' lines, indented")
            return None
        values: dict[str, Any] = {}
        misspelt: set[str] = set()
        for key, inner in data.items():
            if key not in fields:
                misspelt |= _unknown_key(d, noun, key, [k for k in fields if k not in data], path)
                continue
            name = fields[key]
            reader = readers.get(name)
            if reader is None:
                reader = readers[name] = _reader(kinds[name])
            value = reader(d, inner, (*path, key))
            if value is not None:
                values[name] = value
            else:
                misspelt.add(key)
        for key in sorted(needed - data.keys() - misspelt):
            d.wrong(path, "missing-key", f"{noun} has no '{key}'", f"add '{key}:'")
        if not cls._required <= values.keys():
            return None
        return d.noted(cls.of(values), path)

    return read


def _unknown_key(d: Notes, noun: str, key: str, free: list[str], path: Path) -> set[str]:
    """Note a key that the record does not have; the key that was probably meant."""
    close = nearest(key, free)
    help = f"use '{close}'" if close else f"use one of: {', '.join(free)}"
    d.wrong((*path, key, KEY), "unknown-key", f"{noun} has no '{printable(key)}'", help)
    return {close} if close else set()
