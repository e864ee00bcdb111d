"""What one set of answers leads to, and how two of them differ: step, verdicts, lead, doses.

The same as ``advise`` says, without what goes along with it, so that hundreds of answers can be
tried: what a changed answer was never asked for is taken over from the answers as they are.
"""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any

from dmadvisor import safety
from dmadvisor.amounts import SIZE_QUESTIONS
from dmadvisor.answers import Answer, Answers
from dmadvisor.company import Judged
from dmadvisor.conditions import Facts, Truth
from dmadvisor.dosing import DosePrint
from dmadvisor.library import Library
from dmadvisor.model import Action, Derived, FactId, Test
from dmadvisor.offers import Offers, dose_of, recommended_of
from dmadvisor.records import Record
from dmadvisor.safety import Assessment, Done
from dmadvisor.walk import Open, walk

SIZES = frozenset(id for ids in SIZE_QUESTIONS.values() for id in ids)
"""The questions that doses are multiplied by."""


class Place(Record):
    """The step in which a walk ends."""

    pathway: str
    step: str
    title: str


class Given(Record):
    """What becomes of one regimen: its action, verdict and dose."""

    title: str
    action: Action
    verdict: str
    recommended: bool
    dose: DosePrint | None
    because: str
    """The first reason for the verdict; empty without any."""


class Outcome(Record):
    """What some answers lead to: a step with its options, or the question asked next."""

    place: Place | None
    asks: str | None
    options: Mapping[str, Given]


class Shift(Record):
    """One regimen before and after: ``start, offer``; None where it is not listed."""

    regimen: str
    title: str
    before: str | None
    now: str | None
    because: str = ""


class Lead(Record):
    """The regimens that are recommended before and after."""

    before: tuple[str, ...]
    now: tuple[str, ...]


class DoseShift(Record):
    """The dose of one regimen before and after."""

    regimen: str
    title: str
    before: DosePrint
    now: DosePrint


class Difference(Record):
    """Everything in which one outcome differs from another; empty when nothing does."""

    step: Place | None = None
    """The step that takes the place of the one before."""
    asks: str | None = None
    """The question that is open then, so that there is no step yet."""
    verdicts: tuple[Shift, ...] = ()
    recommended: Lead | None = None
    doses: tuple[DoseShift, ...] = ()

    @property
    def kind(self) -> str:
        """The gravest thing that differs; empty when nothing does."""
        if self.step:
            return "step"
        if self.asks:
            return "question"
        return "verdict" if self.verdicts or self.recommended else "dose" if self.doses else ""

    @property
    def bare(self) -> "Difference":
        """Without reasons, which may differ where the change is the same."""
        return self._replace(verdicts=tuple(each._replace(because="") for each in self.verdicts))


class Watching(Facts):
    """Facts that note which tests they were held against, and which answers were read besides."""

    def __init__(self, library: Library, answers: Answers) -> None:
        super().__init__(library, answers)
        self.tests: dict[str, list[tuple[Test, Truth]]] = {}
        self.read: set[str] = set()
        self.whole: set[str] = set()
        """The questions of which every word counts."""

    def answer(self, id: str) -> Answer | None:
        """As in any facts."""
        self.read.add(id)
        return super().answer(id)

    def taken_away(self, fact: Derived) -> Answer | None:
        """As in any facts."""
        self.whole.update(fact.without)
        return super().taken_away(fact)

    def is_unknown(self, id: str) -> bool:
        """As in any facts; it is a test like others."""
        return self.test(Test(FactId(id), unknown=True)) is True

    def test(self, test: Test) -> Truth:
        """As in any facts."""
        before = test.fact in self.read
        truth = super().test(test)
        self.tests.setdefault(test.fact, []).append((test, truth))
        if not before:
            self.read.discard(test.fact)
        return truth


class Noted(Record):
    """What was worked out from the answers as they are, and what it rests on."""

    result: Any
    tests: Mapping[str, list[tuple[Test, Truth]]]
    read: frozenset[str]
    used: frozenset[str]

    def still(self, question: str | None, facts: Facts) -> bool:
        """Whether it cannot come out otherwise with another answer to one question."""
        if question is None or question not in self.used:
            return True
        tests = self.tests.get(question, ())
        return question not in self.read and all(facts.test(t) == truth for t, truth in tests)


