"""Safety rules of methotrexate, azathioprine and prednisone, for every patient."""

import re

import pytest

from tests.paths import PATHWAYS, RED_FLAGS, asked_before, content, explored, read, tree
from tests.patients import Patient, hold
from tests.rules import GIVING, SPARING, said_at_visit, thinned, wording

# -- methotrexate, azathioprine, prednisone ----------------------------------------------------


def test_inv_10_methotrexate_is_weekly_capped_and_with_folic_acid(
    everyone: tuple[Patient, ...],
) -> None:
    """Every dose says once a week on a named day, at most 25 mg."""

    def rule(each: Patient) -> bool | None:
        found = each.listed("methotrexate")
        if not found:
            return None
        doses = [o.dose for o in found]
        weekly = all(d and "once a week" in d.text and "named day" in d.text for d in doses)
        capped = all(
            d and d.cap and d.cap <= 25 and d.per == "week" and (d.high or 0) <= 25 for d in doses
        )
        return weekly and capped and bool(each.listed("folic-acid"))

    hold(everyone, rule)


def test_inv_10_daily_never_stands_beside_methotrexate(everyone: tuple[Patient, ...]) -> None:
    """No line but the pitfall on daily dosing has both words."""
    title = content().pitfall("methotrexate-daily").title

    def rule(each: Patient) -> bool | None:
        lines = [line for line in wording(each).split("\n") if "ethotrexate" in line]
        pitfall = content().pitfall("methotrexate-daily")
        lines = [n for n in lines if title not in n and pitfall.text not in n]
        lines = [n for n in lines if not n.startswith(("SOURCE", "ANSWERS", "NOT ANSWERED"))]
        if not lines:
            return None
        return not any(re.search(r"\bdaily\b|\bevery day\b|\ba day\b", line) for line in lines)

    hold(thinned(everyone), rule)


@pytest.mark.parametrize("drug", ["methotrexate", "mycophenolate"])
def test_inv_11_blood_and_liver_are_watched(everyone: tuple[Patient, ...], drug: str) -> None:
    """Both blood count and liver tests come again later."""

    def rule(each: Patient) -> bool | None:
        if not any(o.action == "start" for o in each.listed(drug)):
            return None
        own = " ".join(w.what for w in each.advice.monitoring if drug in w.for_)
        return "lood count" in own and ("ALT" in own or "iver" in own)

    hold(everyone, rule)


def test_inv_12_no_methotrexate_with_lung_liver_kidney_or_trimethoprim(
    everyone: tuple[Patient, ...],
) -> None:
    """Not where lungs, antibody, kidneys, liver, alcohol or another drug speak against it."""
    lung_free = {"tif1g", "nxp2", "mi2", "sae1", "srp", "hmgcr", "negative"}

    def rule(each: Patient) -> bool | None:
        lungs = each.said("lungs")
        antibodies = each.said("antibodies")
        low_risk = (
            bool(antibodies)
            and antibodies <= lung_free
            and each.said("lung-factors") == {"none"}
            and not each.said(RED_FLAGS) & {"breathing", "skin-ulcer"}
        )
        egfr = each.number("egfr")
        against = (
            lungs == {"abnormal"}
            or (not lungs and not low_risk)
            or "mda5" in antibodies
            or (egfr is not None and egfr < 30)
            or each.said("liver-disease") == {"yes"}
            or each.said("alcohol") == {"heavy"}
            or "trimethoprim" in each.said("medicines")
        )
        asked = any(o.regimen == "methotrexate" and o.action in GIVING for o in each.advice.options)
        if not against or not asked:
            return None
        return "methotrexate" not in each.recommended

    hold(everyone, rule)


def test_inv_13_azathioprine_needs_tpmt(everyone: tuple[Patient, ...]) -> None:
    """TPMT stands beside a start, and deficiency or allopurinol forbids it."""

    def rule(each: Patient) -> bool | None:
        barred = each.said("tpmt") == {"deficient"}
        barred |= bool(each.said("medicines") & {"allopurinol", "febuxostat"})
        found = [o for o in each.listed("azathioprine") if o.action == "start"]
        if not found:
            return None
        return "tpmt" in each.checks and not barred

    hold(everyone, rule)


def test_inv_16_prednisone_brings_its_checks_and_the_steroid_card(
    everyone: tuple[Patient, ...],
) -> None:
    """Pressure, glucose, bone, Pneumocystis and card; 0.5 to 1 mg per kg, at most 60 mg a day."""
    needed = {"blood-pressure", "glucose", "bone-health", "pneumocystis-prophylaxis"}

    def rule(each: Patient) -> bool | None:
        found = [o for o in each.listed("prednisone") if o.action in GIVING]
        if not found:
            return None
        card = any("teroid emergency card" in w.what for w in each.advice.monitoring)
        doses = [o.dose for o in found]
        right = all(
            d and d.cap == 60 and "0.5 to 1 mg per kg" in d.text and (d.high or 0) <= 60
            for d in doses
        )
        return needed <= each.checks and card and right

    hold(everyone, rule)


