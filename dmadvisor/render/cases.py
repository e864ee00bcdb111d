"""Patients whom ``verify`` finds as cases, which can be saved and read back, and as data."""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from dmadvisor.answers import Answer
from dmadvisor.render.json import plain
from dmadvisor.render.proofs import Command
from dmadvisor.verify.harm import Harm
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
    lines = [
        f"# {command(patient.pathway, patient.answers)}",
        *_head(sentence(each), "verify --witness", patient.pathway, patient.answers, confirmed),
        f"  step: {advice.step.id}",
        *_ends_in(advice.tree.id, patient.pathway),
    ]
    return "".join(f"{line}\n" for line in lines)


def seen(mutants: Iterable[str], each: Harm, confirmed: Confirmed) -> str:
    """A patient who sees changes that nothing else sees, with what is told of today."""
    names = "; ".join(mutants)
    lines = [
        *_head(f"Sees: {names}", "verify --mutate", each.pathway, each.answers, confirmed),
        *([f"  done: {json.dumps(_days(each))}"] if each.done else []),
        f"  step: {each.step}",
        *_ends_in(each.ends_in, each.pathway),
        *(f"  {key}: {json.dumps(plain(value))}" for key, value in each.expected.items()),
    ]
    return "".join(f"{line}\n" for line in lines)


def _days(each: Harm) -> dict[str, str]:
    return {id: day.isoformat() if day else "yes" for id, day in each.done.items()}


def _head(
    sentence: str,
    source: str,
    pathway: str,
    answers: Mapping[str, Answer],
    confirmed: Confirmed,
) -> list[str]:
    told = ", ".join(f"{id}: {_words(answer)}" for id, answer in answers.items())
    odd = confirmed(answers)
    return [
        f"- case: {json.dumps(sentence)}",
        f"  source: dmadvisor {source}",
        f"  pathway: {pathway}",
        f"  answers: {{{told}}}",
        *([f"  confirm: [{', '.join(odd)}]"] if odd else []),
    ]


def _ends_in(end: str, pathway: str) -> list[str]:
    return [f"  ends-in: {end}"] if end != pathway else []


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
