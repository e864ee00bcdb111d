"""What single answers would change: what is announced comes about, and what is not does not."""

import random
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from typing import NamedTuple

import pytest

from dmadvisor.advice import advise
from dmadvisor.answers import UNKNOWN, Answer, within
from dmadvisor.clashes import clashes
from dmadvisor.explain.effects import SIZES, Difference
from dmadvisor.explain.whatif import KINDS, Change, WhatIf, nearest, what_if
from dmadvisor.model import Bounds
from dmadvisor.outcome import Advice
from dmadvisor.verify.cases import visits
from dmadvisor.verify.visits import Visit
from dmadvisor.walk import Open
from tests.given import CASES, DECIDING, LIBRARY

IDS = [each.id for each in DECIDING]
SAMPLE = 6
"""How many changes that are not announced are tried on each patient."""


class Seen(NamedTuple):
    """What advice says of what can change."""

    step: tuple[str, str] | None
    asks: str | None
    verdicts: dict[str, str]
    recommended: frozenset[str]
    doses: dict[str, str]


def seen(result: Open | Advice) -> Seen:
    if isinstance(result, Open):
        return Seen(None, result.question, {}, frozenset(), {})
    options = result.options
    return Seen(
        (result.tree.id, result.step.id),
        None,
        {o.regimen: f"{o.action}, {o.verdict}" for o in options},
        frozenset(o.regimen for o in options if o.recommended),
        {o.regimen: o.dose.text for o in options if o.dose and o.dose.frequency},
    )


@cache
def patient(id: str) -> Visit:
    (deciding,) = [each for each in DECIDING if each.id == id]
    return next(iter(visits(LIBRARY, CASES[deciding.case])))


@cache
def found(id: str) -> WhatIf:
    visit = patient(id)
    asked = (LIBRARY, visit.pathway, visit.answers, visit.today, visit.done)
    result = what_if(*asked)
    assert isinstance(result, WhatIf)
    return result


def every(id: str) -> Iterator[Change]:
    yield from found(id).changes
    for unanswered in found(id).unanswered:
        yield from unanswered.changes


def with_answer(id: str, question: str, answer: Answer) -> Seen:
    visit = patient(id)
    answers = {**visit.answers, question: answer}
    return seen(advise(LIBRARY, visit.pathway, answers, visit.today, visit.done))


def announced(before: Seen, change: Difference) -> Seen:
    """What the advice has to say when a change comes about; doses by those that are announced."""
    if change.asks:
        return Seen(None, change.asks, {}, frozenset(), {})
    verdicts: dict[str, str] = dict(before.verdicts)
    for shift in change.verdicts:
        assert before.verdicts.get(shift.regimen) == shift.before
        if shift.now is None:
            del verdicts[shift.regimen]
        else:
            verdicts[shift.regimen] = shift.now
    step = (change.step.pathway, change.step.step) if change.step else before.step
    lead = change.recommended
    assert lead is None or set(lead.before) == before.recommended
    recommended = frozenset(lead.now) if lead else before.recommended
    return Seen(step, None, verdicts, recommended, {d.regimen: d.now.text for d in change.doses})


def same(one: Seen, other: Seen, doses: Mapping[str, str]) -> bool:
    """Whether two are the same; the doses only of those that are named."""
    told = {id: other.doses[id] for id in doses}
    return one._replace(doses={}) == other._replace(doses={}) and told == dict(doses)


@pytest.mark.parametrize("id", IDS)
def test_each_change_comes_about(id: str) -> None:
    """Each answer gives exactly its change: the nearest of each, and one more at random."""
    before = with_answer(id, "age", patient(id).answers["age"])
    chance = random.Random(id)
    for change in every(id):
        told = announced(before, change.difference)
        others = chance.sample(change.answers[2:], min(1, len(change.answers[2:])))
        if change.ranges and change.question not in SIZES:
            others.append(somewhere(change, chance))
        for answer in (change.answers[0], *others):
            now = with_answer(id, change.question, answer)
            assert same(told, now, told.doses), (change.question, answer.text)
        kept = before.doses.keys() & now.doses.keys() - {d.regimen for d in change.difference.doses}
        if not change.difference.verdicts and change.question not in SIZES:
            assert {i: now.doses[i] for i in kept} == {i: before.doses[i] for i in kept}


def somewhere(change: Change, chance: random.Random) -> Answer:
    """A number anywhere in the ranges of a change."""
    usual = LIBRARY.question(change.question).plausible or Bounds()
    bounds = chance.choice(change.ranges)
    low = bounds.low if bounds.low is not None else usual.low
    high = bounds.high if bounds.high is not None else usual.high
    assert low is not None
    assert high is not None
    number = low + (high - low) * Decimal(chance.randint(1, 99)) / 100
    return Answer((str(number),), number=number)


