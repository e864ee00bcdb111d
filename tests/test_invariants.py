"""Safety rules that hold for every patient, whatever the answers: a second opinion in Python.

The numbers are those of the clinical specification's list of invariants. What is not here stands
in test_pathways (06 doses: test_doses; 34: paths end; 38: test_walk), or is for lint, which reads
single files.
"""

import re
from collections.abc import Iterable
from itertools import product

import pytest

from dmadvisor.document import advice_document
from dmadvisor.model import REFERRALS, SpotId
from dmadvisor.page import Document
from dmadvisor.render import markdown, plain
from tests.paths import (
    RED_FLAGS,
    WRITTEN,
    Explored,
    asked_before,
    content,
    explored,
    read,
    tree,
)
from tests.patients import TODAY, Patient, hold, patient

TERATOGENS = ("methotrexate", "mycophenolate", "cyclophosphamide", "tofacitinib", "baricitinib",
              "brepocitinib")  # fmt: skip
JAK = ("tofacitinib", "baricitinib", "brepocitinib")
UNSAFE_PREGNANCY = {"pregnant", "breastfeeding", "planning", "possible-no-contraception"}
SAME_DAY = {f for f in content().ids("RedFlagId") if content().red_flag(f).urgency == "same-day"}
NEVER = ("chlorambucil", "infliximab", "etanercept", "adalimumab", "leflunomide", "nintedanib",
         "abatacept")  # fmt: skip
GIVING = ("start", "increase", "continue")
SPARING = {"methotrexate", "mycophenolate", "azathioprine", "ivig", "rituximab", "tacrolimus",
           "ciclosporin", "cyclophosphamide"}  # fmt: skip
UNTREATED = {"none", "topical-only"}
FIX_FIRST = {"fix-first", "mend-first", "look-for-cancer"}
"""Steps that put something right before the next drug, and look again within 8 weeks."""
PRESSING = ("urgent", "same-day")
"""Referrals that are for the disease: a routine one only asks for an answer."""


def document(each: Patient) -> Document:
    """What a reader of this patient's advice sees."""
    return advice_document(content(), each.advice)


def wording(each: Patient) -> str:
    """The advice as plain text on endless lines."""
    return plain.render(document(each), 10**6)


def thinned(everyone: Iterable[Patient]) -> list[Patient]:
    """Every thirtieth patient and the first at each step: enough for what has to be printed."""
    seen: set[str] = set()
    found = []
    for number, each in enumerate(everyone):
        step = f"{each.advice.tree.id}/{each.advice.step.id}"
        if number % 30 == 0 or step not in seen:
            seen.add(step)
            found.append(each)
    return found


def ends_of(found: Explored) -> dict[str, str]:
    """The steps that somebody reaches, and how each ends."""
    steps = ((spot, tree(chain[-1]).steps.get(SpotId(spot))) for chain, spot in found.patients)
    return {spot: step.ends for spot, step in steps if step}


def controlled(each: Patient) -> bool:
    """Whether the skin is clear, or in remission."""
    return each.said("response") == {"clear"} or "remission" in each.said("treatment-so-far")


def said_at_visit(each: Patient) -> str:
    """Sentences of step, reasons, checks, monitoring and review."""
    advice = each.advice
    parts = [advice.step.title, *advice.step.do, *advice.step.why]
    parts += [f"{watch.what}: {watch.when}" for watch in advice.monitoring]
    parts += [f"{check.title} {check.how} {check.why}" for check in advice.checks]
    parts += [flag.act for flag in advice.red_flags]
    return "\n".join(parts)


# -- pregnancy ---------------------------------------------------------------------------------


def test_inv_01_no_teratogen_where_a_child_could_be_harmed(everyone: tuple[Patient, ...]) -> None:
    """None is recommended in pregnancy, without contraception, or while that is unknown."""

    def rule(each: Patient) -> bool | None:
        if each.said("sex") == {"male"} and not each.said("pregnancy"):
            return None
        if each.said("pregnancy") and not each.said("pregnancy") & UNSAFE_PREGNANCY:
            return None
        return not each.recommended & set(TERATOGENS)

    hold(everyone, rule)


