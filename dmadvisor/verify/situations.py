"""Whom a rule is about at one step, and who of them breaks it: rules as sets of patients."""

from collections.abc import Iterable, Iterator
from itertools import combinations, product
from typing import NamedTuple

from dmadvisor.model import GATED, Demand, FactId, Situation, Test
from dmadvisor.safety import SAFE_ACTIONS
from dmadvisor.verify.choosing import GIVING
from dmadvisor.verify.cuts import Cut, having, left_by_all
from dmadvisor.verify.diagram import NONE, Set
from dmadvisor.verify.doses import lacks_words, over_limit
from dmadvisor.verify.listed import StepSets
from dmadvisor.verify.said import Words
from dmadvisor.verify.space import Space


class About(NamedTuple):
    """Whom a rule is about at one step, for one of the regimens that it names."""

    regimen: str
    patients: Set
    cuts: tuple[Cut, ...] = ()
    """What these patients have to meet besides."""


Broken = tuple[Set, list[Cut]]
"""Who breaks a part of a demand if no cut takes them away."""


def answering(space: Space, when: Situation, within: Set) -> Set:
    """Who of some patients has the answers that a rule is about."""
    found = space.diagram.both(within, space.holds(when.answers).yes)
    if when.unless is not None:
        found = space.diagram.without(found, space.holds(when.unless).yes)
    return found


