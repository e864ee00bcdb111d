"""What the content is made of: frozen records, and the id types that name them.

A field typed with one of the id types is a reference to a record of that kind; a field typed
``Mapping[SomeId, SomeRecord]`` holds definitions. ``decode`` reads these types and nothing else, so
a new field here is a new key in the YAML.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Literal, NewType

from dmadvisor.records import Record

QuestionId = NewType("QuestionId", str)
FactId = NewType("FactId", str)
"""A question or a derived fact: whatever a condition may ask about."""
AnswerId = NewType("AnswerId", str)
CheckId = NewType("CheckId", str)
RegimenId = NewType("RegimenId", str)
PitfallId = NewType("PitfallId", str)
RedFlagId = NewType("RedFlagId", str)
ConflictId = NewType("ConflictId", str)
ClashId = NewType("ClashId", str)
CitationId = NewType("CitationId", str)
PathwayId = NewType("PathwayId", str)
RuleId = NewType("RuleId", str)
RuleSetId = NewType("RuleSetId", str)
ChapterId = NewType("ChapterId", str)
TopicId = NewType("TopicId", str)
PartId = NewType("PartId", str)
DueId = NewType("DueId", str)
"""A kind of thing that falls due: a blood test, an examination, a decision."""
SpotId = NewType("SpotId", str)
"""A named place in a pathway: a question asked there, a fork, or a step."""

Text = NewType("Text", str)
"""Words a reader sees: one paragraph, no control characters, no unsafe dose shorthand."""

Unit = Literal["days", "weeks", "months", "years"]
ReviewStatus = Literal["unreviewed", "clinician-reviewed"]
Referral = Literal["none", "routine", "urgent", "same-day"]
Urgency = Literal["urgent", "days", "same-day"]
Action = Literal["start", "continue", "increase", "taper", "withdraw", "stop", "with"]
Ends = Literal["review", "maintenance", "withdrawal", "find-out", "exit"]

ACTIONS: tuple[Action, ...] = (
    "start",
    "continue",
    "increase",
    "taper",
    "withdraw",
    "stop",
    "with",
)
GOES_ON: frozenset[Action] = frozenset(["continue", "increase", "withdraw"])
"""Actions on a dose that is not begun."""
REDUCES: frozenset[Action] = frozenset(["taper", "withdraw"])
"""Actions that bring a dose down: one that has to come down, and one that may, over many months."""
GATED: frozenset[Action] = frozenset(["start", "increase"])
"""Actions that wait for the checks that gate a drug."""
REFERRALS: tuple[Referral, ...] = ("none", "routine", "urgent", "same-day")
"""From the least to the most pressing."""


class Period(Record):
    """A length of time, written ``12 months``."""

    number: int
    unit: Unit


class Span(Record):
    """A length of time that may leave room, written ``2 weeks`` or ``4 to 8 weeks``."""

    low: int
    high: int
    unit: Unit


class Bounds(Record):
    """A range of numbers, written ``at least 30 and below 60``; a missing end is open."""

    low: Decimal | None = None
    low_included: bool = True
    high: Decimal | None = None
    high_included: bool = True


class Test(Record):
    """One question or derived fact held against constants; any match satisfies it."""

    fact: FactId
    values: tuple[AnswerId, ...] = ()
    bounds: tuple[Bounds, ...] = ()
    unknown: bool = False
    """An unknown answer satisfies the test."""
    known: bool = False
    """Any answer but unknown satisfies the test."""
    negated: bool = False


class Condition(Record):
    """Tests joined by "and" in a group; the groups joined by "or"."""

    any_of: tuple[tuple[Test, ...], ...]


class Line(Record):
    """A sentence for the reader, shown always or when its condition holds."""

    say: Text
    when: Condition | None = None
    cites: tuple[CitationId, ...] = ()


class Citation(Record):
    """Where a statement comes from."""

    text: Text
    kind: Literal["guideline", "trial", "study", "label", "review", "seed", "expert value"]
    population: Literal["adults", "children", "all ages"] | None = None
    doi: str | None = None
    pmid: str | None = None
    url: str | None = None
    file: str | None = None
    """The name of a seed document."""
    note: Text | None = None


class Implied(Record):
    """An answer that other answers already give."""

    answer: AnswerId
    when: Condition


class ProposedRule(Record):
    """One answer to propose, and what has to be so; everything that is given has to hold."""

    answer: AnswerId
    last: Condition | None = None
    """What the answers of the last visit have to be."""
    ever: Condition | None = None
    """What the answers of any earlier visit have to be."""
    started: Literal["any"] | tuple[RegimenId, ...] = ()
    """The last visit started one of these, or any regimen that reaches the whole body."""
    ends: tuple[Ends, ...] = ()
    """How the step of the last visit ended."""


class Proposed(Record):
    """How an answer is proposed from earlier visits, for the reader to accept or not.

    Exactly one of ``way``, ``weeks_on`` and ``rules`` is given.
    """

    way: Literal["same", "ever-named", "taken", "grows"] | None = None
    """The last answer; all that was ever named; what the last visit left the patient on; the last
    answer and the time since."""
    weeks_on: Literal["any"] | tuple[RegimenId, ...] = ()
    """Weeks since the visit that started one of these, or any that reaches the whole body."""
    rules: tuple[ProposedRule, ...] = ()
    """The first rule whose demands hold gives the answer; none, and nothing is proposed."""
    while_taken: tuple[RegimenId, ...] = ()
    """Only while the last visit left the patient on one of these."""


class Question(Record):
    """What can be asked about a patient; any pathway may ask it."""

    ask: Text
    why: Text
    kind: Literal["one", "many", "number", "date"]
    answers: Mapping[AnswerId, Text] = {}
    also_called: Mapping[AnswerId, tuple[Text, ...]] = {}
    """Other names that may be typed for an answer: brands, abbreviations; capitals do not count."""
    alone: tuple[AnswerId, ...] = ()
    """Answers of a ``many`` question that exclude every other answer."""
    means_unknown: tuple[AnswerId, ...] = ()
    """Answers such as ``not-tested`` that leave every other answer possible."""
    unit: str | None = None
    possible: Bounds | None = None
    """Outside of this a number is refused."""
    plausible: Bounds | None = None
    """Outside of this a number has to be confirmed."""
    no_unknown: Text | None = None
    """Why ``unknown`` is not accepted here."""
    holds: Literal["each visit", "lasts"] | Period = "each visit"
    """How long an answer stays true: a question is asked again after that."""
    implied: tuple[Implied, ...] = ()
    proposed: Proposed | None = None
    """How an answer is proposed from earlier visits of the same patient."""
    score: Text | None = None
    """What a measure of the disease is called where it is drawn over time."""
    shows: tuple[CheckId, ...] = ()
    """The checks that were done at the visit at which such a measure was given."""
    cites: tuple[CitationId, ...] = ()


class Rule(Record):
    """One value of a derived fact and when it holds."""

    value: AnswerId
    when: Condition | None = None


class Derived(Record):
    """A fact worked out from answers: by rules, by counting, or by taking answers away.

    Exactly one of ``rules``, ``counts`` and ``without`` is given.
    """

    title: Text
    values: Mapping[AnswerId, Text] = {}
    rules: tuple[Rule, ...] = ()
    """The first rule whose condition holds gives the value; the last has no condition."""
    counts: tuple[Condition, ...] = ()
    """The value is how many of these hold."""
    without: tuple[QuestionId, ...] = ()
    """Two questions: what was chosen in the first and not in the second."""
    cites: tuple[CitationId, ...] = ()


class Check(Record):
    """Something done before a first dose or at a visit; regimens and pathways name it."""

    title: Text
    how: tuple[Line, ...]
    why: Text
    done_when: Condition | None = None
    """Answers that show that the check was done."""
    abnormal_when: Condition | None = None
    within: Period | None = None
    """How long after a start it is still in time, where no first dose waits for it."""
    notes: tuple[Line, ...] = ()
    """More about it, printed by ``show`` and not with advice."""
    for_patients: Text | None = None
    """What it is, in plain words."""
    cites: tuple[CitationId, ...] = ()
    also_called: tuple[Text, ...] = ()
    """Other names by which it is looked for."""


class Pitfall(Record):
    """A known way in which a plan goes wrong."""

    title: Text
    text: Text
    seriousness: Literal["life-threatening", "serious", "common"]
    cites: tuple[CitationId, ...] = ()
    also_called: tuple[Text, ...] = ()
    """Other names by which it is looked for."""


class RedFlag(Record):
    """A finding that interrupts the ordinary plan; its id is an answer of ``red-flags``."""

    title: Text
    urgency: Urgency
    act: Text
    for_patients: Text | None = None
    """How a patient notices it, in plain words."""
    cites: tuple[CitationId, ...] = ()
    also_called: tuple[Text, ...] = ()
    """Other names by which it is looked for."""


class OtherView(Record):
    """What another source says."""

    value: Text
    cites: tuple[CitationId, ...]


class Conflict(Record):
    """A point on which the sources disagree, what is used here, and why."""

    topic: Text
    used: Text
    why: Text
    others: tuple[OtherView, ...]
    cites: tuple[CitationId, ...] = ()


class Cap(Record):
    """The amount that a dose never passes."""

    amount: Decimal
    unit: str
    per: str
    reason: Text
    cites: tuple[CitationId, ...] = ()


class Adjustment(Record):
    """A change of the dose under a condition."""

    when: Condition
    say: Text
    factor: Decimal | None = None
    """What the dose is multiplied by."""
    cap: Decimal | None = None
    """A lower cap, in the unit and period of the dose's cap."""
    amount: Decimal | None = None
    """What is given in the place of ``low`` to ``high``."""
    start: Decimal | None = None
    start_high: Decimal | None = None
    """What a titrated dose starts with instead."""
    frequency: Text | None = None
    """How often it is given instead."""
    days: int | None = None
    """Over how many days a course runs."""
    rate: Decimal | None = None
    """How fast an infusion may run at most, in mL per kg per minute."""
    no_amount: bool = False
    """No amount is worked out: somebody has to decide."""
    cites: tuple[CitationId, ...] = ()


