"""What the clinician chose instead of what was recommended: recorded, shown, and judged still."""

from collections.abc import Mapping
from datetime import date

from dmadvisor import safety
from dmadvisor.answers import Answer
from dmadvisor.casefile.records import Choice, GivenAdvice, Visit
from dmadvisor.conditions import Facts
from dmadvisor.library import Library, unknown_name
from dmadvisor.model import ACTIONS, Action
from dmadvisor.problems import UsageError, printable
from dmadvisor.records import Record
from dmadvisor.safety import Done, Verdict


class Chosen(Record):
    """A choice with what the rules say of it today."""

    day: date
    choice: Choice
    instead: tuple[str, ...]
    """The regimens that were recommended in its place."""
    verdict: Verdict | None
    """None when the content has no such regimen any more."""
    reasons: tuple[str, ...]


def read_choice(library: Library, advice: GivenAdvice, text: str, reason: str | None) -> Choice:
    """``REGIMEN`` or ``REGIMEN:ACTION`` with a reason. Raises UsageError for what is not listed."""
    regimen, _, action = text.partition(":")
    listed = {option.regimen: option.action for option in advice.options}
    if library.entry("RegimenId", regimen) is None:
        raise unknown_name("regimen", regimen, library.ids("RegimenId"), "dmadvisor list regimens")
    if regimen not in listed:
        names = ", ".join(listed) or "no regimen"
        raise UsageError(
            f"'{regimen}' is not listed by the step '{advice.step}'", f"it lists {names}"
        )
    if action and action not in ACTIONS:
        raise UsageError(
            f"'{printable(text)}': no action '{printable(action)}'",
            f"it can be {', '.join(ACTIONS)}",
        )
    if reason is None or not reason.strip() or not reason.isprintable():
        raise UsageError(
            f"'{regimen}' was chosen without a reason", "add --reason TEXT, one line of words"
        )
    chosen: Action = next((a for a in ACTIONS if a == action), listed[regimen])
    return Choice(regimen=regimen, action=chosen, reason=reason.strip())


def judged(
    library: Library, visit: Visit, answers: Mapping[str, Answer], done: Done, today: date
) -> tuple[Chosen, ...]:
    """The choices of a visit, judged by the answers and checks of a day."""
    facts = Facts(library, answers)
    found = []
    for choice in visit.choices:
        verdict: Verdict | None = None
        reasons: tuple[str, ...] = ()
        if choice.regimen in library.ids("RegimenId"):
            action = choice.action
            if action == "start" and visit.date < today:
                action = "continue"
            assessment = safety.assess(facts, choice.regimen, action, done, today)
            verdict = assessment.verdict
            reasons = tuple(reason.text for reason in assessment.reasons)
        instead = instead_of(visit.advice, choice)
        found.append(Chosen(visit.date, choice, instead, verdict, reasons))
    return tuple(found)


def instead_of(advice: GivenAdvice, choice: Choice) -> tuple[str, ...]:
    """What was recommended of the same group, or of the same regimen with another action."""
    groups = [o.group for o in advice.options if o.regimen == choice.regimen and o.group]
    return tuple(
        option.regimen
        for option in advice.options
        if option.recommended
        and (option.group in groups or option.regimen == choice.regimen)
        and (option.regimen, option.action) != (choice.regimen, choice.action)
    )
