"""Shell completion: pathways with their titles, questions, answers, checks."""

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dmadvisor.library import Library


# The ``question=`` before the cursor, where the shell replaces only what stands behind it.
_BEFORE = "_DMADVISOR_COMPLETE_BEFORE"


def mend_bash_words() -> None:
    """Put ``question=answer`` together again in COMP_WORDS: bash splits words at the equals sign.

    Of the word at the cursor only the answer stays, since that is all bash replaces.
    """
    cursor = os.environ.get("COMP_CWORD", "")
    if os.environ.get("_DMADVISOR_COMPLETE") != "complete_bash" or not cursor.isdecimal():
        return
    whole: list[str] = []
    split = False
    for word in os.environ.get("COMP_WORDS", "").split("\n")[: int(cursor) + 1]:
        split = bool(whole) and (word == "=" or (split and whole[-1].endswith("=")))
        if split:
            whole[-1] += word
        else:
            whole.append(word)
    if split:
        before, sign, whole[-1] = whole[-1].partition("=")
        os.environ[_BEFORE] = before + sign
    os.environ.update(COMP_WORDS="\n".join(whole), COMP_CWORD=str(len(whole) - 1))


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
    before = os.environ.get(_BEFORE, "")
    name, sign, word = f"{before}{incomplete}".partition("=")
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
            yield f"{name}={head}{comma}{answer}".removeprefix(before), label


def anything(incomplete: str) -> Iterator[str]:
    """Every id that ``show`` knows."""
    from dmadvisor.model import NAMES

    library = _library()
    for kind in NAMES if library else ():
        for id in library.ids(kind) if library else ():
            if id.startswith(incomplete):
                yield id
