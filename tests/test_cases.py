"""The patients of tests/cases, each walked through the real command (tests/cases/README.md)."""

import json
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from dmadvisor.compile import compile_content
from dmadvisor.decode import Decoder
from dmadvisor.library import Library
from dmadvisor.model import (
    CheckId,
    PathwayId,
    PitfallId,
    QuestionId,
    RedFlagId,
    Referral,
    RegimenId,
    SpotId,
)
from dmadvisor.packed import COMPILED
from dmadvisor.records import Record
from dmadvisor.safety import Verdict
from dmadvisor.store import find_root
from dmadvisor.walk import tree_of
from dmadvisor.yamltext import read_yaml
from tests.harness import TODAY, run

FOLDER = Path(__file__).parent / "cases"
FILES = sorted(FOLDER.glob("*.yaml"))
GIVEN = ("start", "continue", "increase")
"""Actions by which a patient gets a drug; `with` goes along, `stop` and `taper` take away."""

KIND = re.compile(r"[A-Z][A-Z ]+\b:?")
"""The word that `plain` puts before an item."""

LISTED = (*GIVEN, "taper", "with")


class LeftOut(Record):
    """An expectation of a published case that is not asserted, and why."""

    line: str
    reason: str


class Amounts(Record):
    """What one patient gets of a drug, in the unit of its dose."""

    low: Decimal
    high: Decimal


class Case(Record):
    """One patient at one visit: what was answered, and what has to be said."""

    case: str
    source: str
    pathway: tuple[PathwayId, ...]
    answers: Mapping[QuestionId, tuple[str, ...]]
    step: SpotId
    done: Mapping[CheckId, str] = {}
    confirm: tuple[QuestionId, ...] = ()
    ends_in: PathwayId | None = None
    referral: Referral | None = None
    recommended: tuple[RegimenId, ...] | None = None
    verdicts: Mapping[RegimenId, Verdict] = {}
    doses: Mapping[RegimenId, Amounts] = {}
    offered: tuple[RegimenId, ...] = ()
    not_offered: tuple[RegimenId, ...] = ()
    checks: tuple[CheckId, ...] = ()
    gates: tuple[CheckId, ...] | None = None
    pitfalls: tuple[PitfallId, ...] = ()
    monitoring_says: tuple[str, ...] = ()
    red_flags: tuple[RedFlagId, ...] | None = None
    missing: tuple[QuestionId, ...] = ()
    conflicts_say: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    never_says: tuple[str, ...] = ()
    review_weeks: tuple[int, ...] | None = None
    left_out: tuple[LeftOut, ...] = ()


class Read(NamedTuple):
    """One file of cases as read: its cases, what is wrong in it, and the ids that it names."""

    cases: tuple[Case, ...]
    mistakes: tuple[str, ...]
    names: frozenset[tuple[str, str]]


def read_cases(raw: bytes, name: str) -> Read:
    """The cases of a file; every mistake as ``file:line: message; help``."""
    file = read_yaml(raw, name)
    decoder = Decoder()
    cases = decoder.decode(tuple[Case, ...], file.data) if file.data else ()
    mistakes = [f"{name}:{p.line}: {p.message}; {p.help}" for p in file.problems]
    for mistake in decoder.mistakes:
        path = mistake.path
        while path and path not in file.places:
            path = path[:-1]
        line = file.places[path].line if path else 1
        mistakes.append(f"{name}:{line}: {mistake.message}; {mistake.help}")
    names = {(each.kind, each.id) for each in decoder.references}
    for case in cases:
        names |= {("CheckId", id) for id in case.done}
        names |= {("RegimenId", id) for id in (*case.verdicts, *case.doses)}
        names |= {("QuestionId", id) for id in case.answers}
    return Read(cases, tuple(mistakes), frozenset(names))


READ = {file.name: read_cases(file.read_bytes(), file.name) for file in FILES}
WALKS = [
    pytest.param(case, pathway, id=f"{name.removesuffix('.yaml')}-{pathway}-{case.case[:60]}")
    for name, read in READ.items()
    for case in read.cases
    for pathway in case.pathway
]


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The content as a wheel carries it, so that a hundred runs need not parse its YAML each."""
    root = tmp_path_factory.mktemp("content") / "pathways"
    shutil.copytree(find_root(None), root)
    compiled = compile_content(root)
    (root / COMPILED).write_bytes(compiled)
    return str(root)


@pytest.mark.parametrize(("case", "pathway"), WALKS)
def test_case(case: Case, pathway: str, content: str) -> None:
    """The patient's answers end in this step, with these drugs, checks and words."""
    result = run(*arguments(case, pathway, content), "-f", "json")
    assert result.code == 0, result.err
    missed = [*of_step(case, pathway, result.data), *of_options(case, result.data),
              *of_lists(case, result.data)]  # fmt: skip
    if case.says or case.never_says:
        for format in ("plain", "text"):
            printed = run(*arguments(case, pathway, content), "-f", format)
            missed += of_words(case, " ".join(printed.out.split()), format)
    command = " ".join(f"-a {id}={','.join(words)}" for id, words in case.answers.items())
    assert not missed, "\n".join([*missed, f"dmadvisor advise {pathway} {command}"])


def arguments(case: Case, pathway: str, content: str) -> list[str]:
    """The command line of one case; what is not answered is unknown."""
    words = ["advise", pathway, "--pathways", content, "--missing", "unknown", "--today", TODAY]
    for id, answer in case.answers.items():
        words += ["-a", f"{id}={','.join(answer)}"]
    for check, day in case.done.items():
        words += ["--done", check if day == "yes" else f"{check}={day}"]
    words += [word for id in case.confirm for word in ("--confirm", id)]
    return words


