"""Verdicts on options, and the state of checks: what a regimen's own file says of this patient."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Literal

from dmadvisor import dosing
from dmadvisor.conditions import Facts
from dmadvisor.model import (
    GATED,
    GOES_ON,
    REDUCES,
    REFERRALS,
    Action,
    Bar,
    Caution,
    CheckUse,
    Condition,
    Period,
    Referral,
    Regimen,
)
from dmadvisor.records import Record

Verdict = Literal["offer", "caution", "check-first", "do-not-use"]
CheckState = Literal["outstanding", "done", "expired", "abnormal"]
ReasonKind = Literal[
    "contraindication", "history", "failed", "open", "gate", "result", "held", "caution"
]
"""The rule that a reason comes from; ``held``: a result has to clear the drug first."""
Done = Mapping[str, date | None]
"""Checks that were done, with the day where it is known."""

RED_FLAGS = "red-flags"
HANDLED = "red-flags-handled"
TAKING = "taking"
TRIED = "tried"
NOT_TOLERATED = "not-tolerated"
MACHINE_QUESTIONS = (RED_FLAGS, HANDLED, TAKING, TRIED, NOT_TOLERATED)
"""The questions whose answers are red flags or regimens, so that the machine has to know them."""

HISTORY: dict[Action, tuple[str, ...]] = {"start": (NOT_TOLERATED, TRIED), "with": (NOT_TOLERATED,)}
"""The questions that can forbid each action: what they name is not begun again."""

SAFE_ACTIONS: frozenset[Action] = frozenset(["stop", "taper"])
"""Actions that nothing forbids."""


class Reason(Record):
    """One reason for a verdict, with the answer that it rests on."""

    text: str
    question: str | None
    answer: str | None
    sources: tuple[str, ...]
    kind: ReasonKind
    when: Condition | None = None


class Need(Record):
    """An unanswered question and what it could change; a lower rank matters more."""

    question: str
    rank: int
    effect: str


class Assessment(Record):
    """The verdict on one regimen for one patient."""

    verdict: Verdict
    reasons: tuple[Reason, ...]
    blocked_by: tuple[str, ...]
    """Unanswered questions about the patient that could still forbid it."""
    needs: tuple[Need, ...]
    possible_bars: tuple[Bar, ...]
    """Contraindications that no answer has ruled out."""
    referral: Referral = "none"
    """The least referral that its cautions ask for."""
    failed: bool = False
    """It is taken, and has failed an adequate trial."""
    held: bool = False
    """A check came out so that the first dose may not follow yet."""


FORBID, SIZE, GATE, RESULT, ADJUST, ADVISED, CARE = range(7)
"""What an unanswered question could change, the gravest first."""

EFFECTS = {
    FORBID: "could rule out {}",
    SIZE: "is needed for the dose of {}",
    RESULT: "could rule out {}",
    ADJUST: "could change the dose of {}",
    GATE: "decides what has to be done before {}",
    ADVISED: "could rule out {}",
    CARE: "could call for care with {}",
}


def check_state(
    facts: Facts, id: str, done: Done, today: date, recent: Period | None = None
) -> CheckState:
    """Whether a check is done, by the clinician's word or by the answers that are its result.

    ``recent`` is how old it may be; a check whose day is known and longer ago has expired.
    """
    check = facts.library.check(id)
    if check.abnormal_when and facts.holds(check.abnormal_when):
        return "abnormal"
    day = done.get(id)
    if day is not None and recent is not None and later(day, recent) < today:
        return "expired"
    if id in done or (check.done_when and facts.holds(check.done_when)):
        return "done"
    return "outstanding"


def later(day: date, period: Period) -> date:
    """A day so much later; the last of the month where the month is shorter."""
    if period.unit in ("days", "weeks"):
        return day + timedelta(days=period.number * {"days": 1, "weeks": 7}[period.unit])
    from calendar import monthrange

    months = period.number * {"months": 1, "years": 12}[period.unit] + day.month - 1
    year, month = day.year + months // 12, months % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def earlier(day: date, period: Period) -> date:
    """A day so much earlier."""
    return later(day, period._replace(number=-period.number))


def is_gate(facts: Facts, use: CheckUse) -> bool:
    """Whether a first dose waits for a check."""
    if use.when is not None and facts.holds(use.when) is False:
        return False
    if isinstance(use.gate, Condition):
        return facts.holds(use.gate) is True
    return use.gate


def assess(
    facts: Facts, id: str, action: Action, done: Done, today: date, *, emergency: bool = False
) -> Assessment:
    """The verdict on giving a regimen to this patient, with every reason.

    In an emergency an unknown history of what was tried and not tolerated holds nothing up.
    """
    regimen = facts.library.regimen(id)
    if action in SAFE_ACTIONS:
        return Assessment("offer", (), (), (), ())
    found = _Findings(facts, regimen, id, action, done, today)
    found.history(emergency=emergency)
    for bar in regimen.contraindications:
        found.bar(bar)
    if action in GATED:
        for use in regimen.checks:
            found.gate(use)
    if action not in REDUCES:
        found.dose()
    found.cautions()
    return found.assessment()


class _Findings:
    """Collects what speaks for and against one regimen."""

    def __init__(
        self, facts: Facts, regimen: Regimen, id: str, action: Action, done: Done, today: date
    ) -> None:
        self.today = today
        self.facts = facts
        self.regimen = regimen
        self.id, self.action, self.done = id, action, done
        self.bars: list[Reason] = []
        self.waits: list[Reason] = []
        self.care: list[Reason] = []
        self.blocked: dict[str, None] = {}
        self.needs: list[Need] = []
        self.possible: list[Bar] = []
        self.referrals: list[Referral] = ["none"]
        self.failed = False
        self.held = False

    def need(self, questions: tuple[str, ...], rank: int) -> None:
        effect = EFFECTS[rank].format(self.regimen.title)
        self.needs += [Need(question, rank, effect) for question in questions]

    def reason(self, rule: Bar | Caution, kind: ReasonKind) -> Reason:
        question, answer = (self.facts.reason(rule.when) if rule.when else None) or (None, None)
        return Reason(rule.say, question, answer, rule.cites, kind, rule.when)

    def history(self, *, emergency: bool) -> None:
        """What was tried or not tolerated is not started again; what is not tolerated ends."""
        if self.regimen.kind != "drug":
            return
        for question in HISTORY.get(self.action, ()):
            names = self.facts.names(question, self.id)
            if names:
                self.bars.append(self._named(question))
            elif names is None and self.regimen.systemic:
                if not emergency:
                    self.blocked[question] = None
                self.need((question,), FORBID)
        if self.action in GOES_ON and self.facts.names(NOT_TOLERATED, self.id):
            self.bars.append(self._named(NOT_TOLERATED))
        if self.action in GOES_ON and self.facts.names(TRIED, self.id):
            self.failed = True
            self.care.append(self._named(TRIED, "failed"))
        if self.action == "start" and self.facts.names(TAKING, self.id):
            self.bars.append(self._named(TAKING))

    def _named(self, question: str, kind: ReasonKind = "history") -> Reason:
        """The reason that an answer names this regimen."""
        ask = self.facts.library.question(question).ask
        return Reason(f"{ask} {self.regimen.title}", question, self.id, (), kind)

    def bar(self, bar: Bar) -> None:
        truth = self.facts.holds(bar.when)
        if truth is False:
            return
        if truth:
            self.bars.append(self.reason(bar, "contraindication"))
            return
        self.possible.append(bar)
        questions = self.facts.open_questions(bar.when)
        if not bar.settled_by:
            self.blocked |= dict.fromkeys(questions)
            self.need(questions, FORBID)
            return
        uses = [use for use in self.regimen.checks if use.check in bar.settled_by]
        gated = any(is_gate(self.facts, use) for use in uses)
        self.need(questions, RESULT if gated else ADVISED)
        if gated:
            for use in uses:
                if use.check in self.done:
                    question = questions[0] if questions else None
                    text = f"{self.facts.library.check(use.check).title}: the result is not given"
                    self.waits.append(Reason(text, question, None, bar.cites, "result"))

    def gate(self, use: CheckUse) -> None:
        if isinstance(use.gate, Condition):
            questions = (*self.facts.unanswered(use.gate), *self.facts.open_questions(use.gate))
            self.need(tuple(dict.fromkeys(questions)), GATE)
        if not is_gate(self.facts, use):
            return
        title = self.facts.library.check(use.check).title
        if use.passed_when and self.facts.holds(use.passed_when) is False:
            text = f"{title}: its result has to clear the drug first"
            self.waits.append(Reason(text, None, None, use.cites, "held"))
            self.held = True
            return
        state = check_state(self.facts, use.check, self.done, self.today, use.recent)
        if state in ("outstanding", "expired"):
            self.waits.append(Reason(f"{title}: {state}", None, None, use.cites, "gate"))

    def dose(self) -> None:
        self.need(dosing.needed(self.regimen, self.facts), SIZE)
        for dose in self.regimen.doses:
            for adjustment in dose.adjustments:
                if self.facts.holds(adjustment.when) is None:
                    self.need(self.facts.open_questions(adjustment.when), ADJUST)

    def cautions(self) -> None:
        for caution in self.regimen.cautions:
            truth = self.facts.holds(caution.when)
            if truth:
                self.care.append(self.reason(caution, "caution"))
                self.referrals.append(caution.referral)
            elif truth is None and caution.when:
                self.need(self.facts.open_questions(caution.when), CARE)

    def assessment(self) -> Assessment:
        referral = max(self.referrals, key=REFERRALS.index)
        if self.bars:
            return Assessment("do-not-use", tuple(self.bars), (), (), (), referral)
        reasons = (*map(self._open_reason, self.blocked), *self.waits, *self.care)
        verdict: Verdict = "offer"
        if self.blocked or self.waits:
            verdict = "check-first"
        elif self.care:
            verdict = "caution"
        return Assessment(
            verdict,
            reasons,
            tuple(self.blocked),
            tuple(self.needs),
            tuple(self.possible),
            referral,
            self.failed,
            self.held,
        )

    def _open_reason(self, question: str) -> Reason:
        ask = self.facts.library.question(question).ask
        return Reason(f"Not answered: {ask}", question, None, (), "open")
