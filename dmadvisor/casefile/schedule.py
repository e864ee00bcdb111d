"""Everything that falls due for one patient: reviews, checks, tests and decisions, as windows."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from hashlib import sha256
from typing import Literal

from dmadvisor.advice import advise
from dmadvisor.casefile.history import History
from dmadvisor.casefile.records import Visit
from dmadvisor.casefile.treatments import Course
from dmadvisor.casefile.windows import Window, around, windows
from dmadvisor.library import Library
from dmadvisor.model import Monitoring, Period
from dmadvisor.outcome import Advice, AdvisedCheck
from dmadvisor.records import Record
from dmadvisor.safety import later

State = Literal["overdue", "due", "coming"]
REVIEW, CHECK, EXPIRY, WATCH = "review", "check", "expiry", "watch"
LOOK = "Look again"
LOOK_AGAIN = "Look again; not enough means: {}"
EXPIRES = "{}: the result of {} is too old for a first dose after this day"


class Due(Record):
    """One thing to do, and the days between which it is in time."""

    what: str
    kind: str
    title: str
    """What its kind is called."""
    regimens: tuple[str, ...]
    first: date
    due: date
    last: date
    state: State
    start: date
    """The day that it is counted from."""
    number: int
    sources: tuple[str, ...]

    def uid(self, label: str) -> str:
        """A name that stays the same after a new run, also when the window has moved."""
        words = (
            label,
            self.kind,
            self.what,
            *self.regimens,
            self.start.isoformat(),
            str(self.number),
        )
        return sha256("\n".join(words).encode()).hexdigest()[:32]


def schedule(
    library: Library, visits: tuple[Visit, ...], today: date, weeks: int
) -> tuple[Due, ...]:
    """What is due for a patient: what is overdue first, then by day.

    ``weeks`` is how far ahead what comes again and again is written out; of everything else, and
    of each of these once, the next window is told however far away. Raises UsageError where the
    content does not know the pathway of a visit.
    """
    if not visits:
        return ()
    found = tuple(_Planner(library, visits, today, weeks).everything())
    return tuple(
        sorted(
            dict.fromkeys(found), key=lambda d: (d.state != "overdue", d.due, d.what, d.regimens)
        )
    )


class _Planner:
    """Works out what is due from the visits of one patient."""

    def __init__(
        self, library: Library, visits: tuple[Visit, ...], today: date, weeks: int
    ) -> None:
        self.library = library
        self.history = History(library, visits)
        self.last = self.history.visits[-1]
        self.today = today
        self.ahead = today + timedelta(weeks=weeks)

    def everything(self) -> Iterator[Due]:
        """Reviews and checks of the last visit, and what is watched since the first."""
        result = advise(
            self.library,
            self.last.pathway,
            self.history.answers[-1],
            self.last.date,
            self.history.done(),
        )
        if isinstance(result, Advice):
            what = LOOK_AGAIN.format(result.review.not_enough)
            yield from self.reviews(what, result.review.weeks, result.step.sources)
            yield from self.checks(result)
        else:
            yield from self.reviews(LOOK, self.last.advice.review_weeks, ())
        for course in self.history.courses:
            yield from self.treatment(course)
        for item, since in self.history.asked():
            yield from self.watched(item, None, since, since)

    def reviews(self, what: str, weeks: tuple[int, ...], sources: tuple[str, ...]) -> Iterator[Due]:
        """When to look again; a visit closes every earlier review.

        Where the answers no longer come to a step, the weeks are those that were advised.
        """
        size = self.library.due_kind(REVIEW).window
        day = self.last.date
        ends = (day + timedelta(weeks=week) for week in sorted(set(weeks)))
        late = False
        for number, due in enumerate(ends, 1):
            window = around(due, size, day, number)
            if not (late and window.last < self.today):
                yield self.due(what, REVIEW, (), window, day, sources)
            late |= window.last < self.today

    def checks(self, advice: Advice) -> Iterator[Due]:
        """The checks that are still to be done, and the results that may become too old."""
        day, taken = self.last.date, self.history.running()
        size = self.library.due_kind(CHECK).window
        for check in advice.checks:
            owners = tuple(regimen for regimen in check.for_ if regimen in taken)
            if check.for_ and not owners:
                continue
            if check.state in ("outstanding", "expired"):
                start, window = self.to_do(check, owners) or (day, around(day, size, day))
                yield self.due(check.title, CHECK, owners, window, start, check.sources)
            elif check.state == "done" and check.done_on:
                yield from self.expiry(advice, check, check.done_on)

    def to_do(self, check: AdvisedCheck, owners: tuple[str, ...]) -> tuple[date, Window] | None:
        """The window of a check that may follow a start, counted from it; None for any other."""
        within = self.library.check(check.id).within
        if within is None or check.waiting:
            return None
        courses = (c.start for c in self.history.courses if c.regimen in owners and c.end is None)
        start = min(courses, default=self.last.date)
        last = later(start, within)
        return start, Window(start, last, last, 1)

    def expiry(self, advice: Advice, check: AdvisedCheck, done_on: date) -> Iterator[Due]:
        """Until when a result serves a first dose that still waits for something else."""
        size = self.library.due_kind(EXPIRY).window
        for option in advice.options:
            if not (option.recommended and option.verdict == "check-first"):
                continue
            for use in self.library.regimen(option.regimen).checks:
                if use.check == check.id and use.recent:
                    due = later(done_on, use.recent)
                    window = around(due, size, done_on)._replace(last=due)
                    what = EXPIRES.format(check.title, done_on)
                    yield self.due(what, EXPIRY, (option.regimen,), window, done_on, check.sources)

    def treatment(self, course: Course) -> Iterator[Due]:
        """What is watched while a regimen is taken, and for as long after as its file says."""
        if self.library.entry("RegimenId", course.regimen) is None:
            return
        for item in self.library.regimen(course.regimen).monitoring:
            if course.end and not item.goes_on:
                continue
            since = self.history.held_since(item, course)
            if since:
                yield from self.watched(item, course, course.start, since)

    def watched(
        self, item: Monitoring, course: Course | None, start: date, held: date
    ) -> Iterator[Due]:
        """The windows of one thing that is watched."""
        count = self.history.count(item, course, start, held)
        if count is None or not item.has_days:
            return
        kind = item.kind or WATCH
        size: Period = item.window or self.library.due_kind(kind).window
        found = windows(item, size, count, self.history.over(course), self.today, self.ahead)
        regimens = (course.regimen,) if course else ()
        for window in found:
            yield self.due(item.what, kind, regimens, window, count.start, item.cites)

    def due(
        self,
        what: str,
        kind: str,
        regimens: tuple[str, ...],
        window: Window,
        start: date,
        sources: Iterable[str],
    ) -> Due:
        """A window with what it is about, and how it stands today."""
        state: State = "coming"
        if window.last < self.today:
            state = "overdue"
        elif window.first <= self.today:
            state = "due"
        title = self.library.due_kind(kind).title
        return Due(
            what, kind, title, regimens, window.first, window.due, window.last, state,
            start, window.number, tuple(dict.fromkeys(sources)),
        )  # fmt: skip
