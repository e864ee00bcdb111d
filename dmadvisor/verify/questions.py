"""Who is asked too much: how many different questions a patient is asked in one visit."""

from collections.abc import Iterable

from dmadvisor.answers import Answer
from dmadvisor.verify.everybody import Everybody
from dmadvisor.verify.formulas import ALL, Set


def asked_more_than(everybody: Everybody, start: str, most: int) -> dict[str, Answer] | None:
    """Somebody who is asked more questions than that from the start of a pathway on, or None.

    A question counts once, in whichever pathway of the visit it is asked; one whose answer follows
    from another one counts too.
    """
    asked: dict[str, list[Set]] = {}
    for question, who in _asked(everybody, start, ALL, ()):
        asked.setdefault(question, []).append(who)
    formulas = everybody.formulas
    enough = formulas.at_least(formulas.any(sets) for sets in asked.values())
    if most + 1 >= len(enough):
        return None
    return everybody.answers((enough[most + 1], *everybody.possible))


def _asked(
    everybody: Everybody, start: str, who: Set, chain: tuple[str, ...]
) -> Iterable[tuple[str, Set]]:
    """Each question of a pathway and of those after it, with whom of some patients it is asked."""
    reached = everybody.reached[start]
    for question in reached.tree.questions:
        if question in reached.places:
            yield str(question), everybody.formulas.both(who, reached.places[question])
    for target, handed in reached.handed.items():
        if target in everybody.pathways and target not in (*chain, start):
            over = everybody.formulas.both(who, handed)
            yield from _asked(everybody, target, over, (*chain, start))
