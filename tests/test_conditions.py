"""Three-valued conditions: unknown is neither yes nor no, and an answer only ever settles."""

from collections.abc import Mapping
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmadvisor import model
from dmadvisor.answers import UNKNOWN, Answer
from dmadvisor.conditions import Facts
from tests.paths import candidates, content, every_test, read

Truth = bool | None

FACTS = sorted(every_test())
"""Every question and derived fact that some condition of the content asks about."""

QUESTIONS = sorted(
    id for id in content().ids("QuestionId") if content().question(id).kind != "date"
)
FREE = sorted(id for id in QUESTIONS if not content().question(id).implied)
"""Questions that no other answer can answer."""


def held_against(fact: str) -> st.SearchStrategy[model.Test]:
    """Tests that the content holds against a fact, and the reverse of each."""
    return st.builds(
        lambda test, negated: test._replace(negated=negated),
        st.sampled_from(every_test()[fact]),
        st.booleans(),
    )


any_test = st.sampled_from(FACTS).flatmap(held_against)
conditions = st.builds(
    model.Condition,
    any_of=st.lists(
        st.lists(any_test, min_size=1, max_size=3).map(tuple), min_size=1, max_size=3
    ).map(tuple),
)


@st.composite
def answers(draw: st.DrawFn, among: tuple[str, ...] = tuple(QUESTIONS)) -> dict[str, Answer]:
    """Answers to some questions, unknown among them, several where several may hold."""
    found = {}
    for question in draw(st.lists(st.sampled_from(among), unique=True, max_size=12)):
        answer = draw(st.sampled_from(candidates(question)))
        record = content().question(question)
        if record.kind == "many" and not answer.unknown and not {*answer.words} & {*record.alone}:
            more = [
                word
                for word in record.answers
                if word not in (*record.alone, *record.means_unknown, *answer.words)
            ]
            words = draw(st.lists(st.sampled_from(more), unique=True, max_size=2))
            answer = Answer((*answer.words, *words))
        found[question] = answer
    return found


def truth(condition: model.Condition, known: Mapping[str, Answer]) -> Truth:
    """What a condition says of these answers."""
    return Facts(content(), known).holds(condition)


def both(left: Truth, right: Truth) -> Truth:
    """And, in three values."""
    if left is False or right is False:
        return False
    return None if left is None or right is None else True


def either(left: Truth, right: Truth) -> Truth:
    """Or, in three values."""
    if left or right:
        return True
    return None if left is None or right is None else False


def asks_for_unknown(test: model.Test) -> bool:
    """Whether a test, or a fact that it goes through, is about an answer being unknown."""
    record = content().fact(test.fact)
    if test.unknown or test.known:
        return True
    if isinstance(record, model.Question):
        inner = [implied.when for implied in record.implied]
    else:
        inner = [*record.counts, *(rule.when for rule in record.rules if rule.when)]
        if record.without:
            return False
    return any(asks_for_unknown(t) for c in inner for group in c.any_of for t in group)


def asks_what_is_not_known(condition: model.Condition) -> bool:
    """Whether some test of a condition is about an answer being unknown."""
    return any(asks_for_unknown(test) for group in condition.any_of for test in group)


@given(any_test, answers())
def test_not_turns_true_and_false_and_leaves_open(
    test: model.Test, known: dict[str, Answer]
) -> None:
    """A test and its ``not`` are never both true or both false; both are open together."""
    facts = Facts(content(), known)
    plain = facts.test(test)
    turned = facts.test(test._replace(negated=not test.negated))
    assert turned is (None if plain is None else not plain)


@given(conditions, conditions, answers())
def test_or_of_two_conditions(
    one: model.Condition, other: model.Condition, known: dict[str, Answer]
) -> None:
    """A list of mappings holds when one of them does, and is open only while none does."""
    joined = model.Condition(any_of=(*one.any_of, *other.any_of))
    assert truth(joined, known) is either(truth(one, known), truth(other, known))


@given(conditions, any_test, answers())
def test_and_of_a_test_and_a_group(
    condition: model.Condition, test: model.Test, known: dict[str, Answer]
) -> None:
    """All tests of a mapping have to hold; one that is false settles it whatever is open."""
    group = condition.any_of[0]
    alone = model.Condition(any_of=(group,))
    more = model.Condition(any_of=((*group, test),))
    assert truth(more, known) is both(truth(alone, known), Facts(content(), known).test(test))


@given(conditions, answers())
def test_order_does_not_matter(condition: model.Condition, known: dict[str, Answer]) -> None:
    """Neither the order of the tests nor that of the answers changes what holds."""
    turned = model.Condition(any_of=tuple(group[::-1] for group in condition.any_of[::-1]))
    backwards = dict(reversed(known.items()))
    assert truth(condition, known) is truth(turned, backwards)


