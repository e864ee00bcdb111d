"""``verify``: its sets say of every patient what the advice says, and its rules bite."""

import gc
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from random import Random
from unittest.mock import patch

import pytest

from dmadvisor.advice import FIND_OUT
from dmadvisor.model import REFERRALS
from dmadvisor.outcome import Advice
from dmadvisor.verify.formulas import Set
from dmadvisor.verify.listed import FIELDS, Field
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
    gc.disable()  # as the program does
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


def values_of(each: Patient) -> list[int]:
    """A patient as the formulas know one."""
    return prover().everybody.space.values(each.answers)


def has(who: Set, values: Sequence[int]) -> bool:
    """Whether one patient is in a set."""
    return prover().everybody.formulas.has(who, values)


@pytest.fixture(scope="module")
def compared() -> list[tuple[Patient, Advice, Stage, list[int]]]:
    """Patients with what is advised, and their step as sets."""
    return [
        (each, each.advice, stage(each.advice.tree.id, each.advice.step.id), values_of(each))
        for each in some_patients()
    ]


Compared = list[tuple[Patient, Advice, Stage, list[int]]]


def test_the_sets_list_what_the_advice_lists(compared: Compared) -> None:
    """Option by option: listed for this patient, forbidden or not, recommended or not."""
    for each, advice, here, who in compared:
        sets = here.sets
        listed = {
            (o.regimen, o.action, has(o.verdicts.barred, who), has(sets.chosen(n), who))
            for n, o in enumerate(sets.options)
            if has(o.patients, who)
        }
        advised = {
            (o.regimen, o.action, o.verdict == "do-not-use", o.recommended) for o in advice.options
        }
        assert listed == advised, str(each)


def test_the_sets_check_and_warn_as_the_advice_does(compared: Compared) -> None:
    """The checks and the pitfalls of a patient are those of the sets."""
    for each, advice, here, who in compared:
        assert seen(here, "checks", who) == {check.id for check in advice.checks}, str(each)
        assert seen(here, "pitfalls", who) == {p.id for p in advice.pitfalls}, str(each)


def seen(here: Stage, field: Field, who: Sequence[int]) -> set[str]:
    """The checks or pitfalls that the formulas show to one patient."""
    brought = [use for each in here.sets.brought[field] for use in each.records]
    ids = {getattr(use, FIELDS[field]) for use in brought}
    return {id for id in ids if has(here.sets.sees(field, id), who)}


def test_the_sets_refer_as_the_advice_does(compared: Compared) -> None:
    """The referral of a patient is the highest that the sets find."""
    for each, advice, here, who in compared:
        reached = [level for level in REFERRALS if has(here.sets.referred(level), who)]
        assert reached[-1] == advice.step.referral, str(each)


def test_the_sets_say_what_the_advice_says(compared: Compared) -> None:
    """Each sentence, reason, warning and date of what is watched is found for its patient."""
    for each, advice, here, who in compared:
        said = [_as_written(sentence) for sentence in advice.step.do]
        said += [*advice.step.why, *(w.what for w in advice.monitoring)]
        said += [f"{p.title} {p.text}" for p in advice.pitfalls]
        missing = [sentence for sentence in said if not has(here.words.told(sentence), who)]
        assert not missing, str(each)
        assert not has(here.words.told("a sentence that nobody wrote"), who)


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


SLOW = "no-contraception-never-makes-it-milder"
"""It takes minutes; the command proves it."""


@pytest.mark.parametrize("rule", sorted(prover().rules.keys() - {SLOW}))
def test_the_shipped_content_keeps_a_rule(rule: str) -> None:
    """It is about somebody, and everybody keeps it."""
    proof = prover().prove(rule)
    assert proof.is_met
    assert proof.counterexample is None


def test_nobody_is_left_without_a_proof() -> None:
    """Every rule that is proved demands something that can be broken; the others say nothing."""
    assert len(prover().rules) > 100
    idle = ("or_referral", "or_says", "proof")
    for _, rule in prover().rules.values():
        assert rule.then.proof is None
        asked = {name: getattr(rule.then, name) for name in rule.then._fields if name not in idle}
        assert any(asked.values()), rule.says


@pytest.mark.usefixtures("compiled")
def test_the_command_proves_a_rule() -> None:
    """A rule that holds is told so, and the code is 0."""
    found = run("verify", "--rule", QUICK[0])
    assert found.code == 0
    assert found.out.startswith(f"holds: {QUICK[0]} (")


def test_without_the_package_one_line_says_how_to_install_it() -> None:
    with patch.dict(sys.modules, {"pysat.solvers": None}):
        result = run("verify", "--rule", "known-pregnancy-forbids-the-drug")
    assert (result.code, result.out) == (2, "")
    assert "pip install 'dmadvisor[verify]'" in result.err
    assert result.err.count("\n") == 1


def test_an_unknown_rule_is_refused() -> None:
    """With the nearest name."""
    found = run("verify", "--rule", "hydroxychloroquine-brings-eyes-and-eeg")
    assert found.code == 2
    assert QUICK[0] in found.err


IDLE = [
    ("--mutate --rule x", "--rule does nothing with --mutate; give one of them"),
    ("--mutate --pathway classic", "--pathway does nothing with --mutate; give one of them"),
    ("--mutate --overlaps", "--overlaps does nothing with --mutate; give one of them"),
    ("--witness --rule x", "--rule does nothing with --witness; give one of them"),
    ("--witness --overlaps", "--overlaps does nothing with --witness; give one of them"),
    ("--witness --cases x", "--cases does nothing with --witness; give one of them, or add"),
    ("--rule x --overlaps", "--overlaps does nothing with --rule; give one of them"),
    ("--sample 3", "--sample goes with --mutate; add --mutate"),
    ("--except x", "--except goes with --mutate; add --mutate"),
    ("--mutate --seed 0", "--seed goes with --sample; add --sample"),
]


@pytest.mark.parametrize(("options", "words"), IDLE)
def test_an_option_that_would_do_nothing_is_refused(options: str, words: str) -> None:
    """In one line, before anything is proved."""
    found = run("verify", *options.split())
    assert (found.code, found.out, found.err.count("\n")) == (2, "", 1)
    assert found.err.startswith(f"dmadvisor: {words}")