class Pattern(Record):
    """A way of taking whole tablets: what it comes to in the mean, and how it is said."""

    amount: Decimal
    say: Text


class Infusion(Record):
    """How a course is divided over days, and how fast it runs."""

    strength: Decimal
    """How much of the dose's unit is in 1 mL."""
    days_low: int
    days_high: int
    start_rate: Decimal
    """In mL per kg per minute."""
    high_rate: Decimal
    cites: tuple[CitationId, ...] = ()


class Dose(Record):
    """How much of a regimen is given: a rule, not one patient's amount.

    ``per-kg`` and ``per-m2`` amounts are multiplied by the patient's weight or body surface;
    ``flat`` and ``titrated`` amounts are not; a dose with ``start`` is built up from there to
    ``low``-``high``;
    ``applied`` is put on the skin and has no amount.
    """

    kind: Literal["per-kg", "per-m2", "flat", "titrated", "applied"]
    frequency: Text
    """In words: ``once a week, on the same named day``."""
    route: Text
    label: Text | None = None
    """Which of several doses this is: ``Face and skin folds``."""
    product: Text | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    unit: str | None = None
    per: str | None = None
    """The period or course that the amount is for: ``day``, ``week``, ``course``."""
    start: Decimal | None = None
    start_high: Decimal | None = None
    steps: Text | None = None
    """How a titrated dose is built up."""
    weight: Literal["actual", "ideal"] | None = None
    """Which body weight a per-kg dose uses."""
    cap: Cap | None = None
    beyond: Decimal | None = None
    """How high a specialist alone may go, above the cap, in the unit of the amounts."""
    divided: int | None = None
    """Into how many equal doses the amount is split; each is rounded."""
    round_down_to: Decimal | None = None
    round_low: Literal["down", "up"] = "down"
    """Where the low end of a range goes: up where less than it would be too little."""
    patterns: tuple[Pattern, ...] = ()
    """The ways of taking whole tablets, of which the highest within the limit is given."""
    infusion: Infusion | None = None
    strengths: Text | None = None
    duration: Text | None = None
    adjustments: tuple[Adjustment, ...] = ()
    notes: tuple[Line, ...] = ()
    cites: tuple[CitationId, ...] = ()


