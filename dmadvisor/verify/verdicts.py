"""Verdicts on a regimen as sets of patients: what ``safety`` says, for everybody at once."""

from typing import NamedTuple

from dmadvisor.library import Library
from dmadvisor.model import (
    GATED,
    GOES_ON,
    Action,
    AnswerId,
    CheckUse,
    Condition,
    FactId,
    Referral,
    Regimen,
    Test,
)
from dmadvisor.safety import HISTORY, NOT_TOLERATED, SAFE_ACTIONS, TAKING, TRIED
from dmadvisor.verify.formulas import ALL, NONE, Set
from dmadvisor.verify.space import Space


class Verdicts(NamedTuple):
    """Who gets which verdict on one regimen given in one way."""

    barred: Set
    """Whom a known answer forbids it."""
    blocked: Set
    """In whom an unanswered question could still forbid it, and nothing known does."""
    held: Set
    """In whom a check came out so that the first dose may not follow yet."""
    failed: Set
    """Who takes it although it failed."""
    referrals: tuple[tuple[Referral, Set], ...]
    """The referrals that cautions ask for."""


class Judge:
    """Works the verdicts out, each once."""

    def __init__(self, space: Space, library: Library | None = None) -> None:
        """``library`` holds other regimens than the content that the sets were made from."""
        self.space = space
        self.library = library or space.library
        self._known: dict[tuple[str, Action, bool], Verdicts] = {}
        self._named: dict[tuple[str, str], Set] = {}

    def __call__(self, id: str, action: Action, *, emergency: bool = False) -> Verdicts:
        """The verdicts on a regimen; in an emergency an unknown history holds nothing up."""
        key = (id, action, emergency)
        if key not in self._known:
            self._known[key] = self._judge(id, action, emergency=emergency)
        return self._known[key]

    def named(self, question: str, word: str) -> Set:
        """The patients in whose answer a word stands."""
        key = (question, word)
        if key not in self._named:
            known = word in self.space.library.question(question).answers
            test = Test(fact=FactId(question), values=(AnswerId(word),))
            self._named[key] = self.space.test(test).yes if known else NONE
        return self._named[key]

    def taken(self, id: str) -> Set:
        """Who takes a regimen."""
        return self.named(TAKING, id)

    def _judge(self, id: str, action: Action, *, emergency: bool) -> Verdicts:
        regimen = self.library.regimen(id)
        if action in SAFE_ACTIONS:
            return Verdicts(NONE, NONE, NONE, NONE, ())
        formulas = self.space.formulas
        forbids, may_forbid = self._history(regimen, id, action, emergency=emergency)
        for bar in regimen.contraindications:
            when = self.space.holds(bar.when)
            forbids.append(when.yes)
            if not bar.settled_by:
                may_forbid.append(formulas.other(formulas.either(when.yes, when.no)))
        barred, blocked = formulas.any(forbids), formulas.any(may_forbid)
        failed = NONE
        if action in GOES_ON and regimen.kind == "drug":
            failed = self.named(TRIED, id)
        held = NONE
        if action in GATED:
            held = formulas.any(self._holds_up(use) for use in regimen.checks)
        referrals = tuple(
            (caution.referral, self.space.holds(caution.when).yes)
            for caution in regimen.cautions
            if caution.referral != "none"
        )
        return Verdicts(barred, formulas.without(blocked, barred), held, failed, referrals)

    def _history(
        self, regimen: Regimen, id: str, action: Action, *, emergency: bool
    ) -> tuple[list[Set], list[Set]]:
        """Whom what was given before forbids it, and in whom it might."""
        forbids: list[Set] = []
        may_forbid: list[Set] = []
        if regimen.kind == "drug" and action in GOES_ON:
            forbids.append(self.named(NOT_TOLERATED, id))
        if regimen.kind == "drug" and action == "start":
            forbids.append(self.taken(id))
        for question in HISTORY.get(action, ()) if regimen.kind == "drug" else ():
            forbids.append(self.named(question, id))
            if regimen.systemic and not emergency:
                unknown = self.space.test(Test(fact=FactId(question), unknown=True)).yes
                may_forbid.append(unknown)
        return forbids, may_forbid

    def _holds_up(self, use: CheckUse) -> Set:
        """In whom the result of a gate speaks against a first dose."""
        if use.passed_when is None or use.gate is False:
            return NONE
        formulas = self.space.formulas
        gate = self.space.holds(use.gate).yes if isinstance(use.gate, Condition) else ALL
        gate = formulas.without(gate, self.space.holds(use.when).no)
        return formulas.both(gate, self.space.holds(use.passed_when).no)
