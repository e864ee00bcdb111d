"""What ``verify`` reports: counts, SARIF, and findings on content that was broken on purpose."""

import gc
import io
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from dmadvisor.cli import screen
from dmadvisor.cli.options import HERE, folder_of, own_folder
from dmadvisor.conditions import Facts
from dmadvisor.library import Library
from dmadvisor.model import Demand, SafetyRule, Situation, SpotId, Text
from dmadvisor.render.proofs import Result, count
from dmadvisor.render.sarif import render
from dmadvisor.store import find_root
from dmadvisor.verify.counting import Counter, Covered
from dmadvisor.verify.diagram import Diagram
from dmadvisor.verify.everybody import Everybody
from dmadvisor.verify.findings import Finding, findings
from dmadvisor.verify.prover import Prover
from dmadvisor.verify.reach import branches
from tests.exploring import explore
from tests.harness import run
from tests.paths import content
from tests.test_trees import changed

RULE = "hydroxychloroquine-brings-eyes-and-ecg"


def found_in(library: Library, kind: str) -> list[Finding]:
    """The findings of one kind."""
    return [each for each in found_of(library) if each.kind == kind]


@cache
def found_of(library: Library) -> tuple[Finding, ...]:
    """Every finding."""
    return findings(Everybody(library, library.ids("PathwayId")))


# -- counts ------------------------------------------------------------------------------------


def test_a_count_is_the_number_of_patients_one_by_one() -> None:
    """Also where a set looks at only some of the variables."""
    diagram = Diagram([2, 3, 4, 2])
    some = diagram.both(diagram.where(1, [0, 2]), diagram.where(3, [1]))
    some = diagram.either(some, diagram.where(2, [3]))
    points = product(*(range(size) for size in diagram.sizes))
    assert diagram.count(some, frozenset(range(4))) == sum(diagram.has(some, p) for p in points)
    fewer = [(0, b, c, d) for b, c, d in product(range(3), range(4), range(2))]
    assert diagram.count(some, frozenset([1, 2, 3])) == sum(diagram.has(some, p) for p in fewer)


def test_paths_are_counted_one_by_one() -> None:
    """As many lead to a step as taking the ways to it one by one finds."""
    gc.disable()
    everybody = Everybody(content(), ("amyopathic",))
    counter = Counter(everybody)
    drawn, diagram = counter.drawn, counter.diagram
    found, reached = explore(drawn, "amyopathic"), everybody.reached["amyopathic"]
    can_be = diagram.all((drawn.everybody, *map(drawn, everybody.possible)))
    step, paths = SpotId("assess-response"), 0
    before = {str(step)}
    for way in reversed(found.ways):
        before |= {way.start} if way.end in before else set()
    ahead = [(str(found.tree.start), diagram.both(can_be, drawn(reached.places[step])))]
    while ahead:
        place, here = ahead.pop()
        paths += place == step
        ways = [way for way in found.ways if way.start == place and way.end in before]
        both = ((way.end, diagram.both(here, way.patients)) for way in ways)
        ahead += [each for each in both if each[1]]
    rule = SafetyRule(Text("So."), Text("So."), Demand(never=True), Situation(steps=(step,)))
    covered = counter.of(rule)
    assert covered.paths == paths > 100


@pytest.mark.parametrize(("number", "words"), [
    (1, "1 path"), (412, "412 paths"), (999_999, "999999 paths"), (32 * 10**11, "3.2e+12 paths"),
    (10**6, "1.0e+6 paths"),
])  # fmt: skip
def test_large_numbers_are_short(number: int, words: str) -> None:
    """Powers of ten from a million on."""
    assert count(number, "path") == words


@pytest.mark.usefixtures("compiled")
def test_json_has_the_counts_in_full() -> None:
    """As whole numbers."""
    rule = run("verify", "--rule", RULE, "-f", "json").data["rules"][0]
    assert rule["patients"] > rule["paths"] > rule["steps"] > 0


