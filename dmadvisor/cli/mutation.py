"""``dmadvisor verify --cases`` and ``--mutate``: patients of one's own, and changes nobody sees."""

import gc
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import typer

from dmadvisor.cli import screen
from dmadvisor.cli.exits import Exit
from dmadvisor.cli.forks import in_turn
from dmadvisor.problems import UsageError, printable

if TYPE_CHECKING:
    from dmadvisor.library import Library
    from dmadvisor.outcome import Advice
    from dmadvisor.render.proofs import Command
    from dmadvisor.verify.cases import Placed
    from dmadvisor.verify.mutants import Mutant
    from dmadvisor.verify.mutation import Outcome


class Request(NamedTuple):
    """The options of a run of ``--mutate``."""

    cases: str | None
    excepted: str | None
    sample: int | None
    seed: int
    jobs: int
    form: str
    """How it is written: text, json, or as cases."""


def read(library: "Library", path: str | None) -> "tuple[Placed, ...]":
    """The cases in a file, or in all files of a folder. Raises UsageError naming each mistake."""
    if path is None:
        return ()
    from dmadvisor.verify.cases import read_cases

    place = Path(path)
    files = sorted(place.glob("*.yaml")) if place.is_dir() else [place]
    found: list[Placed] = []
    mistakes: list[str] = []
    for file in files:
        each = read_cases(_bytes(file, "--cases"), str(file), library)
        found += each.cases
        mistakes += each.mistakes
    if mistakes:
        raise UsageError("\n".join(mistakes), "see tests/cases/README.md for what a case may say")
    if not found:
        raise UsageError(f"--cases {printable(path)}: no case is there", "name a folder of cases")
    return tuple(found)


def _bytes(file: Path, option: str) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise UsageError(
            f"{option} {printable(str(file))}: cannot be read: {error.strerror}",
            "name a YAML file that is there",
        ) from error


def failing(library: "Library", cases: "Sequence[Placed]") -> list[dict[str, object]]:
    """The cases in which something else is advised than they expect."""
    from dmadvisor.verify.cases import missed, visits

    found: list[dict[str, object]] = []
    for placed in cases:
        for visit in visits(library, placed.case):
            wrong = list(missed(placed.case, visit, _plain))
            if wrong:
                found.append(
                    {
                        "file": placed.file,
                        "line": placed.line,
                        "case": placed.case.case,
                        "pathway": visit.pathway,
                        "wrong": wrong,
                    }
                )
    return found


def text_of(failed: "Sequence[dict[str, object]]", number: int) -> str:
    """Failing cases, one paragraph each; that all hold, of so many cases, where none fails."""
    from dmadvisor.render.proofs import count

    lines = [f"holds: {count(number, 'case')}"] if number and not failed else []
    for each in failed:
        lines.append(f"FAILS: {each['file']}:{each['line']}: {each['case']} ({each['pathway']})")
        lines += [f"  {words}" for words in each["wrong"]]  # type: ignore[attr-defined]
    return "".join(f"{line}\n" for line in lines)


def _plain(library: "Library", advice: "Advice") -> str:
    from dmadvisor.document import advice_document
    from dmadvisor.render import plain

    return plain.render(advice_document(library, advice), 10**6)


def run(library: "Library", request: Request, shown: "Command") -> None:
    """What ``--mutate`` does; leaves with 1 when a change is uncaught."""
    if not mutate(library, request, shown):
        raise typer.Exit(Exit.FOUND)


