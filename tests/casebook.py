"""The case files of tests/casefiles: each visit given again through the command line."""

from pathlib import Path

from dmadvisor.casefile.reading import read_case
from dmadvisor.casefile.records import CaseFile, Content, Visit
from tests.harness import Result, run

FOLDER = Path(__file__).parent / "casefiles"
FILES = sorted(FOLDER.glob("*.yaml"))
NOTHING = Content("2026-11-20", "0" * 64)
"""What stands in the files of the tests for the content: it changes with every edit."""


def stored(name: str) -> CaseFile:
    """A case file of the tests."""
    return read_case(FOLDER / f"{name}.yaml")[0]


def flags(visit: Visit) -> list[str]:
    """The options that give a visit; what was carried over is left to the file."""
    words = ["--today", str(visit.date)]
    for id, answer in visit.answers.items():
        if id not in visit.carried:
            words += ["-a", f"{id}={','.join(answer)}"]
    for id, day in visit.done.items():
        words += ["--done", id if day == "yes" else f"{id}={day}"]
    for id in visit.confirmed:
        words += ["--confirm", id]
    for choice in visit.choices:
        words += ["--choose", f"{choice.regimen}:{choice.action}", "--reason", choice.reason]
    return words


def give(file: Path, visit: Visit, *args: str) -> Result:
    """Run one visit of a case file."""
    run_words = ("advise", visit.pathway, "--case", str(file), *flags(visit))
    return run(*run_words, "--missing", "unknown", *args)


def comparable(case: CaseFile) -> CaseFile:
    """A case file without what changes with every edit of the content."""
    visits = tuple(
        visit._replace(
            content=NOTHING, program="", advice=visit.advice._replace(sha256="", parts={})
        )
        for visit in case.visits
    )
    return case._replace(visits=visits)
