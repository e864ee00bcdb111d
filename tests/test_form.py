"""The program's own proofs: each holds for the shipped content, and each can be broken."""

import gc
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import get_args

import pytest

from dmadvisor.answers import UNKNOWN
from dmadvisor.cli.proving import WAYS, own_rules
from dmadvisor.library import Library
from dmadvisor.model import ProofName
from dmadvisor.verify.everybody import Everybody
from dmadvisor.verify.form import Looked, dose_complete, no_dose_in_steps, step_complete, walk_ends
from dmadvisor.verify.printed import PROOFS, Ground, Ways
from tests.harness import run
from tests.paths import PATHWAYS, content
from tests.patients import TODAY
from tests.test_trees import changed


@cache
def ground(pathways: tuple[str, ...] = ("amyopathic",)) -> Ground:
    """One pathway with its patients; the command takes all."""
    gc.disable()
    return Ground(Everybody(content(), pathways), TODAY, WAYS)


def with_ways(ways: Ways) -> Ground:
    """The same patients, written and asked otherwise."""
    other = Ground(ground().everybody, TODAY, ways)
    other.witnesses = ground().witnesses
    other.__dict__["patients"] = ground().patients
    return other


def everybody(folder: Path, file: str, old: str, new: str) -> Everybody:
    """The shipped content with one change."""
    return Everybody(changed(folder, file, old, new).library, PATHWAYS)


def test_every_name_has_a_proof_and_a_rule() -> None:
    """What the content may name, the program has, and the content uses."""
    assert set(get_args(ProofName)) == set(PROOFS)
    assert {name for _, _, name in own_rules(content()).values()} == set(PROOFS)


@pytest.mark.parametrize("name", ["checks-printed", "flag-on-top", "two-ways-agree"])
def test_the_program_keeps_what_is_printed(name: ProofName) -> None:
    """In one pathway; nothing is wrong for any of some hundred patients."""
    looked = PROOFS[name](ground())
    assert looked.flaw is None
    assert looked.patients > 100


@pytest.mark.parametrize("prove", [walk_ends, step_complete, no_dose_in_steps, dose_complete])
def test_the_content_keeps_its_form(prove: Callable[[Everybody], Looked]) -> None:
    """For everybody, in every record."""
    assert prove(whole()).flaw is None


@cache
def whole() -> Everybody:
    """Everybody of the shipped content."""
    return Everybody(content(), PATHWAYS)


def test_everything_is_reached() -> None:
    """All that the ledger names stands in somebody's advice."""
    assert PROOFS["all-reached"](ground(PATHWAYS)).flaw is None


# -- broken ------------------------------------------------------------------------------------


def test_a_walk_that_does_not_end_is_found(tmp_path: Path) -> None:
    """Without its last branch a fork leaves somebody."""
    old = "    - {to: treat-lung-disease}\n"
    flaw = walk_ends(everybody(tmp_path, "parts/skin.yaml", old, "")).flaw
    assert flaw is not None
    assert flaw.patient is not None
    assert "'lung-disease'" in flaw.words


def test_a_step_without_a_reason_for_somebody_is_found(tmp_path: Path) -> None:
    """One whose reason counts for some only names somebody else."""
    old, new = (
        "    why: The age is unknown.\n",
        "    why: [{say: It is unknown., when: {sex: male}}]\n",
    )
    flaw = step_complete(everybody(tmp_path, "parts/entry.yaml", old, new)).flaw
    assert flaw is not None
    assert "has no reason for this patient" in flaw.words
    assert flaw.patient is not None
    assert "sex" not in flaw.patient.answers


def test_a_dose_in_a_sentence_is_found(tmp_path: Path) -> None:
    """However small."""
    old = "    do: These pathways are for adults; doses and risks change with age.\n"
    new = "    do: Give 5 mg.\n"
    flaw = no_dose_in_steps(everybody(tmp_path, "parts/entry.yaml", old, new)).flaw
    assert flaw is not None
    assert flaw.words.endswith("Give 5 mg.")


def test_a_dose_without_a_cap_is_found(tmp_path: Path) -> None:
    """It is named with its drug."""
    file = content().root / "regimens" / "azathioprine.yaml"
    words = file.read_text("utf-8")
    start = words.index("    cap:\n")
    end = next(
        n for n in range(start + 9, len(words)) if words[n - 1] == "\n" and words[n + 4] != " "
    )
    flaw = dose_complete(
        everybody(tmp_path, "regimens/azathioprine.yaml", words[start:end], "")
    ).flaw
    assert flaw is not None
    assert flaw.words == "A dose of azathioprine has no cap."


def test_a_regimen_that_nobody_sees_is_found(tmp_path: Path) -> None:
    """Encoded, but no step lists it."""
    root = changed(tmp_path, "ledger.yaml", "# Seed 000", "# Seed  000").library.root
    (root / "regimens" / "rest.yaml").write_bytes((root / "regimens/ivig.yaml").read_bytes())
    found = Everybody(Library(root), ("amyopathic",))
    flaw = PROOFS["all-reached"](Ground(found, TODAY, WAYS)).flaw
    assert flaw is not None
    assert "regimen 'rest'" in flaw.words


def test_a_check_that_a_format_leaves_out_is_found() -> None:
    """With the format, the check and the patient."""
    title = content().check("blood-count").title
    ways = WAYS._replace(formats={
        **WAYS.formats, "plain": lambda *a: WAYS.formats["plain"](*a).replace(title, "A test"),
    })  # fmt: skip
    flaw = PROOFS["checks-printed"](with_ways(ways)).flaw
    assert flaw is not None
    assert flaw.words == "plain leaves out the check 'blood-count'."
    assert flaw.patient is not None


def test_a_red_flag_below_the_fold_is_found() -> None:
    """Something stands before it."""
    ways = WAYS._replace(formats={
        **WAYS.formats, "text": lambda *a: f"Good morning.\n{WAYS.formats['text'](*a)}",
    })  # fmt: skip
    flaw = PROOFS["flag-on-top"](with_ways(ways)).flaw
    assert flaw is not None
    assert flaw.words == "text does not begin with the red flag."


def test_a_conversation_that_hears_something_else_is_found() -> None:
    """Here it takes every age for unknown."""
    ways = WAYS._replace(asked=lambda *a: {**WAYS.asked(*a), "age": UNKNOWN})
    flaw = PROOFS["two-ways-agree"](with_ways(ways)).flaw
    assert flaw is not None
    assert flaw.words == "Asked one by one the advice differs."


def test_a_proof_that_is_not_there_is_a_problem_for_lint(tmp_path: Path) -> None:
    """With the names that there are."""
    old, new = "then: {proof: walk-ends}", "then: {proof: walks-end}"
    root = changed(tmp_path, "safety/form.yaml", old, new).library.root
    found = run("lint", "--pathways", str(root))
    assert found.code == 1
    assert "walks-end" in found.out
    assert "walk-ends" in found.out


@pytest.mark.usefixtures("compiled")
def test_the_command_proves_one() -> None:
    """Beside the other rules, with what was looked at."""
    found = run("verify", "--rule", "every-walk-ends")
    assert found.code == 0
    assert found.out == "holds: every-walk-ends (everybody, on 4 pathways)\n"


@pytest.mark.usefixtures("compiled")
def test_json_counts_nothing_that_was_not_counted() -> None:
    """A proof over records has no paths; it has the same keys as any other rule."""
    rule = run("verify", "--rule", "every-dose-is-complete", "-f", "json").data["rules"][0]
    assert rule["holds"]
    assert (rule["paths"], rule["patients"]) == (None, None)
    assert rule["detail"] == "20 doses"
