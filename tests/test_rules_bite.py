"""Each rule bites: for each a change of the content that somebody breaks it with.

The change follows from the demand: what it forbids is offered, what it asks for is taken away. One
patient whom the rule is about is then held against it, advised from the changed content.
"""

import gc
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from dmadvisor.library import Library
from dmadvisor.model import (
    Bar,
    Demand,
    Line,
    Offer,
    RegimenId,
    Review,
    SafetyRule,
    Step,
    Text,
)
from dmadvisor.verify.cuts import one_left
from dmadvisor.verify.everybody import Everybody
from dmadvisor.verify.single import hold
from dmadvisor.verify.visits import Visit
from dmadvisor.walk import tree_of
from tests.paths import PATHWAYS, content
from tests.patients import TODAY

RULES: dict[str, SafetyRule] = {
    id: rule
    for topic in content().ids("TopicId")
    for id, rule in content().topic(topic).rules.items()
    if rule.then.proof is None and not rule.then.worse
}


@cache
def everybody() -> Everybody:
    """Everybody, once for all rules."""
    gc.disable()
    return Everybody(content(), PATHWAYS)


def some_of(rule: SafetyRule) -> Iterator[Visit]:
    """One patient at each step whom a rule is about."""
    for stage in everybody().stages:
        comes = everybody().comes(stage)
        come = everybody().explored[stage.pathway].patients[stage.name]
        for about in stage.about(rule.when, come):
            values = one_left(everybody().space, about.patients, (*about.cuts, *comes), most=8)
            if values is not None:
                answers = everybody().space.patient(dict(enumerate(values)))
                yield Visit(content(), stage.pathway, answers, TODAY)
                break


def with_step(library: Library, visit: Visit, **changes: Any) -> Library:
    """A content with another step in the place of the one that a patient came to."""
    tree, name = visit.advice.tree, visit.advice.step.id
    for kind, id in (*(("PartId", id) for id in tree.pathway.uses), ("PathwayId", tree.id)):
        record = library.get(kind, id)
        if name in record.steps:
            steps = {**record.steps, name: record.steps[name]._replace(**changes)}
            library = library.with_record(kind, id, record._replace(steps=steps))
    return library


def step_of(visit: Visit) -> Step:
    return visit.advice.tree.steps[visit.advice.step.id]  # type: ignore[index]


def offering(visit: Visit, regimens: tuple[RegimenId, ...], action: str) -> Library:
    """The content in which a step offers regimens first, and nothing forbids them."""
    library = content()
    for id in regimens:
        bare = library.regimen(id)._replace(kind="care", contraindications=(), checks=())
        library = library.with_record("RegimenId", id, bare)
    offer = Offer(start=regimens) if action == "start" else Offer(stop=regimens)
    return with_step(library, visit, offer=(offer, *step_of(visit).offer))


def silent(visit: Visit) -> Library:
    """The content that brings this patient no check, no warning, no date and nothing to read."""
    library = content()
    for id in library.ids("RegimenId"):
        bare = library.regimen(id)._replace(
            checks=(), pitfalls=(), monitoring=(), how=(), taper=(), cautions=()
        )
        library = library.with_record("RegimenId", id, bare)
    for kind in ("PartId", "PathwayId"):
        for id in library.ids(kind):
            record = library.get(kind, id)
            nothing = record.every_step._replace(checks=(), pitfalls=(), monitoring=(), cautions=())
            library = library.with_record(kind, id, record._replace(every_step=nothing))
    for id in library.ids("RedFlagId"):
        flag = library.red_flag(id)._replace(title="x", act="x", urgency="urgent")
        library = library.with_record("RedFlagId", id, flag)
    step = step_of(visit)
    word = Line(say="x")  # type: ignore[arg-type]
    return with_step(
        library, visit, do=(word,), why=(word,), go_on=(), checks=(), pitfalls=(), monitoring=(),
        title="x", review=Review((52,), Text("x")), referral="none", none_left=None,
        ends="exit" if step.ends == "review" else "review",
    )  # fmt: skip


