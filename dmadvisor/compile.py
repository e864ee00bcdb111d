"""Content to one packed copy, which a wheel carries so that no YAML is parsed at start-up.

Used when a wheel is built (``hatch_build.py``), never by the program itself.
"""

from datetime import date
from pathlib import Path

from dmadvisor.library import OWN_FILE, SHARED, Library
from dmadvisor.packed import COMPILED, Packer
from dmadvisor.problems import PathwayError, Problem


def compile_content(root: Path) -> bytes:
    """The compiled copy of a content folder; PathwayError when the content has errors."""
    if (root / COMPILED).exists():
        raise PathwayError((_compiled_already(),))
    library = Library(root)
    from dmadvisor.lint import lint

    errors = tuple(p for p in lint(library, today=date.today()) if p.severity == "error")
    if errors:
        raise PathwayError(errors)
    packer = Packer()
    for kind in (*SHARED, *OWN_FILE):
        for id in library.ids(kind):
            packer.add(kind, id, library.get(kind, id))
    for entry in (library.content_entry(), library.ledger_entry()):
        packer.add(entry.kind, entry.id, entry.record)
    return packer.copy({"checksums": library.checksums(), "sha256": library.sha256})


def _compiled_already() -> Problem:
    return Problem(
        COMPILED,
        1,
        1,
        1,
        "compiled",
        "a compiled copy stands in the source tree",
        "delete it: it is made when a wheel is built",
    )
