"""``advise --case`` and ``case``: what carries over, what is refused, and nothing lost."""

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from dmadvisor.casefile.reading import read_case
from dmadvisor.casefile.records import CaseFile, Visit
from dmadvisor.casefile.saving import bytes_of, locked
from tests.casebook import give, stored
from tests.harness import Result, run

pytestmark = pytest.mark.usefixtures("compiled")

FIRST = {
    "red-flags": "none", "age": "45", "sex": "female", "diagnosis": "confirmed", "weakness": "no",
    "previous-weakness": "no", "muscle-work-up": "normal", "rash-months": "3",
    "antibodies": "mi2,ro52", "treatment-so-far": "none", "rash-extent": "moderate",
    "pregnancy": "possible-contraception", "weight": "62", "medicines": "none", "egfr": "90",
    "conditions": "none", "qtc": "410", "blood-tests": "all-normal",
}  # fmt: skip
NEXT = {"red-flags": "none", "weakness": "no", "rash-extent": "mild"}


def visit(file: Path, day: str, answers: dict[str, str], *args: str) -> Result:
    """A visit in JSON; what is not answered is unknown."""
    flags = [word for id, text in answers.items() for word in ("-a", f"{id}={text}")]
    return run("advise", "rash-only", "--case", str(file), "--today", day, *flags,
               "--missing", "unknown", "-f", "json", *args)  # fmt: skip


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A case file with one visit on 2026-01-10."""
    path = tmp_path / "skin-7.yaml"
    result = visit(path, "2026-01-10", FIRST, "--save", "--done", "ecg=2026-01-05", "--done",
                   "blood-pressure")  # fmt: skip
    assert result.code == 0, result.err
    return path


def last(file: Path) -> Visit:
    return read_case(file)[0].visits[-1]


def given(result: Result) -> dict[str, Any]:
    return {turn["question"]: turn["answer"] for turn in result.data["turns"]}


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")


# -- starting and saving --------------------------------------------------------------------------


def test_nothing_is_written_without_a_word(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    result = visit(path, "2026-01-10", FIRST)
    assert result.code == 0
    assert "saved with --save" in result.err
    assert "not saved" in result.err
    assert list(tmp_path.iterdir()) == []


def test_the_label_is_the_name_of_the_file_or_as_given(file: Path, tmp_path: Path) -> None:
    assert read_case(file)[0].label == "skin-7"
    other = tmp_path / "b.yaml"
    assert visit(other, "2026-01-10", FIRST, "--save", "--label", "no: #x").code == 0
    assert read_case(other)[0].label == "no: #x"
    refused = visit(other, "2026-02-10", NEXT, "--label", "another")
    assert (refused.code, refused.out) == (2, "")
    assert "has the label 'no: #x'" in refused.err


@pytest.mark.parametrize("label", ["", "  ", "a\nb", "x" * 81])
def test_what_is_no_label_is_refused(label: str, tmp_path: Path) -> None:
    result = visit(tmp_path / "a.yaml", "2026-01-10", FIRST, "--save", "--label", label)
    assert (result.code, result.out) == (2, "")
    assert "not a label" in result.err


@pytest.mark.parametrize(
    "option",
    [("--save",), ("--label", "x"), ("--accept", "all"), ("--choose", "x"), ("--reason", "x"),
     ("--correct",)],
)  # fmt: skip
def test_options_of_a_case_need_one(option: tuple[str, ...]) -> None:
    result = run("advise", "rash-only", *option)
    assert (result.code, result.out) == (2, "")
    assert f"{option[0]} goes with --case" in result.err


def test_advice_in_a_case_file_is_the_advice_without_one(file: Path) -> None:
    flags = [word for id, text in FIRST.items() for word in ("-a", f"{id}={text}")]
    plain = run("advise", "rash-only", "--today", "2026-01-10", *flags, "--missing", "unknown",
                "-f", "json", "--done", "ecg=2026-01-05", "--done", "strength")  # fmt: skip
    beside = visit(file.with_name("b.yaml"), "2026-01-10", FIRST, "--done", "ecg=2026-01-05",
                   "--done", "strength")  # fmt: skip
    added = beside.data.keys() - plain.data.keys()
    assert added == {"case", "carried", "proposed", "chosen", "warnings", "since"}
    assert {key: beside.data[key] for key in plain.data} == plain.data


# -- what carries over ----------------------------------------------------------------------------


def test_answers_hold_from_the_day_on_which_they_were_given(file: Path) -> None:
    """The weight of January is good for 3 months, however often it was carried since."""
    second = visit(file, "2026-03-10", NEXT, "--save", "--accept", "all")
    assert "carried: weight = 62, from 2026-01-10" in second.err
    assert last(file).carried["weight"].isoformat() == "2026-01-10"
    third = visit(file, "2026-04-11", NEXT, "--accept", "all")
    assert "asked again: weight=62 of 2026-01-10: older than 3 months" in third.err
    assert "weight" not in given(third)
    assert "carried: antibodies = mi2,ro52, from 2026-01-10" in third.err
    assert third.data["carried"]["antibodies"] == "2026-01-10"


def test_what_belongs_to_a_visit_is_asked_again(file: Path) -> None:
    result = visit(file, "2026-01-20", {"red-flags": "none"})
    answered = given(result)
    assert answered["weakness"] == "unknown"
    for id in ("pregnancy", "medicines", "rash-extent", "treatment-so-far", "taking"):
        assert answered.get(id, "unknown") == "unknown", id


def test_a_new_answer_takes_the_place_of_a_carried_one(file: Path) -> None:
    result = visit(file, "2026-02-10", {**NEXT, "antibodies": "mda5", "weight": "62"}, "--save")
    assert given(result)["antibodies"] == "mda5"
    assert "antibodies" not in result.data["carried"]
    assert "weight" not in last(file).carried, "measured anew, though it is the same"
    again = visit(file, "2026-05-01", NEXT)
    assert "carried: antibodies = mda5, from 2026-02-10" in again.err
    assert "carried: weight = 62, from 2026-02-10" in again.err


def test_a_confirmed_answer_is_confirmed_as_long_as_it_is_carried(file: Path) -> None:
    """An unusual weight is confirmed once; another unusual one, or a clash, is questioned anew."""
    heavy = {**NEXT, "weight": "230", "height": "200"}
    assert visit(file, "2026-02-10", heavy, "--save").code == 2
    assert visit(file, "2026-02-10", heavy, "--save", "--confirm", "weight").code == 0
    assert visit(file, "2026-02-20", NEXT, "--save").code == 0
    third = visit(file, "2026-02-21", NEXT)
    assert third.code == 0
    assert "carried: weight = 230, from 2026-02-10" in third.err
    assert "--confirm weight" in visit(file, "2026-02-21", {**NEXT, "weight": "240"}).err
    clash = visit(file, "2026-02-21", {**NEXT, "onset-age": "50"})
    assert (clash.code, clash.out) == (2, "")
    assert "age=45 and onset-age=50" in clash.err or "onset-age=50 and age=45" in clash.err
    assert "is corrected with -a" in clash.err


def test_unknown_is_never_carried(file: Path) -> None:
    for text in ("unknown", "not-tested"):
        day = "2026-02-10" if text == "unknown" else "2026-02-11"
        assert visit(file, day, {**NEXT, "antibodies": text}, "--save").code == 0
        assert "carried: antibodies" not in visit(file, "2026-03-01", NEXT).err


def test_checks_carry_with_their_day_and_expire(file: Path) -> None:
    """An ECG holds 12 months; of the blood pressure nothing says how long."""
    soon = visit(file, "2026-02-10", NEXT, "--accept", "all")
    assert "carried: ecg, done on 2026-01-05" in soon.err
    assert "blood-pressure" not in soon.err
    states = {each["id"]: each["state"] for each in soon.data["checks"]}
    assert states["blood-pressure"] == "outstanding"
    late = visit(file, "2027-01-06", NEXT)
    assert "asked again: ecg, done on 2026-01-05: too old" in late.err


def test_a_leap_day_is_a_day(tmp_path: Path) -> None:
    path = tmp_path / "leap.yaml"
    assert visit(path, "2024-02-29", FIRST, "--save").code == 0
    assert "carried: age = 45" in visit(path, "2025-02-28", NEXT).err
    assert "asked again: age=45 of 2024-02-29" in visit(path, "2025-03-01", NEXT).err


def test_an_answer_that_the_content_has_no_more_is_asked_again_and_kept(file: Path) -> None:
    edit(file, "antibodies: [mi2, ro52]", "antibodies: [mi9]")
    edit(file, "      weight: 62\n", "      weight: 62\n      shoe-size: 9\n")
    result = visit(file, "2026-02-10", NEXT, "--save")
    assert result.code == 0
    assert "kept in the file: antibodies=mi9: 'antibodies' has no answer 'mi9'" in result.err
    assert "shoe-size=9: the content has no such question any more" in result.err
    assert given(result)["antibodies"] == "unknown"
    first = read_case(file)[0].visits[0]
    assert first.answers["antibodies"] == ("mi9",)
    assert first.answers["shoe-size"] == ("9",)


# -- what is proposed -----------------------------------------------------------------------------


def test_a_proposal_counts_only_when_it_is_accepted(file: Path) -> None:
    without = visit(file, "2026-02-14", NEXT)
    assert "proposed: weeks-on-treatment = 5, from 2026-01-10" in without.err
    assert "--accept" in without.err
    assert given(without)["treatment-so-far"] == "unknown"
    assert without.data["proposed"]["treatment-so-far"]["answer"] == "first-line"
    one = visit(file, "2026-02-14", NEXT, "--accept", "treatment-so-far")
    assert given(one)["treatment-so-far"] == "first-line"
    assert given(one)["taking"] == "unknown"
    every = visit(file, "2026-02-14", {**NEXT, "taking": "prednisone"}, "--accept", "all")
    assert given(every)["taking"] == "prednisone", "an answer wins over a proposal"
    assert every.data["proposed"] == {}


def test_that_nothing_failed_is_never_proposed(file: Path) -> None:
    """None at one visit says nothing of the next; what was named is proposed for ever."""
    none = {**NEXT, "tried": "none", "not-tolerated": "methotrexate"}
    assert visit(file, "2026-02-10", none, "--save").code == 0
    proposed = visit(file, "2026-03-10", NEXT).data["proposed"]
    assert "tried" not in proposed
    assert proposed["not-tolerated"] == {"answer": "methotrexate", "from": "2026-02-10"}


def test_only_what_is_proposed_can_be_accepted(file: Path) -> None:
    result = visit(file, "2026-02-14", NEXT, "--accept", "pregnancy")
    assert (result.code, result.out) == (2, "")
    assert "nothing is proposed" in result.err
    assert "weeks-on-treatment" in result.err


def test_what_failed_is_warned_of_when_it_is_left_out(file: Path) -> None:
    """Named once as not tolerated, it is proposed and warned of ever after."""
    tolerated = {**NEXT, "not-tolerated": "hydroxychloroquine", "tried": "none",
                 "treatment-so-far": "first-line", "taking": "none"}  # fmt: skip
    assert visit(file, "2026-02-14", tolerated, "--save").code == 0
    for day, answer in (("2026-03-14", "none"), ("2026-06-14", "none")):
        answers = {**FIRST, "not-tolerated": answer, "tried": "none"}
        result = visit(file, day, answers, "--save")
        assert result.data["warnings"] == [
            "Hydroxychloroquine was named under 'not-tolerated' on 2026-02-14 and is not today, "
            "and is recommended"
        ]
        assert "warning: Hydroxychloroquine" in result.err
    shown = run("case", "replay", str(file))
    assert shown.code == 0
    moved = visit(file, "2026-07-14", {**FIRST, "tried": "hydroxychloroquine"})
    assert moved.data["warnings"] == []
    left = visit(file, "2026-07-14", NEXT)
    assert left.data["proposed"]["not-tolerated"]["answer"] == "hydroxychloroquine"


# -- days -----------------------------------------------------------------------------------------


def test_a_visit_before_the_last_is_refused(file: Path) -> None:
    before = file.read_bytes()
    result = visit(file, "2026-01-09", NEXT, "--save")
    assert (result.code, result.out) == (2, "")
    assert "--today 2026-01-09: before the last visit" in result.err
    assert "(2026-01-10)" in result.err
    assert file.read_bytes() == before


def test_a_clock_that_was_set_back_is_named(file: Path) -> None:
    edit(file, "- date: 2026-01-10", "- date: 2190-01-10")
    result = run("advise", "rash-only", "--case", str(file), "--save")
    assert (result.code, result.out) == (2, "")
    assert "the clock says" in result.err
    assert "before the last visit" in result.err


def test_a_second_visit_on_one_day_only_corrects(file: Path) -> None:
    wrong = read_case(file)[0].visits[0]
    refused = visit(file, "2026-01-10", FIRST, "--save")
    assert (refused.code, refused.out) == (2, "")
    assert "has a visit on 2026-01-10 already" in refused.err
    right = {**FIRST, "antibodies": "mda5", "tried": "none"}
    assert visit(file, "2026-01-10", right, "--save", "--correct").code == 0
    visits = read_case(file)[0].visits
    assert len(visits) == 2
    assert visits[0] == wrong
    assert "carried: antibodies = mda5" in visit(file, "2026-02-10", NEXT).err
    nothing = visit(file, "2026-02-10", NEXT, "--correct")
    assert nothing.code == 2
    assert "has no visit on 2026-02-10" in nothing.err


def test_a_file_of_a_newer_format_is_left(file: Path) -> None:
    edit(file, "format: 1", "format: 2")
    before = file.read_bytes()
    for words in (("advise", "rash-only", "--case", str(file), "--save"),
                  ("case", "replay", str(file))):  # fmt: skip
        result = run(*words)
        assert (result.code, result.out) == (2, "")
        assert "is newer than this program" in result.err
    assert file.read_bytes() == before


# -- one at a time --------------------------------------------------------------------------------


def test_a_file_in_use_is_refused_at_once(file: Path) -> None:
    with locked(file):
        result = visit(file, "2026-02-10", NEXT, "--save")
    assert (result.code, result.out) == (2, "")
    assert "in use by another dmadvisor" in result.err


def test_what_changed_meanwhile_loses_nothing(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file is left, and the visit is told as a command that gives it again."""

    def meanwhile(case: CaseFile, raw: bytes, now: CaseFile) -> bytes:
        file.write_bytes(file.read_bytes() + b"# by hand\n")
        return bytes_of(case, raw, now)

    monkeypatch.setattr("dmadvisor.cli.casing.bytes_of", meanwhile)
    result = visit(file, "2026-02-10", NEXT, "--save", "--accept", "all", "--done", "strength")
    assert result.code == 2
    assert "was changed meanwhile; the visit was not saved" in result.err
    assert file.read_text("utf-8").endswith("# by hand\n")
    monkeypatch.undo()
    command = next(row for row in result.err.splitlines() if row.startswith("  dmadvisor "))
    again = run(*shlex.split(command)[1:])
    assert again.code == 0, again.err
    assert last(file).date.isoformat() == "2026-02-10"
    assert again.data["step"] == result.data["step"]
    assert "# by hand" in file.read_text("utf-8")


