"""What ``find`` finds, and what it says where there is nothing."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from dmadvisor.describe import kinds_of
from dmadvisor.search import Finder
from dmadvisor.spelling import folded
from tests.harness import Result, run
from tests.paths import content

pytestmark = pytest.mark.usefixtures("compiled")

QUERIES = Path(__file__).parent / "find-queries.yaml"
ENOUGH = 36
"""So many of the queries have to have what is wanted as the first or second."""


@pytest.fixture(scope="module")
def finder() -> Finder:
    return Finder(content())


def find(*words: str) -> list[dict[str, str]]:
    """What is found, best first."""
    found: list[dict[str, str]] = run("find", *words, "-f", "json").data
    return found


def test_what_people_look_for_comes_first_or_second(finder: Finder) -> None:
    queries: list[dict[str, Any]] = yaml.safe_load(QUERIES.read_text("utf-8"))
    missed = []
    for query in queries:
        best = [(found.kind, found.id) for found in finder.search(query["find"])[:2]]
        if (query["kind"], query["id"]) not in best:
            missed.append((query["find"], best))
    assert len(queries) == 40
    assert len(missed) <= len(queries) - ENOUGH, missed


def named() -> Iterator[tuple[str, str, str]]:
    for kind, word in (("RegimenId", "regimen"), ("RedFlagId", "red flag")):
        for id in content().ids(kind):
            record = content().get(kind, id)
            yield from ((name, word, id) for name in (id, record.title, *record.also_called))


def test_every_name_of_a_regimen_or_red_flag_finds_it(finder: Finder) -> None:
    """Among the first five: some names are those of several."""
    lost = [
        (name, id)
        for name, kind, id in named()
        if (kind, id) not in [(found.kind, found.id) for found in finder.search(name)[:5]]
    ]
    assert lost == []


def test_every_regimen_has_another_name() -> None:
    ids = content().ids("RegimenId")
    assert [id for id in ids if not content().regimen(id).also_called] == []


def test_whatever_is_found_can_be_shown(finder: Finder) -> None:
    for words in ("taper prednisone", "pregnant", "lungs", "cancer", "children", "dose"):
        for found in finder.search(words):
            assert kinds_of(content(), found.show), found


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Oesophagus", "esophagus"),
        ("haemoglobin", "HEMOGLOBIN"),
        ("tumour search", "tumor-search"),
        ("immunisation", "immunization"),
        ("eye-exam", " Eye  exam"),
        ("Sjögren", "sjogren"),
    ],
)
def test_ways_of_writing_fold_into_one(one: str, other: str) -> None:
    assert folded(one) == folded(other)


def test_a_regimen_comes_before_what_is_told_of_it() -> None:
    assert [found["kind"] for found in find("methotrexate")][:2] == ["regimen", "pitfall"]


def test_a_name_written_in_one_word_is_found() -> None:
    assert find("sun", "screen")[0]["id"] == "sun-protection"


def test_a_step_is_shown_with_its_pathway() -> None:
    step = find("next-for-calcinosis")[0]
    assert (step["kind"], step["show"]) == ("step", "dmadvisor show refractory")


def test_an_answer_is_named_as_it_is_given_and_found_once() -> None:
    found = find("tried", "Plaquenil", "-n", "50")
    ids = [each["id"] for each in found if each["id"].endswith("=hydroxychloroquine")]
    assert ids == ["tried=hydroxychloroquine"]
    assert "dmadvisor show tried" in [each["show"] for each in found]


def test_a_screen_says_by_which_name_it_was_found() -> None:
    assert (
        "    regimen, also called Plaquenil: dmadvisor show hydroxychloroquine"
        in run("find", "plaquenil").out
    )
    assert "also called" not in run("find", "hydroxychloroquine", "-n", "1").out


def test_every_format_has_the_same_order() -> None:
    ids = [found["id"] for found in find("liver")]
    plain = run("find", "liver", "-f", "plain").out.splitlines()
    text = [row for row in run("find", "liver").out.splitlines() if row[:1] != " "]
    assert [row.split(": ")[1] for row in plain] == ids
    assert [row.split(": ")[0] for row in text] == ids


def test_ten_are_shown_or_as_many_as_are_asked_for() -> None:
    asked: tuple[tuple[str, ...], ...] = ((), ("-n", "3"), ("--limit", "25"))
    assert [len(find("skin", *more)) for more in asked] == [10, 3, 25]


def failure(result: Result) -> tuple[int, str, str]:
    assert result.err.count("\n") == 1
    return result.code, result.out, result.err


def test_nothing_found_is_said_and_no_other_name_guessed() -> None:
    code, out, err = failure(run("find", "qwmethtrxte"))
    assert (code, out) == (1, "")
    assert "nothing is called 'qwmethtrxte'" in err
    assert "methotrexate" not in err
    assert "see 'dmadvisor list'" in err
    code, out, err = failure(run("find", "qqqqq", "-f", "json"))
    assert (code, out) == (1, "[]\n")
    assert "see 'dmadvisor list'" in err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("", "  "), "there is no word in"),
        (("?!",), "there is no word in '?!'"),
        (("eye\x1b[2Jtest",), r"'eye\x1b[2Jtest' cannot be looked for"),
        (("a" * 201,), "at most 200 printable characters"),
    ],
)
def test_what_cannot_be_looked_for_is_one_clear_line(words: tuple[str, ...], said: str) -> None:
    code, out, err = failure(run("find", *words))
    assert (code, out) == (2, "")
    assert said in err


@pytest.mark.parametrize("words", [(), ("eye", "-n", "0"), ("eye", "-n", "many")])
def test_wrong_use_is_refused(words: tuple[str, ...]) -> None:
    assert run("find", *words).code == 2


@pytest.mark.parametrize(
    ("id", "said"),
    [
        ("plaquenil", "did you mean 'hydroxychloroquine' (regimen, also called Plaquenil)"),
        ("next-for-calcinosi", "did you mean 'refractory' (step next-for-calcinosis)"),
        ("rash-onl", "did you mean 'rash-only'"),
        ("zzz", "no thing is called 'zzz'; see 'dmadvisor list'"),
    ],
)
def test_show_says_what_is_called_so(id: str, said: str) -> None:
    code, out, err = failure(run("show", id))
    assert (code, out) == (2, "")
    assert said in err


@pytest.mark.parametrize("id", ["hydroxychloroquine", "eye-exam", "amyopathic", "heart"])
def test_show_prints_the_other_names(id: str) -> None:
    library = content()
    kind = next(kind for kind in kinds_of(library, id) if kind != "QuestionId")
    names = ", ".join(library.get(kind, id).also_called)
    assert names
    assert f"ALSO CALLED: {names}" in " ".join(run("show", id, "-f", "plain").out.split())
    assert "Also called" in run("show", id).out
