"""Runs the real command line in this process, with its streams caught."""

import io
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple
from unittest.mock import patch

from dmadvisor.cli.app import command_line, needed
from dmadvisor.cli.exits import guarded

TODAY = "2026-11-20"


class Result(NamedTuple):
    """What a run returned and wrote."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """Standard output read as JSON."""
        return json.loads(self.out)


class _Stream(io.TextIOWrapper):
    """A text stream over bytes, as the real ones are, that is no terminal."""

    def __init__(self, data: bytes = b"") -> None:
        super().__init__(io.BytesIO(data), encoding="utf-8", write_through=True)

    def text(self) -> str:
        """Everything written so far."""
        raw = self.buffer
        assert isinstance(raw, io.BytesIO)
        return raw.getvalue().decode("utf-8")


def run(*args: str, stdin: str = "") -> Result:
    """Run ``dmadvisor`` with these arguments; never a terminal."""
    out, err = _Stream(), _Stream()
    with (
        _streams(_Stream(stdin.encode()), out, err),
        patch.object(sys, "argv", ["dmadvisor", *args]),
    ):
        code = guarded(command_line(needed(list(args))))
    return Result(int(code), out.text(), err.text())


def advise(pathway: str, answers: dict[str, str], *args: str) -> Result:
    """Scripted advice in JSON on a fixed day; what is not answered is unknown."""
    flags = [word for id, text in answers.items() for word in ("-a", f"{id}={text}")]
    return run(
        "advise", pathway, *flags, "--missing", "unknown", "--today", TODAY, "-f", "json", *args
    )


@contextmanager
def _streams(stdin: _Stream, out: _Stream, err: _Stream) -> Iterator[None]:
    with (
        patch.object(sys, "stdin", stdin),
        patch.object(sys, "stdout", out),
        patch.object(sys, "stderr", err),
    ):
        yield
