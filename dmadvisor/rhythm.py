"""When something is done, in words and in days: once, after a time, or again and again."""

from collections.abc import Callable
from datetime import date

from dmadvisor.model import Monitoring, Period, Rhythm, Span
from dmadvisor.safety import later

OFTEN = {"days": "daily", "weeks": "every week", "months": "monthly", "years": "yearly"}
"""How once in each unit is said."""


def week_words(week: int) -> str:
    """A week from the start, whatever the day."""
    return f"week {week}"


def when_words(item: Monitoring, week: Callable[[int], str] = week_words) -> str:
    """When something is watched, from its days and its words; ``week`` says one week."""
    if not (item.first or item.repeat):
        return ", ".join([*([item.at] if item.at else []), *_weeks(item, week)])
    words = _days(item, week)
    if item.goes_on:
        words += f" until {period_words(item.goes_on)} after the last dose"
    return f"{words}; {item.at}" if item.at else words


def _days(item: Monitoring, week: Callable[[int], str]) -> str:
    """The first days and what follows them."""
    phases = [_phase_words(each) for each in item.repeat]
    begins = item.repeat[0].every if item.repeat else None
    if item.weeks == (0,) and phases:
        phases[0] += " from now"
        return ", then ".join(phases)
    lead = _weeks(item, week)
    first = item.first
    if first and first.low == first.high and begins and begins.unit == first.unit:
        phases[0] += f" from {first.unit[:-1]} {first.low} at the latest"
    elif first:
        within = "within" if first.low == 0 else "after"
        low = "" if first.low in (0, first.high) else f"{first.low} to "
        lead.append(f"{within} {low}{_count(first.high, first.unit)}")
    return ", then ".join([*([", ".join(lead)] if lead else []), *phases])


def _weeks(item: Monitoring, week: Callable[[int], str]) -> list[str]:
    return [week(each) if each else "now" for each in item.weeks]


def _phase_words(rhythm: Rhythm) -> str:
    every, lasts = rhythm.every, rhythm.lasts
    words = f"every {span_words(every)}" if every.high > 1 else OFTEN[every.unit]
    if lasts:
        words += f" for {span_words(lasts)}"
    return f"{words} until {rhythm.until}" if rhythm.until else words


def span_words(span: Span) -> str:
    """A length of time as it is written: ``2 weeks``, ``4 to 8 weeks``."""
    low = f"{span.low} to " if span.low < span.high else ""
    return f"{low}{_count(span.high, span.unit)}"


def period_words(period: Period) -> str:
    """A length of time as it is written."""
    return _count(period.number, period.unit)


def _count(number: int, unit: str) -> str:
    return f"{number} {unit if number > 1 else unit[:-1]}"


def earliest(day: date, span: Span) -> date:
    """The first day after a length of time."""
    return later(day, Period(span.low, span.unit)) if span.low else day


def latest(day: date, span: Span) -> date:
    """The last day after a length of time."""
    return later(day, Period(span.high, span.unit))
