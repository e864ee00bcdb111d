"""The reasons of an advice as a document: the way to the step, then each verdict and check."""

from collections.abc import Iterable

from dmadvisor.document import VERDICT_TONES, VERDICT_WORDS, inside
from dmadvisor.explain.derivations import Held, Told, Worked
from dmadvisor.explain.reasons import Asked, Ground, Judgement, Passed, Why
from dmadvisor.library import Library
from dmadvisor.page import Detail, Document, Item, Section, SourceNumbers
from dmadvisor.safety import SAFE_ACTIONS
from dmadvisor.sources import sources_section

RULES = {
    "contraindication": "Forbidden by",
    "history": "Forbidden by",
    "failed": "Failed",
    "open": "Open",
    "gate": "Waits for",
    "result": "Waits for",
    "held": "Waits for",
    "caution": "Care",
}
"""What each kind of rule is called before its words."""


MANY = 3
"""How many conditions that do not hold are told at one place; JSON has all."""


def why_document(library: Library, why: Why) -> Document:
    """From the answers to the step, and from the step to each option and check."""
    refs = SourceNumbers()
    sections = [
        _step(why, refs),
        Section("The way here", tuple(_passed(each) for each in why.way)),
        Section("Worked out from the answers", tuple(_worked(each) for each in why.facts)),
        Section("Options", tuple(_judgement(each, refs) for each in why.options)),
        Section("Checks", tuple(_asked(library, each, refs) for each in why.checks)),
        sources_section(library, refs),
        Section("About", (Item("NOTICE", library.content().notice),)),
    ]
    return Document(tuple(section for section in sections if section.items))


def told_words(told: Iterable[Told]) -> str:
    """Answers as they are given: ``weakness=no, age=52``."""
    return ", ".join(f"{id}={text}" for id, text in told)


def _step(why: Why, refs: SourceNumbers) -> Section:
    """The step, and every answer that it and the verdicts rest on."""
    step = why.advice.step
    tree: dict[str, str] = {}
    for passed in why.way:
        tree |= {passed.place: passed.answer} if passed.ask and passed.answer else {}
        tree |= dict(passed.held.because) if passed.held else {}
    verdicts: dict[str, str] = {}
    for ground in (each for judged in why.options for each in judged.grounds):
        verdicts |= dict(ground.held.because) if ground.held else {}
        if ground.reason.kind in ("history", "failed") and ground.reason.question:
            verdicts[ground.reason.question] = str(ground.reason.answer)
    more = told_words((id, text) for id, text in verdicts.items() if id not in tree)
    items = [
        Item("STEP ID", f"{step.id}, in {why.advice.tree.id}", tone="quiet"),
        Item("RESTS ON", f"Rests on {told_words(tree.items()) or 'no answer'}"),
    ]
    if more:
        items.append(Item("VERDICTS ON", f"The verdicts also on {more}"))
    items.append(Item("WHY", " ".join(step.why), refs=refs(step.sources), tone="quiet"))
    return Section(step.title, tuple(items), "good", kind="STEP")


def _passed(passed: Passed) -> Item:
    """A question with its answer, or a fork with what decided there."""
    details = []
    held = passed.held
    status = held.words if held else "otherwise"
    if held and held.because and passed.ask is None:
        details.append(Detail("Because", told_words(held.because)))
    if passed.ask is not None:
        if held and passed.answer and passed.answer not in held.words:
            details.append(Detail("Which is", held.words))
        status = passed.label or status
    if passed.follows:
        details.append(Detail("Not asked", "it follows from other answers"))
    if passed.not_held:
        words = passed.not_held[:MANY]
        left = len(passed.not_held) - len(words)
        more = f"; and {left} more" if left else ""
        details.append(Detail("Not", "; ".join(words) + more))
    for left_open in passed.left_open:
        asks = ", ".join(left_open.questions)
        details.append(Detail("Open", f"{left_open.words} (unknown: {asks})"))
    if passed.hand_over:
        details.append(Detail("Goes on in", passed.hand_over))
    kind = "ASKED" if passed.ask else "FORK"
    return Item(kind, passed.place, status, details=tuple(details))


def _worked(worked: Worked) -> Item:
    because = told_words(worked.because)
    rule = f"{worked.rule} ({because})" if because else worked.rule
    details = (Detail("Rule", rule),) if rule else ()
    return Item("FACT", f"{worked.fact}: {worked.title}", worked.value, details=details)


def _judgement(judged: Judgement, refs: SourceNumbers) -> Item:
    option = judged.option
    words = [] if option.action in SAFE_ACTIONS else [VERDICT_WORDS[option.verdict]]
    if option.verdict != "do-not-use" and (option.group or not option.recommended):
        words.append(judged.lead)
    details = [_ground(each, refs) for each in judged.grounds]
    if judged.listed:
        details.insert(0, Detail("Listed", judged.listed))
    head = f"{option.action.capitalize()} {inside(option.title)}"
    tone = VERDICT_TONES[option.verdict]
    return Item("OPTION", head, "; ".join(words), tone, details=tuple(details))


def _ground(ground: Ground, refs: SourceNumbers) -> Detail:
    reason = ground.reason
    text = reason.text
    if reason.kind in ("history", "failed") and reason.question:
        text = f"{reason.question}={reason.answer}"
    return Detail(RULES[reason.kind], f"{text}{_given(ground.held)}", refs(reason.sources))


def _given(held: Held | None) -> str:
    """The condition with the answers that make it hold, in brackets."""
    if held is None:
        return ""
    because = told_words(held.because)
    return f" ({because or held.words})"


def _asked(library: Library, asked: Asked, refs: SourceNumbers) -> Item:
    """A check on one line: who asks for it, because of what, and whose first dose waits."""
    names = {a.regimen: inside(library.regimen(a.regimen).title) for a in asked.by if a.regimen}
    owners = dict.fromkeys(names.get(a.regimen or "", "this step") for a in asked.by)
    because = {told: None for a in asked.by if a.held for told in a.held.because}
    status = f"{asked.check.state}, for {', '.join(owners)}"
    status += f" ({told_words(because)})" if because else ""
    waiting = dict.fromkeys(names[a.regimen] for a in asked.by if a.gate and a.regimen)
    if waiting and asked.check.state in ("outstanding", "expired"):
        status += f"; a first dose waits for it: {', '.join(waiting)}"
    cites = dict.fromkeys(id for asker in asked.by for id in asker.sources)
    return Item("CHECK", asked.check.title, status, refs=refs(tuple(cites)))
