"""Whom a change of the content would harm: a patient told otherwise, and what a case has to say.

What a case needs to see the difference is written with the keys that cases have.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from dmadvisor.answers import Answer
from dmadvisor.outcome import Advice, Option
from dmadvisor.safety import Done
from dmadvisor.verify.cases import flags_of, gates_of, recommended_of, shown, watched_of
from dmadvisor.verify.choosing import GIVING
from dmadvisor.verify.visits import Visit


class Harm(NamedTuple):
    """A patient who is told otherwise after a change."""

    pathway: str
    answers: Mapping[str, Answer]
    done: Done
    step: str
    """The step of the content as it is."""
    ends_in: str
    expected: Mapping[str, Any]
    """What is told of besides the step and is lost, by the key of a case; empty for the step."""
    words: str
    """What differs, in one sentence."""


def harm(before: Visit, after: Visit) -> Harm | None:
    """How a patient of the content as it is fares after a change; None when all is told alike.

    Raises PathwayError where the change leaves the tree without an end for this patient.
    """
    now, then = before.advice, after.advice
    difference = next(_differences(now, then), None)
    if difference is None:
        return None
    expected, words = difference
    return Harm(
        before.pathway,
        before.given,
        before.done,
        now.step.id,
        now.tree.id,
        expected,
        words,
    )


def together(found: Iterable[tuple[str, Harm]]) -> Iterator[tuple[tuple[str, ...], Harm]]:
    """Each patient once, with the names of all changes that this patient sees."""
    groups: dict[tuple[object, ...], list[tuple[str, Harm]]] = {}
    for name, each in found:
        key = (each.pathway, tuple(each.answers.items()), tuple(each.done.items()))
        groups.setdefault(key, []).append((name, each))
    for group in groups.values():
        expected: dict[str, Any] = {}
        for _, each in group:
            for name, value in each.expected.items():
                expected[name] = _both(expected[name], value) if name in expected else value
        yield tuple(name for name, _ in group), group[0][1]._replace(expected=expected)


def _both(one: Any, other: Any) -> Any:
    """Two expectations of one patient, which come from the same advice."""
    if isinstance(one, dict):
        return {**one, **other}
    if isinstance(one, list):
        return list(dict.fromkeys([*one, *other]))
    return one


Difference = tuple[dict[str, Any], str]


def _differences(now: Advice, then: Advice) -> Iterator[Difference]:
    """What two advices differ in, the gravest first: what the first says, and both in words."""
    if (now.tree.id, now.step.id) != (then.tree.id, then.step.id):
        yield {}, f"the step is {now.step.id}, and would be {then.step.id}"
    for key, one, other in (
        ("red-flags", flags_of(now), flags_of(then)),
        ("referral", now.step.referral, then.step.referral),
        ("recommended", recommended_of(now), recommended_of(then)),
        ("gates", gates_of(now), gates_of(then)),
        ("review-weeks", now.review.weeks, then.review.weeks),
    ):
        if one != other:
            yield {key: one}, f"{key}: {shown(one)}, and would be {shown(other)}"
    yield from _options(now, then)
    for key, first, second in (
        ("checks", [c.id for c in now.checks], [c.id for c in then.checks]),
        ("pitfalls", [p.id for p in now.pitfalls], [p.id for p in then.pitfalls]),
        ("missing", [m.question for m in now.missing], [m.question for m in then.missing]),
        ("monitoring-says", watched_of(now), watched_of(then)),
        ("says", _sentences(now), _sentences(then)),
    ):
        lost = [each for each in first if each not in second]
        if lost:
            yield {key: lost[:1]}, f"{key}: {lost[0]} would be missing"
    for key, first, second in (
        ("monitoring-never-says", watched_of(now), watched_of(then)),
        ("never-says", _sentences(now), _sentences(then)),
    ):
        more = [each for each in second if each not in first]
        if more:
            yield {key: more[:1]}, f"it would say: {more[0]}"


def _options(now: Advice, then: Advice) -> Iterator[Difference]:
    others: dict[str, Option] = {option.regimen: option for option in then.options}
    for option in now.options:
        other = others.get(option.regimen)
        if other is None or other.verdict != option.verdict:
            found = other.verdict if other else "not listed"
            words = f"{option.regimen}: {option.verdict}, and would be {found}"
            yield {"verdicts": {option.regimen: option.verdict}}, words
        elif _amounts(other) != _amounts(option) and None not in _amounts(option):
            low, high = _amounts(option)
            words = f"dose of {option.regimen}: {low} to {high}, and would be another"
            yield {"doses": {option.regimen: {"low": low, "high": high}}}, words
    listed = {option.regimen for option in now.options}
    for id, other in others.items():
        if id not in listed and other.action in GIVING and other.verdict != "do-not-use":
            yield {"not-offered": [id]}, f"{id} would be listed"


def _amounts(option: Option) -> tuple[Any, Any]:
    return (option.dose.low, option.dose.high) if option.dose else (None, None)


def _sentences(advice: Advice) -> list[str]:
    """What the step, its options, checks and doses say, sentence by sentence."""
    found = [*advice.step.do, *advice.step.why]
    found += [reason.text for option in advice.options for reason in option.reasons]
    found += [part for o in advice.options if o.dose for part in o.dose.parts or (o.dose.text,)]
    # As ``plain`` prints it, where alone a case looks for what begins with a word in capitals.
    found += [f"CHECK: {check.title} - {check.state}" for check in advice.checks]
    found += [bar.text for bar in advice.contraindications]
    found += [check.how for check in advice.checks if check.how]
    found += [pitfall.text for pitfall in advice.pitfalls]
    found += [conflict.used for conflict in advice.conflicts]
    return [sentence for text in found for sentence in text.split(". ")]
