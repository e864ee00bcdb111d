"""Rules that every dose and every verdict keeps, for any patient that can be typed in."""

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dmadvisor.amounts import SIZE_QUESTIONS, Amounts, amounts
from dmadvisor.answers import UNKNOWN, Answer
from dmadvisor.conditions import Facts
from dmadvisor.dosing import needed, print_dose
from dmadvisor.model import Action, Bar, Condition, Dose, Line, Regimen
from dmadvisor.safety import Done, assess, check_state, is_gate
from dmadvisor.verify.looks import looked_at
from tests.paths import Answers, content, read, tree
from tests.patients import HEALTHY, TODAY, answers_that_matter

REGIMENS = content().ids("RegimenId")
DOSED = [id for id in REGIMENS if any(d.kind != "applied" for d in content().regimen(id).doses)]
SIZES = {"weight": (10, 300), "height": (60, 230), "age": (18, 120), "egfr": (1, 200)}
RANK = ["offer", "caution", "check-first", "do-not-use"]
ACTIONS: tuple[Action, ...] = ("start", "continue", "increase")
GIVABLE = ("offer", "caution")

numbers = st.fixed_dictionaries(
    {},
    optional={
        id: st.decimals(low, high, places=1).map(lambda n: f"{n.normalize():f}")
        for id, (low, high) in SIZES.items()
    },
)
"""Any size, age and kidney function in the possible range, each of them perhaps not known."""


@st.composite
def patients(draw: st.DrawFn) -> Answers:
    """Any patient: sizes, and some answers out of all that a regimen looks at."""
    answers = read(draw(numbers))
    for id in draw(st.lists(st.sampled_from(OTHERS), max_size=6, unique=True)):
        answers[id] = draw(st.sampled_from(answers_that_matter(id)))
    return answers


def conditions(regimen: Regimen) -> Iterator[Condition | None]:
    """All conditions of a regimen that a dose or a verdict hangs on."""
    yield from (bar.when for bar in regimen.contraindications)
    yield from (caution.when for caution in regimen.cautions)
    yield from (each.when for dose in regimen.doses for each in dose.adjustments)
    for use in regimen.checks:
        yield from (
            use.when,
            use.passed_when,
            use.gate if isinstance(use.gate, Condition) else None,
        )


OTHERS = sorted(
    {
        test.fact
        for id in REGIMENS
        for test in looked_at(content(), conditions(content().regimen(id)))
    }
    - SIZES.keys()
)


def limit(dose: Dose, facts: Facts) -> Decimal | None:
    """The most that a dose may come to for this patient, worked out again from the cap alone."""
    if dose.cap is None:
        return None
    most = [dose.cap.amount, *(a.cap for a in dose.adjustments if a.cap and facts.holds(a.when))]
    if " per " not in dose.cap.unit:
        return min(most)
    assert dose.cap.unit.endswith("per kg"), "work out the cap of this unit here too"
    weight = facts.answer("weight")
    assert weight is not None
    assert weight.number is not None
    return min(most) * weight.number


def ends(found: Amounts) -> list[Decimal]:
    """Every amount that was worked out."""
    every = (found.low, found.high, found.start, found.start_high)
    return [each for each in every if each is not None]


@given(st.sampled_from(DOSED), patients())
@settings(max_examples=400)
def test_no_dose_passes_its_cap(id: str, answers: Answers) -> None:
    """Neither end of any range, at the start or later, is above the cap or this patient's cap."""
    facts = Facts(content(), answers)
    for dose in content().regimen(id).doses:
        found = amounts(dose, facts)
        if ends(found):
            most = limit(dose, facts)
            assert most is not None
            assert max(ends(found)) <= most, found


@given(st.sampled_from(DOSED), patients(), st.sampled_from(ACTIONS))
@settings(max_examples=400)
def test_a_range_begins_before_it_ends(id: str, answers: Answers, action: Action) -> None:
    """The low end is above nothing, and at most the high end; both are known or neither is."""
    found = print_dose(content().regimen(id), Facts(content(), answers), action)
    assert found is not None
    assert (found.low is None) == (found.high is None)
    if found.low is not None and found.high is not None:
        assert 0 < found.low <= found.high


