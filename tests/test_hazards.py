"""What would hurt a patient if it were wrong, the gravest first, read as it is printed.

Each test runs the real command in every format and reads the words, so that neither the content
nor a renderer can lose them.
"""

import json
import re
from typing import NamedTuple

import pytest

from dmadvisor.document import VERDICT_WORDS
from tests.paths import content
from tests.visits import FIRST_RASH, FIRST_WEAKNESS, NEXT_LINE, SECOND_RASH, printed

pytestmark = pytest.mark.usefixtures("compiled")

FORMATS = ("text", "plain", "markdown", "json")
FERTILE = {"pregnancy": "possible-contraception"}
ON_STEROID = FIRST_WEAKNESS | {
    "treatment-so-far": "first-line",
    "taking": "prednisone,methotrexate",
    "prednisone-dose": "40",
    "steroid-weeks": "14",
    "weeks-on-treatment": "14",
}
MYOPATHY = {
    "response": "worse",
    "ck-course": "low-stable",
    "steroid-myopathy": "likely",
    "ck": "1",
}
TERATOGENS = ("methotrexate", "mycophenolate", "cyclophosphamide", "tofacitinib", "baricitinib",
              "brepocitinib")  # fmt: skip
ALL_LINES = NEXT_LINE | {"domain": "several", "tried": "azathioprine,ivig"}
"""A visit whose step lists every teratogen."""


class Page(NamedTuple):
    """Advice in one format, its text on one line."""

    format: str
    text: str

    def verdict(self, regimen: str, action: str = "start") -> str:
        """The verdict that is printed on a regimen; ``not listed`` without one."""
        if self.format == "json":
            found = [o for o in json.loads(self.text)["options"] if o["regimen"] == regimen]
            assert all(each["action"] == action for each in found)
            return found[0]["verdict"] if found else "not listed"
        title = content().regimen(regimen).title
        words = "|".join(VERDICT_WORDS.values())
        head = rf"{action} {re.escape(title)}(?:\*\*: |: | - )(?:recommended, )?({words})"
        match = re.search(head, self.text, re.IGNORECASE)
        ids = {word: id for id, word in VERDICT_WORDS.items()}
        return ids[match[1]] if match else "not listed"

    def says(self, *texts: str) -> bool:
        """Whether each of these texts stands in it; the first that does not fails the test."""
        for text in texts:
            assert text in self.text, f"{self.format} never says: {text}"
        return True

    def never(self, pattern: str) -> bool:
        """Whether a pattern is nowhere to be found; where it is found fails the test."""
        match = re.search(pattern, self.text, re.IGNORECASE)
        assert match is None, (
            f"{self.format} says: {self.text[match.start() - 60 : match.end() + 60]}"
        )
        return True


@pytest.fixture(params=FORMATS)
def format(request: pytest.FixtureRequest) -> str:
    """Every format in turn."""
    return str(request.param)


def page(format: str, pathway: str, answers: dict[str, str], *args: str) -> Page:
    """Advice as it is printed."""
    return Page(format, printed(pathway, answers, format, *args))


def test_01_methotrexate_is_weekly(format: str) -> None:
    """Once a week on a named day, at most 25 mg, and "daily" nowhere near but in the pitfall."""
    shown = page(format, "classic", FIRST_WEAKNESS)
    assert shown.says(
        "once a week, on Monday", "25 mg a week", "Methotrexate taken daily by mistake"
    )
    pitfall = re.compile("Methotrexate taken daily by mistake|methotrexate-daily")
    rest = Page(format, pitfall.sub("", shown.text))
    assert rest.never(r"methotrexate[^.]{0,40}\b(daily|every day|once a day|twice a day)\b")
    assert rest.never(r"\b(daily|every day)\b[^.]{0,40}methotrexate")


@pytest.mark.parametrize("regimen", TERATOGENS)
def test_02_teratogens_wait_or_are_ruled_out(format: str, regimen: str) -> None:
    """With contraception the test is outstanding; without it, or pregnant, the drug is not used."""
    waiting = page(format, "refractory", ALL_LINES | FERTILE)
    assert waiting.verdict(regimen) == "check-first"
    assert waiting.says("Pregnancy test: outstanding")
    for answer in ("possible-no-contraception", "pregnant", "planning"):
        barred = page(format, "refractory", ALL_LINES | {"pregnancy": answer})
        assert barred.verdict(regimen) == "do-not-use"


def test_02_mycophenolate_needs_two_tests(format: str) -> None:
    """After the first test the second one is still outstanding, 8 to 10 days later."""
    shown = page(format, "classic", FIRST_WEAKNESS | FERTILE, "--done", "pregnancy-test=2026-11-19")
    assert shown.verdict("mycophenolate") == "check-first"
    assert shown.says("Second pregnancy test", "8 to 10 days")


