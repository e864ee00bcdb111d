"""Finding a patient who lacks many things at once, without working out who lacks them all."""

from collections.abc import Callable, Iterable

from dmadvisor.verify.diagram import Set
from dmadvisor.verify.space import Space

Cut = Callable[[Set], Set]
"""Of some patients those who lack one thing, or meet one condition."""


def left_by_all(space: Space, patients: Set, cuts: Iterable[Cut]) -> Set:
    """Some of the patients whom every cut leaves; nobody only when there is nobody.

    Who lacks a dozen things is a large set, and one who does is all that is wanted. So one patient
    is tried, and only a cut that takes this one away is made to the whole set.
    """
    left = list(cuts)
    while patients and left:
        one = space.single(patients)
        takes = next((cut for cut in left if not cut(one)), None)
        if takes is None:
            return one
        left.remove(takes)
        patients = takes(patients)
    return patients
