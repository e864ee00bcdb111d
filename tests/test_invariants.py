"""Safety rules that hold for every patient, whatever the answers: a second opinion in Python.

The numbers are those of the clinical specification's list of invariants. Here stand screening, form
and worse news; the drugs, the first line, and skin with red flags have their own modules. 06 is in
test_doses, 34 in test_pathways, 38 in test_walk, and what concerns single files is for lint.
"""

import re
from itertools import product

import pytest

from dmadvisor.model import REFERRALS
from tests.paths import RED_FLAGS, content, read
from tests.patients import TODAY, Patient, hold, patient
from tests.rules import GIVING, JAK, NEVER, PRESSING, TERATOGENS, failed_lines, thinned, wording

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
    """A drug with an amount is never printed without them."""

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
        whole = all(d.unit and d.per and d.frequency and d.cap_reason for d in doses)
        return whole and all(d.cap or d.high is None for d in doses)

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
        staying = {o.regimen for o in worse.advice.options if o.action != "stop"} - barred
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
