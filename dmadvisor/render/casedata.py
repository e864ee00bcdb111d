"""The keys that a case file adds to JSON."""

from typing import Any

from dmadvisor.casefile.choosing import Chosen
from dmadvisor.casefile.view import CaseView
from dmadvisor.render.json import plain


def case_data(view: CaseView, *, advised: bool) -> dict[str, Any]:
    """What a case file tells beside a question, and beside advice."""
    data: dict[str, Any] = {
        "case": view.label,
        "carried": plain(view.carried),
        "proposed": {
            id: {"answer": proposal.answer.text, "from": plain(proposal.day)}
            for id, proposal in view.proposed.items()
        },
    }
    if advised:
        data["chosen"] = [_chosen(each) for each in view.chosen]
        data["warnings"] = list(view.warnings)
        data["since"] = plain(view.since)
    return data


def _chosen(chosen: Chosen) -> dict[str, Any]:
    data: dict[str, Any] = plain(chosen)
    return {**data.pop("choice"), **data}
