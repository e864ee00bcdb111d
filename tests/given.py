"""The given patients of tests/cases, with the answers that decide (tests/deciding.yaml)."""

from pathlib import Path
from typing import Any, NamedTuple

from dmadvisor.library import Library
from dmadvisor.store import find_root
from dmadvisor.verify.cases import Case, read_cases
from dmadvisor.yamltext import read_yaml
from tests.harness import TODAY

LIBRARY = Library(find_root(None))
FOLDER = Path(__file__).parent
CASES = {
    each.case.case: each.case
    for file in sorted((FOLDER / "cases").glob("*.yaml"))
    for each in read_cases(file.read_bytes(), file.name, LIBRARY).cases
}


class Deciding(NamedTuple):
    """What decides in one given patient."""

    id: str
    case: str
    named: dict[str, str]
    unrelated: list[str]


RAW: Any = read_yaml((FOLDER / "deciding.yaml").read_bytes(), "deciding.yaml").data
DECIDING = [Deciding(**each) for each in RAW]


def flags(case: Case) -> list[str]:
    """A case on the command line; what is not answered is unknown."""
    words = [case.pathway[0], "--missing", "unknown", "--today", TODAY]
    for id, answer in case.answers.items():
        words += ["-a", f"{id}={','.join(answer)}"]
    words += [word for id in case.confirm for word in ("--confirm", id)]
    for check, day in case.done.items():
        words += ["--done", check if day == "yes" else f"{check}={day}"]
    return words
