"""What advice is made of: frozen records, in the order in which they are read."""

from datetime import date

from dmadvisor.dosing import DosePrint
from dmadvisor.model import Action, Referral
from dmadvisor.records import Record
from dmadvisor.safety import CheckState, Reason, Verdict
from dmadvisor.walk import Tree, Turn


class PresentFlag(Record):
    """A red flag that this patient has."""

    id: str
    title: str
    urgency: str
    act: str
    sources: tuple[str, ...]
    present: bool = True


class AdvisedStep(Record):
    """The step with the sentences that hold for this patient."""

    id: str
    title: str
    do: tuple[str, ...]
    why: tuple[str, ...]
    referral: Referral
    sources: tuple[str, ...]
    topics: tuple[str, ...] = ()
    """What in the reference explains it."""


class Option(Record):
    """One regimen that the step offers, judged for this patient."""

    regimen: str
    title: str
    action: Action
    group: str | None
    verdict: Verdict
    recommended: bool
    reasons: tuple[Reason, ...]
    dose: DosePrint | None
    sources: tuple[str, ...]
    companion_of: str | None = None
    """The regimen that it always goes with."""


class AdvisedCheck(Record):
    """A check with its state and the options that ask for it."""

    id: str
    title: str
    for_: tuple[str, ...]
    gate: bool
    state: CheckState
    done_on: date | None
    how: str
    why: str
    sources: tuple[str, ...]
    waiting: tuple[str, ...] = ()
    """The regimens whose first dose waits for it."""


class Contraindication(Record):
    """What would forbid options and has not been ruled out yet."""

    text: str
    for_: tuple[str, ...]
    sources: tuple[str, ...]


class Watch(Record):
    """What is watched, and when."""

    what: str
    when: str
    for_: tuple[str, ...]
    sources: tuple[str, ...]


class AdvisedPitfall(Record):
    """A pitfall of this plan."""

    id: str
    title: str
    text: str
    sources: tuple[str, ...]


class OtherValue(Record):
    """What another source says."""

    value: str
    sources: tuple[str, ...]


class AdvisedConflict(Record):
    """A point on which sources differ, and what was used."""

    topic: str
    used: str
    why: str
    others: tuple[OtherValue, ...]
    sources: tuple[str, ...]


class AdvisedReview(Record):
    """When to look again, and what counts as not enough."""

    weeks: tuple[int, ...]
    not_enough: str


class Missing(Record):
    """A question without an answer, and what it could change."""

    question: str
    ask: str
    matters_because: str
    rank: int = 0
    """What it could change, the gravest lowest; as in ``safety``."""
    leads: bool = True
    """It concerns a drug that is recommended, or may become so; not only one in reserve."""

    @property
    def because(self) -> str:
        """Why it matters, as a sentence."""
        effect = self.matters_because
        return f"It {effect}." if effect[:1].islower() else effect


class Advice(Record):
    """Everything that is said to this patient's clinician today."""

    tree: Tree
    today: date
    turns: tuple[Turn, ...]
    """The tree questions in walk order, then the safety questions that were answered."""
    red_flags: tuple[PresentFlag, ...]
    step: AdvisedStep
    options: tuple[Option, ...]
    checks: tuple[AdvisedCheck, ...]
    contraindications: tuple[Contraindication, ...]
    monitoring: tuple[Watch, ...]
    pitfalls: tuple[AdvisedPitfall, ...]
    conflicts: tuple[AdvisedConflict, ...]
    review: AdvisedReview
    missing: tuple[Missing, ...]
    unused: tuple[str, ...]
    recorded: tuple[str, ...] = ()
    """Scores that were given and that nothing here looks at: they are drawn over time."""

    @property
    def idle(self) -> tuple[str, ...]:
        """Every question that was answered and that nothing here looks at."""
        return (*self.unused, *self.recorded)
