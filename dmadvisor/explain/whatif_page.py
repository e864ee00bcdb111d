"""What single answers would change, as a document: ``If egfr were below 30: ...``."""

import re
from collections.abc import Iterator

from dmadvisor.amounts import per
from dmadvisor.conditions import bounds_words, number_words
from dmadvisor.document import VERDICT_TONES, VERDICT_WORDS, inside
from dmadvisor.dosing import DosePrint
from dmadvisor.explain.effects import SIZES, Difference, Lead, Shift
from dmadvisor.explain.whatif import KINDS, Change, Unanswered, WhatIf, nearest
from dmadvisor.library import Library
from dmadvisor.page import Detail, Document, Item, Section, Tone

HEADINGS = {
    "step": "Another step",
    "question": "More to ask first",
    "verdict": "Another verdict, or another recommendation",
    "dose": "Another dose",
}
MOST = 12
"""How many changes are told unasked."""
QUESTIONS = 5
"""How many unanswered questions are told unasked."""
EACH = 3
"""How many changes of each of them are told unasked."""
SENTENCE = re.compile(r"(?<=[.;)]) ")
WORDS = 6
"""How many answers that change the same are named unasked."""


def whatif_document(library: Library, found: WhatIf, *, every: bool) -> Document:
    """The nearest changes by their kind, then the unanswered questions; or all of them."""
    teller = _Teller(library, found, every=every)
    chosen = found.changes if every else nearest(found.changes, MOST)
    asked = found.unanswered if every else found.unanswered[:QUESTIONS]
    sections = [_head(found)]
    for kind in KINDS:
        items = (teller.item(each) for each in chosen if each.difference.kind == kind)
        sections.append(Section(HEADINGS[kind], tuple(items)))
    items = (teller.unanswered(each) for each in asked)
    sections.append(Section("Not answered, what matters most first", tuple(items)))
    left = len(found.changes) - len(chosen)
    questions = len(found.unanswered) - len(asked)
    if left or questions:
        more = f"{left} more of these, {questions} more not answered: --all"
        sections.append(Section("More", (Item("MORE", more),)))
    notice = Item("NOTICE", library.content().notice)
    sections.append(Section("About", (notice,)))
    return Document(tuple(section for section in sections if section.items))


def _head(found: WhatIf) -> Section:
    step = found.advice.step
    text = "What one other answer would change, all others as they are"
    if not found.changes and not found.unanswered:
        text = "No other single answer would change anything"
    return Section(step.title, (Item("NOW", text),), "good", kind="STEP")


class _Teller:
    """Puts changes into words."""

    def __init__(self, library: Library, found: WhatIf, *, every: bool) -> None:
        self.library = library
        self.found = found
        self.every = every

    def item(self, change: Change) -> Item:
        """One change: the answer, and what would be."""
        lines = list(self.lines(change))
        tone: Tone = "warn"
        if change.difference.kind == "verdict":
            tone = _tone(change.difference)
        return Item("IF", if_words(self.library, change, every=self.every), lines[0], tone,
                    details=tuple(Detail("", line) for line in lines[1:]))  # fmt: skip

    def unanswered(self, unanswered: Unanswered) -> Item:
        """A question with what its answers would change."""
        changes = unanswered.changes
        told = changes if self.every else nearest(changes, EACH)
        details = []
        for change in told:
            words = answer_words(change, every=self.every)
            text = "; ".join(line.removesuffix(".") for line in self.lines(change))
            details.append(Detail("", f"If {words}: {text}"))
        if len(told) < len(changes):
            details.append(Detail("", f"{len(changes) - len(told)} more"))
        ask = self.library.question(unanswered.question).ask
        return Item("NOT ANSWERED", f"{unanswered.question}: {ask}", details=tuple(details))

    def lines(self, change: Change) -> Iterator[str]:
        """What would be otherwise, the gravest first; of another step its title alone."""
        found = change.difference
        if found.step:
            here = found.step.pathway == self.found.advice.tree.id
            yield f"step: {found.step.title}" + ("" if here else f" ({found.step.pathway})")
            return
        if found.asks:
            yield f"asks next: {self.library.question(found.asks).ask}"
            return
        yield from self._verdicts(found.verdicts)
        if found.recommended:
            yield from self._lead(found.recommended, found)
        if change.ranges and change.question in SIZES and found.doses:
            yield f"other amounts of {', '.join(inside(dose.title) for dose in found.doses)}"
            return
        for dose in found.doses:
            yield f"{inside(dose.title)}: {dose_words(dose.before, dose.now)}"

    def _verdicts(self, shifts: tuple[Shift, ...]) -> Iterator[str]:
        """The verdicts, those that change alike together; a reason where it is one option's."""
        alike: dict[tuple[str | None, str | None], list[Shift]] = {}
        for shift in shifts:
            if shift.before and shift.now:
                alike.setdefault((shift.before, shift.now), []).append(shift)
        for (before, now), group in sorted(alike.items(), key=_gravity):
            words = f"{_said(now, before)} (now {_said(before, now)})"
            why = f": {group[0].because}" if len(group) == 1 and group[0].because else ""
            yield f"{_titles(group)}: {words}{why}"
        new = [s for s in shifts if not s.before]
        gone = [s for s in shifts if not s.now]
        if new:
            words = ", ".join(f"{inside(s.title)} ({_said(s.now, None)})" for s in new)
            yield f"listed then: {words}"
        if gone:
            yield f"no longer listed: {_titles(gone)}"

    def _lead(self, lead: Lead, found: Difference) -> Iterator[str]:
        """What is recommended instead; what only goes along is left out beside what leads."""
        actions: dict[str, str] = {i: o.action for i, o in self.found.outcome.options.items()}
        actions |= {s.regimen: s.now.partition(", ")[0] for s in found.verdicts if s.now}
        changed = set(lead.before) ^ set(lead.now)
        told = {id for id in changed if actions.get(id) != "with"} or changed
        fewer, more = (
            ", ".join(inside(self.library.regimen(id).title) for id in ids if id in told)
            for ids in (lead.before, lead.now)
        )
        if more:
            yield f"recommended: {more}" + (f" instead of {fewer}" if fewer else "")
        else:
            yield f"no longer recommended: {fewer}"


