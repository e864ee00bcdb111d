"""The changes that nothing sees and that were looked at: a list with a reason for each."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from dmadvisor.decode import Decoder
from dmadvisor.model import Text
from dmadvisor.records import Record
from dmadvisor.yamltext import read_yaml


class Excepted(Record):
    """A change that may stay uncaught, and why."""

    mutant: str
    reason: Text


class ReadExcepted(NamedTuple):
    """The exceptions of a file by mutant, and what is wrong in it."""

    reasons: Mapping[str, str]
    mistakes: tuple[str, ...]


def read_excepted(raw: bytes, name: str, known: Iterable[str]) -> ReadExcepted:
    """The exceptions of a file; each mistake as ``file:line: message; help``."""
    file = read_yaml(raw, name)
    decoder = Decoder()
    found = decoder.decode(tuple[Excepted, ...], file.data) if file.data else ()
    mistakes = [f"{name}:{p.line}: {p.message}; {p.help}" for p in file.problems]
    for mistake in decoder.mistakes:
        place = file.places.get(mistake.path[:1])
        line = place.line if place else 1
        mistakes.append(f"{name}:{line}: {mistake.message}; {mistake.help}")
    every = set(known)
    for number, each in enumerate(found):
        if each.mutant not in every:
            place = file.places.get((number,))
            mistakes.append(
                f"{name}:{place.line if place else 1}: no change is called '{each.mutant}'; "
                "take the name from what --mutate prints"
            )
    return ReadExcepted({each.mutant: each.reason for each in found}, tuple(mistakes))
