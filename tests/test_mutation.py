"""``verify --mutate`` and ``--cases``: changes are found, told apart and reported."""

import json
from functools import cache
from pathlib import Path

import pytest

from dmadvisor.cli.mutation import failing, read, sampled
from dmadvisor.document import advice_document
from dmadvisor.library import Library
from dmadvisor.outcome import Advice
from dmadvisor.render import cases, plain
from dmadvisor.verify.cases import DAY
from dmadvisor.verify.harm import Harm, together
from dmadvisor.verify.mutants import in_branches, mutants
from dmadvisor.verify.mutation import Breaker
from dmadvisor.verify.single import hold
from dmadvisor.verify.visits import Visit
from tests.harness import run
from tests.paths import content

CASES = Path(__file__).parent / "cases"

EXCEPTED = Path(__file__).parent / "excepted.yaml"
"""The changes that may stay uncaught, with reasons."""

KNOWN = {
    "tacrolimus: drop gate potassium-magnesium": "rule",
    "mycophenolate: drop gate pregnancy-test": "rule",
    "methotrexate: drop check hepatitis-b": "rule",
    "methotrexate: drop contraindication kidneys is severe": "rule",
    "red-flags: remove breathing": "case",
    "hydroxychloroquine: drop cap": "rule",
}
"""Some changes, and what has to see them at the latest."""

HARMFUL = (
    "classic/not-improving 1: weeks-on-treatment below 4, now below 5",
    "classic: drop check skin-score of every step",
    "refractory/which-part: swap branches 1 and 2",
)
"""Changes that no rule sees and that send somebody elsewhere, or lose something."""


@cache
def breaker() -> Breaker:
    """The shipped content with its cases."""

    def printed(library: Library, advice: Advice) -> str:
        return plain.render(advice_document(library, advice), 10**6)

    return Breaker(content(), mutants(content()), read(content(), str(CASES)), printed)


def test_every_change_has_a_name_of_its_own() -> None:
    names = [each.id for each in mutants(content())]
    assert len(names) > 1000
    assert len(set(names)) == len(names)
    assert names == [each.id for each in mutants(content())]
    assert {each.what for each in mutants(content())} == {
        "check", "gate", "contraindication", "cap", "swap", "threshold", "red flag"
    }  # fmt: skip


def test_a_change_leaves_the_content_as_it_was() -> None:
    regimens = {id: content().regimen(id) for id in content().ids("RegimenId")}
    first = mutants(content())[0]
    assert first.within(content()).regimen(first.name) != content().regimen(first.name)
    assert {id: content().regimen(id) for id in content().ids("RegimenId")} == regimens


@pytest.mark.parametrize("name", KNOWN)
def test_a_grave_change_is_seen(name: str) -> None:
    every = {each.id: each for each in mutants(content())}
    assert name in every, [id for id in every if id.startswith(name.split(":", maxsplit=1)[0])][:60]
    assert breaker().outcome(every[name]).result in ("case", "rule", "refused")


def test_a_swap_of_branches_that_do_not_meet_changes_nothing() -> None:
    every = {each.id: each for each in mutants(content())}
    found = breaker().outcome(every["skin/rash-extent: swap branches 1 and 2"])
    assert found.result == "changes nothing"


def test_whom_an_uncaught_change_harms_is_a_case_that_sees_it(tmp_path: Path) -> None:
    """Without any cases; the patient written as one is held by the content, and sees the change."""
    every = {each.id: each for each in mutants(content())}
    lone = Breaker(content(), mutants(content()), (), lambda *_: "")
    found: dict[str, Harm] = {}
    for name in HARMFUL:
        outcome = lone.outcome(every[name])
        assert outcome.result == "uncaught", outcome
        assert outcome.harm is not None, name
        found[name] = outcome.harm
    file = tmp_path / "harm.yaml"
    file.write_text(
        "".join(cases.seen(names, each, lambda _: ()) for names, each in together(found.items())),
        "utf-8",
    )
    kept = read(content(), str(file))
    assert failing(content(), kept) == []
    for name in HARMFUL:
        assert failing(every[name].within(content()), kept), name


