"""The course of a patient: what was taken from when to when, and how it is drawn."""

import re
import xml.etree.ElementTree as ET
from datetime import date

import pytest

from dmadvisor.casefile.recording import decided
from dmadvisor.casefile.records import Choice, GivenOption, Visit
from dmadvisor.casefile.timeline import timeline
from dmadvisor.casefile.treatments import courses
from tests.conftest import Screen
from tests.courses import EMPTY, STARTED_AGAIN, THREE_VISITS, bare, content, visit
from tests.harness import TODAY, advise, run
from tests.visits import FIRST_WEAKNESS

pytestmark = pytest.mark.usefixtures("compiled")

JAN, FEB, MAR = date(2026, 1, 10), date(2026, 2, 10), date(2026, 3, 10)
DAY = "2026-05-01"
SVG = "{http://www.w3.org/2000/svg}"


def spans(*visits: Visit) -> list[tuple[str, str, bool, str | None]]:
    """Regimen, first day, whether it began then, last day."""
    return [
        (c.regimen, str(c.start), c.known, str(c.end) if c.end else None) for c in courses(visits)
    ]


# -- courses ----------------------------------------------------------------------------------


def test_what_is_started_goes_on() -> None:
    begun = bare(JAN, {"methotrexate": "start"})
    on = bare(FEB, {"methotrexate": "continue"}, "methotrexate")
    assert spans(begun, on) == [("methotrexate", "2026-01-10", True, None)]


def test_what_was_taken_before_has_no_known_start() -> None:
    assert spans(bare(JAN, {}, "methotrexate")) == [("methotrexate", "2026-01-10", False, None)]


def test_what_is_no_longer_taken_has_ended() -> None:
    begun = bare(JAN, {"methotrexate": "start"})
    assert spans(begun, bare(FEB, {})) == [("methotrexate", "2026-01-10", True, "2026-02-10")]


def test_an_unknown_answer_ends_nothing() -> None:
    begun = bare(JAN, {"methotrexate": "start"})
    assert spans(begun, bare(FEB, {}, "unknown"))[0][3] is None


def test_what_goes_with_it_needs_not_be_named_again() -> None:
    begun = bare(JAN, {"sun-protection": "with"})
    assert spans(begun, bare(FEB, {"sun-protection": "with"}))[0][3] is None


def test_ended_and_begun_again() -> None:
    begun = bare(JAN, {"methotrexate": "start"})
    assert spans(begun, bare(FEB, {}), bare(MAR, {"methotrexate": "start"})) == [
        ("methotrexate", "2026-01-10", True, "2026-02-10"),
        ("methotrexate", "2026-03-10", True, None),
    ]


def test_a_choice_replaces_its_group_and_what_goes_with_it() -> None:
    first = visit("classic", FIRST_WEAKNESS, JAN, choices=(Choice("azathioprine", "start", "x"),))
    done = decided(first)
    assert (done["azathioprine"], done["prednisone"]) == ("start", "start")
    assert not {"methotrexate", "folic-acid"} & set(done)
    (change,) = timeline(content(), "x", (first,), JAN).stops[0].changes
    assert change.replaced == ("methotrexate",)


def test_a_choice_to_go_on_with_what_was_to_end() -> None:
    ends = bare(FEB, {"methotrexate": "stop"}, "methotrexate")
    kept = ends._replace(choices=(Choice("methotrexate", "continue", "it works"),))
    assert spans(kept) == [("methotrexate", "2026-02-10", False, None)]


def test_what_is_not_recommended_is_not_taken() -> None:
    option = GivenOption("methotrexate", "start", "do-not-use")
    begun = bare(JAN, {})
    advice = begun.advice._replace(options=(option,))
    assert spans(begun._replace(advice=advice)) == []


# -- scores -----------------------------------------------------------------------------------


def test_scores_are_those_given_at_the_visit() -> None:
    """An answer that was carried over is no new measurement."""
    one = bare(JAN, {}, ck="20", mmt8="112")
    two = bare(FEB, {}, ck="20")._replace(carried={"ck": JAN})
    found = timeline(content(), "x", (one, two), FEB).scores
    drawn = {s.question: [(str(p.date), str(p.value)) for p in s.points] for s in found}
    assert drawn == {"ck": [("2026-01-10", "20")], "mmt8": [("2026-01-10", "112")]}


def test_a_score_is_recorded_and_not_called_unused() -> None:
    data = advise("classic", FIRST_WEAKNESS | {"mmt8": "112", "cdasi": "24"}).data
    assert data["recorded"] == ["mmt8", "cdasi"]
    assert not {"mmt8", "cdasi"} & set(data["unused"])


# -- how it is drawn --------------------------------------------------------------------------