def test_writers_at_once_lose_nothing(file: Path) -> None:
    """Six programs save a visit each: who says so is in the file, the others are told."""
    start = "import sys; from dmadvisor.cli.app import main; main()"
    flags = [word for id, text in NEXT.items() for word in ("-a", f"{id}={text}")]
    running = {
        day: subprocess.Popen(
            [sys.executable, "-c", start, "advise", "rash-only", "--case", str(file), "--today",
             f"2026-02-1{day}", *flags, "--missing", "unknown", "--save"],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )
        for day in range(6)
    }  # fmt: skip
    errors = {day: process.communicate()[1] for day, process in running.items()}
    saved = {day for day, process in running.items() if process.returncode == 0}
    found = {visit.date.day - 10 for visit in read_case(file)[0].visits[1:]}
    assert saved
    assert found == saved
    for day in running.keys() - saved:
        assert running[day].returncode == 2
        assert "in use by another" in errors[day] or "before the last visit" in errors[day]


def test_a_reader_who_leaves_does_not_take_the_visit_along(file: Path) -> None:
    """``| head`` closes the output while the advice is written."""
    start = "import sys; from dmadvisor.cli.app import main; main()"
    reading, writing = os.pipe()
    os.close(reading)
    flags = [word for id, text in NEXT.items() for word in ("-a", f"{id}={text}")]
    command = [sys.executable, "-c", start, "advise", "--case", str(file), "--today", "2026-02-10"]
    done = subprocess.run([*command, *flags, "--missing", "unknown", "--save"], stdout=writing,
                          stderr=subprocess.PIPE, text=True, check=False)  # fmt: skip
    os.close(writing)
    assert done.returncode == 0, done.stderr
    assert "saved: the visit on 2026-02-10" in done.stderr
    assert last(file).date.isoformat() == "2026-02-10"


