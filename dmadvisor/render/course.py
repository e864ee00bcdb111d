"""Treatments as bars and scores as points, drawn with characters for a terminal."""

from datetime import date, timedelta
from decimal import Decimal

from dmadvisor.casefile.timeline import Row, Score, Timeline
from dmadvisor.chronicle import (
    length_words,
    name,
    points_words,
    row_words,
    score_title,
)
from dmadvisor.library import Library
from dmadvisor.render.layout import hang

WIDEST_NAME = 24
NARROWEST_BAR = 16
ROOM_FOR_LENGTH = 16
HEIGHT = 5
"""Lines of a plot."""

LEGEND = "| begun there, < taken before, > goes on, : visit"


def bar_lines(library: Library, course: Timeline, width: int) -> list[str]:
    """One line a regimen, with its weeks; where there is no room for bars, in words alone."""
    if not course.rows:
        return []
    names = {row.regimen: name(library, row.regimen) for row in course.rows}
    wide = min(max(map(len, names.values())), WIDEST_NAME)
    room = width - 2 - wide - 1 - ROOM_FOR_LENGTH
    if room < NARROWEST_BAR:
        words = (f"{names[r.regimen]}: {row_words(r, course.today)}" for r in course.rows)
        return [line for each in words for line in hang(each, width, "  ", "    ")]
    lead = " " * (2 + wide + 1)
    lines = [f"{lead}{_ends(course, room)}", f"{lead}{_ticks(course, room)}"]
    for row in course.rows:
        title = names[row.regimen]
        short = title if len(title) <= wide else f"{title[: wide - 2]}.."
        bar = _bar(row, course, room)
        weeks = length_words(row.courses[-1], course.today)
        lines.append(f"  {short:{wide}} {bar} {weeks}")
    return [line.rstrip() for line in (*lines, *hang(LEGEND, width, "  "))]


def plot_lines(score: Score, course: Timeline, width: int) -> list[str]:
    """A score as points over the same time, its highest and lowest value at the side."""
    values = [point.value for point in score.points]
    low, high = min(values), max(values)
    wide = max(len(str(low)), len(str(high)))
    room = width - 2 - wide - 2
    lines = hang(f"{score_title(score)}: {points_words(score)}", width, "  ", "    ")
    if room < NARROWEST_BAR or len(values) < 2 or low == high:
        return lines
    grid = [[" "] * room for _ in range(HEIGHT)]
    for point in score.points:
        up = int((point.value - low) / (high - low) * (HEIGHT - 1) + Decimal("0.5"))
        grid[HEIGHT - 1 - up][_column(point.date, course, room)] = "*"
    marks = {0: str(high), HEIGHT - 1: str(low)}
    for number, cells in enumerate(grid):
        lines.append(f"  {marks.get(number, ''):>{wide}} |{''.join(cells)}".rstrip())
    lines.append(f"  {'':{wide}} +{'-' * room}")
    lines.append(f"  {'':{wide}}  {_ends(course, room)}")
    return lines


def _column(day: date, course: Timeline, room: int) -> int:
    """Where a day stands between the first day and today."""
    whole = max((course.today - course.start).days, 1)
    return min((day - course.start).days * (room - 1) // whole, room - 1)


def _ends(course: Timeline, room: int) -> str:
    """The first day and today, at the two ends."""
    first, last = str(course.start), str(course.today)
    return f"{first}{last:>{room - len(first)}}"


def _ticks(course: Timeline, room: int) -> str:
    cells = [" "] * room
    for stop in course.stops:
        cells[_column(stop.date, course, room)] = ":"
    return "".join(cells)


def _bar(row: Row, course: Timeline, room: int) -> str:
    cells = [" "] * room
    for each in row.courses:
        last_day = each.end - timedelta(days=1) if each.end else course.today
        begin = _column(each.start, course, room)
        end = max(_column(max(last_day, each.start), course, room), begin)
        cells[begin : end + 1] = "=" * (end + 1 - begin)
        if each.end is None:
            cells[end] = ">"
        cells[begin] = "|" if each.known else "<"
    return "".join(cells)