class CheckUse(Record):
    """A check that a regimen or step asks for."""

    check: CheckId
    gate: bool | Condition = False
    """Whether the first dose waits for it: always, never, or when the condition holds."""
    passed_when: Condition | None = None
    """The answers that pass the gate, where it is not enough that the check was done."""
    when: Condition | None = None
    """Left out when this is known to be false."""
    recent: Period | None = None
    """How old a result may be at the first dose."""
    say: tuple[Line, ...] = ()
    """What this regimen or step adds to how the check is done."""
    cites: tuple[CitationId, ...] = ()


class Bar(Record):
    """A contraindication: known to hold it forbids the regimen, possible it means check first."""

    when: Condition
    say: Text
    settled_by: tuple[CheckId, ...] = ()
    """Checks done before any first dose that answer it; without any, the clinician must."""
    cites: tuple[CitationId, ...] = ()


class Caution(Record):
    """A reason for care that does not forbid the regimen; without ``when`` for everyone."""

    say: Text
    when: Condition | None = None
    referral: Referral = "none"
    """The least referral of a step that offers the regimen to such a patient."""
    cites: tuple[CitationId, ...] = ()


class DueKind(Record):
    """A kind of thing that falls due, and how far from its day it may be done."""

    title: Text
    window: Period
    """How long before and after the day it is still in time, where no source says."""
    cites: tuple[CitationId, ...] = ()


