"""Plain data to records, typed from the model, with every mistake and every reference noted.

The decoder knows the shapes of ``model`` and nothing of medicine. It never stops at a mistake:
what cannot be read becomes ``None`` and a note of where and why.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from types import UnionType
from typing import Any, Literal, NewType, get_args, get_origin

from dmadvisor import model
from dmadvisor.model import Bounds, Branch, Condition, Period, Target, Test
from dmadvisor.problems import nearest, printable
from dmadvisor.records import Record
from dmadvisor.yamltext import KEY, Data, Path

SHORT_FORMS = {
    model.Line: "say",
    model.CheckUse: "check",
    model.PitfallUse: "pitfall",
    model.ConflictUse: "conflict",
}
"""Records that may be written as their one main field."""

KEYS = {"continues": "continue", "along": "with", "drug_class": "class"}
"""Fields whose YAML key is a word that Python keeps for itself."""

NOUNS = {
    "CheckUse": "check",
    "PitfallUse": "pitfall",
    "ConflictUse": "conflict",
    "Derived": "fact",
    "Bar": "contraindication",
    "Line": "sentence",
    "Rule": "rule",
    "Part": "part",
    "Additions": "'every-step'",
    "NotOffered": "entry",
    "LedgerEntry": "ledger entry",
    "OtherView": "view",
    "RedFlag": "red flag",
    "NoneLeft": "'none-left'",
}

ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")
HAND_OVER = "hand over to "
MAX_NESTING = 2


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


class Decoder:
    """Reads the data of one record; collects mistakes, references, tests and texts on the way.

    ``trusted`` data was checked before: nothing but mistakes is collected, and named records are
    read only when they are looked up.
    """

    def __init__(self, *, trusted: bool = False) -> None:
        self.trusted = trusted
        self.mistakes: list[Mistake] = []
        self.references: list[Reference] = []
        self.tests: list[tuple[Test, Path]] = []
        self.texts: list[tuple[str, Path]] = []
        self.ids: list[tuple[str, Path]] = []
        self.records: list[tuple[Any, Path]] = []

    def decode(self, kind: Any, data: Data, path: Path = ()) -> Any:
        """Data read as ``kind``; None and a mistake when it cannot be."""
        return _reader(kind)(self, data, path)

    def wrong(self, path: Path, code: str, message: str, help: str) -> None:
        """Note a mistake."""
        self.mistakes.append(Mistake(path, code, message, help))

    def text(self, data: Data, path: Path, what: str = "text") -> str | None:
        """Data that has to be one piece of text."""
        if isinstance(data, str) and data.strip():
            return data
        found = "a list" if isinstance(data, list) else "a mapping"
        found = "nothing" if data in ("", None) or isinstance(data, str) else found
        self.wrong(path, "type", f"{what} expected, found {found}", f"write {what} here")
        return None


class LazyRecords(Mapping[str, Any]):
    """Named records that are decoded when they are first looked up."""

    def __init__(
        self, decoder: Decoder, reader: "Reader", data: dict[str, Data], path: Path
    ) -> None:
        self._decoder = decoder
        self._reader = reader
        self._data = data
        self._path = path
        self._read: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._read:
            data = self._data[name]
            self._read[name] = self._reader(self._decoder, data, (*self._path, name))
        return self._read[name]

    def __contains__(self, name: object) -> bool:
        return name in self._data

    def __iter__(self) -> Iterator[str]:
        return iter(self._data)

    def __len__(self) -> int:
        return len(self._data)


Reader = Callable[[Decoder, Data, Path], Any]
_readers: dict[Any, Reader] = {}


def _reader(kind: Any) -> Reader:
    """The function that reads ``kind``, made once."""
    found = _readers.get(kind)
    if found is None:
        found = _readers[kind] = _make_reader(kind)
    return found


def _make_reader(kind: Any) -> Reader:
    if kind in _SPECIAL:
        return _SPECIAL[kind]
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

    def read(d: Decoder, data: Data, path: Path) -> Any:
        if d.trusted:
            return data
        word = d.text(data, path, "an id")
        if word is None:
            return None
        if not ID.fullmatch(word):
            _bad_id(d, word, path)
            return None
        d.references.append(Reference(name, word, path))
        return word

    return read


def _bad_id(d: Decoder, word: str, path: Path) -> None:
    better = re.sub(r"[^a-z0-9]+", "-", word.lower()).strip("-")
    better = better if ID.fullmatch(better) and len(better) > 1 else "a-word"
    d.wrong(
        path,
        "id-style",
        f"'{printable(word)}' is not an id",
        f"use lower-case words with hyphens: '{better}'",
    )


def _literal_reader(choices: tuple[str, ...]) -> Reader:
    def read(d: Decoder, data: Data, path: Path) -> Any:
        if d.trusted:
            return data
        word = d.text(data, path, "a word")
        if word is None or word in choices:
            return word
        close = nearest(word, choices)
        allowed = ", ".join(choices)
        d.wrong(
            path,
            "type",
            f"'{printable(word)}' is not one of: {allowed}",
            f"use '{close}'" if close else f"use one of: {allowed}",
        )
        return None

    return read


def _tuple_reader(item: Any) -> Reader:
    one = _reader(item)

    def read(d: Decoder, data: Data, path: Path) -> tuple[Any, ...]:
        if not isinstance(data, list):
            value = one(d, data, path)
            return () if value is None else (value,)
        values = (one(d, each, (*path, i)) for i, each in enumerate(data))
        return tuple(value for value in values if value is not None)

    return read


def _dict_reader(key: Any, value: Any) -> Reader:
    if value == tuple[Branch, ...] and key is model.QuestionId:
        one: Reader = _answer_branches
    else:
        one = _reader(value)
    refers = key is model.QuestionId and one is _answer_branches
    lazy = value not in (model.Text, str)

    def read(d: Decoder, data: Data, path: Path) -> Mapping[str, Any]:
        if not isinstance(data, dict):
            d.wrong(path, "type", "a mapping expected", "write 'name: value' lines, indented")
            return {}
        if d.trusted and lazy:
            return LazyRecords(d, one, data, path)
        items = {}
        for name, inner in data.items():
            here = (*path, name)
            if not ID.fullmatch(name) or len(name) == 1:
                _bad_id(d, name, (*here, KEY))
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

    def read(d: Decoder, data: Data, path: Path) -> Any:
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
    kinds = cls.__annotations__
    fields = {KEYS.get(name, name.replace("_", "-")): name for name in kinds}
    needed = {key for key, name in fields.items() if name in cls._required}
    readers: dict[str, Reader] = {}
    noun = NOUNS.get(cls.__name__, cls.__name__.lower())

    def read(d: Decoder, data: Data, path: Path) -> Any:
        if short and isinstance(data, str):
            value = _reader(cls.__annotations__[short])(d, data, path)
            return None if value is None else _noted(d, cls.of({short: value}), path)
        if not isinstance(data, dict):
            d.wrong(path, "type", f"a {noun} expected", "write 'key: value' lines, indented")
            return None
        values: dict[str, Any] = {}
        misspelt: set[str] = set()
        for key, inner in data.items():
            if key not in fields:
                close = nearest(key, [k for k in fields if k not in data])
                misspelt |= {close} if close else set()
                d.wrong(
                    (*path, key, KEY),
                    "unknown-key",
                    f"{noun} has no '{printable(key)}'",
                    f"use '{close}'" if close else f"use one of: {', '.join(fields)}",
                )
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
        return _noted(d, cls.of(values), path)

    return read


def _noted(d: Decoder, record: Any, path: Path) -> Any:
    """The record, kept with its place for the rules of lint."""
    if not d.trusted:
        d.records.append((record, path))
    return record


def _text(d: Decoder, data: Data, path: Path) -> Any:
    if d.trusted:
        return data
    word = d.text(data, path)
    if word is not None:
        d.texts.append((word, path))
    return word


def _plain(d: Decoder, data: Data, path: Path) -> str | None:
    return d.text(data, path)


def _answer(d: Decoder, data: Data, path: Path) -> str | None:
    word = d.text(data, path, "an answer")
    if word is None or ID.fullmatch(word):
        return word
    _bad_id(d, word, path)
    return None


def _boolean(d: Decoder, data: Data, path: Path) -> bool | None:
    if data in ("yes", "no"):
        return bool(data == "yes")
    d.wrong(path, "type", "'yes' or 'no' expected", "write yes or no")
    return None


def decimal_of(word: str) -> Decimal | None:
    """A plain decimal with a point, or None: no commas, exponents, underscores, units or NaN."""
    if not NUMBER.fullmatch(word):
        return None
    try:
        return Decimal(word)
    except InvalidOperation:  # pragma: no cover - the pattern admits only what Decimal reads
        return None


def _decimal(d: Decoder, data: Data, path: Path) -> Decimal | None:
    number = decimal_of(data) if isinstance(data, str) else None
    if number is None:
        d.wrong(path, "type", "a number expected", "write a plain number such as 12 or 2.5")
    return number


def _integer(d: Decoder, data: Data, path: Path) -> int | None:
    if isinstance(data, str) and re.fullmatch(r"[0-9]{1,5}", data):
        return int(data)
    d.wrong(path, "type", "a whole number expected", "write a whole number such as 12")
    return None


def date_of(word: str) -> date | None:
    """A date written as year-month-day, or None."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", word):
        return None
    try:
        return date.fromisoformat(word)
    except ValueError:
        return None


