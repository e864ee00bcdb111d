"""What a reader sees, byte for byte.

A screen shows the checksum of the content as zeros: it changes when its words do, and not with
every edit elsewhere. ``pytest --update-screens`` rewrites them; the difference is reviewed.
"""

import re
import shutil
from pathlib import Path

import pytest

from tests.conftest import SCREENS, Screen
from tests.harness import TODAY, run

ROOT = Path(__file__).parent.parent

FIRST_VISIT = {
    "red-flags": "none",
    "age": "52",
    "sex": "female",
    "diagnosis": "confirmed",
    "weakness": "no",
    "previous-weakness": "no",
    "muscle-work-up": "normal",
    "rash-months": "3",
    "antibodies": "mi2",
    "treatment-so-far": "topical-only",
    "rash-extent": "moderate",
    "pregnancy": "possible-contraception",
    "weight": "62",
    "medicines": "none",
}
"""A first visit; the kidneys, the heart and the other conditions are not known yet."""

ESCALATION = {
    "red-flags": "none",
    "age": "52",
    "diagnosis": "confirmed",
    "weakness": "no",
    "previous-weakness": "no",
    "muscle-work-up": "normal",
    "rash-months": "5",
    "antibodies": "tif1g",
    "treatment-so-far": "first-line",
    "taking": "sun-protection,topical-corticosteroid,hydroxychloroquine",
    "weeks-on-treatment": "14",
    "response": "none",
    "fixable": "none",
    "steroid-bridge": "no",
    "tried": "hydroxychloroquine",
    "pregnancy": "not-possible",
    "weight": "62",
    "egfr": "88",
    "blood-tests": "all-normal",
    "hepatitis-b": "negative",
    "liver-disease": "no",
    "alcohol": "none",
    "lungs": "normal",
    "medicines": "none",
}
"""Fourteen weeks of hydroxychloroquine at full dose did not help."""

EXIT = {"red-flags": "breathing,skin-ulcer", "age": "52"}

BROKEN = """\
# A pathway with one mistake of several kinds.
title: A broken tree
population: Nobody.
reviewed: 2026-11-20
review-status: unreviewed
cites: [seed-rsh]
start: weakness
questions:
  weakness:
    yes: start-drug
    no: start-drugs
steps:
  start-drug:
    title: Start it
    do: Start with 5 mg once a day.
    why: "It is the first."
    ends: review
    offer:
      - start: hydroxychloroquin
    review: {weeks: [4], not-enough: no change}
    cites: [seed-rash]
"""


def explained(command: str, answers: dict[str, str], format: str) -> str:
    """Why, or what if, on a fixed day: neither shows a checksum."""
    flags = [word for id, text in answers.items() for word in ("-a", f"{id}={text}")]
    given = ("--today", TODAY, "--missing", "unknown", "-f", format)
    result = run(command, "rash-only", *given, *flags)
    assert (result.code, result.err) == (0, "")
    return result.out


def advise(answers: dict[str, str], format: str, *args: str) -> str:
    """Advice on a fixed day, with the checksum of the content as zeros."""
    flags = [word for id, text in answers.items() for word in ("-a", f"{id}={text}")]
    given = ("advise", "rash-only", "--today", TODAY, "--missing", "unknown", *flags, *args)
    checksum = run(*given, "-f", "json").data["content"]["sha256"]
    result = run(*given, "-f", format)
    assert (result.code, result.err) == (0, "")
    return result.out.replace(checksum, "0" * 64).replace(checksum[:12], "0" * 12)


FORMATS = {"text": "txt", "plain": "plain.txt", "markdown": "md", "json": "json"}


@pytest.mark.parametrize("format", FORMATS)
def test_a_first_visit(screen: Screen, format: str) -> None:
    done = ("--done", "eye-exam=2026-11-02", "--done", "blood-pressure")
    screen(f"first-visit.{FORMATS[format]}", advise(FIRST_VISIT, format, *done))


@pytest.mark.parametrize("command", ["why", "whatif"])
@pytest.mark.parametrize("format", ["text", "plain"])
def test_reasons_and_changes(screen: Screen, command: str, format: str) -> None:
    screen(f"{command}.{FORMATS[format]}", explained(command, ESCALATION, format))


def test_what_a_patient_takes_home(screen: Screen) -> None:
    screen("handout.txt", advise(FIRST_VISIT, "handout"))


def test_an_exit(screen: Screen) -> None:
    screen("exit.txt", advise(EXIT, "text"))


def test_an_escalation(screen: Screen) -> None:
    screen("escalation.txt", advise(ESCALATION, "text"))


def test_a_lint_report(screen: Screen, tmp_path: Path) -> None:
    content = shutil.copytree(ROOT / "pathways", tmp_path / "pathways")
    file = content / "broken.yaml"
    file.write_text(BROKEN, "utf-8")
    result = run("lint", str(file))
    assert result.code == 1
    screen("lint.txt", result.out + result.err)


def test_show_a_regimen(screen: Screen) -> None:
    screen("show.txt", run("show", "sun-protection").out)


def test_list(screen: Screen) -> None:
    screen("list.txt", run("list").out)


def test_find(screen: Screen) -> None:
    screen("find.txt", run("find", "trouble", "swallowing", "-n", "5").out)


def test_an_open_question(screen: Screen) -> None:
    result = run("advise", "rash-only", "-a", "red-flags=none", "-a", "age=52")
    assert (result.code, result.out) == (3, "")
    screen("open-question.txt", result.err)


def regimens() -> list[str]:
    return [row["id"] for row in run("list", "regimens", "-f", "json").data]


@pytest.mark.parametrize("regimen", regimens())
def test_show_prints_words_only(regimen: str) -> None:
    """Nothing on the screen comes from the inside of the program."""
    for format in ("text", "plain"):
        shown = run("show", regimen, "-f", format).out
        assert not re.search(r"\w+\(\w+=|\bNone\b|Decimal|<\w+ object", shown)


@pytest.mark.parametrize("format", ["text", "plain"])
def test_show_of_a_source_says_how_far_it_was_read(format: str) -> None:
    """What docs/safety.md promises."""
    note = run("show", "hcq-joint-2020", "-f", "json").data["source"]["note"]
    shown = run("show", "hcq-joint-2020", "-f", format).out
    assert note in " ".join(shown.split())


def test_screens_fit_80_columns_and_end_clean() -> None:
    """No control byte, no space at the end of a line, and no long line where lines are wrapped."""
    files = [file for file in SCREENS.iterdir() if file.suffix != ".json"]
    for file in files:
        text = file.read_text("utf-8")
        assert text.replace("\n", "").isprintable(), file.name
        assert not re.search(r"[ \t]$", text, re.MULTILINE), file.name
        wrapped = file.name not in ("lint.txt", "open-question.txt") and file.suffix != ".md"
        long = [line for line in text.splitlines() if len(line) > 80]
        assert not (wrapped and long), (file.name, long)
