"""The words that a reader of a step sees, each with those for whom it stands there."""

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any, NamedTuple

from dmadvisor.advice import CANNOT_GO_ON, FIND_OUT
from dmadvisor.model import REDUCES, Caution, CheckUse, Line, SafetyRule
from dmadvisor.rhythm import when_words
from dmadvisor.safety import RED_FLAGS
from dmadvisor.verify.choosing import Listed
from dmadvisor.verify.formulas import ALL, NONE, Set
from dmadvisor.verify.listed import Field, StepSets


class Said(NamedTuple):
    """A sentence, with those who read it."""

    text: str
    patients: Set = ALL


class Words:
    """The sentences of one step, searched by words whatever their capitals."""

    def __init__(self, step: StepSets) -> None:
        self.step = step
        self.space = step.space
        self.formulas = step.formulas
        self.breaking: dict[tuple[int, bool], tuple[SafetyRule, Set]] = {}
        """For each rule, at a right or a wrong place for it, who breaks it at such a step."""

    @cached_property
    def _said(self) -> tuple[Said, ...]:
        return tuple(said._replace(text=said.text.lower()) for said in self._sentences())

    def with_words(self, words: str) -> Iterator[Set]:
        """Who reads each of the sentences in which some words stand."""
        small = words.lower()
        return (said.patients for said in self._said if small in said.text)

    def told(self, words: str) -> Set:
        """Who is told some words, in a sentence of the step or because a group is undecided."""
        found = [*self.with_words(words)]
        if words.lower() in FIND_OUT.format("").lower():
            found += self.step.undecided(waiting=True)
        left = self.step.step.none_left
        if left and words.lower() in left.say.lower():
            found += self.step.undecided()
        return self.formulas.any(found)

    def _sentences(self) -> Iterator[Said]:
        yield from self._of_step()
        for each in self.step.brought["checks"]:
            for use in each.records:
                yield from self._of_check(each.patients, use)
        for each in self.step.brought["monitoring"]:
            for item in each.records:
                text = f"{item.what}: {when_words(item)}"
                yield Said(text, self._shown(each.patients, "monitoring", item))
        for each in self.step.brought["pitfalls"]:
            for use in each.records:
                pitfall = self.space.library.pitfall(use.pitfall)
                text = f"{pitfall.title} {pitfall.text}"
                yield Said(text, self._shown(each.patients, "pitfalls", use))
        for option in self.step.options:
            yield from self._lines(option.given, self._care(option))

    def _shown(self, patients: Set, field: Field, use: Any) -> Set:
        return self.formulas.both(patients, self.step.shown(field, use))

    def _of_step(self) -> Iterator[Said]:
        step, library = self.step.step, self.space.library
        yield Said(step.title)
        yield Said(step.review.not_enough)
        yield from self._lines(ALL, (*step.do, *step.why))
        barred = self.formulas.any(self.step.barred_going_on)
        yield from self._lines(self.formulas.other(barred), step.go_on)
        yield from self._lines(ALL, self.step.cautions)
        yield Said(CANNOT_GO_ON.format("", ""), barred)
        for id in library.ids("RedFlagId"):
            flag = library.red_flag(id)
            yield Said(f"{flag.title} {flag.act}", self.step.judge.named(RED_FLAGS, id))

    def _of_check(self, patients: Set, use: CheckUse) -> Iterator[Said]:
        """A check: how it is done is left out once the answers show that it was done."""
        check, formulas = self.space.library.check(use.check), self.formulas
        shown = self._shown(patients, "checks", use)
        done = self.space.holds(check.done_when).yes if check.done_when is not None else NONE
        if check.abnormal_when is not None:
            done = formulas.without(done, self.space.holds(check.abnormal_when).yes)
        yield Said(check.title, shown)
        yield from self._lines(formulas.without(shown, done), check.how)
        yield from self._lines(shown, use.say)

    def _care(self, option: Listed) -> tuple[Line, ...]:
        """The sentences of an option itself: how care is given, how a drug is reduced."""
        regimen = self.space.library.regimen(option.regimen)
        return regimen.taper if option.action in REDUCES else regimen.how

    def _lines(self, patients: Set, lines: Iterable[Line | Caution]) -> Iterator[Said]:
        for line in lines:
            yield Said(line.say, self.formulas.both(patients, self.space.holds(line.when).yes))
