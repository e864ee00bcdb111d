"""Whether a nurse at night could misread the words that a reader sees."""

import re
from collections.abc import Iterator

from dmadvisor.library import Entry
from dmadvisor.lint.rules import rule
from dmadvisor.lint.scope import Finding, Scope, quoted
from dmadvisor.model import Cap, Dose, Question
from dmadvisor.yamltext import Path

TENFOLD = "it can be read as ten times as much"

UNSAFE = (
    (re.compile(r"(?<![\d.])\d+\.\d*0(?![\d./])"), f"leave out the zero at the end: {TENFOLD}"),
    (re.compile(r"(?<![\w.)])\.\d+"), f"write a zero before the point: {TENFOLD}"),
    (re.compile(r"[<>]=?"), "write 'below', 'above', 'at least' or 'at most'"),
    (re.compile(r"@"), "write 'at'"),
    (re.compile(r"&"), "write 'and'"),
    (
        re.compile(r"\b(od|bd|bid|tds|tid|qd|qid|qw|ow)\b", re.IGNORECASE),
        "write 'once a day' in words",
    ),
    (re.compile(r"(?<![\w.])\d*[Uu]\b(?![.\w-])"), "write 'units'"),
    (re.compile(r"(?<![A-Za-z])(ug|mcg)\b", re.IGNORECASE), "write 'micrograms'"),
    (re.compile(r"\bx ?\d+/\d+"), "write 'for 3 days' or 'for 2 weeks'"),
)
"""Shorthand on the lists of error-prone abbreviations, and what to write for it."""

DOSE = re.compile(
    r"\d[\d.,]*\s?(mg|g|kg|ml|micrograms?|milligrams?|grams?|units|iu)\b"
    r"(?!/(min|dl|l)\b| per (litre|minute))",
    re.IGNORECASE,
)


def _unsafe(text: str) -> Iterator[tuple[str, str]]:
    for pattern, help in UNSAFE:
        found = pattern.search(text)
        if found:
            yield found[0], help
    strange = next((c for c in text if ord(c) > 126 and c.isprintable()), None)
    if strange:
        yield ascii(strange)[1:-1], "write it in plain ASCII: 'at least', 'to', 'micrograms', '-'"


@rule("unsafe-dose-text")
def unsafe_dose_text(scope: Scope) -> Iterator[Finding]:
    """Shorthand that has killed patients, or a character that a screen may lose.

    A lost point turns 5.0 into 50; 'U' has been read as a zero; 'qd' as four times a day; a sign
    for 'at least' that a screen does not know becomes a question mark.

    Wrong:  .5 mg qd
    Right:  0.5 mg once a day
    """
    for entry, text, path in _reader_texts(scope):
        found = list(_unsafe(text))
        if found:
            words = ", ".join(quoted(word.strip()) for word, _ in found)
            yield Finding(
                entry, path, f"easily misread: {words}", "; ".join(help for _, help in found)
            )


def _reader_texts(scope: Scope) -> Iterator[tuple[str, str, Path]]:
    for entry in scope.entries:
        for text, path in entry.notes.texts:
            yield entry.file, text, path
        for record, path in entry.notes.records:
            if isinstance(record, (Dose, Cap, Question)) and record.unit:
                yield entry.file, record.unit, (*path, "unit")


@rule("dose-in-step")
def dose_in_step(scope: Scope) -> Iterator[Finding]:
    """A dose in the words of a step.

    A dose stands once, in the regimen's own file, with its cap and its adjustments. Repeated in a
    step, it is wrong for the first patient with bad kidneys, and stays when the regimen changes.

    Wrong:  do: Start some-drug 5 mg a day.
    Right:  offer: [{start: some-drug}]
    """
    help = "delete it: the regimen's own file gives the dose"
    for entry in (*scope.of("PathwayId"), *scope.of("PartId")):
        for path, dose in doses_in(entry):
            if path[:1] == ("steps",) and path[2:3] and path[2] in ("do", "why", "title"):
                yield Finding(entry.file, path, f"a dose in a step: {quoted(dose)}", help)


def doses_in(entry: Entry) -> Iterator[tuple[Path, str]]:
    """Each text of a record with a dose in it: where it stands, and the dose."""
    for text, path in entry.notes.texts:
        found = DOSE.search(text)
        if found:
            yield path, found[0]