def _date(d: Decoder, data: Data, path: Path) -> date | None:
    day = date_of(data) if isinstance(data, str) else None
    if day is None:
        d.wrong(path, "type", "a date expected", "write year-month-day, such as 2026-11-20")
    return day


def _period(d: Decoder, data: Data, path: Path) -> Period | None:
    match = re.fullmatch(r"([1-9][0-9]{0,3}) (day|week|month|year)s?", str(data))
    if match:
        return Period(int(match[1]), match[2] + "s")  # type: ignore[arg-type]
    d.wrong(path, "type", "a length of time expected", "write such as '28 days' or '12 months'")
    return None


def bounds_of(word: str) -> Bounds | None:
    """A range in words, such as ``at least 30 and below 60``; None when it is not one."""
    low = high = None
    low_included = high_included = True
    for part in word.split(" and "):
        match = re.fullmatch(r"(below|at least|above|at most|exactly) (-?[0-9.]+)", part.strip())
        number = decimal_of(match[2]) if match else None
        if match is None or number is None:
            return None
        sign = match[1]
        if sign in ("at least", "above", "exactly"):
            low, low_included = number, sign != "above"
        if sign in ("at most", "below", "exactly"):
            high, high_included = number, sign != "below"
    if low is not None and high is not None and low > high:
        return None
    return Bounds(low, low_included, high, high_included)


