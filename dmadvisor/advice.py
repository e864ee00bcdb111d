"""A finished walk to advice: what to do, why, with what, what to check, and what is missing."""

from datetime import date, timedelta

from dmadvisor import safety
from dmadvisor.answers import Answers
from dmadvisor.conditions import Facts
from dmadvisor.dosing import DosePrint, print_dose
from dmadvisor.library import Library
from dmadvisor.model import (
    ACTIONS,
    REFERRALS,
    Action,
    Additions,
    CheckUse,
    Line,
    Monitoring,
    Offer,
    Referral,
    Step,
)
from dmadvisor.records import Record
from dmadvisor.safety import Assessment, CheckState, Done, Need, Reason
from dmadvisor.walk import Open, Reached, Tree, Turn, walk

RED_FLAGS = "red-flags"
OPEN_RED_FLAGS = "open-red-flags"
REFERRAL_OF: dict[str, Referral] = {"urgent": "urgent", "days": "urgent", "same-day": "same-day"}
"""The referral that a red flag of each urgency asks for."""

OFFER_FIELDS: dict[Action, str] = {"continue": "continues", "with": "along"}
SERIOUSNESS = ("life-threatening", "serious", "common")


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


class Option(Record):
    """One regimen that the step offers, judged for this patient."""

    regimen: str
    title: str
    action: Action
    group: str | None
    verdict: safety.Verdict
    recommended: bool
    reasons: tuple[Reason, ...]
    dose: DosePrint | None
    sources: tuple[str, ...]


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


class _Judged(Record):
    """A listed option with its assessment, before a recommendation is chosen."""

    regimen: str
    action: Action
    group: str | None
    assessment: Assessment
    companion_of: str | None


def advise(
    library: Library, pathway: str, answers: Answers, today: date, done: Done | None = None
) -> Open | Advice:
    """Walk the answers: the open question, or the advice they lead to.

    A pure function of its arguments. ``done`` names checks that were done. Raises PathwayError
    when the content leads nowhere.
    """
    facts = Facts(library, answers)
    end = walk(library, pathway, facts)
    return end if isinstance(end, Open) else _Advisor(facts, end, today, done or {}).advice()


def day_text(today: date, weeks: int) -> str:
    """A week from today with its date: ``week 4 (2026-12-18)``."""
    return f"week {weeks} ({today + timedelta(weeks=weeks)})"


