"""Makes the consoles: the only module that decides on colour, width and encoding."""

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
    return Console(
        file=stream,
        force_terminal=forced,
        no_color=True if color is Color.NEVER else None,
        markup=False,
        emoji=False,
        highlight=False,
        soft_wrap=True,
    )


def never_fails(stream: TextIO) -> None:
    """Let a stream write "?" for what its encoding lacks, rather than stop half-way."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure:
        reconfigure(errors="replace")


def write(text: str) -> None:
    """Unstyled output to stdout."""
    never_fails(sys.stdout)
    sys.stdout.write(text)


def columns() -> int:
    """The width for unstyled output: COLUMNS, the terminal's, or 80."""
    from shutil import get_terminal_size

    return get_terminal_size((80, 24)).columns


def can_ask() -> bool:
    """Whether questions can be asked: stdin and stderr are terminals; stdout may be a file."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()