@given(conditions.filter(lambda c: not asks_what_is_not_known(c)), answers(), st.data())
def test_an_answer_never_turns_what_is_settled(
    condition: model.Condition, known: dict[str, Answer], data: st.DataObject
) -> None:
    """Giving one more answer never makes a true condition false or open, nor a false one."""
    before = truth(condition, known)
    question = data.draw(st.sampled_from([q for q in FREE if q not in known] or FREE))
    if question in known and not known[question].unknown:
        return
    answer = data.draw(st.sampled_from(candidates(question)))
    after = truth(condition, {**known, question: answer})
    assert before is None or after is before


@given(conditions, answers())
def test_unknown_is_the_same_as_no_answer(
    condition: model.Condition, known: dict[str, Answer]
) -> None:
    """What is answered with unknown and what is left out cannot be told apart."""
    bare = {id: answer for id, answer in known.items() if not answer.unknown}
    assert truth(condition, known) is truth(condition, bare)


@given(any_test.filter(lambda test: not asks_for_unknown(test)))
def test_nothing_is_settled_about_nobody(test: model.Test) -> None:
    """Without any answer a test on a plain question is open: unknown is not no."""
    if isinstance(content().fact(test.fact), model.Question):
        assert Facts(content(), {}).test(test) is None


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (id, word)
        for id in content().ids("QuestionId")
        for word in content().question(id).means_unknown
    ],
)
def test_not_tested_is_unknown(question: str, answer: str) -> None:
    """An answer such as not-tested leaves every other answer possible."""
    facts = Facts(content(), read({question: answer}))
    others = [word for word in content().question(question).answers if word != answer]
    assert facts.is_unknown(question)
    for word in others:
        test = model.Test(model.FactId(question), values=(model.AnswerId(word),))
        assert facts.test(test) is None
        assert facts.test(test._replace(negated=True)) is None


@given(conditions, answers())
def test_open_questions_are_those_that_could_settle_it(
    condition: model.Condition, known: dict[str, Answer]
) -> None:
    """An open condition names unanswered questions; a settled one names none."""
    facts = Facts(content(), known)
    asked = facts.open_questions(condition)
    if facts.holds(condition) is None:
        assert asked
        assert all(facts.is_unknown(id) for id in asked)
    else:
        inner = [facts.test(test) for group in condition.any_of for test in group]
        assert None in inner or not asked


@given(conditions, answers())
def test_reasons_are_answered_questions(
    condition: model.Condition, known: dict[str, Answer]
) -> None:
    """Reasons are given for what holds, and for nothing else."""
    facts = Facts(content(), known)
    if not facts.holds(condition):
        assert facts.reasons(condition) == ()


@given(conditions, answers())
def test_asking_changes_nothing(condition: model.Condition, known: dict[str, Answer]) -> None:
    """Conditions are pure: the answers stay, and the second asking gives the same."""
    given_before = dict(known)
    facts = Facts(content(), known)
    assert facts.holds(condition) is facts.holds(condition)
    assert known == given_before


DERIVED = content().ids("DerivedId")


@given(st.sampled_from(DERIVED), answers())
def test_a_rule_fact_always_has_a_value(id: str, known: dict[str, Answer]) -> None:
    """Of a fact with rules at least one value is possible, and all are its own."""
    fact = content().fact(id)
    assert isinstance(fact, model.Derived)
    facts = Facts(content(), known)
    if fact.rules:
        assert facts.possible("it", fact)
        assert facts.possible("it", fact) <= set(fact.values)
    elif fact.counts:
        low, high = facts.count(fact)
        assert 0 <= low <= high <= len(fact.counts)


@given(answers())
def test_taking_away_never_adds(known: dict[str, Answer]) -> None:
    """Red flags that were seen are taken from those that are there; nothing seen adds one."""
    fact = content().fact("open-red-flags")
    assert isinstance(fact, model.Derived)
    left = Facts(content(), known).taken_away(fact)
    there = known.get("red-flags", UNKNOWN)
    if left is not None and not left.unknown:
        assert set(left.words) <= {*there.words, "none"}
        seen = known.get("red-flags-handled", UNKNOWN)
        assert seen.unknown or not set(left.words) & set(seen.words) - {"none"}


@pytest.mark.parametrize("number", ["29.9", "30", "30.1", "59.9", "60"])
def test_bounds_hold_at_their_ends(number: str) -> None:
    """``at least 30 and below 60`` holds at 30 and not at 60."""
    bounds = model.Bounds(low=Decimal(30), high=Decimal(60), high_included=False)
    test = model.Test(model.FactId("egfr"), bounds=(bounds,))
    wanted = Decimal(30) <= Decimal(number) < Decimal(60)
    assert Facts(content(), read({"egfr": number})).test(test) is wanted
