"""Whom a mutant can concern: for each step the patients whose advice could change, as sets."""

from collections.abc import Iterator
from typing import NamedTuple

from dmadvisor.library import Library
from dmadvisor.model import Bar, Branch, CheckUse, Condition, Derived, Rule
from dmadvisor.safety import RED_FLAGS, SAFE_ACTIONS
from dmadvisor.verify.cuts import Cut, lacking
from dmadvisor.verify.diagram import ALL, NONE, Set
from dmadvisor.verify.everybody import Everybody
from dmadvisor.verify.explore import Explored, branches, leading_to, takes
from dmadvisor.verify.mutants import Mutant, in_branches
from dmadvisor.verify.situations import Stage
from dmadvisor.verify.verdicts import Judge


class Concerned(NamedTuple):
    """Patients who come to one step of the content as it is, and whom a change may concern."""

    stage: Stage
    patients: Set
    cuts: tuple[Cut, ...]


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


def _of_fact(everybody: Everybody, patients: Set) -> Iterator[Concerned]:
    """Some patients by the step they come to; before that once for each regimen they may have."""
    diagram = everybody.diagram
    seen: set[str] = set()
    for stage in everybody.stages if patients else ():
        come = diagram.both(patients, _come(everybody, stage))
        for option in stage.sets.options if come else ():
            if option.regimen not in seen and option.action != "stop":
                here = diagram.both(come, option.patients)
                here = diagram.without(here, option.verdicts.barred)
                if here:
                    seen.add(option.regimen)
                    yield Concerned(stage, here, everybody.comes(stage))
    for stage in everybody.stages if patients else ():
        here = diagram.both(patients, _come(everybody, stage))
        if here:
            yield Concerned(stage, here, everybody.comes(stage))


def _come(everybody: Everybody, stage: Stage) -> Set:
    return everybody.explored[stage.pathway].patients[stage.name]


def differs(everybody: Everybody, mutant: Mutant) -> Set:
    """The patients in whom a condition comes out otherwise than before."""
    return everybody.diagram.any(differences(everybody, mutant))


def differences(everybody: Everybody, mutant: Mutant) -> tuple[Set, ...]:
    """The same by what changes: it holds no longer, holds now, is open now, was open before.

    A sentence is told only where its condition holds, a check unless it is known not to hold.
    """
    space, diagram = everybody.space, everybody.diagram
    if mutant.kind == "RedFlagId":
        return (everybody.judge.named(RED_FLAGS, mutant.name),)
    if not isinstance(mutant.before, Condition):
        return (ALL,)
    old, new = space.holds(mutant.before), space.holds(mutant.after)
    pairs = ((old.yes, new.yes), (new.yes, old.yes), (old.no, new.no), (new.no, old.no))
    first = diagram.any(space.holds(when).yes for when in _before(everybody.library, mutant))
    return tuple(diagram.without(diagram.without(one, other), first) for one, other in pairs)


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
    diagram = everybody.diagram
    patients = differs(everybody, mutant)
    for stage in everybody.stages:
        come = diagram.both(patients, _come(everybody, stage))
        comes = everybody.comes(stage)
        for option in stage.sets.options if come else ():
            # Of a regimen that ends nothing is said but that.
            if option.regimen != mutant.name or option.action == "stop":
                continue
            here = diagram.both(come, option.patients)
            cuts: list[Cut] = []
            if isinstance(mutant.before, CheckUse):
                here = diagram.without(here, option.verdicts.barred)
                here = diagram.without(here, everybody.space.holds(mutant.before.when).no)
                if mutant.what == "check":
                    cuts = list(_unchecked_elsewhere(stage, mutant.before.check, mutant.name))
                else:
                    cuts = list(stage.sets.ungated(mutant.before.check, mutant.name))
            elif isinstance(mutant.before, Bar):
                here = _let_through(everybody, mutant, here, option.action)
            else:
                free = diagram.without(here, option.verdicts.barred)
                if free:
                    yield Concerned(stage, free, (*cuts, *comes))
                here = diagram.without(here, free) if _tells_barred(mutant) else NONE
            if here:
                yield Concerned(stage, here, (*cuts, *comes))


