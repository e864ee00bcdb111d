"""``dmadvisor case replay``: each visit of a case file advised again."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dmadvisor.cli import screen
from dmadvisor.cli.exits import Exit
from dmadvisor.cli.options import PathwaysOption, open_library

if TYPE_CHECKING:
    from dmadvisor.casefile.compare import Replayed
    from dmadvisor.library import Library


class ReplayFormat(StrEnum):
    """How a replay is written."""

    TEXT = "text"
    JSON = "json"


def command(
    file: Annotated[str, typer.Argument(metavar="FILE", show_default=False, help="A case file.")],
    format: Annotated[
        ReplayFormat, typer.Option("--format", "-f", help="How to write it.")
    ] = ReplayFormat.TEXT,
    pathways: PathwaysOption = None,
) -> None:
    """Advise each visit again; name each difference.

    Exits with 1 when advice differs although content and program are those that gave it: then the
    file was edited, or it is a bug.

    \b
    Examples:
      dmadvisor case replay skin-7.yaml
    """
    from dmadvisor import __version__
    from dmadvisor.casefile.compare import replay
    from dmadvisor.casefile.reading import read_case
    from dmadvisor.cli.keeping import kept

    library = open_library(pathways)
    case, _ = read_case(Path(file))
    found = [replay(library, __version__, v, lambda a: kept(library, a)) for v in case.visits]
    if format is ReplayFormat.JSON:
        from dmadvisor.render.json import dumps, plain

        screen.write_verdict(dumps({"format": 1, "case": case.label, "visits": plain(found)}))
    else:
        screen.write_verdict("".join(_text(library, each) for each in found))
    same = sum(each.same for each in found)
    sys.stderr.write(f"{same} of {len(found)} visits give the same advice\n")
    if any(each.like and not each.same for each in found):
        raise typer.Exit(Exit.FOUND)


def _text(library: "Library", replayed: "Replayed") -> str:
    from dmadvisor.render.layout import hang, usable_width
    from dmadvisor.since import change_text

    width = usable_width(screen.columns(sys.stdout))
    was = f"content {replayed.content.version} ({replayed.content.sha256[:12]})"
    if replayed.like:
        told = "same, byte for byte" if replayed.same else "differs, under the same content"
    else:
        told = "same advice" if replayed.same else "differs"
        told += f", given from {was} or another program"
    rows = hang(f"{replayed.date} {replayed.pathway}: {told}", width, rest="  ")
    for change in replayed.differences:
        rows += hang(change_text(library, change), width, "  - ")
    return "".join(f"{row}\n" for row in rows)
