"""A problem in a file or a request: where it is, what is wrong, and how to mend it."""

from typing import Literal

from dmadvisor.records import Record


class Problem(Record):
    """One finding about one place in one file. Lines and columns count from 1."""

    file: str
    line: int
    column: int
    length: int
    code: str
    message: str
    help: str
    severity: Literal["error", "warning"] = "error"


class PathwayError(Exception):
    """The content cannot be used; carries the problems that say why."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(f"{len(problems)} problems in the content")
        self.problems = problems


class UsageError(Exception):
    """The caller asked for something that is not there or cannot be: one line, and a hint."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


SLIP = 0.83
"""How alike a word and a choice are when one is taken for a slip of the fingers at the other."""


def nearest(word: str, choices: object, like: float = 0.6) -> str | None:
    """The choice most like ``word``, or None when nothing is so much like it."""
    from difflib import get_close_matches

    names = [str(choice) for choice in choices]  # type: ignore[attr-defined]
    close = get_close_matches(word.strip().lower(), names, n=1, cutoff=like)
    return close[0] if close else None


def asked_back(word: str, choices: object) -> str:
    """``did you mean 'classic'?`` after a slip, else nothing: like names can be other things."""
    close = nearest(word, choices, SLIP)
    return f"did you mean '{close}'?" if close else ""


def printable(text: str) -> str:
    """``text`` with every character that could move a cursor or hide spelled out."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)
