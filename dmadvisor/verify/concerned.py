"""Whom a mutant can concern: for each step the patients whose advice could change, as sets."""

from collections.abc import Iterator
from typing import NamedTuple

from dmadvisor.library import Library
from dmadvisor.model import Bar, Branch, CheckUse, Condition, Derived, Rule
from dmadvisor.safety import RED_FLAGS, SAFE_ACTIONS
from dmadvisor.verify.everybody import Everybody
from dmadvisor.verify.formulas import ALL, NONE, Set
from dmadvisor.verify.mutants import Mutant, in_branches
from dmadvisor.verify.reach import Reach, branches, reach, takes
from dmadvisor.verify.situations import Stage
from dmadvisor.verify.verdicts import Judge


class Concerned(NamedTuple):
    """Patients who come to one step of the content as it is, and whom a change may concern."""

    stage: Stage
    patients: Set


def concerned(everybody: Everybody, mutant: Mutant) -> Iterator[Concerned]:
    """Whom a mutant concerns at each step; nobody at any only when it changes nothing."""
    if mutant.kind == "RegimenId":
        yield from _of_regimen(everybody, mutant)
    elif mutant.what == "check":
        yield from _of_check(everybody, mutant)
    elif mutant.kind in ("PathwayId", "PartId"):
        yield from _of_tree(everybody, mutant)
    else:
        yield from _of_fact(everybody, differs(everybody, mutant))


def touches(everybody: Everybody, mutant: Mutant, stage: Stage) -> bool:
    """Whether a mutant can change what is said at a step, to whoever comes there."""
    if mutant.kind == "RegimenId":
        return any(option.regimen == mutant.name for option in stage.sets.options)
    if mutant.kind in ("PathwayId", "PartId"):
        uses = everybody.library.pathway(stage.pathway).uses
        here = mutant.name in (stage.pathway, *uses)
        return here and mutant.place in ("", stage.name)
    return True


def _of_fact(everybody: Everybody, patients: Set) -> Iterator[Concerned]:
    """Some patients by the step they come to; before that once for each regimen they may have."""
    seen: set[str] = set()
    for stage in everybody.stages if patients else ():
        for option in stage.sets.options:
            if option.regimen not in seen and option.action != "stop":
                here = Concerned(stage, everybody.formulas.both(patients, option.given))
                if is_met(everybody, here):
                    seen.add(option.regimen)
                    yield here
    for stage in everybody.stages if patients else ():
        yield Concerned(stage, patients)


def is_met(everybody: Everybody, each: Concerned) -> bool:
    """Whether somebody who comes to a step is concerned."""
    return bool(each.patients) and everybody.is_one_of(each.stage, (each.patients,))


def differs(everybody: Everybody, mutant: Mutant) -> Set:
    """The patients in whom a condition comes out otherwise than before."""
    return everybody.formulas.any(differences(everybody, mutant))


def differences(everybody: Everybody, mutant: Mutant) -> tuple[Set, ...]:
    """The same by what changes: it holds no longer, holds now, is open now, was open before.

    A sentence is told only where its condition holds, a check unless it is known not to hold.
    """
    space, formulas = everybody.space, everybody.formulas
    if mutant.kind == "RedFlagId":
        return (everybody.judge.named(RED_FLAGS, mutant.name),)
    if not isinstance(mutant.before, Condition):
        return (ALL,)
    old, new = space.holds(mutant.before), space.holds(mutant.after)
    pairs = ((old.yes, new.yes), (new.yes, old.yes), (old.no, new.no), (new.no, old.no))
    first = formulas.any(space.holds(when).yes for when in _before(everybody.library, mutant))
    return tuple(formulas.without(formulas.without(one, other), first) for one, other in pairs)


def _before(library: Library, mutant: Mutant) -> Iterator[Condition]:
    """The conditions of a place, or of a fact, that are looked at before the changed one."""
    record = library.get(mutant.kind, mutant.name)
    choices: tuple[Branch | Rule, ...] = ()
    if in_branches(mutant):
        choices = record.forks.get(mutant.place) or record.questions[mutant.place]
    elif isinstance(record, Derived):
        choices = record.rules
    number = next((n for n, each in enumerate(choices) if each.when is mutant.before), 0)
    yield from (each.when for each in choices[:number] if each.when is not None)


# -- regimens --------------------------------------------------------------------------------


