"""Options that several commands share, declared once, and what stands behind them."""

import sys
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from dmadvisor.library import Library


class Color(StrEnum):
    """When to write colour."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


class Format(StrEnum):
    """How advice is written."""

    TEXT = "text"
    PLAIN = "plain"
    MARKDOWN = "markdown"
    HTML = "html"
    JSON = "json"
    HANDOUT = "handout"
    HANDOUT_HTML = "handout-html"


class Missing(StrEnum):
    """What happens to questions that the options leave open."""

    ASK = "ask"
    STOP = "stop"
    UNKNOWN = "unknown"


class ListFormat(StrEnum):
    """How lists and single records are written."""

    TEXT = "text"
    PLAIN = "plain"
    JSON = "json"


PathwaysOption = Annotated[
    str | None,
    typer.Option(
        "--pathways",
        metavar="DIR",
        envvar="DMADVISOR_PATHWAYS",
        show_envvar=False,
        help="Use the content in this folder (or DMADVISOR_PATHWAYS).",
    ),
]
HERE = (".", "pathways")
"""Where an author's content is looked for when no option names it."""
ColorOption = Annotated[
    Color, typer.Option("--color", help="When to write colour; auto honours NO_COLOR.")
]
ListFormatOption = Annotated[ListFormat, typer.Option("--format", "-f", help="How to write it.")]


def open_library(pathways: str | None) -> "Library":
    """The content that the options name; says on stderr when a compiled copy is out of date."""
    from dmadvisor.library import Library
    from dmadvisor.store import find_root

    library = Library(find_root(pathways))
    if library.notice:
        sys.stderr.write(f"dmadvisor: {library.notice}\n")
    return library


def folder_of(paths: Iterable[str]) -> str | None:
    """The content folder that the first path stands in, if it stands in one."""
    for path in map(Path, paths):
        for folder in (path, *path.absolute().parents):
            if (folder / "content.yaml").is_file():
                return str(folder)
    return None


def own_folder(folder: str | None) -> str | None:
    """The folder, unless its content is the one that came with the program."""
    from dmadvisor.store import shipped_root

    shipped = shipped_root()
    same = folder is None or (shipped is not None and Path(folder).resolve() == shipped.resolve())
    return None if same else folder