@pytest.mark.parametrize(
    ("result", "word", "says"),
    [
        ("negative", "check-first", "Rituximab"),
        ("core-positive", "check-first", "entecavir or tenofovir"),
        ("surface-positive", "do-not-use", "an antiviral first"),
        ("not-tested", "check-first", "Hepatitis B surface antigen and core antibody: outstanding"),
    ],
)
def test_03_rituximab_and_hepatitis_b(format: str, result: str, word: str, says: str) -> None:
    """Each result has its own consequence, and the core antibody counts."""
    shown = page(format, "refractory", NEXT_LINE | {"hepatitis-b": result})
    assert shown.verdict("rituximab") == word
    assert shown.says(says)


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ("medicines=allopurinol", "marrow failure, even with normal TPMT"),
        ("medicines=Zyloric", "marrow failure, even with normal TPMT"),
        ("medicines=febuxostat", "no way round allopurinol"),
        ("medicines=Uloric", "no way round allopurinol"),
        ("medicines=Adenuric", "no way round allopurinol"),
        ("tpmt=deficient", "means marrow failure"),
    ],
)
def test_04_azathioprine_and_the_marrow(format: str, answer: str, says: str) -> None:
    """Allopurinol, febuxostat and absent TPMT activity rule it out, each with its reason."""
    question, _, word = answer.partition("=")
    shown = page(format, "classic", FIRST_WEAKNESS | {question: word})
    assert shown.verdict("azathioprine") == "do-not-use"
    assert shown.says(says)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("allopurinol", "marrow failure, even with normal TPMT"),
        ("Zyloric", "marrow failure, even with normal TPMT"),
        ("Uloric", "The febuxostat label forbids the combination"),
        ("Adenuric", "The febuxostat label forbids the combination"),
    ],
)
def test_04_azathioprine_that_is_taken(format: str, name: str, says: str) -> None:
    """Begun beside azathioprine, under any name, they stop it the same day."""
    taken = {"taking": "prednisone,azathioprine", "response": "clear", "medicines": name}
    shown = page(format, "classic", ON_STEROID | taken | {"ck": "1"})
    assert shown.verdict("azathioprine", "continue") == "do-not-use"
    assert shown.says("Azathioprine cannot go on as it is.", says)


@pytest.mark.parametrize("name", ["trimethoprim", "Septrin", "Bactrim", "TMP-SMX", "septrin"])
def test_05_trimethoprim_and_methotrexate(format: str, name: str) -> None:
    """Trimethoprim by any name rules methotrexate out, whichever of the two came first."""
    shown = page(format, "classic", FIRST_WEAKNESS | {"medicines": name})
    assert shown.verdict("methotrexate") == "do-not-use"
    assert shown.says("life-threatening marrow failure")
    taken = ON_STEROID | {"response": "clear", "ck": "1", "medicines": name}
    going_on = page(format, "classic", taken)
    assert going_on.verdict("methotrexate", "continue") == "do-not-use"
    assert going_on.says("Methotrexate cannot go on as it is.", "life-threatening marrow failure")


@pytest.mark.parametrize("answers", [FIRST_WEAKNESS, ON_STEROID | {"response": "clear", "ck": "1"}])
def test_05_methotrexate_warns_of_trimethoprim(format: str, answers: dict[str, str]) -> None:
    """Methotrexate that is offered or goes on comes with the warning, before anybody treats."""
    assert page(format, "classic", answers).says("never treatment-dose co-trimoxazole")


def test_06_methotrexate_and_the_kidneys(format: str) -> None:
    """Below 30 not at all, 30 to 59 at most 12.5 mg, and wasted muscle asks for cystatin C."""
    severe = FIRST_WEAKNESS | {"egfr": "28", "blood-tests": "explained"}
    assert page(format, "classic", severe).verdict("methotrexate") == "do-not-use"
    reduced = page(format, "classic", FIRST_WEAKNESS | {"egfr": "45"})
    assert reduced.says("Never more than 12.5 mg a week", "add cystatin C")
    assert reduced.never("never more than 25 mg a week")


def test_07_immunoglobulin_and_clots(format: str) -> None:
    """Over 5 days and slowly where clots are a risk or not excluded; never the rate of a label."""
    for risk in ("previous-clot", "smoker", "unknown"):
        shown = page(format, "refractory", NEXT_LINE | {"clot-risk": risk, "weight": "70"})
        assert shown.says("over 5 days 28 g a day", "at most 126 mL per hour")
        assert shown.never("168 mL per hour")
        assert shown.never("over 2 days 70 g")
        assert shown.never("over 2 to 5 consecutive days")
        assert shown.never(r"0\.12 mL|0\.08 mL")
    assert page(format, "refractory", NEXT_LINE | {"weight": "70"}).says("at most 168 mL per hour")


