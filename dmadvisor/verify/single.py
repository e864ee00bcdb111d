"""One rule held against one patient's advice: a second way to say what the sets say of everybody.

It reads nothing but the advice and the answers, so that it shares no mistake with the sets; the
tests hold both against each other, and against every patient of contents that are small enough.
"""

import re
from collections.abc import Callable, Container, Iterable, Iterator
from itertools import combinations
from typing import Literal

from dmadvisor import safety
from dmadvisor.answers import read_answer
from dmadvisor.conditions import Facts
from dmadvisor.model import (
    GATED,
    REDUCES,
    REFERRALS,
    Demand,
    FactId,
    SafetyRule,
    Situation,
    SpotId,
    Test,
)
from dmadvisor.outcome import Option
from dmadvisor.safety import SAFE_ACTIONS
from dmadvisor.verify.choosing import GIVING, KEPT
from dmadvisor.verify.doses import lacks_words, over_limit
from dmadvisor.verify.milder import is_milder
from dmadvisor.verify.visits import Visit

Held = Literal["kept", "broken", "not about"]

DAY = re.compile(r" \(\d{4}-\d\d-\d\d\)")
"""The date that is printed behind a week."""


def hold(rule: SafetyRule, visit: Visit) -> Held:
    """Whether one patient keeps a rule, breaks it, or is not one whom it is about."""
    if rule.then.proof is not None or not is_about(rule.when, visit):
        return "not about"
    if rule.then.worse and not any(_worse(rule.then, visit)):
        return "not about"
    return "broken" if _is_broken(rule.then, visit) else "kept"


def is_about(when: Situation, visit: Visit) -> bool:
    """Whether a patient, and the step that the walk ends in, meet a situation."""
    ended, step = visit.advice.tree.id, visit.advice.step.id
    ends = visit.advice.tree.steps[SpotId(step)].ends
    if (when.pathways and ended not in when.pathways) or (when.ends and ends not in when.ends):
        return False
    if (when.steps and step not in when.steps) or step in when.except_steps:
        return False
    if when.answers is not None and visit.facts.holds(when.answers) is not True:
        return False
    if when.unless is not None and visit.facts.holds(when.unless) is True:
        return False
    asked: list[tuple[tuple[str, ...], set[str]]] = [
        (when.starts, _given(visit, GATED)),
        (when.gives, _given(visit, GIVING)),
        (when.tapers, _given(visit, REDUCES)),
        (when.recommends, _recommended(visit)),
    ]
    left: dict[tuple[str, ...], set[str]] = {}
    for wanted, found in asked:
        left[wanted] = left.get(wanted, set(wanted)) & found
    return all(found for wanted, found in left.items() if wanted)


def _given(visit: Visit, actions: Container[str]) -> set[str]:
    """The regimens that may be given in one of some ways."""
    usable = (o for o in visit.advice.options if o.verdict != "do-not-use")
    return {o.regimen for o in usable if o.action in actions}


def _recommended(visit: Visit) -> set[str]:
    """The regimens that are recommended to be given."""
    return {o.regimen for o in visit.advice.options if o.recommended and o.action in GIVING}


def _is_broken(then: Demand, visit: Visit) -> bool:
    if then.or_referral is not None and _is_referred(visit, then.or_referral):
        return False
    if any(_says(visit, words) for words in then.or_says):
        return False
    parts: tuple[Callable[[Demand, Visit], Iterable[bool]], ...] = (
        _wrong_place, _wrong_options, _wrong_doses, _lacking, _unlike_worst, _milder
    )  # fmt: skip
    return any(broken for part in parts for broken in part(then, visit))


def _wrong_place(then: Demand, visit: Visit) -> Iterator[bool]:
    advice = visit.advice
    weeks = advice.review.weeks
    ends = advice.tree.steps[SpotId(advice.step.id)].ends
    yield then.never
    yield bool(then.ends) and ends not in then.ends
    yield bool(then.pathways) and advice.tree.id not in then.pathways
    yield bool(then.steps) and advice.step.id not in then.steps
    yield then.review_by is not None and not any(week <= then.review_by for week in weeks)
    yield any(week not in weeks for week in then.review_at)


