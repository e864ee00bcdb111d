"""What was given on the command line and in files: answers, checks done, the day."""

import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from dmadvisor.answers import Answer, read_answer, read_words
from dmadvisor.clashes import refuse_clashes
from dmadvisor.library import Library, unknown_name
from dmadvisor.problems import UsageError, printable
from dmadvisor.values import date_of
from dmadvisor.walk import tree_of
from dmadvisor.yamltext import KEY, MAX_BYTES, read_yaml

FIRST_YEAR, LAST_YEAR = 1950, 2200


def read_day(text: str | None) -> date:
    """The day of the visit: ``--today``, or the clock's."""
    if text is None:
        return date.today()
    day = date_of(text)
    if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise UsageError(f"--today {day}: no visit is in that year", "give the day of the visit")
    if day is None:
        raise UsageError(
            f"--today {printable(text)}: not a date", "write year-month-day, such as 2026-11-20"
        )
    return day


def read_done(library: Library, items: Iterable[str], today: date) -> dict[str, date | None]:
    """``CHECK`` or ``CHECK=DATE`` items as checks done."""
    done: dict[str, date | None] = {}
    for item in items:
        id, sign, text = item.partition("=")
        if library.entry("CheckId", id) is None:
            raise unknown_name("check", id, library.ids("CheckId"), "dmadvisor list checks")
        day = date_of(text) if sign else None
        if sign and day is None:
            raise UsageError(
                f"--done {printable(item)}: '{printable(text)}' is not a date",
                f"write such as --done {id}=2026-11-01",
            )
        if day and day > today:
            raise UsageError(
                f"--done {item}: {day} is after today ({today})",
                "give the day on which the check was done, or --today",
            )
        if id in done and done[id] != day:
            raise UsageError(
                f"--done {item}: '{id}' was given twice with different dates",
                "give each check once",
            )
        done[id] = day
    return done


def read_answers(
    library: Library, pathway: str, flags: Iterable[str], file: str | None, confirmed: set[str]
) -> dict[str, Answer]:
    """Answers from ``-a`` flags and from a file, which have to go together."""
    answers = told_answers(library, pathway, flags, file, confirmed)
    refuse_clashes(library, answers, confirmed)
    return answers


def told_answers(
    library: Library, pathway: str, flags: Iterable[str], file: str | None, confirmed: set[str]
) -> dict[str, Answer]:
    """Answers from ``-a`` flags and from a file; the same question twice must agree."""
    for id in confirmed:
        _known(library, pathway, id, f"--confirm {printable(id)}")
    found: dict[str, tuple[Answer, str]] = {}
    for id, answer, place in [
        *_from_flags(library, pathway, flags, confirmed),
        *_from_file(library, pathway, file, confirmed),
    ]:
        if id in found and set(found[id][0].words) != set(answer.words):
            raise UsageError(
                f"'{id}' was answered twice: {found[id][1]} and {place}",
                "give one answer a question",
            )
        found[id] = (answer, place)
    return {id: answer for id, (answer, _) in found.items()}


def _from_flags(
    library: Library, pathway: str, flags: Iterable[str], confirmed: set[str]
) -> Iterable[tuple[str, Answer, str]]:
    for flag in flags:
        place = f"-a {printable(flag)}"
        id, sign, text = flag.partition("=")
        if not sign:
            raise UsageError(f"{place}: no '=' in it", "write -a QUESTION=ANSWER")
        _known(library, pathway, id, place)
        question = library.question(id)
        yield id, read_answer(id, question, text, place=place, confirmed=id in confirmed), place


def _from_file(
    library: Library, pathway: str, file: str | None, confirmed: set[str]
) -> Iterable[tuple[str, Answer, str]]:
    if file is None:
        return
    name = "standard input" if file == "-" else file
    read = read_yaml(_bytes(file), name)
    if read.problems:
        first = read.problems[0]
        raise UsageError(f"{name}:{first.line}:{first.column}: {first.message}", first.help)
    if not isinstance(read.data, dict):
        raise UsageError(
            f"{name}:1:1: not a mapping of questions to answers", "write 'question: answer' lines"
        )
    for id, value in read.data.items():
        place = read.places[(id, KEY)]
        where = f"{name}:{place.line}:{place.column}: {printable(id)}"
        _known(library, pathway, id, where)
        question = library.question(id)
        words = value if isinstance(value, list) else [value]
        if not words or not all(isinstance(word, str) for word in words):
            raise UsageError(
                f"{where}: an answer is a text or a list of answers", f"write '{id}: answer'"
            )
        if isinstance(value, list) and question.kind == "many":
            answer = read_words(id, question, tuple(value), place=where, confirmed=False)
        else:
            text = ",".join(words)
            answer = read_answer(id, question, text, place=where, confirmed=id in confirmed)
        yield id, answer, f"{where} ({answer.text})"


def _bytes(file: str) -> bytes:
    try:
        if file == "-":
            if sys.stdin is None:
                raise UsageError("--answers -: standard input is closed", "give a file instead")
            return sys.stdin.buffer.read(MAX_BYTES + 1)
        with Path(file).open("rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise UsageError(
            f"--answers {printable(file)}: cannot be read: {error.strerror}",
            "give a YAML or JSON file, or - for standard input",
        ) from error


def _known(library: Library, pathway: str, id: str, place: str) -> None:
    if library.entry("QuestionId", id) is not None:
        return
    error = unknown_name("question", id, library.ids("QuestionId"), "dmadvisor list questions")
    tree = tree_of(library, pathway)
    asks = ", ".join(tree.questions)
    raise UsageError(
        f"{place}: {error.message}", f"{pathway} ({tree.pathway.reviewed}) asks: {asks}"
    )
