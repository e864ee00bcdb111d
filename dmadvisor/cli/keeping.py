"""What is kept of an advice, with the checksums that a replay is held against."""

import hashlib
import json
import shlex

from dmadvisor.casefile.recording import given_advice
from dmadvisor.casefile.records import GivenAdvice
from dmadvisor.library import Library
from dmadvisor.outcome import Advice
from dmadvisor.problems import UsageError

HEAD = ("format", "dmadvisor", "content", "status", "pathway", "today")
"""The keys that say where an advice comes from; the others are its parts."""


def kept(library: Library, advice: Advice) -> GivenAdvice:
    """An advice as a case file keeps it."""
    from dmadvisor.render.json import render

    text = render(library, advice, advice.today.isoformat())
    parts = {
        key.replace("_", "-"): _checksum(json.dumps(value))[:8]
        for key, value in json.loads(text).items()
        if key not in HEAD
    }
    return given_advice(advice, parts, _checksum(text))


def lost(error: UsageError, words: list[str]) -> UsageError:
    """The error of a visit that could not be saved, with the command that gives it again."""
    return type(error)(
        f"{error.message}; the visit was not saved",
        f"{error.hint}. Your answers:\n  {shlex.join(words)}",
    )


def _checksum(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
