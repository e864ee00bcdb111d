"""Patients over time: what each visit of a case file prints, and what is kept of it."""

from pathlib import Path

import pytest

from dmadvisor.casefile.proposing import proposals
from dmadvisor.casefile.reading import read_case
from dmadvisor.casefile.writing import case_text
from tests.casebook import FILES, FOLDER, comparable, give, stored
from tests.conftest import Screen
from tests.harness import run
from tests.paths import content

pytestmark = pytest.mark.usefixtures("compiled")

NAMES = [file.stem for file in FILES]


def without_checksums(text: str) -> str:
    sha256 = content().sha256
    return text.replace(sha256, "0" * 64).replace(sha256[:12], "0" * 12)


@pytest.mark.parametrize("name", NAMES)
def test_the_visits_of_a_case(name: str, screen: Screen, tmp_path: Path,
                              request: pytest.FixtureRequest) -> None:  # fmt: skip
    """Of the last visit all, of those before it the step and what is new."""
    file = tmp_path / "case.yaml"
    visits = stored(name).visits
    label = ("--label", stored(name).label)
    shown = []
    for visit in visits:
        result = give(file, visit, "--save", *label)
        assert result.code == 0, result.err
        assert f"saved: the visit on {visit.date}" in result.err
        sections = result.out.split("\n\n")
        last = visit is visits[-1] and name != "three-years"
        told = ("Since ", "Chosen\n", "Earlier visits")
        kept = sections if last else [sections[0], *(s for s in sections if s.startswith(told))]
        shown.append(f"==== {visit.date}\n\n" + "\n\n".join(part.rstrip("\n") for part in kept))
    screen(f"case-{name}.txt", without_checksums("\n\n".join(shown) + "\n"))
    kept_case = comparable(read_case(file)[0])
    if request.config.getoption("--update-screens"):
        (FOLDER / f"{name}.yaml").write_text(case_text(kept_case), "utf-8")
    assert kept_case == stored(name)


@pytest.mark.parametrize("name", NAMES)
def test_a_replay_of_what_was_just_saved_is_the_same(name: str, tmp_path: Path) -> None:
    file = tmp_path / "case.yaml"
    for visit in stored(name).visits:
        assert give(file, visit, "--save").code == 0
    result = run("case", "replay", str(file))
    assert result.code == 0
    assert result.out.count("same, byte for byte") == len(stored(name).visits)


def test_the_three_years_pass_all_four_pathways() -> None:
    ends = [visit.advice.pathway for visit in stored("three-years").visits]
    assert set(ends) == set(content().ids("PathwayId"))
    days = [visit.date for visit in stored("three-years").visits]
    assert (days[-1] - days[0]).days >= 3 * 365 - 10


def test_what_earlier_visits_propose(screen: Screen) -> None:
    """Each proposal beside what was answered then; a difference is the reader's own word."""
    lines = []
    for name in NAMES:
        case = stored(name)
        for number, visit in enumerate(case.visits[1:], 1):
            before = case._replace(visits=case.visits[:number])
            lines.append(f"==== {name} {visit.date}")
            for id, proposal in proposals(content(), before, visit.date).items():
                words = visit.answers.get(id)
                same = set(words or ()) == set(proposal.answer.words)
                told = "not asked" if words is None else f"not so: {','.join(words)}"
                lines.append(f"{id}: {proposal.answer.text}")
                lines.append(f"  {'accepted' if same else told}")
    screen("case-proposed.txt", "\n".join(wrapped(line) for line in lines) + "\n")


def wrapped(line: str) -> str:
    return line if len(line) <= 80 else line.replace(",", ",\n    ")
