"""Whether every name that a record uses is the name of something."""

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from dmadvisor.amounts import SIZE_QUESTIONS
from dmadvisor.library import OWN_FILE, SHARED, Entry
from dmadvisor.lint.places import step_names
from dmadvisor.lint.rules import Run, rule
from dmadvisor.lint.scope import Finding, Scope, quoted, use_or
from dmadvisor.model import Demand, Dose, Situation
from dmadvisor.notes import Reference
from dmadvisor.safety import MACHINE_QUESTIONS, RED_FLAGS
from dmadvisor.yamltext import KEY, Path


class Kind(NamedTuple):
    """A kind of reference: its code ending, its noun, and where it is defined."""

    code: str
    noun: str
    where: str


KINDS = {
    "QuestionId": Kind("question", "question", "shared/questions.yaml"),
    "FactId": Kind("fact", "question or fact", "shared/questions.yaml or shared/facts.yaml"),
    "CheckId": Kind("check", "check", "shared/checks.yaml"),
    "PitfallId": Kind("pitfall", "pitfall", "shared/pitfalls.yaml"),
    "RegimenId": Kind("regimen", "regimen", "regimens/"),
    "ConflictId": Kind("conflict", "conflict", "shared/conflicts.yaml"),
    "CitationId": Kind("citation", "source", "shared/citations.yaml"),
    "PathwayId": Kind("pathway", "pathway", "the folder of the pathways"),
    "PartId": Kind("part", "part", "parts/"),
    "DueId": Kind("due", "kind", "shared/due.yaml"),
    "TopicId": Kind("topic", "topic", "the chapters in reference/"),
}

MANUAL = """A name that no {noun} has.

What is named and not there is never shown, and the reader would not know it. Every {noun}
is defined once, in {where},
and named by its id.

Wrong:  {wrong}
Right:  {right}
"""

SAMPLES = {
    "QuestionId": ("wieght: {below 40: too-light}", "weight: {below 40: too-light}"),
    "FactId": ("when: {wieght: below 40}", "when: {weight: below 40}"),
    "CheckId": ("checks: [some-chek]", "checks: [some-check]"),
    "PitfallId": ("pitfalls: [to-early]", "pitfalls: [too-early]"),
    "RegimenId": ("start: some-drg", "start: some-drug"),
    "ConflictId": ("conflicts: [which-frst]", "conflicts: [which-first]"),
    "CitationId": ("cites: [guidline-2025]", "cites: [guideline-2025]"),
    "PathwayId": ("no: hand over to othr", "no: hand over to other"),
    "PartId": ("uses: [entri]", "uses: [entry]"),
    "DueId": ("kind: blod-test", "kind: blood-test"),
    "TopicId": ("topics: [some-sing]", "topics: [some-sign]"),
}


def _unknown(kind: str) -> Run:
    def run(scope: Scope) -> Iterator[Finding]:
        if scope.readable(kind):
            found = _dangling(scope, kind)
            yield from islice(found, 1) if _no_file(scope, kind) else found
        if kind == "QuestionId":
            yield from _machine_questions(scope)

    return run


def _dangling(scope: Scope, kind: str) -> Iterator[Finding]:
    known = scope.ids(kind)
    for entry in scope.entries:
        for reference in entry.notes.references:
            if (
                reference.kind == kind
                and reference.id not in known
                and not _said_already(reference)
            ):
                yield _finding(scope, entry, reference, known)


def _said_already(reference: Reference) -> bool:
    """A line of a question tests the question that stands above it, which has its own reference."""
    return reference.kind == "FactId" and reference.path[-1] == KEY


def _no_file(scope: Scope, kind: str) -> bool:
    return kind in SHARED and SHARED[kind][0] not in scope.library.files