def test_inv_01_known_pregnancy_forbids_the_option(everyone: tuple[Patient, ...]) -> None:
    """In a known pregnancy the option itself says do not use, whatever it would do."""

    def rule(each: Patient) -> bool | None:
        options = [o for o in each.advice.options if o.regimen in TERATOGENS]
        if not each.said("pregnancy") & UNSAFE_PREGNANCY or not options:
            return None
        return not each.listed(*TERATOGENS)

    hold(everyone, rule)


def test_inv_02_teratogen_brings_test_contraception_and_pitfall(
    everyone: tuple[Patient, ...],
) -> None:
    """Where pregnancy is not excluded all three stand beside the drug."""

    def rule(each: Patient) -> bool | None:
        excluded = each.said("pregnancy") == {"not-possible"} or each.said("sex") == {"male"}
        if excluded or not each.listed(*TERATOGENS):
            return None
        return {"pregnancy-test", "contraception"} <= each.checks and "teratogen" in each.pitfalls

    hold(everyone, rule)


@pytest.mark.parametrize("drug", TERATOGENS)
@pytest.mark.parametrize("pathway", WRITTEN)
def test_inv_03_pregnant_on_a_teratogen_gets_no_plan(pathway: str, drug: str) -> None:
    """Whatever else is answered, or is not: every way ends in an exit."""
    only = read({"pregnancy": "pregnant", "taking": drug})
    ends = ends_of(explored(pathway, tuple(only.items())))
    assert set(ends.values()) == {"exit"}


def test_inv_03_pregnant_on_a_teratogen_stops_it_today(everyone: tuple[Patient, ...]) -> None:
    """The drug ends and obstetrics sees the patient the same day, with a red flag too."""

    def rule(each: Patient) -> bool | None:
        on_it = each.said("taking") & set(TERATOGENS) and each.said("pregnancy") == {"pregnant"}
        child = (each.number("age") or 18) < 18
        if not on_it or child or each.step.ends == "find-out":
            return None
        says = " ".join(each.advice.step.do)
        stopped = re.search(r"[Ss]top (the|that) drug .*today", says) and "bstetric" in says
        return bool(stopped) and each.advice.step.referral == "same-day"

    hold(everyone, rule)


def test_inv_04_pregnancy_never_empties_a_plan(everyone: tuple[Patient, ...]) -> None:
    """A pregnant patient with active skin gets something systemic, or a referral."""

    def rule(each: Patient) -> bool | None:
        if not each.said("pregnancy") & UNSAFE_PREGNANCY or not each.plan:
            return None
        if controlled(each):
            return None
        drugs = each.listed(*content().ids("RegimenId"))
        systemic = any(content().regimen(option.regimen).systemic for option in drugs)
        return systemic or each.advice.step.referral != "none"

    hold(everyone, rule)


# -- hydroxychloroquine ------------------------------------------------------------------------


def test_inv_05_eye_exam_and_ecg_are_printed(everyone: tuple[Patient, ...]) -> None:
    """Both stand in plain text and in Markdown wherever hydroxychloroquine is an option."""

    def rule(each: Patient) -> bool | None:
        if not each.listed("hydroxychloroquine"):
            return None
        texts = [wording(each), markdown.render(document(each), 10**6)]
        titles = [content().check(id).title for id in ("eye-exam", "ecg")]
        return all(title in text for text in texts for title in titles)

    hold(thinned(everyone), rule)


def test_inv_07_start_is_reviewed_at_weeks_4_and_12(everyone: tuple[Patient, ...]) -> None:
    """Week 4 asks about an eruption, week 12 about the response."""

    def rule(each: Patient) -> bool | None:
        if not any(o.action == "start" for o in each.listed("hydroxychloroquine")):
            return None
        own = [w for w in each.advice.monitoring if "hydroxychloroquine" in w.for_]
        eruption = any("eruption" in w.what and "week 4 (" in w.when for w in own)
        return eruption and 12 in each.advice.review.weeks

    hold(everyone, rule)


def test_inv_08_not_after_an_eruption_or_with_a_very_long_qt(
    everyone: tuple[Patient, ...],
) -> None:
    """What was not tolerated, made the rash worse or is barred by the QT is never recommended."""

    def rule(each: Patient) -> bool | None:
        barred = (
            each.said("new-rash") == {"yes"}
            or "worse-on-hydroxychloroquine" in each.said("fixable")
            or "hydroxychloroquine" in each.said("not-tolerated")
            or (each.number("qtc") or 0) >= 500
        )
        used = [id for id in each.answers if id not in each.advice.unused]
        gives = [
            o
            for o in each.advice.options
            if o.regimen == "hydroxychloroquine" and o.action in GIVING
        ]
        if not barred or not {"new-rash", "fixable", "not-tolerated", "qtc"} & set(used):
            return None
        return all(o.verdict == "do-not-use" and not o.recommended for o in gives)

    hold(everyone, rule)


