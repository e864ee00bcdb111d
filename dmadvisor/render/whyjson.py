"""The reasons of an advice as JSON."""

from typing import Any

from dmadvisor.explain.derivations import Held
from dmadvisor.explain.reasons import Ground, Why
from dmadvisor.library import Library
from dmadvisor.render.json import dumps, head, plain


def render_why(library: Library, why: Why, today: str) -> str:
    """The way to the step, the facts, the options and the checks, each with its rule."""
    data = head(library, why.advice, today)
    step = why.advice.step
    data["step"] = {"id": step.id, "title": step.title, "why": " ".join(step.why)}
    data["step"]["sources"] = plain(step.sources)
    data["way"] = [{**plain(each), "held": _held(each.held)} for each in why.way]
    data["facts"] = [{**plain(each), "because": _told(each.because)} for each in why.facts]
    data["options"] = [
        {
            "regimen": each.option.regimen,
            "title": each.option.title,
            "action": each.option.action,
            "verdict": each.option.verdict,
            "recommended": each.option.recommended,
            "listed": each.listed,
            "lead": each.lead,
            "rules": [_rule(ground) for ground in each.grounds],
        }
        for each in why.options
    ]
    data["checks"] = [
        {
            "id": each.check.id,
            "title": each.check.title,
            "state": each.check.state,
            "asked_by": [{**plain(asker), "held": _held(asker.held)} for asker in each.by],
        }
        for each in why.checks
    ]
    return dumps(data)


def _rule(ground: Ground) -> dict[str, Any]:
    reason = ground.reason
    return {
        "kind": reason.kind,
        "text": reason.text,
        "question": reason.question,
        "answer": reason.answer,
        "held": _held(ground.held),
        "sources": plain(reason.sources),
    }


def _held(held: Held | None) -> dict[str, Any] | None:
    return {"words": held.words, "because": _told(held.because)} if held else None


def _told(told: tuple[tuple[str, str], ...]) -> list[dict[str, str]]:
    return [{"question": id, "answer": text} for id, text in told]
