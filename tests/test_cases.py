"""The patients of tests/cases, each walked through the real command (tests/cases/README.md)."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dmadvisor.library import Library
from dmadvisor.store import find_root
from dmadvisor.verify.cases import Case, missed, of_words, read_cases, visits
from dmadvisor.verify.visits import Visit
from dmadvisor.walk import tree_of
from tests.harness import TODAY, run

LIBRARY = Library(find_root(None))
FOLDER = Path(__file__).parent / "cases"
FILES = sorted(FOLDER.glob("*.yaml"))
READ = {file.name: read_cases(file.read_bytes(), file.name, LIBRARY) for file in FILES}
WALKS = [
    pytest.param(case, visit, id=f"{name.removesuffix('.yaml')}-{visit.pathway}-{case.case[:60]}")
    for name, read in READ.items()
    for _, _, case in read.cases
    for visit in visits(LIBRARY, case)
]


@pytest.fixture(scope="module")
def content(compiled_content: Path) -> str:
    """The content as a wheel carries it, so that a hundred runs need not parse its YAML each."""
    return str(compiled_content)


@pytest.mark.parametrize(("case", "visit"), WALKS)
def test_case(case: Case, visit: Visit, content: str) -> None:
    """The patient's answers end in this step, with these drugs, checks and words."""
    wrong = list(missed(case, visit))
    for format in ("plain", "text") if case.says or case.never_says else ("plain",):
        printed = run(*arguments(case, visit.pathway, content), "-f", format)
        assert printed.code == 0, printed.err
        wrong += of_words(case, printed.out, format)
    command = " ".join(f"-a {id}={','.join(words)}" for id, words in case.answers.items())
    assert not wrong, "\n".join([*wrong, f"dmadvisor advise {visit.pathway} {command}"])


def arguments(case: Case, pathway: str, content: str) -> list[str]:
    """The command line of one case; what is not answered is unknown."""
    words = ["advise", pathway, "--pathways", content, "--missing", "unknown", "--today", TODAY]
    for id, answer in case.answers.items():
        words += ["-a", f"{id}={','.join(answer)}"]
    for check, day in case.done.items():
        words += ["--done", check if day == "yes" else f"{check}={day}"]
    words += [word for id in case.confirm for word in ("--confirm", id)]
    return words


# -- the files themselves ---------------------------------------------------------------------


@pytest.mark.parametrize("name", list(READ))
def test_file_reads_clean(name: str) -> None:
    """A file of cases holds known keys only, each of the right kind."""
    assert not READ[name].mistakes
    assert READ[name].cases


def test_sentences_differ() -> None:
    """Two cases with the same sentence could not be told apart when one of them fails."""
    sentences = [each.case.case for read in READ.values() for each in read.cases]
    assert len(set(sentences)) == len(sentences)


ELSEWHERE = {
    # A shared part brings the step along; this pathway hands such a patient over before it.
    ("amyopathic", "add-hydroxychloroquine"),
    # A patient with weakness, whatever its cause, is handed over to classic before it.
    ("rash-only", "taper-for-steroid-myopathy"),
    ("amyopathic", "taper-for-steroid-myopathy"),
}


def every_step() -> Iterator[tuple[str, str]]:
    """Every step of every pathway."""
    library = Library(find_root(None))
    for pathway in library.ids("PathwayId"):
        steps = tree_of(library, pathway).steps
        yield from ((pathway, step) for step in steps if (pathway, step) not in ELSEWHERE)


@pytest.mark.parametrize(("pathway", "step"), list(every_step()))
def test_step_is_reached(pathway: str, step: str) -> None:
    """Every step of a pathway is the end of some patient's walk."""
    ends = {
        (case.ends_in or begun, case.step)
        for read in READ.values()
        for _, _, case in read.cases
        for begun in case.pathway
    }
    assert (pathway, step) in ends, f"add a case that ends in {pathway}: {step}"


# -- what the reader of cases refuses ---------------------------------------------------------

GOOD = """\
- case: A rash
  source: made up
  pathway: rash-only
  answers: {red-flags: unknown}
  step: ask-red-flags
"""

BAD: dict[str, tuple[Callable[[str], str], str]] = {
    "an unknown key": (lambda text: text + "  pitfal: [teratogen]\n", "case has no 'pitfal'"),
    "no source": (lambda text: text.replace("source:", "origin:"), "case has no 'origin'"),
    "no step": (lambda text: text.replace("  step: ask-red-flags\n", ""), "case has no 'step'"),
    "an unknown verdict": (lambda text: text + "  verdicts: {ivig: maybe}\n", "not one of: offer"),
    "an unknown drug": (
        lambda text: text + "  not-offered: [ivigg]\n",
        "called 'ivigg'; use 'ivig'",
    ),
    "an unknown step": (
        lambda text: text.replace("step: ask-", "step: asks-"),
        "no step is called",
    ),
    "a key given twice": (lambda text: text + "  step: confirm-age\n", "step"),
}


@pytest.mark.parametrize("what", list(BAD))
def test_mistake_is_found(what: str) -> None:
    """A mistake in a case is reported with its file and line, never passed over."""
    spoil, message = BAD[what]
    assert read_cases(GOOD.encode(), "x.yaml", LIBRARY).mistakes == ()
    mistakes = read_cases(spoil(GOOD).encode(), "x.yaml", LIBRARY).mistakes
    assert any(m.startswith("x.yaml:") and message in m for m in mistakes), mistakes
