"""One patient a rule on drugs: the verdict, what it waits for and what is printed.

test_doses has the rules that are arithmetic alone.
"""

from typing import Any

import pytest

from tests.figures import dose
from tests.harness import advise
from tests.visits import (
    FIRST_RASH,
    FIRST_WEAKNESS,
    NEXT_LINE,
    SECOND_RASH,
    option,
    printed,
    verdict,
)

pytestmark = pytest.mark.usefixtures("compiled")

FERTILE = {"pregnancy": "possible-contraception"}
TEST = ("--done", "pregnancy-test=2026-11-19")
LUNG = {"domain": "lung", "lungs": "abnormal"}
ON_STEROID = FIRST_WEAKNESS | {
    "treatment-so-far": "first-line",
    "taking": "prednisone,methotrexate",
    "prednisone-dose": "40",
    "steroid-weeks": "8",
    "weeks-on-treatment": "8",
    "response": "clear",
    "ck": "1",
}
CHILD = {"red-flags": "none", "age": "10", "weight": "35", "height": "140", "weakness": "yes"}


def reasons(found: Any) -> str:
    """All reasons of an option."""
    return " | ".join(reason["text"] for reason in found["reasons"])


def watched(data: Any) -> str:
    """All that is watched, with when."""
    return " | ".join(f"{each['what']}: {each['when']}" for each in data["monitoring"])


def waits(found: Any) -> set[str]:
    """What the first dose of an option still waits for."""
    texts = [reason["text"] for reason in found["reasons"]]
    return {text.removesuffix(": outstanding") for text in texts if text.endswith("outstanding")}


def test_t05_weak_kidneys_and_the_retina() -> None:
    """An eGFR of 45 at 70 kg: 200 and 400 mg in turn, and the eyes every year from the start."""
    result = advise("rash-only", FIRST_RASH | {"weight": "70", "egfr": "45"})
    found = option(result, "hydroxychloroquine")
    assert found["verdict"] == "caution"
    assert found["dose"]["high"] == 300
    assert "Retinal screening from the start" in watched(result.data)


def test_t06_no_adult_dose_by_body_surface() -> None:
    """170 cm and 70 kg: 10 to 15 mg to start, at most 25 mg; what children get is only named."""
    result = advise("classic", FIRST_WEAKNESS | {"weight": "70", "height": "170"})
    given = option(result, "methotrexate")["dose"]
    assert (given["low"], given["high"], given["cap"]) == (10, 25, 25)
    assert "start with 10 to 15 mg" in given["text"]
    assert "m2" not in given["text"]
    assert any("15 to 20 mg per m2" in str(each) for each in result.data["conflicts"])


@pytest.mark.parametrize("pathway", ["rash-only", "amyopathic", "classic", "refractory"])
def test_t07_a_child_gets_no_dose(pathway: str) -> None:
    """A child is referred, in every pathway, and no option carries an amount."""
    result = advise(pathway, CHILD)
    assert result.data["step"]["id"] == "refer-child"
    assert not any(each["dose"] and each["dose"]["high"] for each in result.data["options"])
    assert " mg" not in printed(pathway, CHILD, "plain")


def test_t08_methotrexate_and_the_kidneys() -> None:
    """An eGFR of 45 halves the limit, 28 rules it out, and both edges belong to the safer side."""
    for egfr, word, high in (("60", "check-first", 25), ("59", "check-first", 12.5),
                             ("45", "check-first", 12.5), ("30", "check-first", 12.5)):  # fmt: skip
        found = option(advise("classic", FIRST_WEAKNESS | {"egfr": egfr}), "methotrexate")
        assert (found["verdict"], found["dose"]["high"]) == (word, high)
    for egfr in ("29.9", "28"):
        weak = FIRST_WEAKNESS | {"egfr": egfr, "blood-tests": "explained"}
        assert verdict("classic", weak, "methotrexate") == "do-not-use"


def test_t09_methotrexate_has_its_weekday() -> None:
    """Once a week on Monday, and folic acid on Tuesday."""
    result = advise("classic", FIRST_WEAKNESS)
    methotrexate = option(result, "methotrexate")["dose"]
    folic_acid = option(result, "folic-acid")["dose"]
    assert "once a week, on Monday" in methotrexate["frequency"]
    assert "once a week, on Tuesday" in folic_acid["frequency"]
    assert methotrexate["per"] == folic_acid["per"] == "week"


def test_t12_azathioprine_waits_for_tpmt() -> None:
    """Not tested: it waits. Normal: 50 to 175 mg at 70 kg, and 210 mg for a specialist alone."""
    answers = FIRST_WEAKNESS | {"weight": "70"}
    waiting = option(advise("classic", answers | {"tpmt": "not-tested"}), "azathioprine")
    assert waiting["verdict"] == "check-first"
    assert waits(waiting) == {"TPMT, and NUDT15 where it is common"}
    found = option(advise("classic", answers), "azathioprine")
    assert found["verdict"] == "offer"
    assert (found["dose"]["low"], found["dose"]["high"]) == (50, 175)
    assert "a specialist alone may go to 210 mg a day" in found["dose"]["arithmetic"]
    assert "210" not in found["dose"]["text"]