# -- findings ----------------------------------------------------------------------------------


def test_a_question_that_nobody_is_asked_is_named(tmp_path: Path) -> None:
    """Defined, but no tree asks it and no drug needs it."""
    old = "\nonset-age:\n"
    new = "\nshoe-size: {ask: 'Shoe size?', why: Nothing hangs on it., kind: number}\n"
    space = changed(tmp_path, "shared/questions.yaml", old, new + old)
    found = [each.data["question"] for each in found_in(space.library, "unasked-question")]
    known = [each.data["question"] for each in found_in(content(), "unasked-question")]
    assert [id for id in found if id not in known] == ["shoe-size"]


def test_a_regimen_that_is_listed_for_nobody_is_named(tmp_path: Path) -> None:
    """A copy of another that no step offers."""
    root = Path(shutil.copytree(content().root, tmp_path / "pathways"))
    shutil.copy(root / "regimens" / "physiotherapy.yaml", root / "regimens" / "rest.yaml")
    found = found_in(Library(root), "unlisted-regimen")
    assert [each.words for each in found] == ["regimen 'rest' is listed for nobody"]
    assert found_in(content(), "unlisted-regimen") == []


def test_answers_that_nothing_tells_apart_are_named(tmp_path: Path) -> None:
    """Two new answers that no condition names are alike."""
    old = "    cardiovascular:"
    space = changed(
        tmp_path, "shared/questions.yaml", old, f"    one: One\n    other: Other\n{old}"
    )
    found = [each.data["answers"] for each in found_in(space.library, "same-answers")]
    assert ["one", "other"] in found
    assert ["cardiovascular", "smoker"] in found


def test_an_overlap_has_a_patient_who_meets_both() -> None:
    """Asked for, it is shown with somebody who comes there and for whom both conditions hold."""
    everybody = Everybody(content(), ("amyopathic",))
    found = [each for each in findings(everybody) if each.kind == "overlap"]
    assert found
    for each in found:
        tree = everybody.reached[each.pathway].tree
        ways = branches(tree, each.data["place"])
        facts = Facts(content(), each.answers or {})
        for number in each.data["numbers"]:
            assert facts.holds(ways[number - 1].when), each.words


def test_an_overlap_is_named_with_both_branches() -> None:
    """Two red flags at once go the way that is written first."""
    found = [each.data for each in found_in(content(), "overlap") if each.data["place"] == "triage"]
    assert {"place": "triage", "numbers": [1, 2], "words": [
        "open-red-flags is breathing, to exit-lungs",
        "open-red-flags is swallowing, to exit-swallow",
    ]} in found  # fmt: skip


# -- SARIF -------------------------------------------------------------------------------------

BROKEN = (
    "  hydroxychloroquine-brings-eyes-and-ecg:\n",
    "  nobody-is-here:\n"
    "    says: Nobody.\n    why: To be broken.\n    when: {answers: {age: below 0}}\n"
    "    then: {checks: ecg}\n    covers: INV-01\n    cites: [expert-value]\n\n"
    "  everybody-has-an-ecg:\n"
    "    says: Everybody.\n    why: To be broken too.\n"
    "    then: {checks: ecg}\n    covers: INV-01\n    cites: [expert-value]\n\n",
)


