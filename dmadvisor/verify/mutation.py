"""Breaks a content one change at a time, and looks for a case or a rule that sees it."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any, Literal, NamedTuple, Self

from dmadvisor.library import Library
from dmadvisor.model import RuleId, SafetyRule
from dmadvisor.problems import PathwayError
from dmadvisor.verify.cases import DAY, Placed, Print, missed, visits
from dmadvisor.verify.concerned import Concerned, concerned
from dmadvisor.verify.cuts import Cut, one_left
from dmadvisor.verify.diagram import Set
from dmadvisor.verify.everybody import Everybody
from dmadvisor.verify.mutants import Mutant
from dmadvisor.verify.relevance import Relevance
from dmadvisor.verify.single import hold
from dmadvisor.verify.situations import answering
from dmadvisor.verify.visits import Visit

Result = Literal["case", "rule", "refused", "changes nothing", "uncaught"]

MOST_TRIED = 150
"""How many patients a mutant is tried on before it counts as uncaught."""


class Outcome(NamedTuple):
    """What became of one mutant."""

    mutant: str
    result: Result
    by: str = ""
    """The case, the rule or the fault that caught it."""


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
    end: tuple[str, str]
    """The pathway and the step in which the walk ends."""


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
        topics = [library.topic(id) for id in library.ids("TopicId")]
        self.rules: dict[RuleId, SafetyRule] = {
            id: rule for topic in topics for id, rule in topic.rules.items() if not rule.then.proof
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
                advice = visit.advice
                used = frozenset(library.asked)
                yield Known(placed, visit, used, (advice.tree.id, advice.step.id))

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
        return Outcome(mutant.id, "uncaught")

    def _comes(self, each: Concerned) -> bool:
        return one_left(self.everybody.space, each.patients, each.cuts) is not None

    def _catches(self, mutant: Mutant, changed: Library) -> Iterator[tuple[Result, str]]:
        affected = [each for each in self.known if self._uses(mutant, changed, each)]
        for printed in (None, self.printed):
            for known in affected:
                if printed is not None and not (known.placed.case.says):
                    continue
                visit = known.visit.within(changed)
                for words in missed(known.placed.case, visit, printed):
                    yield "case", f"{known.placed.file}: {known.placed.case.case} ({words})"
        for number, (visit, rules) in enumerate(self._patients(mutant, changed)):
            for id in rules:
                if hold(self.rules[id], visit) == "broken":
                    yield "rule", id
            if number >= MOST_TRIED:
                return

    def _uses(self, mutant: Mutant, changed: Library, known: Known) -> bool:
        """Whether the advice for the patient of a case could rest on what is changed."""
        if mutant.kind not in ("PathwayId", "PartId"):
            return bool({(mutant.kind, mutant.name), ("FactId", mutant.name)} & known.used)
        if (mutant.kind, mutant.name) not in known.used:
            return False
        if mutant.what == "check" or mutant.place in known.visit.advice.tree.steps:
            return mutant.place in ("", known.end[1])
        return known.visit.within(changed).end != known.end

    def _patients(
        self, mutant: Mutant, changed: Library
    ) -> Iterator[tuple[Visit, Iterable[RuleId]]]:
        """Patients whom a change concerns, each with the rules to hold against."""
        every = list(concerned(self.everybody, mutant))
        rules = self.relevance.of(mutant)
        for each in every:
            for visit in self._one(each.stage.pathway, each.patients, each.cuts, changed):
                if mutant.kind not in ("PathwayId", "PartId") or self._moved(visit, mutant, each):
                    yield visit, rules
        for id in rules:
            for each in every:
                yield from self._about(id, each, mutant, changed)

    def _moved(self, visit: Visit, mutant: Mutant, each: Concerned) -> bool:
        """Whether a patient ends elsewhere, or the step itself is what was changed."""
        return visit.end[1] != each.stage.name or mutant.place in ("", each.stage.name)

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
        self, pathway: str, patients: Set, cuts: Iterable[Cut], changed: Library
    ) -> Iterator[Visit]:
        space = self.everybody.space
        values = one_left(space, patients, cuts) if patients else None
        if values is not None:
            answers = space.patient(dict(enumerate(values)))
            known = {id: answer for id, answer in answers.items() if not answer.unknown}
            yield Visit(changed, pathway, known, DAY)