@pytest.mark.parametrize(
    ("name", "message"),
    [("none/a.yaml", "cannot be locked: No such file"), (".", "Is a directory")],
)
def test_a_place_that_cannot_hold_a_file(name: str, message: str, tmp_path: Path) -> None:
    result = run("advise", "rash-only", "--case", str(tmp_path / name), "--save")
    assert (result.code, result.out) == (2, "")
    assert message in result.err
    assert len(result.err.splitlines()) == 1


# -- another choice -------------------------------------------------------------------------------


def test_a_choice_is_kept_judged_and_shown_at_the_next_visit(tmp_path: Path) -> None:
    visits = stored("three-years").visits
    chosen = next(number for number, each in enumerate(visits) if each.choices)
    file = tmp_path / "a.yaml"
    for each in visits[: chosen + 2]:
        result = give(file, each, "-f", "json", "--save")
    told = result.data["chosen"]
    assert [(each["day"], each["regimen"]) for each in told] == [("2025-06-16", "mycophenolate")]
    assert told[0]["instead"] == ["ivig"]
    assert told[0]["reason"] == visits[chosen].choices[0].reason


def test_a_forbidden_choice_is_recorded_with_its_warning(file: Path) -> None:
    words = ("case", "choose", str(file), "hydroxychloroquine")
    edit(file, "qtc: 410", "qtc: 520")
    assert "without a reason" in run(*words).err
    result = run(*words, "--reason", "said: 'yes' #1")
    assert result.code == 0, result.err
    assert "today do not use" in result.out
    assert "Reason given: said: 'yes' #1" in result.out
    choice = last(file).choices[0]
    assert (choice.regimen, choice.action, choice.reason) == (
        "hydroxychloroquine", "start", "said: 'yes' #1")  # fmt: skip
    again = run(*words[:3], "hydroxychloroquine:stop", "--reason", "another thought")
    assert again.code == 0
    assert [each.action for each in last(file).choices] == ["stop"]
    later = visit(file, "2026-02-10", NEXT)
    assert (
        "hydroxychloroquine" not in later.data["proposed"].get("taking", {"answer": ""})["answer"]
    )