@pytest.fixture(scope="module")
def sarif(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """What is written of two broken rules and of a tree with a gap, with the content folder."""
    folder = tmp_path_factory.mktemp("sarif")
    old = "    - {to: treat-lung-disease}\n"
    changed(folder, "parts/skin.yaml", old, "")
    root = folder / "pathways"
    for file in (root / "safety").glob("*.yaml"):
        words = file.read_text("utf-8")
        if BROKEN[0] in words:
            file.write_text(words.replace(BROKEN[0], BROKEN[1] + BROKEN[0]), "utf-8")
        else:
            file.unlink()
    library = Library(root)
    prover = Prover(library, library.ids("PathwayId"))
    results = []
    for id in ("nobody-is-here", "everybody-has-an-ecg", RULE):
        topic, rule = prover.rules[id]
        proof = prover.prove(id)
        results.append(Result(id, topic, rule, proof.holds, 1, Covered(1, 0, 0),
                              proof.counterexample))  # fmt: skip
    found = findings(prover.everybody)
    written = render(library, results, found, lambda pathway, _: f"dmadvisor advise {pathway}")
    return root, json.loads(written)


Log = tuple[Path, dict[str, Any]]


def test_sarif_has_what_the_standard_requires(sarif: Log) -> None:
    """SARIF 2.1.0, sections 3.13, 3.14, 3.18, 3.19, 3.27, 3.29, 3.30 and 3.49."""
    _, log = sarif
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("sarif-2.1.0.json")
    [one] = log["runs"]
    driver = one["tool"]["driver"]
    assert driver["name"]
    ids = [rule["id"] for rule in driver["rules"]]
    assert len(set(ids)) == len(ids)
    assert all(rule["shortDescription"]["text"] for rule in driver["rules"])
    assert one["results"]
    for result in one["results"]:
        assert result["ruleId"] in ids
        assert result["level"] in ("error", "note")
        assert result["message"]["text"]
        [location] = result["locations"]
        physical = location["physicalLocation"]
        assert physical["artifactLocation"]["uriBaseId"] in one["originalUriBaseIds"]
        assert physical["region"]["startLine"] >= 1
        assert physical["region"]["startColumn"] >= 1


def test_sarif_points_at_the_line(sarif: Log) -> None:
    """The line in the file begins with the rule, or is that of the place or branch."""
    root, log = sarif
    names: dict[str, set[str]] = {}
    for result in log["runs"][0]["results"]:
        physical = result["locations"][0]["physicalLocation"]
        file = root / physical["artifactLocation"]["uri"]
        line = file.read_text("utf-8").splitlines()[physical["region"]["startLine"] - 1]
        names.setdefault(result["ruleId"], set()).add(line.strip())
    assert names["nobody-is-here"] == {"nobody-is-here:"}
    assert names["everybody-has-an-ecg"] == {"everybody-has-an-ecg:"}
    assert names["gap"] == {"lung-disease:"}
    assert "- {to: clarify-treatment}" in names["dead-branch"]
    assert "onset-age:" in names["unasked-question"]


def test_sarif_names_what_is_broken_and_nothing_else(sarif: Log) -> None:
    """Errors are broken rules and gaps; a patient stands in the message."""
    results = sarif[1]["runs"][0]["results"]
    errors = {r["ruleId"]: r["message"]["text"] for r in results if r["level"] == "error"}
    assert errors.keys() == {"nobody-is-here", "everybody-has-an-ecg", "gap"}
    assert "It is about nobody" in errors["nobody-is-here"]
    assert "To be broken too. This patient breaks it, at the step" in errors["everybody-has-an-ecg"]
    assert "dmadvisor advise" in errors["everybody-has-an-ecg"]
    assert "dmadvisor advise" in errors["gap"]


@pytest.mark.usefixtures("compiled")
def test_the_command_writes_sarif() -> None:
    """A run in which all holds has no results."""
    written = run("verify", "--rule", RULE, "-f", "sarif")
    assert written.code == 0
    assert written.data["runs"][0]["results"] == []


# -- content of one's own ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped content with a rule that is broken and one that is about nobody."""
    root = tmp_path_factory.mktemp("broken") / "pathways"
    shutil.copytree(content().root, root)
    [file] = (f for f in (root / "safety").glob("*.yaml") if BROKEN[0] in f.read_text("utf-8"))
    file.write_text(file.read_text("utf-8").replace(BROKEN[0], BROKEN[1] + BROKEN[0]), "utf-8")
    return root


def test_the_command_of_a_patient_names_the_content_that_was_proved(broken: Path) -> None:
    """As it stands, it walks that content and not the shipped one."""
    found = run("verify", "--pathways", str(broken), "--rule", "everybody-has-an-ecg")
    assert found.code == 1
    [command] = (line for line in found.out.splitlines() if "dmadvisor advise" in line)
    words = shlex.split(command)
    assert words[-2:] == ["--pathways", str(broken)]
    digest = Library(broken).sha256[:12]
    assert f"({digest})" in " ".join(run(*words[1:]).out.split())


def test_content_at_hand_is_proved_and_named(broken: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As ``lint`` chooses it: ./pathways, or the folder in which one stands."""
    rule = ("verify", "--rule", "nobody-is-here")
    monkeypatch.delenv("DMADVISOR_PATHWAYS", raising=False)
    monkeypatch.chdir(broken.parent)
    found = run(*rule)
    assert (found.code, found.err) == (1, "0 of 1 rules hold for every patient of pathways\n")
    monkeypatch.chdir(broken / "safety")
    assert run(*rule).err == f"0 of 1 rules hold for every patient of {broken}\n"


def test_the_shipped_content_needs_no_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor does a copy of the program that stands beside it, whatever leads there."""
    shipped = find_root(None)
    monkeypatch.chdir(shipped.parent)
    assert folder_of(HERE) == "pathways"
    assert own_folder("pathways") is None
    assert own_folder(None) is None
    assert own_folder(str(shipped / "safety" / "..")) is None


def test_annotations_name_the_file_from_the_current_directory(
    broken: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that a code host puts them beside the line."""
    root = Path(shutil.copytree(broken, tmp_path / "pathways"))
    (root / "safety" / "wrong.yaml").write_text("rules: 1\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    for given in ("pathways", str(root)):
        found = run("lint", "--pathways", given, "-f", "github")
        assert "::error file=pathways/safety/wrong.yaml,line=1," in found.out


@pytest.mark.parametrize("args", [
    ("lint",),
    ("verify", "--rule", "nobody-is-here"),
    ("verify", "--rule", "nobody-is-here", "-f", "json"),
])  # fmt: skip
def test_the_verdict_stays_when_the_reader_has_gone(
    broken: Path, tmp_path: Path, args: tuple[str, ...]
) -> None:
    """A pipe that is closed before anything is written does not make wrong content right."""
    root = Path(shutil.copytree(broken, tmp_path / "pathways"))
    if args == ("lint",):
        (root / "safety" / "wrong.yaml").write_text("rules: 1\n", "utf-8")
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "dmadvisor", *args, "--pathways", str(root)]
    done = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)
    assert done.returncode == 1, done.stderr
    assert b"Traceback" not in done.stderr


# -- on a terminal -----------------------------------------------------------------------------


class Terminal(io.StringIO):
    """A stream that says that it is a terminal."""

    def isatty(self) -> bool:
        """It is one."""
        return True


@pytest.mark.parametrize(("term", "told"), [("xterm", True), ("dumb", False)])
def test_a_bar_is_for_terminals_that_can_take_it_back(
    monkeypatch: pytest.MonkeyPatch, term: str, *, told: bool
) -> None:
    """It fits the line, and nothing of it is left."""
    stream = Terminal()
    monkeypatch.setenv("TERM", term)
    monkeypatch.setattr(sys, "stderr", stream)
    assert screen.tells_progress() is told
    screen.show_progress(40, 160, "a-rule" * 20)
    bar = stream.getvalue().removeprefix("\r\x1b[K")
    assert bar.startswith("[#####...............] 41 of 160: a-rule")
    assert len(bar) == 79
    screen.clear_progress()
    assert stream.getvalue().endswith("\r\x1b[K")


@pytest.mark.usefixtures("compiled")
def test_no_bar_goes_into_a_file() -> None:
    """Nor into a test."""
    said = run("verify", "--rule", RULE).err
    assert re.fullmatch("1 of 1 rules hold for every patient of [^\n]+/compiled/pathways\n", said)
