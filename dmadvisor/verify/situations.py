"""Whom a rule is about at one step, and who of them breaks it: rules as sets of patients."""

from collections.abc import Callable, Container, Iterator
from itertools import combinations, product

from dmadvisor.model import GATED, REDUCES, Action, Demand, FactId, SafetyRule, Situation, Test
from dmadvisor.safety import SAFE_ACTIONS
from dmadvisor.verify.choosing import GIVING, KEPT
from dmadvisor.verify.doses import lacks_words, over_limit
from dmadvisor.verify.formulas import ALL, NONE, Given, Set
from dmadvisor.verify.said import Words
from dmadvisor.verify.space import Space

Who = Callable[[str, Container[Action]], Set]


def answering(space: Space, when: Situation) -> Set:
    """Who has the answers that a rule is about."""
    found = space.holds(when.answers).yes
    if when.unless is not None:
        found = space.formulas.without(found, space.holds(when.unless).yes)
    return found


class Stage:
    """One step of one pathway, ready for rules."""

    def __init__(self, space: Space, pathway: str, name: str, words: Words) -> None:
        self.space = space
        self.formulas = space.formulas
        self.pathway = pathway
        self.name = name
        self.words = words
        self.sets = words.step

    # -- when ------------------------------------------------------------------------------

    def about(self, when: Situation) -> Iterator[Set]:
        """Whom a rule is about at this step, for each of the regimens that it names."""
        if not self.is_place(when):
            return
        answers = answering(self.space, when)
        ways: tuple[tuple[tuple[str, ...], Container[Action], Who], ...] = (
            (when.starts, GATED, self._given),
            (when.gives, GIVING, self._given),
            (when.tapers, REDUCES, self._given),
            (when.recommends, GIVING, self._chosen),
        )
        named = [way for way in ways if way[0]]
        lists = dict.fromkeys(regimens for regimens, _, _ in named)
        for picked in product(*lists):
            one = dict(zip(lists, picked, strict=True))
            met = (who(one[regimens], actions) for regimens, actions, who in named)
            here = self.formulas.all((answers, *met))
            if here:
                yield here

    def _given(self, regimen: str, actions: Container[Action]) -> Set:
        return self.sets.of((regimen,), actions)

    def _chosen(self, regimen: str, _: Container[Action]) -> Set:
        return self.formulas.any(map(self.sets.chosen, self.sets.numbers((regimen,))))

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

    def breaking(self, rule: SafetyRule) -> Set:
        """Who would break a rule here, of all who might come."""
        if not self.is_place(rule.when):
            return NONE
        # The same at steps that are alike, whose words are the same.
        is_wrong = self._is_wrong_place(rule.then)
        known = self.words.breaking
        key = (id(rule), is_wrong)
        if key not in known:
            about = self.formulas.any(self.about(rule.when))
            broken = self._broken(rule.then, is_wrong=is_wrong) if about else NONE
            # Kept with the rule, so that no other one can come to have its id.
            known[key] = rule, self.formulas.both(about, broken)
        return known[key][1]

    def _broken(self, then: Demand, *, is_wrong: bool) -> Set:
        """Who does not have all that is demanded."""
        met = [self.words.told(words) for words in then.or_says]
        if then.or_referral:
            met.append(self.sets.referred(then.or_referral))
        broken = (
            *([ALL] if is_wrong else ()),
            *self._present(then),
            *map(self.formulas.other, self._demanded(then)),
            *self._together(then.never_together),
            *(s for q, words in then.worst.items() for s in self._unlike_worst(q, words)),
        )
        return self.formulas.without(self.formulas.any(broken), self.formulas.any(met))

    def _is_wrong_place(self, then: Demand) -> bool:
        step = self.sets.step
        weeks = step.review.weeks
        return (
            then.never
            or bool(then.ends and step.ends not in then.ends)
            or bool(then.pathways and self.pathway not in then.pathways)
            or bool(then.steps and self.name not in then.steps)
            or (then.review_by is not None and not any(w <= then.review_by for w in weeks))
            or not set(then.review_at) <= set(weeks)
        )

    def _present(self, then: Demand) -> Iterator[Set]:
        """For each thing that must not be who has it."""
        sets, library = self.sets, self.space.library
        for words in then.never_says:
            yield from self.words.with_words(words)
        yield sets.listed(then.never_list)
        yield sets.of(then.never_give, GIVING)
        yield sets.of(then.never_start, GATED)
        yield sets.of(then.never_stop, ("stop",))
        yield sets.recommended(then.never_recommend)
        if then.dose and over_limit(library, then.dose):
            yield sets.listed((then.dose.regimen,))
        if then.dose_words and lacks_words(library, then.dose_words):
            yield sets.listed((then.dose_words.regimen,))

    def _demanded(self, then: Demand) -> Iterator[Set]:
        """For each thing that has to be there, or one of several, who has it."""
        sets, words = self.sets, self.words
        if then.list_one_of:
            yield sets.listed(then.list_one_of)
        if then.give_one_of:
            yield sets.of(then.give_one_of, GIVING)
        if then.recommend_one_of:
            yield sets.recommended(then.recommend_one_of)
        if then.moves_on:
            moving = ("start", "increase", "stop")
            yield self.formulas.any(o.patients for o in sets.options if o.action in moving)
        yield from (sets.sees("checks", check) for check in then.checks)
        yield from map(sets.gated, then.gates)
        yield from (sets.sees("pitfalls", pitfall) for pitfall in then.pitfalls)
        yield from map(words.told, then.says)
        if then.says_one_of:
            yield self.formulas.any(map(words.told, then.says_one_of))
        if then.referral is not None:
            yield sets.referred(then.referral)

    def _together(self, regimens: tuple[str, ...]) -> Iterator[Set]:
        """Who is on two of some regimens at once: recommended, or going on."""
        options = self.sets.options
        for first, second in combinations(self.sets.numbers(regimens), 2):
            one, other = options[first], options[second]
            chosen = {one.action, other.action}.isdisjoint(KEPT)
            # Of one group at most one is recommended.
            if one.regimen == other.regimen or (chosen and one.group and one.group == other.group):
                continue
            yield self.formulas.both(self.sets.on(first), self.sets.on(second))

    def _unlike_worst(self, question: str, answers: tuple[str, ...]) -> Iterator[Set]:
        """Who is recommended, while a question is unknown, what one of its answers forbids."""
        unknown = self.space.test(Test(fact=FactId(question), unknown=True)).yes
        for number, option in enumerate(self.sets.options):
            if option.action not in SAFE_ACTIONS:
                would = self.formulas.any(
                    Given(self.formulas, self.space.setting(question, word))(option.verdicts.barred)
                    for word in answers
                )
                yield self.formulas.all((unknown, would, self.sets.chosen(number)))
