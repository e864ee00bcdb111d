"""Whether an advice got milder when the news got worse."""

from dmadvisor.advice import REFERRAL_OF
from dmadvisor.model import REFERRALS, Referral, SpotId
from dmadvisor.outcome import Advice
from dmadvisor.safety import HANDLED
from dmadvisor.verify.visits import Visit

PRESSING: tuple[Referral, ...] = ("urgent", "same-day")
"""Referrals that are for the disease: a routine one only asks for an answer."""


def is_milder(before: Visit, after: Visit) -> bool:
    """Whether worse news lowered a pressing referral or, at the same step, lost a warning.

    A check or pitfall is lost only where what asked for it is still there: a drug that the worse
    answer forbids takes its own along. At another step other drugs are chosen, so that there only
    what refers the patient counts: the step itself, red flags, and cautions of the pathway.
    """
    first, second = before.advice, after.advice
    same = first.step.id == second.step.id
    referral = first.step.referral if same else _own_referral(before)
    if referral in PRESSING and _lower(second.step.referral, referral):
        return True
    barred = {o.regimen for o in second.options if o.verdict == "do-not-use"}
    if any(o.recommended for o in second.options if o.regimen in barred):
        return True
    if not same:
        return False
    staying = {o.regimen for o in second.options} - barred
    lost = (check for check in first.checks if check.id not in {c.id for c in second.checks})
    if any(not check.for_ or set(check.for_) & staying for check in lost):
        return True
    usable = {o.regimen for o in first.options if o.verdict != "do-not-use"}
    return usable <= staying and bool(_pitfalls(first) - _pitfalls(second))


def _own_referral(visit: Visit) -> Referral:
    advice, facts = visit.advice, visit.facts
    step = advice.tree.steps[SpotId(advice.step.id)]
    handled = facts.answer(HANDLED)
    away = handled.words if handled else ()
    found: list[Referral] = [step.referral]
    found += [REFERRAL_OF[flag.urgency] for flag in advice.red_flags if flag.id not in away]
    cautions = step.cautions_of(advice.tree.additions)
    found += [caution.referral for caution in cautions if facts.holds(caution.when)]
    return max(found, key=REFERRALS.index)


def _lower(one: Referral, other: Referral) -> bool:
    return REFERRALS.index(one) < REFERRALS.index(other)


def _pitfalls(advice: Advice) -> set[str]:
    return {pitfall.id for pitfall in advice.pitfalls}
