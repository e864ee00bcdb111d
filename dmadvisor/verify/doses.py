"""Whether the structured doses of a regimen keep to a limit, whoever the patient is.

Every amount that is printed is limited by the dose's cap, is lowered by adjustments, or stands in
the dose itself: so it is enough to look at those.
"""

from collections.abc import Iterator
from decimal import Decimal

from dmadvisor.conditions import Facts
from dmadvisor.dosing import print_dose
from dmadvisor.library import Library
from dmadvisor.model import Dose, DoseLimit, DoseWords


def over_limit(library: Library, limit: DoseLimit) -> bool:
    """Whether some amount of a regimen could pass a limit, or is in another unit or period."""
    return any(_over(dose, limit) for dose in library.regimen(limit.regimen).doses)


def _over(dose: Dose, limit: DoseLimit) -> bool:
    if (dose.unit, dose.per) != (limit.unit, limit.per):
        return True
    if dose.cap is None or (dose.cap.unit, dose.cap.per) != (limit.unit, limit.per):
        return True
    sized = dose.kind in ("per-kg", "per-m2")
    if sized and limit.per_kg is not None and any(a > limit.per_kg for a in _amounts(dose)):
        return True
    fixed = [dose.cap.amount, *(pattern.amount for pattern in dose.patterns)]
    fixed += [a.cap for a in dose.adjustments if a.cap is not None]
    fixed += [] if sized else _amounts(dose)
    fixed += [dose.beyond] if dose.beyond is not None and not sized else []
    return any(amount > limit.amount for amount in fixed)


def _amounts(dose: Dose) -> list[Decimal]:
    """What is multiplied by the patient's size, or given as it is."""
    ends = [dose.low, dose.high, dose.start, dose.start_high]
    for change in dose.adjustments:
        ends += [change.amount, change.start, change.start_high]
    return [end for end in ends if end is not None]


def lacks_words(library: Library, demand: DoseWords) -> bool:
    """Whether some dose of a regimen is printed without some words."""
    return any(
        words.lower() not in text.lower()
        for text in _printed(library, demand)
        for words in demand.words
    )


def _printed(library: Library, demand: DoseWords) -> Iterator[str]:
    """A regimen's doses as printed with nothing known, and with each other way of giving them."""
    regimen = library.regimen(demand.regimen)
    found = print_dose(regimen, Facts(library, {}))
    yield found.text if found else ""
    for dose in regimen.doses:
        for change in dose.adjustments:
            if change.frequency:
                bare = regimen._replace(
                    doses=(dose._replace(frequency=change.frequency, adjustments=()),)
                )
                changed = print_dose(bare, Facts(library, {}))
                yield changed.text if changed else ""