class Rhythm(Record):
    """How often something is done, and for how long; the next rhythm follows it."""

    every: Span
    lasts: Span | None = None
    until: Text | None = None
    """What ends it, in words."""
    ends_when: Condition | None = None
    """The answers at a visit that show that it has ended."""


class Monitoring(Record):
    """What is watched while treatment goes on, and when."""

    what: Text
    at: Text | None = None
    """In words, when no day can be worked out: ``every visit``, ``at once``."""
    weeks: tuple[int, ...] = ()
    """Weeks from the start, printed with their dates; week 0 is now."""
    first: Span | None = None
    """How long after the start it is done first."""
    repeat: tuple[Rhythm, ...] = ()
    """How often after that, or from the start."""
    goes_on: Period | None = None
    """For how long after the last dose it goes on."""
    since: QuestionId | None = None
    """A number of weeks or months: how long ago the time began that is counted from."""
    kind: DueId | None = None
    window: Period | None = None
    """How far from its day it may be done, in the place of what its kind says."""
    checks: tuple[CheckId, ...] = ()
    """The checks that show that it was done; without any, a visit does."""
    when: Condition | None = None
    cites: tuple[CitationId, ...] = ()

    @property
    def has_days(self) -> bool:
        """Whether days can be worked out."""
        return bool(self.weeks or self.first or self.repeat)


class PitfallUse(Record):
    """A pitfall that a regimen, step or pathway shows."""

    pitfall: PitfallId
    when: Condition | None = None


class ConflictUse(Record):
    """A conflict that a regimen, step or pathway shows."""

    conflict: ConflictId
    when: Condition | None = None


class Regimen(Record):
    """A drug or course of care with all of its own safety, in one file."""

    title: Text
    kind: Literal["drug", "care"]
    treats: tuple[Literal["skin", "muscle", "lung", "support"], ...]
    purpose: Text
    reviewed: date
    review_status: ReviewStatus
    cites: tuple[CitationId, ...]
    also_called: tuple[Text, ...] = ()
    """Other names by which it is looked for."""
    systemic: bool = False
    """Reaches the whole body: counts as systemic treatment of the skin."""
    drug_class: Text | None = None
    mechanism: Text | None = None
    doses: tuple[Dose, ...] = ()
    how: tuple[Line, ...] = ()
    """What to do, for care that has no dose."""
    taper: tuple[Line, ...] = ()
    """How it is reduced and stopped."""
    companions: tuple[RegimenId, ...] = ()
    """Regimens that are always given with this one."""
    checks: tuple[CheckUse, ...] = ()
    contraindications: tuple[Bar, ...] = ()
    cautions: tuple[Caution, ...] = ()
    monitoring: tuple[Monitoring, ...] = ()
    pitfalls: tuple[PitfallUse, ...] = ()
    conflicts: tuple[ConflictUse, ...] = ()
    pregnancy: Text | None = None
    harms: Text | None = None
    response: Text | None = None
    """How long it takes to work."""
    notes: tuple[Line, ...] = ()
    for_patients: Text | None = None
    """What it is for and what to look out for, in plain words: no dose, no decision."""
    reviewer: Text | None = None
    """The role of the clinician who reviewed it."""