class Patient:
    """One visit whose answers are changed one at a time."""

    def __init__(
        self, library: Library, pathway: str, answers: Answers, today: date, done: Done
    ) -> None:
        self.library = library
        self.pathway = pathway
        self.answers = answers
        self.today = today
        self.done = done
        self._known: dict[tuple[object, ...], Noted] = {}
        facts = Watching(library, answers)
        self.outcome = self._outcome(None, facts)
        for id in facts.read - facts.whole:  # of a place in the tree it counts that it is answered
            facts.test(Test(FactId(id), known=True))
        way = Noted(self.outcome, facts.tests, frozenset(facts.whole), frozenset(facts.used))
        self._parts = (way, *self._known.values())
        self.used = frozenset().union(*(part.used for part in self._parts))
        """Every question that was looked at: no other can change anything."""

    def difference(self, facts: Facts, question: str) -> Difference:
        """What another answer to one question changes."""
        if all(part.still(question, facts) for part in self._parts):
            return Difference()
        return difference(self.outcome, self._outcome(question, facts), by_size=question in SIZES)

    def _outcome(self, question: str | None, facts: Facts) -> Outcome:
        end = walk(self.library, self.pathway, facts)
        if isinstance(end, Open):
            return Outcome(None, end.question, {})

        assess = partial(self._assess, question)
        judged = Offers(facts, end.step, self.today, self.done, assess).listed()
        leading = recommended_of(judged)
        options = {}
        for each in judged:
            reasons = each.assessment.reasons
            options[each.regimen] = Given(
                title=self.library.regimen(each.regimen).title,
                action=each.action,
                verdict=each.assessment.verdict,
                recommended=each in leading,
                dose=self._dose(question, facts, each),
                because=reasons[0].text if reasons else "",
            )
        return Outcome(Place(end.tree.id, end.step_id, end.step.title), None, options)

    def _assess(
        self,
        question: str | None,
        facts: Facts,
        id: str,
        action: Action,
        *visit: Any,
        emergency: bool = False,
    ) -> Assessment:
        def judge(facts: Facts) -> Assessment:
            return safety.assess(facts, id, action, *visit, emergency=emergency)

        found: Assessment = self._or_known((id, action, emergency), question, facts, judge)
        return found

    def _dose(self, question: str | None, facts: Facts, judged: Judged) -> DosePrint | None:
        key = ("dose", judged.regimen, judged.action, judged.assessment.verdict == "do-not-use")
        found: DosePrint | None = self._or_known(
            key, question, facts, lambda facts: dose_of(facts, judged)
        )
        return found

    def _or_known(
        self,
        key: tuple[object, ...],
        question: str | None,
        facts: Facts,
        work_out: Callable[[Facts], Any],
    ) -> Any:
        """A result; the one of the answers as they are where it cannot be another."""
        if key not in self._known:
            own = Watching(self.library, self.answers)
            result = work_out(own)
            read, used = frozenset(own.read), frozenset(own.used)
            self._known[key] = Noted(result, own.tests, read, used)
        noted = self._known[key]
        return noted.result if noted.still(question, facts) else work_out(facts)


def difference(before: Outcome, now: Outcome, *, by_size: bool) -> Difference:
    """In what one outcome differs from another.

    By size, which every amount is multiplied by, the amounts alone make another dose; else every
    word of it does.
    """
    if now.place is None:
        return Difference(asks=now.asks)
    shifts, doses = [], []
    for regimen in dict.fromkeys((*before.options, *now.options)):
        old, new = before.options.get(regimen), now.options.get(regimen)
        title = new.title if new else old.title if old else regimen
        if _verdict(old) != _verdict(new):
            because = new.because if new else ""
            shifts.append(Shift(regimen, title, _verdict(old), _verdict(new), because))
            continue
        ends = (old.dose, new.dose) if old and new else (None, None)
        if ends[0] and ends[1] and _another(ends[0], ends[1], by_size=by_size):
            doses.append(DoseShift(regimen, title, ends[0], ends[1]))
    lead = Lead(_leading(before), _leading(now))
    return Difference(
        step=now.place if now.place != before.place else None,
        verdicts=tuple(shifts),
        recommended=lead if set(lead.before) != set(lead.now) else None,
        doses=tuple(doses),
    )


def _verdict(given: Given | None) -> str | None:
    return f"{given.action}, {given.verdict}" if given else None


def _another(old: DosePrint, new: DosePrint, *, by_size: bool) -> bool:
    """Whether a dose is another one; without a frequency it is no dose but what is done."""
    if old.frequency is None:
        return False
    if by_size:
        return (old.low, old.high, old.frequency) != (new.low, new.high, new.frequency)
    return old.text != new.text


def _leading(outcome: Outcome) -> tuple[str, ...]:
    return tuple(id for id, each in outcome.options.items() if each.recommended)
