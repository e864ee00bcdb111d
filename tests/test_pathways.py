"""Every path through every pathway: it ends, is short enough, and what it says is safe."""

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from dmadvisor.answers import UNKNOWN, Answer
from dmadvisor.conditions import Facts
from dmadvisor.model import REFERRALS
from dmadvisor.model import Test as ContentTest
from dmadvisor.outcome import Advice
from dmadvisor.prompt import FEW
from dmadvisor.render.json import render
from dmadvisor.safety import ADJUST, assess
from dmadvisor.walk import Open, Reached, walk
from tests.diagram import Set
from tests.harness import TODAY, run
from tests.paths import (
    HANDLED,
    RED_FLAGS,
    WRITTEN,
    Answers,
    Path,
    all_paths,
    candidates,
    content,
    every_test,
    explored,
    first_of,
    longest,
    one_by_one,
    path,
    read,
    space,
    spread,
    start_of,
    trail,
    tree,
    walks,
)
from tests.patients import (
    HEALTHY,
    Patient,
    advice,
    answers_that_matter,
    hold,
    patient,
    representatives,
)
from tests.patients import TODAY as DAY

PATHWAYS = content().ids("PathwayId")
SAME_DAY = {id for id in content().ids("RedFlagId") if content().red_flag(id).urgency == "same-day"}
WORST = {
    "pregnancy": ("pregnant", "breastfeeding", "planning", "possible-no-contraception"),
    "lungs": ("abnormal",),
    "antibodies": ("mda5", "jo1", "other-antisynthetase"),
}
"""The answers that a careful clinician has to think of while the question is unanswered."""


def step_at(path: Path) -> tuple[str, str]:
    """Where a path's answers lead by the public walk."""
    end = walk(content(), start_of(path), Facts(content(), path.answers))
    assert isinstance(end, Reached)
    return end.tree.id, end.step_id


# -- what the sets of patients are worth ---------------------------------------------------------

QUESTIONS = sorted({question for pathway in PATHWAYS for question in tree(pathway).questions})
ASKABLE = sorted(content().ids("QuestionId"))

anybody = st.dictionaries(st.sampled_from(ASKABLE), st.integers(0, 10**6), max_size=25)
"""A patient by the number of each answer."""


