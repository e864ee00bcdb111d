"""What nothing names, and what the ledger says of places that are not there."""

from collections.abc import Iterator

from dmadvisor.amounts import SIZE_QUESTIONS
from dmadvisor.lint.links import KINDS
from dmadvisor.lint.rules import FILE_CODES, Run, rule
from dmadvisor.lint.scope import Finding, Scope, quoted, use_or
from dmadvisor.safety import MACHINE_QUESTIONS, RED_FLAGS

USABLE = {
    "question": ("QuestionId", ("QuestionId", "FactId")),
    "fact": ("DerivedId", ("FactId",)),
    "check": ("CheckId", ("CheckId",)),
    "pitfall": ("PitfallId", ("PitfallId",)),
    "regimen": ("RegimenId", ("RegimenId",)),
    "conflict": ("ConflictId", ("ConflictId",)),
    "citation": ("CitationId", ("CitationId",)),
    "part": ("PartId", ("PartId",)),
}
"""Kinds of record that something has to name, and the references that name them."""

MANUAL = """A {noun} that nothing names.

It is never shown, though it looks as if it were. Reported only when every file can be read,
because the file that names it might be the broken one.

Wrong:  a {noun} in {where} that no other record names
Right:  name it where it belongs, or delete it
"""

LEDGER_KINDS = {
    "pathways": "PathwayId",
    "parts": "PartId",
    "questions": "QuestionId",
    "facts": "DerivedId",
    "regimens": "RegimenId",
    "checks": "CheckId",
    "pitfalls": "PitfallId",
    "red-flags": "RedFlagId",
    "conflicts": "ConflictId",
    "citations": "CitationId",
    "clashes": "ClashId",
    "not-offered": "NotOfferedId",
}


def _unused(code: str) -> Run:
    kind, naming = USABLE[code]

    def run(scope: Scope) -> Iterator[Finding]:
        used = {
            reference.id
            for entry in scope.entries
            for reference in entry.notes.references
            if reference.kind in naming and (entry.kind, entry.id) != (kind, reference.id)
        }
        used |= set(MACHINE_QUESTIONS)
        used |= {id for ids in SIZE_QUESTIONS.values() for id in ids}
        for entry in scope.of(kind):
            if entry.id not in used and not getattr(entry.record, "score", None):
                yield Finding(
                    entry.file,
                    scope.named(entry),
                    f"nothing names the {code} {quoted(entry.id)}",
                    "name it where it belongs, or delete it",
                )

    return run


for _code, (_kind, _naming) in USABLE.items():
    _where = {**{k: v.where for k, v in KINDS.items()}, "DerivedId": "shared/facts.yaml"}[_kind]
    _after = (*FILE_CODES, *(f"unknown-{KINDS[name].code}" for name in _naming))
    rule(
        f"unused-{_code}",
        MANUAL.format(noun=_code, where=_where),
        severity="warning",
        whole=True,
        after=_after,
    )(_unused(_code))


@rule("unused-red-flag", severity="warning", whole=True, after=(*FILE_CODES, "unknown-question"))
def unused_red_flag(scope: Scope) -> Iterator[Finding]:
    """Red flags that no pathway asks about.

    Wrong:  shared/red-flags.yaml, and no pathway or part that asks 'red-flags'
    Right:  start: red-flags
    """
    asked = any(
        reference.kind == "QuestionId" and reference.id == RED_FLAGS
        for entry in (*scope.of("PathwayId"), *scope.of("PartId"))
        for reference in entry.notes.references
    )
    for entry in () if asked else scope.of("RedFlagId"):
        yield Finding(
            entry.file,
            scope.named(entry),
            f"no pathway asks about {quoted(entry.id)}",
            f"ask the question '{RED_FLAGS}' in a pathway or part",
        )


@rule("ledger-unknown", whole=True)
def ledger_unknown(scope: Scope) -> Iterator[Finding]:
    """A place in the ledger that is not there.

    The ledger proves that no statement of a seed was lost; a wrong place proves nothing.

    Wrong:  where: [check/some-check]
    Right:  where: [checks/some-check]
    """
    steps = _steps(scope)
    for entry in scope.of("Ledger"):
        for index, item in enumerate(entry.record or ()):
            for i, place in enumerate(item.where):
                path = scope.item(entry.file, (*scope.item(entry.file, (), index), "where"), i)
                wrong = _wrong_place(scope, place, steps)
                if wrong:
                    yield Finding(entry.file, path, *wrong)


def _steps(scope: Scope) -> tuple[str, ...] | None:
    """The name of every step, or None while a file that may hold some cannot be read."""
    names: dict[str, None] = {}
    for kind in ("PathwayId", "PartId"):
        for entry in filter(None, (scope.library.entry(kind, id) for id in scope.ids(kind))):
            data = scope.raw(entry.file, ())
            if not isinstance(data, dict) or scope.misspelt(entry, ()):
                return None
            steps = data.get("steps")
            names |= dict.fromkeys(steps if isinstance(steps, dict) else ())
    return tuple(names)


def _wrong_place(scope: Scope, place: str, steps: tuple[str, ...] | None) -> tuple[str, str] | None:
    kind, _, id = place.partition("/")
    kinds = ("steps", *LEDGER_KINDS)
    if kind not in kinds or not id:
        return (
            f"{quoted(place)} is no place",
            use_or(kind, kinds, f"write one of {', '.join(kinds)}, a slash and the id"),
        )
    if kind == "steps":
        known = steps
    else:
        name = LEDGER_KINDS[kind]
        known = scope.ids(name) if scope.readable(name) else None
    if known is None or id in known:
        return None
    places = tuple(f"{kind}/{each}" for each in known)
    return f"{quoted(place)} is not there", use_or(place, places, "name where it stands")


@rule("ledger-why", whole=True)
def ledger_why(scope: Scope) -> Iterator[Finding]:
    """A ledger entry that does not say why, or where.

    What is corrected, only noted, planned or left out says why. What is encoded or corrected says
    where.

    Wrong:  {seed: some-seed, says: ..., status: not-encoded}
    Right:  {seed: some-seed, says: ..., status: not-encoded, why: For children only.}
    """
    for entry in scope.of("Ledger"):
        for index, item in enumerate(entry.record or ()):
            path = scope.item(entry.file, (), index)
            if scope.misspelt(entry, path):
                continue
            if item.status != "encoded" and not item.why:
                yield Finding(
                    entry.file,
                    path,
                    f"the ledger does not say why this is {item.status}",
                    "add 'why:'",
                )
            elif item.status in ("encoded", "corrected") and not item.where:
                yield Finding(
                    entry.file,
                    path,
                    f"the ledger does not say where this is {item.status}",
                    "add 'where:', such as [steps/some-step]",
                )
