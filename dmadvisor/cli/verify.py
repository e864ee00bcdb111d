"""``dmadvisor verify``: prove the safety rules for every patient on every path."""

import sys
from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from dmadvisor.cli import screen
from dmadvisor.cli.exits import Exit
from dmadvisor.cli.options import HERE, PathwaysOption, folder_of, open_library, own_folder
from dmadvisor.problems import UsageError

if TYPE_CHECKING:
    from dmadvisor.answers import Answer
    from dmadvisor.library import Library
    from dmadvisor.render.proofs import Command, Result
    from dmadvisor.verify.findings import Finding


class VerifyFormat(StrEnum):
    """How proofs are written."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"


def command(
    rules: Annotated[
        list[str] | None,
        typer.Option("--rule", metavar="RULE", help="Prove this rule only; may be repeated."),
    ] = None,
    pathway: Annotated[
        list[str] | None,
        typer.Option("--pathway", metavar="PATHWAY", help="In this pathway only."),
    ] = None,
    overlaps: Annotated[
        bool, typer.Option("--overlaps", help="List branches between which their order decides.")
    ] = False,
    witness: Annotated[
        bool,
        typer.Option(
            "--witness",
            help="Name a patient for all that somebody meets, as cases.",
        ),
    ] = False,
    format: Annotated[
        VerifyFormat, typer.Option("--format", "-f", help="How to write it.")
    ] = VerifyFormat.TEXT,
    cases: Annotated[
        str | None,
        typer.Option("--cases", metavar="PATH", help="Hold these patients too: a file or folder."),
    ] = None,
    mutate: Annotated[
        bool, typer.Option("--mutate", help="Break the content; report changes that nothing sees.")
    ] = False,
    excepted: Annotated[
        str | None,
        typer.Option("--except", metavar="FILE", help="Changes that may stay, with reasons."),
    ] = None,
    sample: Annotated[
        int | None, typer.Option("--sample", metavar="N", min=1, help="Only so many changes.")
    ] = None,
    seed: Annotated[
        int | None, typer.Option("--seed", metavar="N", help="Which sample; 1 if not given.")
    ] = None,
    jobs: Annotated[
        int, typer.Option("--jobs", metavar="N", min=1, help="How many processes work.")
    ] = 2,
    pathways: PathwaysOption = None,
) -> None:
    """Prove the safety rules for every patient; exits with 1 when one is broken.

    \b
    Examples:
      dmadvisor verify
      dmadvisor verify --rule known-pregnancy-forbids-the-drug
      dmadvisor verify --pathway classic -f json
      dmadvisor verify --witness > witnesses.yaml
      dmadvisor verify --mutate --cases tests/cases
      dmadvisor verify --mutate --cases tests/cases --witness > more-cases.yaml
    """
    _refuse_idle(locals())
    from dmadvisor.cli import mutation

    folder = pathways or folder_of(HERE)
    library = open_library(folder)
    own = own_folder(folder)
    chosen = _chosen(library, pathway)
    shown = _command(library, own)
    if mutate:
        form = "cases" if witness else format.value
        if format is VerifyFormat.SARIF:
            raise UsageError("--mutate has no sarif", "use -f text or -f json")
        asked = mutation.Request(cases, excepted, sample, 1 if seed is None else seed, jobs, form)
        mutation.run(library, asked, shown)
    elif witness:
        _write_witnesses(library, chosen, format, shown)
    else:
        proof = Proof(chosen, tuple(rules or ()), overlaps, format, cases, jobs, own)
        _prove(library, proof, shown)


AT_ODDS = {
    "mutate": ("rules", "pathway", "overlaps"),
    "witness": ("rules", "overlaps"),
    "rules": ("overlaps",),
}
"""Options, and others that would do nothing beside them."""
NEEDED = {"excepted": "mutate", "sample": "mutate", "seed": "sample"}
"""Options that do nothing without another."""
FLAGS = {"rules": "rule", "excepted": "except"}
"""How options are written whose parameter is called otherwise."""


def _refuse_idle(options: Mapping[str, object]) -> None:
    """Raise UsageError for an option that would do nothing beside the others."""
    given = {name for name, value in options.items() if value is not None and value is not False}
    flag = {name: f"--{FLAGS.get(name, name)}" for name in options}
    for one, others in AT_ODDS.items():
        for other in others:
            if {one, other} <= given:
                raise UsageError(f"{flag[other]} does nothing with {flag[one]}", "give one of them")
    for one, other in NEEDED.items():
        if one in given and other not in given:
            raise UsageError(f"{flag[one]} goes with {flag[other]}", f"add {flag[other]}")
    if "witness" in given and "cases" in given and "mutate" not in given:
        raise UsageError("--cases does nothing with --witness", "give one of them, or add --mutate")


class Proof(NamedTuple):
    """The options of a run that proves rules."""

    pathways: tuple[str, ...]
    rules: tuple[str, ...]
    """Only these; all of them when empty."""
    overlaps: bool
    format: VerifyFormat
    cases: str | None
    jobs: int
    content: str | None
    """The folder that is proved, when it is not the shipped one."""


def _prove(library: "Library", asked: Proof, shown: "Command") -> None:
    """Prove rules and look at the trees; leaves with 1 when something is wrong."""
    from dmadvisor.cli import mutation
    from dmadvisor.cli.proving import own_rules, results_of
    from dmadvisor.render import proofs
    from dmadvisor.render.layout import usable_width
    from dmadvisor.verify.findings import findings
    from dmadvisor.verify.prover import Prover

    cases = mutation.read(library, asked.cases)
    failed = mutation.failing(library, cases)
    prover = Prover(library, asked.pathways)
    own = own_rules(library)
    wanted = _wanted(asked.rules, (*prover.rules, *own))
    width = usable_width(screen.columns(sys.stdout))
    results = []
    for result in results_of(prover, own, wanted, asked.jobs):
        results.append(result)
        if asked.format is VerifyFormat.TEXT:
            screen.write_verdict(proofs.text(result, shown, width))
    found = () if asked.rules else findings(prover.everybody)
    if asked.format is VerifyFormat.TEXT:
        notes = proofs.findings_text(found, shown, width, overlaps=asked.overlaps)
        screen.write_verdict(mutation.text_of(failed, len(cases)) + notes)
        held = sum(result.holds for result in results)
        whose = f" of {asked.content}" if asked.content else ""
        sys.stderr.write(f"{held} of {len(results)} rules hold for every patient{whose}\n")
    else:
        _write(library, results, None if asked.rules else found, asked.format, shown, failed)
    if failed or not all(r.holds for r in results) or any(f.kind == "gap" for f in found):
        raise typer.Exit(Exit.FOUND)


def _wanted(rules: tuple[str, ...], every: tuple[str, ...]) -> tuple[str, ...]:
    """The rules asked for, or all. Raises UsageError for one that there is not."""
    from dmadvisor.library import unknown_name

    for id in rules:
        if id not in every:
            raise unknown_name("rule", id, every, "the files in safety/")
    return rules or every


def _chosen(library: "Library", pathways: list[str] | None) -> tuple[str, ...]:
    """The pathways asked for, or all, when their content can be used."""
    from dmadvisor.cli.advising import check_content
    from dmadvisor.library import unknown_name

    known = library.ids("PathwayId")
    for id in pathways or ():
        if id not in known:
            raise unknown_name("pathway", id, known, "dmadvisor list")
    chosen = tuple(pathways or known)
    for id in chosen:
        check_content(library, id)
    return chosen


def _command(library: "Library", folder: str | None) -> "Command":
    """The run that shows what becomes of a patient under the same content."""
    import shlex

    from dmadvisor.cli.advising import as_command

    content = ["--pathways", folder] if folder else []

    def words(pathway: str, answers: "Mapping[str, Answer]") -> str:
        run = [*as_command(library, pathway, answers), "--missing", "unknown", *content]
        return shlex.join(run)

    return words


def _write_witnesses(
    library: "Library", pathways: tuple[str, ...], format: VerifyFormat, shown: "Command"
) -> None:
    """A patient for every branch, step, regimen and question that somebody meets."""
    from dmadvisor.cli.advising import unusual_answers
    from dmadvisor.cli.given import read_day
    from dmadvisor.render import cases
    from dmadvisor.render.json import dumps
    from dmadvisor.verify.everybody import Everybody
    from dmadvisor.verify.witness import Witnesses

    if format is VerifyFormat.SARIF:
        raise UsageError("--witness finds nothing that is wrong, so it has no sarif",
                         "use -f text, which writes cases, or -f json")  # fmt: skip
    found = Witnesses(Everybody(library, pathways), read_day(None)).every
    if format is VerifyFormat.JSON:
        screen.write(dumps({"format": 1, "witnesses": cases.data(found, shown)}))
    else:
        screen.write(cases.yaml(found, shown, lambda told: unusual_answers(library, told)))
    kinds = [each.what for each in found]
    counts = (f"{kinds.count(kind)} {name}" for kind, name in cases.KINDS.items())
    sys.stderr.write(f"a patient for each of {', '.join(counts)}\n")


def _write(
    library: "Library",
    results: "list[Result]",
    found: "tuple[Finding, ...] | None",
    format: VerifyFormat,
    shown: "Command",
    failed: "list[dict[str, object]]",
) -> None:
    """All of it at once, for programs."""
    from dmadvisor.render import proofs, sarif
    from dmadvisor.render.json import dumps

    if format is VerifyFormat.SARIF:
        screen.write_verdict(sarif.render(library, results, found or (), shown, failed))
        return
    more: dict[str, object] = {} if found is None else {"trees": proofs.findings_data(found, shown)}
    rules = [proofs.data(result, shown) for result in results]
    more |= {"failing_cases": failed} if failed else {}
    screen.write_verdict(dumps({"format": 1, "rules": rules, **more}))
