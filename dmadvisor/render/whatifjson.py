"""What single answers would change, as JSON: each change with what it takes to see it again."""

from typing import Any

from dmadvisor.answers import answer_label
from dmadvisor.conditions import bounds_words
from dmadvisor.dosing import DosePrint
from dmadvisor.explain.effects import Place
from dmadvisor.explain.whatif import Change, WhatIf
from dmadvisor.library import Library
from dmadvisor.render.json import dumps, head, number, plain


def render_whatif(library: Library, found: WhatIf, today: str) -> str:
    """Every change, the nearest first."""
    data = head(library, found.advice, today)
    step = found.advice.step
    data["step"] = {"id": step.id, "title": step.title}
    data["changes"] = [_change(library, found, change) for change in found.changes]
    data["unanswered"] = [
        {
            "question": each.question,
            "ask": library.question(each.question).ask,
            "asked": each.asked,
            "changes": [_change(library, found, change) for change in each.changes],
        }
        for each in found.unanswered
    ]
    return dumps(data)


def _change(library: Library, found: WhatIf, change: Change) -> dict[str, Any]:
    question = library.question(change.question)
    differs = change.difference
    step = None
    if differs.step:
        step = {"from": _place(found.outcome.place), "to": _place(differs.step)}
    lead = differs.recommended
    return {
        "question": change.question,
        "given": change.given.text if change.given else None,
        "how": change.how,
        "answers": [
            {"answer": answer.text, "label": answer_label(question, answer)}
            for answer in change.answers
        ],
        "ranges": [bounds_words(bounds) or None for bounds in change.ranges],
        "distance": round(float(change.distance), 4),
        "kind": differs.kind,
        "step": step,
        "asks": differs.asks,
        "verdicts": [
            {
                "regimen": shift.regimen,
                "title": shift.title,
                "from": _verdict(shift.before),
                "to": _verdict(shift.now),
                "because": shift.because or None,
            }
            for shift in differs.verdicts
        ],
        "recommended": {"from": plain(lead.before), "to": plain(lead.now)} if lead else None,
        "doses": [
            {
                "regimen": dose.regimen,
                "title": dose.title,
                "from": _dose(dose.before),
                "to": _dose(dose.now),
            }
            for dose in differs.doses
        ],
    }


def _place(place: Place | None) -> dict[str, str] | None:
    return {"pathway": place.pathway, "id": place.step, "title": place.title} if place else None


def _verdict(side: str | None) -> dict[str, str] | None:
    if side is None:
        return None
    action, verdict = side.split(", ")
    return {"action": action, "verdict": verdict}


def _dose(dose: DosePrint) -> dict[str, Any]:
    ends = {"low": dose.low, "high": dose.high}
    amounts = {name: None if end is None else number(end) for name, end in ends.items()}
    return {"text": dose.text, **amounts, "unit": dose.unit, "per": dose.per}
