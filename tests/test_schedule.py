"""When things fall due: each day here was counted by hand."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmadvisor.casefile.records import Choice, Visit
from dmadvisor.casefile.schedule import Due, schedule
from dmadvisor.casefile.windows import Count, windows
from dmadvisor.model import Monitoring, Period, Rhythm, Span, Text, Unit
from dmadvisor.problems import UsageError
from tests.courses import EMPTY, STARTED_AGAIN, THREE_VISITS, bare, content, due, visit
from tests.harness import TODAY, run
from tests.visits import FIRST_RASH, FIRST_WEAKNESS, KNOWN, SECOND_RASH

pytestmark = pytest.mark.usefixtures("compiled")

START = date(2026, 1, 10)
FIRST = visit("classic", FIRST_WEAKNESS, START)
"""Prednisone, methotrexate, folic acid and hydroxychloroquine begin on 10 January 2026."""

BLOODS = "Blood count, liver and kidney tests"
EYES = "Retinal screening for everyone"


def days(found: list[Due]) -> list[tuple[str, str, str]]:
    return [(str(each.first), str(each.due), str(each.last)) for each in found]


# -- windows by hand --------------------------------------------------------------------------


def test_blood_tests_every_2_weeks() -> None:
    """Due 14, 28, 42 days after the start; 6 days to both sides, so that no two meet."""
    found = due((FIRST,), START, BLOODS, "methotrexate", weeks=6)
    assert days(found) == [
        ("2026-01-18", "2026-01-24", "2026-01-30"),
        ("2026-02-01", "2026-02-07", "2026-02-13"),
        ("2026-02-15", "2026-02-21", "2026-02-27"),
    ]
    assert {each.kind for each in found} == {"blood-test"}
    assert "bsr-dmard-2017" in found[0].sources


def test_the_eyes_after_5_years() -> None:
    """Eight weeks to both sides, and then yearly, which is told when it is near."""
    found = due((FIRST,), START, EYES)
    assert days(found) == [("2030-11-15", "2031-01-10", "2031-03-07")]
    later = due((FIRST,), date(2030, 12, 1), EYES, weeks=104)
    assert [str(each.due) for each in later] == ["2031-01-10", "2032-01-10"]


def test_a_check_is_due_at_its_visit() -> None:
    found = due((FIRST,), START, "Fracture risk")
    assert days(found) == [("2026-01-10", "2026-01-10", "2026-01-17")]
    assert found[0].regimens == ("prednisone",)


def test_the_eyes_have_a_year_unless_the_first_dose_waits_for_them() -> None:
    """Counted from the start of the drug; with known disease the result comes first."""
    found = due((FIRST,), START, "Eye examination with the macula")
    assert days(found) == [("2026-01-10", "2027-01-10", "2027-01-10")]
    assert found[0].regimens == ("hydroxychloroquine",)
    known = visit("rash-only", {**FIRST_RASH, "conditions": "retinal-disease"}, START)
    waits = due((known,), START, "Eye examination with the macula")
    assert all(each.last == date(2026, 1, 17) for each in waits)


def test_an_ecg_that_waits_for_nothing_is_done_once() -> None:
    no_qt = {id: text for id, text in FIRST_RASH.items() if id not in ("qtc", "heart")}
    assert len(due((visit("rash-only", no_qt, START),), START, "ECG")) == 1
    with_ecg = visit("rash-only", no_qt, START, {"ecg": date(2026, 1, 5)})
    assert due((with_ecg,), START, "ECG") == []


def test_tpmt_is_measured_once() -> None:
    """Whoever gets azathioprine has it due until it was done, and never again."""
    chosen = (Choice("azathioprine", "start", "plans a child"),)
    without = {id: text for id, text in FIRST_WEAKNESS.items() if id != "tpmt"}
    asked = visit("classic", without, START, choices=chosen)
    assert [each.regimens for each in due((asked,), START, "TPMT")] == [("azathioprine",)]
    done = visit("classic", without, START, {"tpmt": START}, choices=chosen)
    assert due((done,), date(2030, 1, 1), "TPMT") == []
    assert due((FIRST,), START, "TPMT") == []


def test_reviews_of_a_step() -> None:
    """Weeks 2, 6, 12 and 24, two weeks to both sides, none before the visit itself."""
    assert days(due((FIRST,), START, "Look again")) == [
        ("2026-01-10", "2026-01-24", "2026-02-07"),
        ("2026-02-07", "2026-02-21", "2026-03-07"),
        ("2026-03-21", "2026-04-04", "2026-04-18"),
        ("2026-06-13", "2026-06-27", "2026-07-11"),
    ]


def test_taper_decisions() -> None:
    """Weeks 2, 6 and 12 of prednisone, one week to both sides, and the dose at 6 months."""
    found = [e for e in schedule(content(), (FIRST,), START, 12) if e.kind == "taper"]
    assert days(found) == [
        ("2026-01-17", "2026-01-24", "2026-01-31"),
        ("2026-02-14", "2026-02-21", "2026-02-28"),
        ("2026-03-28", "2026-04-04", "2026-04-11"),
        ("2026-07-04", "2026-07-11", "2026-07-18"),
    ]


def test_a_bridge_of_prednisone_ends() -> None:
    """For the skin alone the source gives a range, which is the window: 12 to 16 weeks."""
    bridge = visit("rash-only", SECOND_RASH, START)
    found = [e for e in schedule(content(), (bridge,), START, 12) if e.kind == "stop"]
    assert days(found) == [("2026-04-04", "2026-04-04", "2026-05-02")]
    assert found[0].regimens == ("prednisone",)


def test_a_stop_to_consider_12_months_after_the_steroid() -> None:
    """Five months of remission in February 2026: the steroid ended in September 2025."""
    quiet = bare(date(2026, 2, 28), {}, "methotrexate", remission_months="5")
    found = [e for e in schedule(content(), (quiet,), quiet.date, 12) if e.kind == "stop"]
    assert days(found) == [("2026-08-31", "2026-09-28", "2026-10-26")]
    assert (found[0].start, found[0].regimens) == (date(2025, 9, 28), ("methotrexate",))


def test_a_result_that_expires_before_a_first_dose() -> None:
    """An ECG holds 12 months for a first dose that still waits for something else."""
    qt = FIRST_RASH | {"medicines": "qt-drug"}
    del qt["qtc"], qt["heart"], qt["blood-tests"], qt["egfr"]
    waits = visit("rash-only", qt, START, {"eye-exam": date(2025, 3, 31)})
    found = [e for e in schedule(content(), (waits,), START, 12) if e.kind == "expiry"]
    assert days(found) == [("2026-03-17", "2026-03-31", "2026-03-31")]
    assert found[0].what.startswith("Eye examination with the macula: the result of 2025-03-31")


# -- over several visits ----------------------------------------------------------------------


def again(day: date, weeks: int, **done: date) -> Visit:
    """A later visit at which methotrexate goes on."""
    return bare(
        day,
        {"methotrexate": "continue"},
        "methotrexate",
        {id.replace("_", "-"): each for id, each in done.items()},
        weeks_on_treatment=str(weeks),
    )


BEGUN = bare(START, {"methotrexate": "start"})


def bloods(day: date) -> dict[str, date]:
    return {"blood_count": day, "liver_tests": day, "kidney_function": day}


def test_done_late_counts() -> None:
    """Due on 24 January, done on 5 February: the next one counts from then."""
    second = again(date(2026, 2, 6), 4, **bloods(date(2026, 2, 5)))
    found = due((BEGUN, second), date(2026, 2, 6), BLOODS, weeks=2)
    assert [str(each.due) for each in found] == ["2026-02-19"]


def test_only_part_of_a_test_closes_nothing() -> None:
    second = again(date(2026, 2, 6), 4, blood_count=date(2026, 2, 5))
    found = due((BEGUN, second), date(2026, 2, 6), BLOODS)
    assert [(str(each.due), each.state) for each in found] == [("2026-01-24", "overdue")]


def test_a_rhythm_changes_when_the_dose_is_stable() -> None:
    """At full dose for 6 weeks or more by 4 April: then monthly for 3 months, then 12 weeks."""
    second = again(date(2026, 4, 4), 8, **bloods(date(2026, 4, 4)))
    found = due((BEGUN, second), date(2026, 4, 4), BLOODS, weeks=30)
    assert [str(each.due) for each in found] == [
        "2026-05-04", "2026-06-04", "2026-07-04", "2026-09-26"
    ]  # fmt: skip


def test_a_regimen_that_was_stopped_has_no_windows() -> None:
    stopped = bare(date(2026, 3, 1), {"methotrexate": "stop"}, "methotrexate")
    assert due((BEGUN, stopped), date(2026, 3, 1), "", "methotrexate") == []
    gone = bare(date(2026, 3, 1), {}, "none")
    assert due((BEGUN, gone), date(2026, 3, 1), "", "methotrexate") == []


def test_what_was_stopped_and_begun_again_counts_from_the_new_start() -> None:
    gone = bare(date(2026, 3, 1), {}, "none")
    new = bare(date(2026, 6, 1), {"methotrexate": "start"})
    found = due((BEGUN, gone, new), date(2026, 6, 1), BLOODS, weeks=2)
    assert [(str(e.due), str(e.start)) for e in found] == [("2026-06-15", "2026-06-01")]
    old = due((BEGUN,), START, BLOODS, weeks=2)
    assert {e.uid("x") for e in old}.isdisjoint(e.uid("x") for e in found)


def test_blood_counts_go_on_for_a_year_after_rituximab() -> None:
    """Ended on 1 July 2026: a count every 2 to 3 months until 1 July 2027, and nothing else."""
    begun = bare(START, {"rituximab": "start"})
    over = bare(date(2026, 7, 1), {}, "none", {"blood-count": date(2026, 7, 1)})
    found = due((begun, over), date(2026, 7, 1), "", "rituximab", weeks=104)
    assert {each.what[:11] for each in found} == {"Blood count"}
    assert [str(each.due) for each in found] == [
        "2026-09-01", "2026-11-01", "2027-01-01", "2027-03-01", "2027-05-01", "2027-07-01"
    ]  # fmt: skip
    assert str(found[0].last) == "2026-10-01"


def test_a_choice_takes_the_place_of_what_was_recommended() -> None:
    chosen = (Choice("azathioprine", "start", "plans a child"),)
    found = schedule(content(), (FIRST._replace(choices=chosen),), START, 12)
    named = {regimen for each in found for regimen in each.regimens}
    assert "azathioprine" in named
    assert named.isdisjoint(("methotrexate", "folic-acid"))


def test_a_risk_found_later_is_due_when_it_was_found() -> None:
    """Weak kidneys in year 3: the eyes, seen at the start alone, are due at once."""
    begun = bare(START, {"hydroxychloroquine": "start"}, egfr="90", medicines="none",
                 conditions="none", done={"eye-exam": START})  # fmt: skip
    weak = bare(date(2029, 1, 10), {}, "hydroxychloroquine", egfr="45", medicines="none",
                conditions="none")  # fmt: skip
    found = due((begun, weak), weak.date, "Retinal screening from the start", weeks=0)
    assert days(found) == [("2029-01-10", "2029-01-10", "2029-03-07")]


# -- calendar ---------------------------------------------------------------------------------


def test_a_leap_day() -> None:
    """A year after 29 February ends on the 28th, four years after on the 29th."""
    begun = bare(date(2028, 2, 29), {"hydroxychloroquine": "start"})
    found = due((begun,), begun.date, "Kidney function", weeks=52 * 5)
    assert [str(each.due) for each in found][:2] == ["2029-02-28", "2030-02-28"]
    assert str(due((begun,), begun.date, EYES)[0].due) == "2033-02-28"


def test_the_end_of_a_year() -> None:
    begun = bare(date(2026, 12, 28), {"methotrexate": "start"})
    found = due((begun,), begun.date, BLOODS, weeks=3)
    assert days(found) == [("2027-01-05", "2027-01-11", "2027-01-17")]


def test_overdue_first_then_by_day() -> None:
    found = schedule(content(), (FIRST,), date(2026, 3, 1), 12)
    late = [each.state == "overdue" for each in found]
    assert late == sorted(late, reverse=True)
    assert any(late)
    for state in (True, False):
        group = [each.due for each in found if (each.state == "overdue") is state]
        assert group == sorted(group)


def test_nothing_is_foretold_after_what_is_overdue() -> None:
    found = due((BEGUN,), date(2026, 3, 1), BLOODS)
    assert [(str(each.due), each.state) for each in found] == [("2026-01-24", "overdue")]


# -- properties -------------------------------------------------------------------------------

UNITS: tuple[Unit, ...] = ("days", "weeks", "months", "years")


@st.composite
def spans(draw: st.DrawFn) -> Span:
    low = draw(st.integers(1, 30))
    return Span(low, low + draw(st.integers(0, 10)), draw(st.sampled_from(UNITS)))


@st.composite
def items(draw: st.DrawFn) -> Monitoring:
    weeks = tuple(sorted(draw(st.sets(st.integers(0, 60), max_size=4))))
    first = draw(st.none() | spans())
    repeat = [Rhythm(draw(spans()), draw(spans())) for _ in range(draw(st.integers(0, 2)))]
    if draw(st.booleans()):
        repeat.append(Rhythm(draw(spans())))
    return Monitoring(what=Text("It"), weeks=weeks, first=first, repeat=tuple(repeat))


DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@given(items(), DAYS, DAYS, st.lists(DAYS, max_size=6), st.integers(1, 60))
def test_windows_are_in_order(
    item: Monitoring, start: date, today: date, done: list[date], size: int
) -> None:
    """From, due, until; each once; of what is late only one; none before the start."""
    history = tuple(sorted({day for day in done if day >= start}))
    count = Count(start, start, history=history)
    ahead = today + timedelta(days=400)
    found = list(windows(item, Period(size, "days"), count, lambda *_: None, today, ahead))
    assert all(start <= w.first <= w.due <= w.last for w in found)
    assert len({w.number for w in found}) == len(found)
    assert sum(w.last < today for w in found) <= 1


@given(st.permutations(["2026-01-10", "2026-02-21", "2026-04-18"]))
def test_the_order_of_the_visits_does_not_matter(order: list[str]) -> None:
    by_day = {
        "2026-01-10": BEGUN,
        "2026-02-21": again(date(2026, 2, 21), 6, **bloods(date(2026, 2, 20))),
        "2026-04-18": again(date(2026, 4, 18), 14, **bloods(date(2026, 4, 17))),
    }
    found = schedule(content(), tuple(by_day[day] for day in order), date(2026, 5, 1), 26)
    expected = schedule(content(), tuple(by_day.values()), date(2026, 5, 1), 26)
    assert found == expected
    assert len({each.uid("x") for each in found}) == len(found)


# -- the command ------------------------------------------------------------------------------


def scheduled(*args: str) -> list[dict[str, Any]]:
    result = run("schedule", *args, "-f", "json")
    assert (result.code, result.err) == (0, "")
    found: list[dict[str, Any]] = result.data["due"]
    return found


def test_from_flags_it_is_the_visit_of_today() -> None:
    flags = [word for id, text in FIRST_RASH.items() for word in ("-a", f"{id}={text}")]
    found = scheduled("rash-only", *flags, "--today", TODAY)
    eyes = next(each for each in found if str(each["what"]).startswith(EYES))
    assert (eyes["due"], eyes["counted_from"]) == ("2031-11-20", TODAY)


def test_a_case_of_three_visits() -> None:
    found = scheduled("--case", str(THREE_VISITS), "--today", "2026-05-01")
    bloods_due = next(e for e in found if e["what"] == "Creatinine, eGFR and albumin")
    assert bloods_due["for"] == ["azathioprine"]
    assert bloods_due["counted_from"] == "2026-01-10"
    named = {regimen for each in found for regimen in each["for"]}
    assert named.isdisjoint(("methotrexate", "hydroxychloroquine"))


def test_a_case_in_which_a_drug_begins_again() -> None:
    found = scheduled("--case", str(STARTED_AGAIN), "--today", "2028-03-10")
    starts = {e["counted_from"] for e in found if "hydroxychloroquine" in e["for"]}
    assert starts == {"2028-02-29"}


def test_an_empty_case() -> None:
    assert scheduled("--case", str(EMPTY), "--today", TODAY) == []
    assert "No visit yet" in run("schedule", "--case", str(EMPTY), "--today", TODAY).out


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--case", str(THREE_VISITS), "--today", "2026-04-01"], "has a visit on 2026-04-18"),
        (["classic", "--case", str(THREE_VISITS)], "the file holds the visits"),
        (["--case", "nowhere.yaml"], "nowhere.yaml: cannot be read"),
        (["--today", TODAY], "no pathway was given"),
        (["rash-only", "--missing", "ask"], "a schedule asks nothing"),
        (["--case", str(THREE_VISITS), "--ahead", "9999"], "--ahead 9999"),
    ],
)
def test_bad_input_is_one_clear_line(args: list[str], said: str) -> None:
    result = run("schedule", *args)
    assert (result.code, result.out) == (2, "")
    assert said in result.err
    assert result.err.count("\n") == 1


def test_an_open_question_is_named() -> None:
    result = run("schedule", "rash-only", "-a", "red-flags=none", "--today", TODAY)
    assert (result.code, result.out) == (3, "")
    assert "'age' has no answer" in result.err


def test_an_answer_that_the_content_lost_is_named(tmp_path: Path) -> None:
    """What is due rests on the other answers; the file keeps what was said."""
    file = tmp_path / "a.yaml"
    told = THREE_VISITS.read_text("utf-8")
    file.write_text(told.replace("      sex: female\n", "      shoe-size: 42\n", 1), "utf-8")
    result = run("schedule", "--case", str(file), "--today", "2026-05-01")
    assert result.code == 0
    assert "shoe-size=42: the content has no such question any more" in result.err
    assert "shoe-size: 42" in file.read_text("utf-8")


def test_a_pathway_that_the_content_lost_is_named() -> None:
    with pytest.raises(UsageError, match="visit of 2026-01-10: no pathway is called 'clasic'"):
        schedule(content(), (bare(START, {})._replace(pathway="clasic"),), START, 12)


def test_answers_that_lead_nowhere_keep_the_reviews_that_were_advised() -> None:
    """The content may ask more today than it did then."""
    open_now = bare(START, {})
    advised = open_now.advice._replace(review_weeks=(4,))
    found = due((open_now._replace(advice=advised),), START, "Look again")
    assert days(found) == [("2026-01-24", "2026-02-07", "2026-02-21")]


def test_a_score_shows_that_its_check_was_done() -> None:
    """A skin score closes the examination of the skin; one that was carried over does not."""
    scored = visit("rash-only", FIRST_RASH | {"cdasi": "21"}, START)
    assert due((scored,), START, "Full skin") == []
    assert due((scored._replace(carried={"cdasi": date(2025, 1, 1)}),), START, "Full skin")


def test_known_answers_are_enough() -> None:
    """The helper's answers name real questions, so that no test above passes for want of them."""
    assert all(content().entry("QuestionId", id) for id in KNOWN)