def shown(case: object, day: str, format: str, *args: str) -> str:
    result = run("case", "show", str(case), "--today", day, "-f", format, *args)
    assert (result.code, result.err) == (0, "")
    return result.out


CASES = [(THREE_VISITS, DAY), (STARTED_AGAIN, "2028-03-10"), (EMPTY, TODAY)]


@pytest.mark.parametrize(("case", "day"), CASES, ids=lambda each: getattr(each, "stem", ""))
@pytest.mark.parametrize("columns", [40, 60, 80])
def test_no_line_is_wider_than_the_terminal(
    case: object, day: str, columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    for format in ("text", "plain"):
        lines = shown(case, day, format).splitlines()
        assert max(len(line) for line in lines) <= columns
        assert not any(line.endswith(" ") for line in lines)


def test_plain_says_in_words_what_the_bars_draw() -> None:
    lines = shown(THREE_VISITS, DAY, "plain").splitlines()
    assert "TREATMENT: azathioprine: 2026-01-10 to now, 15 weeks" in lines
    assert "TREATMENT: hydroxychloroquine: 2026-01-10 to 2026-02-21, 6 weeks" in lines
    text = " ".join(lines)
    assert "CHOSEN: start azathioprine instead of methotrexate: Plans a child next year" in text


def test_the_bars_of_two_courses_stand_in_one_line() -> None:
    lines = shown(STARTED_AGAIN, "2028-03-10", "text").splitlines()
    (line,) = [line for line in lines if re.match(r"  hydroxychloroquine +\|", line)]
    assert re.fullmatch(r"  hydroxychloroquine +\|=+ +\|=*> 1 week", line)


@pytest.mark.parametrize(("case", "day"), CASES, ids=lambda each: getattr(each, "stem", ""))
def test_the_picture_is_valid_and_tells_everything_in_words(case: object, day: str) -> None:
    root = ET.fromstring(shown(case, day, "svg"))
    assert root.tag == f"{SVG}svg"
    assert root.get("role") == "img"
    title, desc = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert desc is not None
    assert root.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}"
    words = " ".join(root.itertext())
    data = run("case", "show", str(case), "--today", day, "-f", "json").data
    for each in data["treatments"]:
        assert f"{each['start']} to {each['end'] or 'now'}" in words
    for score in data["scores"]:
        assert score["name"] in words
    assert "http" not in words
    assert not [e for e in root.iter() if e.tag in (f"{SVG}image", f"{SVG}script", f"{SVG}use")]


def test_a_label_cannot_break_the_picture(tmp_path: object) -> None:
    case = tmp_path / "case.yaml"  # type: ignore[operator]
    case.write_text('label: "<b>&\\"bay\\"</b>"\nvisits: []\n')
    root = ET.fromstring(shown(case, TODAY, "svg"))
    assert root.findtext(f"{SVG}title") == 'Course: <b>&"bay"</b>'


def test_json_holds_the_course() -> None:
    data = run("case", "show", str(THREE_VISITS), "--today", DAY, "-f", "json").data
    assert [each["date"] for each in data["visits"]] == ["2026-01-10", "2026-02-21", "2026-04-18"]
    assert data["visits"][0]["choices"] == [
        {"regimen": "azathioprine", "action": "start", "reason": "Plans a child next year",
         "replaced": ["methotrexate"]}
    ]  # fmt: skip
    ck = next(each for each in data["scores"] if each["question"] == "ck")
    assert [each["value"] for each in ck["points"]] == [20, 6, 1.2]


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["nowhere.yaml"], "nowhere.yaml: cannot be read"),
        ([str(THREE_VISITS), "--today", "2026-01-01"], "has a visit on 2026-04-18"),
    ],
)
def test_bad_input_is_one_clear_line(args: list[str], said: str) -> None:
    result = run("case", "show", *args)
    assert (result.code, result.out) == (2, "")
    assert said in result.err
    assert result.err.count("\n") == 1


# -- screens ----------------------------------------------------------------------------------


@pytest.mark.parametrize("format", ["text", "plain"])
def test_the_screen_of_a_course(screen: Screen, format: str) -> None:
    screen(f"course.{'txt' if format == 'text' else 'plain.txt'}", shown(THREE_VISITS, DAY, format))


@pytest.mark.parametrize("format", ["text", "plain"])
def test_the_screen_of_a_schedule(screen: Screen, format: str) -> None:
    args = ("schedule", "--case", str(THREE_VISITS), "--today", DAY)
    checksum = run(*args, "-f", "json").data["content"]["sha256"]
    printed = run(*args, "-f", format).out.replace(checksum[:12], "0" * 12)
    screen(f"schedule.{'txt' if format == 'text' else 'plain.txt'}", printed)