class Stage:
    """One step of one pathway, ready for rules."""

    def __init__(self, space: Space, pathway: str, name: str, step: StepSets) -> None:
        self.space = space
        self.diagram = space.diagram
        self.pathway = pathway
        self.name = name
        self.sets = step
        self.words = Words(step)

    # -- when ------------------------------------------------------------------------------

    def about(self, when: Situation, comes: Set) -> Iterator[About]:
        """Whom of those who come here a rule is about, for each of its regimens by itself."""
        if not self.is_place(when):
            return
        found = answering(self.space, when, comes)
        ways = ((when.starts, GATED), (when.gives, GIVING), (when.tapers, ("taper",)))
        named = [regimens for regimens, _ in ways if regimens]
        lists = dict.fromkeys((*named, *([when.recommends] if when.recommends else [])))
        for picked in product(*lists) if found else ():
            one = dict(zip(lists, picked, strict=True))
            here = found
            for regimens, actions in ways:
                here = self.sets.of((one[regimens],), actions, here) if regimens else here
            if here and when.recommends:
                yield from self._recommended(one[when.recommends], here)
            elif here:
                yield About(picked[0] if picked else "", here)

    def _recommended(self, regimen: str, within: Set) -> Iterator[About]:
        for number in self.sets.numbers((regimen,)):
            for case in self.sets.cases(number):
                here = having(self.diagram, within, case.among, case.but_not)
                if here:
                    yield About(regimen, here, case.cuts)

    def is_place(self, when: Situation) -> bool:
        """Whether a rule is about this step, whoever comes."""
        step = self.sets.step
        return (
            (not when.pathways or self.pathway in when.pathways)
            and (not when.steps or self.name in when.steps)
            and self.name not in when.except_steps
            and (not when.ends or step.ends in when.ends)
        )

    # -- then ------------------------------------------------------------------------------

    def breaking(self, about: About, then: Demand, comes: Iterable[Cut]) -> Set:
        """Some of the patients a rule is about who break it; nobody only when all keep it.

        ``comes`` are what a patient has to meet besides, such as to come here at all.
        """
        met: list[Cut] = []
        if then.or_referral:
            met += self.sets.unreferred(then.or_referral)
        for words in then.or_says:
            met += self.words.unsaid(words)
        for broken, cuts in self._broken(about, then):
            found = left_by_all(self.space, broken, (*about.cuts, *cuts, *met, *comes))
            if found:
                return found
        return NONE

    def _broken(self, about: About, then: Demand) -> Iterator[Broken]:
        """For each part of a demand those who break it if no cut takes them away."""
        everyone = about.patients
        yield from ((patients, []) for patients in self._places(everyone, then))
        yield from ((patients, []) for patients in self._options(everyone, then))
        yield from ((everyone, cuts) for cuts in self._lacking(then, about.regimen))
        yield from self._chosen(everyone, self.sets.numbers(then.never_recommend))
        yield from self._together(everyone, then.never_together)
        for question, answers in then.worst.items():
            yield from self._unlike_worst(everyone, question, answers)

    def _options(self, about: Set, then: Demand) -> Iterator[Set]:
        sets, diagram = self.sets, self.diagram
        for phrase in then.never_says:
            for said in self.words.with_words(phrase):
                yield having(diagram, about, said.among, said.but_not)
        yield sets.listed(then.never_list, about)
        yield sets.of(then.never_give, GIVING, about)
        yield sets.of(then.never_start, GATED, about)
        yield sets.of(then.never_stop, ("stop",), about)
        if then.list_one_of:
            yield diagram.without(about, sets.listed(then.list_one_of, about))
        if then.dose and over_limit(self.space.library, then.dose):
            yield sets.listed((then.dose.regimen,), about)
        if then.dose_words and lacks_words(self.space.library, then.dose_words):
            yield sets.listed((then.dose_words.regimen,), about)
        if then.moves_on:
            moving = (o.patients for o in sets.options if o.action in ("start", "increase", "stop"))
            yield diagram.without(about, diagram.any(moving))

    def _chosen(self, about: Set, numbers: Iterable[int]) -> Iterator[Broken]:
        """Who is recommended one of some options."""
        for number in numbers:
            for case in self.sets.cases(number):
                yield having(self.diagram, about, case.among, case.but_not), list(case.cuts)

    def _together(self, about: Set, regimens: tuple[str, ...]) -> Iterator[Broken]:
        """Who is on two of some regimens at once: recommended, or going on."""
        options = self.sets.options
        for first, second in combinations(self.sets.numbers(regimens), 2):
            one, other = options[first], options[second]
            chosen = {one.action, other.action}.isdisjoint(["continue"])
            # Of one group at most one is recommended.
            if one.regimen == other.regimen or (chosen and one.group and one.group == other.group):
                continue
            for a, b in product(self.sets.on(first), self.sets.on(second)):
                both = having(self.diagram, about, (*a.among, *b.among), (*a.but_not, *b.but_not))
                yield both, [*a.cuts, *b.cuts]

    def _places(self, about: Set, then: Demand) -> Iterator[Set]:
        step = self.sets.step
        weeks = step.review.weeks
        if (
            then.never
            or (then.ends and step.ends not in then.ends)
            or (then.pathways and self.pathway not in then.pathways)
            or (then.steps and self.name not in then.steps)
            or (then.review_by is not None and not any(w <= then.review_by for w in weeks))
            or not set(then.review_at) <= set(weeks)
        ):
            yield about

    def _lacking(self, then: Demand, first: str) -> Iterator[list[Cut]]:
        """For each thing that has to be there, or one of several, who lacks it."""
        sets, words = self.sets, self.words
        if then.give_one_of:
            yield list(sets.lacking(then.give_one_of, GIVING))
        if then.recommend_one_of:
            yield list(sets.unrecommended(then.recommend_one_of))
        yield from (list(sets.unchecked(check, first)) for check in then.checks)
        yield from (list(sets.ungated(check)) for check in then.gates)
        yield from (list(sets.unwarned(pitfall, first)) for pitfall in then.pitfalls)
        yield from (list(words.unsaid(phrase, first)) for phrase in then.says)
        if then.says_one_of:
            yield [cut for phrase in then.says_one_of for cut in words.unsaid(phrase, first)]
        if then.referral is not None:
            yield list(sets.unreferred(then.referral))

    def _unlike_worst(
        self, about: Set, question: str, answers: tuple[str, ...]
    ) -> Iterator[Broken]:
        """Who is recommended, while a question is unknown, what one of its answers forbids."""
        open_ = self.space.test(Test(fact=FactId(question), unknown=True)).yes
        unknown = self.diagram.both(about, open_)
        for number, option in enumerate(self.sets.options if unknown else ()):
            if option.action in SAFE_ACTIONS or not option.verdicts.barred:
                continue
            would = self.diagram.any(
                self.diagram.given(option.verdicts.barred, self.space.setting(question, answer))
                for answer in answers
            )
            yield from self._chosen(self.diagram.both(unknown, would), [number])
