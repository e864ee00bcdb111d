"""What ``dmadvisor advise`` does: collect answers, ask what is open, write the advice."""

import sys
from collections.abc import Mapping

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


class Request(Record):
    """The options of one run, as they were given."""

    pathway: str | None
    answers: tuple[str, ...]
    file: str | None
    done: tuple[str, ...]
    confirmed: frozenset[str]
    missing: Missing | None
    today: str | None
    format: Format
    pathways: str | None
    color: Color


def run(request: Request) -> None:
    """Walk and write. Raises Incomplete when a question stays open or the reader quits."""
    library = open_library(request.pathways)
    today = given.read_day(request.today)
    mode = request.missing or (Missing.ASK if screen.can_ask() else Missing.STOP)
    if request.missing is Missing.ASK and not screen.can_ask():
        raise UsageError(
            "--missing ask: standard input and standard error are not a terminal",
            "give the answers with -a or --answers, or use --missing unknown",
        )
    pathway = chosen_pathway(library, request.pathway, mode, request.color)
    check_content(library, pathway)
    done = given.read_done(library, request.done, today)
    answers = given.read_answers(
        library, pathway, request.answers, request.file, set(request.confirmed)
    )
    if mode is Missing.UNKNOWN:
        answers = answered_unknown(library, pathway, answers)
    elif mode is Missing.ASK:
        from dmadvisor.cli import asking

        answers = asking.converse(library, pathway, answers, done, today, request.color)
    result = advise(library, pathway, answers, today, done)
    output.write_result(library, result, today, request.format, request.color)
    if isinstance(result, Open):
        output.say_open(library, result)
        raise Incomplete
    if mode is Missing.ASK:
        say_again(request, library, pathway, answers, result)


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
    odd = [id for id, answer in told.items() if unusual(id, library.question(id), answer)]
    odd += [clash.confirm for clash in clashes(library, dict(told), ()) if clash.confirm]
    for id in dict.fromkeys(odd):
        words += ["--confirm", id]
    return words


def say_again(
    request: Request, library: Library, pathway: str, answers: dict[str, Answer], advice: Advice
) -> None:
    """The same run as one command, on stderr so that it never lands in a note."""
    import shlex

    shown = {*(turn.question for turn in advice.turns), *advice.idle}
    told = {id: answer for id, answer in answers.items() if id in shown}
    words = as_command(library, pathway, told)
    for item in request.done:
        words += ["--done", item]
    words += ["--missing", Missing.STOP.value]
    words += ["-f", request.format.value] if request.format is not Format.TEXT else []
    words += ["--today", advice.today.isoformat()]
    words += ["--pathways", request.pathways] if request.pathways else []
    sys.stderr.write(f"\nAgain without questions:\n  {shlex.join(words)}\n")