def test_08_hydroxychloroquine_and_the_retina(format: str) -> None:
    """Tablets within 5 mg per kg; eyes from year 5 for all, from the start with a major risk."""
    shown = page(format, "rash-only", FIRST_RASH | {"weight": "60"})
    assert shown.says("300 mg a day on average", "5 mg per kg x 60 kg = 300 mg")
    assert shown.says("yearly from year 5 at the latest")
    for risk in ({"egfr": "45"}, {"medicines": "tamoxifen"}):
        assert page(format, "rash-only", FIRST_RASH | risk).says("etinal screening from the start")
    over = SECOND_RASH | {"weight": "79", "hydroxychloroquine-dose": "400"}
    assert page(format, "rash-only", over).says("over the limit")


def test_09_a_steroid_is_tapered(format: str) -> None:
    """No format tells anybody to stop prednisone; the taper warns of ending it abruptly."""
    for more in ({"response": "clear", "ck": "1"}, MYOPATHY):
        shown = page(format, "classic", ON_STEROID | more)
        assert shown.says("abruptly")
        assert shown.never(r"(?<!never )(?<!not )(stop|discontinue|end) (the )?prednis")
        assert shown.never('"action": "stop", "regimen": "prednisone"')


@pytest.mark.parametrize("regimen", ["tofacitinib", "baricitinib", "brepocitinib"])
def test_10_jak_inhibitors(format: str, regimen: str) -> None:
    """Tuberculosis and cancer are looked for first; age, smoking and clots speak against them."""
    for answer in ({"tb": "not-tested"}, {"tb": "latent-untreated"}, {"cancer": "not-screened"}):
        shown = page(format, "refractory", NEXT_LINE | answer)
        assert shown.verdict(regimen) in ("check-first", "do-not-use")
    for answer in ({"cancer": "active"}, {"clot-risk": "previous-clot"}):
        shown = page(format, "refractory", NEXT_LINE | answer)
        assert shown.verdict(regimen) == "do-not-use"
    for answer in ({"age": "68"}, {"clot-risk": "smoker"}):
        shown = page(format, "refractory", NEXT_LINE | answer)
        assert shown.says("only if no alternative is suitable")


def test_11_ciclosporin_treats_no_cancer(format: str) -> None:
    """Active cancer rules it out, and nothing says that it contains a tumour."""
    shown = page(format, "refractory", NEXT_LINE | {"cancer": "active"})
    assert shown.verdict("ciclosporin") == "do-not-use"
    assert shown.says("treats no tumour")
    assert shown.never(r"contain(s|ing)? (the )?(tumou?r|cancer)")


def test_12_cyclophosphamide_is_lowered(format: str) -> None:
    """Age and kidneys lower it; count, mesna, Pneumocystis and fertility stand before a pulse."""
    answers = NEXT_LINE | {"domain": "lung", "lungs": "abnormal", "age": "72", "egfr": "52",
                           "weight": "70", "height": "165"}  # fmt: skip
    shown = page(format, "refractory", answers, "--done", "blood-count=2026-11-16")
    assert shown.verdict("cyclophosphamide") == "check-first"
    assert shown.says("10 mg per kg x 70 kg = 700 mg", "mesna", "Pneumocystis", "Fertility")
    assert shown.never(r"= 1[78]\d\d(\.\d+)? mg")
    assert shown.says("Blood count with differential, ESR and CRP: expired")


def test_13_two_kinds_of_tacrolimus(format: str) -> None:
    """The ointment is named as such, and asks for no level and no kidney test."""
    shown = page(format, "rash-only", FIRST_RASH)
    assert shown.says("Tacrolimus 0.1% ointment")
    assert shown.never("trough|tacrolimus capsules:? (recommended|may be given)")
    assert page(format, "refractory", NEXT_LINE).says("trough level, 5 to 10 ng/mL", "apsules")


def test_14_no_strong_steroid_on_the_face(format: str) -> None:
    """Face, eyelids and folds get low potency for days; clobetasol is for body and limbs."""
    shown = page(format, "rash-only", FIRST_RASH)
    assert shown.says("Face, eyelids, neck and skin folds: Low potency only", "at most 2 weeks")
    assert shown.never(r"Face, eyelids[^.]{0,120}clobetasol")
    assert shown.says("clobetasol at most 2 weeks in a row")


