"""Whether what a step offers, and what a regimen says of itself, can work as written."""

from collections.abc import Iterator
from decimal import Decimal

from dmadvisor.library import Entry
from dmadvisor.lint.rules import rule
from dmadvisor.lint.scope import Finding, Scope, quoted
from dmadvisor.model import ACTIONS, Adjustment, Cap, Dose, Infusion, Offer, Pattern, Regimen, Step
from dmadvisor.yamltext import Path

AMOUNTS = {
    "per-kg": ("high", "unit", "per", "weight"),
    "per-m2": ("high", "unit", "per"),
    "flat": ("high", "unit", "per"),
    "titrated": ("start", "high", "unit", "per"),
    "applied": (),
}
"""What each kind of dose has to say."""

SIZES = {"per-kg": " per kg", "per-m2": " per m2"}
"""What the unit of a cap may add to that of a dose that depends on size."""

COUNTED = (Dose, Cap, Adjustment, Pattern, Infusion)
"""The records in which every number is an amount, a factor, a rate or how often."""


def _offered(offer: Offer) -> tuple[str, ...]:
    return tuple(id for action in ACTIONS for id in offer.listed(action))


@rule("barred-order")
def barred_order(scope: Scope) -> Iterator[Finding]:
    """A fallback for a regimen that is not offered before it.

    'if-barred' waits for the verdict on regimens that stand earlier in the same group. One that
    stands later, or in another group, or nowhere, is never barred, so the fallback never shows.

    Wrong:  - {start: second-drug, group: systemic, if-barred: first-drug}
            - {start: first-drug, group: systemic}
    Right:  - {start: first-drug, group: systemic}
            - {start: second-drug, group: systemic, if-barred: first-drug}
    """
    for entry, step, path in scope.records(Step):
        for index, offer in enumerate(step.offer):
            here = scope.item(entry.file, (*path, "offer"), index)
            if scope.broken(entry, (*path, "offer")):
                continue
            earlier = step.offer[:index]
            if offer.group is not None:
                earlier = tuple(each for each in earlier if each.group == offer.group)
            names = {id for each in earlier for id in _offered(each)}
            for i, id in enumerate(offer.if_barred):
                if id not in names:
                    group = f" in the group {quoted(offer.group)}" if offer.group else ""
                    yield Finding(
                        entry.file,
                        scope.item(entry.file, (*here, "if-barred"), i),
                        f"{quoted(id)} is not offered earlier{group}",
                        "offer it above this one, in the same group",
                    )


@rule("settled-by")
def settled_by(scope: Scope) -> Iterator[Finding]:
    """A contraindication settled by a check that the regimen does not ask for.

    An unknown answer waits for the check only if the check is done before the first dose.

    Wrong:  settled-by: [some-check]      and no 'some-check' under checks
    Right:  checks: [{check: some-check, gate: yes}]
    """
    for entry, regimen, _ in scope.records(Regimen):
        asked = {use.check for use in regimen.checks}
        if (
            scope.broken(entry, ("checks",))
            or scope.broken(entry, ("contraindications",))
            or (scope.misspelt(entry, ()))
        ):
            continue
        for index, bar in enumerate(regimen.contraindications):
            path = scope.item(entry.file, ("contraindications",), index)
            for i, check in enumerate(bar.settled_by):
                if check not in asked and check in scope.ids("CheckId"):
                    yield Finding(
                        entry.file,
                        scope.item(entry.file, (*path, "settled-by"), i),
                        f"this regimen does not ask for the check {quoted(check)}",
                        f"add {quoted(check)} to its checks, or do not say that it settles this",
                    )


@rule("no-checks")
def no_checks(scope: Scope) -> Iterator[Finding]:
    """A drug that reaches the whole body, without any check before the first dose.

    Wrong:  systemic: yes      and no checks
    Right:  checks: [{check: some-check, gate: yes}]
    """
    for entry, regimen, _ in scope.records(Regimen):
        if regimen.kind == "drug" and regimen.systemic and scope.lacks(entry, (), "checks"):
            yield Finding(
                entry.file,
                (),
                "a systemic drug without any check before the first dose",
                "add 'checks:' with what is done before the first dose",
            )


@rule("no-dose")
def no_dose(scope: Scope) -> Iterator[Finding]:
    """A drug without a dose, or care that does not say how.

    The reader is told to start it and not how.

    Wrong:  kind: care      and no how
    Right:  how: [Wear a hat.]
    """
    for entry, regimen, _ in scope.records(Regimen):
        if not scope.lacks(entry, (), "doses"):
            continue
        if regimen.kind == "care" and not scope.lacks(entry, (), "how"):
            continue
        what, key = (
            ("a drug without a dose", "doses")
            if regimen.kind == "drug"
            else ("care that does not say how", "how")
        )
        yield Finding(entry.file, (), what, f"add '{key}:'")