@pytest.mark.parametrize(
    "answer", ["tpmt=deficient", "medicines=allopurinol", "medicines=febuxostat"]
)
def test_t13_azathioprine_is_ruled_out(answer: str) -> None:
    """No TPMT activity, allopurinol or febuxostat: marrow failure."""
    question, _, word = answer.partition("=")
    assert verdict("classic", FIRST_WEAKNESS | {question: word}, "azathioprine") == "do-not-use"


def test_t14_mycophenolate_waits_for_two_pregnancy_tests() -> None:
    """One test is not enough."""
    answers = FIRST_WEAKNESS | FERTILE
    first, second = "Pregnancy test", "Second pregnancy test"
    for done, left in (((), {first, second}), (TEST, {second})):
        found = option(advise("classic", answers, *done), "mycophenolate")
        assert found["verdict"] == "check-first"
        assert waits(found) == left
    both = (*TEST, "--done", "pregnancy-test-again=2026-11-20")
    assert verdict("classic", answers, "mycophenolate", *both) == "offer"


def test_t16_immunoglobulin_after_a_clot() -> None:
    """Age 70 and an earlier clot: another option first, else over 5 days at a slow rate."""
    answers = NEXT_LINE | {"age": "70", "clot-risk": "previous-clot", "weight": "70"}
    found = option(advise("refractory", answers), "ivig")
    assert found["verdict"] == "check-first"
    assert "Weigh another option first" in reasons(found)
    assert "over 5 days 28 g a day" in found["dose"]["text"]
    assert "at most 126 mL per hour" in found["dose"]["text"]
    assert "over 2 days 70 g" not in found["dose"]["text"]


def test_t17_the_first_course_is_two_grams_per_kg() -> None:
    """1 g per kg is a dose for later; a first course is worked out with 2."""
    assert dose("ivig", "weight=70").high == 140
    assert "Rule: 2 g per kg" in dose("ivig", "weight=70").text


@pytest.mark.parametrize(
    ("result", "word", "gate"),
    [
        ("negative", "check-first", False),
        ("core-positive", "check-first", True),
        ("surface-positive", "do-not-use", None),
        ("not-tested", "check-first", True),
        ("unknown", "check-first", True),
    ],
)
def test_t18_rituximab_and_hepatitis_b(result: str, word: str, gate: bool | None) -> None:  # noqa: FBT001
    """Only both results negative lift the gate; the core antibody alone brings the antiviral."""
    given = advise("refractory", NEXT_LINE | {"hepatitis-b": result})
    found = option(given, "rituximab")
    assert found["verdict"] == word
    waits = any("Hepatitis B" in each["text"] for each in found["reasons"])
    assert gate is None or waits is gate
    if result == "core-positive":
        assert "hepatology and entecavir or tenofovir" in reasons(found)
        assert "DNA" in watched(given.data)


def test_t19_rituximab_is_not_judged_before_week_26() -> None:
    """Week 20 is too early, week 26 is not."""
    answers = NEXT_LINE | {"taking": "prednisone,rituximab", "tried": "methotrexate"}
    early = advise("refractory", answers | {"weeks-on-treatment": "20"}).data["step"]
    assert early["id"] == "continue-trial"
    assert "Too early" in early["title"]
    late = advise("refractory", answers | {"weeks-on-treatment": "26"}).data["step"]
    assert late["id"] != "continue-trial"


def test_t21_ointment_is_not_the_capsules() -> None:
    """Tacrolimus 0.1% brings no trough level and no kidney or liver test."""
    result = advise("rash-only", FIRST_RASH)
    assert option(result, "topical-tacrolimus") is not None
    assert option(result, "tacrolimus") is None
    checks = {
        check["id"] for check in result.data["checks"] if "topical-tacrolimus" in check["for"]
    }
    assert not checks & {"drug-level", "kidney-function", "liver-tests", "potassium-magnesium"}
    shown = option(result, "topical-tacrolimus")["dose"]["text"]
    assert "ointment" in shown
    assert "trough" not in shown


@pytest.mark.parametrize(
    ("answer", "why"),
    [("cancer=active", "treats no tumour"), ("medicines=statin", "muscle breakdown")],
)
def test_t22_t23_ciclosporin_is_ruled_out(answer: str, why: str) -> None:
    """Active cancer, and a statin, each with its reason."""
    question, _, word = answer.partition("=")
    found = option(advise("refractory", NEXT_LINE | {question: word}), "ciclosporin")
    assert found["verdict"] == "do-not-use"
    assert why in reasons(found)


