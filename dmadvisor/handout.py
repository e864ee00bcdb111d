"""What a patient takes home from a visit: plain words of the content, no dose and no decision.

Every word stands in the content: with each regimen, check and red flag, in the topics that the
content names, and before each list. Nothing here says what was decided, or about whom.
"""

from collections.abc import Iterable, Iterator

from dmadvisor.document import inside
from dmadvisor.library import Library
from dmadvisor.model import Handout, RedFlag
from dmadvisor.outcome import Advice, Option
from dmadvisor.page import Detail, Document, Item, Section, SourceNumbers
from dmadvisor.problems import UsageError
from dmadvisor.safety import SAFE_ACTIONS
from dmadvisor.sources import sources_section


def handout_document(library: Library, advice: Advice) -> Document:
    """The sheet that goes with the advice. Raises UsageError where the content has none."""
    content = library.content()
    if content.handout is None:
        raise UsageError("this content has no handout", "write 'handout' in content.yaml")
    refs = SourceNumbers()
    printed = f"Printed on {advice.today}. Version {content.version} of the text."
    words = content.handout
    head = (Item("NOTICE", words.notice), Item("PRINTED", printed, tone="quiet"))
    sections = [
        Section(words.title, head, "good", "TITLE"),
        *_topics(library, words, refs),
        *_regimens(library, words, advice),
        _checks(library, words, advice),
        *_calls(library, words),
        _sources(library, words, refs),
    ]
    return Document(tuple(section for section in sections if section.items))


def _paragraph(text: str) -> Item:
    return Item("PARAGRAPH", text)


def _named(kind: str, title: str, text: str | None, more: Iterable[str] = ()) -> Item:
    details = tuple(Detail("", words) for words in (text, *more) if words)
    return Item(kind, title, details=details)


def _topics(library: Library, words: Handout, refs: SourceNumbers) -> Iterator[Section]:
    for id in words.topics:
        topic = library.topic(id)
        refs(topic.cites)
        yield Section(topic.title, (_paragraph(topic.for_patients or ""),))


def told(advice: Advice) -> tuple[Option, ...]:
    """The options that the sheet names, each regimen once, what goes along with others last.

    What is known to be forbidden is left out, unless the patient takes it and is to come off it.
    """
    found: dict[str, Option] = {}
    for option in sorted(advice.options, key=lambda option: option.action == "with"):
        if option.verdict != "do-not-use" or option.action in SAFE_ACTIONS:
            found.setdefault(option.regimen, option)
    return tuple(found.values())


def _regimens(library: Library, words: Handout, advice: Advice) -> Iterator[Section]:
    found: dict[str, list[Item]] = {"drug": [], "care": []}
    for option in told(advice):
        regimen = library.regimen(option.regimen)
        tests = [inside(check.title) for check in advice.checks if option.regimen in check.for_]
        more = [f"Tests: {'; '.join(tests)}."] if tests else []
        item = _named(regimen.kind.upper(), regimen.title, regimen.for_patients, more)
        found[regimen.kind].append(item)
    for kind, heading, lead in (
        ("drug", "Medicines", words.medicines),
        ("care", "What else helps", words.care),
    ):
        if found[kind]:
            yield Section(heading, (_paragraph(lead), *found[kind]))


def _checks(library: Library, words: Handout, advice: Advice) -> Section:
    """The tests of the visit; not one of a drug alone that the sheet does not name."""
    names = {option.regimen for option in told(advice)}
    items = []
    for each in advice.checks:
        if not each.for_ or names & set(each.for_):
            check = library.check(each.id)
            items.append(_named("TEST", check.title, check.for_patients))
    return Section("Tests", (_paragraph(words.checks), *items) if items else ())


def _calls(library: Library, words: Handout) -> Iterator[Section]:
    flags = [library.red_flag(id) for id in library.ids("RedFlagId")]
    at_once = [flag for flag in flags if flag.urgency == "same-day"]
    later = [flag for flag in flags if flag.urgency != "same-day"]
    yield Section("When to call the same day", _signs(words.same_day, at_once), "bad")
    yield Section("When to call soon", _signs(words.soon, later))
    yield Section("Whom to call", tuple(_paragraph(text) for text in words.whom))


def _signs(lead: str, flags: list[RedFlag]) -> tuple[Item, ...]:
    signs = [Item("SIGN", flag.for_patients) for flag in flags if flag.for_patients]
    return (_paragraph(lead), *signs) if signs else ()


def _sources(library: Library, words: Handout, refs: SourceNumbers) -> Section:
    section = sources_section(library, refs)
    return section._replace(items=(_paragraph(words.sources), *section.items))
