"""Every path is there: the sets of patients are held against the walk, patient by patient."""

from itertools import pairwise

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from dmadvisor.answers import Answer
from dmadvisor.conditions import Facts
from dmadvisor.model import Test as ContentTest
from dmadvisor.walk import Open, walk
from tests.paths import (
    PATHWAYS,
    Answers,
    all_paths,
    candidates,
    content,
    drawn,
    every_test,
    explored,
    one_by_one,
    path,
    read,
    space,
    spread,
    trail,
    tree,
    walks,
)
from tests.patients import UNCOMPLICATED, answers_that_matter

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
    values = space().values(answers)
    wrong = [
        test
        for tests in every_test().values()
        for test in tests
        if facts.test(test) is not _by_sets(test, values)
    ]
    assert not wrong


def _by_sets(test: ContentTest, values: list[int]) -> bool | None:
    split, diagram = space().test(test), space().formulas
    if diagram.has(split.yes, values):
        return True
    return False if diagram.has(split.no, values) else None


@for_all(st.sampled_from(PATHWAYS), anybody)
def test_nobody_walks_where_the_sets_have_no_one(pathway: str, numbers: dict[str, int]) -> None:
    """Whoever is walked, with whatever given up front, goes ways whose sets hold that patient."""
    each = path(pathway, answers_of(numbers))
    values = space().values(each.answers)
    ways = [w for w in explored(pathway).ways if drawn().diagram.has(w.patients, values)]
    known = {(way.start, way.end or str(tree(way.target).start)) for way in ways}
    here = [spot for chain, spot in each.places if chain == (pathway,)]
    assert set(pairwise(here)) <= known
    assert len(here) == len(each.places) or (here[-1], each.places[len(here)][1]) in known


@pytest.mark.parametrize("pathway", PATHWAYS)
def test_first_visits_one_by_one_reach_the_steps_of_the_sets(pathway: str) -> None:
    """Walking each answer in turn, without sets, reaches no step that the sets do not have."""
    reached = set(explored(pathway).patients)
    only = read({**UNCOMPLICATED[pathway], "antibodies": "mi2", "age": "45"})
    ends = {trail(pathway, answers)[-1] for answers in one_by_one(pathway, only)}
    found = {spot for chain, spot in ends if chain == (pathway,)}
    assert found
    assert found <= reached


@pytest.mark.parametrize("pathway", PATHWAYS)
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
        start = str(tree(pathway).start)
        assert explored(pathway).patients[start] == drawn().everybody