def other_answers(id: str, question: str, chance: random.Random) -> Iterator[Answer]:
    """Any other answer to a question: a word, a set with one more or fewer, a number."""
    record, given = LIBRARY.question(question), patient(id).answers.get(question)
    if record.kind == "number":
        usual = record.plausible or record.possible
        assert usual
        assert usual.low is not None
        assert usual.high is not None
        number = chance.uniform(float(usual.low), float(usual.high))
        yield Answer((), number=round(Decimal(number), 1))
    elif record.kind == "many":
        single = {*record.alone, *record.means_unknown}
        words = set(given.words) - single if given and not given.unknown else set()
        word = chance.choice([*record.answers])
        if words & {word}:
            words -= {word}
        else:
            words = {word} if word in single else words | {word}
        if words:
            yield Answer(tuple(words), unknown=not words.isdisjoint(record.means_unknown))
    else:
        word = chance.choice([*record.answers])
        yield Answer((word,), unknown=word in record.means_unknown)
    yield UNKNOWN


def is_announced(id: str, question: str, answer: Answer) -> bool:
    for change in every(id):
        if change.question == question:
            if any(set(a.words) == set(answer.words) for a in change.answers):
                return True
            if answer.number is not None and any(within(answer.number, b) for b in change.ranges):
                return True
    return False


@pytest.mark.parametrize("id", IDS)
def test_what_is_not_announced_changes_nothing(id: str) -> None:
    """Of a sample of other single answers: to any question, and numbers on a changing scale."""
    chance = random.Random(f"not {id}")
    before = with_answer(id, "age", patient(id).answers["age"])
    scales = dict.fromkeys(c.question for c in every(id) if c.ranges)
    questions = [*chance.sample(LIBRARY.ids("QuestionId"), SAMPLE), *scales]
    for question in questions:
        for answer in other_answers(id, question, chance):
            answers = {**patient(id).answers, question: answer}
            if is_announced(id, question, answer) or any(clashes(LIBRARY, answers, ())):
                continue
            now, then = with_answer(id, question, answer), before
            if question in SIZES and answer.number is not None:
                now, then = now._replace(doses={}), before._replace(doses={})
            assert now == then, (question, answer)


@pytest.mark.parametrize("id", IDS)
def test_no_change_clashes(id: str) -> None:
    """What the content says cannot be, or is unusual, is not announced as if it were possible."""
    for change in every(id):
        record = LIBRARY.question(change.question)
        for answer in change.answers:
            answers = {**patient(id).answers, change.question: answer}
            assert not any(clashes(LIBRARY, answers, ())), (change.question, answer.text)
            if answer.number is not None:
                assert within(answer.number, record.plausible), (change.question, answer.text)


@pytest.mark.parametrize("id", IDS)
def test_the_nearest_comes_first(id: str) -> None:
    changes = found(id).changes
    order = [(KINDS.index(c.difference.kind), c.distance) for c in changes]
    assert order == sorted(order)
    assert all(0 < c.distance <= 1 for c in changes)
    chosen = nearest(changes, 12)
    assert len(chosen) == min(12, len(changes))
    assert {c.difference.kind for c in chosen} == {c.difference.kind for c in changes}
    names = [(c.difference.kind, c.question) for c in changes]
    told = [(c.difference.kind, c.question) for c in chosen]
    assert all(names.index(pair) == changes.index(chosen[told.index(pair)]) for pair in told)


def test_a_dose_by_weight_is_told_where_it_changes_and_not_for_every_kilogram() -> None:
    """At 80 kg a whole tablet less from 79 kg down; upwards the cap holds."""
    doses = [c for c in found("V01").changes if c.question == "weight" and not c.ranges]
    assert [a.text for c in doses for a in c.answers if not a.unknown] == ["79"]
    by_weight = [c for c in found("V36").changes if c.question == "weight" and not c.ranges]
    assert 2 <= len(by_weight) <= 2 * len(found("V36").outcome.options)
    nearby = sorted(c.distance for c in by_weight)
    assert nearby[0] < Decimal("0.02")


def test_limits_are_told_on_both_sides() -> None:
    """From eGFR 28: 30 and more, and 60 and more; to QTc 500, as care is needed already."""
    egfr = {
        (str(b.low), str(b.high)) for c in found("V07").changes if c.question == "egfr"
        for b in c.ranges
    }  # fmt: skip
    assert ("60", "None") in egfr
    assert any(low == "30" for low, _ in egfr)
    qtc = [b for c in found("V07").changes if c.question == "qtc" for b in c.ranges]
    assert {str(b.low) for b in qtc} == {"500"}


def test_a_tree_answer_may_ask_for_more() -> None:
    asks = {
        (c.question, a.text): c.difference.asks
        for c in found("V01").changes for a in c.answers if c.difference.asks
    }  # fmt: skip
    assert asks["weakness", "yes"] == "severity"
    assert asks["treatment-so-far", "remission"] == "taking"


def test_what_is_missing_from_the_advice_matters_first() -> None:
    unanswered = found("V01").unanswered
    asked = [each.asked for each in unanswered]
    assert asked == sorted(asked, reverse=True)
    missing = [each.question for each in found("V01").advice.missing]
    assert {each.question for each in unanswered if each.asked} <= set(missing)
    assert unanswered[0].question == "antibodies"
