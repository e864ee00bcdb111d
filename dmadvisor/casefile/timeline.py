"""The course of one patient: visits, treatments as stretches of time, and scores."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from dmadvisor.casefile.choosing import instead_of
from dmadvisor.casefile.recording import decided, readable
from dmadvisor.casefile.records import Choice, Visit
from dmadvisor.casefile.treatments import Course, courses
from dmadvisor.library import Library
from dmadvisor.model import Action
from dmadvisor.records import Record


class Change(Record):
    """What the clinician chose, and what was recommended in its place."""

    regimen: str
    action: Action
    reason: str
    replaced: tuple[str, ...]


class Stop(Record):
    """One visit: where it led, and what was done about each regimen."""

    date: date
    pathway: str
    step: str
    title: str
    options: tuple[tuple[Action, str], ...]
    changes: tuple[Change, ...]


class Row(Record):
    """The courses of one regimen, from the first to the last."""

    regimen: str
    courses: tuple[Course, ...]


class Point(Record):
    """A score on a day."""

    date: date
    value: Decimal


class Score(Record):
    """A measure of the disease over time."""

    question: str
    name: str
    unit: str | None
    points: tuple[Point, ...]


class Timeline(Record):
    """Everything that is drawn over time."""

    label: str
    today: date
    stops: tuple[Stop, ...]
    rows: tuple[Row, ...]
    scores: tuple[Score, ...]

    @property
    def start(self) -> date:
        """The first day that is drawn."""
        return min((stop.date for stop in self.stops), default=self.today)


def timeline(library: Library, label: str, visits: tuple[Visit, ...], today: date) -> Timeline:
    """The course of a patient from visits that stand in the order of their days."""
    return Timeline(
        label, today, tuple(map(_stop, visits)), _rows(visits), tuple(_scores(library, visits))
    )


def weeks_of(course: Course, today: date) -> int:
    """How many full weeks a course has lasted."""
    return ((course.end or today) - course.start).days // 7


def _stop(visit: Visit) -> Stop:
    advice = visit.advice
    found = [(action, regimen) for regimen, action in decided(visit).items()]
    return Stop(
        visit.date,
        advice.pathway,
        advice.step,
        advice.title,
        tuple(sorted(found, key=lambda each: each[0] == "with")),
        tuple(_change(visit, choice) for choice in visit.choices),
    )


def _change(visit: Visit, choice: Choice) -> Change:
    """A choice with the recommended options that it took the place of."""
    replaced = instead_of(visit.advice, choice)
    return Change(choice.regimen, choice.action, choice.reason, replaced)


def _rows(visits: tuple[Visit, ...]) -> tuple[Row, ...]:
    found: dict[str, list[Course]] = {}
    for course in courses(visits):
        found.setdefault(course.regimen, []).append(course)
    return tuple(Row(regimen, tuple(group)) for regimen, group in found.items())


def _scores(library: Library, visits: tuple[Visit, ...]) -> Iterator[Score]:
    """The scores that the content declares, at the visits at which they were given."""
    told = [(visit, readable(library, visit)[0]) for visit in visits]
    for id in library.ids("QuestionId"):
        question = library.question(id)
        if question.score is None:
            continue
        points = []
        for visit, answers in told:
            if id in answers and id not in visit.carried:
                answer = answers[id]
                if answer.number is not None:
                    points.append(Point(visit.date, answer.number))
        if points:
            yield Score(id, question.score, question.unit, tuple(points))