def test_inv_09_not_the_only_systemic_drug_where_it_is_too_weak(
    everyone: tuple[Patient, ...],
) -> None:
    """With anti-MDA5, severe skin, weakness or in refractory disease another one goes with it."""

    def rule(each: Patient) -> bool | None:
        weak = "mda5" in each.said("antibodies") or each.said("weakness") == {"yes"}
        severe = each.said("rash-extent") == {"severe"} and "rash-extent" not in each.advice.unused
        weak |= each.advice.tree.id == "refractory" and each.step.ends == "review"
        if controlled(each) or not each.plan:
            return None
        if not (weak or severe) or not each.listed("hydroxychloroquine"):
            return None
        others = {o.regimen for o in each.advice.options if o.verdict != "do-not-use"}
        others -= {"hydroxychloroquine"}
        alone = not any(content().regimen(id).systemic for id in others)
        return not alone or each.advice.step.referral in ("urgent", "same-day")

    hold(everyone, rule)


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
    trees = [tree(pathway) for pathway in WRITTEN]
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


@pytest.mark.parametrize("pathway", WRITTEN)
def test_inv_17_after_6_months_the_steroid_dose_is_asked(pathway: str) -> None:
    """Nobody who is better on prednisone goes on with it after week 26 without saying the dose."""
    only = read({RED_FLAGS: "none", "treatment-so-far": "second-line", "taking": "prednisone",
                 "steroid-weeks": "26", "weeks-on-treatment": "26",
                 "response": "clear"})  # fmt: skip
    found = explored(pathway, tuple(only.items()))
    asked = asked_before(found)
    lowered = ("continue-taper", "keep-going", "taper-steroid", "keep-treatment")
    plans = [place for place in found.patients if place[1] in lowered]
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


# -- skin --------------------------------------------------------------------------------------


def test_inv_20_sun_protection_stands_in_every_plan(everyone: tuple[Patient, ...]) -> None:
    """With SPF 50+ and clothing; a topical steroid names low potency for the face."""

    def rule(each: Patient) -> bool | None:
        if not each.plan:
            return None
        sun = [o.dose.text for o in each.listed("sun-protection") if o.dose]
        covered = any("SPF 50+" in text and "clothing" in text for text in sun)
        topical = [o.dose.text for o in each.listed("topical-corticosteroid") if o.dose]
        return covered and all("Face" in t and "Low potency only" in t for t in topical)

    hold(everyone, rule)


def test_inv_21_no_answer_is_never_answered_by_going_on(everyone: tuple[Patient, ...]) -> None:
    """No change or worse after 12 weeks: another step, a referral, or one look within 8 weeks."""

    def rule(each: Patient) -> bool | None:
        asked = "response" not in each.advice.unused and "response" in each.answers
        poor = each.said("response") & {"none", "worse"}
        if "remission" in each.said("treatment-so-far"):
            return None
        if not asked or not poor or (each.number("weeks-on-treatment") or 0) < 12:
            return None
        moves = any(o.action in ("start", "increase", "stop") for o in each.advice.options)
        puts_off = each.advice.step.id in FIX_FIRST or each.step.ends == "find-out"
        soon = bool(each.advice.review.weeks) and max(each.advice.review.weeks) <= 8
        return moves or each.step.ends == "exit" or (soon and puts_off)

    hold(everyone, rule)


def test_inv_22_what_failed_is_not_begun_again(everyone: tuple[Patient, ...]) -> None:
    """A drug that failed or was not tolerated stays on the page with its reason, never offered."""

    def rule(each: Patient) -> bool | None:
        gone = each.said("tried") | each.said("not-tolerated")
        again = [o for o in each.advice.options if o.action == "start" and o.regimen in gone]
        if not again:
            return None
        return all(o.verdict == "do-not-use" and o.reasons and not o.recommended for o in again)

    hold(everyone, rule)


