"""The course of a patient as a document: visits, treatments, scores, and what is due next."""

from datetime import date

from dmadvisor.casefile.timeline import Row, Score, Stop, Timeline, weeks_of
from dmadvisor.casefile.treatments import Course
from dmadvisor.document import inside
from dmadvisor.library import Library
from dmadvisor.page import Detail, Item, Section


def head_section(course: Timeline) -> Section:
    """Whom it is about, and how far it goes."""
    if not course.stops:
        said = f"No visit yet, seen on {course.today}"
    else:
        number = len(course.stops)
        visits = f"{number} visit{'s' if number > 1 else ''}"
        since = f"{course.start} to {course.stops[-1].date}"
        said = f"{visits}, {since}; seen on {course.today}"
    return Section(course.label, (Item("DAY", said),), "good", kind="COURSE")


def visits_section(library: Library, course: Timeline) -> Section:
    """The visits, each with what was done and what was chosen instead."""
    return Section("Visits", tuple(_stop(library, stop) for stop in course.stops))


def _stop(library: Library, stop: Stop) -> Item:
    details = []
    if stop.options:
        words = (f"{action} {name(library, regimen)}" for action, regimen in stop.options)
        details.append(Detail("Options", ", ".join(words)))
    for change in stop.changes:
        passed = ", ".join(name(library, regimen) for regimen in change.replaced)
        instead = f" instead of {passed}" if passed else ""
        words_of = f"{change.action} {name(library, change.regimen)}{instead}: {change.reason}"
        details.append(Detail("Chosen", words_of))
    text = f"{stop.date}: {stop.title} ({stop.pathway}, {stop.step})"
    return Item("VISIT", text, details=tuple(details))


def treatments_section(library: Library, course: Timeline) -> Section:
    """The treatments in words: from when to when."""
    items = tuple(
        Item("TREATMENT", f"{name(library, row.regimen)}: {row_words(row, course.today)}")
        for row in course.rows
    )
    return Section("Treatments", items)


def row_words(row: Row, today: date) -> str:
    """From when to when a regimen was taken, and for how long."""
    return "; ".join(course_words(each, today) for each in row.courses)


def course_words(course: Course, today: date) -> str:
    """One course: ``2026-01-10 to now, 14 weeks``."""
    since = str(course.start) if course.known else f"before {course.start}"
    return f"{since} to {course.end or 'now'}, {length_words(course, today)}"


def length_words(course: Course, today: date) -> str:
    """How long a course has lasted."""
    weeks = weeks_of(course, today)
    over = "" if course.known else "over "
    return f"{over}{weeks} week{'' if weeks == 1 else 's'}"


def scores_section(course: Timeline) -> Section:
    """The scores in words."""
    items = tuple(Item("SCORE", f"{score_title(s)}: {points_words(s)}") for s in course.scores)
    return Section("Scores", items)


def score_title(score: Score) -> str:
    """What a score is called, with its unit."""
    return f"{score.name} ({score.unit})" if score.unit else score.name


def points_words(score: Score) -> str:
    """The values of a score, each with its day."""
    return ", ".join(f"{point.value} on {point.date}" for point in score.points)


def name(library: Library, regimen: str) -> str:
    """What a regimen is called in a sentence; its id where this content has none of that name."""
    if library.entry("RegimenId", regimen) is None:
        return regimen
    return inside(library.regimen(regimen).title)
