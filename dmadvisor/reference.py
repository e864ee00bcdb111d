"""The reference and the ledger to documents: what ``show`` prints of a topic, a chapter, the seeds.

A topic explains; it holds no dose and decides nothing. The ledger says of every statement of the
seed documents where it is encoded, or why it is not.
"""

from collections import Counter
from collections.abc import Iterator

from dmadvisor.answers import plain_name
from dmadvisor.conditions import condition_words
from dmadvisor.library import Library
from dmadvisor.model import Chapter, LedgerEntry, Line, Topic
from dmadvisor.page import Detail, Document, Item, Section, SourceNumbers
from dmadvisor.sources import citation_text, sources_section

LEDGER_ID = "ledger"
"""What ``show`` calls the ledger."""

PARTS = (
    ("what_for", "What it is for"),
    ("works_by", "How it works"),
    ("harms", "Harms"),
    ("evidence", "How well it is known"),
    ("for_patients", "For patients"),
)
"""The fields of a topic that have a heading of their own, in reading order."""


def chapter_of(library: Library, topic: str) -> tuple[str, Chapter]:
    """The chapter that a topic stands in."""
    chapters = ((id, library.chapter(id)) for id in library.ids("ChapterId"))
    return next((id, chapter) for id, chapter in chapters if topic in chapter.topics)


def topic_called(library: Library, name: str) -> str | None:
    """The topic that has this title, or is also called so."""
    for id in library.ids("TopicId"):
        topic = library.topic(id)
        if plain_name(name) in map(plain_name, (id, topic.title, *topic.also_called)):
            return id
    return None


def topic_document(library: Library, id: str) -> Document:
    """One topic in full."""
    topic = library.topic(id)
    name, chapter = chapter_of(library, id)
    refs = SourceNumbers()
    says = tuple(_line(line, refs) for line in topic.says)
    cited = Item("CITES", "Rests on", refs=refs(topic.cites), tone="quiet")
    sections = [
        Section(topic.title, (Item("ID", f"{id} (topic)", tone="quiet"), cited), "good", "TITLE"),
        Section("What it is", says),
        *_parts(topic),
        Section("Also called", tuple(Item("NAME", name) for name in topic.also_called)),
        Section("Take care", _warning(chapter), "warn"),
        Section("See", tuple(Item("SEE", _shown(place)) for place in topic.see)),
        Section("Chapter", (Item("CHAPTER", f"{name}: {chapter.title}"), _reviewed(chapter))),
        sources_section(library, refs),
    ]
    return _document(sections)


def chapter_document(library: Library, id: str) -> Document:
    """What a chapter is about, and its topics by id."""
    chapter = library.chapter(id)
    rows = tuple(Item("TOPIC", f"{id}: {topic.title}") for id, topic in chapter.topics.items())
    head = (Item("ID", f"{id} (chapter)", tone="quiet"), Item("ABOUT", chapter.about))
    sections = [
        Section(chapter.title, head, "good", "TITLE"),
        Section("Take care", _warning(chapter), "warn"),
        Section("Topics", rows),
        Section("Review", (_reviewed(chapter),)),
    ]
    return _document(sections)


def ledger_document(library: Library) -> Document:
    """Every statement of the seed documents and what became of it, one section a seed."""
    entries: tuple[LedgerEntry, ...] = library.ledger_entry().record or ()
    count = ", ".join(
        f"{n} {word}" for word, n in Counter(entry.status for entry in entries).items()
    )
    head = Section("Ledger", (Item("COUNT", f"{len(entries)} statements: {count}"),), "good")
    seeds = dict.fromkeys(entry.seed for entry in entries)
    sections = [
        Section(
            citation_text(library.citation(seed)),
            tuple(_entry(entry) for entry in entries if entry.seed == seed),
            kind="SEED",
        )
        for seed in seeds
    ]
    return _document([head, *sections])


def _document(sections: list[Section]) -> Document:
    return Document(tuple(section for section in sections if section.items))


def _shown(place: str) -> str:
    """The command that shows a place."""
    return f"dmadvisor show {place.partition('/')[2]}"


def _line(line: Line, refs: SourceNumbers) -> Item:
    details = (Detail("When", condition_words(line.when)),) if line.when else ()
    return Item("SAYS", line.say, refs=refs(line.cites), details=details)


def _parts(topic: Topic) -> Iterator[Section]:
    for field, heading in PARTS:
        text = getattr(topic, field)
        yield Section(heading, (Item(heading.upper(), text),) if text else ())


def _warning(chapter: Chapter) -> tuple[Item, ...]:
    return (Item("TAKE CARE", chapter.warning, tone="warn"),) if chapter.warning else ()


def _reviewed(chapter: Chapter) -> Item:
    by = f" by {chapter.reviewer}" if chapter.reviewer else ""
    status = chapter.review_status.replace("-", " ")
    return Item("REVIEW", f"{chapter.reviewed}, {status}{by}")


def _entry(entry: LedgerEntry) -> Item:
    details = []
    if entry.item:
        details.append(Detail("Under", entry.item))
    if entry.where:
        details.append(Detail("Where", ", ".join(entry.where)))
    if entry.why:
        details.append(Detail("Why", entry.why))
    return Item("SEED SAYS", entry.says, entry.status.replace("-", " "), details=tuple(details))
