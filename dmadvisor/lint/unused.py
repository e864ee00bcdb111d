"""What nothing names, and what the ledger says of places that are not there."""

from collections.abc import Iterator

from dmadvisor.amounts import SIZE_QUESTIONS
from dmadvisor.lint.links import KINDS
from dmadvisor.lint.places import step_names, wrong_place
from dmadvisor.lint.rules import FILE_CODES, Run, rule
from dmadvisor.lint.scope import Finding, Scope, quoted
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
    steps = {"steps": step_names(scope)}
    for entry in scope.of("Ledger"):
        for index, item in enumerate(entry.record or ()):
            for i, place in enumerate(item.where):
                path = scope.item(entry.file, (*scope.item(entry.file, (), index), "where"), i)
                wrong = wrong_place(scope, place, steps)
                if wrong:
                    yield Finding(entry.file, path, *wrong)


@rule("ledger-why", whole=True)
def ledger_why(scope: Scope) -> Iterator[Finding]:
    """A ledger entry that does not say why, or where.

    What is corrected, only noted or left out says why. What is encoded or corrected says where.

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