@rule("capless")
def capless(scope: Scope) -> Iterator[Finding]:
    """A dose that grows, with weight or in steps, and has no cap.

    Wrong:  {kind: per-kg, high: 5, ...}
    Right:  {kind: per-kg, high: 5, cap: {amount: 400, unit: mg, per: day, reason: ...}, ...}
    """
    for entry, dose, path in scope.records(Dose):
        if dose.kind in ("per-kg", "per-m2", "titrated") and scope.lacks(entry, path, "cap"):
            yield Finding(
                entry.file,
                path,
                f"a {dose.kind} dose without a cap",
                "add 'cap:' with the amount that it never passes, and why",
            )


@rule("dose-shape")
def dose_shape(scope: Scope) -> Iterator[Finding]:
    """A dose without its amounts, or with amounts that contradict each other.

    Every number is above 0, and no factor above 1: what changes a dose for one patient never
    raises it. A cap is in the unit and the period of its dose; where the dose depends on size, it
    may be for each kg or m2 as well.

    Wrong:  {kind: per-kg, low: 5, high: 2, ...}
    Right:  {kind: per-kg, low: 2, high: 5, unit: mg, per: day, weight: actual, ...}
    """
    yield from _out_of_range(scope)
    for entry, dose, path in scope.records(Dose):
        missing = [key for key in AMOUNTS[dose.kind] if scope.lacks(entry, path, key)]
        if missing:
            names = " and ".join(quoted(key) for key in missing)
            yield Finding(
                entry.file,
                path,
                f"a {dose.kind} dose has no {names}",
                f"add {' and '.join(quoted(f'{key}:') for key in missing)}",
            )
        yield from _against_cap(entry, dose, path)
        pairs = (("low", "high"), ("start", "start-high"), ("start", "high"))
        for low, high in pairs:
            least, most = (getattr(dose, key.replace("-", "_")) for key in (low, high))
            if least is not None and most is not None and least > most:
                yield Finding(
                    entry.file,
                    (*path, low),
                    f"'{low}' is more than '{high}'",
                    "write the smaller amount first",
                )
        for index, adjustment in enumerate(dose.adjustments):
            if adjustment.cap and dose.cap and adjustment.cap > dose.cap.amount:
                where = (*scope.item(entry.file, (*path, "adjustments"), index), "cap")
                yield Finding(entry.file, where, "a cap above the cap of the dose", "lower it")


def _against_cap(entry: Entry, dose: Dose, path: Path) -> Iterator[Finding]:
    """What a dose says beyond its own cap, or in another unit or period."""
    if dose.cap is None or dose.kind == "applied":
        return
    yield from _other_words(entry, dose, dose.cap, path)
    if dose.kind not in ("flat", "titrated"):
        return
    for key in ("start", "start-high", "low", "high"):
        amount = getattr(dose, key.replace("-", "_"))
        if amount is not None and amount > dose.cap.amount:
            message = f"'{key}' is above the cap of {dose.cap.amount} {dose.cap.unit}"
            yield Finding(entry.file, (*path, key), message, "mend the amount or the cap")
    if (dose.per == "week") != ("week" in dose.frequency):
        message = f"an amount per {dose.per}, given '{dose.frequency}'"
        yield Finding(entry.file, (*path, "frequency"), message, "let the two agree")


def _other_words(entry: Entry, dose: Dose, cap: Cap, path: Path) -> Iterator[Finding]:
    """A unit or a period in which the dose is and its cap is not."""
    unit = dose.unit or ""
    units = (unit, *(unit + size for kind, size in SIZES.items() if kind == dose.kind))
    for key, allowed in (("unit", units), ("per", (dose.per or "",))):
        if allowed[0] and getattr(cap, key) not in allowed:
            yield Finding(
                entry.file,
                (*path, key),
                f"'{key}' of the dose is {quoted(allowed[0])}, and of its cap "
                f"{quoted(getattr(cap, key))}",
                f"mend the one that is wrong: this cap takes {' or '.join(map(quoted, allowed))}",
            )


def _out_of_range(scope: Scope) -> Iterator[Finding]:
    """The numbers of doses that would give nothing, less than nothing, or more than the cap."""
    for kind in COUNTED:
        for entry, record, path in scope.records(kind):
            for name, value in record._asdict().items():
                key = name.replace("_", "-")
                counts = isinstance(value, Decimal | int) and not isinstance(value, bool)
                if counts and value <= 0:
                    message = f"'{key}' is {value}: it has to be above 0"
                    yield Finding(entry.file, (*path, key), message, "write a number above 0")
                elif key == "factor" and value is not None and value > 1:
                    message = f"'factor' is {value}: it would pass the cap of the dose"
                    yield Finding(entry.file, (*path, key), message, "write 1 or less")
