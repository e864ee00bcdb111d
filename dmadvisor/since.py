"""What is new since the last visit, as headed sections that stand after the step."""

from dmadvisor.casefile.choosing import Chosen
from dmadvisor.casefile.compare import Change, Replayed, Since
from dmadvisor.casefile.view import CaseView
from dmadvisor.document import VERDICT_WORDS, inside
from dmadvisor.library import Library
from dmadvisor.page import Detail, Item, Section, Tone
from dmadvisor.safety import SAFE_ACTIONS

HEADS = {
    "answer": "",
    "pathway": "Pathway",
    "step": "Step",
    "referral": "Referral",
    "review": "Review in weeks",
    "part": "Other words or lines",
}


def since_sections(library: Library, view: CaseView) -> tuple[Section, ...]:
    """The sections of a case: what is new, and what was chosen."""
    sections = []
    if view.since is not None:
        items = [Item("WARNING", text, "check", "bad") for text in view.warnings]
        items += _news(library, view.since)
        sections.append(Section(f"Since {view.since.day}", tuple(items), kind="NEW"))
    if view.chosen:
        sections.append(Section("Chosen", tuple(_chosen(library, each) for each in view.chosen)))
    return tuple(sections)


def _news(library: Library, since: Since) -> list[Item]:
    gone = [c.name for c in since.advice if c.what == "option" and c.now is None and c.name]
    told = [c for c in since.advice if c.what != "option" or c.now is not None]
    items = [Item("CHANGED", change_text(library, change)) for change in told]
    if gone:
        names = ", ".join(_title(library, id) for id in gone)
        items.append(Item("CHANGED", f"No longer listed: {names}"))
    answers = [change_text(library, change) for change in since.answers]
    if answers:
        details = tuple(Detail("", text) for text in answers)
        items.append(Item("ANSWERS NOW", "Answers that are not as they were", details=details))
    items += [_differing(library, replayed) for replayed in since.differing]
    return items or [Item("CHANGED", "Nothing: the same answers and the same advice")]


def _differing(library: Library, replayed: Replayed) -> Item:
    was = replayed.content
    details = tuple(Detail("", change_text(library, c)) for c in replayed.differences)
    text = (
        f"The content has changed: what was advised on {replayed.date} from content {was.version} "
        f"({was.sha256[:12]}) would differ today"
    )
    return Item("CONTENT CHANGED", text, tone="warn", details=details)


def _chosen(library: Library, chosen: Chosen) -> Item:
    choice = chosen.choice
    instead = ", ".join(_title(library, id) for id in chosen.instead)
    text = f"{chosen.day}: {choice.action} {_title(library, choice.regimen)}"
    text += f", where {instead} was recommended" if instead else ""
    tones: dict[str, Tone] = {"offer": "good", "do-not-use": "bad"}
    verdict = chosen.verdict
    status = VERDICT_WORDS[verdict] if verdict else "not in the content any more"
    status = "" if choice.action in SAFE_ACTIONS else f"today {status}"
    details = [Detail("Reason given", choice.reason)]
    label = "Why not" if verdict == "do-not-use" else "Note"
    details += [Detail(label, reason) for reason in chosen.reasons]
    return Item("CHOSEN", text, status, tones.get(verdict or "", "warn"), details=tuple(details))


def change_text(library: Library, change: Change) -> str:
    """One difference in words: what it is about, what it was, what it is."""
    told = f"{_head(library, change)}{_sides(change)}"
    if not told:
        return change.why or ""
    return f"{told} ({change.why})" if change.why else told


def _head(library: Library, change: Change) -> str:
    if change.what in ("option", "action", "verdict", "recommended", "dose") and change.name:
        name = _title(library, change.name)
        return name if change.what == "option" else f"{name}, {change.what}"
    return " ".join(word for word in (HEADS[change.what], change.name) if word)


def _sides(change: Change) -> str:
    if change.what == "part":
        return ""
    before, now = (_word(side) for side in (change.before, change.now))
    if change.before is None and change.now is None:
        return ""
    if change.before is None:
        return f": new, {now}" if change.what == "option" else f": {now}, not known before"
    if change.now is None:
        return f": no longer there, was {before}"
    return f": {before} -> {now}"


def _word(side: str | None) -> str:
    """A side in words, verdicts as they are printed elsewhere."""
    return ", ".join(VERDICT_WORDS.get(word, word) for word in (side or "").split(", "))


def _title(library: Library, id: str) -> str:
    """A regimen's name inside a sentence; its id when the content has it no more."""
    entry = library.entry("RegimenId", id)
    title: str = entry.record.title if entry and entry.record else id
    return inside(title)