def test_inv_16_a_taper_keeps_the_checks_and_the_card(everyone: tuple[Patient, ...]) -> None:
    """A steroid that is being reduced is still a steroid."""
    needed = {"blood-pressure", "glucose", "bone-health", "pneumocystis-prophylaxis"}

    def rule(each: Patient) -> bool | None:
        tapers = [
            o for o in each.advice.options if (o.regimen, o.action) == ("prednisone", "taper")
        ]
        if not tapers:
            return None
        card = any("teroid emergency card" in w.what for w in each.advice.monitoring)
        return needed <= each.checks and card

    hold(everyone, rule)


def test_inv_14_a_steroid_that_is_taken_is_never_left_out(everyone: tuple[Patient, ...]) -> None:
    """A plan for a patient on prednisone says what becomes of it, and never stops it at once."""

    def rule(each: Patient) -> bool | None:
        untreated = each.said("treatment-so-far") & {"none", "topical-only"}
        muscle = "yes" in each.said("previous-weakness")
        if "prednisone" not in each.said("taking") or not each.plan or (untreated and not muscle):
            return None
        actions = {o.action for o in each.advice.options if o.regimen == "prednisone"}
        return bool(actions) and "stop" not in actions

    hold(everyone, rule)


def test_inv_14_no_step_stops_a_steroid() -> None:
    """No step of any pathway, whoever reaches it, offers to stop prednisone in one action."""
    trees = [tree(pathway) for pathway in PATHWAYS]
    steps = {id: step for each in trees for id, step in each.steps.items()}
    stopped = [id for id, step in steps.items() for o in step.offer if "prednisone" in o.stop]
    tapered = [id for id, step in steps.items() for o in step.offer if "prednisone" in o.taper]
    assert not stopped
    assert {"taper-steroid", "begin-taper", "taper-for-steroid-myopathy"} <= set(tapered)


@pytest.mark.parametrize("step", ["exit-infection", "exit-toxicity", "taper-for-steroid-myopathy"])
def test_inv_14_says_that_the_steroid_is_not_stopped(
    everyone: tuple[Patient, ...], step: str
) -> None:
    """Where it would be tempting: infection, toxicity, weakness from the steroid itself."""

    def rule(each: Patient) -> bool | None:
        if each.advice.step.id != step:
            return None
        return bool(re.search(r"teroid.* (not|never) stop|[Nn]ever stop", said_at_visit(each)))

    hold(everyone, rule)


def test_inv_15_a_steroid_brings_a_sparing_drug(everyone: tuple[Patient, ...]) -> None:
    """In muscle disease one is recommended too, or the first sentence says why there is none."""

    def rule(each: Patient) -> bool | None:
        muscle = each.advice.tree.id == "classic" or "yes" in each.said("weakness")
        started = any(
            (o.regimen, o.action) == ("prednisone", "start") and o.recommended
            for o in each.advice.options
        )
        if not started or not muscle:
            return None
        if each.recommended & SPARING:
            return True
        first = each.advice.step.do[0]
        left = each.step.none_left
        return first.startswith("First find out") or bool(left and first == left.say)

    hold(everyone, rule)


def test_inv_17_a_steroid_is_looked_at_within_12_weeks(everyone: tuple[Patient, ...]) -> None:
    """Every step that starts or raises prednisone has a review by then, to taper it."""

    def rule(each: Patient) -> bool | None:
        if not any(o.action in ("start", "increase") for o in each.listed("prednisone")):
            return None
        return min(each.advice.review.weeks) <= 12

    hold(everyone, rule)


@pytest.mark.parametrize("pathway", PATHWAYS)
def test_inv_17_after_6_months_the_steroid_dose_is_asked(pathway: str) -> None:
    """Nobody who is better on prednisone goes on with it after week 26 without saying the dose."""
    only = read({RED_FLAGS: "none", "treatment-so-far": "second-line", "weakness": "no",
                 "taking": "prednisone,methotrexate", "steroid-weeks": "26",
                 "weeks-on-treatment": "26", "response": "clear"})  # fmt: skip
    found = explored(pathway, tuple(only.items()))
    asked = asked_before(found)
    lowered = ("continue-taper", "keep-going", "taper-steroid", "keep-treatment")
    plans = [place for place in found.patients if place in lowered]
    assert plans
    assert not [place for place in plans if "prednisone-dose" not in asked[place]]


def test_inv_18_withdrawal_needs_a_year_off_steroids(everyone: tuple[Patient, ...]) -> None:
    """No withdrawal before 12 months of remission, with a steroid, or without knowing."""

    def rule(each: Patient) -> bool | None:
        if each.step.ends != "withdrawal":
            return None
        return (each.number("remission-months") or 0) >= 12 and (
            bool(each.said("taking")) and "prednisone" not in each.said("taking")
        )

    hold(everyone, rule)
