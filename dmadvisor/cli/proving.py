"""The program's own proofs: what ``verify`` hands down to them, and what becomes of each."""

from collections.abc import Mapping
from datetime import date

from dmadvisor.answers import UNKNOWN, Answer
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
from dmadvisor.verify.everybody import Everybody
from dmadvisor.verify.printed import PROOFS, Ground, Ways
from dmadvisor.walk import Open, walk

WIDTH = 80


def own_rules(library: Library) -> dict[str, tuple[str, SafetyRule, ProofName]]:
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
