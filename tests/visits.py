"""Visits in which nothing forbids anything, to be changed by an answer or two."""

from typing import Any

from tests.harness import TODAY, Result, advise, run
from tests.patients import HEALTHY

KNOWN = {id: text for id, text in HEALTHY.items() if not id.endswith("-dose")}
"""What is answered about a patient who takes nothing."""

FIRST_RASH = KNOWN | {
    "red-flags": "none",
    "age": "45",
    "diagnosis": "confirmed",
    "weakness": "no",
    "previous-weakness": "no",
    "muscle-work-up": "normal",
    "rash-months": "3",
    "treatment-so-far": "none",
    "rash-extent": "moderate",
}
"""A first visit with a rash and normal strength."""

SECOND_RASH = FIRST_RASH | {
    "treatment-so-far": "first-line",
    "taking": "hydroxychloroquine",
    "weeks-on-treatment": "14",
    "response": "none",
    "fixable": "none",
    "steroid-bridge": "yes",
}
"""Hydroxychloroquine has failed after 14 weeks, and a bridge of prednisone is wanted."""

FIRST_WEAKNESS = KNOWN | {
    "red-flags": "none",
    "age": "45",
    "diagnosis": "confirmed",
    "weakness": "yes",
    "treatment-so-far": "none",
    "severity": "mild-moderate",
    "rash-extent": "moderate",
    "ck": "20",
}
"""A first visit with weakness."""

NEXT_LINE = KNOWN | {
    "red-flags": "none",
    "age": "45",
    "diagnosis": "confirmed",
    "weakness": "yes",
    "treatment-so-far": "second-line",
    "taking": "prednisone",
    "steroid-weeks": "30",
    "weeks-on-treatment": "30",
    "response": "none",
    "refractory-check": "none",
    "urgency": "routine",
    "domain": "muscle",
    "tried": "methotrexate,azathioprine",
    "ck": "12",
}
"""Refractory disease of the muscle; `tried` says what has failed."""


def option(result: Result, regimen: str) -> Any:
    """The option of a regimen in advice in JSON; None where it is not listed."""
    assert result.code == 0, result.err
    return next((o for o in result.data["options"] if o["regimen"] == regimen), None)


def verdict(pathway: str, answers: dict[str, str], regimen: str, *args: str) -> str:
    """The verdict on a regimen; ``not listed`` where the step does not list it."""
    found = option(advise(pathway, answers, *args), regimen)
    return str(found["verdict"]) if found else "not listed"


def printed(pathway: str, answers: dict[str, str], format: str, *args: str) -> str:
    """Scripted advice in a text format, on one line; what is not answered is unknown."""
    flags = [word for id, text in answers.items() for word in ("-a", f"{id}={text}")]
    result = run(
        "advise", pathway, *flags, "--missing", "unknown", "--today", TODAY, "-f", format, *args
    )
    assert result.code == 0, result.err
    return " ".join(result.out.split())
