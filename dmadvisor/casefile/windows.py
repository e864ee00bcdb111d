"""The windows of one thing that is watched: when it may be done, is due, and is late."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from dmadvisor.model import Monitoring, Period, Rhythm
from dmadvisor.records import Record
from dmadvisor.rhythm import earliest, latest
from dmadvisor.safety import later

ENDLESS = date.max


class Window(Record):
    """One time at which something is to be done."""

    first: date
    due: date
    last: date
    number: int
    """Which one it is, counted from the start: the same after it has moved."""


class Count(Record):
    """What the windows of one thing are counted from."""

    start: date
    """The day counted from: the start of a regimen, or the visit that asked for it."""
    held: date
    """Since when it is asked for: nothing falls due before."""
    ended: date = ENDLESS
    """After this day there are no more."""
    history: tuple[date, ...] = ()
    """The days on which it was done, from the first to the last."""


Over = Callable[[Rhythm, date], date | None]
"""The first visit after a day whose answers show that a rhythm has ended."""


def around(due: date, size: Period, not_before: date, number: int = 1) -> Window:
    """A window that is open to both sides of its day."""
    wide = later(due, size) - due
    return Window(max(due - wide, not_before), due, due + wide, number)


def windows(
    item: Monitoring, size: Period, count: Count, over: Over, today: date, ahead: date
) -> Iterator[Window]:
    """What is open of one thing: what is late, what is due, and what comes until ``ahead``.

    What comes next is told however far away it is. After a window that is late nothing is
    foretold: the next one counts from the day on which it will have been done.
    """
    once = tuple(_once(item, size, count))
    unmet = [_moved(w, size, count) for w in once if not _closed(w, count)]
    unmet = [w for w in unmet if w.due <= count.ended]
    late = [w for w in unmet if w.last < today]
    yield from (*late[:1], *(w for w in unmet if w.last >= today))
    if late or not item.repeat:
        return
    base = max((w.due for w in once), default=count.start)
    for place, window in enumerate(_again(item, size, count, base, over)):
        if window.due > count.ended or ((place or unmet) and window.due > ahead):
            return
        yield window._replace(number=len(once) + window.number)
        if window.last < today:
            return


def _once(item: Monitoring, size: Period, count: Count) -> Iterator[Window]:
    """The windows that do not come again, done or not."""
    for number, week in enumerate(item.weeks, 1):
        due = count.start + timedelta(weeks=week) if week else count.held
        if due >= count.held:
            yield around(due, size, count.start, number)
    if item.first:
        number = len(item.weeks) + 1
        low, high = earliest(count.start, item.first), latest(count.start, item.first)
        if low < high:
            yield Window(low, low, high, number)
        else:
            yield around(low, size, count.start, number)


def _closed(window: Window, count: Count) -> bool:
    """Whether it was done, in time or late; what was done at the start is nothing later."""
    at_once = window.due in (count.start, count.held)
    return any(day >= window.first and (at_once or day > count.start) for day in count.history)


def _moved(window: Window, size: Period, count: Count) -> Window:
    """The window where it was not asked for before its day: then it is due when it was."""
    if window.due >= count.held:
        return window._replace(first=max(window.first, count.held))
    return around(count.held, size, count.held, window.number)


def _again(
    item: Monitoring, size: Period, count: Count, base: date, over: Over
) -> Iterator[Window]:
    """The windows of what is done again and again, each from the day before, without an end."""
    done = [day for day in count.history if day > base]
    before = max(base, *done) if done else base
    number = len(done)
    for end, rhythm in _phases(item, base, over):
        while before < end:
            due, high = earliest(before, rhythm.every), latest(before, rhythm.every)
            if due > end and rhythm is item.repeat[-1]:
                return
            number += 1
            wide = min(later(due, size) - due, timedelta(days=((due - before).days - 1) // 2))
            last = high if due < high else due + wide
            window = Window(due - wide if due == high else due, due, last, number)
            yield _moved(window, size, count)
            before = max(due, count.held)


def _phases(item: Monitoring, base: date, over: Over) -> Iterator[tuple[date, Rhythm]]:
    """Each rhythm with the day on which it gives way to the next."""
    begin = base
    for rhythm in item.repeat:
        end = latest(begin, rhythm.lasts) if rhythm.lasts else over(rhythm, begin) or ENDLESS
        yield end, rhythm
        begin = end
