"""Every path through every pathway: it ends, is short enough, and what it says is safe."""

from itertools import count

import pytest

from dmadvisor.answers import UNKNOWN
from dmadvisor.conditions import Facts
from dmadvisor.model import REFERRALS
from dmadvisor.outcome import Advice
from dmadvisor.prompt import FEW
from dmadvisor.render.json import render
from dmadvisor.safety import ADJUST, assess
from dmadvisor.verify.chains import handed_back
from dmadvisor.verify.questions import asked_more_than
from tests.harness import TODAY, run
from tests.paths import (
    PATHWAYS,
    RED_FLAGS,
    Path,
    content,
    everybody,
    one_by_one,
    path,
    read,
    start_of,
    tree,
)
from tests.patients import (
    HEALTHY,
    UNCOMPLICATED,
    Patient,
    advice,
    hold,
    patient,
    representatives,
)
from tests.patients import TODAY as DAY
from tests.rules import FIX_FIRST

WORST = {
    "pregnancy": ("pregnant", "breastfeeding", "planning", "possible-no-contraception"),
    "lungs": ("abnormal",),
    "antibodies": ("mda5", "jo1", "other-antisynthetase"),
}
"""The answers that a careful clinician has to think of while the question is unanswered."""

# -- form --------------------------------------------------------------------------------------


@pytest.mark.parametrize("pathway", PATHWAYS)
def test_every_path_ends_within_40_questions(pathway: str) -> None:
    """Nobody is asked more than 40 questions in one visit."""
    assert asked_more_than(everybody(), pathway, 40) is None


@pytest.mark.parametrize("pathway", PATHWAYS)
def test_whoever_is_asked_most_is_really_asked_as_much(pathway: str) -> None:
    """Counted again on the walk of that patient, in all pathways of the visit."""
    most = next(n for n in count() if asked_more_than(everybody(), pathway, n) is None)
    answers = asked_more_than(everybody(), pathway, most - 1)
    assert answers is not None
    end = path(pathway, answers).end
    trees = (tree(id) for id in PATHWAYS)
    questions = {str(question) for each in trees for question in each.questions}
    assert len({each.place for each in end.taken} & questions) == most


def test_hand_overs_end() -> None:
    """Nobody comes to a fourth pathway in one visit, or would be handed back."""
    assert not list(handed_back(everybody()))


def first_visits(pathway: str, extent: str) -> tuple[Path, ...]:
    """Paths of uncomplicated first visits: everything asked is known, the lungs are healthy."""
    only = {**UNCOMPLICATED[pathway], "lungs": "normal", "antibodies": "mi2", "rash-extent": extent,
            "domain": "muscle"}  # fmt: skip
    return tuple(path(pathway, answers) for answers in one_by_one(pathway, read(only)))


@pytest.mark.parametrize("pathway", PATHWAYS)
@pytest.mark.parametrize("treatment", ["none", "topical-only"])
def test_first_visit_asks_at_most_12_tree_questions(pathway: str, treatment: str) -> None:
    """An uncomplicated patient reaches the step within 12 questions, whatever the answers."""
    only = {**UNCOMPLICATED[pathway]}
    if only["treatment-so-far"] == "none":
        only["treatment-so-far"] = treatment
    found = [path(pathway, answers) for answers in one_by_one(pathway, read(only))]
    longest_of_all = max(found, key=lambda each: len(each.end.turns))
    assert len(longest_of_all.end.turns) <= 12, longest_of_all.text


def worth_asking(result: Advice, asked: int) -> list[str]:
    """The safety questions that the prompt would still put, after so many."""
    left = [missing for missing in result.missing if missing.leads]
    few = max(0, FEW - asked)
    return [m.question for n, m in enumerate(left) if n < few or m.rank <= ADJUST]


@pytest.mark.parametrize("pathway", PATHWAYS)
@pytest.mark.parametrize("sex", ["female", "male"])
@pytest.mark.parametrize("extent", ["mild", "moderate"])
def test_first_visit_asks_at_most_8_safety_questions(pathway: str, sex: str, extent: str) -> None:
    """Answered in the order in which they are asked, with nothing special, there are 8 at most.

    Severe skin starts two drugs at once, and lungs, swallow or several parts are no uncomplicated
    visit.
    """
    healthy = read({**HEALTHY, "sex": sex})
    too_many: dict[tuple[str, str], tuple[int, list[str]]] = {}
    found = first_visits(pathway, extent)
    assert found
    for each in found:
        answers = dict(each.answers)
        asked: list[str] = []
        while left := worth_asking(advice(pathway, answers), len(asked)):
            asked.append(left[0])
            assert left[0] in healthy, f"no healthy answer to {left[0]}"
            answers[left[0]] = healthy[left[0]]
        if len(asked) > 8:
            too_many[each.step] = (len(asked), asked)
    assert not too_many