class Offer(Record):
    """Regimens that a step offers, with one action."""

    start: tuple[RegimenId, ...] = ()
    continues: tuple[RegimenId, ...] = ()
    increase: tuple[RegimenId, ...] = ()
    taper: tuple[RegimenId, ...] = ()
    withdraw: tuple[RegimenId, ...] = ()
    stop: tuple[RegimenId, ...] = ()
    along: tuple[RegimenId, ...] = ()
    group: str | None = None
    """Offers of one group are alternatives."""
    if_barred: tuple[RegimenId, ...] = ()
    """Listed only when each of these, listed before it, is barred, failed or stopped here."""
    also_when: Condition | None = None
    """Listed as well when this holds, though nothing is barred."""
    when: Condition | None = None
    """Listed only when this holds."""
    if_taken: bool = False
    """Of these only what is taken is listed; what has failed is shown so, never recommended."""
    emergency: bool = False
    """It does not wait for the history of what was tried and not tolerated."""

    def listed(self, action: Action) -> tuple[RegimenId, ...]:
        """The regimens offered with an action, two of which are words that Python keeps."""
        field = {"continue": "continues", "with": "along"}.get(action, action)
        found: tuple[RegimenId, ...] = getattr(self, field)
        return found


class Review(Record):
    """When to look again, and what counts as not enough."""

    weeks: tuple[int, ...]
    not_enough: Text


class NoneLeft(Record):
    """What to do when every option of a step is barred."""

    say: Text
    referral: Referral
    cites: tuple[CitationId, ...] = ()


class Step(Record):
    """Where a walk ends: what to do now."""

    title: Text
    do: tuple[Line, ...]
    why: tuple[Line, ...]
    ends: Ends
    review: Review
    cites: tuple[CitationId, ...]
    referral: Referral = "none"
    go_on: tuple[Line, ...] = ()
    """What to do first while every drug that goes on may go on; left out when one is barred."""
    offer: tuple[Offer, ...] = ()
    none_left: NoneLeft | None = None
    checks: tuple[CheckUse, ...] = ()
    monitoring: tuple[Monitoring, ...] = ()
    pitfalls: tuple[PitfallUse, ...] = ()
    conflicts: tuple[ConflictUse, ...] = ()
    topics: tuple[TopicId, ...] = ()
    """What in the reference explains this step."""

    @property
    def is_plan(self) -> bool:
        """Whether it is a plan: no exit, and nothing to be found out first."""
        return self.ends not in ("exit", "find-out")

    def cautions_of(self, additions: Iterable[Additions]) -> tuple[Caution, ...]:
        """The cautions of a pathway that this step shows; an exit only what is more urgent."""
        every = [caution for each in additions for caution in each.cautions]
        least = REFERRALS.index(self.referral) if self.ends == "exit" else -1
        return tuple(c for c in every if REFERRALS.index(c.referral) > least)


class Target(Record):
    """A spot of the same pathway, or another pathway to hand over to."""

    spot: SpotId | None = None
    pathway: PathwayId | None = None


class Branch(Record):
    """Where the walk goes on when a condition holds; no condition means otherwise."""

    to: Target
    when: Condition | None = None


class Additions(Record):
    """What a pathway adds to each of its steps that is not an exit and finds nothing out."""

    cautions: tuple[Caution, ...] = ()
    """Reasons for care about the patient, also where something is to be found out first."""
    checks: tuple[CheckUse, ...] = ()
    monitoring: tuple[Monitoring, ...] = ()
    pitfalls: tuple[PitfallUse, ...] = ()
    conflicts: tuple[ConflictUse, ...] = ()


class Part(Record):
    """Questions, forks and steps that several pathways share."""

    title: Text
    start: SpotId | None = None
    questions: Mapping[QuestionId, tuple[Branch, ...]] = {}
    forks: Mapping[SpotId, tuple[Branch, ...]] = {}
    steps: Mapping[SpotId, Step] = {}
    every_step: Additions = Additions()


