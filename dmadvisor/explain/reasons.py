"""Why the advice is what it is: the way to the step, the rule behind each verdict and check."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from dmadvisor.advice import advise
from dmadvisor.answers import Answers, answer_label
from dmadvisor.conditions import Facts, condition_words
from dmadvisor.explain.derivations import Derivations, Held, Worked
from dmadvisor.library import Library
from dmadvisor.model import Branch, CheckUse, Condition, Offer, SpotId
from dmadvisor.outcome import Advice, AdvisedCheck, Option
from dmadvisor.records import Record
from dmadvisor.safety import Done, Reason
from dmadvisor.values import HAND_OVER
from dmadvisor.walk import Open, Reached, Taken, tree_of, walk


class Left(Record):
    """A condition that an unknown answer leaves open, and the questions without an answer."""

    words: str
    questions: tuple[str, ...]


class Passed(Record):
    """One place that the walk passed, and the branch that it took there."""

    pathway: str
    place: str
    ask: str | None
    """The words of the question; None at a fork, where nothing is asked."""
    answer: str | None
    label: str | None
    follows: bool
    """The answer follows from others and was not asked for."""
    held: Held | None
    """The condition of the branch; None where it is what is left."""
    not_held: tuple[str, ...]
    """The conditions of earlier branches that do not hold, where none was left to hold."""
    left_open: tuple[Left, ...]
    """The conditions of earlier branches that nobody can tell yet."""
    to: str
    hand_over: str | None


class Ground(Record):
    """One reason for a verdict, with the rule that it comes from."""

    reason: Reason
    held: Held | None


class Judgement(Record):
    """One option: why it is listed, why it has its verdict, why it leads or does not."""

    option: Option
    listed: str | None
    lead: str
    grounds: tuple[Ground, ...]


class Asker(Record):
    """What asks for a check: a regimen, the step, or the pathway."""

    regimen: str | None
    held: Held | None
    gate: bool
    sources: tuple[str, ...]


class Asked(Record):
    """A check, and all that asks for it."""

    check: AdvisedCheck
    by: tuple[Asker, ...]


class Why(Record):
    """Everything that the advice rests on."""

    advice: Advice
    way: tuple[Passed, ...]
    facts: tuple[Worked, ...]
    options: tuple[Judgement, ...]
    checks: tuple[Asked, ...]


def explain(
    library: Library, pathway: str, answers: Answers, today: date, done: Done
) -> Open | Why:
    """The reasons of the advice on some answers; the open question where there is none."""
    advice = advise(library, pathway, answers, today, done)
    if isinstance(advice, Open):
        return advice
    facts = Facts(library, answers)
    reached = walk(library, pathway, facts)
    assert isinstance(reached, Reached)
    explainer = _Explainer(facts, reached, advice)
    way = tuple(explainer.passed(taken) for taken in reached.taken)
    options = tuple(explainer.judgement(option) for option in advice.options)
    checks = tuple(explainer.asked(check) for check in advice.checks)
    return Why(advice, way, tuple(explainer.derivations.worked.values()), options, checks)


class _Explainer:
    """Finds the rules behind one advice, and the facts that they name."""

    def __init__(self, facts: Facts, reached: Reached, advice: Advice) -> None:
        self.facts = facts
        self.library = facts.library
        self.reached = reached
        self.advice = advice
        self.derivations = Derivations(facts)
        self.held = self.derivations.held

    # -- the way ------------------------------------------------------------------------------

    def passed(self, taken: Taken) -> Passed:
        tree = tree_of(self.library, taken.pathway)
        is_fork = SpotId(taken.place) in tree.forks
        places: Mapping[Any, tuple[Branch, ...]] = tree.forks if is_fork else tree.questions
        branches = places[taken.place]
        here = branches[taken.number]
        question = None if is_fork else self.library.question(taken.place)
        answer = self.facts.answer(taken.place) if question else None
        before = [b.when for b in branches[: taken.number] if b.when]
        known = [when for when in before if self.facts.holds(when) is False]
        unknown = [when for when in before if self.facts.holds(when) is None]
        for when in known:
            self.derivations.note_taken_away(when)
        return Passed(
            pathway=taken.pathway,
            place=taken.place,
            ask=question.ask if question else None,
            answer=answer.text if answer else None,
            label=answer_label(question, answer) if question and answer else None,
            follows=question is not None and taken.place not in self.facts.given,
            held=self.held(here.when),
            not_held=() if here.when else tuple(map(condition_words, known)),
            left_open=tuple(
                Left(condition_words(when), self.facts.open_questions(when)) for when in unknown
            ),
            to=f"{HAND_OVER}{here.to.pathway}" if here.to.pathway else str(here.to.spot),
            hand_over=here.to.pathway,
        )

    # -- options ------------------------------------------------------------------------------

    def judgement(self, option: Option) -> Judgement:
        grounds = tuple(
            Ground(reason, self.held(reason.when) if reason.when else None)
            for reason in option.reasons
        )
        return Judgement(option, self.listed(option), _lead(self.advice, option), grounds)

    def listed(self, option: Option) -> str | None:
        """What an option is listed for, where the step does not list it for everybody."""
        offers = (o for o in self.reached.step.offer if option.regimen in o.listed(option.action))
        offer = next((o for o in offers if self._offered(o)), None)
        if offer is None:
            return None
        words = []
        if offer.if_barred:
            also = self.held(offer.also_when) if self.facts.holds(offer.also_when) else None
            titles = ", ".join(self.library.regimen(id).title for id in offer.if_barred)
            words.append(_words(also) if offer.also_when and also else f"in the place of {titles}")
        if offer.when:
            words.append(_words(self.held(offer.when)))
        return "; ".join(words) or ("it is taken" if offer.if_taken else None)

    def _offered(self, offer: Offer) -> bool:
        return offer.when is None or self.facts.holds(offer.when) is True

    # -- checks -------------------------------------------------------------------------------

    def asked(self, check: AdvisedCheck) -> Asked:
        found = []
        for regimen in check.for_:
            own = self.library.regimen(regimen).checks
            found += list(self._askers(check, regimen, own, gate=regimen in check.waiting))
        step = self.reached.step
        uses = list(step.checks)
        for each in self.reached.tree.additions if step.is_plan else ():
            uses += each.checks
        found += list(self._askers(check, None, tuple(uses), gate=False))
        return Asked(check, tuple(found))

    def _askers(
        self, check: AdvisedCheck, regimen: str | None, uses: tuple[CheckUse, ...], *, gate: bool
    ) -> Iterator[Asker]:
        for use in uses:
            if use.check == check.id and self.facts.holds(use.when) is not False:
                when = use.gate if gate and isinstance(use.gate, Condition) else use.when
                held = self.held(when) if when and self.facts.holds(when) else None
                yield Asker(regimen, held, gate, use.cites)


def _words(held: Held | None) -> str:
    return held.words if held else ""


def _lead(advice: Advice, option: Option) -> str:
    """Why an option is recommended, or is not."""
    kinds = [reason.kind for reason in option.reasons]
    members = [o for o in advice.options if option.group and o.group == option.group]
    leader = next((o for o in members if o.recommended), None)
    if option.companion_of is not None:
        return f"goes with {option.companion_of}"
    if option.recommended:
        return _leads(option, members)
    if option.verdict == "do-not-use":
        return "not recommended: it must not be used"
    if "failed" in kinds:
        return "not recommended: it has failed"
    if "open" in kinds:
        asks = ", ".join(r.question for r in option.reasons if r.kind == "open" and r.question)
        return f"not recommended: an answer could still rule it out ({asks})"
    if leader and members.index(leader) > members.index(option):
        return "not recommended: a result has to clear it first, and the next one need not wait"
    return f"not recommended: {leader.title} stands before it" if leader else "not recommended"


def _leads(option: Option, members: list[Option]) -> str:
    """Why a recommended option is."""
    before = members[: members.index(option)] if option in members else []
    if not members:
        return "recommended: nothing forbids it"
    if len(members) == 1:
        return "recommended: the only one here"
    if not before:
        return "recommended: the first in the order"
    return f"recommended: the first in the order after {', '.join(o.title for o in before)}"