# -- checks ------------------------------------------------------------------------------------

DRUG_CHECKS = {
    "hydroxychloroquine": ("eye-exam", "ecg"),
    "methotrexate": ("blood-count", "liver-tests", "kidney-function", "hepatitis-b"),
    "mycophenolate": ("blood-count", "liver-tests", "kidney-function", "hepatitis-b"),
}


@pytest.mark.parametrize(
    ("drug", "check"), [(drug, check) for drug, checks in DRUG_CHECKS.items() for check in checks]
)
def test_option_brings_its_check(everyone: tuple[Patient, ...], drug: str, check: str) -> None:
    """A drug that may be given never stands without the check, which names the drug."""

    def rule(each: Patient) -> bool | None:
        if not each.listed(drug):
            return None
        return any(found.id == check and drug in found.for_ for found in each.advice.checks)

    hold(everyone, rule)


def test_methotrexate_brings_folic_acid(everyone: tuple[Patient, ...]) -> None:
    """Wherever methotrexate may be given folic acid is listed, and recommended with it."""

    def rule(each: Patient) -> bool | None:
        if not each.listed("methotrexate"):
            return None
        recommended = "methotrexate" not in each.recommended or "folic-acid" in each.recommended
        return bool(each.listed("folic-acid")) and recommended

    hold(everyone, rule)


# -- treatment of a persistent rash ------------------------------------------------------------


def systemic(each: Patient) -> set[str]:
    """The systemic drugs that are offered or taken down, none of them forbidden."""
    return {
        option.regimen
        for option in each.advice.options
        if option.verdict != "do-not-use"
        and option.action != "stop"
        and content().regimen(option.regimen).systemic
    }


def test_fix_first_is_looked_at_again_within_8_weeks(everyone: tuple[Patient, ...]) -> None:
    """A step that puts off the next drug has a date."""

    def rule(each: Patient) -> bool | None:
        if each.advice.step.id not in FIX_FIRST:
            return None
        return max(each.advice.review.weeks) <= 8

    hold(everyone, rule)


def test_persistent_rash_gets_more_than_skin_care(everyone: tuple[Patient, ...]) -> None:
    """Active skin gets a systemic option, or an urgent referral when all of them are barred."""

    def rule(each: Patient) -> bool | None:
        controlled = each.said("response") == {"clear"} or "remission" in each.said(
            "treatment-so-far"
        )
        if not each.plan or controlled or each.advice.step.id in FIX_FIRST:
            return None
        barred = any(option.verdict == "do-not-use" for option in each.advice.options)
        sent = barred and each.advice.step.referral in ("urgent", "same-day")
        return bool(systemic(each)) or sent

    hold(everyone, rule)


# -- red flags ---------------------------------------------------------------------------------


def test_open_red_flags_raise_the_referral(everyone: tuple[Patient, ...]) -> None:
    """A red flag that no team has seen is listed and sets at least its own referral."""

    def rule(each: Patient) -> bool | None:
        if not each.open_flags:
            return None
        urgencies = [content().red_flag(flag).urgency for flag in each.open_flags]
        least = max(urgencies, key=("urgent", "days", "same-day").index)
        floor = "same-day" if least == "same-day" else "urgent"
        shown = {flag.id for flag in each.advice.red_flags}
        high = REFERRALS.index(each.advice.step.referral) >= REFERRALS.index(floor)
        return each.open_flags <= shown and high

    hold(everyone, rule)


def test_worst_red_flag_stands_first(everyone: tuple[Patient, ...]) -> None:
    """With several red flags those of the same day come first."""

    def rule(each: Patient) -> bool | None:
        flags = [flag.urgency == "same-day" for flag in each.advice.red_flags]
        return None if len(flags) < 2 else flags == sorted(flags, reverse=True)

    hold(everyone, rule)


