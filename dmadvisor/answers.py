"""What was answered: one answer read from text, checked against its question."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from dmadvisor.model import Bounds, Question
from dmadvisor.problems import UsageError, asked_back, printable
from dmadvisor.records import Record
from dmadvisor.values import date_of, decimal_of

UNKNOWN_WORD = "unknown"


class Answer(Record):
    """One answer: the words as given, and what they mean."""

    words: tuple[str, ...]
    number: Decimal | None = None
    day: date | None = None
    unknown: bool = False

    @property
    def text(self) -> str:
        """The answer as it is written after ``QUESTION=``."""
        return ",".join(self.words)


Answers = Mapping[str, Answer]

UNKNOWN = Answer((UNKNOWN_WORD,), unknown=True)


def read_answer(
    id: str, question: Question, text: str, *, place: str = "", confirmed: bool = False
) -> Answer:
    """``text`` as an answer to ``question``.

    ``place`` says where it was given ("-a weight=700"); ``confirmed`` accepts a number that is
    possible but not plausible. Raises UsageError naming the place, the value and what is allowed.
    """
    return read_words(
        id,
        question,
        tuple(text.split(",")) if question.kind == "many" else (text,),
        place=place,
        confirmed=confirmed,
    )


def read_words(
    id: str, question: Question, words: tuple[str, ...], *, place: str, confirmed: bool
) -> Answer:
    """The words of an answer, already taken apart. As ``read_answer``."""
    if tuple(word.casefold() for word in words) == (UNKNOWN_WORD,):
        if question.no_unknown:
            raise _error(place, f"'{id}' has to be answered: {question.no_unknown}", "")
        return UNKNOWN
    if question.kind == "number":
        return _number(id, question, words, place, confirmed=confirmed)
    if question.kind == "date":
        day = date_of(words[0]) if len(words) == 1 else None
        if day is None:
            raise _error(
                place,
                f"'{printable(','.join(words))}' is not a date for '{id}'",
                "write year-month-day, such as 2026-11-20",
            )
        return Answer(words, day=day)
    return _choice(id, question, words, place)


def allowed(question: Question) -> str:
    """What may be answered, in words: "yes, no or unknown", "a number from 10 to 300 kg"."""
    if question.kind == "number":
        return f"a plain number{range_words(question.possible, question.unit)}, or unknown"
    if question.kind == "date":
        return "a date such as 2026-11-20, or unknown"
    names = [*question.answers, *(() if question.no_unknown else (UNKNOWN_WORD,))]
    return ", ".join(names[:-1]) + f" or {names[-1]}"


def range_words(bounds: Bounds | None, unit: str | None) -> str:
    """A range and its unit in words, with a leading space; the unit alone without a range."""
    suffix = f" {unit}" if unit else ""
    if bounds is None or bounds.low is None or bounds.high is None:
        return suffix
    return f" from {bounds.low} to {bounds.high}{suffix}"


def choices(question: Question) -> Iterator[tuple[str, str]]:
    """What may be chosen, with its label, unknown last."""
    yield from question.answers.items()
    if not question.no_unknown:
        yield UNKNOWN_WORD, "Unknown"


def answer_label(question: Question, answer: Answer) -> str:
    """An answer in the words of its question."""
    if answer.number is not None:
        return answer.text + (f" {question.unit}" if question.unit else "")
    labels = dict(choices(question))
    return "; ".join(labels.get(word, word) for word in answer.words)


def within(number: Decimal, bounds: Bounds | None) -> bool:
    """Whether a number lies in a range; a missing range or end is open."""
    if bounds is None:
        return True
    low, high = bounds.low, bounds.high
    if low is not None and (number < low or (number == low and not bounds.low_included)):
        return False
    return high is None or number < high or (number == high and bounds.high_included)


def unusual(id: str, question: Question, answer: Answer) -> str | None:
    """Why an answer has to be confirmed, in words; None when it is plausible."""
    if answer.number is None or within(answer.number, question.plausible):
        return None
    usual = range_words(question.plausible, question.unit).strip()
    unit = f" {question.unit}" if question.unit else ""
    return f"{answer.number}{unit} is unusual for '{id}' (usual: {usual})"


def _number(
    id: str, question: Question, words: tuple[str, ...], place: str, *, confirmed: bool
) -> Answer:
    text = ",".join(words)
    number = decimal_of(text)
    if number is None:
        raise _error(
            place,
            f"'{printable(text)}' is not a plain number for '{id}'",
            f"it can be {allowed(question)}; write it with a point, such as 70.5",
        )
    answer = Answer((text,), number=number)
    if not within(number, question.possible):
        hint = f"it can be {allowed(question)}"
        if number > 0 and within(number / 10, question.plausible):
            hint += f"; use {number / 10:f} if the decimal point slipped"
        elif number > 0 and within(number * 100, question.plausible):
            hint += (
                f"; use {(number * 100).normalize():f} if it was given in a unit 100 times larger"
            )
        raise _error(place, f"{text} is not possible for '{id}'", hint)
    odd = None if confirmed else unusual(id, question, answer)
    if odd:
        raise _error(
            place, odd, f"check the number and its unit; if it is right, add --confirm {id}"
        )
    return answer


def plain_name(name: str) -> str:
    """The name of a topic as it is compared: capitals and hyphens do not count."""
    return name.strip().casefold().replace("-", " ")


def named(question: Question, word: str) -> str | None:
    """The answer of an id or of another name, such as a brand; capitals do not count."""
    if word.casefold() in (UNKNOWN_WORD, *question.answers):
        return word.casefold()
    typed = word.strip().casefold()
    for answer, names in question.also_called.items():
        if any(typed == name.casefold() for name in names):
            return answer
    return None


def _choice(id: str, question: Question, words: tuple[str, ...], place: str) -> Answer:
    words = tuple(named(question, word) or word for word in words)
    for word in words:
        if word == UNKNOWN_WORD or word in question.answers:
            continue
        meant = asked_back(word, [*question.answers, UNKNOWN_WORD])
        raise _error(
            place,
            f"'{id}' has no answer '{printable(word)}'",
            f"{meant} It can be {allowed(question)}" if meant else f"it can be {allowed(question)}",
        )
    if len(set(words)) < len(words):
        raise _error(place, f"'{id}' has the same answer twice", "give each answer once")
    single = {UNKNOWN_WORD, *question.alone, *question.means_unknown}
    lonely = next((word for word in words if word in single), None)
    if lonely and len(words) > 1:
        raise _error(
            place,
            f"'{lonely}' and another answer to '{id}' contradict each other",
            f"give '{lonely}' alone, or leave it out",
        )
    return Answer(words, unknown=words[0] in question.means_unknown)


def _error(place: str, message: str, hint: str) -> UsageError:
    return UsageError(f"{place}: {message}" if place else message, hint)