@pytest.mark.parametrize(
    ("regimen", "message"),
    [
        ("hydroxychlorquine", "did you mean 'hydroxychloroquine'?"),
        ("rituximab", "is not listed by the step 'start-hydroxychloroquine'"),
        ("hydroxychloroquine:begin", "no action 'begin'"),
    ],
)
def test_a_choice_that_cannot_be_is_refused(regimen: str, message: str, file: Path) -> None:
    before = file.read_bytes()
    result = run("case", "choose", str(file), regimen, "--reason", "x")
    assert (result.code, result.out) == (2, "")
    assert message in result.err
    beside = visit(file, "2026-01-10", FIRST, "--correct", "--choose", regimen, "--reason", "x",
                   "--save")  # fmt: skip
    assert (beside.code, beside.out) == (2, "")
    assert message in beside.err
    assert file.read_bytes() == before


def test_a_choice_needs_a_visit(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("label: a\n", "utf-8")
    result = run("case", "choose", str(file), "prednisone", "--reason", "x")
    assert result.code == 2
    assert "has no visit yet" in result.err


# -- replay ---------------------------------------------------------------------------------------


def test_a_replay_names_what_a_correction_by_hand_changes(file: Path) -> None:
    edit(file, "qtc: 410", "qtc: 520")
    result = run("case", "replay", str(file))
    assert result.code == 1
    assert "differs, under the same content" in result.out
    assert "hydroxychloroquine, verdict: may be given -> do not use" in " ".join(result.out.split())
    data = run("case", "replay", str(file), "-f", "json").data
    assert (data["case"], data["visits"][0]["same"]) == ("skin-7", False)
    whats = {each["what"] for each in data["visits"][0]["differences"]}
    assert {"option", "verdict", "recommended", "part"} & whats


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("antibodies: [mi2, ro52]", "antibodies: mi9", "'antibodies' has no answer 'mi9'"),
        ("      weakness: no\n", "", "'weakness' has no answer"),
        ("\n      ecg: ", "\n      ecgg: ", "- done ecgg: the content has no such check"),
        ("pathway: rash-only", "pathway: gone", "no pathway 'gone' any more"),
    ],
)
def test_a_replay_goes_on_past_what_cannot_be_read(
    old: str, new: str, message: str, file: Path
) -> None:
    edit(file, old, new)
    result = run("case", "replay", str(file))
    assert result.code == 1
    assert message in " ".join(result.out.split())