@pytest.mark.usefixtures("compiled")
@pytest.mark.parametrize("format", ["text", "plain", "markdown"])
@pytest.mark.parametrize("flag", sorted(content().ids("RedFlagId")))
def test_red_flag_stands_on_top(flag: str, format: str) -> None:
    """What a reader sees first is the red flag, before any step."""
    flags = ["-a", f"red-flags={flag}", "-a", "age=45", "--missing", "unknown", "--today", TODAY]
    out = run("advise", "rash-only", *flags, "-f", format).out
    head = " ".join(out.split())[:300]
    title = content().red_flag(flag).title
    assert title.split(",")[0][:20] in head
    assert "ed flag" in head[:40] or head.startswith("RED FLAG")


# -- unknown -----------------------------------------------------------------------------------


def low_lung_risk(each: Patient) -> bool:
    """Whether nothing that goes with lung disease is there, and all of it was asked."""
    lung_antibodies = {"mda5", "jo1", "other-antisynthetase", "pm-scl", "ku", "ro52"}
    antibodies, flags = each.said("antibodies"), each.said(RED_FLAGS)
    asked = bool(antibodies and flags) and each.said("lung-factors") == {"none"}
    return asked and not antibodies & lung_antibodies and not flags & {"breathing", "skin-ulcer"}


@pytest.mark.parametrize(
    ("question", "worst"), [(q, worst) for q, answers in WORST.items() for worst in answers]
)
def test_unknown_is_no_better_than_the_worst_answer(
    everyone: tuple[Patient, ...], question: str, worst: str
) -> None:
    """Nothing is recommended while a question is open that its worst answer would forbid.

    Lungs that were not scanned are not open where antibody, hands, joints and symptoms are known
    and none of them goes with lung disease.
    """
    answer = read({question: worst})[question]

    def rule(each: Patient) -> bool | None:
        if not Facts(content(), each.answers).is_unknown(question) or not each.recommended:
            return None
        if question == "lungs" and low_lung_risk(each):
            return None
        facts = Facts(content(), {**each.answers, question: answer})
        return not any(
            assess(facts, option.regimen, option.action, {}, DAY).verdict == "do-not-use"
            for option in each.advice.options
            if option.recommended
        )

    hold(everyone, rule)


def test_unknown_red_flags_give_no_plan(everyone: tuple[Patient, ...]) -> None:
    """While the red flags are unknown no new drug is offered."""

    def rule(each: Patient) -> bool | None:
        if RED_FLAGS in each.answers and not each.answers[RED_FLAGS].unknown:
            return None
        new = [option for option in each.advice.options if option.action in ("start", "increase")]
        return not each.plan and not new

    hold(everyone, rule)


def test_leaving_a_safety_answer_out_is_answering_unknown() -> None:
    """At every step, for each question that is missing and for all of them, the bytes are equal."""
    differ = []
    for each in representatives():
        start = start_of(each)
        bare = advice(start, each.answers)
        printed = render(content(), bare, TODAY)
        asked = [m.question for m in bare.missing if m.question not in each.answers]
        for unknown in (*([question] for question in asked), asked):
            more = {**each.answers, **dict.fromkeys(unknown, UNKNOWN)}
            if render(content(), advice(start, more), TODAY) != printed:
                differ.append((each.step, unknown))
    assert not differ


@pytest.mark.usefixtures("compiled")
@pytest.mark.parametrize("pathway", PATHWAYS)
@pytest.mark.parametrize("format", ["text", "plain", "markdown", "json"])
def test_command_reads_unknown_as_left_out(pathway: str, format: str) -> None:
    """The command line gives the same bytes for ``-a pregnancy=unknown`` as for nothing."""
    known = {**UNCOMPLICATED[pathway], "rash-extent": "moderate", "rash-months": "8"}
    flags = [word for id, text in known.items() for word in ("-a", f"{id}={text}")]
    command = ["advise", pathway, *flags, "--missing", "unknown", "--today", TODAY, "-f", format]
    bare = run(*command)
    unknown = [f"-a{question}=unknown" for question in ("pregnancy", "medicines", "qtc")]
    assert bare.code == 0
    assert run(*command, *unknown).out == bare.out


@pytest.mark.parametrize("pathway", PATHWAYS)
def test_unknown_everything_is_to_find_out(pathway: str) -> None:
    """A run that answers nothing recommends nothing and says what to ask."""
    nobody = patient(pathway, {})
    assert nobody.step.ends == "find-out"
    assert not nobody.recommended
