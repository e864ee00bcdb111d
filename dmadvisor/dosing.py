"""A regimen's structured doses and the answers -> the dose as it is printed.

What this patient gets comes first, then the rule that it follows with its cap; ``arithmetic`` says
how the one follows from the other. While an answer is missing there is the rule and no amount.
"""

from decimal import Decimal

from dmadvisor.amounts import SIZE_QUESTIONS, Amounts, amounts, holding, number, per
from dmadvisor.conditions import Facts, number_words
from dmadvisor.model import Action, Adjustment, Cap, Dose, Regimen
from dmadvisor.records import Record


class DosePrint(Record):
    """A dose as printed; amounts in ``unit`` per ``per``, None while an answer is needed."""

    text: str
    low: Decimal | None
    high: Decimal | None
    unit: str | None
    per: str | None
    frequency: str | None
    route: str | None
    cap: Decimal | None
    cap_reason: str | None
    arithmetic: tuple[str, ...]
    needs: tuple[str, ...]
    sources: tuple[str, ...]
    parts: tuple[str, ...] = ()
    """The text by its parts, where a regimen has several doses."""


def print_dose(regimen: Regimen, facts: Facts, action: Action = "start") -> DosePrint | None:
    """The dose of a regimen in words; its instructions for care that has none; None without either.

    A drug that is tapered is printed with how it is reduced; one that goes on without its start.
    """
    if action == "taper" or not regimen.doses:
        lines = regimen.taper if action == "taper" else regimen.how
        shown = [line for line in lines if facts.holds(line.when)]
        if not shown:
            return None
        text = " ".join(line.say for line in shown)
        cites = tuple(dict.fromkeys(c for line in shown for c in line.cites))
        return DosePrint(text, None, None, None, None, None, None, None, None, (), (), cites)
    every = [(dose, amounts(dose, facts)) for dose in regimen.doses]
    # Of several schemes the first that is not refused for this patient speaks for the regimen.
    main, found = next(((d, a) for d, a in every if not a.refused), every[0])
    cap = _lowest_cap(main, facts)
    parts = tuple(_dose_text(dose, each, facts, action) for dose, each in every)
    begins = found.start if found.start is not None and action == "start" else found.low
    return DosePrint(
        text="; ".join(parts),
        low=found.high if begins is None else begins,
        high=found.high,
        unit=main.unit,
        per=main.per,
        frequency=found.frequency,
        route=main.route,
        cap=cap.amount if cap else None,
        cap_reason=cap.reason if cap else None,
        arithmetic=tuple(dict.fromkeys(line for _, each in every for line in each.lines)),
        needs=tuple(q for q in needed(regimen) if facts.is_unknown(q)),
        sources=_sources(regimen, facts),
        parts=parts,
    )


def needed(regimen: Regimen) -> tuple[str, ...]:
    """The questions without which the amount for one patient cannot be worked out."""
    found = (q for dose in regimen.doses for q in SIZE_QUESTIONS.get(dose.kind, ()))
    return tuple(dict.fromkeys(found))


def _sources(regimen: Regimen, facts: Facts) -> tuple[str, ...]:
    found: list[str] = []
    for dose in regimen.doses:
        found += dose.cites
        found += dose.cap.cites if dose.cap else ()
        found += dose.infusion.cites if dose.infusion else ()
        found += [c for a in holding(dose, facts) for c in a.cites]
    return tuple(dict.fromkeys(found))


def _lowest_cap(dose: Dose, facts: Facts) -> Cap | None:
    """The cap under which this patient's answers put the dose."""
    if dose.cap is None:
        return None
    lower = [(a.cap, a.say.removesuffix(".")) for a in holding(dose, facts) if a.cap is not None]
    amount, reason = min([(dose.cap.amount, dose.cap.reason), *lower])
    return dose.cap._replace(amount=amount, reason=reason)


GOES_ON: dict[Action, str] = {
    "continue": "as it is taken, at most ",
    "increase": "the last dose that worked, at most ",
}
"""What is said of a dose that is not begun: how high it may be."""

# -- words ---------------------------------------------------------------------------------------