def mutate(library: "Library", request: Request, shown: "Command") -> bool:
    """Break the content one change at a time; whether every change was seen or is excepted."""
    from dmadvisor.verify.excepted import read_excepted
    from dmadvisor.verify.mutants import mutants
    from dmadvisor.verify.mutation import Breaker

    cases = read(library, request.cases)
    every = mutants(library)
    reasons = {}
    if request.excepted is not None:
        names = [each.id for each in every]
        listed = read_excepted(_bytes(Path(request.excepted), "--except"), request.excepted, names)
        if listed.mistakes:
            raise UsageError("\n".join(listed.mistakes), "each entry has 'mutant' and 'reason'")
        reasons = dict(listed.reasons)
    chosen = sampled(every, request.sample, request.seed)
    gc.disable()
    breaker = Breaker(library, every, cases, _plain)
    breaker.prepare()
    found: dict[str, Outcome] = {}
    for outcome in in_turn(breaker.outcome, chosen, request.jobs):
        found[outcome.mutant] = outcome
        _progress(len(found), len(chosen))
    outcomes = [found[each.id] for each in chosen]
    _write(library, outcomes, reasons, request.form, shown)
    return not any(o.result == "uncaught" and o.mutant not in reasons for o in outcomes)


def sampled(every: "Sequence[Mutant]", number: int | None, seed: int) -> "Sequence[Mutant]":
    """So many changes at random, the same ones for the same seed; all without a number."""
    if number is None or number >= len(every):
        return every
    from random import Random

    return Random(seed).sample(every, number)


def _progress(number: int, of: int) -> None:
    if sys.stderr.isatty():
        end = "\r\x1b[K" if number == of else ""
        sys.stderr.write(f"\r\x1b[Kchange {number} of {of}{end}")
        sys.stderr.flush()


def _write(
    library: "Library",
    outcomes: "list[Outcome]",
    reasons: dict[str, str],
    form: str,
    shown: "Command",
) -> None:
    from collections import Counter

    counts = Counter(outcome.result for outcome in outcomes)
    uncaught = [o for o in outcomes if o.result == "uncaught"]
    left = [o for o in uncaught if o.mutant not in reasons]
    if form == "json":
        from dmadvisor.render.json import dumps

        rows = [{**_row(o, shown), "reason": reasons.get(o.mutant)} for o in outcomes]
        screen.write_verdict(dumps({"format": 1, "counts": dict(counts), "mutants": rows}))
    elif form == "cases":
        screen.write_verdict(_cases(library, left))
    else:
        lines = [line for each in left for line in _told(each, shown)]
        lines += [f"excepted: {o.mutant}: {reasons[o.mutant]}" for o in uncaught if o not in left]
        lines += [
            f"note: {o.mutant} is listed with --except and {_seen(o)}"
            for o in outcomes
            if o.mutant in reasons and o.result != "uncaught"
        ]
        screen.write_verdict("".join(f"{line}\n" for line in lines))
    sys.stderr.write(
        f"{len(outcomes)} changes: {counts['case']} seen by a case, {counts['rule']} by a rule, "
        f"{counts['refused']} refused, {counts['changes nothing']} change nothing, "
        f"{len(uncaught) - len(left)} excepted, {len(left)} uncaught\n"
    )


def _seen(outcome: "Outcome") -> str:
    return f"is seen by: {outcome.by}" if outcome.by else outcome.result


def _told(outcome: "Outcome", shown: "Command") -> list[str]:
    """An uncaught change, and the patient who would be told otherwise."""
    lines = [f"UNCAUGHT: {outcome.mutant}"]
    if outcome.harm is None:
        return [*lines, "  no patient was found who would be told otherwise"]
    return [*lines, f"  {outcome.harm.words}", f"  {shown(*outcome.harm[:2])}"]


def _row(outcome: "Outcome", shown: "Command") -> dict[str, object]:
    found = outcome.harm
    data: dict[str, object] = {**outcome._asdict(), "harm": None}
    if found is not None:
        answers = {id: answer.text for id, answer in found.answers.items()}
        data["harm"] = {
            "pathway": found.pathway,
            "answers": answers,
            "differs": found.words,
            "command": shown(found.pathway, found.answers),
        }
    return data


def _cases(library: "Library", uncaught: "list[Outcome]") -> str:
    """The patients of uncaught changes, each once, as cases that would see them."""
    from dmadvisor.cli.advising import unusual_answers
    from dmadvisor.render import cases
    from dmadvisor.verify.harm import together

    found = together((o.mutant, o.harm) for o in uncaught if o.harm is not None)
    return "\n".join(
        cases.seen(names, each, lambda told: unusual_answers(library, told))
        for names, each in found
    )