def test_15_liver_or_muscle(format: str) -> None:
    """A raised CK is named with the liver tests; without one the liver stays suspected."""
    muscle = page(format, "classic", FIRST_WEAKNESS | {"blood-tests": "some-abnormal", "ck": "22"})
    assert muscle.says("Read GGT and bilirubin", "Muscle enzymes read as liver, or the reverse")
    assert muscle.verdict("methotrexate") == "check-first"
    liver = page(format, "classic", FIRST_WEAKNESS | {"liver-disease": "yes"})
    assert liver.verdict("methotrexate") == "do-not-use"


def test_16_pneumocystis(format: str) -> None:
    """With a second drug the question is put; with methotrexate never co-trimoxazole."""
    shown = page(format, "classic", FIRST_WEAKNESS)
    assert shown.says("Pneumocystis prophylaxis, decide", "at least 4 weeks")
    assert shown.says("With methotrexate prefer atovaquone or pentamidine")


def test_17_a_rash_from_hydroxychloroquine(format: str) -> None:
    """Anti-SAE1 warns before the dose; a new rash on the drug stops it and adds nothing."""
    shown = page(format, "rash-only", FIRST_RASH | {"antibodies": "sae1"})
    assert shown.verdict("hydroxychloroquine") == "caution"
    assert shown.says("Anti-SAE1", "week 2 (2026-12-04)")
    answers = SECOND_RASH | {"weeks-on-treatment": "3", "new-rash": "yes",
                             "hydroxychloroquine-dose": "400"}  # fmt: skip
    new = page(format, "rash-only", answers)
    assert new.says("Drug eruption mistaken for the disease")
    assert new.says("Stop hydroxychloroquine" if format != "json" else '"action": "stop"')


def test_18_a_cough_on_methotrexate(format: str) -> None:
    """It is watched for, with what to do, before anybody coughs."""
    shown = page(format, "classic", FIRST_WEAKNESS)
    assert shown.says("New cough on methotrexate", "hold methotrexate, chest imaging the same day")
    barred = page(format, "classic", FIRST_WEAKNESS | {"lungs": "abnormal"})
    assert barred.verdict("methotrexate") in ("do-not-use", "not listed")


def test_19_no_early_failure(format: str) -> None:
    """Rituximab is judged at week 26 and hydroxychloroquine at week 12, not before."""
    answers = NEXT_LINE | {"taking": "prednisone,rituximab", "tried": "methotrexate",
                           "weeks-on-treatment": "20"}  # fmt: skip
    assert page(format, "refractory", answers).says("Rituximab is judged at week 26, not before")
    early = page(format, "rash-only", SECOND_RASH | {"weeks-on-treatment": "8", "new-rash": "no",
                                                     "hydroxychloroquine-dose": "400"})  # fmt: skip
    assert early.verdict("methotrexate") == "not listed"
    assert early.says("12 weeks")


def test_20_weakness_from_the_steroid(format: str) -> None:
    """Weakness with a quiet CK on a steroid is not treated as a flare."""
    shown = page(format, "classic", ON_STEROID | MYOPATHY)
    assert shown.says("Weakness from the steroid", "Steroid weakness read as a flare")
    assert shown.never("increase prednisone")
    assert shown.verdict("ivig") == "not listed"


def test_21_serology_before_immunoglobulin(format: str) -> None:
    """The blood for hepatitis is taken before the first infusion, and the pitfall says why."""
    shown = page(format, "refractory", NEXT_LINE | {"hepatitis-b": "not-tested"})
    assert shown.says("Take the blood before any immunoglobulin infusion")
    assert shown.says("Virus tests taken after immunoglobulin")


def test_22_brepocitinib_has_no_invented_rules(format: str) -> None:
    """30 mg whatever kidneys, liver and medicines: its dose changes for nobody here."""
    assert not any(dose.adjustments for dose in content().regimen("brepocitinib").doses)
    for answer in ({"egfr": "45"}, {"medicines": "cyp3a4-inhibitor"}):
        shown = page(format, "refractory", NEXT_LINE | answer)
        assert shown.says("30 mg", "label not read here")
        assert shown.never(r"brepocitinib[^.]{0,60}\b(15|20|45|60) mg")


@pytest.mark.parametrize("pathway", ["classic", "refractory"])
def test_23_outdated_drugs_are_never_offered(format: str, pathway: str) -> None:
    """Chlorambucil and TNF inhibitors are no option of any step; they stand in warnings alone."""
    shown = page(format, pathway, FIRST_WEAKNESS if pathway == "classic" else NEXT_LINE)
    for drug in ("chlorambucil", "infliximab", "adalimumab", "etanercept"):
        assert shown.never(rf"(start|continue|increase) {drug}|\"regimen\": \"{drug}\"")
    assert not {"chlorambucil", "infliximab"} & set(content().ids("RegimenId"))
