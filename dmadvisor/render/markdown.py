"""Markdown fit to paste into a clinic letter."""

import re

from dmadvisor.page import Document, Item
from dmadvisor.render.layout import hang, refs_text

SPECIAL = re.compile(r"([\\`*_\[\]<>|#])")


def render(document: Document, width: int) -> str:
    """The document as Markdown, wrapped to ``width``."""
    lines: list[str] = []
    for index, section in enumerate(document.sections):
        mark = "#" if section.kind == "STEP" else "##"
        lines += ["", f"{mark} {_escape(section.heading)}", ""]
        for item in section.items:
            lines += _item(item, width)
        if index == 0:
            lines = lines[1:]
    return "\n".join(lines) + "\n"


def _item(item: Item, width: int) -> list[str]:
    if item.kind == "DO":
        return hang(_escape(f"{item.text}{refs_text(item.refs)}"), width, "- ")
    if item.kind in (
        "WHY",
        "REFER",
        "REVIEW",
        "NOT ENOUGH",
        "NOTICE",
        "PATHWAY",
        "UNUSED",
        "ANSWERS",
    ):
        gap = [""] if item.kind == "WHY" else []
        lead = {"WHY": "*Why:* ", "REFER": "**Refer:** "}.get(item.kind, "")
        text = f"{lead}{_escape(item.text)}{_escape(refs_text(item.refs))}"
        return [*gap, *hang(text, width), ""]
    if item.kind == "SOURCE":
        return hang(_escape(item.text), width, f"{item.refs[0]}. ")
    tick = "" if item.tick is None else "[x] " if item.tick else "[ ] "
    status = f" ({item.status})" if item.status else ""
    text = f"**{_escape(item.text)}**{_escape(status)}{_escape(refs_text(item.refs))}"
    lines = hang(tick + text, width, "- ", "  ")
    for detail in item.details:
        label = f"{detail.label}: " if detail.label else ""
        body = _escape(f"{label}{detail.text}{refs_text(detail.refs)}")
        lines += hang(body, width, "  - ", "    ")
    return lines


def _escape(text: str) -> str:
    return SPECIAL.sub(r"\\\1", text)
