"""Who would be handed from pathway to pathway without an end."""

from collections.abc import Iterator
from itertools import pairwise, permutations
from typing import NamedTuple

from dmadvisor.answers import Answer
from dmadvisor.verify.everybody import Everybody
from dmadvisor.verify.formulas import NONE

LONGEST_CHAIN = 3
"""How many pathways one visit may enter."""


class HandBack(NamedTuple):
    """Somebody who would be handed back to a pathway that was left, or on to a fourth one."""

    chain: tuple[str, ...]
    answers: dict[str, Answer]


def handed_back(everybody: Everybody) -> Iterator[HandBack]:
    """Whoever is handed on in a way that a single pathway does not show.

    Where there is nobody, every patient who is handed over walks on as anybody who starts there.
    """
    reached = everybody.reached
    for length in range(2, LONGEST_CHAIN + 1):
        for chain in permutations(reached, length):
            others = [id for id in reached if id not in chain] if length == LONGEST_CHAIN else []
            for target in (chain[0], *others):
                over = pairwise((*chain, target))
                handed = [reached[one].handed.get(other, NONE) for one, other in over]
                answers = everybody.answers((*handed, *everybody.possible))
                if answers is not None:
                    yield HandBack((*chain, target), answers)