class _Advisor:
    """Puts advice together from one reached step."""

    def __init__(self, facts: Facts, reached: Reached, today: date, done: Done) -> None:
        self.facts = facts
        self.library = facts.library
        self.reached = reached
        self.step: Step = reached.step
        self.today = today
        self.done = done
        plan = reached.step.ends in ("review", "maintenance", "withdrawal")
        self.additions = reached.tree.additions if plan else ()

    def advice(self) -> Advice:
        flags = self.red_flags()
        judged = self.judge()
        recommended = _recommended(judged)
        options = tuple(self.option(each, recommended=each in recommended) for each in judged)
        used = [j for j in judged if j.assessment.verdict != "do-not-use"]
        advice = Advice(
            tree=self.reached.tree,
            today=self.today,
            turns=(),
            red_flags=flags,
            step=self.advised_step(flags, judged, recommended),
            options=options,
            checks=self.checks(used),
            contraindications=_contraindications(used),
            monitoring=self.monitoring(used),
            pitfalls=self.pitfalls(used),
            conflicts=self.conflicts(used),
            review=AdvisedReview(self.step.review.weeks, self.step.review.not_enough),
            missing=self.missing(used),
            unused=(),
        )
        unused = tuple(id for id in self.facts.given if id not in self.facts.used)
        return advice._replace(turns=self.turns(), unused=unused)

    def turns(self) -> tuple[Turn, ...]:
        tree = self.reached.turns
        asked = {turn.question for turn in tree}
        given = self.facts.given
        known = (
            Turn(self.reached.tree.id, id, given[id])
            for id in self.library.ids("QuestionId")
            if id in given and id not in asked and id in self.facts.used and not given[id].unknown
        )
        return (*tree, *known)

    def red_flags(self) -> tuple[PresentFlag, ...]:
        answer = self.facts.answer(RED_FLAGS)
        present = (
            [id for id in answer.words if id in self.library.ids("RedFlagId")] if answer else []
        )
        flags = []
        for id in present:
            flag = self.library.red_flag(id)
            flags.append(PresentFlag(id, flag.title, flag.urgency, flag.act, flag.cites))
        return tuple(sorted(flags, key=lambda f: -REFERRALS.index(REFERRAL_OF[f.urgency])))

    def handled(self, flag: PresentFlag) -> bool:
        away = self.facts.answer("red-flags-handled")
        return away is not None and flag.id in away.words

    # -- options ----------------------------------------------------------------------------

    def judge(self) -> tuple[_Judged, ...]:
        """Every option that the step lists for this patient, in the order of the step."""
        listed: list[_Judged] = []
        for offer in self.step.offer:
            if not self.is_listed(offer, listed):
                continue
            for action in ACTIONS:
                for regimen in getattr(offer, OFFER_FIELDS.get(action, action)):
                    self.list_option(regimen, action, offer.group, listed)
        return tuple(listed)

    def is_listed(self, offer: Offer, listed: list[_Judged]) -> bool:
        if offer.when is not None and not self.facts.holds(offer.when):
            return False
        if not offer.if_barred:
            return True
        verdicts = {each.regimen: each.assessment.verdict for each in listed}
        if all(verdicts.get(id) == "do-not-use" for id in offer.if_barred):
            return True
        return offer.also_when is not None and self.facts.holds(offer.also_when) is True

    def list_option(
        self, regimen: str, action: Action, group: str | None, listed: list[_Judged]
    ) -> None:
        assessment = safety.assess(self.facts, regimen, action, self.done)
        listed.append(_Judged(regimen, action, group, assessment, None))
        if assessment.verdict == "do-not-use" or action in safety.SAFE_ACTIONS:
            return
        for companion in self.library.regimen(regimen).companions:
            if all(companion != each.regimen for each in listed):
                own = safety.assess(self.facts, companion, "with", self.done)
                listed.append(_Judged(companion, "with", None, own, regimen))

    def option(self, judged: _Judged, *, recommended: bool) -> Option:
        regimen = self.library.regimen(judged.regimen)
        dose = None
        if judged.action != "stop":
            dose = print_dose(regimen, self.facts, taper=judged.action == "taper")
        return Option(
            regimen=judged.regimen,
            title=regimen.title,
            action=judged.action,
            group=judged.group,
            verdict=judged.assessment.verdict,
            recommended=recommended,
            reasons=judged.assessment.reasons,
            dose=dose,
            sources=regimen.cites,
        )

    # -- the step ---------------------------------------------------------------------------

    def advised_step(
        self,
        flags: tuple[PresentFlag, ...],
        judged: tuple[_Judged, ...],
        recommended: tuple[_Judged, ...],
    ) -> AdvisedStep:
        step = self.step
        do, why = self.shown(step.do), self.shown(step.why)
        sentences: list[str] = [line.say for line in do]
        referral = step.referral
        pressing = [REFERRAL_OF[flag.urgency] for flag in flags if not self.handled(flag)]
        cites: list[str] = [*step.cites, *(c for line in (*do, *why) for c in line.cites)]
        for extra, least, sources in self.undecided(judged, recommended):
            sentences.insert(0, extra)
            pressing.append(least)
            cites += sources
        referral = max((referral, *pressing), key=REFERRALS.index)
        return AdvisedStep(
            id=self.reached.step_id,
            title=step.title,
            do=tuple(sentences),
            why=tuple(line.say for line in why),
            referral=referral,
            sources=tuple(dict.fromkeys(cites)),
        )

    def undecided(
        self, judged: tuple[_Judged, ...], recommended: tuple[_Judged, ...]
    ) -> list[tuple[str, Referral, tuple[str, ...]]]:
        """What to say of each group of new treatment in which nothing is recommended."""
        found: list[tuple[str, Referral, tuple[str, ...]]] = []
        for group in dict.fromkeys(j.group for j in judged if j.group):
            members = [j for j in judged if j.group == group]
            if any(j in recommended for j in members):
                continue
            blocked = dict.fromkeys(q for j in members for q in j.assessment.blocked_by)
            if blocked:
                asks = " ".join(self.library.question(id).ask for id in blocked)
                found.append(
                    (f"First find out, before a new drug is chosen: {asks}", "routine", ())
                )
            elif self.step.none_left:
                left = self.step.none_left
                found.append((left.say, left.referral, left.cites))
        return found

    def sources(self) -> tuple[Step | Additions, ...]:
        """The step, and what pathways add to each of their steps."""
        return (self.step, *self.additions)

    def shown(self, lines: tuple[Line, ...]) -> tuple[Line, ...]:
        return tuple(line for line in lines if self.facts.holds(line.when))

    # -- what goes with it ------------------------------------------------------------------

    def checks(self, used: list[_Judged]) -> tuple[AdvisedCheck, ...]:
        uses: list[tuple[str | None, bool, CheckUse]] = []
        for judged in used:
            if judged.action not in safety.SAFE_ACTIONS:
                first = judged.action in ("start", "increase")
                regimen = self.library.regimen(judged.regimen)
                uses += [(judged.regimen, first, use) for use in regimen.checks]
        for source in self.sources():
            uses += [(None, False, use) for use in source.checks]
        found: dict[str, list[tuple[str | None, bool, CheckUse]]] = {}
        for owner, first, use in uses:
            if use.when is None or self.facts.holds(use.when) is not False:
                found.setdefault(use.check, []).append((owner, first, use))
        checks = [self.check(id, group) for id, group in found.items()]
        order = {"outstanding": 0, "abnormal": 1, "done": 2}
        return tuple(sorted(checks, key=lambda c: (order[c.state], not c.gate)))

    def check(self, id: str, uses: list[tuple[str | None, bool, CheckUse]]) -> AdvisedCheck:
        check = self.library.check(id)
        own = [line for _, _, use in uses for line in self.shown(use.say)]
        recent = min(
            (use.recent for _, first, use in uses if use.recent and first),
            key=lambda p: p.number * {"days": 1, "weeks": 7, "months": 30, "years": 365}[p.unit],
            default=None,
        )
        how: list[str] = [line.say for line in (*self.shown(check.how), *own)]
        if recent:
            how.append(f"Not older than {recent.number} {recent.unit} at the first dose.")
        cites = [*check.cites, *(c for _, _, use in uses for c in use.cites)]
        cites += [c for line in (*self.shown(check.how), *own) for c in line.cites]
        return AdvisedCheck(
            id=id,
            title=check.title,
            for_=tuple(dict.fromkeys(owner for owner, _, _ in uses if owner)),
            gate=any(first and safety.is_gate(self.facts, use) for _, first, use in uses),
            state=safety.check_state(self.facts, id, self.done),
            done_on=self.done.get(id),
            how=" ".join(dict.fromkeys(how)),
            why=check.why,
            sources=tuple(dict.fromkeys(cites)),
        )

    def monitoring(self, used: list[_Judged]) -> tuple[Watch, ...]:
        found: dict[tuple[str, str], Watch] = {}
        for judged in used:
            if judged.action != "stop":
                for item in self.library.regimen(judged.regimen).monitoring:
                    self.watch(item, judged.regimen, found)
        for source in self.sources():
            for item in source.monitoring:
                self.watch(item, None, found)
        return tuple(found.values())

    def watch(
        self, item: Monitoring, owner: str | None, found: dict[tuple[str, str], Watch]
    ) -> None:
        if not self.facts.holds(item.when):
            return
        days = [day_text(self.today, week) for week in item.weeks]
        when = ", ".join([*([item.at] if item.at else []), *days])
        key = (item.what, when)
        before = found.get(key)
        owners = (*(before.for_ if before else ()), *((owner,) if owner else ()))
        sources = tuple(dict.fromkeys((*(before.sources if before else ()), *item.cites)))
        found[key] = Watch(item.what, when, tuple(dict.fromkeys(owners)), sources)

    def pitfalls(self, used: list[_Judged]) -> tuple[AdvisedPitfall, ...]:
        uses = [
            u for j in used if j.action != "stop" for u in self.library.regimen(j.regimen).pitfalls
        ]
        for source in self.sources():
            uses += source.pitfalls
        ids = dict.fromkeys(use.pitfall for use in uses if self.facts.holds(use.when))
        records = sorted(
            ((id, self.library.pitfall(id)) for id in ids),
            key=lambda pair: SERIOUSNESS.index(pair[1].seriousness),
        )
        return tuple(AdvisedPitfall(id, p.title, p.text, p.cites) for id, p in records)

    def conflicts(self, used: list[_Judged]) -> tuple[AdvisedConflict, ...]:
        uses = [
            u for j in used if j.action != "stop" for u in self.library.regimen(j.regimen).conflicts
        ]
        for source in self.sources():
            uses += source.conflicts
        ids = dict.fromkeys(use.conflict for use in uses if self.facts.holds(use.when))
        records = [self.library.conflict(id) for id in ids]
        return tuple(
            AdvisedConflict(
                c.topic,
                c.used,
                c.why,
                tuple(OtherValue(o.value, o.cites) for o in c.others),
                c.cites,
            )
            for c in records
        )

    # -- what is missing --------------------------------------------------------------------

    def missing(self, used: list[_Judged]) -> tuple[Missing, ...]:
        needs: dict[str, list[Need]] = {}
        for judged in used:
            for need in judged.assessment.needs:
                needs.setdefault(need.question, []).append(need)
        ranked = sorted(needs.items(), key=lambda item: min(need.rank for need in item[1]))
        tree = [turn.question for turn in self.reached.turns if turn.answer.unknown]
        found = [
            Missing(id, self.library.question(id).ask, _effect(group))
            for id, group in ranked
            if id not in tree
        ]
        for id in tree:
            question = self.library.question(id)
            because = _effect(needs[id]) if id in needs else question.why
            found.append(Missing(id, question.ask, because))
        return tuple(found)


