"""Advice as it stands in a letter to another doctor: findings in words, and nothing for a terminal.

Every order, dose, check and warning stays. What is left out is where sources differ (how a figure
was chosen, not what to do), commands that show more, and answers that were not used.
"""

import re

from dmadvisor.answers import answer_label
from dmadvisor.document import inside
from dmadvisor.library import Library
from dmadvisor.model import AnswerId
from dmadvisor.outcome import Advice
from dmadvisor.page import Document, Item, Section

LEFT_OUT = ("SOURCES DIFFER", "READ", "RECORDED", "UNUSED")
HEADINGS = {
    "WATCH": "Monitoring",
    "PITFALL": "Please note",
    "NOT ANSWERED": "Not known yet",
    "ANSWERS": "Findings",
}
"""What a section is called by what it begins with; the other headings suit a letter as they are."""


TYPED = re.compile(r"\b([a-z][a-z-]*)=([a-z0-9]+(?:-[a-z0-9]+)*)")
"""An answer as it is typed; a letter says it in words."""


def letter(library: Library, advice: Advice, document: Document) -> Document:
    """The advice of ``document`` without what a letter has no use for."""
    unanswered = iter([f"{each.ask} {each.because}" for each in advice.missing])
    sections = []
    for section in document.sections:
        items = []
        for item in section.items:
            if item.kind == "ANSWERS":
                items.append(item._replace(text=_findings(library, advice)))
            elif item.kind == "NOT ANSWERED":
                items.append(item._replace(text=next(unanswered)))
            elif item.kind not in LEFT_OUT:
                items.append(_in_words(library, item, _marks(advice)))
        if items:
            heading = HEADINGS.get(items[0].kind, section.heading)
            sections.append(section._replace(heading=heading, items=tuple(items)))
    return Document(_cited(sections))


def _marks(advice: Advice) -> frozenset[str]:
    """The answers that stand behind reasons: the findings say them already."""
    reasons = [reason for option in advice.options for reason in option.reasons]
    return frozenset(f" ({r.question}={r.answer})" for r in reasons if r.answer)


def _in_words(library: Library, item: Item, marks: frozenset[str]) -> Item:
    """An item in which no answer stands as it is typed."""

    def said(found: re.Match[str]) -> str:
        if library.entry("QuestionId", found[1]) is None:
            return found[0]
        label = library.question(found[1]).answers.get(AnswerId(found[2]), found[2])
        return f"{_named(found[1])}: {inside(label)}"

    def words(text: str) -> str:
        mark = next((mark for mark in marks if text.endswith(mark)), "")
        return TYPED.sub(said, text.removesuffix(mark))

    if item.kind == "SOURCE":
        return item
    details = tuple(detail._replace(text=words(detail.text)) for detail in item.details)
    return item._replace(text=words(item.text), details=details)


def _named(question: str) -> str:
    return question.replace("-", " ")


def _findings(library: Library, advice: Advice) -> str:
    """The answers in words."""
    told = []
    for turn in advice.turns:
        label = answer_label(library.question(turn.question), turn.answer)
        told.append(f"{_named(turn.question)}: {inside(label.replace('; ', ', '))}")
    text = "; ".join(told)
    return f"{text[:1].upper()}{text[1:]}."


def _cited(sections: list[Section]) -> tuple[Section, ...]:
    """The sections, with those sources alone that they still cite."""
    items = [item for section in sections for item in section.items if item.kind != "SOURCE"]
    cited = {n for item in items for n in item.refs}
    cited |= {n for item in items for detail in item.details for n in detail.refs}
    kept = []
    for section in sections:
        rows = tuple(i for i in section.items if i.kind != "SOURCE" or i.refs[0] in cited)
        kept.append(section._replace(items=rows))
    return tuple(section for section in kept if section.items)