@given(st.sampled_from(DOSED), patients(), st.sampled_from(ACTIONS))
@settings(max_examples=400)
def test_the_cap_is_in_the_unit_beside_it(id: str, answers: Answers, action: Action) -> None:
    """No amount passes the cap that is printed; without a weight there is no cap per kg."""
    regimen, facts = content().regimen(id), Facts(content(), answers)
    found = print_dose(regimen, facts, action)
    assert found is not None
    refused = all(amounts(dose, facts).refused for dose in regimen.doses)
    if any(dose.cap and " per kg" in dose.cap.unit for dose in regimen.doses) and not refused:
        assert (found.cap is None) == facts.is_unknown("weight")
    if found.cap is not None and found.high is not None:
        assert found.high <= found.cap


@given(st.sampled_from(DOSED), patients(), st.sampled_from(ACTIONS))
@settings(max_examples=400)
def test_no_amount_while_an_answer_is_needed(id: str, answers: Answers, action: Action) -> None:
    """Without weight there is no amount and no arithmetic, and what is needed is named."""
    regimen = content().regimen(id)
    facts = Facts(content(), answers)
    for dose in regimen.doses:
        found = amounts(dose, facts)
        if found.needs or found.refused:
            assert ends(found) == []
    given = print_dose(regimen, facts, action)
    assert given is not None
    assert given.needs == needed(regimen, facts)
    sized = any(dose.kind in SIZE_QUESTIONS for dose in regimen.doses)
    refused = all(amounts(dose, facts).refused for dose in regimen.doses)
    if sized and facts.is_unknown("weight"):
        assert (given.low, given.high, given.arithmetic) == (None, None, ())
        # A dose that is refused for what is known asks for nothing.
        assert "weight" in given.needs or refused


@given(patients())
def test_hydroxychloroquine_has_two_limits(answers: Answers) -> None:
    """Never above 5 mg per kg of actual weight, nor 400 mg; half of that below an eGFR of 30."""
    facts = Facts(content(), answers)
    found = print_dose(content().regimen("hydroxychloroquine"), facts)
    assert found is not None
    if found.high is not None:
        weight, egfr = answers["weight"].number, answers.get("egfr")
        assert weight is not None
        part = Decimal("0.5") if egfr and egfr.number is not None and egfr.number < 30 else 1
        assert found.high <= min(5 * weight, Decimal(400)) * part


@given(st.decimals(20, 300, places=3))
def test_weights_are_decimals(weight: Decimal) -> None:
    """Exactly 80 kg gives 400 mg, 60 kg 300 and 40 kg 200; a gram less does not."""
    for kg, text in ((weight, str(weight)), *((Decimal(n), str(n)) for n in (40, 60, 80))):
        found = print_dose(
            content().regimen("hydroxychloroquine"), Facts(content(), read({"weight": text}))
        )
        assert found is not None
        assert found.high == next(n for n in (400, 300, 200, 172, 143, 100) if 5 * kg >= n)


@given(st.decimals(10, 250, places=1), st.decimals("0.1", 50, places=1))
def test_more_weight_is_never_a_lower_limit(weight: Decimal, more: Decimal) -> None:
    """Of two patients who are alike the heavier one never gets less."""
    for id in DOSED:
        high = []
        for kg in (weight, weight + more):
            facts = Facts(content(), read({"weight": f"{kg:f}", "height": "170", "age": "45"}))
            high.append([amounts(dose, facts).high or 0 for dose in content().regimen(id).doses])
        assert all(a <= b for a, b in zip(*high, strict=True)), id


# -- verdicts --------------------------------------------------------------------------------------


def every_bar() -> Iterator[tuple[str, Bar]]:
    """Every contraindication of every regimen."""
    for id in REGIMENS:
        yield from ((id, bar) for bar in content().regimen(id).contraindications)


