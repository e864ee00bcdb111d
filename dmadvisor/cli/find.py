"""``dmadvisor find``: what the content holds on some words, the best first."""

from typing import TYPE_CHECKING, Annotated

import typer

from dmadvisor.cli import screen
from dmadvisor.cli.exits import Exit, complain
from dmadvisor.cli.options import (
    Color,
    ColorOption,
    ListFormat,
    ListFormatOption,
    PathwaysOption,
    open_library,
)

if TYPE_CHECKING:
    from dmadvisor.search import Found

LONGEST = 200
"""More characters than these are not looked for."""


def command(
    words: Annotated[
        list[str],
        typer.Argument(metavar="WORDS...", show_default=False, help="What to look for."),
    ],
    limit: Annotated[
        int, typer.Option("--limit", "-n", min=1, metavar="NUMBER", help="How many to show.")
    ] = 10,
    format: ListFormatOption = ListFormat.TEXT,
    pathways: PathwaysOption = None,
    color: ColorOption = Color.AUTO,
) -> None:
    """Find things by name, by other names, or by what is said of them.

    Spelling may be a little wrong. Exits with 1 when nothing is found.

    \b
    Examples:
      dmadvisor find eye test
      dmadvisor find hydroxycloroquine -n 3
    """
    from dmadvisor.search import Finder

    text = _readable(" ".join(words))
    finder = Finder(open_library(pathways))
    found = finder.search(text)[:limit]
    _write(found, format, color)
    if not found:
        close = finder.nearest(text)
        hint = f"try '{close}', or see 'dmadvisor list'" if close else "see 'dmadvisor list'"
        complain(f"nothing is called '{text}' or speaks of it", hint)
        raise typer.Exit(Exit.FOUND)


def _readable(text: str) -> str:
    """What to look for. Raises UsageError where there is nothing in it to look for."""
    from dmadvisor.problems import UsageError, printable

    if not text.isprintable() or len(text) > LONGEST:
        shown = printable(text[:LONGEST])
        raise UsageError(
            f"'{shown}' cannot be looked for",
            f"write at most {LONGEST} printable characters, such as 'eye test'",
        )
    if not any(c.isalnum() for c in text):
        raise UsageError(f"there is no word in '{text}'", "write what to find, such as 'eye test'")
    return text


def _write(found: "tuple[Found, ...]", format: ListFormat, color: Color) -> None:
    commands = [f"dmadvisor show {each.show}" for each in found]
    if format is ListFormat.JSON:
        from dmadvisor.render.json import dumps, plain

        data = [plain(each) for each in found]
        screen.write_verdict(
            dumps([row | {"show": c} for row, c in zip(data, commands, strict=True)])
        )
    elif format is ListFormat.PLAIN:
        lines = [f"{each.kind.upper()}: {each.id}: {each.title}{_called(each)}; " for each in found]
        screen.write_verdict(
            "".join(f"{line}{c}\n" for line, c in zip(lines, commands, strict=True))
        )
    elif found:
        from dmadvisor.render.text import print_rows

        console = screen.make_console(color)
        with console.capture() as page:
            called = [f"{each.kind}{_called(each)}" for each in found]
            below = [f"{each}: {c}" for each, c in zip(called, commands, strict=True)]
            print_rows(console, [(each.id, each.title) for each in found], below)
        screen.write_verdict(page.get())


def _called(found: "Found") -> str:
    return f", also called {found.called}" if found.called else ""
