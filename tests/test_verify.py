"""``verify``: its sets say of every patient what the advice says, and its rules bite."""

import gc
from collections.abc import Iterable, Iterator
from functools import cache
from random import Random

import pytest

from dmadvisor.advice import FIND_OUT
from dmadvisor.model import REFERRALS
from dmadvisor.outcome import Advice
from dmadvisor.verify.cuts import Case, Cut, having, left_by_all
from dmadvisor.verify.diagram import NONE, Set
from dmadvisor.verify.prover import Prover
from dmadvisor.verify.situations import Stage
from tests.harness import run
from tests.paths import PATHWAYS, all_paths, candidates, content, read, spread, start_of
from tests.patients import HEALTHY, Patient, patient

SAFETY = ("pregnancy", "lungs", "antibodies", "medicines", "conditions", "egfr", "age", "tpmt",
          "infection", "cancer", "clot-risk", "hepatitis-b", "tb", "blood-tests", "tried",
          "not-tolerated", "taking", "liver-disease", "alcohol", "qtc", "sex")  # fmt: skip
"""The questions that most verdicts look at."""


@cache
def prover() -> Prover:
    """The shipped content, with everybody in it."""
    # As the program does: looking for garbage among millions of nodes takes longer than the proof.
    gc.disable()
    return Prover(content(), PATHWAYS)


@cache
def judge() -> Prover:
    """Another one, which may begin anew between two rules."""
    return Prover(content(), PATHWAYS)


@cache
def stage(pathway: str, step: str) -> Stage:
    """One step of one pathway as sets of patients."""
    return next(s for s in prover().everybody.stages if (s.pathway, s.name) == (pathway, step))


def some_patients() -> Iterator[Patient]:
    """For every step of every pathway four: as walked, healthy, and twice with other answers."""
    random = Random(26)
    for path in spread(all_paths(), 1, chains=False):
        start = start_of(path)
        yield patient(start, path.answers)
        healthy = {**read(HEALTHY), **path.answers}
        yield patient(start, healthy)
        for _ in range(2):
            others = {id: random.choice(candidates(id)) for id in random.sample(SAFETY, 6)}
            yield patient(start, {**healthy, **others})


def alone(each: Patient) -> Set:
    """The set of this patient and nobody else."""
    space = prover().everybody.space
    return space.with_values(dict(enumerate(space.values(each.answers))))


def left(who: Set, cuts: Iterable[Cut]) -> Set:
    """Whether every cut leaves a patient; as a set, and by the patient's values alone."""
    every = list(cuts)
    if not who:
        return who
    values = prover().everybody.space.one_of(who)
    assert [bool(cut.of(who)) for cut in every] == [cut.leaves(values) for cut in every]
    return left_by_all(prover().everybody.space, who, every)


def case_of(who: Set, case: Case) -> Set:
    """Those of some patients who are in all of a case's sets and in none of the others."""
    return having(prover().everybody.diagram, who, case.among, case.but_not)


@pytest.fixture(scope="module")
def compared() -> list[tuple[Patient, Advice, Stage, Set]]:
    """Patients with what is advised, and their step as sets."""
    return [
        (each, each.advice, stage(each.advice.tree.id, each.advice.step.id), alone(each))
        for each in some_patients()
    ]


Compared = list[tuple[Patient, Advice, Stage, Set]]


def test_the_sets_list_what_the_advice_lists(compared: Compared) -> None:
    """Option by option: listed for this patient, forbidden or not, recommended or not."""
    for each, advice, here, who in compared:
        both = prover().everybody.diagram.both
        sets = here.sets
        values = prover().everybody.space.one_of(who)
        listed = {
            (o.regimen, o.action, bool(both(who, o.verdicts.barred)), bool(sets.chosen(n, who)))
            for n, o in enumerate(sets.options)
            if both(who, o.patients)
        }
        for n in range(len(sets.options)):
            chosen = bool(sets.chosen(n, who))
            assert chosen == sets.is_chosen(n, values)
            assert chosen == any(left(case_of(who, case), case.cuts) for case in sets.cases(n))
        advised = {
            (o.regimen, o.action, o.verdict == "do-not-use", o.recommended) for o in advice.options
        }
        assert listed == advised, str(each)


