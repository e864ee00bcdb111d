"""Proofs that are no question of answers and drugs alone: trees, steps and doses as written.

Everybody is looked at where sets can say it, and every record where it stands in one.
"""

import re
from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

from dmadvisor.amounts import SIZE_QUESTIONS
from dmadvisor.answers import UNKNOWN, Answer, read_answer
from dmadvisor.conditions import Facts
from dmadvisor.dosing import needed, print_dose
from dmadvisor.model import Action, Dose, Line, Step
from dmadvisor.verify.cases import DAY
from dmadvisor.verify.chains import handed_back
from dmadvisor.verify.everybody import Everybody
from dmadvisor.verify.formulas import Set
from dmadvisor.verify.listed import Field
from dmadvisor.verify.prover import Counterexample
from dmadvisor.verify.questions import asked_more_than
from dmadvisor.verify.situations import Stage
from dmadvisor.verify.trees import gaps
from dmadvisor.verify.visits import Visit

MOST_QUESTIONS = 40
"""How many questions anybody may be asked in one visit."""

GIVEN: tuple[Action, ...] = ("start", "continue", "increase")
"""The actions with which an amount is printed."""

WITH_PLAN: tuple[Field, ...] = ("checks", "pitfalls", "monitoring")
"""What somebody with a plan is shown besides it, at least one of each."""

DOSE = re.compile(r"\d\s?(mg|micrograms?|g|mL)\b")


class Flaw(NamedTuple):
    """What breaks a proof, in words, with a patient where there is one."""

    words: str
    patient: Counterexample | None = None


class Looked(NamedTuple):
    """What a proof looked at, and the first thing that breaks it."""

    steps: int
    at: str
    """What was looked at, in words."""
    flaw: Flaw | None
    patients: int = 0
    """How many patients were walked for it."""


def walk_ends(everybody: Everybody) -> Looked:
    """Nobody is stuck, asked too much, or handed back."""
    at = f"everybody, on {len(everybody.pathways)} pathways"
    return Looked(len(everybody.stages), at, next(_endless(everybody), None))


def _endless(everybody: Everybody) -> Iterator[Flaw]:
    for gap in gaps(everybody):
        found = Counterexample(gap.pathway, gap.place, gap.answers)
        yield Flaw(f"{gap.pathway}: nobody goes on from '{gap.place}' with these answers.", found)
    for back in handed_back(everybody):
        found = Counterexample(back.chain[0], "", back.answers)
        yield Flaw(f"Somebody is handed on too often: {', '.join(back.chain)}.", found)
    for pathway in everybody.pathways:
        answers = asked_more_than(everybody, pathway, MOST_QUESTIONS)
        if answers is not None:
            _, step = Visit(everybody.library, pathway, answers, DAY).end
            words = f"{pathway} asks more than {MOST_QUESTIONS} questions in one visit."
            yield Flaw(words, Counterexample(pathway, step, answers))


# -- steps -------------------------------------------------------------------------------------


def step_complete(everybody: Everybody) -> Looked:
    """Whoever comes to a step reads what to do and why; whoever gets a plan what goes with it."""
    flaws = (flaw for stage in everybody.stages for flaw in _incomplete(everybody, stage))
    return Looked(len(everybody.stages), "everybody, at every step", next(flaws, None))


def _incomplete(everybody: Everybody, stage: Stage) -> Iterator[Flaw]:
    step = stage.sets.step
    where = f"{stage.pathway}, step '{stage.name}'"
    for what, there in (("date", step.review.weeks), ("source", step.cites)):
        if not there:
            yield Flaw(f"{where} has no {what}.")
    formulas = everybody.formulas
    wanted = {"sentence": _told(stage), "reason": _read(stage, step.why)}
    if step.is_plan:
        wanted |= {field: _sees(stage, field) for field in WITH_PLAN}
    for what, sees in wanted.items():
        without = formulas.other(formulas.any(sees))
        told = everybody.answers((without, *everybody.comes(stage)))
        if told is not None:
            yield Flaw(f"{where} has no {what} for this patient.",
                       Counterexample(stage.pathway, stage.name, told))  # fmt: skip


