"""How old a result may be: one that is too old has expired, and the first dose waits for it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmadvisor.model import Period
from dmadvisor.safety import later
from tests.harness import advise, run
from tests.paths import content
from tests.visits import FIRST_RASH, FIRST_WEAKNESS, NEXT_LINE, option, printed

pytestmark = pytest.mark.usefixtures("compiled")

QT = FIRST_RASH | {"medicines": "qt-drug"}
"""A patient whose ECG is a gate, on 2026-11-20; an ECG holds for 12 months."""
del QT["qtc"], QT["heart"]
CYCLOPHOSPHAMIDE = NEXT_LINE | {"domain": "lung", "lungs": "abnormal"}


def state(check: str, *args: str) -> str:
    """The state of a check of the first visit on an ordinary day."""
    data = advise("rash-only", QT, *args).data
    return next(str(each["state"]) for each in data["checks"] if each["id"] == check)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2025-01-01", "expired"),
        ("2025-11-19", "expired"),
        ("2025-11-20", "done"),
        ("2026-11-20", "done"),
    ],
)
def test_an_old_result_has_expired(day: str, expected: str) -> None:
    """Twelve months to the day still count, a day more does not."""
    assert state("ecg", "--done", f"ecg={day}") == expected


def test_a_result_without_a_day_is_done() -> None:
    """What was done on a day that nobody gives is taken at the clinician's word."""
    assert state("ecg", "--done", "ecg") == "done"
    assert state("ecg") == "outstanding"


def test_an_expired_gate_still_waits() -> None:
    """The first dose waits for an expired check as for one that was never done."""
    result = advise("rash-only", QT, "--done", "ecg=2025-01-01")
    found = option(result, "hydroxychloroquine")
    assert found["verdict"] == "check-first"
    assert "ECG with corrected QT: expired" in [each["text"] for each in found["reasons"]]
    check = next(each for each in result.data["checks"] if each["id"] == "ecg")
    assert (check["gate"], check["state"], check["done_on"]) == (True, "expired", "2025-01-01")


@pytest.mark.parametrize(
    ("format", "line"),
    [
        ("plain", "CHECK: ECG with corrected QT - expired, hydroxychloroquine waits for it"),
        ("text", "[ ] ECG with corrected QT: expired, hydroxychloroquine waits for it"),
        ("markdown", "- [ ] **ECG with corrected QT**: expired, hydroxychloroquine waits for it"),
    ],
)
def test_expired_is_printed_like_outstanding(format: str, line: str) -> None:
    """It is not ticked, and says which drug waits."""
    said = printed("rash-only", QT, format, "--done", "ecg=2025-01-01")
    assert line in said
    assert "not older than 12 months" in said.lower()


def test_each_drug_has_its_own_period() -> None:
    """A blood count of 4 days ago is too old for a pulse of cyclophosphamide alone."""
    result = advise("refractory", CYCLOPHOSPHAMIDE, "--done", "blood-count=2026-11-16")
    late = [each["text"] for each in option(result, "cyclophosphamide")["reasons"]]
    assert any(text.startswith("Blood count") and text.endswith("expired") for text in late)
    other = [each["text"] for each in option(result, "tacrolimus")["reasons"]]
    assert not any(text.startswith("Blood count") for text in other)


@pytest.mark.parametrize("day", ["2026-11-21", "2027-01-01"])
def test_a_day_to_come_is_refused(day: str) -> None:
    """Nothing can have been done tomorrow; the message says which flag and what to do."""
    result = advise("rash-only", QT, "--done", f"ecg={day}")
    assert (result.code, result.out) == (2, "")
    assert f"--done ecg={day}" in result.err
    assert "after today (2026-11-20)" in result.err


@pytest.mark.parametrize("day", ["2026-02-30", "2025-02-29", "20-11-2026", "today", ""])
def test_a_day_that_is_none_is_refused(day: str) -> None:
    """The calendar is kept, leap years included."""
    result = advise("rash-only", QT, "--done", f"ecg={day}")
    assert (result.code, result.out) == (2, "")
    assert "is not a date" in result.err


def test_a_leap_day_holds_to_the_end_of_february() -> None:
    """Done on 29 February 2024: good on 28 February 2025, expired on 1 March."""
    flags = [word for id, text in QT.items() for word in ("-a", f"{id}={text}")]
    for today, expected in (("2024-02-29", "done"), ("2025-02-28", "done"),
                            ("2025-03-01", "expired")):  # fmt: skip
        result = run("advise", "rash-only", *flags, "--missing", "unknown", "-f", "json",
                     "--done", "ecg=2024-02-29", "--today", today)  # fmt: skip
        assert result.code == 0, result.err
        assert [c["state"] for c in result.data["checks"] if c["id"] == "ecg"] == [expected]


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(1, 40))
def test_periods_grow(day: date, n: int) -> None:
    """A longer period ends later, 12 months are a year, and a month is 28 to 31 days."""
    for unit in ("days", "weeks", "months", "years"):
        ends = [later(day, Period(number=k, unit=unit)) for k in (n, n + 1)]
        assert day < ends[0] < ends[1]
    assert later(day, Period(number=12 * n, unit="months")) == later(
        day, Period(number=n, unit="years")
    )
    assert 28 <= (later(day, Period(number=1, unit="months")) - day).days <= 31


@pytest.mark.parametrize(
    ("first", "second", "late"),
    [
        ("2026-11-10", "2026-11-18", set()),
        ("2026-11-10", "2026-11-20", set()),
        ("2026-11-09", "2026-11-18", {"Pregnancy test: expired"}),
        ("2026-11-10", "2026-11-17", {"Second pregnancy test: expired"}),
        ("2026-01-01", "2026-01-09", {"Pregnancy test: expired", "Second pregnancy test: expired"}),
    ],
)
def test_two_pregnancy_tests_before_mycophenolate(first: str, second: str, late: set[str]) -> None:
    """8 to 10 days apart and the second just before the dose: 10 days and 2 days, not more."""
    done = ("--done", f"pregnancy-test={first}", "--done", f"pregnancy-test-again={second}")
    answers = FIRST_WEAKNESS | {"pregnancy": "possible-contraception"}
    found = option(advise("classic", answers, *done), "mycophenolate")
    reasons = {each["text"] for each in found["reasons"]}
    assert {text for text in reasons if text.endswith(("expired", "outstanding"))} == late


def test_every_gate_on_a_result_says_how_old_it_may_be() -> None:
    """The blood count, the liver tests and kidney function of a year ago open no gate."""
    found = [
        f"{id}: {use.check}"
        for id in content().ids("RegimenId")
        for use in content().regimen(id).checks
        if use.gate and use.recent is None
        and use.check in ("blood-count", "liver-tests", "kidney-function")
    ]  # fmt: skip
    assert found == []
