"""Breaks a content one change at a time, and looks for a case or a rule that sees it."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import islice
from typing import Any, Literal, NamedTuple, Self

from dmadvisor.library import Library
from dmadvisor.model import Bar, CheckUse, RuleId, SafetyRule
from dmadvisor.outcome import Advice
from dmadvisor.problems import PathwayError
from dmadvisor.verify.cases import DAY, Placed, Print, missed, visits
from dmadvisor.verify.concerned import Concerned, concerned, differences, differs
from dmadvisor.verify.cuts import Cut, one_left
from dmadvisor.verify.diagram import Set
from dmadvisor.verify.everybody import Everybody
from dmadvisor.verify.harm import Harm, harm
from dmadvisor.verify.mutants import Mutant, in_branches
from dmadvisor.verify.relevance import Relevance
from dmadvisor.verify.single import hold
from dmadvisor.verify.situations import answering
from dmadvisor.verify.visits import Visit

Result = Literal["case", "rule", "refused", "changes nothing", "uncaught"]

MOST_RULES, MOST_OF_A_RULE, MOST_STEPS, MOST_PRINTED, MOST_CUTS = 12, 3, 30, 80, 8
"""On how many rules, patients of one rule and steps a mutant is tried before it counts as uncaught,
and on how many printed cases; how often a set of patients is cut to find one of them."""


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
        _ = self.known
        for stage in self.everybody.stages:
            self.everybody.comes(stage)

    def outcome(self, mutant: Mutant) -> Outcome:
        """Whether something sees a change; the first that does is named."""
        changed = mutant.within(self.library)
        try:
            for result, by in self._catches(mutant, changed):
                return Outcome(mutant.id, result, by)
        except PathwayError as error:
            return Outcome(mutant.id, "refused", error.problems[0].message)
        if not any(self._comes(each) for each in concerned(self.everybody, mutant)):
            return Outcome(mutant.id, "changes nothing")
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
        yield from (visit for visit, _ in self._patients(mutant, changed))
        parts = [part for part in differences(self.everybody, mutant) if part]
        for each in islice(concerned(self.everybody, mutant), MOST_STEPS):
            for part in parts:
                patients = self.everybody.diagram.both(each.patients, part)
                yield from self._one(each.stage.pathway, patients, each.cuts, changed, most=None)

    def _comes(self, each: Concerned) -> bool:
        return one_left(self.everybody.space, each.patients, each.cuts) is not None

    def _catches(self, mutant: Mutant, changed: Library) -> Iterator[tuple[Result, str]]:
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
        for visit, rules in self._patients(mutant, changed):
            for id in rules:
                if hold(self.rules[id], visit) == "broken":
                    yield "rule", id

    def _who_sees(self, mutant: Mutant) -> Callable[[Known], bool]:
        """Whether the advice for the patient of a case could rest on what is changed."""
        names = {(mutant.kind, mutant.name), ("FactId", mutant.name)}
        diagram, holds = self.everybody.diagram, self.everybody.space.holds
        before = mutant.before
        differing = differs(self.everybody, mutant)

        def sees(known: Known) -> bool:
            if not names & known.used or not diagram.has(differing, known.values):
                return False
            advice = known.visit.advice
            if isinstance(before, CheckUse):
                return any(check.id == before.check for check in advice.checks)
            if isinstance(before, Bar):
                return not diagram.has(holds(before.when).no, known.values)
            return in_branches(mutant) or mutant.place in ("", advice.step.id)

        return sees

    def _patients(
        self, mutant: Mutant, changed: Library
    ) -> Iterator[tuple[Visit, Iterable[RuleId]]]:
        """Patients whom a change concerns, each with the rules to hold against."""
        rules = self.relevance.of(mutant)
        in_tree = mutant.kind in ("PathwayId", "PartId")
        if not rules and not in_tree:
            return
        tried: Counter[RuleId] = Counter()
        for number, each in enumerate(concerned(self.everybody, mutant)):
            for id in rules[:MOST_RULES]:
                left = MOST_OF_A_RULE - tried[id]
                for pair in islice(self._about(id, each, mutant, changed), left):
                    tried[id] += 1
                    yield pair
            if mutant.kind == "RegimenId" or number >= MOST_STEPS:
                if all(tried[id] >= MOST_OF_A_RULE for id in rules[:MOST_RULES]):
                    return
                continue
            for visit in self._one(each.stage.pathway, each.patients, each.cuts, changed):
                if not in_branches(mutant) or visit.end[1] != each.stage.name:
                    yield visit, self.rules if in_tree else rules

    def _about(
        self, id: RuleId, each: Concerned, mutant: Mutant, changed: Library
    ) -> Iterator[tuple[Visit, Iterable[RuleId]]]:
        """Of some patients for each of a rule's regimens one whom the rule is about."""
        when, stage = self.rules[id].when, each.stage
        found: list[tuple[Set, tuple[Cut, ...]]]
        if mutant.kind in ("PathwayId", "PartId") or self.rules[id].then.worst:
            found = [(answering(self.everybody.space, when, each.patients), ())]
            if when.answers is None:
                return
        else:
            found = [(a.patients, a.cuts) for a in stage.about(when, each.patients)]
        for patients, cuts in found:
            for visit in self._one(stage.pathway, patients, (*cuts, *each.cuts), changed):
                yield visit, (id,)

    def _one(
        self,
        pathway: str,
        patients: Set,
        cuts: Iterable[Cut],
        changed: Library,
        most: int | None = MOST_CUTS,
    ) -> Iterator[Visit]:
        space = self.everybody.space
        values = one_left(space, patients, cuts, most=most) if patients else None
        if values is not None:
            answers = space.patient(dict(enumerate(values)))
            known = {id: answer for id, answer in answers.items() if not answer.unknown}
            yield Visit(changed, pathway, known, DAY)
