"""Courses over time: case files that are only read, and visits made from answers."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

from dmadvisor.advice import advise
from dmadvisor.answers import read_answer
from dmadvisor.casefile.records import Choice, Content, GivenAdvice, GivenOption, Visit
from dmadvisor.casefile.schedule import Due, schedule
from dmadvisor.casefile.visits import visit_of
from dmadvisor.library import Library
from dmadvisor.model import Action
from dmadvisor.outcome import Advice
from dmadvisor.store import find_root

FOLDER = Path(__file__).parent
THREE_VISITS = FOLDER / "three-visits.yaml"
EMPTY = FOLDER / "empty.yaml"
STARTED_AGAIN = FOLDER / "stopped-and-started.yaml"


@cache
def content() -> Library:
    """The real content."""
    return Library(find_root(None))


def visit(
    pathway: str,
    answers: dict[str, str],
    day: date,
    done: dict[str, date | None] | None = None,
    choices: tuple[Choice, ...] = (),
) -> Visit:
    """A visit with what is advised for these answers."""
    library = content()
    given = {
        id: read_answer(id, library.question(id), text, confirmed=True)
        for id, text in answers.items()
    }
    result = advise(library, pathway, given, day, done)
    assert isinstance(result, Advice), result
    made = visit_of(library, pathway, given, result, done or {})
    return made._replace(choices=choices)


def bare(
    day: date,
    given: Mapping[str, Action],
    taking: str = "none",
    done: Mapping[str, date | Literal["yes"]] | None = None,
    **answers: str,
) -> Visit:
    """A visit of which only the treatments are known; its walk stays open."""
    words = {id.replace("_", "-"): (text,) for id, text in answers.items()}
    options = tuple(
        GivenOption(regimen, action, "offer", recommended=True) for regimen, action in given.items()
    )
    return Visit(
        date=day,
        pathway="rash-only",
        content=Content(content().content().version, content().sha256),
        answers={"taking": tuple(taking.split(",")), **words},
        advice=GivenAdvice("rash-only", "made-up", "Made up", "none", (), options),
        done=done or {},
    )


def due(
    visits: tuple[Visit, ...], today: date, what: str, regimen: str = "", weeks: int = 26
) -> list[Due]:
    """What is due and begins with these words, for a regimen where one is named."""
    return [
        each
        for each in schedule(content(), visits, today, weeks)
        if each.what.startswith(what) and (not regimen or regimen in each.regimens)
    ]
