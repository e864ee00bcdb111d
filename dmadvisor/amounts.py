"""This patient's amounts: a structured dose and the answers, in decimal arithmetic, line by line.

An amount is multiplied out, limited by the cap, lowered by what this patient's answers ask for,
and rounded to real strengths, in that order; each step that changes something leaves a line.
"""

from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal

from dmadvisor.conditions import Facts, number_words
from dmadvisor.model import GOES_ON, Action, Adjustment, Dose, Infusion, Pattern
from dmadvisor.records import Record

SIZE_QUESTIONS = {"per-kg": ("weight",), "per-m2": ("weight", "height")}
"""The questions that each kind of dose needs answered."""

SIZES_DIFFER = Decimal("1.05")
"""Two formulas for body surface that differ by more than this are both shown."""


class Size(Record):
    """What an amount is multiplied by: 1 for a dose that does not depend on size."""

    number: Decimal
    words: str = ""
    """Empty for a dose that does not depend on size, else ``70 kg``."""
    lines: tuple[str, ...] = ()


class Amounts(Record):
    """What one patient gets, in the unit of the dose; None while it cannot be said."""

    low: Decimal | None = None
    high: Decimal | None = None
    start: Decimal | None = None
    start_high: Decimal | None = None
    size: Decimal | None = None
    """What a cap per size is multiplied by."""
    frequency: str = ""
    pattern: Pattern | None = None
    infusion: tuple[str, ...] = ()
    """How a course is divided and how fast it runs."""
    lines: tuple[str, ...] = ()
    """The arithmetic."""
    needs: tuple[str, ...] = ()
    refused: str | None = None
    """Why no amount is worked out although everything is known."""


def mosteller(height: Decimal, weight: Decimal) -> Decimal:
    """Body surface in m2 from cm and kg. Mosteller, N Engl J Med 1987;317:1098."""
    return (height * weight / 3600).sqrt()


def dubois(height: Decimal, weight: Decimal) -> Decimal:
    """Body surface in m2 from cm and kg. DuBois and DuBois, Arch Intern Med 1916;17:863."""
    return Decimal("0.007184") * weight ** Decimal("0.425") * height ** Decimal("0.725")


def holding(dose: Dose, facts: Facts) -> tuple[Adjustment, ...]:
    """The adjustments that this patient's answers ask for."""
    return tuple(a for a in dose.adjustments if facts.holds(a.when))


def is_ceiling(dose: Dose, action: Action) -> bool:
    """Whether the most alone is said: a dose by weight goes on, and was not built up."""
    by_weight = dose.kind == "per-kg" and not dose.infusion
    return by_weight and action in GOES_ON and dose.start is None


def amounts(dose: Dose, facts: Facts, action: Action = "start") -> Amounts:
    """The amounts of one dose for one patient; the lines are those of what the action says."""
    adjustments = holding(dose, facts)
    frequency = next((a.frequency for a in adjustments if a.frequency), dose.frequency)
    refused = next((a.say for a in adjustments if a.no_amount), None)
    if dose.kind == "applied" or refused:
        return Amounts(frequency=frequency, refused=refused)
    needs = tuple(q for q in SIZE_QUESTIONS.get(dose.kind, ()) if facts.is_unknown(q))
    if needs:
        return Amounts(frequency=frequency, needs=needs)
    return _Reckoning(dose, facts, adjustments).amounts(frequency, action)


