"""Words as they are looked for: one way of writing for several, and what is nearly the same."""

from collections.abc import Iterable
from itertools import takewhile

_SMALL = """
a about am an and any are as at be by can could do does for from get has have how i if in is it its
may me my of on or our shall should so that the their them there these this to was we what when
where which who why will with would you your
"""
NEAR = 0.81
"""How alike two words are when one is taken for a slip of the other."""

_APART = {code: " " for code in range(128) if not chr(code).isalnum()}
_SPELLINGS = (("oe", "e"), ("ae", "e"), ("z", "s"), ("our ", "or "))
_ENDINGS = ("ing", "ed", "es", "s")


def folded(text: str) -> str:
    """Text with one way of writing for what is written in several, and a space around each word."""
    if not text.isascii():
        from unicodedata import normalize

        text = normalize("NFKD", text).encode("ascii", "ignore").decode()
    found = f" {' '.join(text.lower().translate(_APART).split())} "
    for one, other in _SPELLINGS:
        found = found.replace(one, other)
    return found


SMALL = frozenset(folded(_SMALL).split())
"""Words that say nothing about what is looked for."""


def looked_for(words: str) -> tuple[str, ...]:
    """The words that say what is looked for; all of them where none does."""
    every = tuple(dict.fromkeys(folded(words).split()))
    return tuple(word for word in every if word not in SMALL) or every


def meant_by(word: str, vocabulary: Iterable[str], *, slips: bool) -> dict[str, float]:
    """The words that are meant by a word, each with how surely."""
    stem = stem_of(word)
    found = {}
    for other in vocabulary:
        like = _likeness(word, stem, other)
        if like:
            found[other] = like
    if not found and slips and len(word) > 3:
        from difflib import SequenceMatcher, get_close_matches

        for other in get_close_matches(word, sorted(vocabulary), n=5, cutoff=NEAR):
            found[other] = 0.95 * SequenceMatcher(None, other, word).ratio()
    return found


def _likeness(word: str, stem: str, other: str) -> float:
    if word == other:
        return 1.0
    if other[0] != word[0] or len(word) < 3 or len(other) < 3:
        return 0.0
    if other.startswith(word):
        return 0.7 + 0.25 * len(word) / len(other)
    if other.startswith(stem) and stem == stem_of(other):
        return 0.95
    pairs = zip(word, other, strict=False)
    shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    return 0.75 if shared >= 5 and shared >= 0.7 * max(len(word), len(other)) else 0.0


def stem_of(word: str) -> str:
    """A word without the ending that says how many or when."""
    for ending in _ENDINGS:
        stem = word.removesuffix(ending)
        if stem != word and len(stem) > 3 and not stem.endswith(("s", "u", "i")):
            return stem[:-1] if stem[-1] == stem[-2] else stem
    return word
