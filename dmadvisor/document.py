"""Advice to headed sections in reading order, which the text formats share.

Every word of the content that is shown passes through here once, so that text, plain and markdown
say the same in the same order. Sources are numbered in the order in which they are first cited.
"""

import re

from dmadvisor.company import day_text
from dmadvisor.library import Library
from dmadvisor.model import REDUCES
from dmadvisor.outcome import Advice, AdvisedCheck, Option
from dmadvisor.page import Detail, Document, Item, Section, SourceNumbers, Tone
from dmadvisor.sources import sources_section

VERDICT_WORDS = {
    "offer": "may be given",
    "caution": "with caution",
    "check-first": "check first",
    "do-not-use": "do not use",
}
VERDICT_TONES: dict[str, Tone] = {
    "offer": "good",
    "caution": "warn",
    "check-first": "warn",
    "do-not-use": "bad",
}
URGENCY_WORDS = {"same-day": "same day", "days": "within days", "urgent": "urgent"}
REFERRAL_WORDS = {"routine": "routine", "urgent": "urgent", "same-day": "the same day"}


def advice_document(
    library: Library, advice: Advice, after_step: tuple[Section, ...] = ()
) -> Document:
    """Advice in reading order; sections without items are left out."""
    refs = SourceNumbers()
    sections = [
        _red_flags(advice, refs),
        _step(advice, refs),
        *after_step,
        *_options(advice, refs),
        _checks(library, advice, refs),
        _do_not_use_if(library, advice, refs),
        _watch(library, advice, refs),
        _review(advice),
        _pitfalls(advice, refs),
        _conflicts(advice, refs),
        _missing(advice),
        _topics(advice),
        sources_section(library, refs),
        _answers(library, advice),
    ]
    return Document(tuple(section for section in sections if section.items))


def step_document(advice: Advice) -> Document:
    """The step and its options alone: what is shown before the safety questions are asked."""
    refs = SourceNumbers()
    sections = [_red_flags(advice, refs), _step(advice, refs), *_options(advice, refs)]
    bare = [s._replace(items=tuple(_without_refs(item) for item in s.items)) for s in sections]
    return Document(tuple(section for section in bare if section.items))


def _without_refs(item: Item) -> Item:
    details = tuple(d._replace(refs=()) for d in item.details if d.label not in ("Dose", "How"))
    return item._replace(refs=(), details=details)


def _red_flags(advice: Advice, refs: SourceNumbers) -> Section:
    items = tuple(
        Item(
            "RED FLAG",
            flag.title,
            URGENCY_WORDS[flag.urgency],
            "bad",
            refs(flag.sources),
            (Detail("", flag.act),),
        )
        for flag in advice.red_flags
    )
    return Section("Red flags", items, "bad")


def _step(advice: Advice, refs: SourceNumbers) -> Section:
    step = advice.step
    numbers = refs(step.sources)
    items = [Item("DO", sentence) for sentence in step.do[:-1]]
    items.append(Item("DO", step.do[-1], refs=numbers))
    items.append(Item("WHY", " ".join(step.why), tone="quiet"))
    if step.referral != "none":
        items.append(Item("REFER", REFERRAL_WORDS[step.referral], tone="bad"))
    return Section(step.title, tuple(items), "good", kind="STEP")


def _options(advice: Advice, refs: SourceNumbers) -> list[Section]:
    """What is decided today first, then each group of alternatives, then the care along with it."""
    plain = [o for o in advice.options if o.group is None and o.companion_of is None]
    found = [("Drugs given together", [o for o in plain if o.action != "with"])]
    for group in dict.fromkeys(o.group for o in advice.options if o.group):
        members = [o for o in advice.options if o.group == group]
        alternatives = "One of these, in this order"
        title = alternatives if len(members) > 1 else group.replace("-", " ").capitalize()
        found.append((title, members))
    found.append(("Along with it", [o for o in plain if o.action == "with"]))
    return [Section(title, _members(advice, group, refs)) for title, group in found if group]


def _members(advice: Advice, members: list[Option], refs: SourceNumbers) -> tuple[Item, ...]:
    """Options as items, each followed by what always goes with it."""
    items = []
    for option in members:
        items.append(_option(option, refs))
        for companion in advice.options:
            if companion.companion_of == option.regimen:
                items.append(_option(companion, refs, f"with {inside(option.title)}"))
    return tuple(items)


def _option(option: Option, refs: SourceNumbers, action: str = "") -> Item:
    words = _verdict(option)
    details = []
    if option.dose:
        dose = option.dose
        label = "How" if dose.frequency is None else "Dose"
        numbers = refs(dose.sources)
        details += [Detail(label, part, numbers) for part in dose.parts or (dose.text,)]
        if dose.arithmetic:
            details.append(Detail("Worked out", "; ".join(dose.arithmetic)))
        if dose.needs:
            asks = ", ".join(dose.needs)
            details.append(Detail("Needed", f"{asks}, for this patient's amount"))
    for reason in option.reasons:
        label = "Why not" if option.verdict == "do-not-use" else "Note"
        if reason.kind in ("open", "gate"):
            label = "First"
        given = f" ({reason.question}={reason.answer})" if reason.answer else ""
        details.append(Detail(label, f"{reason.text}{given}", refs(reason.sources)))
    head = f"{action.capitalize()}:" if action else _action(option).capitalize()
    head += f" {inside(option.title)}"
    return Item(
        "OPTION", head, words, VERDICT_TONES[option.verdict], refs(option.sources), tuple(details)
    )


