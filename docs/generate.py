"""Writes the parts of the documents that come from the program; cog calls these functions.

From the top of the checkout: ``cog -r -I docs README.md docs/cli.md``. A test says when that is
due.
"""

import os
import subprocess
import sys
from pathlib import Path

import cog  # type: ignore[import-not-found]  # there only while cog runs

ROOT = Path(__file__).parent.parent

START = "import sys; sys.argv[0] = 'dmadvisor'; from dmadvisor.cli.app import main; main()"
"""Starts the program under the name that it has when it is installed."""

COMMANDS = ("", "advise", "schedule", "list", "show", "graph", "find", "lint", "verify",
            "case", "case show", "case replay", "case choose")  # fmt: skip

FIRST_VISIT = """\
dmadvisor advise rash-only --today 2026-11-20 -a red-flags=none -a age=52
-a diagnosis=confirmed -a weakness=no -a previous-weakness=no
-a muscle-work-up=enzymes-only -a antibodies=mi2 -a rash-extent=moderate
-a treatment-so-far=topical-only -a pregnancy=not-possible -a weight=62
-a conditions=none -a medicines=none -a qtc=410 -a egfr=88
-a blood-tests=all-normal --done eye-exam=2026-11-02"""
"""A first visit: everything asked is answered, the checks are partly done."""

SCREEN_LINES = 45


def printed(*args: str) -> str:
    """What the program prints on a plain terminal of 80 columns."""
    clean = {"COLUMNS": "80", "TERM": "dumb", "PATH": os.environ["PATH"]}
    done = subprocess.run(
        [sys.executable, "-c", START, *args],
        cwd=ROOT, env=clean, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr)
    return done.stdout


def console(command: str, output: str) -> None:
    """A command and what it printed, as a fenced block."""
    cog.outl(f"\n```console\n$ {command}\n{output.rstrip()}\n```")


def advice_screen() -> None:
    """The advice of a first visit, cut where a screen ends."""
    lines = printed(*FIRST_VISIT.split()[1:]).splitlines()[:SCREEN_LINES]
    command = FIRST_VISIT.replace("\n", " \\\n    ")
    console(f"{command} \\\n    | head -n {SCREEN_LINES}", "\n".join(lines))
    cog.outl()


def help_screens() -> None:
    """Every help screen."""
    for command in COMMANDS:
        words = [*command.split(), "-h"]
        console(f"dmadvisor {' '.join(words)}", printed(*words))
    cog.outl()


def lint_codes() -> None:
    """Every kind of problem that lint finds."""
    sys.path.insert(0, str(ROOT))
    from dmadvisor.lint import RULES

    cog.outl("\n| code | kind | what is wrong |\n|---|---|---|")
    for code, rule in sorted(RULES.items()):
        cog.outl(f"| `{code}` | {rule.severity} | {rule.summary} |")
    cog.outl()