def test_under_other_content_each_difference_is_named(file: Path, compiled: Path) -> None:
    """Other content is no fault of the file: exit 0, and the next visit says so too."""
    other = file.parent / "pathways"
    subprocess.run(["cp", "-r", str(compiled), str(other)], check=True)
    (other / "compiled.pickle").unlink()
    regimen = other / "regimens" / "hydroxychloroquine.yaml"
    text = regimen.read_text("utf-8")
    regimen.write_text(text.replace("amount: 400\n", "amount: 200\n", 1), "utf-8")
    assert regimen.read_text("utf-8") != text
    result = run("case", "replay", str(file), "--pathways", str(other))
    assert result.code == 0, result.err
    words = " ".join(result.out.split())
    assert "differs, given from content" in words
    assert "hydroxychloroquine, dose: 300 mg per day -> 200 mg per day" in words
    later = visit(file, "2026-02-10", NEXT, "--pathways", str(other))
    differing = later.data["since"]["differing"]
    assert [each["date"] for each in differing] == ["2026-01-10"]
    changes = {(c["what"], c["before"], c["now"]) for c in differing[0]["differences"]}
    assert ("dose", "300 mg per day", "200 mg per day") in changes


def test_what_is_new_is_in_every_format(file: Path) -> None:
    flags = [word for id, text in NEXT.items() for word in ("-a", f"{id}={text}")]
    for format, sign in (("text", "  - Step:"), ("plain", "CHANGED: Step:"), ("markdown", "Step:")):
        shown = run("advise", "--case", str(file), "--today", "2026-02-10", *flags, "--accept",
                    "all", "--missing", "unknown", "-f", format)  # fmt: skip
        assert shown.code == 0, shown.err
        assert "Since 2026-01-10" in shown.out
        assert sign in shown.out
        assert shown.out.index("Since 2026-01-10") < shown.out.index("ith sun protection")


def test_an_open_question_keeps_the_file_and_names_what_is_proposed(file: Path) -> None:
    before = file.read_bytes()
    result = run("advise", "--case", str(file), "--today", "2026-02-10", "--save", "-f", "json")
    assert result.code == 3
    assert result.data["question"]["id"] == "red-flags"
    assert result.data["proposed"]["taking"]["from"] == "2026-01-10"
    assert json.dumps(result.data["carried"])
    assert file.read_bytes() == before
