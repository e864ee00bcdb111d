"""The walk is a pure function: an answer and then back is where you were."""

from collections.abc import Mapping
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmadvisor.answers import UNKNOWN, Answer
from dmadvisor.clashes import clashes
from dmadvisor.conditions import Facts
from dmadvisor.prompt import Conversation, Quit, Talk
from dmadvisor.render.json import render
from dmadvisor.walk import Open, Reached, answered_unknown, walk
from tests.harness import TODAY as DAY
from tests.paths import PATHWAYS, Answers, candidates, content, spread, start_of, walks
from tests.patients import TODAY, advice


@st.composite
def walked(draw: st.DrawFn) -> tuple[str, dict[str, Answer]]:
    """A pathway, and answers to its questions in the order in which it asks, up to somewhere."""
    pathway = draw(st.sampled_from(PATHWAYS))
    answers: dict[str, Answer] = {}
    for _ in range(draw(st.integers(0, 20))):
        end = walk(content(), pathway, Facts(content(), answers))
        if isinstance(end, Reached):
            break
        answers[end.question] = draw(st.sampled_from(candidates(end.question)))
    return pathway, answers


def at(pathway: str, answers: Mapping[str, Answer]) -> Open | Reached:
    """Where a walk with these answers stands."""
    return walk(content(), pathway, Facts(content(), answers))


@given(walked())
def test_an_answer_taken_back_leaves_no_trace(start: tuple[str, dict[str, Answer]]) -> None:
    """After any answer, one answer fewer is where the walk was."""
    pathway, answers = start
    here = at(pathway, answers)
    if isinstance(here, Open):
        for answer in candidates(here.question):
            more = {**answers, here.question: answer}
            at(pathway, more)
            del more[here.question]
            assert at(pathway, more) == here


@given(walked())
def test_a_walk_is_pure(start: tuple[str, dict[str, Answer]]) -> None:
    """The same answers give the same place, and stay as they were."""
    pathway, answers = start
    before = dict(answers)
    assert at(pathway, answers) == at(pathway, answers)
    assert answers == before


@given(walked(), st.randoms(use_true_random=False))
def test_order_of_answers_does_not_matter(
    start: tuple[str, dict[str, Answer]], random: Random
) -> None:
    """Flags in any order lead to the same place by the same turns."""
    pathway, answers = start
    mixed = list(answers.items())
    random.shuffle(mixed)
    assert at(pathway, dict(mixed)) == at(pathway, answers)


@given(walked())
def test_turns_are_the_answers_in_walk_order(start: tuple[str, dict[str, Answer]]) -> None:
    """What was asked is listed once, in order, with its answer and the pathway that asked.

    The last answer can lead to an exit that lies before other questions; these are left out then.
    """
    pathway, answers = start
    here = at(pathway, answers)
    turns = here.turns
    asked = [turn.question for turn in turns]
    assert asked == [id for id in answers if id in asked]
    assert isinstance(here, Reached) or len(asked) == len(answers)
    assert all(turn.answer == answers[turn.question] for turn in turns)
    assert all(turn.pathway in PATHWAYS for turn in turns)


@given(walked())
def test_an_open_question_was_not_answered(start: tuple[str, dict[str, Answer]]) -> None:
    """The walk never asks again what it was told, and asks only what its tree asks."""
    pathway, answers = start
    here = at(pathway, answers)
    if isinstance(here, Open):
        assert here.question not in answers
        assert here.question in here.tree.questions


@given(walked())
def test_unknown_to_the_rest_ends_in_a_step(start: tuple[str, dict[str, Answer]]) -> None:
    """Answering unknown to all that is left keeps what was said and reaches a step."""
    pathway, answers = start
    full = answered_unknown(content(), pathway, answers)
    assert isinstance(at(pathway, full), Reached)
    assert {id: full[id] for id in answers} == answers
    assert all(full[id] == UNKNOWN for id in full.keys() - answers.keys())


@given(walked())
def test_advice_is_pure(start: tuple[str, dict[str, Answer]]) -> None:
    """The same answers on the same day give the same bytes."""
    pathway, answers = start
    full = answered_unknown(content(), pathway, answers)
    first = render(content(), advice(pathway, full), DAY)
    assert render(content(), advice(pathway, dict(full)), DAY) == first


def given_early(pathway: str, answers: Answers) -> Answers:
    """The answers that nobody would be asked for, since the others say or imply enough."""
    end = at(pathway, answers)
    early = {id: answers[id] for id in answers.keys() - {turn.question for turn in end.turns}}
    while True:
        known = dict(early)
        while isinstance(here := at(pathway, known), Open):
            known[here.question] = answers.get(here.question, UNKNOWN)
        if not (left := answers.keys() - known.keys()):
            return early
        early |= {id: answers[id] for id in left}


def replies(pathway: str, answers: Answers, back: int) -> Answers:
    """The answers of a conversation in which a reader types these, going back now and then.

    ``back`` is after how many typed answers the reader takes the last one back and types it again.
    What is not known is unknown, and what is unusual is said to be right.
    """
    said: list[str] = []
    undone: set[int] = set()

    def read() -> str:
        result = at(pathway, conversation.answers)
        number = len(conversation.asked)
        if said[-1].startswith("Is it right?"):
            return "y\n"
        if number and number % back == 0 and number not in undone:
            undone.add(number)
            return "b\n"
        if isinstance(result, Open):
            return f"{answers.get(result.question, UNKNOWN).text}\n"
        return "d\n"

    talk = Talk(read, lambda text, *_: said.append(text), lambda _: None, 80)
    early = given_early(pathway, answers)
    conversation = Conversation(content(), pathway, early, {}, TODAY, talk)
    return conversation.run()


def possible(answers: Mapping[str, Answer]) -> bool:
    """Whether these answers can all be true, so that one person can give them."""
    return all(clash.confirm for clash in clashes(content(), answers, ()))


@pytest.mark.parametrize("back", [3, 1000])
@pytest.mark.parametrize("pathway", PATHWAYS)
def test_asked_and_scripted_runs_give_the_same_bytes(pathway: str, back: int) -> None:
    """Typed answers, with steps back or without, give the advice of the same answers as flags."""
    every = [each for each in spread(walks(pathway), 1) if possible(each.answers)]
    assert len(every) > 20
    for each in every[:: 1 if pathway == "refractory" else 3]:
        assert start_of(each) == pathway
        answers = replies(pathway, each.answers, back)
        more = dict.fromkeys(answers.keys() - each.answers.keys(), UNKNOWN)
        assert answers == {**each.answers, **more}
        scripted = render(content(), advice(pathway, each.answers), DAY)
        assert render(content(), advice(pathway, answers), DAY) == scripted


def test_the_end_of_input_quits() -> None:
    """Without another line there is no advice."""
    talk = Talk(lambda: "", lambda *_: None, lambda _: None, 80)
    with pytest.raises(Quit):
        Conversation(content(), "rash-only", {}, {}, TODAY, talk).run()
