"""Proofs of what is printed and reached: patients are walked, advised and written in every format.

A patient is taken for every branch, step, regimen and question, and for every check of every option
of every step; the program that writes and asks is handed in from above.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import NamedTuple

from dmadvisor.answers import UNKNOWN, Answer, read_answer
from dmadvisor.library import Library
from dmadvisor.model import ProofName
from dmadvisor.outcome import Advice
from dmadvisor.safety import HANDLED, RED_FLAGS
from dmadvisor.verify.everybody import Everybody
from dmadvisor.verify.findings import asked_questions
from dmadvisor.verify.form import (
    Flaw,
    Looked,
    dose_complete,
    no_dose_in_steps,
    step_complete,
    walk_ends,
)
from dmadvisor.verify.listed import FIELDS
from dmadvisor.verify.prover import Counterexample
from dmadvisor.verify.trees import lost_steps
from dmadvisor.verify.witness import Patient, Witnesses

Told = Mapping[str, Answer]


class Ways(NamedTuple):
    """The ways to run the program."""

    formats: Mapping[str, Callable[[Library, Advice], str]]
    """Every format by its name."""
    asked: Callable[[Library, str, Told, date], Told]
    """The answers of a conversation in which a reader gives these; unknown where there is none."""


class Ground:
    """The patients whom these proofs look at, each made once."""

    def __init__(self, everybody: Everybody, today: date, ways: Ways) -> None:
        self.everybody = everybody
        self.witnesses = Witnesses(everybody, today)
        self.ways = ways

    @cached_property
    def patients(self) -> tuple[Patient, ...]:
        """A patient for all that somebody meets, for every check use, and with every red flag."""
        every = (*self.witnesses.patients, *self._for_checks(), *self.flagged)
        return tuple({id(each): each for each in every}.values())

    def _for_checks(self) -> Iterator[Patient]:
        ended: dict[tuple[str, str], list[Patient]] = {}
        for each in self.witnesses.patients:
            if each.pathway == each.advice.tree.id:
                ended.setdefault((each.pathway, each.advice.step.id), []).append(each)
        for stage in self.everybody.stages:
            here = ended.get((stage.pathway, stage.name), [])
            seen = {use for each in here for use in _uses(each)}
            for brought in stage.sets.brought["checks"]:
                for use in brought.records:
                    if (brought.regimen, use.check) not in seen:
                        who = stage.formulas.both(brought.patients, stage.sets.shown("checks", use))
                        patient = self.witnesses.one_of(stage, who)
                        if patient is not None:
                            seen |= _uses(patient)
                            yield patient

    @cached_property
    def flagged(self) -> tuple[Patient, ...]:
        """For each red flag somebody in each pathway who has it."""
        library = self.everybody.library
        question = library.question(RED_FLAGS)
        return tuple(
            self.witnesses.walked(
                pathway, {RED_FLAGS: read_answer(RED_FLAGS, question, flag, confirmed=True)}
            )
            for pathway in self.everybody.pathways
            for flag in library.ids("RedFlagId")
        )

    def looked(self, flaws: Iterator[Flaw]) -> Looked:
        """The first flaw among all patients."""
        ends = {(each.advice.tree.id, each.advice.step.id) for each in self.patients}
        at = f"{len(self.patients)} patients walked to {len(ends)} steps"
        return Looked(len(ends), at, next(flaws, None), len(self.patients))


def _uses(each: Patient) -> set[tuple[str, str]]:
    checks = each.advice.checks
    return {(owner, check.id) for check in checks for owner in (*check.for_, "")}


def _whose(each: Patient) -> Counterexample:
    return Counterexample(each.pathway, each.advice.step.id, dict(each.answers))


def _squeezed(words: str) -> str:
    """Words without what wraps them, or keeps markup from being read as such."""
    return "".join(words.replace("\\", "").split())


def checks_printed(ground: Ground) -> Looked:
    """Every check of an advice stands in every format."""

    def flaws() -> Iterator[Flaw]:
        for each in ground.patients:
            for name, write in ground.ways.formats.items():
                printed = _squeezed(write(ground.everybody.library, each.advice))
                for check in each.advice.checks:
                    if _squeezed(check.title) not in printed:
                        yield Flaw(f"{name} leaves out the check '{check.id}'.", _whose(each))

    return ground.looked(flaws())


def flag_on_top(ground: Ground) -> Looked:
    """An advice with a red flag that no team has seen begins with red flags, and has it there."""

    def flaws() -> Iterator[Flaw]:
        for each in ground.patients:
            flags, away = each.answers.get(RED_FLAGS), each.answers.get(HANDLED)
            known = ground.everybody.library.ids("RedFlagId")
            given = [word for word in flags.words if word in known] if flags else []
            open_ = {word for word in given if away is None or word not in away.words}
            shown = each.advice.red_flags
            there = open_ <= {flag.id for flag in shown}
            for name, write in ground.ways.formats.items() if open_ else ():
                # Data has no top: that the flag is there is enough.
                printed = write(ground.everybody.library, each.advice)
                if not there or (name != "json" and not _begins_with(printed, shown[0].title)):
                    yield Flaw(f"{name} does not begin with the red flag.", _whose(each))

    return ground.looked(flaws())


def _begins_with(printed: str, title: str) -> bool:
    """Whether a title stands in the first line, or in the one under a heading."""
    head = _squeezed(printed).lower()
    start = head.find(_squeezed(title).lower())
    return bool(title) and start >= 0 and set(head[:start]) <= set("redflags:#-*")


def two_ways_agree(ground: Ground) -> Looked:
    """Asked and scripted are the same to the byte; so are left out and unknown."""
    library, today = ground.everybody.library, ground.witnesses.today
    write = ground.ways.formats["json"]

    def flaws() -> Iterator[Flaw]:
        for each in ground.patients:
            printed = write(library, each.advice)
            told = ground.ways.asked(library, each.pathway, each.answers, today)
            if write(library, ground.witnesses.walked(each.pathway, told).advice) != printed:
                yield Flaw("Asked one by one the advice differs.", _whose(each))
            more = dict.fromkeys((m.question for m in each.advice.missing), UNKNOWN)
            unknown = ground.witnesses.walked(each.pathway, {**more, **each.answers})
            if write(library, unknown.advice) != printed:
                yield Flaw("With unknown for what was left out the advice differs.", _whose(each))

    return ground.looked(flaws())


def all_reached(ground: Ground) -> Looked:
    """What the ledger calls encoded is in somebody's advice; no step, regimen, question is dead."""
    everybody = ground.everybody
    reached = _reached(ground)
    listed, asked = everybody.listed_regimens, asked_questions(everybody)
    ledger = everybody.library.ledger_entry().record or ()
    places = {place for entry in ledger if entry.status == "encoded" for place in entry.where}
    kinds = {place.split("/")[0] for place in reached}
    wanted = sorted(place for place in places if place.split("/")[0] in kinds)
    lost = [
        *(f"step '{step}'" for step in lost_steps(everybody)),
        *(f"'{place}'" for place in wanted if place not in reached),
        *(f"regimen '{id}'" for id in everybody.library.ids("RegimenId") if id not in listed),
        *(f"question '{id}'" for id in everybody.library.ids("QuestionId")
          if id not in asked and id not in everybody.space.tests
          and not everybody.library.question(id).score),
    ]  # fmt: skip
    flaw = Flaw(f"Nobody comes to {', '.join(lost)}.") if lost else None
    return Looked(len(everybody.stages), f"{len(wanted)} places of the ledger, everybody", flaw)


