"""Gaps, branches that nobody takes and lost steps: none is missed, and each is named."""

import shutil
from pathlib import Path

from dmadvisor.library import Library
from dmadvisor.verify.everybody import Everybody
from dmadvisor.verify.trees import dead_branches, gaps, lost_steps
from tests.paths import content


def changed(folder: Path, file: str, old: str, new: str) -> Everybody:
    """The shipped content with one change."""
    root = Path(shutil.copytree(content().root, folder / "pathways"))
    words = (root / file).read_text("utf-8")
    assert words.count(old) == 1
    (root / file).write_text(words.replace(old, new), "utf-8")
    library = Library(root)
    return Everybody(library, library.ids("PathwayId"))


def test_the_shipped_trees_leave_nobody_without_a_branch() -> None:
    """Nor is there a step to which nobody comes."""
    everybody = Everybody(content(), content().ids("PathwayId"))
    assert list(gaps(everybody)) == []
    assert lost_steps(everybody) == ()


def test_a_gap_is_named_with_a_patient(tmp_path: Path) -> None:
    """Without its last branch a fork has none for those whom the others leave."""
    old = "    - {to: treat-lung-disease}\n"
    found = list(gaps(changed(tmp_path, "parts/skin.yaml", old, "")))
    assert ("rash-only", "lung-disease") in [(gap.pathway, gap.place) for gap in found]
    assert {gap.answers["lungs"].words for gap in found} == {("abnormal",)}


def test_a_branch_that_nobody_takes_is_named(tmp_path: Path) -> None:
    """Here one behind another that takes everybody whom it would have taken."""
    old = "    - {when: {rash-extent: mild, treatment-so-far: relapse, takes-systemic: [yes"
    new = "    - {when: {rash-extent: mild, treatment-so-far: relapse}, to: fix-first}\n"
    everybody = changed(tmp_path, "parts/skin.yaml", old, new + old)
    dead = [branch.words for branch in dead_branches(everybody) if branch.place == "by-extent"]
    assert dead == [
        "rash-extent is mild and treatment-so-far is relapse and takes-systemic is yes or unknown, "
        "to fix-first"
    ]
