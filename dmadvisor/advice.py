"""A finished walk to advice: what to do, why, with what, what to check, and what is missing."""

from datetime import date

from dmadvisor import safety
from dmadvisor.answers import Answers
from dmadvisor.company import Company, Judged, shown
from dmadvisor.conditions import Facts
from dmadvisor.dosing import print_dose
from dmadvisor.library import Library
from dmadvisor.model import GOES_ON, REFERRALS, Referral, Step
from dmadvisor.offers import Offers, recommended_of
from dmadvisor.outcome import Advice, AdvisedReview, AdvisedStep, Missing, Option, PresentFlag
from dmadvisor.safety import Done, Need
from dmadvisor.walk import Open, Reached, Turn, walk

REFERRAL_OF: dict[str, Referral] = {"urgent": "urgent", "days": "urgent", "same-day": "same-day"}
"""The referral that a red flag of each urgency asks for."""

CANNOT_GO_ON = "{} cannot go on as it is. {} Decide today what follows."
FIND_OUT = "First find out, before a new drug is chosen: {}"


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


Extra = tuple[str, Referral, tuple[str, ...]]
"""A sentence that a step gets for this patient, the least referral with it, its sources."""


class _Advisor:
    """Puts advice together from one reached step."""

    def __init__(self, facts: Facts, reached: Reached, today: date, done: Done) -> None:
        self.facts = facts
        self.library = facts.library
        self.reached = reached
        self.step: Step = reached.step
        self.today = today
        self.done = done
        self.offers = Offers(facts, reached.step, today, done)
        self.additions = reached.tree.additions if self.step.is_plan else ()

    def advice(self) -> Advice:
        flags = self.red_flags()
        judged = self.offers.listed()
        recommended = recommended_of(judged)
        options = tuple(self.option(each, recommended=each in recommended) for each in judged)
        used = [j for j in judged if j.assessment.verdict != "do-not-use"]
        company = Company(self.facts, (self.step, *self.additions), used, self.today, self.done)
        advice = Advice(
            tree=self.reached.tree,
            today=self.today,
            turns=(),
            red_flags=flags,
            step=self.advised_step(flags, judged, recommended),
            options=options,
            checks=company.checks(),
            contraindications=company.contraindications(),
            monitoring=company.monitoring(),
            pitfalls=company.pitfalls(),
            conflicts=company.conflicts(),
            review=AdvisedReview(self.step.review.weeks, self.step.review.not_enough),
            missing=self.missing(used, recommended),
            unused=(),
        )
        # An answer "unknown" is like none, used or not: both give the same bytes.
        # Nor does the order matter in which answers were given.
        given = self.facts.given
        known = (q for q in self.library.ids("QuestionId") if q in given and not given[q].unknown)
        idle = tuple(id for id in known if id not in self.facts.used)
        recorded = tuple(id for id in idle if self.library.question(id).score)
        unused = tuple(id for id in idle if id not in recorded)
        return advice._replace(turns=self.turns(), unused=unused, recorded=recorded)

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
        answer = self.facts.answer(safety.RED_FLAGS)
        known = self.library.ids("RedFlagId")
        flags = []
        for id in [word for word in answer.words if word in known] if answer else ():
            flag = self.library.red_flag(id)
            flags.append(PresentFlag(id, flag.title, flag.urgency, flag.act, flag.cites))
        return tuple(sorted(flags, key=lambda f: -REFERRALS.index(REFERRAL_OF[f.urgency])))

    def handled(self, flag: PresentFlag) -> bool:
        away = self.facts.answer(safety.HANDLED)
        return away is not None and flag.id in away.words

    # -- options ----------------------------------------------------------------------------

    def option(self, judged: Judged, *, recommended: bool) -> Option:
        """An option as it is shown; one that must not be used has no dose, for no reader."""
        regimen = self.library.regimen(judged.regimen)
        dose = None
        if judged.action != "stop" and judged.assessment.verdict != "do-not-use":
            dose = print_dose(regimen, self.facts, judged.action)
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
            companion_of=judged.companion_of,
        )

    # -- the step ---------------------------------------------------------------------------

    def advised_step(
        self,
        flags: tuple[PresentFlag, ...],
        judged: tuple[Judged, ...],
        recommended: tuple[Judged, ...],
    ) -> AdvisedStep:
        step = self.step
        barred = self.barred(judged)
        do = shown(self.facts, step.do if barred else (*step.go_on, *step.do))
        why = shown(self.facts, step.why)
        sentences: list[str] = [line.say for line in do]
        referral = step.referral
        pressing = [REFERRAL_OF[flag.urgency] for flag in flags if not self.handled(flag)]
        cites: list[str] = [*step.cites, *(c for line in (*do, *why) for c in line.cites)]
        pressing += [j.assessment.referral for j in judged]
        extras = (*self.cautions(), *barred, *self.undecided(judged, recommended))
        for extra, least, sources in extras:
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
            topics=step.topics,
        )

    def barred(self, judged: tuple[Judged, ...]) -> list[Extra]:
        """What to say of each drug that is taken, was to go on, and is now forbidden."""
        found: list[Extra] = []
        for each in judged:
            barred = each.assessment.verdict == "do-not-use"
            if barred and each.action in GOES_ON:
                title = self.library.regimen(each.regimen).title
                reason = each.assessment.reasons[0]
                text = CANNOT_GO_ON.format(title, reason.text)
                found.append((text, "urgent", reason.sources))
        return found

    def cautions(self) -> list[Extra]:
        """What the pathway says of care for this patient, whatever is offered or found out."""
        every = self.step.cautions_of(self.reached.tree.additions)
        return [(c.say, c.referral, c.cites) for c in every if self.facts.holds(c.when)]

    def undecided(self, judged: tuple[Judged, ...], recommended: tuple[Judged, ...]) -> list[Extra]:
        """What to say of each group of new treatment in which nothing is recommended."""
        found: list[Extra] = []
        blocked: dict[str, None] = {}
        left = self.step.none_left
        for group in self.offers.groups(judged):
            members = [j for j in judged if j.group == group]
            if any(j in recommended for j in members):
                continue
            questions = [q for j in members for q in j.assessment.blocked_by]
            blocked |= dict.fromkeys(questions)
            if not questions and left:
                found.append((left.say, left.referral, left.cites))
        asks = " ".join(self.library.question(id).ask for id in blocked)
        if asks:
            found.append((FIND_OUT.format(asks), "routine", ()))
        return list(dict.fromkeys(found))

    # -- what is missing --------------------------------------------------------------------

    def missing(self, used: list[Judged], recommended: tuple[Judged, ...]) -> tuple[Missing, ...]:
        """The open questions: first those about drugs that lead, by what they could change."""
        leading: dict[str, list[Need]] = {}
        reserve: dict[str, list[Need]] = {}
        for judged in used:
            to = reserve if _in_reserve(judged, used, recommended) else leading
            for need in judged.assessment.needs:
                to.setdefault(need.question, []).append(need)
        needs = {**reserve, **leading}
        tree = [turn.question for turn in self.reached.turns if turn.answer.unknown]
        found = [
            Missing(id, self.library.question(id).ask, _effect(group), _rank(group), id in leading)
            for id, group in needs.items()
            if id not in tree
        ]
        found.sort(key=lambda each: (not each.leads, each.rank))
        for id in tree:
            question = self.library.question(id)
            because = _effect(needs[id]) if id in needs else question.why
            found.append(Missing(id, question.ask, because))
        return tuple(found)


def _in_reserve(judged: Judged, used: list[Judged], recommended: tuple[Judged, ...]) -> bool:
    """Whether an option stands behind the recommended one of its group."""
    if judged.group is None or judged in recommended:
        return False
    leader = next((j for j in used if j.group == judged.group and j in recommended), None)
    return leader is not None and used.index(leader) < used.index(judged)


def _rank(needs: list[Need]) -> int:
    return min(need.rank for need in needs)


def _effect(needs: list[Need]) -> str:
    """What the gravest effects of one unanswered question are, over the options it touches."""
    rank = _rank(needs)
    effects = dict.fromkeys(need.effect for need in needs if need.rank == rank)
    first, *others = effects
    head = safety.EFFECTS[rank].format("")
    return first + "".join(f", {other.removeprefix(head)}" for other in others)
