"""Frozen records that cost almost nothing to define.

A dataclass or named tuple writes and compiles source code for each class: with the sixty records of
this program that takes longer than everything else that a run does (docs/decisions/0003). Type
checkers treat these records as frozen dataclasses.
"""

from typing import Any, ClassVar, Self, dataclass_transform


@dataclass_transform(frozen_default=True)
class Record:
    """A value made of named fields: equal when its fields are, and never changed.

    Subclasses declare fields by annotation, in order, with defaults as usual. Raises TypeError
    for a missing or unknown field.
    """

    _fields: ClassVar[tuple[str, ...]] = ()
    _required: ClassVar[frozenset[str]] = frozenset()
    _known: ClassVar[frozenset[str]] = frozenset()

    def __init_subclass__(cls) -> None:
        cls._fields = tuple(cls.__annotations__)
        cls._known = frozenset(cls._fields)
        cls._required = cls._known.difference(cls.__dict__)

    def __init__(self, *args: Any, **values: Any) -> None:
        if args:
            values.update(zip(self._fields, args, strict=False))
        given = values.keys()
        if not self._required <= given <= self._known or len(args) > len(self._fields):
            wrong = sorted(self._required - given)
            wrong += sorted(given - self._known)
            raise TypeError(f"{type(self).__name__}: missing or unknown fields: {', '.join(wrong)}")
        self.__dict__.update(values)

    @classmethod
    def of(cls, values: dict[str, Any]) -> Self:
        """A record from fields that are known to be right; the dict becomes the record's own."""
        record = object.__new__(cls)
        object.__setattr__(record, "__dict__", values)
        return record

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"{type(self).__name__} is frozen: '{name}' cannot be set")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{type(self).__name__} is frozen: '{name}' cannot be deleted")

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in self._fields)

    def __hash__(self) -> int:
        return hash((type(self), *self._asdict().values()))

    def __repr__(self) -> str:
        inside = ", ".join(f"{name}={value!r}" for name, value in self._asdict().items())
        return f"{type(self).__name__}({inside})"

    def _asdict(self) -> dict[str, Any]:
        """The fields by name, in order, defaults included."""
        return {name: getattr(self, name) for name in self._fields}

    def _replace(self, **changes: Any) -> Self:
        """The same record with some fields changed."""
        return type(self)(**{**self.__dict__, **changes})
