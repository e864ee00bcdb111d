"""Schedule and timeline of a patient as JSON; within a format number keys are only ever added."""

from datetime import date
from typing import Any

from dmadvisor import __version__
from dmadvisor.casefile.schedule import Due
from dmadvisor.casefile.timeline import Stop, Timeline, weeks_of
from dmadvisor.casefile.treatments import Course
from dmadvisor.library import Library
from dmadvisor.render.json import FORMAT, dumps, plain, source_rows


def render_schedule(library: Library, dues: tuple[Due, ...], label: str, today: date) -> str:
    """What is due, in the order in which it is read."""
    data = head(library, label, today)
    data["due"] = [due_row(due, label) for due in dues]
    data["sources"] = source_rows(library, (id for due in dues for id in due.sources))
    return dumps(data)


def head(library: Library, label: str, today: date) -> dict[str, Any]:
    """What every such file begins with."""
    content = {"version": library.content().version, "sha256": library.sha256}
    return {
        "format": FORMAT,
        "dmadvisor": __version__,
        "content": content,
        "label": label,
        "today": today,
    }


def due_row(due: Due, label: str) -> dict[str, Any]:
    """One thing that is due."""
    return {
        "uid": due.uid(label),
        "what": due.what,
        "kind": due.kind,
        "title": due.title,
        "for": list(due.regimens),
        "from": due.first.isoformat(),
        "due": due.due.isoformat(),
        "until": due.last.isoformat(),
        "state": due.state,
        "counted_from": due.start.isoformat(),
        "number": due.number,
        "sources": list(due.sources),
    }


def render_course(library: Library, course: Timeline, dues: tuple[Due, ...]) -> str:
    """Visits, treatments, scores, and what is due next."""
    data = head(library, course.label, course.today)
    data["visits"] = [_stop_row(stop) for stop in course.stops]
    data["treatments"] = [_treatment(each, course.today) for r in course.rows for each in r.courses]
    data["scores"] = [plain(score) for score in course.scores]
    data["due"] = [due_row(due, course.label) for due in dues]
    data["sources"] = source_rows(library, (id for due in dues for id in due.sources))
    return dumps(data)


def _stop_row(stop: Stop) -> dict[str, Any]:
    return {
        "date": stop.date.isoformat(),
        "pathway": stop.pathway,
        "step": stop.step,
        "title": stop.title,
        "options": [{"regimen": regimen, "action": action} for action, regimen in stop.options],
        "choices": [plain(change) for change in stop.changes],
    }


def _treatment(course: Course, today: date) -> dict[str, Any]:
    return {
        "regimen": course.regimen,
        "start": course.start.isoformat(),
        "start_known": course.known,
        "end": course.end.isoformat() if course.end else None,
        "weeks": weeks_of(course, today),
    }
