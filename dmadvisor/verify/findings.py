"""What exploring shows of the trees and of what they use, each finding as one sentence."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from typing import Any, Literal, NamedTuple

from dmadvisor.amounts import SIZE_QUESTIONS
from dmadvisor.answers import Answer
from dmadvisor.model import Branch, Condition, Dose, Question, Regimen, Test
from dmadvisor.safety import HISTORY, MACHINE_QUESTIONS
from dmadvisor.verify.everybody import Everybody
from dmadvisor.verify.looks import conditions_in, conditions_tests, looked_at
from dmadvisor.verify.reach import branches, takes
from dmadvisor.verify.trees import branch_words, dead_branches, gaps, lost_steps

Kind = Literal[
    "gap",
    "dead-branch",
    "lost-step",
    "unasked-question",
    "unlisted-regimen",
    "same-answers",
    "overlap",
]


class Where(NamedTuple):
    """What a finding is about: a record, or a place of a tree and a branch of it."""

    kind: str
    """A kind of record, or ``place``."""
    id: str
    pathway: str = ""
    number: int | None = None
    """Which branch of the place, from 0."""


class Finding(NamedTuple):
    """One thing to know of the content; a gap is an error, everything else a note."""

    kind: Kind
    words: str
    data: Mapping[str, Any]
    """The same for programs: ids, numbers from 1, words."""
    where: Where
    pathway: str = ""
    answers: Mapping[str, Answer] | None = None
    """A patient in whom it shows, and where this patient starts."""


def findings(everybody: Everybody) -> tuple[Finding, ...]:
    """Every finding; what nobody comes to is told only where all pathways were explored."""
    found = [*_gaps(everybody)]
    if everybody.pathways == everybody.library.ids("PathwayId"):
        found += [*_dead(everybody), *_lost(everybody), *_unlisted(everybody), *_unasked(everybody)]
        found += _same_answers(everybody)
    return (*found, *_overlaps(everybody))


def _gaps(everybody: Everybody) -> Iterator[Finding]:
    for gap in gaps(everybody):
        yield Finding(
            "gap",
            f"{gap.pathway}, at '{gap.place}': these answers lead nowhere",
            {"pathway": gap.pathway, "place": gap.place},
            Where("place", gap.place, gap.pathway),
            gap.pathway,
            gap.answers,
        )


def _dead(everybody: Everybody) -> Iterator[Finding]:
    for dead in dead_branches(everybody):
        words = f"nobody takes branch {dead.number} of '{dead.place}': {dead.words}"
        data = {name: value for name, value in dead._asdict().items() if name != "pathway"}
        where = Where("place", dead.place, dead.pathway, dead.number - 1)
        yield Finding("dead-branch", words, data, where)


def _lost(everybody: Everybody) -> Iterator[Finding]:
    trees = {id: found.tree for id, found in everybody.reached.items()}
    for step in lost_steps(everybody):
        pathway = next(id for id, tree in trees.items() if step in tree.steps)
        words = f"nobody comes to step '{step}'"
        yield Finding("lost-step", words, {"step": step}, Where("place", step, pathway))


# -- what nobody meets -------------------------------------------------------------------------


def _unlisted(everybody: Everybody) -> Iterator[Finding]:
    listed = everybody.listed_regimens
    for id in everybody.library.ids("RegimenId"):
        if id not in listed:
            words = f"regimen '{id}' is listed for nobody"
            yield Finding("unlisted-regimen", words, {"regimen": id}, Where("RegimenId", id))


def _unasked(everybody: Everybody) -> Iterator[Finding]:
    asked = asked_questions(everybody)
    for id in everybody.library.ids("QuestionId"):
        if id not in asked:
            words = f"nobody is asked '{id}': it counts only where it is given"
            yield Finding("unasked-question", words, {"question": id}, Where("QuestionId", id))


def asked_questions(everybody: Everybody) -> frozenset[str]:
    """The questions that a tree asks somebody, or that a verdict or dose may wait for."""
    space, formulas = everybody.space, everybody.formulas
    found = {
        str(id)
        for pathway, each in everybody.reached.items()
        for id in each.tree.questions
        if id in each.places and everybody.is_met(pathway, id)
    }
    for id in everybody.listed_regimens:
        regimen = everybody.library.regimen(id)
        for condition in filter(None, waits_for(regimen)):
            open_ = formulas.other(formulas.either(*space.holds(condition)))
            for test in conditions_tests([condition]):
                here = formulas.without(open_, formulas.either(*space.test(test)))
                ids = {behind.fact for behind in looked_at(everybody.library, [_only(test)])}
                some = everybody.solver.is_somebody
                found |= {q for q in ids if some((here, space.unknown(q)))}
        for test in _unknown_in(regimen):
            found |= {behind.fact for behind in looked_at(everybody.library, [_only(test)])}
        found |= _sizes(regimen.doses)
        if regimen.kind == "drug" and regimen.systemic:
            found |= {question for questions in HISTORY.values() for question in questions}
    return frozenset(found)


def _only(test: Test) -> Condition:
    return Condition(any_of=((test,),))


def _unknown_in(regimen: Regimen) -> Iterator[Test]:
    """The tests for unknown by which an amount or a gate is decided: they are asked about."""
    refusing = (c.when for dose in regimen.doses for c in dose.adjustments if c.no_amount)
    gates = conditions_in(tuple(use.gate for use in regimen.checks))
    tests = conditions_tests([*refusing, *gates])
    return (test for test in tests if test.unknown)


def waits_for(regimen: Regimen) -> Iterator[Condition | None]:
    """The conditions for which a question about an option is asked."""
    for part in (regimen.contraindications, regimen.cautions):
        yield from conditions_in(part)
    yield from (change.when for dose in regimen.doses for change in dose.adjustments)
    yield from conditions_in(tuple(use.gate for use in regimen.checks))


def _sizes(doses: Iterable[Dose]) -> set[str]:
    kinds = {dose.kind for dose in doses}
    return {id for kind, ids in SIZE_QUESTIONS.items() if kind in kinds for id in ids}


# -- what is not told apart --------------------------------------------------------------------


def _same_answers(everybody: Everybody) -> Iterator[Finding]:
    """Answers of a question that everything in the content treats alike."""
    library = everybody.library
    demanded = _demanded(everybody)
    for id in library.ids("QuestionId"):
        question = library.question(id)
        if question.kind not in ("one", "many") or id in MACHINE_QUESTIONS:
            continue
        groups: dict[Any, list[str]] = {}
        tests = [set(t.values) for t in everybody.space.tests.get(id, ())] + demanded.get(id, [])
        for word in question.answers:
            if word not in question.means_unknown:
                implied = tuple(i.when for i in question.implied if i.answer == word)
                alike = (tuple(word in t for t in tests), word in question.alone, implied)
                groups.setdefault(alike, []).append(str(word))
        for words in groups.values():
            if len(words) > 1:
                told = f"nothing tells apart these answers to '{id}': {', '.join(words)}"
                data = {"question": id, "answers": words}
                yield Finding("same-answers", told, data, Where("QuestionId", id))


def _demanded(everybody: Everybody) -> dict[str, list[set[str]]]:
    """Answers that rules and facts name one by one, outside of conditions."""
    library = everybody.library
    found: dict[str, list[set[str]]] = {}
    for topic in library.ids("RuleSetId"):
        for rule in library.rule_set(topic).rules.values():
            for asked in (rule.then.worst, rule.then.worse):
                for id, words in asked.items():
                    found.setdefault(str(id), []).extend({str(word)} for word in words)
    for fact in library.ids("DerivedId"):
        record = library.fact(fact)
        if not isinstance(record, Question):
            for each in record.without:
                every = library.question(each).answers
                found.setdefault(str(each), []).extend({str(word)} for word in every)
    return found


def _overlaps(everybody: Everybody) -> Iterator[Finding]:
    """Two branches of a place for one patient, to different ends: their order decides."""
    seen: set[tuple[int, int]] = set()
    for pathway, found in everybody.reached.items():
        for place in found.places:
            named = [
                (n, branch, takes(everybody.space, found.tree, place, branch))
                for n, branch in enumerate(branches(found.tree, place))
                if branch.when is not None
            ]
            for (first, one, some), (second, other, others) in combinations(named, 2):
                key = (id(one), id(other))
                if one.to == other.to or key in seen:
                    continue
                both = everybody.formulas.both(some, others)
                answers = everybody.somebody_at(pathway, place, both)
                if answers is not None:
                    seen.add(key)
                    pair = _overlap(place, pathway, (first, one), (second, other))
                    yield pair._replace(pathway=pathway, answers=answers)


def _overlap(
    place: str, pathway: str, one: tuple[int, Branch], other: tuple[int, Branch]
) -> Finding:
    numbers = [one[0] + 1, other[0] + 1]
    words = [branch_words(one[1]), branch_words(other[1])]
    pair = " and ".join(f"{number} ({word})" for number, word in zip(numbers, words, strict=True))
    told = f"at '{place}' the order decides between the branches {pair}"
    data = {"place": place, "numbers": numbers, "words": words}
    return Finding("overlap", told, data, Where("place", place, pathway, other[0]))
