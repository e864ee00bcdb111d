"""Other numbers in the place of a given one: on each side of every limit, and where doses change.

What an answer is held against is noted while it is tried. Between two limits that were noted
nothing can differ but what is multiplied out, so one number stands for all of them.
"""

from collections.abc import Iterable, Iterator
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Protocol

from dmadvisor.answers import Answer, within
from dmadvisor.conditions import number_words
from dmadvisor.explain.effects import Difference
from dmadvisor.model import Bounds, Question, Test


class Tries(Protocol):
    """Tries answers to one question."""

    def try_(self, answer: Answer) -> tuple[Difference | None, Iterable[Test]]:
        """What an answer changes, None when it clashes; and the tests it was held against."""


Tried = tuple[Bounds, Answer, Difference]
"""A part of the numbers, one of them, and what each of them changes."""
Other = tuple[Bounds | None, Answer, Difference]
"""As before, or one number alone."""


class _Line:
    """The numbers that a question may have, cut at the limits that they are held against."""

    def __init__(self, id: str, question: Question, now: Answer | None, tries: Tries) -> None:
        self.id = id
        self.now = now.number if now else None
        usual = question.plausible
        if self.now is not None and not within(self.now, usual):
            usual = None
        self.range = usual or question.possible or Bounds(Decimal(0), high=Decimal(10000))
        self.tries = tries
        self.limits: set[Decimal] = set()
        self.known: dict[Decimal, Difference | None] = {}

    def try_(self, number: Decimal) -> Difference | None:
        """What a number changes; its limits are noted."""
        if number not in self.known:
            answer = number_answer(number)
            self.known[number], tests = self.tries.try_(answer)
            for test in tests:
                for bounds in test.bounds:
                    self.limits |= {e for e in (bounds.low, bounds.high) if e is not None}
        return self.known[number]

    @property
    def step(self) -> Decimal:
        """The finest place in which the number or one of its limits is written."""
        places = [n.normalize().as_tuple().exponent for n in self.limits]
        if self.now is not None:
            places.append(self.now.as_tuple().exponent)
        return Decimal(1).scaleb(min([0, *(int(place) for place in places)]))

    def parts(self) -> list[Bounds]:
        """The range cut at its limits, each limit a part of its own."""
        low, high = self.range.low or Decimal(0), self.range.high or Decimal(0)
        found, included = [], True
        for limit in sorted(limit for limit in self.limits if low <= limit <= high):
            if low < limit:
                found.append(Bounds(low, included, limit, high_included=False))
            found.append(_only(limit))
            low, included = limit, False
        return [*found, Bounds(low, included, high)] if low < high else found

    def one_of(self, part: Bounds) -> Decimal:
        """A number of a part: the nearest to the given one, else the nearest to a limit."""
        low, high = part.low or Decimal(0), part.high or Decimal(0)
        aim = self.now
        if aim is None:
            aim = low if low != self.range.low else high
        first = (low / self.step).to_integral_value(ROUND_CEILING) * self.step
        last = (high / self.step).to_integral_value(ROUND_FLOOR) * self.step
        first += 0 if within(first, part) else self.step
        last -= 0 if within(last, part) else self.step
        return (low + high) / 2 if first > last else min(max(aim, first), last)


def _only(number: Decimal) -> Bounds:
    return Bounds(number, high=number)


def number_answer(number: Decimal) -> Answer:
    """A number as an answer."""
    return Answer((number_words(number),), number=number)


def _noted(line: _Line) -> _Line:
    """A line on which every limit is known that some number of it is held against."""
    line.try_(line.now if line.now is not None else line.one_of(line.range))
    while True:
        before = len(line.limits)
        for part in line.parts():
            line.try_(line.one_of(part))
        if len(line.limits) == before:
            return line


def other_numbers(
    id: str, question: Question, now: Answer | None, tries: Tries, *, grows: bool
) -> Iterator[Other]:
    """The parts of a question's numbers in which something is otherwise, each with one of them.

    Parts beside each other that change the same are one part. Where doses ``grow`` with the number
    they are left aside, but for the nearest numbers each way at which the dose of an option is
    another one.
    """
    line = _noted(_Line(id, question, now, tries))
    found: list[Tried] = []
    for part in line.parts():
        change = line.try_(line.one_of(part))
        if change is None:
            continue
        this = part, number_answer(line.one_of(part)), change
        if found and found[-1][0].high == part.low and _alike(found[-1], this, grows=grows):
            found[-1] = _joined(found[-1], this, line.now)
        else:
            found.append(this)
    for bounds, answer, change in found:
        if grows and now and change.kind == "dose":
            continue
        yield _opened(bounds, line.range), answer, change
    for bounds, answer, _ in found:
        if grows and line.now is not None and answer.number == line.now:
            yield from _nearest_doses(line, line.now, bounds)


def _alike(one: Tried, other: Tried, *, grows: bool) -> bool:
    """Whether two parts change the same."""
    pair = one[2].bare, other[2].bare
    if not grows:
        return pair[0] == pair[1]
    return pair[0]._replace(doses=()) == pair[1]._replace(doses=())


def _joined(one: Tried, other: Tried, now: Decimal | None) -> Tried:
    """Two parts as one, with the number that is nearer to the given one."""
    near = one
    if now is not None:
        near = min((one, other), key=lambda each: abs((each[1].number or now) - now))
    low, high = one[0], other[0]
    whole = Bounds(low.low, low.low_included, high.high, high.high_included)
    alike = one[2].verdicts == other[2].verdicts
    return whole, near[1], near[2] if alike else near[2].bare


def _opened(bounds: Bounds, whole: Bounds) -> Bounds:
    """A part without the ends that it shares with the whole range."""
    low = None if bounds.low == whole.low and bounds.high != whole.low else bounds.low
    high = None if bounds.high == whole.high and bounds.low != whole.high else bounds.high
    return bounds._replace(low=low, high=high)


def _nearest_doses(line: _Line, now: Decimal, part: Bounds) -> Iterator[Other]:
    """The nearest numbers each way at which some dose is another one, while all else stays."""
    numbers = set()
    for end in (part.low, part.high):
        far = line.one_of(_only(end)) if end is not None else now
        if not within(far, part):
            far += line.step if far < now else -line.step
        last = line.try_(far)
        for regimen in {dose.regimen for dose in last.doses} if last else ():
            numbers.add(_first(line, now, far, regimen))
    for number in sorted(numbers):
        change = line.try_(number)
        if change:
            yield None, number_answer(number), change


def _first(line: _Line, near: Decimal, far: Decimal, regimen: str) -> Decimal:
    """The first number on the way at which a regimen's dose is another one, by halving the way."""
    while abs(far - near) > line.step:
        middle = near + ((far - near) / line.step / 2).to_integral_value(ROUND_FLOOR) * line.step
        middle = middle if middle != near else near + line.step
        found = line.try_(middle)
        if found and any(dose.regimen == regimen for dose in found.doses):
            far = middle
        else:
            near = middle
    return far
