"""How conditions hold for one patient: the answers behind them, and the facts worked out."""

from collections.abc import Iterable

from dmadvisor.conditions import Facts, condition_words
from dmadvisor.model import Condition, Derived, Question
from dmadvisor.records import Record

Told = tuple[str, str]
"""A question with its answer as given."""


class Held(Record):
    """A condition that holds, in words, and the answers that make it so."""

    words: str
    because: tuple[Told, ...]


class Worked(Record):
    """A fact worked out from answers, with the rule that gave its value."""

    fact: str
    title: str
    value: str
    rule: str
    because: tuple[Told, ...]


class Derivations:
    """Puts conditions into words, and keeps each fact that they name."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.library = facts.library
        self.worked: dict[str, Worked] = {}

    def held(self, when: Condition | None) -> Held | None:
        """A condition that holds, cut down to what of it does; the facts in it are noted."""
        if when is None:
            return None
        group = next((g for g in when.any_of if self.facts.holds(Condition((g,)))), None)
        here = Condition((group,)) if group else when
        for test in here.any_of[0]:
            self.note(test.fact)
        return Held(condition_words(here), self.told(self.facts.reasons(here)))

    def told(self, questions: Iterable[str]) -> tuple[Told, ...]:
        """Questions with what was answered."""
        pairs = ((id, self.facts.answer(id)) for id in dict.fromkeys(questions))
        return tuple((id, answer.text if answer else "not answered") for id, answer in pairs)

    def note(self, id: str) -> None:
        """Keep how a fact was worked out, and the facts that it rests on."""
        fact = self.library.fact(id)
        if isinstance(fact, Question) or id in self.worked:
            return
        if fact.without:
            answer = self.facts.taken_away(fact)
            rule = f"{fact.without[0]} without {fact.without[1]}"
            value = answer.text if answer else "unknown"
            self.worked[id] = Worked(id, fact.title, value, rule, self.told(fact.without))
        elif fact.counts:
            self._counted(id, fact)
        else:
            self._ruled(id, fact)

    def note_taken_away(self, when: Condition) -> None:
        """Keep what was taken away from an answer, so that a condition does not hold."""
        for test in (test for group in when.any_of for test in group):
            fact = self.library.fact(test.fact)
            if isinstance(fact, Question) or not fact.without:
                continue
            if self.facts.taken_away(fact) != self.facts.answer(fact.without[0]):
                self.note(test.fact)

    def _counted(self, id: str, fact: Derived) -> None:
        low, high = self.facts.count(fact)
        holding = [each for each in fact.counts if self.facts.holds(each)]
        because = [q for each in holding for q in self.facts.reasons(each)]
        value = str(low) if low == high else f"{low} to {high}"
        words = "; ".join(map(condition_words, holding)) or "none of them holds"
        self.worked[id] = Worked(id, fact.title, value, words, self.told(because))

    def _ruled(self, id: str, fact: Derived) -> None:
        possible = self.facts.possible(id, fact)
        ids = [value for value in fact.values if value in possible]
        value = " or ".join(f"{each} ({fact.values[each]})" for each in ids) or ", ".join(possible)
        rule = next((r for r in fact.rules if self.facts.holds(r.when)), None)
        if len(possible) > 1 or rule is None:
            conditions = [r.when for r in fact.rules if r.when and self.facts.holds(r.when) is None]
            asks = [q for when in conditions for q in self.facts.open_questions(when)]
            self.worked[id] = Worked(id, fact.title, value, "open", self.told(asks))
            return
        if rule.when is None:
            tests = (t for r in fact.rules if r.when for group in r.when.any_of for t in group)
            because = (t.fact for t in tests if self._is_answered(t.fact))
            self.worked[id] = Worked(id, fact.title, value, "no rule before", self.told(because))
            return
        self.worked[id] = Worked(id, fact.title, value, "", ())
        held = self.held(rule.when) or Held("", ())
        self.worked[id] = Worked(id, fact.title, value, held.words, held.because)

    def _is_answered(self, id: str) -> bool:
        return isinstance(self.library.fact(id), Question) and not self.facts.is_unknown(id)
