"""Every way in which ``verify --mutate`` breaks a content: one record changed in one place."""

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any, Literal, NamedTuple

from dmadvisor.conditions import condition_words
from dmadvisor.library import Library
from dmadvisor.model import Branch, CheckUse, Part, Pathway, Regimen
from dmadvisor.verify.relaxing import Changed, relaxed, without_value

What = Literal["check", "gate", "contraindication", "cap", "swap", "threshold", "red flag"]


class Mutant(NamedTuple):
    """One change, and what tells whom it can concern."""

    id: str
    """Readable, and the same in every run."""
    what: What
    kind: str
    """The kind and the name of the record that is changed."""
    name: str
    record: Any
    """The record in its place; None where it is taken away."""
    place: str = ""
    """In a pathway or part: the step, question or fork that is changed; empty for every step."""
    before: Any = None
    """What is taken away or changed: a use of a check, a bar, a condition, a pair of branches."""
    after: Any = None
    field: str = ""
    """The field of the record in which a changed condition stands."""

    def within(self, library: Library) -> Library:
        """The content with this change."""
        return library.with_record(self.kind, self.name, self.record)


def in_branches(mutant: Mutant) -> bool:
    """Whether a change only sends patients elsewhere."""
    tree = mutant.record
    if mutant.kind not in ("PathwayId", "PartId") or not mutant.place:
        return False
    return mutant.place in tree.questions or mutant.place in tree.forks


def mutants(library: Library) -> tuple[Mutant, ...]:
    """All changes of a content, in the order of its records."""
    found = [*_of_regimens(library), *_of_trees(library), *_of_flags(library)]
    found += _of_thresholds(library)
    seen: Counter[str] = Counter()
    named = []
    for each in found:
        seen[each.id] += 1
        again = f" ({seen[each.id]})" if seen[each.id] > 1 else ""
        named.append(each._replace(id=each.id + again))
    return tuple(named)


def without(items: tuple[Any, ...], number: int) -> tuple[Any, ...]:
    """All of some items but one."""
    return items[:number] + items[number + 1 :]


def instead(items: tuple[Any, ...], number: int, new: Any) -> tuple[Any, ...]:
    """Some items with another in the place of one."""
    return (*items[:number], new, *items[number + 1 :])


# -- regimens --------------------------------------------------------------------------------


def _of_regimens(library: Library) -> Iterator[Mutant]:
    for id in library.ids("RegimenId"):
        regimen = library.regimen(id)
        for what, words, new, before in (
            *_checks(regimen), *_bars(regimen), *_caps(regimen)
        ):  # fmt: skip
            yield Mutant(f"{id}: drop {words}", what, "RegimenId", id, new, before=before)


Dropped = tuple[What, str, Regimen, Any]


def _checks(regimen: Regimen) -> Iterator[Dropped]:
    for n, use in enumerate(regimen.checks):
        new = regimen._replace(checks=without(regimen.checks, n))
        yield "check", f"check {use.check}", new, use
        if use.gate is not False:
            open_ = instead(regimen.checks, n, use._replace(gate=False))
            yield "gate", f"gate {use.check}", regimen._replace(checks=open_), use


def _bars(regimen: Regimen) -> Iterator[Dropped]:
    for n, bar in enumerate(regimen.contraindications):
        new = regimen._replace(contraindications=without(regimen.contraindications, n))
        yield "contraindication", f"contraindication {condition_words(bar.when)}", new, bar


def _caps(regimen: Regimen) -> Iterator[Dropped]:
    for n, dose in enumerate(regimen.doses):
        label = f" of {dose.label.lower()}" if dose.label else ""
        if dose.cap is not None:
            new = instead(regimen.doses, n, dose._replace(cap=None))
            yield "cap", f"cap{label}", regimen._replace(doses=new), dose.cap
        for number, change in enumerate(dose.adjustments):
            if change.cap is not None:
                less = instead(dose.adjustments, number, change._replace(cap=None))
                new = instead(regimen.doses, n, dose._replace(adjustments=less))
                words = f"cap{label} when {condition_words(change.when)}"
                yield "cap", words, regimen._replace(doses=new), change


# -- trees -----------------------------------------------------------------------------------


def _trees(library: Library) -> Iterator[tuple[str, str, Part | Pathway]]:
    for kind in ("PathwayId", "PartId"):
        for id in library.ids(kind):
            yield kind, id, library.get(kind, id)


def _of_trees(library: Library) -> Iterator[Mutant]:
    for kind, id, tree in _trees(library):
        for name, step in tree.steps.items():
            for n, use in enumerate(step.checks):
                new = step._replace(checks=without(step.checks, n))
                record = tree._replace(steps={**tree.steps, name: new})
                words = f"{id}/{name}: drop check {use.check}"
                yield Mutant(words, "check", kind, id, record, name, use)
        yield from _of_every_step(kind, id, tree)
        for field in ("questions", "forks"):
            yield from _swapped(kind, id, tree, field)


def _of_every_step(kind: str, id: str, tree: Part | Pathway) -> Iterator[Mutant]:
    checks: tuple[CheckUse, ...] = tree.every_step.checks
    for n, use in enumerate(checks):
        new = tree._replace(every_step=tree.every_step._replace(checks=without(checks, n)))
        yield Mutant(f"{id}: drop check {use.check} of every step", "check", kind, id, new, "", use)


def _swapped(kind: str, id: str, tree: Part | Pathway, field: str) -> Iterator[Mutant]:
    places: Mapping[str, tuple[Branch, ...]] = getattr(tree, field)
    for place, branches in places.items():
        for n, (first, second) in enumerate(pairwise(branches)):
            swapped = (*branches[:n], second, first, *branches[n + 2 :])
            record = tree._replace(**{field: {**places, place: swapped}})
            words = f"{id}/{place}: swap branches {n + 1} and {n + 2}"
            yield Mutant(words, "swap", kind, id, record, place, (first, second))


# -- red flags -------------------------------------------------------------------------------


def _of_flags(library: Library) -> Iterator[Mutant]:
    for id in library.ids("RedFlagId"):
        words = f"red-flags: remove {id}"
        yield Mutant(words, "red flag", "RedFlagId", id, None, before=library.red_flag(id))
    for kind, id, tree in _trees(library):
        for flag in library.ids("RedFlagId"):
            for changed in without_value(library, tree, flag):
                words = f"{id}/{changed.place}: no longer look for the red flag {flag}"
                yield _conditional(words, "red flag", kind, id, changed)


# -- thresholds ------------------------------------------------------------------------------

WITH_THRESHOLDS = ("RegimenId", "PathwayId", "PartId", "DerivedId", "QuestionId", "CheckId")
"""The kinds of record in which numbers decide what is advised."""


def _of_thresholds(library: Library) -> Iterator[Mutant]:
    for kind in WITH_THRESHOLDS:
        for id in library.ids(kind):
            for changed in relaxed(library, library.get(kind, id)):
                words = f"{id}{changed.words}: {changed.said}"
                yield _conditional(words, "threshold", kind, id, changed)


def _conditional(words: str, what: What, kind: str, id: str, changed: Changed) -> Mutant:
    record, place, _, _, before, after, field = changed
    return Mutant(words, what, kind, id, record, place, before, after, field)
