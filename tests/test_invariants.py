"""Safety rules that hold for every patient, whatever the answers: a second opinion in Python.

The numbers are those of the clinical specification's list of invariants. Rules that are about
pathways which are not written yet, about later visits of one run, or about single files that lint
reads are not here.
"""

import re
from collections.abc import Iterable
from itertools import product

import pytest

from dmadvisor.document import advice_document
from dmadvisor.model import REFERRALS
from dmadvisor.page import Document
from dmadvisor.render import markdown, plain
from tests.paths import RED_FLAGS, content, read
from tests.patients import TODAY, Patient, hold, patient, patients

TERATOGENS = ("methotrexate", "mycophenolate", "cyclophosphamide", "tofacitinib", "baricitinib",
              "brepocitinib")  # fmt: skip
JAK = ("tofacitinib", "baricitinib", "brepocitinib")
UNSAFE_PREGNANCY = {"pregnant", "breastfeeding", "planning", "possible-no-contraception"}
SAME_DAY = {f for f in content().ids("RedFlagId") if content().red_flag(f).urgency == "same-day"}
NEVER = ("chlorambucil", "infliximab", "etanercept", "adalimumab", "leflunomide", "nintedanib",
         "abatacept")  # fmt: skip
GIVING = ("start", "increase", "continue")


@pytest.fixture(scope="module")
def everyone() -> tuple[Patient, ...]:
    """The patients that every rule is held against."""
    return patients()


def document(each: Patient) -> Document:
    """What a reader of this patient's advice sees."""
    return advice_document(content(), each.advice)


def wording(each: Patient) -> str:
    """The advice as plain text on endless lines."""
    return plain.render(document(each), 10**6)


def thinned(everyone: Iterable[Patient]) -> list[Patient]:
    """Every twelfth patient and the first at each step: enough for what has to be printed."""
    seen: set[str] = set()
    found = []
    for number, each in enumerate(everyone):
        step = f"{each.advice.tree.id}/{each.advice.step.id}"
        if number % 12 == 0 or step not in seen:
            seen.add(step)
            found.append(each)
    return found


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
    """With anti-MDA5, severe skin or weakness something else systemic stands beside it."""

    def rule(each: Patient) -> bool | None:
        weak = "mda5" in each.said("antibodies") or each.said("weakness") == {"yes"}
        severe = each.said("rash-extent") == {"severe"} and "rash-extent" not in each.advice.unused
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
        soon = bool(each.advice.review.weeks) and max(each.advice.review.weeks) <= 8
        return moves or each.step.ends == "exit" or (soon and each.advice.step.id == "fix-first")

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


def test_inv_26_weakness_ends_in_classic(everyone: tuple[Patient, ...]) -> None:
    """Known weakness is never answered by a plan for the skin."""

    def rule(each: Patient) -> bool | None:
        if each.said("weakness") != {"yes"} or each.start == "refractory":
            return None
        return not each.plan or each.advice.tree.id == "classic"

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


# -- monotone safety ---------------------------------------------------------------------------

PRESSING = ("urgent", "same-day")
"""Referrals that are for the disease: a routine one only asks for an answer."""

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
    question: str, good: str, bad: str
) -> None:
    """It lowers no referral, recommends nothing it forbids, drops no check of what stays."""
    milder: list[str] = []
    compared = 0
    for each in patients():
        if each.said(question) != {good} or compared >= 300:
            continue
        compared += 1
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