def _told(stage: Stage) -> list[Set]:
    """For each sentence that says what to do who reads it."""
    barred, step = stage.formulas.any(stage.sets.barred_going_on), stage.sets.step
    going_on = [stage.formulas.without(who, barred) for who in _read(stage, step.go_on)]
    return [*_read(stage, step.do), *going_on, barred]


def _read(stage: Stage, lines: tuple[Line, ...]) -> list[Set]:
    return [stage.space.holds(line.when).yes for line in lines]


def _sees(stage: Stage, field: Field) -> list[Set]:
    """For each check, pitfall or thing to watch who sees it."""
    return [
        stage.formulas.both(brought.patients, stage.sets.shown(field, use))
        for brought in stage.sets.brought[field]
        for use in brought.records
    ]


def no_dose_in_steps(everybody: Everybody) -> Looked:
    """No sentence of a step has an amount."""
    steps = {
        (stage.name, said): stage.pathway
        for stage in everybody.stages
        for said in _sentences(stage.sets.step)
    }
    flaws = (
        Flaw(f"Step '{name}' of {pathway} has a dose in a sentence: {said}")
        for (name, said), pathway in steps.items()
        if DOSE.search(said)
    )
    return Looked(len(everybody.stages), f"{len(steps)} sentences", next(flaws, None))


def _sentences(step: Step) -> Iterator[str]:
    yield step.title
    yield from (line.say for line in (*step.do, *step.go_on, *step.why))
    if step.none_left:
        yield step.none_left.say


# -- doses -------------------------------------------------------------------------------------


def dose_complete(everybody: Everybody) -> Looked:
    """Every amount has what belongs to it, and none is printed while a number is missing."""
    library = everybody.library
    doses = [(id, dose) for id in library.ids("RegimenId") for dose in library.regimen(id).doses]
    flaws = (flaw for id, dose in doses for flaw in _incomplete_dose(everybody, id, dose))
    return Looked(0, f"{len(doses)} doses", next(flaws, None))


def _incomplete_dose(everybody: Everybody, id: str, dose: Dose) -> Iterator[Flaw]:
    if dose.kind != "applied":
        parts = {"unit": dose.unit, "time": dose.per, "frequency": dose.frequency,
                 "cap": dose.cap, "reason for its cap": dose.cap and dose.cap.reason,
                 "source": dose.cites or everybody.library.regimen(id).cites}  # fmt: skip
        yield from (
            Flaw(f"A dose of {id} has no {what}.") for what, has in parts.items() if not has
        )
    regimen = everybody.library.regimen(id)
    for answers in _some_known(everybody, dose):
        facts = Facts(everybody.library, answers)
        alone = regimen._replace(doses=(dose,))
        for action in GIVEN if needed(alone, facts) else ():
            printed = print_dose(alone, facts, action)
            if printed and (printed.low, printed.high) != (None, None):
                missing = ", ".join(needed(alone, facts))
                yield Flaw(f"An amount of {id} is printed without {missing}.")


def _some_known(everybody: Everybody, dose: Dose) -> Iterator[dict[str, Answer]]:
    """Every way in which the numbers that a dose needs are known or not."""
    ids = SIZE_QUESTIONS.get(dose.kind, ())
    for known in product((False, True), repeat=len(ids)):
        yield {
            id: _some(everybody, id) if there else UNKNOWN
            for id, there in zip(ids, known, strict=True)
        }


def _some(everybody: Everybody, id: str) -> Answer:
    """One of the numbers that can be answered."""
    words = everybody.space.columns[id].words
    question = everybody.library.question(id)
    return read_answer(id, question, words[len(words) // 2], confirmed=True)
