"""Makes the consoles: the only module that decides on colour, width and encoding."""

import os
import sys
from typing import TYPE_CHECKING, TextIO

from dmadvisor.cli.options import Color

if TYPE_CHECKING:
    from rich.console import Console


def make_console(color: Color, *, stderr: bool = False) -> "Console":
    """A console for one stream; clinical text in it is never read as markup."""
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    never_fails(stream)
    forced = {Color.ALWAYS: True, Color.NEVER: False, Color.AUTO: None}[color]
    if color is Color.AUTO and os.environ.get("NO_COLOR"):
        forced = False
    return Console(
        file=stream,
        force_terminal=forced,
        no_color={Color.ALWAYS: False, Color.NEVER: True, Color.AUTO: None}[color],
        color_system="standard" if color is Color.ALWAYS else "auto",
        markup=False,
        emoji=False,
        highlight=False,
        soft_wrap=True,
        width=columns(stream),
        height=25,  # without one a dumb terminal's width would be taken for 80
    )


def never_fails(stream: TextIO) -> None:
    """Let a stream write "?" for what its encoding lacks, rather than stop half-way."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure:
        reconfigure(errors="replace")


class ReaderGone(Exception):
    """Whoever read the output has closed it; there is no one left to tell."""


def write(text: str, newline: str | None = None) -> None:
    """Output to stdout. Raises ReaderGone when its reader has gone.

    ``newline`` empty leaves the ends of lines as they are, for a format that has its own.
    """
    never_fails(sys.stdout)
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure and newline is not None:
        reconfigure(newline=newline, encoding="utf-8")
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        raise ReaderGone from None


def to_nowhere() -> None:
    """Let all that is still written to stdout vanish: its reader has gone."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def write_verdict(text: str) -> None:
    """Output to stdout of a command whose exit code counts even when its reader has gone."""
    try:
        write(text)
    except ReaderGone:
        to_nowhere()


def columns(stream: TextIO) -> int:
    """The width to write a stream in: COLUMNS, the terminal's, or 80."""
    chosen = os.environ.get("COLUMNS", "")
    if chosen.isascii() and chosen.isdigit() and int(chosen) > 0:
        return int(chosen)
    try:
        return os.get_terminal_size(stream.fileno()).columns if stream.isatty() else 80
    except (OSError, ValueError):
        return 80


def tells_progress() -> bool:
    """Whether a line on stderr can be written over: it is a terminal, and not a dumb one."""
    return sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


def show_progress(done: int, total: int, doing: str) -> None:
    """A bar on stderr with what is being done now, over the line before it."""
    filled = "#" * (20 * done // total)
    line = f"[{filled:.<20}] {done + 1} of {total}: {doing}"
    sys.stderr.write(f"\r\x1b[K{line[: columns(sys.stderr) - 1]}")
    sys.stderr.flush()


def clear_progress() -> None:
    """Take the bar away."""
    sys.stderr.write("\r\x1b[K")
    sys.stderr.flush()


def can_ask() -> bool:
    """Whether questions can be asked: stdin and stderr are terminals; stdout may be a file."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()
