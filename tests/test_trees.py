"""Gaps, branches that nobody takes and lost steps: none is missed, and each is named."""

import shutil
from pathlib import Path

from dmadvisor.library import Library
from dmadvisor.verify.explore import explore
from dmadvisor.verify.space import Space
from dmadvisor.verify.trees import dead_branches, gaps, lost_steps
from tests.paths import content


def changed(folder: Path, file: str, old: str, new: str) -> Space:
    """The shipped content with one change."""
    root = Path(shutil.copytree(content().root, folder / "pathways"))
    words = (root / file).read_text("utf-8")
    assert words.count(old) == 1
    (root / file).write_text(words.replace(old, new), "utf-8")
    return Space(Library(root))


def test_the_shipped_trees_leave_nobody_without_a_branch() -> None:
    """Nor is there a step to which nobody comes."""
    space = Space(content())
    explored = {id: explore(space, id) for id in content().ids("PathwayId")}
    assert list(gaps(space, explored.values())) == []
    assert lost_steps(explored) == ()


def test_a_gap_is_named_with_a_patient(tmp_path: Path) -> None:
    """Without its last branch a fork has none for those whom the others leave."""
    old = "    - {to: treat-lung-disease}\n"
    space = changed(tmp_path, "parts/skin.yaml", old, "")
    found = list(gaps(space, [explore(space, "rash-only")]))
    assert [(gap.pathway, gap.place) for gap in found] == [("rash-only", "lung-disease")]
    answers = found[0].answers
    assert answers is not None
    assert answers["lungs"].words == ("abnormal",)


def test_a_branch_that_nobody_takes_is_named(tmp_path: Path) -> None:
    """Here one behind another that takes everybody whom it would have taken."""
    old = "    - {when: {rash-extent: mild, treatment-so-far: relapse, takes-systemic: [yes"
    new = "    - {when: {rash-extent: mild, treatment-so-far: relapse}, to: fix-first}\n"
    space = changed(tmp_path, "parts/skin.yaml", old, new + old)
    explored = {id: explore(space, id) for id in content().ids("PathwayId")}
    dead = [branch.words for branch in dead_branches(explored) if branch.place == "by-extent"]
    assert dead == [
        "rash-extent is mild and treatment-so-far is relapse and takes-systemic is yes or unknown, "
        "to fix-first"
    ]