def answers_of(numbers: dict[str, int]) -> Answers:
    """The answers with these numbers; of a question with several answers two at times."""
    found: Answers = {}
    for id, number in numbers.items():
        every = candidates(id)
        answer = every[number % len(every)]
        record = content().question(id)
        alone = {*record.alone, *record.means_unknown, "unknown"}
        other = every[number // len(every) % len(every)]
        if record.kind == "many" and answer != other and not alone & {answer.text, other.text}:
            answer = Answer((*answer.words, *other.words))
        found[id] = answer
    return found


@pytest.mark.parametrize("pathway", PATHWAYS)
def test_walk_goes_where_the_tree_says(pathway: str) -> None:
    """The walk ends where a second reading of the tree, place by place, ends."""
    differ = [each.text for each in walks(pathway) if each.step[1] != each.places[-1][1]]
    assert not differ, differ[:3]


@for_all(anybody)
def test_a_condition_holds_in_those_whom_its_sets_name(numbers: dict[str, int]) -> None:
    """Every test of all content, held against anybody, says what the sets say of that patient."""
    answers = answers_of(numbers)
    facts = Facts(content(), answers)
    like = space().alike(answers)
    wrong = [
        test
        for tests in every_test().values()
        for test in tests
        if facts.test(test) is not _by_sets(test, like)
    ]
    assert not wrong


def _by_sets(test: ContentTest, like: Set) -> bool | None:
    split = space().test(test)
    if space().diagram.both(split.yes, like):
        return True
    return False if space().diagram.both(split.no, like) else None


@for_all(st.sampled_from(PATHWAYS), anybody)
def test_nobody_walks_where_the_sets_have_no_one(pathway: str, numbers: dict[str, int]) -> None:
    """Whoever is walked, with whatever given up front, goes ways whose sets hold that patient."""
    each = path(pathway, answers_of(numbers))
    like = space().alike(each.answers)
    ways = [w for w in explored(pathway).ways if space().diagram.both(w.patients, like)]
    known = {(way.start, way.end) for way in ways}
    assert set(zip(each.places, each.places[1:], strict=False)) <= known


@pytest.mark.parametrize("pathway", PATHWAYS)
def test_first_visits_one_by_one_reach_the_steps_of_the_sets(pathway: str) -> None:
    """Walking each answer in turn, without sets, reaches no step that the sets do not have."""
    places = explored(pathway).patients
    reached = {(chain, spot) for chain, spot in places if spot in tree(chain[-1]).steps}
    only = read({**UNCOMPLICATED[pathway], "antibodies": "mi2", "age": "45"})
    found = {trail(pathway, answers)[-1] for answers in one_by_one(pathway, only)}
    assert found
    assert found <= reached


@pytest.mark.parametrize("pathway", PATHWAYS)
def test_nobody_is_stuck(pathway: str) -> None:
    """Whatever is answered, every place has a way on."""
    assert not explored(pathway).stuck


@pytest.mark.parametrize("pathway", WRITTEN)
def test_every_place_of_a_pathway_is_reached(pathway: str) -> None:
    """No question, fork or step that a pathway's own file names is dead."""
    own = content().pathway(pathway)
    passed = {spot for each in all_paths() for chain, spot in each.places if chain[-1] == pathway}
    assert {*own.questions, *own.forks, *own.steps} <= passed


@pytest.mark.parametrize("part", content().ids("PartId"))
def test_every_place_of_a_part_is_reached(part: str) -> None:
    """No question, fork or step of a shared part is dead in all pathways that use it."""
    shared = content().part(part)
    users = [id for id in PATHWAYS if part in content().pathway(id).uses]
    passed = {spot for each in all_paths() for chain, spot in each.places if chain[-1] in users}
    assert {*shared.questions, *shared.forks, *shared.steps} <= passed


@for_all(
    st.sampled_from(PATHWAYS),
    st.dictionaries(st.sampled_from(QUESTIONS), st.integers(0, 40), max_size=6),
    st.data(),
)
def test_answers_given_up_front_end_too(
    pathway: str, early: dict[str, int], data: st.DataObject
) -> None:
    """Whatever is answered before it is asked, the walk asks on to an end, as the tree says."""
    answers = {q: candidates(q)[n % len(candidates(q))] for q, n in early.items()}
    while isinstance(end := walk(content(), pathway, Facts(content(), answers)), Open):
        assert end.question not in answers
        answers[end.question] = data.draw(st.sampled_from(candidates(end.question)))
    chain, spot = trail(pathway, answers)[-1]
    assert (chain[-1], spot) == (end.tree.id, end.step_id)


# -- form --------------------------------------------------------------------------------------


@pytest.mark.parametrize("pathway", PATHWAYS)
def test_every_path_ends_within_40_questions(pathway: str) -> None:
    """Nobody is asked more than 40 questions in one visit."""
    assert 0 < longest(pathway) <= 40


@pytest.mark.parametrize("pathway", PATHWAYS)
def test_hand_overs_end(pathway: str) -> None:
    """At most 3 pathways in one visit, and none is entered a second time."""
    chains = {chain for chain, _ in explored(pathway).patients}
    assert all(len(chain) <= 3 and len(set(chain)) == len(chain) for chain in chains), chains


NOTHING_NEW = {RED_FLAGS: "none", HANDLED: "none", "age": "45", "diagnosis": "confirmed"}
SKIN = {**NOTHING_NEW, "weakness": "no", "previous-weakness": "no", "treatment-so-far": "none"}
UNCOMPLICATED = {
    "rash-only": SKIN,
    "amyopathic": SKIN,
    "classic": {**NOTHING_NEW, "weakness": "yes", "treatment-so-far": "none",
                "severity": "mild-moderate", "swallow": "normal", "heart": "normal"},
    "refractory": {**NOTHING_NEW, "weakness": "yes", "treatment-so-far": "second-line",
                   "taking": "prednisone,azathioprine", "weeks-on-treatment": "20",
                   "response": "none", "refractory-check": "none", "urgency": "routine",
                   "tried": "azathioprine"},
}  # fmt: skip
"""What a patient without anything special answers at the first visit in each pathway."""


def first_visits(pathway: str, extent: str) -> tuple[Path, ...]:
    """Paths of uncomplicated first visits: everything asked is known, the lungs are healthy."""
    only = {**UNCOMPLICATED[pathway], "lungs": "normal", "antibodies": "mi2", "rash-extent": extent,
            "domain": "muscle"}  # fmt: skip
    return tuple(path(pathway, answers) for answers in one_by_one(pathway, read(only)))


@pytest.mark.parametrize("pathway", WRITTEN)
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


@pytest.mark.parametrize("pathway", WRITTEN)
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


FIX_FIRST = {"mend-first", "look-for-cancer"}
"""Steps that put something right before the next drug, and look again within 8 weeks."""


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
@pytest.mark.parametrize("pathway", WRITTEN)
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


@pytest.mark.parametrize("pathway", WRITTEN)
def test_unknown_everything_is_to_find_out(pathway: str) -> None:
    """A run that answers nothing recommends nothing and says what to ask."""
    nobody = patient(pathway, {})
    assert nobody.step.ends == "find-out"
    assert not nobody.recommended


def test_candidates_hold_unknown_and_every_answer() -> None:
    """Every answer of every question that a tree asks is tried, and unknown too."""
    for question in QUESTIONS:
        words = {answer.text for answer in candidates(question)}
        record = content().question(question)
        assert words >= {"unknown", *record.answers} or record.no_unknown
        assert len(answers_that_matter(question)) > 1


@pytest.mark.parametrize("pathway", PATHWAYS)
def test_an_open_tree_question_is_no_advice(pathway: str) -> None:
    """Without an answer to a tree question the walk waits; the trail waits there too."""
    for each in spread(walks(pathway), 1):
        last = each.end.turns[-1].question
        answers = {id: answer for id, answer in each.answers.items() if id != last}
        end = walk(content(), pathway, Facts(content(), answers))
        if isinstance(end, Open):
            assert trail(pathway, answers)[-1][1] == end.question
        else:
            assert Facts(content(), answers).answer(last), "an answer that others give"


def test_the_start_of_a_pathway_holds_everybody() -> None:
    """No patient is left out from the first."""
    for pathway in PATHWAYS:
        assert explored(pathway).patients[first_of(pathway)] == space().everybody
