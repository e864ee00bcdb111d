"""Answers that do not go together: what the content says of them, and which a patient has."""

from collections.abc import Iterable, Iterator

from dmadvisor.answers import Answers
from dmadvisor.conditions import Facts
from dmadvisor.library import Library
from dmadvisor.model import Clash
from dmadvisor.problems import UsageError


def clashes(library: Library, answers: Answers, confirmed: Iterable[str]) -> Iterator[Clash]:
    """The clashes that these answers have, without those that were confirmed."""
    yield from clashing(Facts(library, answers), confirmed)


def clashing(facts: Facts, confirmed: Iterable[str]) -> Iterator[Clash]:
    """As ``clashes``, noting in the facts which answers were looked at."""
    accepted = set(confirmed)
    for id in facts.library.ids("ClashId"):
        clash = facts.library.clash(id)
        if clash.confirm not in accepted and facts.holds(clash.when):
            yield clash


def clash_words(library: Library, answers: Answers, clash: Clash) -> str:
    """The answers that clash, and why: ``weight=154 and height=163: ...``."""
    ids = Facts(library, answers).reasons(clash.when)
    given = " and ".join(f"{id}={answers[id].text}" for id in ids if id in answers)
    return f"{given}: {clash.say.removesuffix('.')}"


def refuse_clashes(library: Library, answers: Answers, confirmed: Iterable[str]) -> None:
    """Raise UsageError for the first clash, naming the answers and what to do."""
    for clash in clashes(library, answers, confirmed):
        hint = "correct one of them"
        if clash.confirm:
            hint = f"check them; if they are right, add --confirm {clash.confirm}"
        raise UsageError(clash_words(library, answers, clash), hint)
