"""The course of a patient as one SVG picture: self-contained, nothing told by colour alone."""

from datetime import date
from decimal import Decimal
from textwrap import wrap
from xml.sax.saxutils import escape

from dmadvisor.casefile.schedule import Due
from dmadvisor.casefile.timeline import Row, Score, Timeline
from dmadvisor.casefile.treatments import Course
from dmadvisor.chronicle import length_words, name, row_words, score_title
from dmadvisor.library import Library
from dmadvisor.render.drawing import opening, text

WIDTH, LEFT, RIGHT = 960, 260, 40
LINE, ROW, PLOT = 18, 26, 110
TOP = 60
PER_CHARACTER = 7
LONGEST = 125
STYLE = (
    ".g{fill:#fff}"
    "text{font:13px sans-serif;fill:#111}.h{font-weight:bold;font-size:15px}.s{font-size:11px}"
    ".bar{fill:#9ecae1;stroke:#08306b}.v{stroke:#888;stroke-dasharray:3 3}"
    ".p{fill:none;stroke:#08306b;stroke-width:1.5}.d{fill:#08306b}.a{stroke:#444}"
)


def render(library: Library, course: Timeline, dues: tuple[Due, ...]) -> str:
    """The whole picture."""
    picture = _Picture(library, course)
    picture.visits()
    picture.bars()
    for score in course.scores:
        picture.plot(score)
    picture.next_due(dues)
    return picture.text()


class _Picture:
    """Draws from the top downwards."""

    def __init__(self, library: Library, course: Timeline) -> None:
        self.library = library
        self.course = course
        self.y = TOP
        self.parts: list[str] = []

    def text(self) -> str:
        """The picture as it is written, its height known now."""
        height = self.y + 20
        visits = len(self.course.stops)
        words = (f"{name(self.library, r.regimen)}: {row_words(r, self.course.today)}"
                 for r in self.course.rows)  # fmt: skip
        described = f"{visits} visits until {self.course.today}. {'. '.join(words)}"
        title = f"Course: {self.course.label}"
        head = opening(title, described, WIDTH, height, STYLE, "course")
        return head + text(16, 28, title, "h") + "".join(self.parts) + "</svg>\n"

    def x(self, day: date) -> float:
        """Where a day stands between the first day and today."""
        whole = max((self.course.today - self.course.start).days, 1)
        share = (day - self.course.start).days / whole
        return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)

    def heading(self, words: str) -> None:
        self.y += 14
        self.parts.append(text(16, self.y, words, "h"))
        self.y += LINE

    def lines(self, words: str, indent: int = 0, style: str = "") -> None:
        """Words in as many lines as they need."""
        for number, line in enumerate(wrap(words, LONGEST, break_on_hyphens=False)):
            left = 16 + indent + (20 if number else 0)
            self.parts.append(text(left, self.y, line, style))
            self.y += LINE

    def visits(self) -> None:
        """The visits as numbers, and what each number stands for."""
        self.heading("Visits")
        for number, stop in enumerate(self.course.stops, 1):
            words = f"{number}  {stop.date}  {stop.title} ({stop.pathway})"
            self.lines(words)
            for change in stop.changes:
                chosen = f"chosen: {change.action} {name(self.library, change.regimen)}"
                words = f"{chosen}. {change.reason}"
                self.lines(words, 20, "s")

    def bars(self) -> None:
        """One row a regimen, under the numbers of the visits."""
        self.heading("Treatments")
        top = self.y
        self.days()
        for row in self.course.rows:
            self.bar(row)
        for number, stop in enumerate(self.course.stops, 1):
            x = self.x(stop.date)
            self.parts.append(
                f'<line class="v" x1="{x}" x2="{x}" y1="{top + 4}" y2="{self.y - 8}"/>\n'
            )
            self.parts.append(text(x, top, str(number), "s", "middle"))

    def days(self) -> None:
        """The first day and today."""
        self.y += LINE
        self.parts.append(text(LEFT - 8, self.y - LINE, str(self.course.start), "s", "end"))
        self.parts.append(text(WIDTH - 8, self.y - LINE - 14, str(self.course.today), "s", "end"))

    def bar(self, row: Row) -> None:
        title = name(self.library, row.regimen)
        self.parts.append(text(LEFT - 8, self.y + 12, title, "", "end"))
        for each in row.courses:
            self.stretch(each)
        self.y += ROW

    def stretch(self, each: Course) -> None:
        """One course as a bar with its length in it; its title holds all of it in words."""
        begin, end = self.x(each.start), self.x(each.end or self.course.today)
        wide = max(end - begin, 2)
        words = length_words(each, self.course.today) + ("" if each.end else ", goes on")
        self.parts.append(
            f'<rect class="bar" x="{begin}" y="{self.y}" width="{wide:.1f}" height="16">'
            f"<title>{escape(words)}</title></rect>\n"
        )
        if len(words) * PER_CHARACTER < wide:
            self.parts.append(text(begin + 5, self.y + 12, words, "s"))

    def plot(self, score: Score) -> None:
        """A score as points with their values, joined by a line."""
        self.heading(score_title(score))
        values = [point.value for point in score.points]
        low, high = min(values), max(values)
        spread = (high - low) or Decimal(1)
        bottom = self.y + PLOT - 30
        spots = []
        for point in score.points:
            y = round(float(bottom - 10 - (point.value - low) / spread * (PLOT - 60)), 1)
            spots.append((self.x(point.date), y, point))
        line = " ".join(f"{x},{y}" for x, y, _ in spots)
        self.parts.append(f'<polyline class="p" points="{line}"/>\n')
        for x, y, point in spots:
            self.parts.append(f'<circle class="d" cx="{x}" cy="{y}" r="3.5"/>\n')
            self.parts.append(text(x, y - 8, str(point.value), "s", "middle"))
        self.parts.append(
            f'<line class="a" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{bottom}" y2="{bottom}"/>\n'
        )
        self.y += PLOT - 14

    def next_due(self, dues: tuple[Due, ...]) -> None:
        """What is due next, in words."""
        if not dues:
            return
        self.heading("Next due")
        for due in dues:
            late = "overdue, " if due.state == "overdue" else ""
            owner = f" ({', '.join(name(self.library, r) for r in due.regimens)})"
            words = f"{due.due}  {late}{due.title}: {due.what}{owner if due.regimens else ''}"
            self.lines(words)