GRAVEST = ("do-not-use", "check-first", "caution", "offer")
"""The verdicts in the order in which they are told."""


def _gravity(item: tuple[tuple[str | None, str | None], list[Shift]]) -> int:
    """How grave the verdict is that a group of options would get."""
    return GRAVEST.index((item[0][1] or "").partition(", ")[2])


def _tone(found: Difference) -> Tone:
    """The tone of the gravest verdict."""
    now = {shift.now.partition(", ")[2] for shift in found.verdicts if shift.now}
    return next((VERDICT_TONES[verdict] for verdict in GRAVEST if verdict in now), "warn")


def _titles(shifts: list[Shift]) -> str:
    return ", ".join(inside(shift.title) for shift in shifts)


def _said(side: str | None, other: str | None) -> str:
    """A verdict in words, with the action where it is not the other side's."""
    action, _, verdict = (side or "").partition(", ")
    words = VERDICT_WORDS[verdict]
    return words if other and other.startswith(f"{action},") else f"{action}, {words}"


def if_words(library: Library, change: Change, *, every: bool) -> str:
    """The answers of a change: ``If egfr were below 30 (now 88 mL/min)``."""
    question = library.question(change.question)
    verb = {"were": "were", "also": "also named", "without": "did not name"}[change.how]
    now = ""
    if change.given and not change.given.unknown and change.how == "were":
        unit = f" {question.unit}" if question.unit and change.given.number is not None else ""
        now = f" (now {change.given.text}{unit})"
    return f"If {change.question} {verb} {answer_words(change, every=every)}{now}"


def answer_words(change: Change, *, every: bool) -> str:
    """The answers that change the same: ``below 30 or unknown``."""
    words = [bounds_words(bounds) or "known" for bounds in change.ranges]
    plain = change.answers if not change.ranges else [a for a in change.answers if a.unknown]
    before = change.given.words if change.given else ()
    for answer in plain:
        apart = [w for w in (*answer.words, *before) if (w in answer.words) != (w in before)]
        words.append(answer.text if change.how == "were" else ",".join(apart))
    if len(words) > WORDS and not every:
        words[WORDS - 1 :] = [f"{len(words) - WORDS + 1} others"]
    return " or ".join(part for part in (", ".join(words[:-1]), words[-1]) if part)


def dose_words(before: DosePrint, now: DosePrint) -> str:
    """What a dose would be, in few words; where the amount stays, what its text would say."""
    old, new = _amount(before), _amount(now)
    if old != new:
        return f"{new} (now {old})"
    said = SENTENCE.split(before.text)
    return " ".join(part for part in SENTENCE.split(now.text) if part not in said) or (
        f"without: {' '.join(part for part in said if part not in SENTENCE.split(now.text))}"
    )


def _amount(dose: DosePrint) -> str:
    ends = [number_words(end) for end in (dose.low, dose.high) if end is not None]
    if not ends:
        needs = f", needs {', '.join(dose.needs)}" if dose.needs else ""
        return f"no amount{needs}"
    return f"{' to '.join(dict.fromkeys(ends))} {dose.unit} {per(dose.per)}"