def _of_regimen(everybody: Everybody, mutant: Mutant) -> Iterator[Concerned]:
    formulas = everybody.formulas
    patients = differs(everybody, mutant)
    for stage in everybody.stages:
        for option in stage.sets.options:
            # Of a regimen that ends nothing is said but that.
            if option.regimen != mutant.name or option.action == "stop":
                continue
            here = formulas.both(patients, option.patients)
            if isinstance(mutant.before, CheckUse):
                shown = stage.sets.shown("checks", mutant.before)
                if mutant.what == "check":
                    seen = stage.sets.sees("checks", mutant.before.check, mutant.name)
                else:
                    seen = stage.sets.gated(mutant.before.check, mutant.name)
                yield Concerned(
                    stage, formulas.all((here, option.given, shown, formulas.other(seen)))
                )
            elif isinstance(mutant.before, Bar):
                yield Concerned(stage, _let_through(everybody, mutant, here, option.action))
            else:
                yield Concerned(stage, formulas.both(here, option.given))
                if _tells_barred(mutant):
                    yield Concerned(stage, formulas.both(here, option.verdicts.barred))


def _tells_barred(mutant: Mutant) -> bool:
    """Whether a condition decides what is said of a regimen that must not be used."""
    if mutant.field == "cautions":
        return any(caution.referral != "none" for caution in mutant.record.cautions)
    return mutant.field == "contraindications"


def _let_through(everybody: Everybody, mutant: Mutant, patients: Set, action: str) -> Set:
    """Whom only a bar that is dropped forbids a regimen, or might forbid it."""
    if action in SAFE_ACTIONS:
        return NONE
    formulas = everybody.formulas
    judge = everybody.judge
    others = Judge(everybody.space, mutant.within(everybody.library))
    before = judge(mutant.name, action)  # type: ignore[arg-type]
    after = others(mutant.name, action)  # type: ignore[arg-type]
    lifted = formulas.without(before.barred, after.barred)
    free = formulas.without(before.blocked, after.blocked)
    return formulas.both(patients, formulas.either(lifted, free))


# -- trees -----------------------------------------------------------------------------------


def _of_check(everybody: Everybody, mutant: Mutant) -> Iterator[Concerned]:
    """Who sees a check for a step alone, or for all steps of a pathway."""
    formulas, use = everybody.formulas, mutant.before
    for stage in everybody.stages:
        if any(use is each for source in stage.sets.sources for each in source.checks):
            others = (
                formulas.both(brought.patients, stage.sets.shown("checks", other))
                for brought in stage.sets.brought["checks"]
                for other in brought.records
                if other is not use and other.check == use.check
            )
            here = formulas.without(stage.sets.shown("checks", use), formulas.any(others))
            yield Concerned(stage, here)


def _of_tree(everybody: Everybody, mutant: Mutant) -> Iterator[Concerned]:
    """Who comes to a place where a condition differs or two branches overlap, by where they end."""
    formulas = everybody.formulas
    for pathway, found in everybody.reached.items():
        record = everybody.library.pathway(pathway)
        if mutant.name != pathway and mutant.name not in record.uses:
            continue
        if mutant.what == "swap":
            differing = _overlap(everybody, found, mutant)
        else:
            differing = differs(everybody, mutant)
        is_step = mutant.place in found.tree.steps or not mutant.place
        if not is_step:
            if mutant.place not in found.places:
                continue
            passing = formulas.both(found.places[mutant.place], differing)
            beyond = reach(formulas, found.tree, everybody.ways[pathway], mutant.place)
        for stage in everybody.stages if differing else ():
            if stage.pathway != pathway or (is_step and mutant.place not in ("", stage.name)):
                continue
            if is_step:
                yield Concerned(stage, differing)
            elif stage.name in beyond.places:
                yield Concerned(stage, formulas.both(passing, beyond.places[stage.name]))


def _overlap(everybody: Everybody, found: Reach, mutant: Mutant) -> Set:
    """Who could take either of two branches that lead to different places, and none before them."""
    first, second = mutant.before
    choices = branches(found.tree, mutant.place)
    number = next((n for n, each in enumerate(choices) if each is first), None)
    if number is None or first.to == second.to:
        return NONE
    space = everybody.space
    taken = [takes(space, found.tree, mutant.place, each) for each in choices[: number + 2]]
    both = space.formulas.both(*taken[number:])
    return space.formulas.without(both, space.formulas.any(taken[:number]))