def test_the_sets_check_and_warn_as_the_advice_does(compared: Compared) -> None:
    """The checks and the pitfalls of a patient are those of the sets."""
    for each, advice, here, who in compared:
        sets = here.sets
        checks = {id for id in sets.ids("checks", "check") if not left(who, sets.unchecked(id))}
        pitfalls = {
            id for id in sets.ids("pitfalls", "pitfall") if not left(who, sets.unwarned(id))
        }
        assert checks == {check.id for check in advice.checks}, str(each)
        assert pitfalls == {pitfall.id for pitfall in advice.pitfalls}, str(each)


def test_the_sets_refer_as_the_advice_does(compared: Compared) -> None:
    """The referral of a patient is the highest that the sets find."""
    for each, advice, here, who in compared:
        reached = [level for level in REFERRALS if not left(who, here.sets.unreferred(level))]
        assert reached[-1] == advice.step.referral, str(each)


def test_the_sets_say_what_the_advice_says(compared: Compared) -> None:
    """Each sentence, reason, warning and date of what is watched is found for its patient."""
    for each, advice, here, who in compared:
        said = [_as_written(sentence) for sentence in advice.step.do]
        said += [*advice.step.why, *(w.what for w in advice.monitoring)]
        said += [f"{p.title} {p.text}" for p in advice.pitfalls]
        missing = [sentence for sentence in said if left(who, here.words.unsaid(sentence))]
        assert not missing, str(each)
        assert left(who, here.words.unsaid("a sentence that nobody wrote"))


def _as_written(sentence: str) -> str:
    """A sentence without what the program puts into it."""
    for words in (FIND_OUT.format(""), "cannot go on as it is."):
        if words in sentence:
            return words
    return sentence


QUICK = (
    "hydroxychloroquine-brings-eyes-and-ecg",
    "hydroxychloroquine-never-above-its-limits",
    "no-hydroxychloroquine-with-a-very-long-qt",
    "known-pregnancy-forbids-the-drug",
)


PROVED_HERE = {"no-contraception-never-makes-it-milder", "infection-never-makes-it-milder"}
SELDOM = {id for id, (_, rule) in prover().rules.items() if rule.then.worse} - PROVED_HERE
"""Rules that compare answers take 15 to 60 s each: two are proved here, all by the command."""


@pytest.mark.parametrize("rule", sorted(prover().rules.keys() - SELDOM))
def test_the_shipped_content_keeps_a_rule(rule: str) -> None:
    """It is about somebody, and everybody keeps it."""
    proof = judge().prove(rule)
    assert proof.ends
    assert proof.counterexample is None


def test_nobody_is_left_without_a_proof() -> None:
    """Every rule that is proved demands something that can be broken; the others say nothing."""
    assert len(prover().rules) > 100
    idle = ("or_referral", "or_says", "proof")
    for _, rule in prover().rules.values():
        assert rule.then.proof is None
        asked = {name: getattr(rule.then, name) for name in rule.then._fields if name not in idle}
        assert any(asked.values()), rule.says


def test_every_step_knows_everybody() -> None:
    """No step is made ready for nobody."""
    assert NONE not in {s.sets.space.everybody for s in prover().everybody.stages}


@pytest.mark.usefixtures("compiled")
def test_the_command_proves_a_rule() -> None:
    """A rule that holds is told so, and the code is 0."""
    found = run("verify", "--rule", QUICK[0])
    assert found.code == 0
    assert found.out.startswith(f"holds: {QUICK[0]} (")


def test_an_unknown_rule_is_refused() -> None:
    """With the nearest name."""
    found = run("verify", "--rule", "hydroxychloroquine-brings-eyes-and-eeg")
    assert found.code == 2
    assert QUICK[0] in found.err