def failed_lines(each: Patient) -> int:
    """How many systemic lines failed or were not tolerated, reckoned by hand."""
    gone = each.said("tried") | each.said("not-tolerated")
    lines = [{drug} for drug in ("methotrexate", "mycophenolate", "azathioprine", "ivig",
                                 "rituximab", "cyclophosphamide")]  # fmt: skip
    return sum(bool(line & gone) for line in (*lines, {"tacrolimus", "ciclosporin"}, set(JAK)))


def test_inv_22_three_failed_lines_go_to_a_centre(everyone: tuple[Patient, ...]) -> None:
    """The next drug is then the centre's choice, urgently, whatever part is active."""

    def rule(each: Patient) -> bool | None:
        here = each.advice.tree.id == "refractory" and each.plan
        if not here or failed_lines(each) < 3 or each.said("treatment-so-far") & UNTREATED:
            return None
        if not any(o.action == "start" for o in each.advice.options):
            return None
        centre = each.advice.step.id == "specialist-centre"
        return centre and each.advice.step.referral in PRESSING

    hold(everyone, rule)


def test_inv_22_without_an_option_somebody_else_decides(everyone: tuple[Patient, ...]) -> None:
    """When all that a step would start is ruled out it refers urgently, and says so first."""

    def rule(each: Patient) -> bool | None:
        started = [o for o in each.advice.options if o.action == "start" and o.group]
        kept = each.listed(*content().ids("RegimenId"))
        systemic = [o for o in kept if content().regimen(o.regimen).systemic]
        if not started or not each.plan or systemic:
            return None
        return each.advice.step.referral in PRESSING

    hold(everyone, rule)


# -- red flags ---------------------------------------------------------------------------------


def test_inv_23_same_day_flag_ends_in_an_exit(everyone: tuple[Patient, ...]) -> None:
    """No plan, no new drug, referral on the same day."""

    def rule(each: Patient) -> bool | None:
        if not each.open_flags & SAME_DAY:
            return None
        new = any(o.action in ("start", "increase") for o in each.advice.options)
        return each.step.ends == "exit" and not new and each.advice.step.referral == "same-day"

    hold(everyone, rule)


def test_inv_23_the_flag_is_the_first_line(everyone: tuple[Patient, ...]) -> None:
    """Before the step and everything else."""

    def rule(each: Patient) -> bool | None:
        if not each.open_flags & SAME_DAY:
            return None
        return wording(each).startswith("RED FLAG: ") and document(each).sections[0].tone == "bad"

    hold(thinned(everyone), rule)


def test_inv_24_lungs_go_the_same_day_with_scan_and_saturation(
    everyone: tuple[Patient, ...],
) -> None:
    """New breathing trouble, or lung disease with anti-MDA5: same day, HRCT, walking saturation."""

    def rule(each: Patient) -> bool | None:
        lungs = each.said("lungs") == {"abnormal"} and "mda5" in each.said("antibodies")
        lungs = lungs and not {"lungs", "antibodies"} & set(each.advice.unused)
        if not lungs and "breathing" not in each.open_flags:
            return None
        said = said_at_visit(each)
        words = "HRCT" in said and "walking oxygen saturation" in said
        elsewhere = each.open_flags & SAME_DAY - {"breathing"} and each.step.ends == "exit"
        return each.advice.step.referral == "same-day" and (words or bool(elsewhere))

    hold(everyone, rule)


def test_inv_25_dysphagia_is_referred_with_a_swallow_assessment(
    everyone: tuple[Patient, ...],
) -> None:
    """Urgent or the same day, and the assessment is named."""

    def rule(each: Patient) -> bool | None:
        if not each.open_flags & {"swallowing", "food-sticking"}:
            return None
        return each.advice.step.referral in ("urgent", "same-day") and (
            "wallow" in said_at_visit(each)
        )

    hold(everyone, rule)


def test_inv_26_weakness_gets_a_plan_for_the_muscle(everyone: tuple[Patient, ...]) -> None:
    """Known weakness is never answered by a plan for skin, joints or deposits alone."""
    skin_alone = {"next-for-skin", "next-for-joints", "next-for-calcinosis"}

    def rule(each: Patient) -> bool | None:
        if each.said("weakness") != {"yes"} or not each.plan:
            return None
        for_muscle = each.advice.tree.id in ("classic", "refractory")
        return for_muscle and each.advice.step.id not in skin_alone

    hold(everyone, rule)


