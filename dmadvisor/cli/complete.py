"""Shell completion: pathways with their titles, questions, answers, checks."""

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dmadvisor.library import Library


def _library() -> "Library | None":
    from dmadvisor.library import Library
    from dmadvisor.problems import PathwayError
    from dmadvisor.store import find_root

    try:
        return Library(find_root(os.environ.get("DMADVISOR_PATHWAYS")))
    except PathwayError:
        return None


def pathways(incomplete: str) -> Iterator[tuple[str, str]]:
    """Pathway ids with their titles."""
    library = _library()
    for id in library.ids("PathwayId") if library else ():
        if library and id.startswith(incomplete):
            yield id, library.pathway(id).title


def checks(incomplete: str) -> Iterator[tuple[str, str]]:
    """Check ids with their titles."""
    library = _library()
    for id in library.ids("CheckId") if library else ():
        if library and id.startswith(incomplete):
            yield id, library.check(id).title


def answers(incomplete: str) -> Iterator[tuple[str, str]]:
    """Question ids, and after the equals sign the answers of that question."""
    from dmadvisor.answers import choices

    library = _library()
    if library is None:
        return
    name, sign, word = incomplete.partition("=")
    if not sign:
        for id in library.ids("QuestionId"):
            if id.startswith(name):
                yield f"{id}=", library.question(id).ask
        return
    if library.entry("QuestionId", name) is None:
        return
    head, comma, last = word.rpartition(",")
    question = library.question(name)
    for answer, label in choices(question):
        if answer.startswith(last):
            yield f"{name}={head}{comma}{answer}", label


def anything(incomplete: str) -> Iterator[str]:
    """Every id that ``show`` knows."""
    from dmadvisor.describe import NAMES

    library = _library()
    for kind in NAMES if library else ():
        for id in library.ids(kind) if library else ():
            if id.startswith(incomplete):
                yield id
