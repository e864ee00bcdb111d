"""Each rule bites: for each a change of the content that somebody breaks it with.

The change follows from the demand: what it forbids is offered, what it asks for is taken away. One
patient whom the rule is about is then held against it, advised from the changed content.
"""

import gc
from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import Any

import pytest

from dmadvisor.answers import Answers
from dmadvisor.library import Library
from dmadvisor.model import (
    CheckId,
    Demand,
    Ends,
    FactId,
    Line,
    Offer,
    RegimenId,
    Review,
    SafetyRule,
    Situation,
    Step,
    Text,
)
from dmadvisor.model import Test as ContentTest
from dmadvisor.verify.everybody import Everybody
from dmadvisor.verify.formulas import ALL, Given, Set
from dmadvisor.verify.single import hold
from dmadvisor.verify.situations import Stage, answering
from dmadvisor.verify.visits import Visit
from dmadvisor.walk import tree_of
from tests.paths import PATHWAYS, content
from tests.patients import TODAY

RULES: dict[str, SafetyRule] = {
    id: rule
    for topic in content().ids("RuleSetId")
    for id, rule in content().rule_set(topic).rules.items()
    if rule.then.proof is None and not rule.then.worse
}


@cache
def everybody() -> Everybody:
    """Everybody, once for all rules."""
    gc.disable()
    return Everybody(content(), PATHWAYS)


def some_of(rule: SafetyRule) -> Iterator[Visit]:
    """One patient at each step whom a rule is about."""
    unknown = [
        everybody().space.test(ContentTest(fact=FactId(question), unknown=True)).yes
        for question in rule.then.worst
    ]
    for stage in everybody().stages:
        for about in stage.about(rule.when):
            values = everybody().one_of(stage, (about, *unknown, at_risk(stage, rule.then)))
            if values is not None:
                yield Visit(content(), stage.pathway, everybody().space.patient(values), TODAY)
                break


def at_risk(stage: Stage, then: Demand) -> Set:
    """Who is offered, while a question is unknown, what its worst answer would forbid; or all.

    Where a dose is limited, for whom it is listed.
    """
    formulas, space = everybody().formulas, everybody().space
    limited = then.dose or then.dose_words
    if limited:
        return stage.sets.listed((limited.regimen,))
    worst = [space.setting(q, word) for q, words in then.worst.items() for word in words]
    if not worst:
        return ALL
    return formulas.any(
        formulas.both(option.given, Given(formulas, values)(option.verdicts.barred))
        for option in stage.sets.options
        for values in worst
    )


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


def silent(visit: Visit, ends: Ends | None = None) -> Library:
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
        library = library.with_record("RedFlagId", id, None)
    step = step_of(visit)
    word = Line(say="x")  # type: ignore[arg-type]
    return with_step(
        library, visit, do=(word,), why=(word,), go_on=(), checks=(), pitfalls=(), monitoring=(),
        title="x", review=Review((52,), Text("x")), referral="none", none_left=None,
        ends=ends or step.ends,
    )  # fmt: skip


def heavier(then: Demand) -> Library:
    """The content with doses that pass a limit, or are said in other words."""
    named = then.dose or then.dose_words
    assert named is not None
    regimen = content().regimen(named.regimen)
    doses = tuple(
        dose._replace(cap=None, frequency="x", route="x", product="x", label="x", notes=())
        for dose in regimen.doses
    )
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
        yield settled_by_tests()
    yield with_step(content(), visit, offer=tuple(map(tapering, step_of(visit).offer)))
    wanted = (*then.list_one_of, *then.give_one_of, *then.recommend_one_of)
    yield without(visit, wanted)
    if then.moves_on:
        yield with_step(content(), visit, offer=())
    yield beginning(visit)
    yield silent(visit, "exit" if step_of(visit).ends == "review" else "review")


def without(visit: Visit, regimens: tuple[RegimenId, ...]) -> Library:
    """The content that is silent, and in which the step and its drugs bring none of some drugs."""
    library = silent(visit)
    for id in library.ids("RegimenId"):
        bare = library.regimen(id)._replace(companions=())
        library = library.with_record("RegimenId", id, bare)
    fields = ("start", "continues", "increase", "taper", "withdraw", "stop", "along")
    offers = tuple(
        offer._replace(
            **{name: tuple(r for r in getattr(offer, name) if r not in regimens) for name in fields}
        )
        for offer in step_of(visit).offer
    )
    return with_step(library, visit, offer=offers)


def tapering(offer: Offer) -> Offer:
    """The same offer, in which nothing that comes down over months can be forbidden."""
    return offer._replace(taper=(*offer.taper, *offer.withdraw), withdraw=())


def beginning(visit: Visit) -> Library:
    """The content that is silent, and in which the step only begins drugs."""
    offers = (
        offer._replace(continues=(), increase=(), if_barred=()) for offer in step_of(visit).offer
    )
    return with_step(silent(visit), visit, offer=tuple(offers))


def settled_by_tests() -> Library:
    """The content in which tests, and not the patient's answers, settle every bar."""
    library = content()
    for id in library.ids("RegimenId"):
        regimen = library.regimen(id)
        bars = tuple(
            bar._replace(settled_by=(CheckId("mirror"),)) for bar in regimen.contraindications
        )
        library = library.with_record("RegimenId", id, regimen._replace(contraindications=bars))
    return library


def sent_elsewhere(answers: Answers, when: Situation) -> Iterator[Visit]:
    """A patient sent to each step in turn, whatever the answers."""
    for pathway in when.pathways or PATHWAYS:
        for step in tree_of(content(), pathway).steps:
            record = content().pathway(pathway)._replace(start=step)
            library = content().with_record("PathwayId", pathway, record)
            yield Visit(library, pathway, answers, TODAY)


FEW = 6
"""At how many steps a patient is tried."""

NEVER = {id for id, rule in RULES.items() if rule.then.never}
"""Rules about what must not come about at all: they bite when they are about anybody."""


@pytest.mark.parametrize("id", sorted(RULES.keys() - NEVER))
def test_a_rule_bites(id: str) -> None:
    """Somebody keeps it now, and breaks it once what it asks for is gone."""
    rule = RULES[id]
    everywhere = rule.then.dose or rule.then.dose_words or rule.then.worst
    tried = list(islice(some_of(rule), None if everywhere else FEW))
    assert {hold(rule, visit) for visit in tried} == {"kept"}
    if rule.then.worst:
        # What was tried and not tolerated is known, and holds nothing up.
        tried = [v.changed("tried", "none").changed("not-tolerated", "none") for v in tried]
    for visit in tried:
        for library in broken_for(rule.then, visit):
            if hold(rule, visit.within(library)) == "broken":
                return
    for sent in sent_elsewhere(tried[0].answers, rule.when):
        if hold(rule, sent) == "broken":
            return
    pytest.fail("no change makes anybody break it")


@pytest.mark.parametrize("id", sorted(NEVER))
def test_what_must_not_come_about_is_seen(id: str) -> None:
    """A patient with these answers who is sent to such a step breaks the rule."""
    when = RULES[id].when
    answers = everybody().answers([answering(everybody().space, when)])
    assert answers is not None
    assert any(hold(RULES[id], sent) == "broken" for sent in sent_elsewhere(answers, when))
