"""The words that a reader of a step sees, each with those for whom it stands there."""

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from dmadvisor.advice import CANNOT_GO_ON, FIND_OUT
from dmadvisor.model import Caution, CheckUse, Line
from dmadvisor.rhythm import when_words
from dmadvisor.safety import RED_FLAGS
from dmadvisor.verify.choosing import Listed
from dmadvisor.verify.cuts import Cut, lacking
from dmadvisor.verify.diagram import NONE, Set
from dmadvisor.verify.listed import StepSets


class Said(NamedTuple):
    """A sentence, with those who read it: who are in all of some sets, and in none of others."""

    owner: str
    """The regimen that brings it; empty where the step says it."""
    text: str
    among: tuple[Set, ...] = ()
    but_not: tuple[Set, ...] = ()


class Words:
    """The sentences of one step, searched by words whatever their capitals."""

    def __init__(self, step: StepSets) -> None:
        self.step = step
        self.space = step.space

    @cached_property
    def _said(self) -> tuple[Said, ...]:
        return tuple(said._replace(text=said.text.lower()) for said in self._sentences())

    def with_words(self, words: str) -> Iterator[Said]:
        """The sentences in which some words stand."""
        small = words.lower()
        return (said for said in self._said if small in said.text)

    def unsaid(self, words: str, first: str = "") -> Iterator[Cut]:
        """For each sentence with some words who does not read it; those of one regimen first."""
        found = self.with_words(words)
        for said in sorted(found, key=lambda said: (said.owner not in ("", first), said.owner)):
            yield lacking(self.space.diagram, said.among, said.but_not)
        if words.lower() in FIND_OUT.format("").lower():
            yield from self.step.decided(waiting=True)
        left = self.step.step.none_left
        if left and words.lower() in left.say.lower():
            yield from self.step.decided()

    def _sentences(self) -> Iterator[Said]:
        yield from self._of_step()
        for owner, among, barred, checks in self.step.uses("checks"):
            for use in checks:
                yield from self._of_check(owner, among, barred, use)
        for owner, among, barred, items in self.step.uses("monitoring"):
            for item in items:
                yield Said(
                    owner,
                    f"{item.what}: {when_words(item)}",
                    (among, self.space.holds(item.when).yes),
                    (barred,),
                )
        for owner, among, barred, pitfalls in self.step.uses("pitfalls"):
            for use in pitfalls:
                pitfall = self.space.library.pitfall(use.pitfall)
                seen = (among, self.space.holds(use.when).yes)
                yield Said(owner, f"{pitfall.title} {pitfall.text}", seen, (barred,))
        for option in self.step.options:
            here, bars = (option.patients,), (option.verdicts.barred,)
            yield from self._lines(option.regimen, here, bars, self._care(option))

    def _of_step(self) -> Iterator[Said]:
        step, library = self.step.step, self.space.library
        yield Said("", step.title)
        yield Said("", step.review.not_enough)
        yield from self._lines("", (), (), (*step.do, *step.why))
        yield from self._lines("", (), self.step.barred_going_on, step.go_on)
        yield from self._lines("", (), (), self.step.cautions)
        for barred in self.step.barred_going_on:
            yield Said("", CANNOT_GO_ON.format("", ""), (barred,))
        for id in library.ids("RedFlagId"):
            flag = library.red_flag(id)
            yield Said("", f"{flag.title} {flag.act}", (self.step.judge.named(RED_FLAGS, id),))

    def _of_check(self, owner: str, among: Set, barred: Set, use: CheckUse) -> Iterator[Said]:
        """A check: how it is done is left out once the answers show that it was done."""
        check, diagram = self.space.library.check(use.check), self.space.diagram
        no = self.space.holds(use.when).no
        done = self.space.holds(check.done_when).yes if check.done_when is not None else NONE
        if check.abnormal_when is not None:
            done = diagram.without(done, self.space.holds(check.abnormal_when).yes)
        yield Said(owner, check.title, (among,), (barred, no))
        yield from self._lines(owner, (among,), (barred, no, done), check.how)
        yield from self._lines(owner, (among,), (barred, no), use.say)

    def _care(self, option: Listed) -> tuple[Line, ...]:
        """The sentences of an option itself: how care is given, how a drug is reduced."""
        regimen = self.space.library.regimen(option.regimen)
        return regimen.taper if option.action == "taper" else regimen.how

    def _lines(
        self,
        owner: str,
        among: tuple[Set, ...],
        but_not: tuple[Set, ...],
        lines: Iterable[Line | Caution],
    ) -> Iterator[Said]:
        for line in lines:
            yield Said(owner, line.say, (*among, self.space.holds(line.when).yes), but_not)
