"""Rules held one after the other, and what the program's own proofs are handed down for it."""

from collections.abc import Iterator, Mapping
from datetime import date

from dmadvisor.answers import UNKNOWN, Answer
from dmadvisor.cli import screen
from dmadvisor.cli.forks import in_turn
from dmadvisor.cli.given import read_day
from dmadvisor.cli.options import Color
from dmadvisor.conditions import Facts
from dmadvisor.document import advice_document
from dmadvisor.letter import letter
from dmadvisor.library import Library
from dmadvisor.model import ProofName, RuleId, SafetyRule
from dmadvisor.outcome import Advice
from dmadvisor.prompt import Conversation, Talk
from dmadvisor.render import json, markdown, plain
from dmadvisor.render.proofs import Result
from dmadvisor.render.text import print_document
from dmadvisor.verify.counting import Counter
from dmadvisor.verify.everybody import Everybody
from dmadvisor.verify.printed import PROOFS, Ground, Ways
from dmadvisor.verify.prover import Prover
from dmadvisor.walk import Open, walk

WIDTH = 80

Own = Mapping[str, tuple[str, SafetyRule, ProofName]]
"""The rules that name a proof of the program's own, each with its file."""


def own_rules(library: Library) -> Own:
    """The rules that name a proof of the program's own, with the file that each stands in."""
    sets = {id: library.rule_set(id) for id in library.ids("RuleSetId")}
    return {
        str(rule): (id, each.rules[RuleId(rule)], proof)
        for id, each in sets.items()
        for rule in each.rules
        if (proof := each.rules[rule].then.proof)
    }


def ground(everybody: Everybody, today: date) -> Ground:
    """What these proofs look at: the whole content, whatever is asked for."""
    library = everybody.library
    if everybody.pathways != library.ids("PathwayId"):
        everybody = Everybody(library, library.ids("PathwayId"))
    return Ground(everybody, today, WAYS)


def prove_own(found: Ground, id: str, topic: str, rule: SafetyRule, name: ProofName) -> Result:
    """What becomes of one of these rules."""
    looked = PROOFS[name](found)
    flaw = looked.flaw
    return Result(
        id,
        topic,
        rule,
        flaw is None,
        looked.steps,
        None,
        flaw.patient if flaw else None,
        flaw.words if flaw else looked.at,
        looked.patients or None,
    )


def results_of(prover: Prover, own: Own, rules: tuple[str, ...], jobs: int) -> "Iterator[Result]":
    """What becomes of the rules in their order, with how far they are on a terminal."""
    if len(rules) > 1:
        _ = prover.everybody.stages
    told = screen.tells_progress()
    ready: dict[str, Result] = {}
    waiting = list(rules)
    for number, result in enumerate(in_turn(_Work(prover, own), rules, min(jobs, len(rules)))):
        ready[result.id] = result
        if told:
            screen.clear_progress()
        while waiting and waiting[0] in ready:
            yield ready[waiting.pop(0)]
        if told and waiting:
            screen.show_progress(number, len(rules), waiting[0])
    if told:
        screen.clear_progress()


class _Work:
    """Proves one rule after the other, over sets that are made once in each process."""

    def __init__(self, prover: Prover, own: Own) -> None:
        self.prover = prover
        self.own = own
        self.ground: Ground | None = None
        self.counter: Counter | None = None

    def __call__(self, id: str) -> Result:
        if id in self.own:
            self.ground = self.ground or ground(self.prover.everybody, read_day(None))
            return prove_own(self.ground, id, *self.own[id])
        result, self.counter = _proved(self.prover, self.counter, id)
        return result


def _proved(prover: Prover, counter: Counter | None, id: str) -> tuple[Result, Counter]:
    """One rule held against everybody, and counted over the same sets."""
    proof = prover.prove(id)
    if counter is None or counter.everybody is not prover.everybody:
        counter = Counter(prover.everybody)
    topic, rule = prover.rules[id]
    covered = counter.of(rule)
    result = Result(id, topic, rule, proof.holds, covered.steps, covered, proof.counterexample)
    return result, counter


def _plain(library: Library, advice: Advice) -> str:
    return plain.render(advice_document(library, advice), WIDTH)


def _markdown(library: Library, advice: Advice) -> str:
    return markdown.render(letter(library, advice, advice_document(library, advice)))


def _text(library: Library, advice: Advice) -> str:
    from dmadvisor.cli.screen import make_console

    console = make_console(Color.NEVER)
    with console.capture() as page:
        print_document(console, advice_document(library, advice))
    return page.get()


def _json(library: Library, advice: Advice) -> str:
    return json.render(library, advice, advice.today.isoformat())


def _asked(
    library: Library, pathway: str, answers: Mapping[str, Answer], today: date
) -> Mapping[str, Answer]:
    """The answers of a conversation in which a reader types these when asked.

    What nobody would be asked for is given up front, as with flags.
    """
    early = _never_asked(library, pathway, answers)
    said: list[str] = []

    def read() -> str:
        if said[-1].startswith("Is it right?"):
            return "y\n"
        here = walk(library, pathway, Facts(library, conversation.answers))
        if isinstance(here, Open):
            return f"{answers.get(here.question, UNKNOWN).text}\n"
        return "d\n"

    talk = Talk(read, lambda text, _: said.append(text), lambda _: None, WIDTH)
    conversation = Conversation(library, pathway, early, {}, today, talk)
    return conversation.run()


def _never_asked(
    library: Library, pathway: str, answers: Mapping[str, Answer]
) -> dict[str, Answer]:
    """The answers that are not asked for on the way that all of them lead."""
    early: dict[str, Answer] = {}
    while True:
        known = dict(early)
        while isinstance(here := walk(library, pathway, Facts(library, known)), Open):
            known[here.question] = answers.get(here.question, UNKNOWN)
        left = [id for id in answers if id not in known]
        if not left:
            return early
        early |= {id: answers[id] for id in left}


WAYS = Ways({"text": _text, "plain": _plain, "markdown": _markdown, "json": _json}, _asked)
"""Every format, and the conversation."""