def _wrong_options(then: Demand, visit: Visit) -> Iterator[bool]:
    options = visit.advice.options
    listed = {o.regimen for o in options}
    yield bool(listed & set(then.never_list))
    yield bool(_given(visit, GIVING) & set(then.never_give))
    yield bool(_given(visit, GATED) & set(then.never_start))
    yield bool({o.regimen for o in options if o.action == "stop"} & set(then.never_stop))
    yield bool(_recommended(visit) & set(then.never_recommend))
    on = [o for o in options if o.regimen in then.never_together and _is_on(o)]
    yield any(one.regimen != other.regimen for one, other in combinations(on, 2))
    yield bool(then.recommend_one_of) and not _recommended(visit) & set(then.recommend_one_of)
    yield bool(then.give_one_of) and not _given(visit, GIVING) & set(then.give_one_of)
    yield bool(then.list_one_of) and not listed & set(then.list_one_of)
    yield then.moves_on and not any(o.action in ("start", "increase", "stop") for o in options)


def _is_on(option: Option) -> bool:
    """Whether a patient is on an option: it goes on, or is recommended."""
    if option.action in KEPT:
        return option.verdict != "do-not-use"
    return option.recommended and option.action in GIVING


def _wrong_doses(then: Demand, visit: Visit) -> Iterator[bool]:
    listed = {o.regimen for o in visit.advice.options}
    if then.dose is not None and then.dose.regimen in listed:
        yield over_limit(visit.library, then.dose)
    if then.dose_words is not None and then.dose_words.regimen in listed:
        yield lacks_words(visit.library, then.dose_words)


def _lacking(then: Demand, visit: Visit) -> Iterator[bool]:
    yield not set(then.checks) <= {check.id for check in visit.advice.checks}
    yield not set(then.gates) <= {check.id for check in visit.advice.checks if check.gate}
    yield not set(then.pitfalls) <= {pitfall.id for pitfall in visit.advice.pitfalls}
    yield any(not _says(visit, words) for words in then.says)
    yield bool(then.says_one_of) and not any(_says(visit, words) for words in then.says_one_of)
    yield any(_says(visit, words) for words in then.never_says)
    yield then.referral is not None and not _is_referred(visit, then.referral)


def _is_referred(visit: Visit, least: str) -> bool:
    return visit.advice.step.referral in REFERRALS[REFERRALS.index(least) :]


def _says(visit: Visit, words: str) -> bool:
    """Whether words stand in a sentence that this patient's clinician reads."""
    return any(words.lower() in said.lower() for said in _sentences(visit))


def _sentences(visit: Visit) -> Iterator[str]:
    advice = visit.advice
    yield from (advice.step.title, advice.review.not_enough, *advice.step.do, *advice.step.why)
    yield from (f"{flag.title} {flag.act}" for flag in advice.red_flags)
    for check in advice.checks:
        yield from (check.title, check.how)
    yield from (DAY.sub("", f"{watch.what}: {watch.when}") for watch in advice.monitoring)
    yield from (f"{pitfall.title} {pitfall.text}" for pitfall in advice.pitfalls)
    for option in advice.options:
        if option.dose and (option.action in REDUCES or option.dose.unit is None):
            yield option.dose.text


def _unlike_worst(then: Demand, visit: Visit) -> Iterator[bool]:
    """Whether something is recommended that an answer not yet given forbids."""
    for question, answers in then.worst.items():
        if visit.facts.test(Test(fact=FactId(question), unknown=True)) is not True:
            continue
        record = visit.library.question(question)
        for answer in answers:
            known = read_answer(question, record, answer, confirmed=True)
            facts = Facts(visit.library, {**visit.answers, question: known})
            yield any(
                _is_barred(facts, option, visit)
                for option in visit.advice.options
                if option.recommended and option.action not in SAFE_ACTIONS
            )


def _is_barred(facts: Facts, option: Option, visit: Visit) -> bool:
    found = safety.assess(facts, option.regimen, option.action, visit.done, visit.today)
    return found.verdict == "do-not-use"


def _worse(then: Demand, visit: Visit) -> Iterator[Visit]:
    """The patient with each worse answer in the place of the one that was given."""
    for question, answers in then.worse.items():
        given = visit.facts.answer(question)
        words = () if given is None or given.unknown else given.words
        if len(words) == 1 and words[0] in answers:
            worse = answers[answers.index(words[0]) + 1 :]
            yield from (visit.changed(question, answer) for answer in worse)


def _milder(then: Demand, visit: Visit) -> Iterator[bool]:
    yield from (is_milder(visit, worse) for worse in _worse(then, visit))
