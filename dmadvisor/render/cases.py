"""Witnesses as cases, which can be saved and read back, and as data for programs."""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from dmadvisor.answers import Answer
from dmadvisor.render.proofs import Command
from dmadvisor.verify.witness import What, Witness

KINDS: dict[What, str] = {
    "branch": "branches",
    "step": "steps",
    "regimen": "regimens",
    "question": "questions",
}
"""What has witnesses, by the word for several."""

Confirmed = Callable[[Mapping[str, Answer]], tuple[str, ...]]
"""The questions whose answers are unusual, so that a run has to confirm them."""


def yaml(found: Iterable[Witness], command: Command, confirmed: Confirmed) -> str:
    """One case for each witness, with the run that shows it."""
    return "\n".join(_case(each, command, confirmed) for each in found)


def _case(each: Witness, command: Command, confirmed: Confirmed) -> str:
    patient, advice = each.patient, each.patient.advice
    answers = ", ".join(f"{id}: {_words(answer)}" for id, answer in patient.answers.items())
    lines = [
        f"# {command(patient.pathway, patient.answers)}",
        f"- case: {json.dumps(sentence(each))}",
        "  source: dmadvisor verify --witness",
        f"  pathway: {patient.pathway}",
        f"  answers: {{{answers}}}",
        f"  step: {advice.step.id}",
    ]
    if advice.tree.id != patient.pathway:
        lines.append(f"  ends-in: {advice.tree.id}")
    odd = confirmed(patient.answers)
    if odd:
        lines.append(f"  confirm: [{', '.join(odd)}]")
    return "".join(f"{line}\n" for line in lines)


def _words(answer: Answer) -> str:
    return f"[{', '.join(answer.words)}]" if len(answer.words) > 1 else answer.text


def sentence(each: Witness) -> str:
    """What a witness shows; no two sentences are alike."""
    if each.what == "branch":
        return f"{each.patient.pathway}, at {each.id}, branch {each.number}: {each.words}"
    if each.what == "step":
        return f"{each.patient.advice.tree.id} ends at step {each.id}"
    return f"regimen {each.id} is listed" if each.what == "regimen" else f"{each.id} is asked"


def data(found: Iterable[Witness], command: Command) -> list[dict[str, Any]]:
    """The same for programs."""
    return [
        {
            "what": each.what,
            "id": each.id,
            "branch": each.number,
            "words": each.words or None,
            "pathway": each.patient.pathway,
            "answers": {id: answer.text for id, answer in each.patient.answers.items()},
            "step": each.patient.advice.step.id,
            "ends_in": each.patient.advice.tree.id,
            "command": command(each.patient.pathway, each.patient.answers),
        }
        for each in found
    ]
