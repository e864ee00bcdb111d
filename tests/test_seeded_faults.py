"""Faults put into a copy of the content on purpose: the proof finds each, with a patient."""

import gc
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from dmadvisor.advice import advise
from dmadvisor.library import Library
from dmadvisor.outcome import Advice
from dmadvisor.verify.prover import Prover
from dmadvisor.walk import answered_unknown
from tests.paths import content
from tests.patients import TODAY


class Fault(NamedTuple):
    """One change to one file, the rule that has to find it, and the step where a patient is."""

    name: str
    file: str
    changes: dict[str, str]
    rule: str
    step: str = ""


FAULTS = (
    Fault(
        "methotrexate is offered while pregnancy is unknown",
        "regimens/methotrexate.yaml",
        {
            "    say: Harms the unborn child. Not": "    settled-by: ecg\n    say: Harms. Not",
            "- when: {pregnancy: planning}": "- settled-by: ecg\n    when: {pregnancy: planning}",
        },
        "unknown-pregnancy-is-no-better-than-the-worst",
    ),
    Fault(
        "300 mg becomes 3000",
        "regimens/hydroxychloroquine.yaml",
        {"{amount: 300, say:": "{amount: 3000, say:"},
        "hydroxychloroquine-never-above-its-limits",
    ),
    Fault(
        "the ECG is removed",
        "regimens/hydroxychloroquine.yaml",
        {"  - check: ecg\n": "  - check: weight\n"},
        "hydroxychloroquine-brings-eyes-and-ecg",
    ),
    Fault(
        "a taper becomes a stop",
        "parts/control.yaml",
        {"      - taper: prednisone\n": "      - stop: prednisone\n"},
        "no-step-stops-a-steroid",
    ),
    Fault(
        "week 26 becomes week 12",
        "classic.yaml",
        {"review: {weeks: [2, 4, 12, 26], not": "review: {weeks: [2, 4, 12, 14], not"},
        "rituximab-is-judged-at-week-26",
        "start-for-muscle-and-lungs",
    ),
    Fault(
        "lung disease takes away the test of strength",
        "classic.yaml",
        {
            "every-step:\n  checks:\n    - {check: strength}": "every-step:\n  checks:\n"
            "    - {check: strength, when: {lungs: {not: abnormal}}}"
        },
        "worse-lungs-never-make-it-milder",
    ),
)


@pytest.fixture(autouse=True)
def _no_garbage() -> Iterator[None]:
    """Keep Python from looking for garbage among the nodes of a proof, as the program does."""
    gc.disable()
    yield
    gc.enable()
    gc.collect()


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_seeded_fault_is_found_with_a_patient(fault: Fault, tmp_path: Path) -> None:
    """The rule is broken by a patient, whom the answers really lead to that step."""
    root = Path(shutil.copytree(content().root, tmp_path / "pathways"))
    (root / "compiled.pickle").unlink(missing_ok=True)
    file = root / fault.file
    words = file.read_text("utf-8")
    for old, new in fault.changes.items():
        assert old in words
        words = words.replace(old, new)
    file.write_text(words, "utf-8")
    library = Library(root)
    proof = Prover(library, library.ids("PathwayId")).prove(fault.rule)
    assert proof.is_met
    found = proof.counterexample
    assert found is not None
    answers = answered_unknown(library, found.pathway, dict(found.answers))
    advised = advise(library, found.pathway, answers, TODAY)
    assert isinstance(advised, Advice)
    assert advised.step.id == found.step
    assert fault.step in ("", found.step)
