"""How long a whole process takes, against the least that any Typer program takes.

Builds the wheel, installs it in a fresh environment, and times each command right beside
``python -c "import typer"``; the figure is the median of the ratios of such pairs, so a slow or
busy machine changes the milliseconds but hardly the ratio.

    python benchmarks/startup.py            # a table
    python benchmarks/startup.py --check    # exit 1 when a command is over its limit
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
WARM_UP = 3

ANSWERS = (
    "red-flags=none age=45 sex=female diagnosis=confirmed weakness=no previous-weakness=no "
    "muscle-work-up=normal lungs=normal rash-months=8 rash-extent=moderate "
    "treatment-so-far=topical-only weight=50 pregnancy=not-possible egfr=90 conditions=none "
    "medicines=none"
)
"""A patient whose advice has options, doses and checks."""

GIVEN = tuple(word for answer in ANSWERS.split() for word in ("-a", answer))
ALL_ANSWERS = (
    "red-flags=none age=48 sex=male onset-age=47 diagnosis=confirmed weakness=yes "
    "treatment-so-far=none severity=mild-moderate swallow=normal heart=normal ck=9 antibodies=mi2 "
    "lungs=normal rash-extent=moderate weight=82 height=176 liver-disease=no alcohol=none "
    "medicines=none conditions=none cancer=none infection=no hepatitis-b=negative tb=negative "
    "blood-tests=all-normal egfr=90 qtc=410 tpmt=normal clot-risk=none "
    "not-tolerated=none tried=none"
)
"""A patient with muscle disease and every safety question answered."""

ALL_GIVEN = tuple(word for answer in ALL_ANSWERS.split() for word in ("-a", answer))
DONE = ("--done", "eye-exam=2026-11-02", "--done", "chest-imaging=2026-11-02")
ALL = ("advise", "classic", *ALL_GIVEN, *DONE, "--missing", "unknown", "--today", "2026-11-20")
ADVISE = ("advise", "rash-only", *GIVEN, "--missing", "unknown", "--today", "2026-11-20")


class Measure(NamedTuple):
    """One command, how it ends, and how many times the least it may take."""

    name: str
    arguments: tuple[str, ...]
    exit: int
    limit: float


MEASURES = (
    Measure("advise, json", (*ADVISE, "-f", "json"), 0, 1.4),
    Measure("advise, plain", (*ADVISE, "-f", "plain"), 0, 1.4),
    Measure("advise, text", (*ADVISE, "-f", "text"), 0, 1.9),
    Measure("all answered, json", (*ALL, "-f", "json"), 0, 1.4),
    Measure("help", ("-h",), 0, 1.2),
    Measure("usage error", ("advise", "no-such-pathway"), 2, 1.2),
)


def main() -> int:
    """Measure and print; 1 with --check when a command is over its limit."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("-n", type=int, default=40, help="pairs a command (default: 40)")
    parser.add_argument("--check", action="store_true", help="exit 1 when over a limit")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="dmadvisor-") as folder:
        scripts = install(Path(folder))
        least, ratios = measure(scripts, options.n)
    print(f"T, python -c 'import typer': {statistics.median(least) * 1000:.1f} ms, n = {options.n}")
    print(f"{'command':<20}{'ratio to T':>12}{'limit':>8}")
    over = False
    for one in MEASURES:
        ratio = statistics.median(ratios[one])
        over = over or ratio > one.limit
        mark = "  over" if ratio > one.limit else ""
        print(f"{one.name:<20}{ratio:>12.2f}{one.limit:>8.1f}{mark}")
    return 1 if over and options.check else 0


def install(folder: Path) -> Path:
    """Where the commands of a fresh environment stand that holds the wheel of this tree."""
    pip = ("-m", "pip", "--quiet", "--disable-pip-version-check")
    subprocess.run([sys.executable, "-m", "venv", folder / "venv"], check=True)
    scripts = folder / "venv" / ("Scripts" if os.name == "nt" else "bin")
    python = scripts / "python"
    wheel = folder / "wheel"
    subprocess.run([python, *pip, "wheel", ROOT, "--no-deps", "--wheel-dir", wheel], check=True)
    subprocess.run([python, *pip, "install", next(wheel.glob("*.whl"))], check=True)
    return scripts


def measure(scripts: Path, pairs: int) -> tuple[list[float], dict[Measure, list[float]]]:
    """The seconds of the least process, and each command's ratios to its neighbour in time."""
    least = [str(scripts / "python"), "-c", "import typer"]
    all_least: list[float] = []
    ratios: dict[Measure, list[float]] = {one: [] for one in MEASURES}
    for turn in range(WARM_UP + pairs):
        for one in MEASURES:
            command = [str(scripts / "dmadvisor"), *one.arguments]
            # Which of the two runs first alternates, so that neither gains from it.
            if turn % 2:
                base, taken = seconds(least, 0), seconds(command, one.exit)
            else:
                taken, base = seconds(command, one.exit), seconds(least, 0)
            if turn >= WARM_UP:
                all_least.append(base)
                ratios[one].append(taken / base)
    return all_least, ratios


def seconds(command: list[str], expected: int) -> float:
    """How long one process takes; a command that ends unexpectedly is no measurement."""
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, check=False, stdin=subprocess.DEVNULL)
    taken = time.perf_counter() - start
    if done.returncode != expected:
        sys.exit(f"{' '.join(command)}: exit {done.returncode}\n{done.stderr.decode()}")
    return taken


if __name__ == "__main__":
    sys.exit(main())