def test_inv_27_children_get_no_dose(everyone: tuple[Patient, ...]) -> None:
    """Below 18 the end is a referral without any option."""

    def rule(each: Patient) -> bool | None:
        age = each.number("age")
        if age is None or age >= 18:
            return None
        return each.step.ends == "exit" and not each.advice.options

    hold(everyone, rule)


def test_inv_28_unknown_antibody_makes_the_plan_provisional(
    everyone: tuple[Patient, ...],
) -> None:
    """With hydroxychloroquine: the word, a date for the antibody, a date for the lungs."""

    def rule(each: Patient) -> bool | None:
        started = any(o.action == "start" for o in each.listed("hydroxychloroquine"))
        if each.said("antibodies") or not started or not each.plan:
            return None
        watched = [f"{w.what}: {w.when}" for w in each.advice.monitoring]
        result = any("ntibody result" in line and "week 4 (" in line for line in watched)
        week = "week 2 (" if each.advice.tree.id == "amyopathic" else "week 4 ("
        scan = any("HRCT" in line and week in line for line in watched)
        return (
            "PROVISIONAL" in said_at_visit(each) and result and (scan or bool(each.said("lungs")))
        )

    hold(everyone, rule)


# -- screening ---------------------------------------------------------------------------------

BASELINE = ("myositis-antibodies", "lung-function", "chest-imaging", "cancer-screen")


def test_inv_29_every_plan_has_antibodies_lungs_and_cancer(everyone: tuple[Patient, ...]) -> None:
    """Each stands there, done or outstanding."""

    def rule(each: Patient) -> bool | None:
        return set(BASELINE) <= each.checks if each.plan else None

    hold(everyone, rule)


def spans(each: Patient) -> tuple[range, range]:
    """How many high and intermediate cancer factors a patient may have, reckoned by hand."""
    high: list[bool | None] = []
    middle: list[bool | None] = []
    muscle = "yes" in each.said("weakness") | each.said("previous-weakness")
    months = each.number("rash-months")
    amyopathic = (
        each.said("weakness") == {"no"}
        and not muscle
        and bool(each.said("muscle-work-up") & {"normal", "abnormal"})
        and months is not None
        and months >= 6
        and each.said("early-immunosuppression") != {"yes"}
    )
    high.append(not amyopathic)
    middle.append(amyopathic)
    antibodies = each.said("antibodies")
    for factor in ("tif1g", "nxp2"):
        high.append(factor in antibodies if antibodies else None)
    for factor in ("sae1", "hmgcr", "mi2", "mda5"):
        middle.append(factor in antibodies if antibodies else None)
    onset, age = each.number("onset-age"), each.number("age")
    if age is not None and age < 40:
        high.append(False)
    else:
        high.append(onset >= 40 if onset is not None else True if age is not None else None)
    high.append(_persistent(each))
    high.append(bool(each.said(RED_FLAGS) & {"swallowing", "food-sticking"}))
    high.append("skin-ulcer" in each.said(RED_FLAGS))
    middle.append(each.said("sex") == {"male"} if each.said("sex") else None)
    return _span(high), _span(middle)


def _persistent(each: Patient) -> bool | None:
    """Whether the disease stays active, or came back, in spite of treatment."""
    treatment, response = each.said("treatment-so-far"), each.said("response")
    if "relapse" in treatment:
        return True
    if treatment - {"first-line", "second-line"} or response - {"none", "worse"}:
        return False
    return True if treatment and response else None


def _span(truths: list[bool | None]) -> range:
    return range(truths.count(True), len(truths) - truths.count(False) + 1)


def possible_classes(each: Patient) -> set[str]:
    """The cancer classes that the answers leave possible."""
    onset = each.number("onset-age")
    if onset is not None and onset < 18:
        return {"childhood"}
    high, middle = spans(each)
    return {
        "high" if h >= 2 else "moderate" if h == 1 or m >= 2 else "standard"
        for h, m in product(high, middle)
    }


def printed_class(how: str) -> str:
    """The class that the cancer check names."""
    found = re.search(r"Class (standard|moderate|high)", how)
    if found:
        return found[1]
    return "childhood" if "hildhood" in how else "unknown"


CANCER = "cancer-screen"


