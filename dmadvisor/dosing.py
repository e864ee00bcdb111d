"""A regimen's structured doses and the answers -> the dose as it is printed.

What this patient gets comes first, then the rule that it follows with its cap; ``arithmetic`` says
how the one follows from the other. While an answer is missing there is the rule and no amount.
"""

from decimal import Decimal

from dmadvisor.amounts import SIZE_QUESTIONS, Amounts, amounts, holding, is_ceiling, number, per
from dmadvisor.conditions import Facts, number_words
from dmadvisor.model import GOES_ON, REDUCES, Action, Adjustment, Cap, Dose, Regimen
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

    A drug that comes down is printed with how it is reduced; one that goes on without its start.
    """
    if action in REDUCES or not regimen.doses:
        lines = regimen.taper if action in REDUCES else regimen.how
        shown = [line for line in lines if facts.holds(line.when)]
        if not shown:
            return None
        text = " ".join(line.say for line in shown)
        cites = tuple(dict.fromkeys(c for line in shown for c in line.cites))
        return DosePrint(text, None, None, None, None, None, None, None, None, (), (), cites)
    every = [(dose, amounts(dose, facts, action)) for dose in regimen.doses]
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
        cap=_cap_amount(cap, found) if cap else None,
        cap_reason=cap.reason if cap else None,
        arithmetic=tuple(dict.fromkeys(line for _, each in every for line in each.lines)),
        needs=needed(regimen, facts),
        sources=_sources(regimen, facts),
        parts=parts,
    )


def needed(regimen: Regimen, facts: Facts) -> tuple[str, ...]:
    """The open questions without which the amount for one patient cannot be worked out.

    A scheme that is refused for what is known asks for nothing.
    """
    found: dict[str, None] = {}
    for dose in regimen.doses:
        refusing = [a.when for a in holding(dose, facts) if a.no_amount]
        asks = [facts.unanswered(condition) for condition in refusing]
        if all(asks):
            sizes = (q for q in SIZE_QUESTIONS.get(dose.kind, ()) if facts.is_unknown(q))
            found |= dict.fromkeys([*(q for each in asks for q in each), *sizes])
    return tuple(found)


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


def _cap_amount(cap: Cap, found: Amounts) -> Decimal | None:
    """The most in the unit of the dose; None where it rests on a size that is not known."""
    if " per " not in cap.unit:
        return cap.amount
    return None if found.size is None else Decimal(number_words(cap.amount * found.size))


AT_MOST: dict[Action, str] = {
    "continue": "as it is taken, at most ",
    "increase": "the last dose that worked, at most ",
}
"""What is said of a dose that is not begun: how high it may be."""

TIMES_A_DAY = {"once a day": 1, "twice a day": 2, "3 times a day": 3}
"""How many doses a day has, where the amount is that of one dose."""

# -- words ---------------------------------------------------------------------------------------


def _dose_text(dose: Dose, found: Amounts, facts: Facts, action: Action) -> str:
    text = _own(dose, found, action)
    if found.refused:
        return f"{dose.label}: {text}" if dose.label else text
    if dose.kind in SIZE_QUESTIONS or dose.kind == "applied":
        rule = _rule(dose, found, action)
        word = "Rule at the start" if action in GOES_ON else "Rule"
        text = f"{text}. {word}: {rule}" if text else rule
    cap = _lowest_cap(dose, facts)
    if cap:
        text += f". Never more than {_most(dose, cap, found)} ({cap.reason})"
    for adjustment in dose.adjustments:
        truth = facts.holds(adjustment.when)
        # The lowest cap was named above, with its reason.
        if truth and (adjustment.cap is None or cap is None):
            text += f". For this patient: {adjustment.say.removesuffix('.')}"
        elif truth is None and _changes(adjustment):
            text += f". Unless it is ruled out: {adjustment.say.removesuffix('.')}"
    if dose.strengths:
        text += f". {dose.strengths[0].upper()}{dose.strengths[1:]}"
    return f"{dose.label}: {text}" if dose.label else text


def _most(dose: Dose, cap: Cap, found: Amounts) -> str:
    text = f"{number_words(cap.amount)} {cap.unit} {per(cap.per)}"
    most = _cap_amount(cap, found)
    if most is None or " per " not in cap.unit:
        return text
    return f"{text}, for this patient {number(most)} {dose.unit} {per(cap.per)}"


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
    parts = [_amount(dose, found, action), _how_often(dose, found), dose.route]
    if dose.kind not in SIZE_QUESTIONS:
        parts.append(dose.duration or "")
    text = ", ".join(part for part in parts if part)
    text += "".join(f"; {line}" for line in found.infusion)
    if dose.kind == "flat" and dose.steps and action == "start":
        text += f"; {dose.steps}"
    return text


def _amount(dose: Dose, found: Amounts, action: Action) -> str:
    before = AT_MOST.get(action, "") if dose.kind == "per-kg" and not found.infusion else ""
    if found.pattern:
        return f"{before}{found.pattern.say}"
    low = None if is_ceiling(dose, action) else found.low
    amount = _with_period(dose, found, low, found.high)
    if dose.divided and found.high is not None:
        each = [end / dose.divided if end is not None else None for end in (low, found.high)]
        amount = f"{_range(*each)} {dose.unit} in each of {dose.divided} doses ({amount})"
    if found.start is None or found.start == found.low == found.high:
        return f"{before}{amount}"
    if action == "increase" and dose.steps:
        return f"from the dose that is taken {dose.steps}, up to {amount}"
    if action != "start":
        return f"the dose reached, as a rule {amount}"
    start = _with_period(dose, found, found.start, found.start_high)
    steps = f", {dose.steps}" if dose.steps and dose.kind not in SIZE_QUESTIONS else ""
    return f"start with {start}{steps}, then {amount}"


def _with_period(dose: Dose, found: Amounts, low: Decimal | None, high: Decimal | None) -> str:
    """An amount and what it is for; that of one dose with how often, and with what a day has."""
    text = f"{_range(low, high)} {dose.unit}"
    often = _beside(dose, found)
    times = TIMES_A_DAY.get(often, 1)
    if times > 1:
        ends = [end * times if end is not None else None for end in (low, high)]
        return f"{text} {often} ({_range(*ends)} {dose.unit} a day)"
    if often:
        return f"{text} {often}"
    return f"{text} {per(dose.per)}" if dose.kind in SIZE_QUESTIONS else text


def _beside(dose: Dose, found: Amounts) -> str:
    """How often, where it stands beside each amount; empty where it stands after them.

    Beside an amount for a period "once a day" takes the place of "a day", which is then said once.
    """
    often = found.frequency.partition(",")[0]
    by_size = dose.kind in SIZE_QUESTIONS and not dose.divided
    once = by_size and often == f"once {per(dose.per)}"
    return often if once or (dose.per == "dose" and often in TIMES_A_DAY) else ""


def _how_often(dose: Dose, found: Amounts) -> str:
    """What is left to say of how often, after the amounts."""
    return found.frequency.removeprefix(_beside(dose, found)).lstrip(", ")


def _rule(dose: Dose, found: Amounts, action: Action) -> str:
    """What the amounts follow from, as it stands in the content."""
    if dose.kind == "applied":
        parts = [dose.product or "", dose.frequency, dose.route, dose.duration or ""]
        return ", ".join(part for part in parts if part)
    size = "kg" if dose.kind == "per-kg" else "m2"
    weight = f" of {dose.weight} weight" if dose.weight else ""
    often = (_beside(dose, found) if found.needs else "") or per(dose.per)
    each = f"{dose.unit} per {size}{weight} {often}"
    text = f"{_range(dose.low, dose.high)} {each}"
    if dose.start is not None and action == "start":
        text = f"start with {_range(dose.start, dose.start_high)} {each}, then {text}"
    parts = [text, *([_how_often(dose, found), dose.route] if found.needs else [])]
    text = ", ".join(part for part in (*parts, dose.duration) if part)
    if found.needs and dose.patterns and dose.high:
        every = [(pattern.amount / dose.high, pattern.say) for pattern in dose.patterns]
        text += ": " + "; ".join(f"from {number(from_kg)} kg {say}" for from_kg, say in every)
    return f"{text}; {dose.steps}" if dose.steps and action == "start" else text


def _range(low: Decimal | None, high: Decimal | None) -> str:
    ends = [number(end) for end in (low, high) if end is not None]
    return " to ".join(dict.fromkeys(ends))
