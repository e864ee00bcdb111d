"""Safety rules of the skin, of what comes after a failure, and of red flags, for every patient."""

from tests.paths import HANDLED, content
from tests.patients import Patient, hold
from tests.rules import (
    FIX_FIRST,
    PRESSING,
    SAME_DAY,
    UNTREATED,
    document,
    failed_lines,
    said_at_visit,
    thinned,
    wording,
)

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
        # Weakness from the steroid itself is answered by less of it, looked at within 8 weeks.
        moves |= (
            each.advice.step.id == "taper-for-steroid-myopathy"
            and max(each.advice.review.weeks) <= 8
        )
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
        # Once that team has seen the lungs, the treatment goes on with it.
        lungs = lungs and "breathing" not in each.said(HANDLED)
        if not lungs and "breathing" not in each.open_flags:
            return None
        said = said_at_visit(each)
        words = "HRCT" in said and "walking oxygen saturation" in said
        elsewhere = each.open_flags & SAME_DAY - {"breathing"} and each.step.ends == "exit"
        return each.advice.step.referral == "same-day" and (words or bool(elsewhere))

    hold(everyone, rule)


def test_inv_24_lungs_that_were_seen_stay_urgent(everyone: tuple[Patient, ...]) -> None:
    """Lung disease with anti-MDA5 that the team has seen is treated with it, at once."""

    def rule(each: Patient) -> bool | None:
        lungs = each.said("lungs") == {"abnormal"} and "mda5" in each.said("antibodies")
        if not lungs or not each.plan or "breathing" not in each.said(HANDLED):
            return None
        return each.advice.step.referral in PRESSING

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