def _bounds(d: Decoder, data: Data, path: Path) -> Bounds | None:
    found = bounds_of(data) if isinstance(data, str) else None
    if found is None:
        d.wrong(
            path,
            "type",
            "a range of numbers expected",
            "write such as 'below 30', or 'at least 30 and below 60'",
        )
    return found


def _test(d: Decoder, fact: str, data: Data, path: Path, *, negated: bool = False) -> Test | None:
    if isinstance(data, dict):
        if set(data) == {"not"} and not negated:
            return _test(d, fact, data["not"], (*path, "not"), negated=True)
        d.wrong(
            path,
            "type",
            "an answer, a list of answers or a range expected",
            "write an answer's id, [a, b], 'below 30', or {not: ...}",
        )
        return None
    words = data if isinstance(data, list) else [data]
    values: list[Any] = []
    bounds: list[Bounds] = []
    special = {"unknown": False, "known": False}
    for index, word in enumerate(words):
        here = (*path, index) if isinstance(data, list) else path
        if not isinstance(word, str) or not word:
            d.text(word, here, "an answer")
        elif word in special:
            special[word] = True
        elif found := bounds_of(word):
            bounds.append(found)
        elif ID.fullmatch(word):
            values.append(word)
        else:
            d.wrong(
                here,
                "type",
                f"'{printable(word)}' is neither an answer nor a range",
                "use an answer's id, or words such as 'below 30', 'at least 12'",
            )
    test = Test.of(
        {
            "fact": fact,
            "values": tuple(values),
            "bounds": tuple(bounds),
            "unknown": special["unknown"],
            "known": special["known"],
            "negated": negated,
        }
    )
    if not d.trusted:
        d.references.append(Reference("FactId", fact, path))
        d.tests.append((test, path))
    return test


def _condition(d: Decoder, data: Data, path: Path) -> Condition | None:
    groups = data if isinstance(data, list) else [data]
    found = []
    for index, group in enumerate(groups):
        here = (*path, index) if isinstance(data, list) else path
        if not isinstance(group, dict) or not group:
            d.wrong(
                here,
                "type",
                "a condition expected",
                "write {question: answer}, or a list of such mappings",
            )
            continue
        tests = [_test(d, fact, inner, (*here, fact)) for fact, inner in group.items()]
        if all(test is not None for test in tests):
            found.append(tuple(t for t in tests if t is not None))
    return Condition(tuple(found)) if found else None


def _target(d: Decoder, data: Data, path: Path) -> Target | None:
    word = d.text(data, path, "a place to go to")
    if word is None:
        return None
    handed = word.startswith(HAND_OVER)
    name = word.removeprefix(HAND_OVER)
    if not ID.fullmatch(name):
        _bad_id(d, name, path)
        return None
    if handed:
        if not d.trusted:
            d.references.append(Reference("PathwayId", name, path))
        return Target(pathway=model.PathwayId(name))
    return Target(spot=model.SpotId(name))


def _answer_branches(d: Decoder, data: Data, path: Path) -> tuple[Branch, ...] | None:
    """A question in a pathway: each answer, or several joined by commas, and where it leads."""
    if not isinstance(data, dict):
        d.wrong(path, "type", "answers expected", "write 'answer: where it leads' lines, indented")
        return None
    question = str(path[-1])
    branches = []
    for key, inner in data.items():
        here = (*path, key)
        target = _target(d, inner, here)
        when = None
        if key != "otherwise":
            words: Data = [word.strip() for word in key.split(",")]
            test = _test(d, question, words if len(words) > 1 else words[0], (*here, KEY))
            if test is None:
                continue
            when = Condition(((test,),))
        if target is not None:
            branches.append(_noted(d, Branch(target, when), here))
    return tuple(branches)


_SPECIAL: dict[Any, Reader] = {
    str: _plain,
    model.Text: _text,
    model.AnswerId: _answer,
    model.SpotId: _answer,
    bool: _boolean,
    int: _integer,
    Decimal: _decimal,
    date: _date,
    Period: _period,
    Bounds: _bounds,
    Condition: _condition,
    Target: _target,
}
