"""``verify --witness``: every branch has a patient who takes it, and the cases read back."""

import gc
from functools import cache

import pytest

from dmadvisor.conditions import Facts
from dmadvisor.render import cases
from dmadvisor.verify.cases import Case, missed, read_cases, visits
from dmadvisor.verify.everybody import Everybody
from dmadvisor.verify.findings import asked_questions
from dmadvisor.verify.witness import Witnesses
from dmadvisor.walk import answered_unknown, walk
from tests.exploring import explore
from tests.harness import run
from tests.paths import PATHWAYS, content, drawn, trail
from tests.patients import TODAY


@cache
def witnesses() -> Witnesses:
    """Those of the shipped content."""
    gc.disable()
    return Witnesses(Everybody(content(), PATHWAYS), TODAY)


def test_every_branch_that_somebody_takes_has_a_patient_who_takes_it() -> None:
    """Held against a walk that knows nothing of ``walk``."""
    found = [each for each in witnesses().every if each.what == "branch"]
    explored = {id: explore(drawn(), id) for id in PATHWAYS}
    ways = {(id, way.start, way.number + 1) for id, each in explored.items() for way in each.ways}
    assert {(each.patient.pathway, each.id, each.number) for each in found} == ways
    for each in found:
        pathway = each.patient.pathway
        way = next(
            w for w in explored[pathway].ways if (w.start, w.number + 1) == (each.id, each.number)
        )
        full = answered_unknown(content(), pathway, dict(each.patient.answers))
        places = trail(pathway, full)
        start = places.index(((pathway,), each.id))
        chain, end = places[start + 1]
        assert end == way.end if way.end else chain == (pathway, way.target)
        assert walk(content(), pathway, Facts(content(), full)).tree.id == places[-1][0][-1]


def test_every_step_regimen_and_question_has_a_patient() -> None:
    """All those that the sets know of."""
    everybody = witnesses().everybody
    by: dict[str, set[str]] = {}
    for each in witnesses().every:
        by.setdefault(each.what, set()).add(each.id)
    assert by["regimen"] == everybody.listed_regimens
    # Whoever leaves the red flags unknown is offered no drug that could wait for this one.
    assert asked_questions(everybody) - by["question"] == {"red-flags-handled"}
    assert by["question"] <= asked_questions(everybody)
    steps = {(w.patient.advice.tree.id, w.id) for w in witnesses().every if w.what == "step"}
    assert steps == {(stage.pathway, stage.name) for stage in everybody.stages}
    for each in witnesses().every:
        if each.what == "regimen":
            assert each.id in [option.regimen for option in each.patient.advice.options]


@cache
def written() -> tuple[Case, ...]:
    """The cases as they are written and read back."""
    text = cases.yaml(witnesses().every, lambda *_: "a run", lambda _: ())
    read = read_cases(text.encode(), "witnesses.yaml", content())
    assert read.mistakes == ()
    return tuple(placed.case for placed in read.cases)


def test_the_cases_read_back() -> None:
    """One for each witness, with its answers, its own sentence and where it ends."""
    every = witnesses().every
    assert len(written()) == len(every)
    assert len({case.case for case in written()}) == len(every)
    for case, each in zip(written(), every, strict=True):
        told = {id: ",".join(words) for id, words in case.answers.items()}
        assert told == {id: answer.text for id, answer in each.patient.answers.items()}
        assert case.step == each.patient.advice.step.id
        assert (case.ends_in or each.patient.pathway) == each.patient.advice.tree.id


@pytest.mark.usefixtures("compiled")
def test_every_case_holds() -> None:
    """Every patient of one small run of the command, through the command, ends as it says."""
    found = run("verify", "--witness", "--pathway", "amyopathic")
    assert found.code == 0
    assert found.err.startswith("a patient for each of ")
    read = read_cases(found.out.encode(), "witnesses.yaml", content())
    assert read.mistakes == ()
    assert len(read.cases) > 50
    for placed in read.cases:
        for visit in visits(content(), placed.case):
            assert not [*missed(placed.case, visit)], placed.case.case


def test_sarif_has_no_witnesses() -> None:
    """Nothing is wrong with them."""
    found = run("verify", "--witness", "-f", "sarif")
    assert found.code == 2
    assert "-f json" in found.err
