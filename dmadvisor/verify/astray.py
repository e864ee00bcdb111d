"""Who would be sent elsewhere by a change of a tree, and breaks a rule there."""

from collections.abc import Iterator, Mapping

from dmadvisor.answers import Answer
from dmadvisor.library import Library
from dmadvisor.model import RuleId, SafetyRule
from dmadvisor.verify.everybody import Everybody
from dmadvisor.verify.formulas import NONE, Set
from dmadvisor.verify.situations import Stage


class Astray:
    """The rules of a content, held against those whom another tree would send to its steps."""

    def __init__(self, everybody: Everybody, rules: Mapping[RuleId, SafetyRule]) -> None:
        self.everybody = everybody
        self.rules = {id: rule for id, rule in rules.items() if not rule.then.worse}
        self._breaking: dict[tuple[str, str], Set] = {}

    def found(self, changed: Library) -> Iterator[tuple[RuleId, str, Mapping[str, Answer]]]:
        """For each step somebody who newly comes to it and breaks a rule there.

        With the pathway in which this patient starts.
        """
        everybody, formulas = self.everybody, self.everybody.formulas
        after = everybody.within(changed, same_facts=True, same_walks=False).reached
        for stage in everybody.stages:
            here = everybody.reached[stage.pathway].places[stage.name]
            there = after[stage.pathway].places.get(stage.name, NONE)
            come = formulas.without(there, here)
            who = (self._breaks(stage), come, *everybody.possible) if come else (NONE,)
            values = everybody.solver.somebody(who)
            if values is not None:
                yield self._which(stage, values), stage.pathway, everybody.space.patient(values)

    def _which(self, stage: Stage, values: list[int]) -> RuleId:
        has = self.everybody.formulas.has
        return next(id for id, rule in self.rules.items() if has(stage.breaking(rule), values))

    def _breaks(self, stage: Stage) -> Set:
        """Who breaks any rule at a step, of all who might come."""
        key = (stage.pathway, stage.name)
        if key not in self._breaking:
            self._breaking[key] = self.everybody.formulas.any(
                map(stage.breaking, self.rules.values())
            )
        return self._breaking[key]
