"""What the visits of one patient tell together: what was done, what held, what was taken."""

from collections.abc import Iterator
from datetime import date

from dmadvisor.casefile.recording import done_of
from dmadvisor.casefile.records import Visit
from dmadvisor.casefile.treatments import Course, courses
from dmadvisor.casefile.visits import answers_of
from dmadvisor.casefile.windows import ENDLESS, Count, Over
from dmadvisor.conditions import Facts
from dmadvisor.library import Library
from dmadvisor.model import Additions, Condition, Monitoring, Period, Rhythm, Step, Unit
from dmadvisor.safety import earlier, later
from dmadvisor.walk import Open, walk


class History:
    """The visits by day, with their answers as facts."""

    def __init__(self, library: Library, visits: tuple[Visit, ...]) -> None:
        self.library = library
        self.visits = tuple(sorted(visits, key=lambda visit: visit.date))
        self.answers = tuple(answers_of(library, visit) for visit in self.visits)
        self.facts = tuple(Facts(library, answers) for answers in self.answers)
        self.courses = courses(self.visits)
        self._items = tuple(self._of_step(number) for number in range(len(self.visits)))

    def running(self) -> frozenset[str]:
        """The regimens that go on after the last visit."""
        return frozenset(course.regimen for course in self.courses if course.end is None)

    def done(self) -> dict[str, date | None]:
        """Every check that was ever done, with its latest day."""
        found: dict[str, date | None] = {}
        for number, visit in enumerate(self.visits):
            measured = (id for id in self.answers[number] if id not in visit.carried)
            shown = (check for id in measured for check in self.library.question(id).shows)
            for id, day in (dict.fromkeys(shown, visit.date) | _days(visit)).items():
                before = found.get(id)
                found[id] = max(before, day) if before else day
        return found

    # -- what is asked for ---------------------------------------------------------------------

    def asked(self) -> Iterator[tuple[Monitoring, date]]:
        """What the last step and its pathway watch, with the visit since which they do."""
        for item in self._items[-1]:
            since = self.visits[-1].date
            for visit, items in zip(self.visits[::-1], self._items[::-1], strict=True):
                if all(each.what != item.what for each in items):
                    break
                since = visit.date
            yield item, since

    def _of_step(self, number: int) -> tuple[Monitoring, ...]:
        """What the step of a visit and its pathway watch in this patient."""
        facts = self.facts[number]
        end = walk(self.library, self.visits[number].pathway, facts)
        if isinstance(end, Open):
            return ()
        more = end.tree.additions if end.step.is_plan else ()
        sources: tuple[Step | Additions, ...] = (end.step, *more)
        items = [item for source in sources for item in source.monitoring]
        return tuple({item.what: item for item in items if facts.holds(item.when)}.values())

    def held_since(self, item: Monitoring, course: Course) -> date | None:
        """Since when something of a regimen has been asked for without a break; None: it is not."""
        since = None
        for visit, facts in zip(self.visits[::-1], self.facts[::-1], strict=True):
            if visit.date < course.start or not facts.holds(item.when):
                break
            since = visit.date
        return since

    # -- what is counted -----------------------------------------------------------------------

    def count(
        self, item: Monitoring, course: Course | None, start: date, held: date
    ) -> Count | None:
        """What the windows of a thing count from; None when that cannot be known."""
        ended = ENDLESS
        if course and course.end and item.goes_on:
            ended = later(course.end, item.goes_on)
        if item.since:
            begun = self._begun(item.since)
            if begun is None and course is None:
                return None
            start = begun or start
        return Count(start, held, ended, self._history(item, start, held))

    def _begun(self, question: str) -> date | None:
        """The day that lies as long before the last visit as the question says."""
        answer = self.facts[-1].answer(question)
        if answer is None or answer.number is None:
            return None
        unit: Unit = self.library.question(question).unit  # type: ignore[assignment]
        return earlier(self.visits[-1].date, Period(int(answer.number), unit))

    def _history(self, item: Monitoring, start: date, held: date) -> tuple[date, ...]:
        """The days on which a thing was done since it began: each of its checks, or a visit."""
        if not item.checks:
            met = (v.date for v in self.visits if v.date > held or item.since)
            return tuple(dict.fromkeys(met))
        found: dict[date, None] = {}
        latest: dict[str, date] = {}
        for number, visit in enumerate(self.visits):
            given = _days(visit)
            for check in item.checks:
                day = given.get(check) or (visit.date if self._shown(check, number) else None)
                if day and day >= start:
                    latest[check] = max(day, latest.get(check, day))
            if len(latest) == len(set(item.checks)):
                found[min(latest.values())] = None
        return tuple(sorted(found))

    def _shown(self, check: str, number: int) -> bool:
        """Whether answers of a visit that were given then show that a check was done."""
        carried = self.visits[number].carried
        new = {id: a for id, a in self.answers[number].items() if id not in carried}
        if any(check in self.library.question(id).shows for id in new if not new[id].unknown):
            return True
        shows: Condition | None = self.library.check(check).done_when
        return shows is not None and Facts(self.library, new).holds(shows) is True

    def over(self, course: Course | None) -> Over:
        """Tells which visit after a day showed that a rhythm has ended.

        What was taken before the first visit may have ended a rhythm by then.
        """

        def phase_over(rhythm: Rhythm, day: date) -> date | None:
            for visit, facts in zip(self.visits, self.facts, strict=True):
                later_on = visit.date > day or (course and not course.known and visit.date == day)
                if later_on and rhythm.ends_when and facts.holds(rhythm.ends_when):
                    return visit.date
            return None

        return phase_over


def _days(visit: Visit) -> dict[str, date]:
    """The checks of a visit, each with its day: that of the visit where none was given."""
    return {id: day or visit.date for id, day in done_of(visit).items()}