class Pathway(Record):
    """One decision tree: its own questions, forks and steps, and the parts it uses."""

    title: Text
    population: Text
    """Whom it is for."""
    reviewed: date
    review_status: ReviewStatus
    cites: tuple[CitationId, ...]
    also_called: tuple[Text, ...] = ()
    """Other names by which it is looked for."""
    uses: tuple[PartId, ...] = ()
    start: SpotId | None = None
    questions: Mapping[QuestionId, tuple[Branch, ...]] = {}
    forks: Mapping[SpotId, tuple[Branch, ...]] = {}
    steps: Mapping[SpotId, Step] = {}
    every_step: Additions = Additions()
    reviewer: Text | None = None


class Clash(Record):
    """Answers that do not go together: impossible, or so unusual that they are asked again."""

    when: Condition
    say: Text
    confirm: QuestionId | None = None
    """The question to confirm where they can be true; without it they cannot."""
    cites: tuple[CitationId, ...] = ()


class Situation(Record):
    """Whom a safety rule is about, and at which steps; everything that is given has to hold.

    Where two fields list the same regimens, the same one has to meet both.
    """

    answers: Condition | None = None
    """What the answers have to be; an answer that leaves it open does not meet it."""
    unless: Condition | None = None
    """The answers that are excepted."""
    pathways: tuple[PathwayId, ...] = ()
    """The pathways in which the step stands."""
    steps: tuple[SpotId, ...] = ()
    except_steps: tuple[SpotId, ...] = ()
    ends: tuple[Ends, ...] = ()
    starts: tuple[RegimenId, ...] = ()
    """One of these may be started or increased: it is listed so and nothing known forbids it."""
    gives: tuple[RegimenId, ...] = ()
    """One of these may be started, increased or go on."""
    recommends: tuple[RegimenId, ...] = ()
    """One of these is recommended to be started, increased or to go on."""
    tapers: tuple[RegimenId, ...] = ()


class DoseLimit(Record):
    """What the structured doses of a regimen never pass, whoever the patient is."""

    regimen: RegimenId
    amount: Decimal
    unit: str
    per: str
    per_kg: Decimal | None = None
    """The same for each kg of weight."""


class DoseWords(Record):
    """Words that stand in every dose of a regimen."""

    regimen: RegimenId
    words: tuple[Text, ...]


ProofName = Literal[
    "walk-ends",
    "step-complete",
    "checks-printed",
    "dose-complete",
    "no-dose-in-steps",
    "two-ways-agree",
    "all-reached",
    "flag-on-top",
]
"""The proofs that ``verify`` has of its own: of what rules in terms of answers cannot say."""


class Demand(Record):
    """What has to be so in the situation; everything that is given."""

    never: bool = False
    """The situation itself must not come about."""
    never_list: tuple[RegimenId, ...] = ()
    never_give: tuple[RegimenId, ...] = ()
    """None of these may be started, increased or go on; it may be listed as forbidden."""
    never_start: tuple[RegimenId, ...] = ()
    never_stop: tuple[RegimenId, ...] = ()
    """None of these is stopped at once."""
    never_recommend: tuple[RegimenId, ...] = ()
    never_together: tuple[RegimenId, ...] = ()
    """At most one of these is recommended, or goes on."""
    recommend_one_of: tuple[RegimenId, ...] = ()
    give_one_of: tuple[RegimenId, ...] = ()
    list_one_of: tuple[RegimenId, ...] = ()
    """One of these is listed, whatever becomes of it."""
    moves_on: bool = False
    """A drug is started, increased or stopped."""
    checks: tuple[CheckId, ...] = ()
    gates: tuple[CheckId, ...] = ()
    """Checks that are listed and that a first dose waits for."""
    pitfalls: tuple[PitfallId, ...] = ()
    says: tuple[Text, ...] = ()
    """Words of which each stands in the step, its flags, checks, monitoring or pitfalls."""
    says_one_of: tuple[Text, ...] = ()
    never_says: tuple[Text, ...] = ()
    referral: Referral | None = None
    """The least referral."""
    ends: tuple[Ends, ...] = ()
    pathways: tuple[PathwayId, ...] = ()
    steps: tuple[SpotId, ...] = ()
    review_by: int | None = None
    """The week by which the step is looked at again."""
    review_at: tuple[int, ...] = ()
    dose: DoseLimit | None = None
    dose_words: DoseWords | None = None
    worst: Mapping[QuestionId, tuple[AnswerId, ...]] = {}
    """While a question is unknown nothing is recommended that one of these answers forbids."""
    worse: Mapping[QuestionId, tuple[AnswerId, ...]] = {}
    """Answers from good to bad: each change for the worse loses no check, pitfall or referral."""
    or_referral: Referral | None = None
    """With at least this referral the rest of the demand is met."""
    or_says: tuple[Text, ...] = ()
    """With one of these words the rest of the demand is met."""
    proof: ProofName | None = None
    """The name of a proof that the program has of its own: of rendering, and of ways to run it."""


