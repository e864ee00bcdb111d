"""What ``dmadvisor advise`` does: collect answers, ask what is open, write the advice."""

import sys
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from dmadvisor.advice import advise
from dmadvisor.answers import Answer, unusual
from dmadvisor.clashes import clashes
from dmadvisor.cli import given, output, screen
from dmadvisor.cli.exits import Incomplete
from dmadvisor.cli.options import Color, Format, Missing, open_library
from dmadvisor.library import Library, unknown_name
from dmadvisor.outcome import Advice
from dmadvisor.problems import PathwayError, UsageError
from dmadvisor.records import Record
from dmadvisor.walk import Open, answered_unknown

if TYPE_CHECKING:
    from dmadvisor.cli.casing import Session


class Request(Record):
    """The options of one run, as they were given."""

    pathway: str | None
    answers: tuple[str, ...]
    file: str | None
    done: tuple[str, ...]
    confirmed: frozenset[str]
    missing: Missing | None
    today: str | None
    case: str | None
    accept: tuple[str, ...]
    format: Format
    pathways: str | None
    color: Color
    label: str | None = None
    choose: tuple[str, ...] = ()
    reason: str | None = None
    correct: bool = False
    save: bool = False


def request_of(options: Mapping[str, Any]) -> Request:
    """The options of a command, by the names of its parameters, as a request."""
    told = dict(options)
    told["file"] = told["answers"]
    told["answers"] = told.pop("answer")
    told["confirmed"] = frozenset(told.pop("confirm") or ())
    for name in ("answers", "done", "accept", "choose"):
        told[name] = tuple(told.get(name) or ())
    return Request(**told)


class Told(Record):
    """A visit as its options and its case file tell it."""

    pathway: str
    answers: dict[str, Answer]
    done: dict[str, date | None]
    confirmed: frozenset[str]


def run(request: Request) -> None:
    """Walk and write. Raises Incomplete when a question stays open or the reader quits."""
    library = open_library(request.pathways)
    today = given.read_day(request.today)
    mode = mode_of(request)
    if request.case is not None:
        from dmadvisor.cli.casing import opened

        with opened(request, request.case, library, today) as case:
            _run(request, library, today, mode, case)
        return
    for option in ("label", "accept", "choose", "reason", "correct", "save"):
        if getattr(request, option):
            raise UsageError(f"--{option} goes with --case", "add --case FILE")
    _run(request, library, today, mode, None)


def mode_of(request: Request) -> Missing:
    """What happens to open questions."""
    if request.missing is Missing.ASK and not screen.can_ask():
        raise UsageError(
            "--missing ask: standard input and standard error are not a terminal",
            "give the answers with -a or --answers, or use --missing unknown",
        )
    return request.missing or (Missing.ASK if screen.can_ask() else Missing.STOP)


def told(
    request: Request, library: Library, today: date, mode: Missing, case: "Session | None"
) -> Told:
    """Every answer of a visit: given, carried over, and asked for as far as the options say."""
    name = case.pathway if case and request.pathway is None else request.pathway
    pathway = chosen_pathway(library, name, mode, request.color)
    check_content(library, pathway)
    done: dict[str, date | None] = dict(case.carried.done) if case else {}
    done |= given.read_done(library, request.done, today)
    confirmed = set(request.confirmed)
    words = (library, pathway, request.answers, request.file, confirmed)
    answers = (given.told_answers if case else given.read_answers)(*words)
    if case:
        answers = case.with_earlier(answers)
    if mode is Missing.UNKNOWN:
        answers = answered_unknown(library, pathway, answers)
    elif mode is Missing.ASK:
        from dmadvisor.cli import asking

        proposed = case.proposed if case else {}
        start = asking.Start(pathway, answers, done, today, proposed)
        answers = asking.converse(library, start, request.color)
    held = case.carried.confirmed if case else ()
    return Told(pathway, answers, done, frozenset({*confirmed, *held}))


def _run(
    request: Request, library: Library, today: date, mode: Missing, case: "Session | None"
) -> None:
    visit = told(request, library, today, mode, case)
    pathway, answers, done = visit.pathway, visit.answers, visit.done
    result = advise(library, pathway, answers, today, done)
    view = case.viewed(pathway, answers, done, result) if case else None
    try:
        output.write_result(library, result, today, (request.format, request.color), view)
    except screen.ReaderGone:
        if case is None and isinstance(result, Advice):
            raise
        screen.to_nowhere()
        # Nobody reads the advice any more; the visit is kept as was asked all the same.
    if isinstance(result, Open):
        output.say_open(library, result)
        raise Incomplete
    if case:
        case.keep()
    elif mode is Missing.ASK:
        shown = {*(turn.question for turn in result.turns), *result.idle}
        given_ones = {id: answer for id, answer in answers.items() if id in shown}
        say_again(words_again(request, library, pathway, given_ones, today))


def check_content(library: Library, pathway: str) -> None:
    """Refuse content with errors; a compiled copy was checked when it was made."""
    if library.compiled:
        return
    from dmadvisor.lint import check

    problems = check(library, pathway)
    if problems:
        raise PathwayError(problems)


def chosen_pathway(library: Library, name: str | None, mode: Missing, color: Color) -> str:
    """The pathway asked for; in a terminal, the one that the reader picks."""
    known = library.ids("PathwayId")
    if name is None:
        if mode is Missing.ASK:
            from dmadvisor.cli import asking

            return asking.pick_pathway(library, color)
        raise UsageError("no pathway was given", f"it can be {', '.join(known)}")
    if name in known:
        return name
    entry = library.not_offered(name)
    error = unknown_name("pathway", name, known, "dmadvisor list")
    note = f". {entry.say}" if entry else ""
    raise UsageError(error.message, f"it can be {', '.join(known)}{note}")


def as_command(library: Library, pathway: str, told: Mapping[str, Answer]) -> list[str]:
    """The words of a run with some answers, unusual ones confirmed."""
    words = ["dmadvisor", "advise", pathway]
    for id, answer in told.items():
        words += ["-a", f"{id}={answer.text}"]
    for id in unusual_answers(library, told):
        words += ["--confirm", id]
    return words


def unusual_answers(library: Library, told: Mapping[str, Answer]) -> tuple[str, ...]:
    """The questions whose answers have to be confirmed."""
    found = [id for id, answer in told.items() if unusual(id, library.question(id), answer)]
    found += [clash.confirm for clash in clashes(library, dict(told), ()) if clash.confirm]
    return tuple(dict.fromkeys(found))


def words_again(
    request: Request, library: Library, pathway: str, told: Mapping[str, Answer], today: date
) -> list[str]:
    """The same run as one command."""
    words = as_command(library, pathway, told)
    for item in request.done:
        words += ["--done", item]
    words += ["--missing", Missing.STOP.value]
    words += ["-f", request.format.value] if request.format is not Format.TEXT else []
    words += ["--today", today.isoformat()]
    words += ["--case", request.case] if request.case else []
    words += ["--label", request.label] if request.label else []
    for item in request.choose:
        words += ["--choose", item]
    words += ["--reason", request.reason] if request.reason else []
    words += ["--correct"] if request.correct else []
    return words + (["--pathways", request.pathways] if request.pathways else [])


def say_again(words: list[str]) -> None:
    """The same run as one command, on stderr so that it never lands in a note."""
    import shlex

    sys.stderr.write(f"\nAgain without questions:\n  {shlex.join(words)}\n")
