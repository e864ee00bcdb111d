"""One page for a browser and for paper: nothing in it comes from outside, and nothing runs."""

import re
from html import escape
from itertools import groupby

from dmadvisor.page import Detail, Document, Item, Section
from dmadvisor.render.stylesheet import stylesheet

HEAD = ("PATHWAY", "NOTICE", "PRINTED")
"""What stands above everything else: which page this is, and what it is not."""

LABELS = {"WHY": "Why", "REFER": "Refer", "ANSWERS": "", "RECORDED": "", "UNUSED": ""}
"""Kinds that are a paragraph, with the word before them."""
PARAGRAPHS = (*LABELS, "REVIEW", "NOT ENOUGH", "PARAGRAPH")

RUN_IN = ("PITFALL", "SOURCES DIFFER")
"""Kinds whose details follow on the same line on paper."""

PLACE = re.compile(r"\bdoi:(?P<doi>\S+)|\bPMID (?P<pmid>[0-9]+)|(?P<url>https?://\S+)")
"""Where a source can be found, as it stands in the text of a citation."""

PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>
{style}</style>
</head>
<body{size}>
<header>
<h1>{heading}</h1>
{head}
</header>
<main>
{main}
</main>
</body>
</html>
"""


def render(document: Document, heading: str, title: str, *, large: bool = False) -> str:
    """The document as a page; ``title`` is what a browser and a file list call it.

    A ``large`` page has the type of a letter on paper, in one column.
    """
    items = [item for section in document.sections for item in section.items]
    head = [item for kind in HEAD for item in items if item.kind == kind]
    numbered = {item.refs[0] for item in items if item.kind == "SOURCE"}
    writer = _Writer(numbered)
    return PAGE.format(
        title=_text(title),
        style=stylesheet(),
        size=' class="large"' if large else "",
        heading=_text(heading),
        head="\n".join(f"<p>{_text(item.text)}</p>" for item in head),
        main="\n".join(
            writer.section(number, section)
            for number, section in enumerate(document.sections, 1)
            if any(item.kind not in HEAD for item in section.items)
        ),
    )


class _Writer:
    """Writes sections; a number links only to a source that stands on the page."""

    def __init__(self, numbered: set[int]) -> None:
        self.numbered = numbered

    def section(self, number: int, section: Section) -> str:
        items = [item for item in section.items if item.kind not in HEAD]
        heading = f'<h2 id="part-{number}">{_text(section.heading)}</h2>'
        body = [self.run(kind, list(members)) for kind, members in groupby(items, key=_run_kind)]
        name = _section_class(section)
        start = f'<section aria-labelledby="part-{number}"{name}>'
        return "\n".join([start, heading, *body, "</section>"])

    def run(self, kind: str, items: list[Item]) -> str:
        """Neighbours of one kind: paragraphs, or one list."""
        if kind == "p":
            return "\n".join(self.paragraph(item) for item in items)
        if kind == "sources":
            rows = [_source(item) for item in items]
            return "\n".join(['<ol class="sources">', *rows, "</ol>"])
        name = f' class="{kind}"' if kind != "list" else ""
        return "\n".join([f"<ul{name}>", *(self.item(item) for item in items), "</ul>"])

    def paragraph(self, item: Item) -> str:
        label = LABELS.get(item.kind)
        lead = f'<span class="label">{label}:</span> ' if label else ""
        tone = f' class="{item.tone}"' if item.tone else ""
        words = _text(item.text)
        if item.kind == "REFER":
            words = f"<strong>{words}</strong>"
        return f"<p{tone}>{lead}{words}{self.refs(item.refs)}</p>"

    def item(self, item: Item) -> str:
        words = _text(item.text)
        if item.status or item.details:
            words = f"<strong>{words}</strong>"
        if item.status:
            tone = f" {item.tone}" if item.tone else ""
            words += f': <span class="status{tone}">{_text(item.status)}</span>'
        words += self.refs(item.refs)
        if item.tick is not None:
            ticked = " ticked" if item.tick and item.tone != "bad" else ""
            words = f'<span class="box{ticked}" aria-hidden="true"></span>{words}'
        details = "".join(self.detail(detail) for detail in item.details)
        return f"<li>{words}{details}</li>"

    def detail(self, detail: Detail) -> str:
        label = f'<span class="label">{_text(detail.label)}:</span> ' if detail.label else ""
        return f"<p>{label}{_text(detail.text)}{self.refs(detail.refs)}</p>"

    def refs(self, refs: tuple[int, ...]) -> str:
        """Source numbers behind a sentence, each leading to its source."""
        if not refs:
            return ""
        links = (f'<a href="#source-{n}">{n}</a>' if n in self.numbered else str(n) for n in refs)
        return f' <span class="refs">[{", ".join(links)}]</span>'


def _text(words: str) -> str:
    """Words as they stand between tags."""
    return escape(words, quote=False)


def _run_kind(item: Item) -> str:
    if item.kind in PARAGRAPHS:
        return "p"
    if item.kind == "SOURCE":
        return "sources"
    if item.tick is not None:
        return "ticks"
    if item.kind in RUN_IN:
        return "run-in"
    return "list" if item.details or item.status else "short"


def _section_class(section: Section) -> str:
    if section.tone == "bad":
        return ' class="alarm"'
    if section.kind in ("STEP", "TITLE"):
        return ' class="step"'
    wide = {item.kind for item in section.items} & {"SOURCE", "ANSWERS"}
    return ' class="wide"' if wide else ""


def _source(item: Item) -> str:
    """A source with links to where it can be found."""
    number = item.refs[0]
    words, end = "", 0
    for found in PLACE.finditer(item.text):
        address = found["url"] or (
            f"https://doi.org/{found['doi']}"
            if found["doi"]
            else f"https://pubmed.ncbi.nlm.nih.gov/{found['pmid']}/"
        )
        words += _text(item.text[end : found.start()])
        words += f'<a href="{escape(address)}">{_text(found[0])}</a>'
        end = found.end()
    return f'<li id="source-{number}" value="{number}">{words}{_text(item.text[end:])}</li>'
