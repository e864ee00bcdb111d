"""Safety rules of the drugs, for every patient: pregnancy, hydroxychloroquine, specialist drugs."""

import re

import pytest

from dmadvisor.render import markdown
from tests.paths import PATHWAYS, RED_FLAGS, content, explored, read
from tests.patients import Patient, hold
from tests.rules import (
    GIVING,
    JAK,
    TERATOGENS,
    UNSAFE_PREGNANCY,
    controlled,
    document,
    ends_of,
    thinned,
    wording,
)

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
@pytest.mark.parametrize("pathway", PATHWAYS)
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
        texts = [wording(each), markdown.render(document(each))]
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
        used = [id for id in each.answers if id not in each.advice.idle]
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
