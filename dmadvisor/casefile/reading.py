"""Reads a case file with the limits and messages of all YAML."""

import stat
from itertools import pairwise
from pathlib import Path

from dmadvisor.casefile.records import FORMAT, CaseFile
from dmadvisor.decode import Decoder
from dmadvisor.problems import UsageError, printable
from dmadvisor.yamltext import MAX_BYTES, Place, YamlFile, read_yaml


def read_case(path: Path) -> tuple[CaseFile, bytes]:
    """A case file and the bytes that it was read from. Raises UsageError, naming the place."""
    try:
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
            raise UsageError(f"{printable(str(path))}: not an ordinary file", "give a case file")
        with path.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise UsageError(
            f"{printable(str(path))}: cannot be read: {error.strerror}", "give a case file"
        ) from error
    return parse_case(raw, printable(str(path))), raw


def parse_case(raw: bytes, name: str) -> CaseFile:
    """The bytes of a case file as a record; ``name`` is the file in messages."""
    file = read_yaml(raw, name)
    for problem in file.problems:
        raise UsageError(f"{name}:{problem.line}:{problem.column}: {problem.message}", problem.help)
    data = file.data
    written = data.get("format") if isinstance(data, dict) else None
    if isinstance(written, str) and written.isdigit() and int(written) > FORMAT:
        raise UsageError(
            f"{name}: format {written} is newer than this program ({FORMAT})",
            "use a newer dmadvisor; the file was left as it is",
        )
    decoder = Decoder()
    case: CaseFile | None = decoder.decode(CaseFile, data)
    for mistake in decoder.mistakes:
        place = _nearest(file, mistake.path)
        raise UsageError(f"{name}:{place.line}:{place.column}: {mistake.message}", mistake.help)
    assert case is not None
    days = [visit.date for visit in case.visits]
    for number, (before, after) in enumerate(pairwise(days), 1):
        if after < before:
            place = _nearest(file, ("visits", number, "date"))
            raise UsageError(
                f"{name}:{place.line}:{place.column}: {after} stands after a visit on {before}",
                "put the visits in the order of their days",
            )
    return case


def _nearest(file: YamlFile, path: tuple[str | int, ...]) -> Place:
    while path and path not in file.places:
        path = path[:-1]
    return file.places.get(path, Place(1, 1, 1))