def test_inv_30_cancer_class_is_that_of_the_formula(everyone: tuple[Patient, ...]) -> None:
    """Before a screening the one class that is possible is printed, or that it is not known."""

    def rule(each: Patient) -> bool | None:
        how = next((check.how for check in each.advice.checks if check.id == CANCER), None)
        if how is None or not each.plan or each.said("cancer"):
            return None
        possible = possible_classes(each)
        printed = printed_class(how)
        if printed == "unknown":
            return len(possible) > 1 or possible == {"standard"}
        return possible == {printed}

    hold(everyone, rule)


def test_inv_30_classic_disease_is_never_standard(everyone: tuple[Patient, ...]) -> None:
    """Muscle disease now or before is at least moderate in adults."""

    def rule(each: Patient) -> bool | None:
        how = next((check.how for check in each.advice.checks if check.id == CANCER), None)
        if how is None or not each.plan or "yes" not in each.said("previous-weakness"):
            return None
        return printed_class(how) != "standard"

    hold(everyone, rule)


def test_inv_30_high_class_prints_yearly_panels(everyone: tuple[Patient, ...]) -> None:
    """Both panels before a screening; the basic one every year for 3 years, screened or not."""

    def rule(each: Patient) -> bool | None:
        if not each.plan or possible_classes(each) != {"high"}:
            return None
        text = " ".join(wording(each).split())
        screened = bool(each.said("cancer"))
        return (screened or "nhanced" in text) and "every year for 3 years" in text

    hold(thinned(everyone), rule)


# -- specialist drugs --------------------------------------------------------------------------

BEFORE = {
    "ivig": {"clot-risk", "kidney-function", "iga", "hepatitis-b", "hepatitis-c", "hiv"},
    "rituximab": {"hepatitis-b", "tb-test", "immunoglobulins", "vaccines"},
    **{drug: {"tb-test", "hepatitis-b", "clot-risk", "lipids"} for drug in JAK},
}


@pytest.mark.parametrize("drug", BEFORE)
def test_inv_31_32_33_first_dose_waits_for_its_screen(
    everyone: tuple[Patient, ...], drug: str
) -> None:
    """Before a first infusion or tablet: viruses, tuberculosis, clots, IgA and IgG, vaccines."""

    def rule(each: Patient) -> bool | None:
        if not any(o.action == "start" for o in each.listed(drug)):
            return None
        own = {check.id for check in each.advice.checks if drug in check.for_}
        return own >= BEFORE[drug]

    hold(everyone, rule)


def test_inv_32_rituximab_is_judged_at_week_26(everyone: tuple[Patient, ...]) -> None:
    """Where it is recommended the review has week 26, and something is watched at week 12."""

    def rule(each: Patient) -> bool | None:
        if not any(o.action == "start" and o.recommended for o in each.listed("rituximab")):
            return None
        own = [w.when for w in each.advice.monitoring if "rituximab" in w.for_]
        weeks = {*each.advice.review.weeks}
        return any("week 26 (" in when for when in own) and (
            12 in weeks or any("week 12 (" in when for when in own)
        )

    hold(everyone, rule)


@pytest.mark.parametrize("response", ["none", "partial", "worse"])
def test_inv_32_rituximab_has_not_failed_before_week_26(response: str) -> None:
    """Without a red flag, and with rituximab alone, no path leads to the next drug before."""
    only = read({RED_FLAGS: "none", "treatment-so-far": "second-line", "taking": "rituximab",
                 "weeks-on-treatment": "25.9", "response": response})  # fmt: skip
    found = explored("refractory", tuple(only.items()))
    plans = [step for step, how in ends_of(found).items() if how == "review"]
    assert plans == ["continue-trial"]


def test_inv_32_no_live_vaccine_is_advised(everyone: tuple[Patient, ...]) -> None:
    """Every sentence to the reader that names live vaccines says no, or that they come before."""
    allowed = re.compile(r"(?i)\b(no|not|none)\b|non-live|before|cancel|live vaccine on immuno")

    def rule(each: Patient) -> bool | None:
        sections = (s for s in document(each).sections if s.heading != "Answers given")
        items = [item for section in sections for item in section.items]
        said = [part for i in items for part in (i.text, *(d.text for d in i.details))]
        live = [line for line in said if re.search(r"(?i)\blive vaccine", line)]
        return all(allowed.search(line) for line in live) if live else None

    hold(thinned(everyone), rule)