@pytest.mark.usefixtures("compiled")
def test_the_command_samples_and_reports() -> None:
    """A seeded sample in two processes: each change with what became of it; none is uncaught."""
    args = ("--cases", str(CASES), "--except", str(EXCEPTED), "--sample", "24", "--seed", "5")
    found = run("verify", "--mutate", *args, "-f", "json")
    rows = json.loads(found.out)["mutants"]
    assert [row["mutant"] for row in rows] == [
        each.id for each in sampled(mutants(content()), 24, 5)
    ]
    left = [row for row in rows if row["result"] == "uncaught" and not row["reason"]]
    assert left == []
    assert found.code == 0
    assert f"{len(rows)} changes:" in found.err


def test_an_exception_needs_a_change_that_is_there(tmp_path: Path) -> None:
    listed = tmp_path / "uncaught.yaml"
    listed.write_text("- {mutant: no such change, reason: none}\n", "utf-8")
    found = run("verify", "--mutate", "--sample", "1", "--except", str(listed))
    assert found.code == 2
    assert "no change is called 'no such change'" in found.err


CASE = """\
- case: A patient of our own
  source: made up
  pathway: rash-only
  answers: {red-flags: unknown}
  step: ask-red-flags
  referral: REFERRAL
"""


@pytest.mark.usefixtures("compiled")
def test_a_case_of_ones_own_is_held(tmp_path: Path) -> None:
    """It fails with its file, its sentence, what was expected and what was found."""
    file = tmp_path / "own.yaml"
    file.write_text(CASE.replace("REFERRAL", "same-day"), "utf-8")
    rule = ("--rule", "methotrexate-never-above-25-mg-a-week")
    found = run("verify", *rule, "--cases", str(file))
    assert found.code == 1
    assert "own.yaml:1: A patient of our own" in found.out
    assert "referral: expected same-day, found" in found.out
    file.write_text(CASE.replace("REFERRAL", "routine"), "utf-8")
    held = run("verify", *rule, "--cases", str(file))
    assert (held.code, held.out.splitlines()[-1]) == (0, "holds: 1 case")
    file.write_text(CASE.replace("REFERRAL", "sameday"), "utf-8")
    assert run("verify", *rule, "--cases", str(file)).code == 2
    assert run("verify", *rule, "--cases", str(tmp_path / "nothing.yaml")).code == 2


@pytest.mark.usefixtures("compiled")
def test_sarif_has_the_cases_that_fail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As errors, each with its line in a file that is named as it was given."""
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "my own.yaml"
    file.write_text(f"# Ours.\n{CASE.replace('REFERRAL', 'same-day')}", "utf-8")
    rule = ("--rule", "methotrexate-never-above-25-mg-a-week")
    for given, uri in (("my own.yaml", "my%20own.yaml"), (str(file), file.as_uri())):
        found = run("verify", *rule, "--cases", given, "-f", "sarif")
        [one] = found.data["runs"][0]["results"]
        assert (found.code, one["ruleId"], one["level"]) == (1, "failing-case", "error")
        assert one["message"]["text"].startswith("A patient of our own (rash-only): referral: ")
        [location] = one["locations"]
        assert location["physicalLocation"] == {
            "artifactLocation": {"uri": uri}, "region": {"startLine": 2}
        }  # fmt: skip
        assert one["ruleId"] in [r["id"] for r in found.data["runs"][0]["tool"]["driver"]["rules"]]


def test_who_is_sent_astray_breaks_the_rule_when_advised() -> None:
    """What the sets say of a moved branch, said by the advice of each patient again."""
    every = [each for each in mutants(content()) if in_branches(each)]
    broken = 0
    for mutant in sampled(every, 40, 3):
        changed = mutant.within(content())
        for id, pathway, answers in breaker().astray.found(changed):
            visit = Visit(changed, pathway, answers, DAY)
            assert hold(breaker().rules[id], visit) == "broken", mutant.id
            broken += 1
    assert broken > 3