def _effect(needs: list[Need]) -> str:
    """What the gravest effects of one unanswered question are, over the options it touches."""
    rank = min(need.rank for need in needs)
    effects = dict.fromkeys(need.effect for need in needs if need.rank == rank)
    first, *others = effects
    head = safety.EFFECTS[rank].format("")
    return first + "".join(f", {other.removeprefix(head)}" for other in others)


def _contraindications(used: list[_Judged]) -> tuple[Contraindication, ...]:
    found: dict[str, Contraindication] = {}
    for judged in used:
        for bar in judged.assessment.possible_bars:
            before = found.get(bar.say)
            owners = (*(before.for_ if before else ()), judged.regimen)
            cites = (*(before.sources if before else ()), *bar.cites)
            found[bar.say] = Contraindication(
                bar.say, tuple(dict.fromkeys(owners)), tuple(dict.fromkeys(cites))
            )
    return tuple(found.values())


def _recommended(judged: tuple[_Judged, ...]) -> tuple[_Judged, ...]:
    """The recommended options: of each group of alternatives one, of the others all that may be."""
    chosen: list[_Judged] = []
    groups = dict.fromkeys(each.group for each in judged if each.group)
    alternatives = [[j for j in judged if j.group == group] for group in groups]
    alone = [[j] for j in judged if j.group is None and j.companion_of is None]
    for members in (*alternatives, *alone):
        ready = [j for j in members if j.assessment.verdict in ("offer", "caution")]
        waiting = [
            j
            for j in members
            if j.assessment.verdict == "check-first" and not j.assessment.blocked_by
        ]
        chosen += (ready or waiting)[:1]
    names = {each.regimen for each in chosen}
    chosen += [j for j in judged if j.companion_of in names]
    return tuple(chosen)
