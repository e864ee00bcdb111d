"""Lines of at most a given width with hanging indents, shared by the line-based formats."""

import textwrap
from functools import lru_cache

MAX_WIDTH = 100
MIN_WIDTH = 30


def hang(text: str, width: int, first: str = "", rest: str | None = None) -> list[str]:
    """``text`` wrapped to ``width``, the first line led by ``first``, the others by ``rest``."""
    return [*_wrapped(text, width, first, " " * len(first) if rest is None else rest)]


@lru_cache(maxsize=1 << 15)  # The proofs of what is printed write the same sentences again.
def _wrapped(text: str, width: int, first: str, rest: str) -> tuple[str, ...]:
    lines = textwrap.wrap(
        text,
        max(width, MIN_WIDTH),
        initial_indent=first,
        subsequent_indent=rest,
        break_on_hyphens=False,
    )
    return tuple(line.rstrip() for line in lines) or (first.rstrip(),)


def refs_text(refs: tuple[int, ...]) -> str:
    """Source numbers as printed behind a sentence, with a leading space."""
    return f" [{', '.join(map(str, refs))}]" if refs else ""


def usable_width(columns: int) -> int:
    """The width to write to: the terminal's, but never wider than reads well."""
    return max(MIN_WIDTH, min(columns, MAX_WIDTH))
