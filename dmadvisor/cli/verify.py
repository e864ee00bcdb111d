"""``dmadvisor verify``: prove the safety rules for every patient on every path."""

import sys
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dmadvisor.cli import screen
from dmadvisor.cli.exits import Exit
from dmadvisor.cli.options import PathwaysOption, open_library

if TYPE_CHECKING:
    from dmadvisor.answers import Answer
    from dmadvisor.verify.prover import Proof, Prover


class VerifyFormat(StrEnum):
    """How proofs are written."""

    TEXT = "text"
    JSON = "json"


def command(
    rules: Annotated[
        list[str] | None,
        typer.Option("--rule", metavar="RULE", help="Prove this rule only; may be repeated."),
    ] = None,
    pathway: Annotated[
        list[str] | None,
        typer.Option("--pathway", metavar="PATHWAY", help="In this pathway only."),
    ] = None,
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
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="Which sample.")] = 1,
    jobs: Annotated[
        int, typer.Option("--jobs", metavar="N", min=1, help="Processes for --mutate.")
    ] = 2,
    pathways: PathwaysOption = None,
) -> None:
    """Prove the safety rules for every patient; exits with 1 when one is broken.

    \b
    Examples:
      dmadvisor verify
      dmadvisor verify --rule known-pregnancy-forbids-the-drug
      dmadvisor verify --pathway classic -f json
      dmadvisor verify --mutate --cases tests/cases
    """
    from dmadvisor.cli import mutation
    from dmadvisor.cli.advising import check_content
    from dmadvisor.library import unknown_name
    from dmadvisor.verify.prover import Prover

    library = open_library(pathways)
    known = library.ids("PathwayId")
    for id in pathway or ():
        if id not in known:
            raise unknown_name("pathway", id, known, "dmadvisor list")
    for id in pathway or known:
        check_content(library, id)
    if mutate:
        as_json = format is VerifyFormat.JSON
        mutation.run(library, mutation.Request(cases, excepted, sample, seed, jobs, as_json))
        return
    failed = mutation.failing(library, mutation.read(library, cases))
    prover = Prover(library, tuple(pathway or known))
    for id in rules or ():
        if id not in prover.rules:
            raise unknown_name("rule", id, tuple(prover.rules), "the files in safety/")
    proofs = []
    for proof in _proved(prover, tuple(rules or prover.rules)):
        proofs.append(proof)
        if format is VerifyFormat.TEXT:
            screen.write(_text(prover, proof))
    trees = None if rules else _trees(prover)
    if format is VerifyFormat.JSON:
        from dmadvisor.render.json import dumps

        found: dict[str, Any] = {} if trees is None else {"trees": trees}
        found |= {} if cases is None else {"failing_cases": failed}
        screen.write(dumps({"format": 1, "rules": [_data(prover, p) for p in proofs], **found}))
    else:
        screen.write(mutation.text_of(failed))
        screen.write("" if trees is None else _tree_text(trees))
        held = sum(proof.holds for proof in proofs)
        sys.stderr.write(f"{held} of {len(proofs)} rules hold for every patient\n")
    if failed or not all(proof.holds for proof in proofs) or (trees and trees["gaps"]):
        raise typer.Exit(Exit.FOUND)


def _trees(prover: "Prover") -> dict[str, list[dict[str, Any]]]:
    """What exploring shows of the trees; of dead branches and lost steps all pathways decide."""
    from dmadvisor.verify.trees import dead_branches, gaps, lost_steps

    stuck = [
        {
            "pathway": gap.pathway,
            "place": gap.place,
            "command": _command(prover, gap.pathway, gap.answers or {}),
        }
        for gap in gaps(prover.everybody.space, prover.everybody.explored.values())
    ]
    whole = prover.pathways == prover.library.ids("PathwayId")
    dead = dead_branches(prover.everybody.explored) if whole else ()
    lost = lost_steps(prover.everybody.explored) if whole else ()
    return {
        "gaps": stuck,
        "dead_branches": [branch._asdict() for branch in dead],
        "lost_steps": [{"step": step} for step in lost],
    }


def _tree_text(trees: dict[str, list[dict[str, Any]]]) -> str:
    lines = [
        f"GAP: {gap['pathway']}, at '{gap['place']}': these answers lead nowhere\n"
        f"  {gap['command']}"
        for gap in trees["gaps"]
    ]
    lines += [
        f"note: nobody takes branch {dead['number']} of '{dead['place']}': {dead['words']}"
        for dead in trees["dead_branches"]
    ]
    lines += [f"note: nobody comes to step '{each['step']}'" for each in trees["lost_steps"]]
    return "".join(f"{line}\n" for line in lines)


def _proved(prover: "Prover", rules: tuple[str, ...]) -> "Iterator[Proof]":
    """The proofs, one after the other, with how far they are on a terminal."""
    told = sys.stderr.isatty()
    for number, id in enumerate(rules, 1):
        if told:
            sys.stderr.write(f"\r\x1b[Kproving {number} of {len(rules)}: {id}"[:79])
            sys.stderr.flush()
        proof = prover.prove(id)
        if told:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
        yield proof


def _text(prover: "Prover", proof: "Proof") -> str:
    topic, rule = prover.rules[proof.rule]
    if proof.holds:
        return f"holds: {proof.rule} ({proof.ends} steps, at most {proof.paths} paths)\n"
    lines = [f"BROKEN: {proof.rule} (safety/{topic}.yaml)", f"  {rule.says}", f"  {rule.why}"]
    found = proof.counterexample
    if found is None:
        lines.append("  It is about nobody: no path meets what stands under 'when'.")
    else:
        lines.append(f"  This patient breaks it, at the step {found.step}:")
        lines += [f"    {id} = {answer.text}" for id, answer in found.answers.items()]
        lines.append(f"  {_command(prover, found.pathway, found.answers)}")
    return "\n".join(lines) + "\n"


def _command(prover: "Prover", pathway: str, answers: "Mapping[str, Answer]") -> str:
    """The run that shows what becomes of a patient."""
    import shlex

    from dmadvisor.cli.advising import as_command

    words = as_command(prover.library, pathway, answers)
    return shlex.join([*words, "--missing", "unknown"])


def _data(prover: "Prover", proof: "Proof") -> dict[str, Any]:
    topic, rule = prover.rules[proof.rule]
    found = proof.counterexample
    return {
        "id": proof.rule,
        "topic": topic,
        "says": rule.says,
        "covers": list(rule.covers),
        "holds": proof.holds,
        "steps": proof.ends,
        "paths": proof.paths,
        "counterexample": found
        and {
            "pathway": found.pathway,
            "step": found.step,
            "answers": {id: answer.text for id, answer in found.answers.items()},
            "command": _command(prover, found.pathway, found.answers),
        },
    }