class _Reckoning:
    """Works out the amounts of one dose, keeping the lines."""

    def __init__(self, dose: Dose, facts: Facts, adjustments: tuple[Adjustment, ...]) -> None:
        self.dose = dose
        self.adjustments = adjustments
        self.weight = _number(facts, "weight") if dose.kind in SIZE_QUESTIONS else None
        self.size = _size(dose, facts)
        self.lines: list[str] = list(self.size.lines)

    def amounts(self, frequency: str, action: Action) -> Amounts:
        dose = self.dose
        fixed = next((a.amount for a in self.adjustments if a.amount is not None), None)
        starts = next((a for a in self.adjustments if a.start is not None), None)
        start, start_high = (starts or dose).start, (starts or dose).start_high
        begins, ceiling = action == "start", is_ceiling(dose, action)
        start, start_high = (self.reckon(each, told=begins) for each in (start, start_high))
        low = dose.low if fixed is None else fixed
        low = self.reckon(low, up=dose.round_low == "up", told=not ceiling)
        high = self.reckon(dose.high if fixed is None else fixed)
        if low is not None and high is not None:
            low = min(low, high)
        pattern = self.pattern(high)
        if high is not None and dose.patterns and pattern is None:
            return Amounts(
                frequency=frequency,
                lines=tuple(dict.fromkeys(self.lines)),
                refused=f"no way of taking whole tablets stays within {number(high)} {dose.unit} "
                f"{per(dose.per)}",
            )
        if dose.beyond is not None and not any(a.cap or a.factor for a in self.adjustments):
            most = number(dose.beyond * self.size.number)
            unit = f"{dose.unit} {per(dose.per)}"
            self.lines.append(f"a specialist alone may go to {most} {unit}")
        return Amounts(
            low=low,
            high=pattern.amount if pattern else high,
            start=start,
            start_high=start_high,
            size=self.size.number,
            frequency=frequency,
            pattern=pattern,
            infusion=self.infusion(dose.infusion, high) if dose.infusion and high else (),
            lines=tuple(dict.fromkeys(self.lines)),
        )

    def reckon(
        self, amount: Decimal | None, *, up: bool = False, told: bool = True
    ) -> Decimal | None:
        """One amount multiplied out, limited, lowered and rounded; its lines only if ``told``."""
        if amount is None:
            return None
        before = len(self.lines)
        unit, size = self.dose.unit or "", self.size
        value = amount * size.number
        if size.words:
            whole = f"{number_words(amount)} {unit} per {size.words.split()[-1]}"
            self.lines.append(f"{whole} x {size.words} = {number(value)} {unit}")
        for most, reason in self.limits():
            if value > most:
                self.lines.append(f"limited from {number(value)} to {number(most)} {unit}{reason}")
                value = most
        for each in self.adjustments:
            if each.factor is not None:
                full, value = value, value * each.factor
                times = f"{number(full)} x {number_words(each.factor)} = {number(value)} {unit}"
                self.lines.append(f"{times}: {each.say.removesuffix('.')}")
        value = self.rounded(value, up=up)
        if not told:
            del self.lines[before:]
        return value

    def limits(self) -> list[tuple[Decimal, str]]:
        """What an amount may not pass, and why: the cap, and this patient's lower caps."""
        cap = self.dose.cap
        if cap is None:
            return []
        size = self.size.number if " per " in cap.unit else Decimal(1)
        lower = [(a.cap * size, f": {a.say.removesuffix('.')}") for a in self.adjustments if a.cap]
        return [(cap.amount * size, ", the cap"), *lower]

    def rounded(self, value: Decimal, *, up: bool) -> Decimal:
        """An amount in real strengths: down, so that no limit is passed, unless it is a low end."""
        step = self.dose.round_down_to
        if step is None or self.dose.patterns:
            return _plain(value)
        parts = self.dose.divided or 1
        way = ROUND_UP if up else ROUND_DOWN
        found = (value / parts / step).quantize(Decimal(1), way) * step * parts
        if not found:
            self.lines.append(
                f"{number(value)} {self.dose.unit} is less than the smallest real dose"
            )
            return _plain(value)
        if found != value:
            said = "rounded up" if up else "rounded down"
            whole = f" (each of {parts} doses to {number_words(step)})" if parts > 1 else ""
            unit = self.dose.unit
            self.lines.append(f"{number(value)} {said} to {number(found)} {unit}{whole}")
        return _plain(found)

    def pattern(self, high: Decimal | None) -> Pattern | None:
        """The highest pattern of tablets that does not pass the amount; None where each does."""
        fits = [p for p in self.dose.patterns if high is not None and p.amount <= high]
        if high is None or not fits:
            return None
        found = max(fits, key=lambda pattern: pattern.amount)
        unit = f"{self.dose.unit} {per(self.dose.per)}"
        ceiling = f"ceiling {number(high)} {unit}; given {number(found.amount)} {unit}"
        mean = (
            f", {number(found.amount / self.weight)} {self.dose.unit} per kg" if self.weight else ""
        )
        self.lines.append(f"{ceiling}{mean}")
        return found

    def infusion(self, plan: Infusion, total: Decimal) -> tuple[str, ...]:
        """A course by volume, by days and by rate."""
        unit = self.dose.unit or ""
        only = next((a.days for a in self.adjustments if a.days), None)
        slower = next((a.rate for a in self.adjustments if a.rate is not None), plan.high_rate)
        days = [only] if only else [plan.days_low, plan.days_high]
        volume = (
            f"{number(total / plan.strength)} mL at {number_words(plan.strength)} {unit} per mL"
        )
        found = [f"{number(total)} {unit} is {volume}"]
        for n in days:
            each = total / n
            volume = f"{number(each / plan.strength)} mL"
            found.append(f"over {n} days {number(each)} {unit} a day, {volume} a day")
        if self.weight is not None:
            begin, most = (rate * self.weight * 60 for rate in (plan.start_rate, slower))
            found.append(
                f"start at {number(begin)} mL per hour for 30 minutes, at most {number(most)} mL "
                f"per hour ({number_words(plan.start_rate)} and {number_words(slower)} mL per kg "
                "per minute)"
            )
        return tuple(found)


def _size(dose: Dose, facts: Facts) -> Size:
    if dose.kind == "per-kg":
        weight = _number(facts, "weight")
        return Size(weight, f"{number(weight)} kg")
    if dose.kind == "per-m2":
        height, weight = _number(facts, "height"), _number(facts, "weight")
        surface, other = mosteller(height, weight), dubois(height, weight)
        lines = [f"body surface {number(surface)} m2 (Mosteller, {height} cm and {weight} kg)"]
        if max(surface, other) > SIZES_DIFFER * min(surface, other):
            lines.append(f"by DuBois {number(other)} m2; they differ by more than 5 percent")
        return Size(surface, f"{number(surface)} m2", tuple(lines))
    return Size(Decimal(1))


def _number(facts: Facts, question: str) -> Decimal:
    answer = facts.answer(question)
    return answer.number if answer and answer.number is not None else Decimal(0)


def _plain(value: Decimal) -> Decimal:
    """The same number without trailing zeros."""
    return Decimal(number_words(value))


def number(value: Decimal) -> str:
    """A worked-out number with at most 3 decimals, without trailing zeros."""
    return number_words(value.quantize(Decimal("0.001"), ROUND_HALF_UP))


def per(period: str | None) -> str:
    """A period in words: ``a day``, ``per course``."""
    return f"a {period}" if period in ("day", "week") else f"per {period}"