def test_t24_cyclophosphamide_at_72_years() -> None:
    """10 mg per kg, 700 mg at 70 kg; the scheme by body surface gives no amount."""
    answers = NEXT_LINE | LUNG | {"age": "72", "egfr": "52", "weight": "70", "height": "165"}
    given = option(advise("refractory", answers), "cyclophosphamide")["dose"]
    assert (given["low"], given["high"]) == (700, 700)
    assert given["arithmetic"] == ["10 mg per kg x 70 kg = 700 mg"]
    assert "no amount is worked out here: not this scheme" in given["text"]


@pytest.mark.parametrize(
    ("answers", "needs"),
    [
        ({"age": "72", "egfr": "52"}, {"weight"}),
        ({"age": "72"}, {"weight", "egfr"}),
        ({"age": "45", "egfr": "52"}, {"weight", "height"}),
    ],
)
def test_cyclophosphamide_asks_for_what_it_uses(answers: dict[str, str], needs: set[str]) -> None:
    """Height only while the scheme by body surface is open; kidneys where they are not known."""
    asked = ("weight", "height", "age", "egfr", "blood-tests")
    known = {id: text for id, text in (NEXT_LINE | LUNG).items() if id not in asked}
    result = advise("refractory", known | answers)
    assert set(option(result, "cyclophosphamide")["dose"]["needs"]) == needs
    missing = {each["question"] for each in result.data["missing"]}
    assert ("height" in missing) == ("height" in needs)


def test_t25_tofacitinib_is_lowered_once_and_never_twice() -> None:
    """A clearance of 40: once a day. Fluconazole as well: no dose. With azathioprine: never."""
    once = option(advise("refractory", NEXT_LINE | {"egfr": "40"}), "tofacitinib")
    assert once["dose"]["frequency"] == "once a day"
    twice = NEXT_LINE | {"egfr": "40", "medicines": "fluconazole"}
    found = option(advise("refractory", twice), "tofacitinib")
    assert found["verdict"] == "do-not-use"
    assert found["dose"] is None or found["dose"]["high"] is None
    assert "specialist pharmacist" in reasons(found)
    beside = NEXT_LINE | {"taking": "prednisone,azathioprine", "tried": "methotrexate,ivig"}
    assert verdict("refractory", beside, "tofacitinib") == "do-not-use"


def test_t26_baricitinib_at_68_years_and_smoking() -> None:
    """2 mg and never 4, only without an alternative."""
    found = option(
        advise("refractory", NEXT_LINE | {"age": "68", "clot-risk": "smoker"}), "baricitinib"
    )
    assert (found["dose"]["low"], found["dose"]["high"]) == (2, 2)
    assert "only if no alternative is suitable" in reasons(found)
    assert "4 mg a day" not in found["dose"]["text"]


@pytest.mark.parametrize("regimen", ["tofacitinib", "baricitinib", "brepocitinib"])
def test_t27_jak_inhibitors_wait_for_tuberculosis(regimen: str) -> None:
    """No test, no first dose."""
    result = advise("refractory", NEXT_LINE | {"tb": "not-tested"})
    assert option(result, regimen)["verdict"] == "check-first"
    assert "Tuberculosis test" in waits(option(result, regimen))


def test_t28_liver_tests_are_read_with_ck() -> None:
    """Abnormal tests with a high CK make the drug wait for GGT, which then clears it."""
    raised = FIRST_WEAKNESS | {"blood-tests": "some-abnormal", "ck": "22"}
    found = advise("classic", raised)
    assert option(found, "methotrexate")["verdict"] == "check-first"
    assert "muscle-enzymes-as-liver" in {each["id"] for each in found.data["pitfalls"]}
    assert "GGT" in str(found.data["checks"])
    clear = raised | {"blood-tests": "explained"}
    assert verdict("classic", clear, "methotrexate", "--done", "hepatitis-c") == "offer"


def test_t29_a_steroid_is_never_stopped_at_once() -> None:
    """After 8 weeks it is tapered, with the warning; no step stops it."""
    result = advise("classic", ON_STEROID)
    found = option(result, "prednisone")
    assert found["action"] == "taper"
    assert "never end it abruptly" in found["dose"]["text"]


def test_t30_methotrexate_and_lung_disease() -> None:
    """It is not given; what treats the lung is offered instead."""
    result = advise("classic", FIRST_WEAKNESS | {"lungs": "abnormal"})
    found = option(result, "methotrexate")
    assert found is None or found["verdict"] == "do-not-use"
    listed = {each["regimen"] for each in result.data["options"]}
    assert {"mycophenolate", "azathioprine", "rituximab", "tacrolimus"} <= listed
    rash = verdict("rash-only", SECOND_RASH | {"lungs": "abnormal"}, "methotrexate")
    assert rash in ("do-not-use", "not listed")