def _finding(scope: Scope, entry: Entry, reference: Reference, known: tuple[str, ...]) -> Finding:
    kind = KINDS[reference.kind]
    path = reference.path
    if reference.kind == "FactId":
        while path and path[-1] != reference.id:
            path = path[:-1]
        path = (*path, KEY)
    if _no_file(scope, reference.kind):
        return Finding(
            entry.file,
            path,
            f"there is no {kind.where}, where {quoted(reference.id)} belongs",
            f"write {kind.where}",
        )
    if reference.kind == "QuestionId" and reference.id in scope.ids("FactId"):
        return Finding(
            entry.file,
            path,
            f"{quoted(reference.id)} is worked out, not asked",
            "use it in a fork, or name a question",
        )
    add = f"add {quoted(reference.id)} to {kind.where}"
    if reference.kind in OWN_FILE:
        folder = OWN_FILE[reference.kind][0]
        add = f"write {folder + '/' if folder else ''}{reference.id}.yaml"
    return Finding(
        entry.file,
        path,
        f"no {kind.noun} is called {quoted(reference.id)}",
        use_or(reference.id, known, add),
    )


def _machine_questions(scope: Scope) -> Iterator[Finding]:
    if not scope.readable("QuestionId"):
        return
    known = scope.ids("QuestionId")
    for id in MACHINE_QUESTIONS:
        if id not in known:
            yield Finding(
                SHARED["QuestionId"][0],
                (id,),
                f"no question is called {quoted(id)}",
                f"add {quoted(id)}: the program itself looks at its answer",
            )
    for entry, dose, path in scope.records(Dose):
        for id in SIZE_QUESTIONS.get(dose.kind, ()):
            if id not in known:
                yield Finding(
                    entry.file,
                    (*path, "kind"),
                    f"no question is called {quoted(id)}",
                    f"add {quoted(id)} to shared/questions.yaml: this dose needs it",
                )


for _kind, (_code, _noun, _where) in KINDS.items():
    _wrong, _right = SAMPLES[_kind]
    rule(
        f"unknown-{_code}",
        MANUAL.format(noun=_noun, where=_where, wrong=_wrong, right=_right),
    )(_unknown(_kind))


@rule("unknown-red-flag")
def unknown_red_flag(scope: Scope) -> Iterator[Finding]:
    """A red flag without its answer, or an answer without its red flag.

    The answers of the question 'red-flags' and the records of shared/red-flags.yaml share their
    ids. An answer without a record would be chosen and then not shown.

    Wrong:  answers: {first-sign: ..., second-sign: ...}      with a record for one only
    Right:  the same, and a record 'second-sign' in shared/red-flags.yaml
    """
    question = scope.library.entry("QuestionId", RED_FLAGS)
    if question is None or question.record is None or not scope.readable("RedFlagId"):
        return
    if scope.broken(question, question.path):
        return
    flags = scope.ids("RedFlagId")
    record = question.record
    plain = {*record.alone, *record.means_unknown}
    for answer in record.answers:
        if answer not in flags and answer not in plain:
            path: Path = (RED_FLAGS, "answers", answer, KEY)
            yield Finding(
                question.file,
                path,
                f"no red flag is called {quoted(answer)}",
                use_or(
                    answer,
                    tuple(f for f in flags if f not in record.answers),
                    f"add {quoted(answer)} to shared/red-flags.yaml",
                ),
            )
    for entry in scope.of("RedFlagId") if scope.whole else ():
        if entry.id not in record.answers:
            yield Finding(
                entry.file,
                (entry.id, KEY),
                f"the question '{RED_FLAGS}' has no answer {quoted(entry.id)}",
                f"add it to the answers of '{RED_FLAGS}', or delete it here",
            )


@rule("unknown-step", whole=True)
def unknown_step(scope: Scope) -> Iterator[Finding]:
    """A name that no step has, in a safety rule.

    A rule about a step that is not there holds for nobody: 'verify' would prove less than the rule
    says. The steps are those of every pathway and part.

    Wrong:  when: {steps: go-hom}
    Right:  when: {steps: go-home}
    """
    known = step_names(scope)
    for kind in (Situation, Demand) if known is not None else ():
        for entry, record, path in scope.records(kind):
            for field in ("steps", "except_steps"):
                where = (*path, field.replace("_", "-"))
                for index, id in enumerate(getattr(record, field, ())):
                    if id not in (known or ()):
                        yield Finding(
                            entry.file,
                            scope.item(entry.file, where, index),
                            f"no step is called {quoted(id)}",
                            use_or(id, known or (), f"add {quoted(id)} to a pathway or part"),
                        )
