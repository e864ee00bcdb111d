"""How hard a text is to read: the grade of Flesch and Kincaid, by school years in the US.

Kincaid JP, Fishburne RP, Rogers RL, Chissom BS. Derivation of new readability formulas for Navy
enlisted personnel. Research Branch Report 8-75, 1975. Grade 7 is an age of about 12.
"""

import re


def sentences(text: str) -> list[str]:
    """The sentences of a text."""
    return [part for part in re.split(r"[.!?](?:\s|$)", text) if part.strip()]


def syllables(word: str) -> int:
    """How many syllables a word has, by its vowels; rather one too many than one too few."""
    word = re.sub(r"[^a-z]", "", word.lower())
    core = re.sub(r"(?<=[^aeiouyl])e$|(?<=[aeiouy]l)e$|(?<=[^aeiouytdl])ed$", "", word)
    groups = re.findall(r"[aeiouy]+", core)
    apart = re.findall(r"(?<![tscgx])i[aou]|ie(?=t)|ea(?=$|t[eo])|eo(?!p)|ua", core)
    return max(1, len(groups) + len(apart))


def grade(text: str) -> float:
    """The school grade at which a text is understood."""
    words = re.findall(r"[A-Za-z']+", text)
    spoken = sum(syllables(word) for word in words)
    return 0.39 * len(words) / len(sentences(text)) + 11.8 * spoken / len(words) - 15.59
