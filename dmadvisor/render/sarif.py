"""Broken rules and findings as SARIF 2.1.0, which code hosts show beside the line."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path as FilePath
from pathlib import PurePosixPath
from typing import Any

from dmadvisor import __version__
from dmadvisor.library import Library
from dmadvisor.model import Branch
from dmadvisor.render.json import dumps
from dmadvisor.render.proofs import Command, Result
from dmadvisor.verify.findings import Finding, Where
from dmadvisor.walk import tree_of
from dmadvisor.yamltext import KEY, Path

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"

NOTES = {
    "gap": "A place where the answers of somebody lead nowhere.",
    "dead-branch": "A branch that nobody takes in any pathway.",
    "lost-step": "A step that nobody comes to.",
    "unasked-question": "A question that nobody is asked.",
    "unlisted-regimen": "A regimen that is listed for nobody.",
    "same-answers": "Answers that nothing in the content tells apart.",
    "overlap": "Two branches of a place for one patient, so that their order decides.",
}
"""What each kind of finding is."""

FAILING = "failing-case"


def render(
    library: Library,
    results: Iterable[Result],
    found: Iterable[Finding],
    command: Command,
    failed: Sequence[Mapping[str, Any]] = (),
) -> str:
    """Everything that is broken or worth a note, and cases that fail; what holds is left out."""
    library = library.uncompiled()
    broken = [result for result in results if not result.holds]
    notes = list(found)
    rules = [_rule(r.id, r.rule.says, r.rule.why) for r in broken]
    rules += [_rule(kind, NOTES[kind]) for kind in dict.fromkeys(note.kind for note in notes)]
    rules += [_rule(FAILING, "A case of whom something else is advised.")] if failed else []
    every = [*(_broken(library, r, command) for r in broken),
             *(_note(library, n, command) for n in notes),
             *(_failing(each) for each in failed)]  # fmt: skip
    driver = {
        "name": "dmadvisor verify",
        "semanticVersion": __version__,
        "rules": rules,
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"CONTENT": {"description": {"text": "The content folder"}}},
        "results": every,
    }
    return dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def _rule(id: str, says: str, why: str = "") -> dict[str, Any]:
    rule: dict[str, Any] = {"id": id, "shortDescription": {"text": says}}
    return {**rule, "fullDescription": {"text": f"{says} {why}"}} if why else rule


def _broken(library: Library, result: Result, command: Command) -> dict[str, Any]:
    found = result.counterexample
    said: list[str] = [result.rule.says, result.rule.why]
    if result.says:
        said.append(result.says)
    elif found is None:
        said.append("It is about nobody: no path meets what stands under 'when'.")
    if found is not None:
        answers = ", ".join(f"{id} = {answer.text}" for id, answer in found.answers.items())
        said.append(f"This patient breaks it, at the step {found.step}: {answers}.")
        said += [f"{found.than}."] if found.than else []
        said.append(f"See: {command(found.pathway, found.answers)}")
    where = (f"safety/{result.topic}.yaml", ("rules", result.id, KEY))
    return _result(library, result.id, "error", " ".join(said), where)


def _note(library: Library, note: Finding, command: Command) -> dict[str, Any]:
    words = f"{note.words[0].upper()}{note.words[1:]}."
    if note.answers is not None:
        words += f" See: {command(note.pathway, note.answers)}"
    level = "error" if note.kind == "gap" else "note"
    return _result(library, note.kind, level, words, place_of(library, note.where))


def _result(
    library: Library, id: str, level: str, words: str, where: tuple[str, Path]
) -> dict[str, Any]:
    file, path = where
    place = library.place(file, path)
    artifact = {"uri": file, "uriBaseId": "CONTENT"}
    return _located(
        id, level, words, artifact, {"startLine": place.line, "startColumn": place.column}
    )


def _failing(case: Mapping[str, Any]) -> dict[str, Any]:
    """A case that fails, at its line in the file that holds it."""
    words = f"{case['case']} ({case['pathway']}): {'; '.join(case['wrong'])}."
    file = FilePath(case["file"])
    inside = PurePosixPath("/", file.as_posix()).as_uri().removeprefix("file:///")
    uri = file.as_uri() if file.is_absolute() else inside
    return _located(FAILING, "error", words, {"uri": uri}, {"startLine": case["line"]})


def _located(
    id: str, level: str, words: str, artifact: dict[str, str], region: dict[str, int]
) -> dict[str, Any]:
    physical = {"artifactLocation": artifact, "region": region}
    locations = [{"physicalLocation": physical}]
    return {"ruleId": id, "level": level, "message": {"text": words}, "locations": locations}


def place_of(library: Library, where: Where) -> tuple[str, Path]:
    """The file of what a finding is about, and the path to it there."""
    if where.kind == "place":
        return next(_places(library, where), (f"{where.pathway}.yaml", ()))
    entry = library.entry(where.kind, where.id)
    if entry is None:
        return "content.yaml", ()
    return entry.file, (*entry.path, KEY) if entry.path else ()


def _places(library: Library, where: Where) -> Iterator[tuple[str, Path]]:
    """Where a place of a tree stands: in the pathway, else in a part that it uses."""
    pathway = tree_of(library, where.pathway).pathway
    layers = [("PathwayId", where.pathway), *(("PartId", part) for part in pathway.uses[::-1])]
    for entry in (library.entry(*layer) for layer in layers):
        for kind in ("questions", "forks", "steps") if entry else ():
            if entry and where.id in getattr(entry.record, kind):
                found = entry.notes.records
                lines = [p for r, p in found if isinstance(r, Branch) and p[:2] == (kind, where.id)]
                one = where.number is not None and where.number < len(lines)
                yield entry.file, lines[where.number or 0] if one else (kind, where.id, KEY)