def test_inv_33_jak_inhibitors_are_for_specialists_with_the_boxed_warning(
    everyone: tuple[Patient, ...],
) -> None:
    """The warning is among the pitfalls, and the option says who gives it."""

    def rule(each: Patient) -> bool | None:
        found = [o for o in each.listed(*JAK) if o.action == "start"]
        if not found:
            return None
        marked = all(any("pecialist" in r.text for r in o.reasons) for o in found)
        return marked and "jak-boxed-warning" in each.pitfalls

    hold(everyone, rule)


def test_inv_33_no_jak_inhibitor_with_cancer_or_an_earlier_clot(
    everyone: tuple[Patient, ...],
) -> None:
    """Neither as a new drug nor as one that goes on."""

    def rule(each: Patient) -> bool | None:
        against = each.said("cancer") == {"active"} or "previous-clot" in each.said("clot-risk")
        if not against or not any(o.regimen in JAK for o in each.advice.options):
            return None
        return not each.listed(*JAK)

    hold(everyone, rule)


# -- form --------------------------------------------------------------------------------------


def test_inv_35_every_step_says_why_when_and_whence(everyone: tuple[Patient, ...]) -> None:
    """A sentence to do, a reason, a review date and a source, for every patient."""

    def rule(each: Patient) -> bool | None:
        step = each.advice.step
        return bool(step.do and step.why and step.sources and each.advice.review.weeks)

    hold(everyone, rule)


def test_inv_35_every_plan_has_checks_pitfalls_and_when_to_call(
    everyone: tuple[Patient, ...],
) -> None:
    """What to check, what to watch for, and when to call at once."""

    def rule(each: Patient) -> bool | None:
        if not each.plan:
            return None
        call = any(w.what.startswith("Call at once") for w in each.advice.monitoring)
        return bool(each.advice.checks and each.advice.pitfalls) and call

    hold(everyone, rule)


def test_inv_36_every_amount_has_unit_frequency_and_cap(everyone: tuple[Patient, ...]) -> None:
    """A drug with an amount is never printed without them, and never passes its cap."""

    def rule(each: Patient) -> bool | None:
        doses = [
            o.dose
            for o in each.advice.options
            if o.dose
            and o.dose.frequency
            and content().regimen(o.regimen).doses[0].kind != "applied"
        ]
        if not doses:
            return None
        return all(d.unit and d.per and d.frequency and d.cap and d.cap_reason for d in doses)

    hold(everyone, rule)


def test_inv_36_no_step_carries_a_dose_in_prose(everyone: tuple[Patient, ...]) -> None:
    """Amounts come from the regimens alone."""

    def rule(each: Patient) -> bool | None:
        step = each.advice.step
        text = " ".join((step.title, *step.do, *step.why))
        return not re.search(r"\d\s?(mg|micrograms?|g|mL)\b", text)

    hold(everyone, rule)


def test_inv_37_nothing_that_must_never_be_offered(everyone: tuple[Patient, ...]) -> None:
    """No chlorambucil, TNF inhibitor, leflunomide or nintedanib as an option."""
    hold(everyone, lambda each: not {o.regimen for o in each.advice.options} & set(NEVER))


def test_inv_37_no_two_drugs_that_must_not_meet(everyone: tuple[Patient, ...]) -> None:
    """Azathioprine with mycophenolate; two of JAK inhibitor, rituximab, cyclophosphamide."""

    def rule(each: Patient) -> bool | None:
        given = {o.regimen for o in each.advice.options if o.recommended and o.action in GIVING}
        kept = {
            o.regimen
            for o in each.advice.options
            if o.action == "continue" and o.verdict != "do-not-use"
        }
        together = given | kept
        strong = [set(JAK) & together, {"rituximab"} & together, {"cyclophosphamide"} & together]
        pair = {"azathioprine", "mycophenolate"} <= together
        twice = sum(map(bool, strong)) > 1
        took_both = {"azathioprine", "mycophenolate"} <= each.said("taking")
        return not twice and (not pair or took_both)

    hold(everyone, rule)


