"""What goes with the options of a step: checks, monitoring, pitfalls, conflicts, open bars."""

from datetime import date, timedelta

from dmadvisor import safety
from dmadvisor.conditions import Facts
from dmadvisor.model import GATED, Action, Additions, CheckUse, Line, Monitoring, Step
from dmadvisor.outcome import (
    AdvisedCheck,
    AdvisedConflict,
    AdvisedPitfall,
    Contraindication,
    OtherValue,
    Watch,
)
from dmadvisor.records import Record
from dmadvisor.rhythm import when_words
from dmadvisor.safety import Assessment, Done

SERIOUSNESS = ("life-threatening", "serious", "common")


class Judged(Record):
    """A listed option with its assessment."""

    regimen: str
    action: Action
    group: str | None
    assessment: Assessment
    companion_of: str | None


def day_text(today: date, weeks: int) -> str:
    """A week from today with its date: ``week 4 (2026-12-18)``."""
    return f"week {weeks} ({today + timedelta(weeks=weeks)})"


def shown(facts: Facts, lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """The sentences that hold for this patient."""
    return tuple(line for line in lines if facts.holds(line.when))


class Company:
    """What goes with the options that may be used, from their files, the step and its pathway."""

    def __init__(
        self,
        facts: Facts,
        sources: tuple[Step | Additions, ...],
        used: list[Judged],
        today: date,
        done: Done,
    ) -> None:
        self.facts = facts
        self.library = facts.library
        self.sources = sources
        self.used = used
        self.kept = [judged for judged in used if judged.action != "stop"]
        self.today = today
        self.done = done

    def checks(self) -> tuple[AdvisedCheck, ...]:
        """Every check that an option, the step or the pathway asks for: gates first, done last."""
        uses: list[tuple[str | None, bool, CheckUse]] = []
        for judged in self.kept:
            first = judged.action in GATED
            regimen = self.library.regimen(judged.regimen)
            uses += [(judged.regimen, first, use) for use in regimen.checks]
        for source in self.sources:
            uses += [(None, False, use) for use in source.checks]
        found: dict[str, list[tuple[str | None, bool, CheckUse]]] = {}
        for owner, first, use in uses:
            if use.when is None or self.facts.holds(use.when) is not False:
                found.setdefault(use.check, []).append((owner, first, use))
        checks = [self._check(id, group) for id, group in found.items()]
        order = {"outstanding": 0, "expired": 0, "abnormal": 1, "done": 2}
        return tuple(sorted(checks, key=lambda c: (order[c.state], not c.gate)))

    def _check(self, id: str, uses: list[tuple[str | None, bool, CheckUse]]) -> AdvisedCheck:
        check = self.library.check(id)
        own = [line for _, _, use in uses for line in shown(self.facts, use.say)]
        recent = min(
            (use.recent for _, first, use in uses if use.recent and first),
            key=lambda p: p.number * {"days": 1, "weeks": 7, "months": 30, "years": 365}[p.unit],
            default=None,
        )
        state = safety.check_state(self.facts, id, self.done, self.today, recent)
        general = () if state == "done" else shown(self.facts, check.how)
        how: list[str] = [line.say for line in (*general, *own)]
        if recent and state != "done":
            how.append(f"Not older than {recent.number} {recent.unit} at the first dose.")
        cites = [*check.cites, *(c for _, _, use in uses for c in use.cites)]
        cites += [c for line in (*shown(self.facts, check.how), *own) for c in line.cites]
        gates = (own for own, first, use in uses if first and safety.is_gate(self.facts, use))
        waiting = tuple(dict.fromkeys(owner for owner in gates if owner))
        return AdvisedCheck(
            id=id,
            title=check.title,
            for_=tuple(dict.fromkeys(owner for owner, _, _ in uses if owner)),
            gate=bool(waiting),
            state=state,
            done_on=self.done.get(id),
            how=" ".join(dict.fromkeys(how)),
            why=check.why,
            sources=tuple(dict.fromkeys(cites)),
            waiting=waiting,
        )

    def monitoring(self) -> tuple[Watch, ...]:
        """What is watched, each thing once with every option that asks for it."""
        found: dict[tuple[str, str], Watch] = {}
        for judged in self.kept:
            for item in self.library.regimen(judged.regimen).monitoring:
                self._watch(item, judged.regimen, found)
        for source in self.sources:
            for item in source.monitoring:
                self._watch(item, None, found)
        return tuple(found.values())

    def _watch(
        self, item: Monitoring, owner: str | None, found: dict[tuple[str, str], Watch]
    ) -> None:
        if not self.facts.holds(item.when):
            return
        when = when_words(item, lambda week: day_text(self.today, week))
        key = (item.what, when)
        before = found.get(key)
        owners = (*(before.for_ if before else ()), *((owner,) if owner else ()))
        sources = tuple(dict.fromkeys((*(before.sources if before else ()), *item.cites)))
        found[key] = Watch(item.what, when, tuple(dict.fromkeys(owners)), sources)

    def pitfalls(self) -> tuple[AdvisedPitfall, ...]:
        """The pitfalls, the gravest first."""
        uses = [u for j in self.kept for u in self.library.regimen(j.regimen).pitfalls]
        for source in self.sources:
            uses += source.pitfalls
        ids = dict.fromkeys(use.pitfall for use in uses if self.facts.holds(use.when))
        records = sorted(
            ((id, self.library.pitfall(id)) for id in ids),
            key=lambda pair: SERIOUSNESS.index(pair[1].seriousness),
        )
        return tuple(AdvisedPitfall(id, p.title, p.text, p.cites) for id, p in records)

    def conflicts(self) -> tuple[AdvisedConflict, ...]:
        """Where the sources differ; of a drug that goes on, only what the answers raise."""
        uses = [
            u
            for j in self.kept
            for u in self.library.regimen(j.regimen).conflicts
            if j.action != "continue" or u.when is not None
        ]
        for source in self.sources:
            uses += source.conflicts
        ids = dict.fromkeys(use.conflict for use in uses if self.facts.holds(use.when))
        records = [self.library.conflict(id) for id in ids]
        return tuple(
            AdvisedConflict(
                c.topic,
                c.used,
                c.why,
                tuple(OtherValue(o.value, o.cites) for o in c.others),
                c.cites,
            )
            for c in records
        )

    def contraindications(self) -> tuple[Contraindication, ...]:
        """What would forbid an option and is not ruled out."""
        found: dict[str, Contraindication] = {}
        for judged in self.used:
            for bar in judged.assessment.possible_bars:
                before = found.get(bar.say)
                owners = (*(before.for_ if before else ()), judged.regimen)
                cites = (*(before.sources if before else ()), *bar.cites)
                found[bar.say] = Contraindication(
                    bar.say, tuple(dict.fromkeys(owners)), tuple(dict.fromkeys(cites))
                )
        return tuple(found.values())
