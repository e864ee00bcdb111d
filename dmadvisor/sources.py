"""Sources as printed: one citation in words, and the numbered list under a document."""

from dmadvisor.library import Library
from dmadvisor.model import Citation
from dmadvisor.page import Item, Section, SourceNumbers


def citation_text(citation: Citation) -> str:
    """A source as printed: what it is, where to find it, its kind and whom it is about."""
    places = [
        f"doi:{citation.doi}" if citation.doi else "",
        f"PMID {citation.pmid}" if citation.pmid else "",
        citation.url or "",
        citation.file or "",
    ]
    kind = "" if citation.kind == "expert value" else citation.kind
    marks = [mark for mark in (kind, citation.population) if mark]
    where = " ".join(place for place in places if place)
    tail = f" ({', '.join(marks)})" if marks else ""
    return f"{citation.text} {where}".strip() + tail


def sources_section(library: Library, refs: SourceNumbers) -> Section:
    """Every source that was numbered, in the order of the numbers."""
    items = tuple(
        Item("SOURCE", citation_text(library.citation(id)), refs=(number,), tone="quiet")
        for id, number in refs.numbers.items()
    )
    return Section("Sources", items)
