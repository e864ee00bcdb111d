"""Markdown fit to paste into a clinic letter: a line each for what is said, never broken inside."""

import re

from dmadvisor.page import Document, Item
from dmadvisor.render.layout import refs_text

SPECIAL = re.compile(r"([\\`*\[\]<~]|\b_\B|\B_\b|^[#>+-])")
"""What Markdown would act on; an underscore inside a word is one of its letters."""
LEADS = {"WHY": "*Why:* ", "REFER": "**Refer:** "}
PARAGRAPHS = (
    *LEADS,
    "REVIEW",
    "NOT ENOUGH",
    "NOTICE",
    "PATHWAY",
    "UNUSED",
    "RECORDED",
    "ANSWERS",
)


def render(document: Document) -> str:
    """The document as Markdown."""
    blocks = []
    for section in document.sections:
        mark = "#" if section.kind == "STEP" else "##"
        blocks.append(f"{mark} {_escape(section.heading)}")
        rows: list[str] = []
        for item in section.items:
            if item.kind in PARAGRAPHS:
                blocks += ["\n".join(rows)] if rows else []
                rows = []
                lead = LEADS.get(item.kind, "")
                blocks.append(f"{lead}{_escape(item.text)}{refs_text(item.refs)}")
            else:
                rows += _row(item)
        blocks += ["\n".join(rows)] if rows else []
    return "\n\n".join(blocks) + "\n"


def _row(item: Item) -> list[str]:
    """An item of a list, with its details indented below it."""
    if item.kind == "SOURCE":
        return [f"{item.refs[0]}. {_escape(item.text)}"]
    tick = "" if item.tick is None else "[x] " if item.tick else "[ ] "
    words = _escape(item.text)
    if item.status or item.details:
        words = f"**{words}**"
    status = f": {_escape(item.status)}" if item.status else ""
    rows = [f"- {tick}{words}{status}{refs_text(item.refs)}"]
    for detail in item.details:
        label = f"{detail.label}: " if detail.label else ""
        rows.append(f"  - {_escape(f'{label}{detail.text}')}{refs_text(detail.refs)}")
    return rows


def _escape(text: str) -> str:
    return SPECIAL.sub(r"\\\1", text)
