"""A regimen's structured dose and the answers -> the dose as it is printed.

The rule with its cap is printed in words. Amounts that depend on the patient's size are left to
the reader: ``low`` and ``high`` are given only where the dose does not depend on it.
"""

from decimal import Decimal

from dmadvisor.conditions import Facts, number_words
from dmadvisor.model import Action, Adjustment, Cap, Dose, Regimen
from dmadvisor.records import Record

SIZE_QUESTIONS = {"per-kg": ("weight",), "per-m2": ("weight", "height")}
"""The questions that each kind of dose needs answered."""


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
    main = _capped(regimen.doses[0], facts)
    parts = tuple(_dose_text(dose, facts, action) for dose in regimen.doses)
    low, high = main.start or main.low or main.high, main.high
    sized = main.kind in SIZE_QUESTIONS
    needs = tuple(q for q in needed(regimen) if facts.is_unknown(q))
    return DosePrint(
        text="; ".join(parts),
        low=None if sized else low,
        high=None if sized else high,
        unit=main.unit,
        per=main.per,
        frequency=main.frequency,
        route=main.route,
        cap=main.cap.amount if main.cap else None,
        cap_reason=main.cap.reason if main.cap else None,
        arithmetic=(),
        needs=needs,
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
        found += [c for a in dose.adjustments if facts.holds(a.when) for c in a.cites]
    return tuple(dict.fromkeys(found))


def _least(amount: Decimal | None, cap: Decimal | None) -> Decimal | None:
    if amount is None or cap is None:
        return amount
    return min(amount, cap)


def _capped(dose: Dose, facts: Facts) -> Dose:
    """The dose under the lowest cap that this patient's answers ask for."""
    if dose.cap is None:
        return dose
    lower = [(a.cap, a.say.removesuffix(".")) for a in _adjustments(dose, facts) if a.cap]
    amount, reason = min([(dose.cap.amount, dose.cap.reason), *lower])
    if dose.kind != "titrated":
        return dose
    return dose._replace(
        low=_least(dose.low, amount),
        high=_least(dose.high, amount),
        start=_least(dose.start, amount),
        start_high=_least(dose.start_high, amount),
        cap=dose.cap._replace(amount=amount, reason=reason),
    )


def _dose_text(written: Dose, facts: Facts, action: Action) -> str:
    dose = _capped(written, facts)
    parts = [_amount(dose, action)] if dose.kind != "applied" else []
    parts += [dose.frequency, dose.route]
    if dose.kind == "applied" and dose.product:
        parts.insert(0, dose.product)
    if dose.duration:
        parts.append(dose.duration)
    text = ", ".join(part for part in parts if part)
    if dose.kind != "titrated" and dose.steps and action == "start":
        text += f"; {dose.steps}"
    if dose.cap:
        text += f". Never more than {_cap(dose.cap)} ({dose.cap.reason})"
    for adjustment in _adjustments(dose, facts):
        if adjustment.cap is None or dose.kind != "titrated":
            text += f". For this patient: {adjustment.say.removesuffix('.')}"
    if dose.strengths and all(a.factor is None for a in _adjustments(dose, facts)):
        text += f". {dose.strengths[0].upper()}{dose.strengths[1:]}"
    return f"{dose.label}: {text}" if dose.label else text


def _adjustments(dose: Dose, facts: Facts) -> tuple[Adjustment, ...]:
    return tuple(a for a in dose.adjustments if facts.holds(a.when))


def _amount(dose: Dose, action: Action) -> str:
    unit = dose.unit or ""
    amounts = _range(dose.low, dose.high)
    if dose.kind == "titrated":
        if action != "start":
            return f"the dose reached, as a rule {amounts} {unit}"
        start = _range(dose.start, dose.start_high)
        steps = f", {dose.steps}" if dose.steps else ""
        return f"start with {start} {unit}{steps}, then {amounts} {unit}"
    if dose.kind == "per-kg":
        weight = f" of {dose.weight} weight" if dose.weight else ""
        return f"{amounts} {unit} per kg{weight} {_per(dose.per)}"
    if dose.kind == "per-m2":
        return f"{amounts} {unit} per m2 {_per(dose.per)}"
    return f"{amounts} {unit}"


def _cap(cap: Cap) -> str:
    return f"{number_words(cap.amount)} {cap.unit} {_per(cap.per)}"


def _per(period: str | None) -> str:
    return f"a {period}" if period in ("day", "week") else f"per {period}"


def _range(low: Decimal | None, high: Decimal | None) -> str:
    ends = [number_words(end) for end in (low, high) if end is not None]
    return " to ".join(dict.fromkeys(ends))
