"""A schedule as a calendar: read back by another parser than the one that wrote it."""

import sys
from unittest.mock import patch

import pytest
from ics import Calendar  # type: ignore[import-untyped]

from tests.courses import EMPTY, THREE_VISITS
from tests.harness import run

pytestmark = pytest.mark.usefixtures("compiled")

DAY = "2026-05-01"


def written(*args: str) -> str:
    result = run("schedule", "--case", str(THREE_VISITS), "--today", DAY, "-f", "ics", *args)
    assert (result.code, result.err) == (0, "")
    return result.out


def test_another_parser_reads_the_same_days() -> None:
    """Each window is an event of a whole day, on the day on which it is due."""
    told = run("schedule", "--case", str(THREE_VISITS), "--today", DAY, "-f", "json").data["due"]
    events = Calendar(written()).events
    assert len(events) == len(told)
    assert all(event.all_day for event in events)
    found = {(event.uid, str(event.begin.date())) for event in events}
    assert found == {(f"{each['uid']}@dmadvisor", each["due"]) for each in told}
    words = {event.name for event in events}
    assert {f"Bay window: {each['title']}: {each['what']}" for each in told} == words


def test_a_new_run_gives_the_same_bytes_and_names() -> None:
    """The day of writing is that of --today; a name outlives it."""
    assert written() == written()
    later = run("schedule", "--case", str(THREE_VISITS), "--today", "2026-05-02", "-f", "ics").out
    names = {event.uid for event in Calendar(written()).events}
    assert names <= {event.uid for event in Calendar(later).events}
    assert "DTSTAMP:20260501T000000Z" in written()


def test_lines_are_those_of_the_standard() -> None:
    """At most 75 bytes, ended by carriage return and line feed."""
    lines = written().split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    assert max(len(line.encode()) for line in lines) <= 75
    assert not any("\n" in line for line in lines)


def test_an_empty_case_gives_an_empty_calendar() -> None:
    result = run("schedule", "--case", str(EMPTY), "--today", DAY, "-f", "ics")
    assert result.code == 0
    assert not Calendar(result.out).events


def test_nothing_of_the_answers_is_in_it() -> None:
    """Of the patient only the label: no answer, no score, no dose."""
    text = written()
    assert [word for word in ("CK", "141", "weight=", "Plans a child") if word in text] == []


def test_without_the_package_one_line_says_how_to_install_it() -> None:
    with patch.dict(sys.modules, {"icalendar": None}):
        result = run("schedule", "--case", str(EMPTY), "--today", DAY, "-f", "ics")
    assert (result.code, result.out) == (2, "")
    assert "pip install 'dmadvisor[calendar]'" in result.err
    assert result.err.count("\n") == 1


def test_the_other_formats_need_no_package() -> None:
    with patch.dict(sys.modules, {"icalendar": None}):
        for format in ("text", "plain", "json"):
            args = ("schedule", "--case", str(THREE_VISITS), "--today", DAY, "-f", format)
            assert run(*args).code == 0
