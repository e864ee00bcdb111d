"""Whether an advice got milder when the news got worse."""

from dmadvisor.model import REFERRALS
from dmadvisor.outcome import Advice

PRESSING = ("urgent", "same-day")
"""Referrals that are for the disease: a routine one only asks for an answer."""


def is_milder(before: Advice, after: Advice) -> bool:
    """Whether worse news lowered a pressing referral or, at the same step, lost a warning.

    A check or pitfall is lost only where what asked for it is still there: a drug that the worse
    answer forbids takes its own along.
    """
    first, second = before.step.referral, after.step.referral
    if first in PRESSING and REFERRALS.index(second) < REFERRALS.index(first):
        return True
    barred = {o.regimen for o in after.options if o.verdict == "do-not-use"}
    if any(o.recommended for o in after.options if o.regimen in barred):
        return True
    if before.step.id != after.step.id:
        return False
    staying = {o.regimen for o in after.options} - barred
    lost = (check for check in before.checks if check.id not in {c.id for c in after.checks})
    if any(not check.for_ or set(check.for_) & staying for check in lost):
        return True
    usable = {o.regimen for o in before.options if o.verdict != "do-not-use"}
    return usable <= staying and bool(_pitfalls(before) - _pitfalls(after))


def _pitfalls(advice: Advice) -> set[str]:
    return {pitfall.id for pitfall in advice.pitfalls}
