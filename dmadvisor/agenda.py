"""A schedule as a document: what is overdue, what is due, what comes."""

from datetime import date

from dmadvisor.casefile.records import Visit
from dmadvisor.casefile.schedule import Due, State
from dmadvisor.document import inside
from dmadvisor.library import Library
from dmadvisor.page import Detail, Document, Item, Section, SourceNumbers, Tone
from dmadvisor.sources import sources_section

HEADINGS: dict[State, tuple[str, Tone]] = {
    "overdue": ("Overdue", "bad"),
    "due": ("Due now", "warn"),
    "coming": ("Coming", ""),
}
NO_VISIT = "No visit yet, so nothing is due."
NOTHING = "Nothing is due."
MANY = 6
"""How many further days of one thing are told; the others are counted."""


def agenda_document(
    library: Library, dues: tuple[Due, ...], label: str, today: date, visits: tuple[Visit, ...]
) -> Document:
    """A schedule, each thing once with the days that follow."""
    refs = SourceNumbers()
    number = len(visits)
    head = [Item("DAY", f"Due on {today}, from {number} visit{'s' if number != 1 else ''}")]
    if not dues:
        head.append(Item("NOTE", NOTHING if visits else NO_VISIT))
    sections = [Section(label, tuple(head), "good", kind="SCHEDULE")]
    sections += due_sections(library, dues, refs)
    content = library.content()
    notice = (
        Item("CONTENT", f"Content {content.version} ({library.sha256[:12]})", tone="quiet"),
        Item("NOTICE", content.notice),
    )
    sections += [sources_section(library, refs), Section("About", notice)]
    return Document(tuple(section for section in sections if section.items))


def due_sections(
    library: Library, dues: tuple[Due, ...], refs: SourceNumbers | None = None
) -> list[Section]:
    """What is due by its state, each thing at its next day; without ``refs`` no source is told."""
    groups: dict[tuple[object, ...], list[Due]] = {}
    for due in dues:
        late = due.state == "overdue"
        groups.setdefault((due.kind, due.what, due.regimens, due.start, late), []).append(due)
    found = []
    for state, (heading, tone) in HEADINGS.items():
        firsts = [group for group in groups.values() if group[0].state == state]
        items = tuple(_item(library, group, refs) for group in firsts)
        if items:
            found.append(Section(heading, items, tone))
    return found


def _item(library: Library, group: list[Due], refs: SourceNumbers | None) -> Item:
    due, *others = group
    owner = ", ".join(inside(library.regimen(regimen).title) for regimen in due.regimens)
    text = f"{due.due}: {due.what}" + (f" ({owner})" if owner else "")
    between = f"{due.first} to {due.last}"
    details = [Detail("In time", f"{between} ({due.title.lower()}, counted from {due.start})")]
    if others:
        days = [str(other.due) for other in others[:MANY]]
        more = f" and {len(others) - MANY} more" if len(others) > MANY else ""
        details.append(Detail("Then", ", ".join(days) + more))
    status = "overdue" if due.state == "overdue" else ""
    tone = HEADINGS[due.state][1]
    numbers = refs(due.sources) if refs else ()
    return Item(due.state.upper(), text, status, tone, numbers, tuple(details))