def test_inv_37_rituximab_is_not_the_first_drug(everyone: tuple[Patient, ...]) -> None:
    """Unless lungs, swallow or ulcers lead, or it is severe or has to work fast."""
    grave_parts = {"lung", "swallowing", "skin-severe"}

    def rule(each: Patient) -> bool | None:
        new = any(o.action == "start" for o in each.listed("rituximab"))
        if not new or failed_lines(each) or not (each.said("tried") and each.said("not-tolerated")):
            return None
        antibodies = each.said("antibodies") & {"mda5", "jo1", "other-antisynthetase"}
        return bool(
            each.said("domain") & grave_parts
            or antibodies
            or each.said("lungs") != {"normal"}
            or each.said("severity") == {"severe"}
            or each.said("heart") == {"abnormal"}
            or each.said("urgency") - {"routine"}
            or each.said(RED_FLAGS) - {"none"}
        )

    hold(everyone, rule)


KINDS = ("regimens", "checks", "pitfalls", "conflicts", "red-flags", "steps")


def test_inv_39_what_is_encoded_reaches_somebody(everyone: tuple[Patient, ...]) -> None:
    """Everything that the ledger says of the seeds is in somebody's advice, and so is the rest."""
    reached: set[str] = set()
    topics: dict[str, str] = {
        content().conflict(id).topic: id for id in content().ids("ConflictId")
    }
    for each in everyone:
        advice = each.advice
        reached |= {f"steps/{advice.step.id}", *(f"red-flags/{f.id}" for f in advice.red_flags)}
        reached |= {f"regimens/{o.regimen}" for o in advice.options if o.verdict != "do-not-use"}
        reached |= {f"checks/{id}" for id in each.checks}
        reached |= {f"pitfalls/{id}" for id in each.pitfalls}
        reached |= {f"conflicts/{topics[c.topic]}" for c in advice.conflicts}
    ledger = content().ledger_entry().record
    named = {place for entry in ledger for place in entry.where if entry.status == "encoded"}
    wanted = {place for place in named if place.split("/")[0] in KINDS}
    assert len(wanted) > 50
    assert not wanted - reached


# -- monotone safety ---------------------------------------------------------------------------

WORSE = (
    ("pregnancy", "not-possible", "pregnant"),
    ("pregnancy", "possible-contraception", "possible-no-contraception"),
    ("lungs", "normal", "abnormal"),
    ("antibodies", "negative", "mda5"),
    ("infection", "no", "yes"),
    *(
        (RED_FLAGS, "none", flag)
        for flag in content().question(RED_FLAGS).answers
        if flag != "none"
    ),
)


@pytest.mark.parametrize(("question", "good", "bad"), WORSE)
def test_inv_40_worse_news_never_makes_the_advice_milder(
    everyone: tuple[Patient, ...], question: str, good: str, bad: str
) -> None:
    """It lowers no referral, recommends nothing it forbids, drops no check of what stays."""
    milder: list[str] = []
    compared: dict[str, int] = {}
    for each in everyone:
        step = f"{each.advice.tree.id}/{each.advice.step.id}"
        if each.said(question) != {good} or compared.get(step, 0) >= 6:
            continue
        compared[step] = compared.get(step, 0) + 1
        worse = patient(each.start, {**each.answers, **read({question: bad})})
        before, after = (p.advice.step.referral for p in (each, worse))
        barred = {o.regimen for o in worse.advice.options if o.verdict == "do-not-use"}
        staying = {o.regimen for o in worse.advice.options} - barred
        lost = [
            check.id
            for check in each.advice.checks
            if (not check.for_ or set(check.for_) & staying) and check.id not in worse.checks
        ]
        same = each.advice.step.id == worse.advice.step.id
        if (
            (before in PRESSING and REFERRALS.index(after) < REFERRALS.index(before))
            or worse.recommended & barred
            or (same and lost)
            or (same and "teratogen" in each.pitfalls - worse.pitfalls and staying & {*TERATOGENS})
        ):
            milder.append(f"{before} to {after}, lost {lost if same else ''}: {worse}")
    assert compared, "nobody has the better answer"
    assert not milder, "\n".join(milder[:5])


def test_dates_are_those_of_the_visit(everyone: tuple[Patient, ...]) -> None:
    """No date in what is watched lies before the visit."""

    def rule(each: Patient) -> bool | None:
        dates = re.findall(r"\d{4}-\d\d-\d\d", " ".join(w.when for w in each.advice.monitoring))
        return all(day > TODAY.isoformat() for day in dates) if dates else None

    hold(everyone, rule)
