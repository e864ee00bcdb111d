"""A schedule as a calendar (RFC 5545): all-day events, and nothing of the patient but the label."""

from datetime import UTC, date, datetime, time, timedelta

from dmadvisor import __version__
from dmadvisor.casefile.schedule import Due
from dmadvisor.problems import UsageError

INSTALL = "install it with: pip install 'dmadvisor[calendar]'"
DOMAIN = "dmadvisor"


def render(dues: tuple[Due, ...], label: str, today: date) -> str:
    """The windows as events of a whole day, the day on which each is due.

    ``today`` stands for the time of writing, so that a new run gives the same bytes. Raises
    UsageError where the package for it is not installed.
    """
    try:
        from icalendar import Calendar, Event
    except ImportError as error:
        raise UsageError("-f ics: the package icalendar is not installed", INSTALL) from error
    calendar = Calendar()
    calendar.add("prodid", f"-//dmadvisor//dmadvisor {__version__}//EN")
    calendar.add("version", "2.0")
    for due in dues:
        event = Event()
        event.add("uid", f"{due.uid(label)}@{DOMAIN}")
        event.add("dtstamp", datetime.combine(today, time(), UTC))
        event.add("dtstart", due.due)
        event.add("dtend", due.due + timedelta(days=1))
        event.add("summary", f"{label}: {due.title}: {due.what}")
        event.add("description", _description(due))
        event.add("categories", [due.title])
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    text: str = calendar.to_ical().decode("utf-8")
    return text


def _description(due: Due) -> str:
    owner = f" For {', '.join(due.regimens)}." if due.regimens else ""
    return f"In time from {due.first} to {due.last}.{owner} Sources: {', '.join(due.sources)}"