def _dose_text(dose: Dose, found: Amounts, facts: Facts, action: Action) -> str:
    text = _own(dose, found, action)
    if found.refused:
        return f"{dose.label}: {text}" if dose.label else text
    if dose.kind in SIZE_QUESTIONS or dose.kind == "applied":
        rule = _rule(dose, found, action)
        word = "Rule at the start" if action in GOES_ON else "Rule"
        text = f"{text}. {word}: {rule}" if text else rule
    cap = _lowest_cap(dose, facts) if dose.kind == "titrated" else dose.cap
    if cap:
        text += (
            f". Never more than {number_words(cap.amount)} {cap.unit} {per(cap.per)} ({cap.reason})"
        )
    for adjustment in dose.adjustments:
        truth = facts.holds(adjustment.when)
        shown = truth and (adjustment.cap is None or dose.kind != "titrated")
        if shown:
            text += f". For this patient: {adjustment.say.removesuffix('.')}"
        elif truth is None and _changes(adjustment):
            text += f". Unless it is ruled out: {adjustment.say.removesuffix('.')}"
    if dose.strengths:
        text += f". {dose.strengths[0].upper()}{dose.strengths[1:]}"
    return f"{dose.label}: {text}" if dose.label else text


def _changes(adjustment: Adjustment) -> bool:
    """Whether an adjustment changes an amount, and does not only say something."""
    return adjustment.no_amount or any(
        value is not None
        for value in (adjustment.factor, adjustment.cap, adjustment.amount, adjustment.start,
                      adjustment.frequency, adjustment.days, adjustment.rate)
    )  # fmt: skip


def _own(dose: Dose, found: Amounts, action: Action) -> str:
    """What this patient gets, how often and how."""
    if found.refused:
        return f"no amount is worked out here: {found.refused.removesuffix('.')}"
    if found.needs:
        return f"{' and '.join(found.needs)} needed for this patient's amount"
    if dose.kind == "applied":
        return ""
    parts = [_amount(dose, found, action), found.frequency, dose.route]
    if dose.kind not in SIZE_QUESTIONS:
        parts.append(dose.duration or "")
    text = ", ".join(part for part in parts if part)
    text += "".join(f"; {line}" for line in found.infusion)
    if dose.kind == "flat" and dose.steps and action == "start":
        text += f"; {dose.steps}"
    return text


def _amount(dose: Dose, found: Amounts, action: Action) -> str:
    unit = dose.unit or ""
    before = GOES_ON.get(action, "") if dose.kind == "per-kg" and not found.infusion else ""
    if found.pattern:
        return f"{before}{found.pattern.say}"
    if before and found.start is None:
        found = found._replace(low=None)
    amount = f"{_range(found.low, found.high)} {unit}"
    sized = dose.kind in SIZE_QUESTIONS
    if sized:
        amount += f" {per(dose.per)}"
    if dose.divided and found.high is not None:
        each = [end / dose.divided if end is not None else None for end in (found.low, found.high)]
        amount = f"{_range(*each)} {unit} in each of {dose.divided} doses ({amount})"
    if found.start is None or found.start == found.low == found.high:
        return f"{before}{amount}"
    if action != "start":
        return f"the dose reached, as a rule {amount}"
    start = f"{_range(found.start, found.start_high)} {unit}" + (
        f" {per(dose.per)}" if sized else ""
    )
    steps = f", {dose.steps}" if dose.steps and not sized else ""
    return f"start with {start}{steps}, then {amount}"


def _rule(dose: Dose, found: Amounts, action: Action) -> str:
    """What the amounts follow from, as it stands in the content."""
    if dose.kind == "applied":
        parts = [dose.product or "", dose.frequency, dose.route, dose.duration or ""]
        return ", ".join(part for part in parts if part)
    size = "kg" if dose.kind == "per-kg" else "m2"
    weight = f" of {dose.weight} weight" if dose.weight else ""
    each = f"{dose.unit} per {size}{weight} {per(dose.per)}"
    text = f"{_range(dose.low, dose.high)} {each}"
    if dose.start is not None and action == "start":
        text = f"start with {_range(dose.start, dose.start_high)} {each}, then {text}"
    parts = [text, *([found.frequency, dose.route] if found.needs else [])]
    text = ", ".join([*parts, *([dose.duration] if dose.duration else [])])
    if found.needs and dose.patterns and dose.high:
        every = [(pattern.amount / dose.high, pattern.say) for pattern in dose.patterns]
        text += ": " + "; ".join(f"from {number(from_kg)} kg {say}" for from_kg, say in every)
    return f"{text}; {dose.steps}" if dose.steps and action == "start" else text


def _range(low: Decimal | None, high: Decimal | None) -> str:
    ends = [number(end) for end in (low, high) if end is not None]
    return " to ".join(dict.fromkeys(ends))
