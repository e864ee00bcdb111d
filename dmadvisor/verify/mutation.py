"""Breaks a content one change at a time, and looks for a case or a rule that sees it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice
from typing import Any, Literal, NamedTuple, Self

from dmadvisor.answers import Answer
from dmadvisor.library import Library
from dmadvisor.model import Bar, CheckUse, RuleId, SafetyRule
from dmadvisor.outcome import Advice
from dmadvisor.problems import PathwayError
from dmadvisor.verify.astray import Astray
from dmadvisor.verify.cases import DAY, Placed, Print, missed, visits
from dmadvisor.verify.concerned import concerned, differences, differs, is_met, touches
from dmadvisor.verify.everybody import Everybody
from dmadvisor.verify.formulas import ALL
from dmadvisor.verify.harm import Harm, harm
from dmadvisor.verify.mutants import Mutant, in_branches
from dmadvisor.verify.prover import counterexamples
from dmadvisor.verify.relevance import Relevance
from dmadvisor.verify.single import hold
from dmadvisor.verify.visits import Visit

Result = Literal["case", "rule", "refused", "changes nothing", "uncaught"]

MOST_STEPS, MOST_PRINTED = 30, 80
"""At how many steps somebody is looked for who would be harmed; how many cases are printed."""


class Outcome(NamedTuple):
    """What became of one mutant."""

    mutant: str
    result: Result
    by: str = ""
    """The case, the rule or the fault that caught it."""
    harm: Harm | None = None
    """Of one that is uncaught a patient who would be told otherwise, where one was found."""


class Noting(Library):
    """A library that notes which records are asked for."""

    @classmethod
    def of(cls, library: Library) -> Self:
        """The same content, with nothing noted yet."""
        other = object.__new__(cls)
        other.__dict__.update(library.__dict__)
        other.asked = set()
        return other

    asked: set[tuple[str, str]]

    def get(self, kind: str, id: str) -> Any:
        """The record itself."""
        self.asked.add((kind, id))
        return super().get(kind, id)


class Known(NamedTuple):
    """The patient of a case, as the content is now."""

    placed: Placed
    visit: Visit
    used: frozenset[tuple[str, str]]
    """The records that the advice rests on."""
    values: Sequence[int]
    """The answers, as the sets know them."""


def said(advice: Advice) -> tuple[object, ...]:
    """What a reader is told, without the tree behind it."""
    return tuple(getattr(advice, name) for name in Advice._fields if name != "tree")


class Breaker:
    """A content with the rules and cases that are to see its faults."""

    def __init__(
        self,
        library: Library,
        mutants: Sequence[Mutant],
        cases: Iterable[Placed],
        printed: Print,
    ) -> None:
        self.library = library
        also = [each.after for each in mutants if each.what in ("threshold", "red flag")]
        conditions = [each for each in also if each is not None]
        self.everybody = Everybody(library, library.ids("PathwayId"), conditions)
        self.cases = tuple(cases)
        self.printed = printed
        sets = [library.rule_set(id) for id in library.ids("RuleSetId")]
        self.rules: dict[RuleId, SafetyRule] = {
            id: rule for each in sets for id, rule in each.rules.items() if not rule.then.proof
        }
        self.relevance = Relevance(library, self.rules)
        self.astray = Astray(self.everybody, self.rules)

    @cached_property
    def known(self) -> tuple[Known, ...]:
        """The patients of all cases."""
        return tuple(self._known())

    def _known(self) -> Iterator[Known]:
        for placed in self.cases:
            for each in visits(self.library, placed.case):
                library = Noting.of(self.library)
                visit = Visit(library, each.pathway, each.answers, DAY, each.done)
                _ = visit.advice
                used = frozenset(library.asked)
                values = self.everybody.space.values(visit.answers)
                yield Known(placed, visit, used, values)

    def prepare(self) -> None:
        """Make the sets that every mutant needs, once for all processes."""
        _ = self.known, self.everybody.stages

    def outcome(self, mutant: Mutant) -> Outcome:
        """Whether something sees a change; the first that does is named."""
        if not any(is_met(self.everybody, each) for each in concerned(self.everybody, mutant)):
            return Outcome(mutant.id, "changes nothing")
        changed = mutant.within(self.library)
        try:
            for result, by in self._catches(mutant, changed):
                return Outcome(mutant.id, result, by)
        except PathwayError as error:
            return Outcome(mutant.id, "refused", error.problems[0].message)
        return Outcome(mutant.id, "uncaught", harm=self._harm(mutant, changed))

    def _harm(self, mutant: Mutant, changed: Library) -> Harm | None:
        """One of the patients who would be told otherwise; of the cases rather than made up."""
        for visit in self._concerned_visits(mutant, changed):
            try:
                found = harm(visit.within(self.library), visit)
            except PathwayError:
                continue
            if found is not None:
                return found
        return None

    def _concerned_visits(self, mutant: Mutant, changed: Library) -> Iterator[Visit]:
        may_see = self._who_sees(mutant)
        yield from (known.visit.within(changed) for known in self.known if may_see(known))
        parts = [ALL, *(part for part in differences(self.everybody, mutant) if part)]
        for each in islice(concerned(self.everybody, mutant), MOST_STEPS):
            for part in parts:
                values = self.everybody.one_of(each.stage, (each.patients, part))
                if values is not None:
                    answers = self.everybody.space.patient(values)
                    yield Visit(changed, each.stage.pathway, answers, DAY)

    def _catches(self, mutant: Mutant, changed: Library) -> Iterator[tuple[Result, str]]:
        """What sees a change, what is found soonest first."""
        relevant = self.relevance.of(mutant)
        long = [id for id in relevant if self.rules[id].then.worse]
        short = [id for id in relevant if id not in long]
        if in_branches(mutant):
            yield from self._broken(changed, self.astray.found(changed))
        else:
            yield from self._broken(changed, self._breaking(mutant, changed, short))
        yield from self._failing(mutant, changed)
        yield from self._broken(changed, self._breaking(mutant, changed, long))

    def _broken(
        self, changed: Library, found: Iterable[tuple[RuleId, str, Mapping[str, Answer]]]
    ) -> Iterator[tuple[Result, str]]:
        """The rules that somebody breaks, who is really advised."""
        for id, pathway, answers in found:
            if hold(self.rules[id], Visit(changed, pathway, answers, DAY)) == "broken":
                yield "rule", id

    def _breaking(
        self, mutant: Mutant, changed: Library, rules: Iterable[RuleId]
    ) -> Iterator[tuple[RuleId, str, Mapping[str, Answer]]]:
        """Of those who start a pathway somebody who breaks one of some rules."""
        same_facts = mutant.kind not in ("DerivedId", "QuestionId")
        same_walks = same_facts and not in_branches(mutant)
        everybody = self.everybody.within(changed, same_facts=same_facts, same_walks=same_walks)
        stages = [
            everybody.stage(stage.pathway, stage.name)
            for stage in self.everybody.stages
            if touches(self.everybody, mutant, stage)
        ]
        for id in rules:
            for found in counterexamples(everybody, self.rules[id], stages):
                yield id, found.pathway, found.answers

    def _failing(self, mutant: Mutant, changed: Library) -> Iterator[tuple[Result, str]]:
        """The cases that expect something else than what is advised now."""
        may_see = self._who_sees(mutant)
        later = []
        for known in self.known:
            if not may_see(known):
                continue
            placed, visit = known.placed, known.visit.within(changed)
            # On another way to the same end only other questions are asked.
            same = in_branches(mutant) and visit.end == known.visit.end
            if same and not placed.case.missing:
                continue
            for words in missed(placed.case, visit):
                yield "case", f"{placed.file}: {placed.case.case} ({words})"
            reads = placed.case.says or placed.case.never_says
            if reads and said(visit.advice) != said(known.visit.advice):
                later.append((placed, visit))
        for placed, visit in later[:MOST_PRINTED]:
            for words in missed(placed.case, visit, self.printed):
                yield "case", f"{placed.file}: {placed.case.case} ({words})"

    def _who_sees(self, mutant: Mutant) -> Callable[[Known], bool]:
        """Whether the advice for the patient of a case could rest on what is changed."""
        names = {(mutant.kind, mutant.name), ("FactId", mutant.name)}
        formulas, holds = self.everybody.formulas, self.everybody.space.holds
        before = mutant.before
        differing = differs(self.everybody, mutant)

        def sees(known: Known) -> bool:
            if not names & known.used or not formulas.has(differing, known.values):
                return False
            advice = known.visit.advice
            if isinstance(before, CheckUse):
                return any(check.id == before.check for check in advice.checks)
            if isinstance(before, Bar):
                return not formulas.has(holds(before.when).no, known.values)
            return in_branches(mutant) or mutant.place in ("", advice.step.id)

        return sees