def heavier(then: Demand) -> Library:
    """The content with doses that pass a limit, or are said in other words."""
    named = then.dose or then.dose_words
    assert named is not None
    regimen = content().regimen(named.regimen)
    doses = tuple(dose._replace(cap=None, frequency="x", notes=()) for dose in regimen.doses)
    return content().with_record("RegimenId", named.regimen, regimen._replace(doses=doses))


def saying(visit: Visit, words: str) -> Library:
    """The content in which the step says some words."""
    return with_step(content(), visit, do=(Line(say=words), *step_of(visit).do))  # type: ignore[arg-type]


def broken_for(then: Demand, visit: Visit) -> Iterator[Library]:
    """Changes of the content that a demand has to see."""
    if then.dose or then.dose_words:
        yield heavier(then)
    if then.never_says:
        yield saying(visit, then.never_says[0])
    refused = (*then.never_list, *then.never_give, *then.never_start, *then.never_recommend)
    if refused:
        yield offering(visit, refused[:1], "start")
    if then.never_stop:
        yield offering(visit, then.never_stop[:1], "stop")
    if then.never_together:
        yield offering(visit, then.never_together[:2], "start")
    if then.worst:
        yield from settled_by_tests()
    if then.list_one_of or then.give_one_of or then.recommend_one_of or then.moves_on:
        yield with_step(content(), visit, offer=())
        yield without_companions(visit, (*then.list_one_of,))
    yield silent(visit)


def without_companions(visit: Visit, listed: tuple[RegimenId, ...]) -> Library:
    """The content in which no step and no drug brings some regimens along."""
    library = content()
    for id in library.ids("RegimenId"):
        library = library.with_record("RegimenId", id, library.regimen(id)._replace(companions=()))
    kept = tuple(
        Offer(**{**offer._asdict(), "along": tuple(r for r in offer.along if r not in listed)})
        for offer in step_of(visit).offer
    )
    return with_step(library, visit, offer=kept)


def settled_by_tests() -> Iterator[Library]:
    """The content in which a test, and not the patient's answer, settles a bar."""
    for id in content().ids("RegimenId"):
        regimen = content().regimen(id)
        bars: tuple[Bar, ...] = tuple(
            bar._replace(settled_by=("blood-count",)) for bar in regimen.contraindications
        )
        yield content().with_record("RegimenId", id, regimen._replace(contraindications=bars))


NEVER = {id for id, rule in RULES.items() if rule.then.never}
"""Rules about what must not come about at all: they bite when they are about anybody."""


@pytest.mark.parametrize("id", sorted(RULES.keys() - NEVER))
def test_a_rule_bites(id: str) -> None:
    """Somebody keeps it now, and breaks it once what it asks for is gone."""
    rule = RULES[id]
    for visit in some_of(rule):
        assert hold(rule, visit) == "kept"
        for library in broken_for(rule.then, visit):
            if hold(rule, visit.within(library)) == "broken":
                return
    pytest.fail("no change makes anybody break it")


@pytest.mark.parametrize("id", sorted(NEVER))
def test_what_must_not_come_about_is_seen(id: str) -> None:
    """A patient with these answers who is sent to such a step breaks the rule."""
    when, space = RULES[id].when, everybody().space
    who = space.diagram.both(space.everybody, space.holds(when.answers).yes)
    if when.unless is not None:
        who = space.diagram.without(who, space.holds(when.unless).yes)
    answers = space.patient(dict(enumerate(space.one_of(who))))
    for pathway in when.pathways or PATHWAYS:
        for step in tree_of(content(), pathway).steps:
            record = content().pathway(pathway)._replace(start=step)
            library = content().with_record("PathwayId", pathway, record)
            if hold(RULES[id], Visit(library, pathway, answers, TODAY)) == "broken":
                return
    pytest.fail("nobody breaks it, whatever the step")
