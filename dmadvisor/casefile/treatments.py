"""What was taken from when to when, from what each visit answered, advised and chose."""

from collections.abc import Iterable
from datetime import date

from dmadvisor.casefile.recording import decided
from dmadvisor.casefile.records import Visit
from dmadvisor.model import GOES_ON, REDUCES, Action
from dmadvisor.records import Record
from dmadvisor.safety import TAKING

GOES_WITH: frozenset[Action] = frozenset([*GOES_ON, *REDUCES, "with"])
"""Actions on what may have been taken before."""


class Course(Record):
    """One stretch of time on one regimen."""

    regimen: str
    start: date
    known: bool
    """Whether it began on that day; otherwise it was taken already."""
    end: date | None = None
    """The visit at which it was over; None while it goes on."""


def courses(visits: tuple[Visit, ...]) -> tuple[Course, ...]:
    """Every course of the visits, which stand in the order of their days."""
    running: dict[str, Course] = {}
    over: list[Course] = []

    def end(regimens: Iterable[str], day: date) -> None:
        for regimen in [each for each in regimens if each in running]:
            over.append(running.pop(regimen)._replace(end=day))

    for visit in visits:
        taken, given = taken_at(visit), decided(visit)
        if taken is not None:
            gone = (r for r in running if r not in taken and given.get(r) not in GOES_WITH)
            end(tuple(gone), visit.date)
            for regimen in taken:
                running.setdefault(regimen, Course(regimen, visit.date, known=False))
        for regimen, action in given.items():
            if action == "stop":
                end((regimen,), visit.date)
            else:
                new = action in ("start", "with")
                running.setdefault(regimen, Course(regimen, visit.date, known=new))
    return tuple(sorted((*over, *running.values()), key=lambda c: (c.start, c.regimen)))


def taken_at(visit: Visit) -> tuple[str, ...] | None:
    """What was taken when the visit began; None when that is unknown."""
    words = visit.answers.get(TAKING)
    if words is None or words == ("unknown",):
        return None
    return tuple(word for word in words if word != "none")
