"""Draws ``docs/pathways``: a picture and a page for each pathway.

From the top of the checkout: ``.venv/bin/python docs/draw.py``. A test says when that is due.
"""

from pathlib import Path

from dmadvisor.library import Library
from dmadvisor.picture import Picture, picture_of
from dmadvisor.render import graph_svg, mermaid

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "docs" / "pathways"

PAGE = """\
# {title}

{population}

The picture opens at full size on its own: [{id}.svg]({id}.svg). How to read it:
[README.md](README.md).

[![{title}, as a tree]({id}.svg)]({id}.svg)

The same as a diagram that this page draws itself:

```mermaid
{mermaid}```
"""


def drawn() -> dict[str, str]:
    """What every file holds, by its name."""
    library = Library(ROOT / "pathways")
    files = {}
    for id in library.ids("PathwayId"):
        picture = picture_of(library, id, {})
        files[f"{id}.svg"] = graph_svg.render(picture)
        files[f"{id}.md"] = page(library, id, picture)
    return files


def page(library: Library, id: str, picture: Picture) -> str:
    """The page of one pathway."""
    pathway = library.pathway(id)
    return PAGE.format(
        id=id,
        title=pathway.title,
        population=pathway.population,
        mermaid=mermaid.render(picture),
    )


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, text in drawn().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