def _verdict(option: Option) -> str:
    """What is said of an option; nothing of one that only brings a dose down."""
    words = VERDICT_WORDS[option.verdict]
    if option.action in ("stop", *REDUCES) and option.verdict == "offer":
        words = ""
    if option.recommended and option.group is not None:
        return f"recommended, {words}" if words else "recommended"
    return words


def _action(option: Option) -> str:
    """What may not even go on is not brought down over months either."""
    barred = option.action == "withdraw" and option.verdict == "do-not-use"
    return "continue" if barred else option.action


def inside(title: str) -> str:
    """A title as it stands inside a sentence; a word with more capitals keeps them all."""
    word = re.match("[^\\W_]*", title)
    plain = title[1:2].islower() and word is not None and word[0][1:].islower()
    return title[:1].lower() + title[1:] if plain else title


def _titles(library: Library, ids: tuple[str, ...]) -> str:
    return ", ".join(inside(library.regimen(id).title) for id in ids)


def _checks(library: Library, advice: Advice, refs: SourceNumbers) -> Section:
    return Section(
        "Before the first dose, and at this visit",
        tuple(_check(library, check, refs) for check in advice.checks),
    )


def _check(library: Library, check: AdvisedCheck, refs: SourceNumbers) -> Item:
    """One line of the tick list; why is said where the first dose waits for it."""
    status = str(check.state)
    tone: Tone = "quiet"
    details: list[Detail] = []
    if check.state in ("outstanding", "expired"):
        tone = "warn" if check.gate else ""
        waits = "waits" if len(check.waiting) == 1 else "wait"
        status += f", {_titles(library, check.waiting)} {waits} for it" if check.gate else ""
    elif check.state == "abnormal":
        tone = "bad"
    if check.done_on:
        status += f" on {check.done_on}"
    if check.state != "done":
        others = tuple(id for id in check.for_ if id not in check.waiting)
        status += f" ({_titles(library, others)})" if others else ""
    if check.how:
        details.append(Detail("How", check.how))
    if check.state == "abnormal" or (check.gate and check.state != "done"):
        details.append(Detail("Why", check.why))
    return Item(
        "CHECK",
        check.title,
        status,
        tone,
        refs(check.sources),
        tuple(details),
        tick=check.state not in ("outstanding", "expired"),
    )


def _do_not_use_if(library: Library, advice: Advice, refs: SourceNumbers) -> Section:
    items = tuple(
        Item("DO NOT USE IF", f"{_titles(library, bar.for_)}: {bar.text}", refs=refs(bar.sources))
        for bar in advice.contraindications
    )
    return Section("Do not use if (not ruled out yet)", items)


def _watch(library: Library, advice: Advice, refs: SourceNumbers) -> Section:
    items = []
    for watch in advice.monitoring:
        owner = f"{_sentence(_titles(library, watch.for_))}: " if watch.for_ else ""
        what = inside(watch.what) if owner else watch.what
        items.append(Item("WATCH", f"{owner}{what}: {watch.when}", refs=refs(watch.sources)))
    return Section("Watch", tuple(items))


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _review(advice: Advice) -> Section:
    weeks = ", ".join(day_text(advice.today, week) for week in advice.review.weeks)
    enough = f"Not enough means: {advice.review.not_enough}"
    return Section("Review", (Item("REVIEW", f"In {weeks}"), Item("NOT ENOUGH", enough)))


def _pitfalls(advice: Advice, refs: SourceNumbers) -> Section:
    items = tuple(
        Item(
            "PITFALL",
            pitfall.title,
            refs=refs(pitfall.sources),
            details=(Detail("", pitfall.text),),
        )
        for pitfall in advice.pitfalls
    )
    return Section("Pitfalls", items)


def _conflicts(advice: Advice, refs: SourceNumbers) -> Section:
    items = []
    for conflict in advice.conflicts:
        used = Detail("Used here", conflict.used, refs(conflict.sources))
        others = [Detail("Other source", o.value, refs(o.sources)) for o in conflict.others]
        details = (used, *others, Detail("Why", conflict.why))
        items.append(Item("SOURCES DIFFER", conflict.topic, details=details))
    return Section("Where sources differ", tuple(items))


def _missing(advice: Advice) -> Section:
    items = tuple(
        Item("NOT ANSWERED", f"{missing.question}: {missing.ask} {missing.because}")
        for missing in advice.missing
    )
    return Section("Not answered", items)


def _topics(advice: Advice) -> Section:
    """What explains the step, as commands that show it."""
    items = tuple(Item("READ", f"dmadvisor show {topic}") for topic in advice.step.topics)
    return Section("Read more", items)


def _answers(library: Library, advice: Advice) -> Section:
    content = library.content()
    given = " ".join(f"{turn.question}={turn.answer.text}" for turn in advice.turns)
    items = [Item("ANSWERS", given)] if given else []
    if advice.recorded:
        items.append(Item("RECORDED", f"Recorded, not used here: {', '.join(advice.recorded)}"))
    if advice.unused:
        items.append(Item("UNUSED", f"Given but not used here: {', '.join(advice.unused)}"))
    pathway = advice.tree.pathway
    status = pathway.review_status.replace("-", " ")
    reviewer = f" by {pathway.reviewer}" if pathway.reviewer else ""
    items += [
        Item(
            "PATHWAY",
            f"{advice.tree.id} of {pathway.reviewed}, {status}{reviewer}; content "
            f"{content.version} ({library.sha256[:12]}); visit of {advice.today}",
        ),
        Item("NOTICE", content.notice),
    ]
    return Section("Answers given", tuple(items))