def made_true(bar: Bar, start: Answers) -> Iterator[Answers]:
    """The patient with other answers to one, two or three questions, or two answers to one."""
    asked = sorted({test.fact for test in looked_at(content(), [bar.when])})
    for n in (1, 2, 3):
        for questions in combinations(asked, n):
            yield from _changed(start, questions)
    for id in asked:
        question = content().question(id)
        words = [word for word in question.answers if word not in question.alone]
        for pair in combinations(words, 2) if question.kind == "many" else ():
            yield {**start, id: Answer(pair)}


def _changed(start: Answers, questions: tuple[str, ...]) -> Iterator[Answers]:
    if not questions:
        yield start
        return
    for answer in answers_that_matter(questions[0]):
        yield from _changed({**start, questions[0]: answer}, questions[1:])


@pytest.mark.parametrize(("id", "bar"), [pytest.param(i, b, id=f"{i}-{b.say[:40]}")
                                         for i, b in every_bar()])  # fmt: skip
def test_a_contraindication_never_improves_a_verdict(id: str, bar: Bar) -> None:
    """Whatever makes it true, the regimen is not used, though every check was done."""
    healthy = read(HEALTHY | {"age": "45", "weakness": "yes"})
    done: Done = {use.check: TODAY for use in content().regimen(id).checks}
    before = assess(Facts(content(), healthy), id, "start", done, TODAY).verdict
    seen = 0
    for answers in made_true(bar, healthy):
        facts = Facts(content(), answers)
        if facts.holds(bar.when):
            after = assess(facts, id, "start", done, TODAY)
            assert after.verdict == "do-not-use"
            assert RANK.index(after.verdict) >= RANK.index(before)
            assert bar.say in {reason.text for reason in after.reasons}
            seen += 1
            if seen == 50:
                break
    assert seen, "no patient with three other answers has it"


@given(st.sampled_from(REGIMENS), patients(), st.data())
@settings(max_examples=400)
def test_unknown_passes_no_gate(id: str, answers: Answers, data: st.DataObject) -> None:
    """What is neither done nor answered holds the first dose; so does a bar that may yet hold."""
    regimen = content().regimen(id)
    ids = [use.check for use in regimen.checks]
    marked = data.draw(st.lists(st.sampled_from(ids), unique=True)) if ids else []
    done: Done = dict.fromkeys(map(str, marked), TODAY)
    facts = Facts(content(), answers)
    found = assess(facts, id, "start", done, TODAY)
    for use in regimen.checks:
        state = check_state(facts, use.check, done, TODAY, use.recent)
        if is_gate(facts, use) and state in ("outstanding", "expired"):
            assert found.verdict not in GIVABLE
    for bar in regimen.contraindications:
        if facts.holds(bar.when) is None and not bar.settled_by:
            assert found.verdict not in GIVABLE


@given(st.sampled_from(REGIMENS), st.sampled_from(OTHERS))
@settings(max_examples=300)
def test_unknown_is_an_answer_left_out(id: str, question: str) -> None:
    """An answer of "unknown" and no answer give the same verdict, for the same reasons."""
    healthy = read(HEALTHY | {"age": "45"})
    without = {each: answer for each, answer in healthy.items() if each != question}
    left_out = assess(Facts(content(), without), id, "start", {}, TODAY)
    said = assess(Facts(content(), without | {question: UNKNOWN}), id, "start", {}, TODAY)
    assert said == left_out


# -- where doses stand ----------------------------------------------------------------------------

DIGITS = re.compile(r"\d\s?(?:mg|g|micrograms?|mcg|mL)\b(?!\s?/)")


def lines(step_lines: tuple[Line, ...]) -> Iterator[str]:
    """The words of lines."""
    return (line.say for line in step_lines)


@pytest.mark.parametrize("pathway", content().ids("PathwayId"))
def test_every_dose_comes_from_a_regimen(pathway: str) -> None:
    """No step has an amount in its own words: title, what to do, why, review, none left."""
    found = []
    for id, step in tree(pathway).steps.items():
        said = [step.title, step.review.not_enough, *lines(step.do), *lines(step.why)]
        said += [*lines(step.go_on), *([step.none_left.say] if step.none_left else [])]
        found += [f"{id}: {text}" for text in said if DIGITS.search(text)]
    assert found == []