def of_step(case: Case, pathway: str, data: dict[str, Any]) -> Iterator[str]:
    """What is wrong with where the walk ended."""
    yield from unequal("step", case.step, data["step"]["id"])
    yield from unequal("ends-in", case.ends_in or pathway, data["pathway"]["id"])
    if case.referral is not None:
        yield from unequal("referral", case.referral, data["step"]["referral"])
    if case.red_flags is not None:
        flags = [flag["id"] for flag in data["red_flags"]]
        yield from unequal("red-flags", sorted(case.red_flags), sorted(flags))
    if case.review_weeks is not None:
        yield from unequal("review-weeks", list(case.review_weeks), data["review"]["weeks"])


def of_options(case: Case, data: dict[str, Any]) -> Iterator[str]:
    """What is wrong with the drugs."""
    options = data["options"]
    usable = [option for option in options if option["verdict"] != "do-not-use"]
    given = {option["regimen"] for option in usable if option["action"] in GIVEN}
    listed = {option["regimen"] for option in usable if option["action"] in LISTED}
    if case.recommended is not None:
        found = {o["regimen"] for o in options if o["recommended"] and o["action"] in GIVEN}
        yield from unequal("recommended", sorted(case.recommended), sorted(found))
    verdicts = {option["regimen"]: option["verdict"] for option in options}
    for regimen, verdict in case.verdicts.items():
        yield from unequal(f"verdict on {regimen}", verdict, verdicts.get(regimen, "not listed"))
    doses = {option["regimen"]: option["dose"] or {} for option in options}
    for regimen, amounts in case.doses.items():
        found_ends = [doses.get(regimen, {}).get(end) for end in ("low", "high")]
        yield from unequal(f"dose of {regimen}", [amounts.low, amounts.high], found_ends)
    yield from (f"{id} is not offered" for id in case.offered if id not in listed)
    yield from (f"{id} is offered" for id in case.not_offered if id in given)


def of_lists(case: Case, data: dict[str, Any]) -> Iterator[str]:
    """What is wrong with the checks, pitfalls, monitoring, conflicts and open questions."""
    checks = {check["id"] for check in data["checks"]}
    pitfalls = {pitfall["id"] for pitfall in data["pitfalls"]}
    questions = {missing["question"] for missing in data["missing"]}
    yield from (f"check {id} is not listed" for id in case.checks if id not in checks)
    yield from (f"pitfall {id} is not listed" for id in case.pitfalls if id not in pitfalls)
    yield from (f"{id} is not listed as missing" for id in case.missing if id not in questions)
    if case.gates is not None:
        gates = [c["id"] for c in data["checks"] if c["gate"] and c["state"] == "outstanding"]
        yield from unequal("gates", sorted(case.gates), sorted(gates))
    watched = "\n".join(f"{watch['what']}: {watch['when']}" for watch in data["monitoring"])
    differing = json.dumps(data["conflicts"])
    yield from (f"monitoring never says: {t}" for t in case.monitoring_says if t not in watched)
    yield from (f"conflicts never say: {t}" for t in case.conflicts_say if t not in differing)


def of_words(case: Case, printed: str, format: str) -> Iterator[str]:
    """What is wrong with the printed words; where the lines break does not matter.

    A text that begins with the kind of an item, such as ``CHECK:``, is looked for in plain alone.
    """
    says = [text for text in case.says if format == "plain" or not KIND.match(text)]
    yield from (f"{format} never says: {text}" for text in says if text not in printed)
    yield from (f"{format} says: {text}" for text in case.never_says if text in printed)


def unequal(what: str, expected: object, found: object) -> Iterator[str]:
    """One sentence when the two differ."""
    if expected != found:
        yield f"{what}: expected {expected}, found {found}"


# -- the files themselves ---------------------------------------------------------------------


@pytest.mark.parametrize("name", list(READ))
def test_file_reads_clean(name: str) -> None:
    """A file of cases holds known keys only, each of the right kind."""
    assert not READ[name].mistakes
    assert READ[name].cases


@pytest.mark.parametrize("name", list(READ))
def test_names_exist(name: str) -> None:
    """A misspelt id would make `not-offered` hold for ever: every id that a case names exists."""
    library = Library(find_root(None))
    planned = library.question("taking").answers
    known: dict[str, set[str]] = {
        "SpotId": {str(s) for id in library.ids("PathwayId") for s in tree_of(library, id).steps},
        "RegimenId": {*library.ids("RegimenId"), *planned},
    }
    unknown = [
        f"{kind} {id}"
        for kind, id in sorted(READ[name].names)
        if id not in (known.get(kind) or library.ids(kind))
    ]
    assert not unknown


def test_sentences_differ() -> None:
    """Two cases with the same sentence could not be told apart when one of them fails."""
    sentences = [case.case for read in READ.values() for case in read.cases]
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
        for case in read.cases
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
    "a key given twice": (lambda text: text + "  step: confirm-age\n", "step"),
}


@pytest.mark.parametrize("what", list(BAD))
def test_mistake_is_found(what: str) -> None:
    """A mistake in a case is reported with its file and line, never passed over."""
    spoil, message = BAD[what]
    assert read_cases(GOOD.encode(), "x.yaml").mistakes == ()
    mistakes = read_cases(spoil(GOOD).encode(), "x.yaml").mistakes
    assert any(m.startswith("x.yaml:") and message in m for m in mistakes), mistakes
