"""The documents keep up with the program: fresh, complete, and with no dead link."""

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from dmadvisor.cli.exits import Exit
from tests.harness import TODAY, run

ROOT = Path(__file__).parent.parent
CLI = (ROOT / "docs" / "cli.md").read_text("utf-8")
WRITTEN = CLI.partition("## Help screens")[0]
"""What people wrote: all but the help screens."""

PAGES = sorted(
    page
    for folder in (
        ROOT,
        ROOT / "pathways",
        *(ROOT / "docs" / f for f in ("", "decisions", "pathways")),
    )
    for page in folder.glob("*.md")
)

COMMANDS = (
    "advise", "why", "whatif", "schedule", "list", "show", "find", "graph", "lint", "verify", "case"
)  # fmt: skip
GROUPED = ("case show", "case replay", "case choose")
"""Commands of commands."""
GENERATED = ("README.md", "docs/cli.md")

LINK = re.compile(r"\[[^\]]+\]\(([^)\s]+)\)")
CODE = re.compile(r"```.*?```", re.DOTALL)
OPTION = re.compile(r"(?<![\w-])(--?[a-z][a-z-]*)")
RUN = re.compile(r"(?:^\$ |^|[`/])dmadvisor ([^`#\n]*)", re.MULTILINE)
"""A command in a document, inline or at the start of a line."""


def name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def text(page: str) -> str:
    return (ROOT / page).read_text("utf-8")


@pytest.mark.parametrize("page", GENERATED)
def test_generated_parts_are_fresh(page: str) -> None:
    """If not: cog -r -I docs README.md docs/cli.md."""
    command = [sys.executable, "-m", "cogapp", "--check", "-I", "docs", page]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def options_of(*command: str) -> set[str]:
    """The options that a help screen lists."""
    shown = run(*command, "-h").out.partition("\nOptions:\n")[2]
    lines = [line for line in shown.splitlines() if line.startswith("  -")]
    return {option for line in lines for option in OPTION.findall(line.split("  ")[1])}


def test_every_command_is_in_the_reference() -> None:
    shown = run("-h").out.partition("\nCommands:\n")[2]
    commands = tuple(line.split()[0] for line in shown.splitlines() if re.match(r"  [a-z]", line))
    assert commands == COMMANDS
    assert [c for c in (*commands, *GROUPED) if f"| `dmadvisor {c} " not in WRITTEN] == []


@pytest.mark.parametrize(
    "command", [(), *(tuple(command.split()) for command in (*COMMANDS, *GROUPED))]
)
def test_every_option_is_in_the_reference(command: tuple[str, ...]) -> None:
    found = options_of(*command)
    known = set(OPTION.findall(WRITTEN))
    assert "-h" in found
    assert sorted(found - known - {"--help"}) == []


def test_the_reference_has_no_option_that_is_not_there() -> None:
    words = [command.split() for command in (*COMMANDS, *GROUPED)]
    every = set().union(options_of(), *(options_of(*each) for each in words))
    known = {o for o in OPTION.findall(CODE.sub("", WRITTEN)) if o.startswith("--")}
    assert sorted(known - every) == []


def test_every_exit_code_is_in_the_reference() -> None:
    table = WRITTEN.partition("## Exit codes")[2].partition("\n## ")[0]
    codes = [int(code) for code in re.findall(r"^\| (\d+) \|", table, re.MULTILINE)]
    assert codes == [int(code) for code in Exit]


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("list", "pathways questions regimens checks pitfalls red-flags sources"),
        ("schedule", "text plain json ics stop unknown"),
        ("advise", "text plain markdown html json handout-html ask stop unknown auto always never"),
        ("lint", "text concise github json"),
        ("verify", "text json sarif"),
    ],
)
def test_every_choice_is_in_the_reference(command: str, words: str) -> None:
    help_screen = run(command, "-h").out
    assert [word for word in words.split() if word not in help_screen] == []
    assert [word for word in words.split() if f"{word}`" not in WRITTEN] == []


def test_every_key_while_asking_is_in_the_reference() -> None:
    table = WRITTEN.partition("## Keys while asking")[2].partition("\n## ")[0]
    assert re.findall(r"^\| `(.)` \|", table, re.MULTILINE) == list("ublwsr!?qd")


