"""Proofs and findings of ``verify``: for people, and as data for programs."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from dmadvisor.answers import Answer
from dmadvisor.model import SafetyRule
from dmadvisor.render.layout import hang
from dmadvisor.verify.counting import Covered
from dmadvisor.verify.findings import Finding, Kind
from dmadvisor.verify.prover import Counterexample

Command = Callable[[str, Mapping[str, Answer]], str]
"""The run that shows what becomes of a patient who starts in a pathway."""

KEYS: dict[Kind, str] = {
    "gap": "gaps",
    "dead-branch": "dead_branches",
    "lost-step": "lost_steps",
    "unasked-question": "unasked_questions",
    "unlisted-regimen": "unlisted_regimens",
    "same-answers": "same_answers",
    "overlap": "overlaps",
}
"""Under which key each kind of finding stands in JSON."""


class Result(NamedTuple):
    """One rule with what became of it."""

    id: str
    topic: str
    rule: SafetyRule
    holds: bool
    steps: int
    covered: Covered | None
    """None for a proof of the program's own, which counts otherwise."""
    counterexample: Counterexample | None = None
    says: str = ""
    """What is wrong, where the patient alone does not show it; or how it was looked at."""
    walked: int | None = None
    """How many patients were walked for a proof of the program's own."""


def text(result: Result, command: Command, width: int) -> str:
    """What became of a rule; of one that is broken with whom and why. A command is one line."""
    rule, found = result.rule, result.counterexample
    if result.holds:
        held = f"holds: {result.id} ({result.says or _counted(result)})"
        return "\n".join(hang(held, width, rest="  ")) + "\n"
    lines = [f"BROKEN: {result.id} (safety/{result.topic}.yaml)"]
    said: list[str] = [rule.says, rule.why]
    if result.says:
        said.append(result.says)
    elif found is None:
        said.append("It is about nobody: no path meets what stands under 'when'.")
    lines += [line for words in said for line in hang(words, width, "  ")]
    if found is not None:
        lines.append(f"  This patient breaks it, at the step {found.step}:")
        lines += [f"    {id} = {answer.text}" for id, answer in found.answers.items()]
        lines += hang(found.than, width, "  ") if found.than else []
        lines.append(f"  {command(found.pathway, found.answers)}")
    return "\n".join(lines) + "\n"


def _counted(result: Result) -> str:
    covered = result.covered or Covered(0, 0, 0)
    paths, patients = count(covered.paths, "path"), count(covered.patients, "patient")
    return f"{count(result.steps, 'step')}, {paths}, {patients}"


def count(number: int, word: str) -> str:
    """A number with its noun; a large one in tens."""
    shown = str(number) if number < 1_000_000 else f"{number:.1e}".replace("e+0", "e+")
    return f"{shown} {word}{'' if number == 1 else 's'}"


def findings_text(found: Iterable[Finding], command: Command, width: int, *, overlaps: bool) -> str:
    """One line a finding, a gap with its patient; overlaps in one line unless asked for."""
    lines = []
    hidden = 0
    for each in found:
        if each.kind == "overlap" and not overlaps:
            hidden += 1
        elif each.kind == "gap":
            lines += [f"GAP: {each.words}", f"  {command(each.pathway, each.answers or {})}"]
        else:
            lines += hang(f"note: {each.words}", width, rest="  ")
            lines += [f"  {command(each.pathway, each.answers)}"] if each.answers else []
    if hidden:
        pairs = count(hidden, "pair")
        note = (
            f"note: the order may decide between {pairs} of branches; --overlaps lists those "
            "that somebody meets"
        )
        lines += hang(note, width, rest="  ")
    return "".join(f"{line}\n" for line in lines)


def data(result: Result, command: Command) -> dict[str, Any]:
    """What became of a rule, for programs."""
    rule, found, covered = result.rule, result.counterexample, result.covered
    return {
        "id": result.id,
        "topic": result.topic,
        "says": rule.says,
        "covers": list(rule.covers),
        "holds": result.holds,
        "steps": result.steps,
        "paths": covered and covered.paths,
        "patients": covered.patients if covered else result.walked,
        "detail": result.says or None,
        "counterexample": found
        and {
            "pathway": found.pathway,
            "step": found.step,
            "answers": {id: answer.text for id, answer in found.answers.items()},
            "than": found.than or None,
            "command": command(found.pathway, found.answers),
        },
    }


def findings_data(found: Iterable[Finding], command: Command) -> dict[str, list[dict[str, Any]]]:
    """The findings by kind, for programs."""
    groups: dict[str, list[dict[str, Any]]] = {key: [] for key in KEYS.values()}
    for each in found:
        one = dict(each.data)
        if each.answers is not None:
            one["command"] = command(each.pathway, each.answers)
        groups[KEYS[each.kind]].append(one)
    return groups