class SafetyRule(Record):
    """What must hold for every patient who can come: proved by ``verify`` over every path."""

    says: Text
    why: Text
    then: Demand
    when: Situation = Situation()
    covers: tuple[str, ...] = ()
    """The names that a specification gives it."""
    cites: tuple[CitationId, ...] = ()


class RuleSet(Record):
    """Safety rules that belong together, in one file."""

    title: Text
    rules: Mapping[RuleId, SafetyRule]


class NotOffered(Record):
    """Something people ask for that the library does not offer, and why."""

    title: Text
    say: Text
    cites: tuple[CitationId, ...] = ()
    also_called: tuple[Text, ...] = ()
    """Other names by which it is looked for."""


class Topic(Record):
    """One thing that the reference explains; no dose stands in it, and nothing is decided by it."""

    title: Text
    says: tuple[Line, ...]
    """What there is to know of it."""
    cites: tuple[CitationId, ...]
    also_called: tuple[Text, ...] = ()
    """Other names by which it is looked for."""
    what_for: Text | None = None
    """Why it is done, taken or asked about."""
    works_by: Text | None = None
    """How it is thought to work."""
    harms: Text | None = None
    evidence: Text | None = None
    """How well it is known."""
    see: tuple[str, ...] = ()
    """Where more stands: a kind and an id, such as ``checks/some-check``."""
    for_patients: Text | None = None
    """The same in plain words for a patient: no dose, no decision."""


class Chapter(Record):
    """Topics of the reference that belong together, in one file."""

    title: Text
    about: Text
    reviewed: date
    review_status: ReviewStatus
    topics: Mapping[TopicId, Topic]
    warning: Text | None = None
    """Shown with each of its topics."""
    reviewer: Text | None = None
    """The role of the clinician who reviewed it."""


class LedgerEntry(Record):
    """One statement of a seed document and what became of it."""

    seed: CitationId
    says: Text
    status: Literal["encoded", "corrected", "noted", "not-encoded"]
    item: Text | None = None
    """The heading or list item that it stands under there."""
    where: tuple[str, ...] = ()
    """Ids that hold it: any of a pathway, step, question, regimen, check, pitfall, ..."""
    why: Text | None = None
    """Why it is corrected, only noted or not encoded."""


class Handout(Record):
    """What a patient takes home: which topics stand on it, and the words before each list."""

    title: Text
    notice: Text
    """That it is no advice, and who decides."""
    topics: tuple[TopicId, ...]
    """In reading order; each has words for patients."""
    medicines: Text
    care: Text
    checks: Text
    same_day: Text
    """Whom to call, before the red flags that do not wait."""
    soon: Text
    """Whom to call, before the others."""
    whom: tuple[Text, ...]
    """Whom to call, with room to write the numbers."""
    sources: Text
    """Where the sources of drugs and tests stand; those of the topics are listed below it."""


class Content(Record):
    """What the content as a whole says of itself."""

    version: str
    title: Text
    notice: Text
    """Shown under every advice."""
    handout: Handout | None = None


NAMES = {
    "PathwayId": "pathway",
    "RegimenId": "regimen",
    "QuestionId": "question",
    "DerivedId": "fact",
    "CheckId": "check",
    "PitfallId": "pitfall",
    "RedFlagId": "red flag",
    "ConflictId": "conflict",
    "CitationId": "source",
    "ClashId": "clash",
    "DueId": "kind of thing due",
    "NotOfferedId": "not offered",
    "TopicId": "topic",
    "ChapterId": "chapter",
}
"""Every kind that ``show`` knows, with its word."""