def json_keys(value: object) -> set[str]:
    """Every key at any depth."""
    if isinstance(value, dict):
        return set(value).union(*(json_keys(each) for each in value.values()))
    if isinstance(value, list):
        return set().union(*(json_keys(each) for each in value))
    return set()


def test_every_json_key_is_in_the_reference() -> None:
    section = WRITTEN.partition("## JSON")[2].partition("\n## ")[0]
    first_visit = {"red-flags": "none", "age": "45", "diagnosis": "confirmed", "weakness": "no",
                   "previous-weakness": "no", "muscle-work-up": "enzymes-only", "domain": "skin",
                   "antibodies": "mi2", "treatment-so-far": "none",
                   "rash-extent": "moderate"}  # fmt: skip
    advise = ("advise", "rash-only", "--today", TODAY, "-f", "json")
    found: set[str] = set()
    for command in ("why", "whatif"):
        words = (command, *advise[1:], "--answers", "-")
        found |= json_keys(run(*words, stdin=json.dumps(first_visit)).data)
    for answers in (first_visit, {"red-flags": "breathing", "age": "45"}, {"age": "45"}):
        found |= json_keys(run(*advise, "--answers", "-", stdin=json.dumps(answers)).data)
    assert {"red_flags", "urgency", "cap", "others", "matters_because", "range"} <= found
    assert [key for key in sorted(found) if f"`{key}`" not in section] == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_lead_somewhere(page: Path) -> None:
    """Links inside the repository: the file is there, and the heading in it."""
    for link in LINK.findall(CODE.sub("", page.read_text("utf-8"))):
        if "://" in link:
            continue
        path, _, heading = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        if heading:
            headings = re.findall(r"^#+ (.+)$", target.read_text("utf-8"), re.MULTILINE)
            slugs = [re.sub(r"[^\w -]", "", h.lower()).replace(" ", "-") for h in headings]
            assert heading in slugs, link


def commands(page: str) -> list[list[str]]:
    """The commands of a page, without what a shell does with them."""
    joined = text(page).replace("\\\n", " ")
    found = [shlex.split(re.split(r"[|<>]", command)[0]) for command in RUN.findall(joined)]
    return [words for words in found if words and words[0] in (*COMMANDS, "-h", "--version")]


@pytest.mark.parametrize(
    "page", ["README.md", "CONTRIBUTING.md", "pathways/README.md", "docs/pathways/README.md"]
)
def test_the_commands_of_a_page_are_real(page: str) -> None:
    """Each is understood: nothing in it is misspelt, and the content is fit for it."""
    wrong = [words for words in commands(page) if run(*words).code not in (Exit.DONE, Exit.OPEN)]
    assert wrong == []


def test_the_readme_shows_commands() -> None:
    assert {words[0] for words in commands("README.md")} == set(COMMANDS)


@pytest.mark.parametrize("page", ["docs/safety.md", "docs/cli.md"])
def test_what_a_page_says_to_show_is_there(page: str) -> None:
    shown = [words for words in commands(page) if words[0] == "show" and words[1:] != ["ID"]]
    assert shown
    assert [words for words in shown if run(*words).code != Exit.DONE] == []


def test_the_readme_names_the_pathways() -> None:
    ids = [row["id"] for row in run("list", "-f", "json").data]
    assert [id for id in ids if f"`{id}`" not in text("docs/safety.md")] == []
    assert [id for id in ids if id not in text("README.md")] == []


def test_safety_explains_every_verdict() -> None:
    page = text("docs/safety.md")
    for verdict in ("offer", "caution", "check-first", "do-not-use"):
        assert f"| `{verdict}` |" in page


def test_decisions_are_numbered_without_a_gap() -> None:
    files = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    numbers = [int(file.name.split("-")[0]) for file in files]
    assert numbers == list(range(1, len(files) + 1))
    for number, file in zip(numbers, files, strict=True):
        assert re.match(r"\d{4}-[a-z0-9.-]+\.md$", file.name)
        assert text(name(file)).startswith(f"# {number}. ")


def test_pages_are_plain_ascii() -> None:
    """Like the program and the content: a page may be read on any terminal."""
    assert [name(page) for page in PAGES if not page.read_bytes().isascii()] == []
