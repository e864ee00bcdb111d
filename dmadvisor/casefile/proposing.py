"""What earlier visits let one propose for a question, as the content declares it; never assumed."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal

from dmadvisor.answers import Answer, Answers, read_words
from dmadvisor.casefile.recording import counted, left_on, readable, started
from dmadvisor.casefile.records import CaseFile, Visit
from dmadvisor.conditions import Facts, condition_words
from dmadvisor.library import Library
from dmadvisor.model import Condition, Proposed, ProposedRule, Question
from dmadvisor.problems import UsageError
from dmadvisor.records import Record
from dmadvisor.safety import TAKING

DAYS = {"days": Decimal(1), "weeks": Decimal(7), "months": Decimal("30.4375"),
        "years": Decimal("365.25")}  # fmt: skip
"""How long the units are in which an answer can grow."""


class Proposal(Record):
    """An answer that earlier visits suggest, and the day of the visit that it comes from."""

    answer: Answer
    day: date
    needs: tuple[str, ...] = ()
    """It is about these regimens, of which one has to be taken."""

    def fits(self, answers: Answers) -> bool:
        """Whether it goes with what was answered today about what is taken."""
        taking = answers.get(TAKING)
        if not self.needs or taking is None or taking.unknown:
            return True
        return not set(self.needs).isdisjoint(taking.words)


def proposals(library: Library, case: CaseFile, today: date) -> dict[str, Proposal]:
    """The answers that the visits before a day let one propose, by question."""
    visits = counted(case)
    found: dict[str, Proposal] = {}
    if not visits:
        return found
    proposer = _Proposer(library, visits, today)
    for id in library.ids("QuestionId"):
        question = library.question(id)
        if question.proposed is not None:
            proposal = proposer.proposal(id, question, question.proposed)
            if proposal is not None:
                found[id] = proposal
    return found


class _Proposer:
    """Works proposals out from the visits of one patient."""

    def __init__(self, library: Library, visits: Sequence[Visit], today: date) -> None:
        self.library = library
        self.visits = visits
        self.last = visits[-1]
        self.today = today
        self.answers = [readable(library, visit)[0] for visit in visits]
        self.taken = left_on(library, self.last)

    def proposal(self, id: str, question: Question, how: Proposed) -> Proposal | None:
        if how.while_taken and set(how.while_taken).isdisjoint(self.taken):
            return None
        words, day = self.words(id, question, how)
        if not words:
            return None
        try:
            answer = read_words(id, question, words, place="", confirmed=True)
        except UsageError:
            return None
        needs = how.while_taken or (how.weeks_on if how.weeks_on != "any" else ())
        return None if answer.unknown else Proposal(answer, day, needs)

    def words(self, id: str, question: Question, how: Proposed) -> tuple[tuple[str, ...], date]:
        """The words of the answer, none when there is nothing to propose, and their day."""
        day = self.last.date
        if how.weeks_on:
            return self.weeks_on(id, how)
        if how.rules:
            return next(((r.answer,) for r in how.rules if self.meets(r)), ()), day
        if how.way == "taken":
            return self.chosen(question, self.taken), day
        if how.way == "ever-named":
            given = (answers[id] for answers in self.answers if id in answers)
            named = [word for answer in given for word in answer.words]
            single = {*question.alone, *question.means_unknown}
            return self.chosen(question, [word for word in named if word not in single]), day
        return self.last_answer(id, question, grows=how.way == "grows")

    def chosen(self, question: Question, words: Sequence[str]) -> tuple[str, ...]:
        """Words that the question has; those that stand alone only where there is no other."""
        known = tuple(dict.fromkeys(word for word in words if word in question.answers))
        single = {*question.alone, *question.means_unknown}
        return tuple(word for word in known if word not in single) or known[:1]

    def last_answer(
        self, id: str, question: Question, *, grows: bool
    ) -> tuple[tuple[str, ...], date]:
        """The last answer that is known, and where it grows the time since added to it."""
        for visit, answers in zip(reversed(self.visits), reversed(self.answers), strict=True):
            answer = answers.get(id)
            if answer is None or answer.unknown:
                continue
            if not grows or answer.number is None:
                return answer.words, visit.date
            since = Decimal((self.today - visit.date).days) / DAYS[question.unit or "days"]
            return (f"{int(answer.number + since)}",), visit.date
        return (), self.today

    def weeks_on(self, id: str, how: Proposed) -> tuple[tuple[str, ...], date]:
        """Whole weeks since the start, or since what was answered then."""
        begun: date | None = None
        day = self.today
        for visit, answers in zip(self.visits, self.answers, strict=True):
            answer = answers.get(id)
            if answer is not None and answer.number is not None:
                begun = visit.date - timedelta(days=int(answer.number * 7))
                day = visit.date
            if self.starts(visit, how.weeks_on):
                begun = day = visit.date
        still = [r for r in self.taken if self.counts(r, how.weeks_on)]
        if begun is None or not still:
            return (), day
        return (str((self.today - begun).days // 7),), day

    def starts(self, visit: Visit, regimens: str | tuple[str, ...]) -> bool:
        """Whether a visit started one of these, or any that reaches the whole body."""
        return any(self.counts(regimen, regimens) for regimen in started(visit))

    def counts(self, regimen: str, regimens: str | tuple[str, ...]) -> bool:
        """Whether a regimen is one of these; ``any``: whether it reaches the whole body."""
        if regimens == "any":
            entry = self.library.entry("RegimenId", regimen)
            return entry is not None and self.library.regimen(regimen).systemic
        return regimen in regimens

    def meets(self, rule: ProposedRule) -> bool:
        """Whether everything that a rule demands is so."""
        if rule.started and not self.starts(self.last, rule.started):
            return False
        if rule.ends and self.last.advice.ends not in rule.ends:
            return False
        if rule.last is not None and not self.held(rule.last, -1):
            return False
        every = range(len(self.visits))
        return rule.ever is None or any(self.held(rule.ever, number) for number in every)

    def held(self, condition: Condition, number: int) -> bool:
        """Whether the answers of a visit met a condition."""
        return Facts(self.library, self.answers[number]).holds(condition) is True


def proposed_words(how: Proposed) -> Iterator[str]:
    """How an answer is proposed from earlier visits."""
    ways = {
        "same": "the last answer",
        "ever-named": "all that was ever named",
        "taken": "what the last visit left the patient on",
        "grows": "the last answer and the time since",
    }
    if how.way:
        yield ways[how.way]
    if how.weeks_on:
        names = how.weeks_on if isinstance(how.weeks_on, str) else ", ".join(how.weeks_on)
        yield f"weeks since the start of: {names}"
    for rule in how.rules:
        demands = [
            f"{label} {condition_words(condition)}"
            for label, condition in (("last time", rule.last), ("ever", rule.ever))
            if condition
        ]
        if rule.started:
            names = rule.started if isinstance(rule.started, str) else ", ".join(rule.started)
            demands.append(f"the last visit started {names}")
        demands += [f"the last step ended in {' or '.join(rule.ends)}"] if rule.ends else []
        yield f"{rule.answer}: {'; '.join(demands)}"
    if how.while_taken:
        yield f"only while taken: {', '.join(how.while_taken)}"
