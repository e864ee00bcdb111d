"""Content to one JSON document, which a wheel carries so that no YAML is parsed at start-up.

Used when a wheel is built (``hatch_build.py``), never by the program itself.
"""

import json
from datetime import date
from pathlib import Path

from dmadvisor.library import Library, compiled_form
from dmadvisor.problems import PathwayError, Problem
from dmadvisor.store import COMPILED


def compile_content(root: Path) -> bytes:
    """The compiled copy of a content folder; PathwayError when the content has errors."""
    if (root / COMPILED).exists():
        raise PathwayError((_compiled_already(),))
    library = Library(root)
    from dmadvisor.lint import lint

    errors = tuple(p for p in lint(library, today=date.today()) if p.severity == "error")
    if errors:
        raise PathwayError(errors)
    return json.dumps(compiled_form(library), ensure_ascii=False, separators=(",", ":")).encode()


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