def _reached(ground: Ground) -> set[str]:
    """What stands in somebody's advice, as the ledger writes it."""
    everybody = ground.everybody
    found = {f"steps/{stage.name}" for stage in everybody.stages}
    found |= {f"regimens/{id}" for id in everybody.listed_regimens}
    found |= {f"red-flags/{flag.id}" for each in ground.flagged for flag in each.advice.red_flags}
    for stage in everybody.stages:
        for field, name in FIELDS.items():
            for brought in stage.sets.brought[field] if field != "monitoring" else ():
                for use in brought.records:
                    place = f"{field}/{getattr(use, name)}"
                    if place not in found:
                        who = (brought.patients, stage.sets.shown(field, use))
                        if everybody.one_of(stage, who) is not None:
                            found.add(place)
    return found


PROOFS: dict[ProofName, Callable[[Ground], Looked]] = {
    "walk-ends": lambda ground: walk_ends(ground.everybody),
    "step-complete": lambda ground: step_complete(ground.everybody),
    "checks-printed": checks_printed,
    "dose-complete": lambda ground: dose_complete(ground.everybody),
    "no-dose-in-steps": lambda ground: no_dose_in_steps(ground.everybody),
    "two-ways-agree": two_ways_agree,
    "all-reached": all_reached,
    "flag-on-top": flag_on_top,
}
"""The program's own proofs by the name that rules give them."""