def _tells_barred(mutant: Mutant) -> bool:
    """Whether a condition decides what is said of a regimen that must not be used."""
    if mutant.field == "cautions":
        return any(caution.referral != "none" for caution in mutant.record.cautions)
    return mutant.field == "contraindications"


def _let_through(everybody: Everybody, mutant: Mutant, patients: Set, action: str) -> Set:
    """Whom only a bar that is dropped forbids a regimen, or might forbid it."""
    if action in SAFE_ACTIONS:
        return NONE
    diagram = everybody.diagram
    judge = everybody.judge
    others = Judge(everybody.space, mutant.within(everybody.library))
    before = judge(mutant.name, action)  # type: ignore[arg-type]
    after = others(mutant.name, action)  # type: ignore[arg-type]
    lifted = diagram.without(before.barred, after.barred)
    free = diagram.without(before.blocked, after.blocked)
    return diagram.both(patients, diagram.either(lifted, free))


def _unchecked_elsewhere(stage: Stage, check: str, regimen: str) -> Iterator[Cut]:
    """For all else that brings a check who does not see it for that."""
    holds = stage.space.holds
    for owner, among, barred, uses in stage.sets.uses("checks"):
        for use in uses if owner != regimen else ():
            if use.check == check:
                yield lacking(stage.diagram, (among,), (barred, holds(use.when).no))


# -- trees -----------------------------------------------------------------------------------


def _of_check(everybody: Everybody, mutant: Mutant) -> Iterator[Concerned]:
    """Who sees a check for a step alone, or for all steps of a pathway."""
    diagram, use = everybody.diagram, mutant.before
    for stage in everybody.stages:
        sources = stage.sets.sources
        if not any(use is each for source in sources for each in source.checks):
            continue
        no = everybody.space.holds(use.when).no
        here = diagram.without(_come(everybody, stage), no)
        cuts = [
            lacking(diagram, (among,), (barred, everybody.space.holds(other.when).no))
            for _, among, barred, uses in stage.sets.uses("checks")
            for other in uses
            if other is not use and other.check == use.check
        ]
        if here:
            yield Concerned(stage, here, (*cuts, *everybody.comes(stage)))


def _of_tree(everybody: Everybody, mutant: Mutant) -> Iterator[Concerned]:
    """Who comes to a place where a condition differs or two branches overlap, by where they end."""
    diagram = everybody.diagram
    for pathway, found in everybody.explored.items():
        record = everybody.library.pathway(pathway)
        if mutant.name != pathway and mutant.name not in record.uses:
            continue
        if mutant.what == "swap":
            differing = _overlap(everybody, found, mutant)
        else:
            differing = differs(everybody, mutant)
        is_step = mutant.place in found.tree.steps or not mutant.place
        passing = ALL if is_step else leading_to(everybody.space, found, {mutant.place: differing})
        for stage in everybody.stages if passing else ():
            if stage.pathway != pathway or (is_step and mutant.place not in ("", stage.name)):
                continue
            here = diagram.both(differing if is_step else passing, _come(everybody, stage))
            if here:
                yield Concerned(stage, here, everybody.comes(stage))


def _overlap(everybody: Everybody, found: Explored, mutant: Mutant) -> Set:
    """Who could take either of two branches that lead to different places, and none before them."""
    first, second = mutant.before
    choices = branches(found.tree, mutant.place)
    number = next((n for n, each in enumerate(choices) if each is first), None)
    if number is None or first.to == second.to:
        return NONE
    space = everybody.space
    taken = [takes(space, found.tree, mutant.place, each) for each in choices[: number + 2]]
    both = space.diagram.both(*taken[number:])
    return space.diagram.without(both, space.diagram.any(taken[:number]))
