"""How the proof grows with the content: made-up pathways with more and more questions.

python benchmarks/growth.py           # measures, and writes docs/growth.md and docs/growth.svg
"""

import argparse
import gc
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

from dmadvisor.library import Library
from dmadvisor.verify.drawn import Drawn
from dmadvisor.verify.prover import Prover

DOCS = Path(__file__).parent.parent / "docs"
SIZES = (10, 20, 30, 40, 60)
PATHWAYS = 4
WORDS = ("aa", "bb", "cc")
"""The answers of every question; each has its own name, as those that share them stand together."""

BACK = 1
"""How many questions back a fork looks at most."""


class Measured(NamedTuple):
    """One size of content, explored and proved."""

    questions: int
    steps: int
    rules: int
    broken: int
    patients: int
    formulas: int
    exploring: float
    proving: float


# -- content -----------------------------------------------------------------------------------


class Made:
    """Content made up from a seed: as many questions as wanted, and what looks at them."""

    def __init__(self, questions: int, seed: int) -> None:
        self.random = Random(seed)
        kinds = ("one", "number", "many")
        self.kinds = {f"q{n}": kinds[n % 3] for n in range(questions)}
        self.asked = list(self.kinds)[: questions * 3 // 4]
        self.safety = list(self.kinds)[questions * 3 // 4 :]
        self.drugs = [f"d{n}" for n in range(max(4, questions // 4))]

    def write(self, root: Path) -> None:
        """Write all of it as YAML."""
        for folder in ("shared", "regimens", "safety"):
            (root / folder).mkdir(parents=True)
        (root / "content.yaml").write_text("version: '1'\ntitle: Made up\nnotice: None.\n")
        (root / "shared" / "questions.yaml").write_text("".join(self._questions()))
        (root / "shared" / "checks.yaml").write_text(
            "".join(f"c{n}: {{title: C{n}, how: Look., why: So., cites: [xx]}}\n" for n in range(6))
        )
        (root / "shared" / "citations.yaml").write_text(
            "xx: {text: Made up., kind: expert value}\n"
        )
        for drug in self.drugs:
            (root / "regimens" / f"{drug}.yaml").write_text(self._regimen(drug))
        for number in range(PATHWAYS):
            (root / f"p{number}.yaml").write_text("".join(self._pathway(number)))
        (root / "safety" / "rules.yaml").write_text("title: T\nrules:\n" + "".join(self._rules()))

    def _questions(self) -> Iterator[str]:
        for id, kind in self.kinds.items():
            head = f"{id}:\n  ask: Which {id}?\n  why: So.\n  kind: {kind}\n"
            if kind == "number":
                yield head + "  possible: at least 0 and at most 100\n"
            else:
                alone = "  alone: [none]\n" if kind == "many" else ""
                words = ", ".join(f"{word}-{id}: Yes" for word in WORDS)
                yield f"{head}  answers: {{{words}, none: None}}\n{alone}"
        drugs = ", ".join(f"{drug}: {drug.upper()}" for drug in self.drugs)
        for id in ("taking", "tried", "not-tolerated"):
            yield (f"{id}:\n  ask: Which {id}?\n  why: So.\n  kind: many\n"
                   f"  answers: {{{drugs}, none: None}}\n  alone: [none]\n")  # fmt: skip
        for id in ("red-flags", "red-flags-handled"):
            yield (f"{id}:\n  ask: Which?\n  why: So.\n  kind: many\n"
                   "  answers: {none: None}\n  alone: [none]\n")  # fmt: skip

    def _test(self, among: Sequence[str]) -> str:
        """A test on one of some questions."""
        id = self.random.choice(among)
        kind = self.kinds[id]
        if kind == "number":
            return f"{id}: below {self.random.choice((20, 40, 60))}"
        return f"{id}: {self.random.choice(WORDS)}-{id}"

    def _regimen(self, drug: str) -> str:
        bars = "".join(
            f"  - {{when: {{{self._test(self.safety)}}}, say: No., cites: [xx]}}\n"
            for _ in range(3)
        )
        checks = "".join(
            f"  - {{check: c{n}, gate: yes}}\n" for n in self.random.sample(range(6), 2)
        )
        return (f"title: {drug}\nkind: drug\ntreats: skin\npurpose: So.\nsystemic: yes\n"
                "reviewed: 2026-01-01\nreview-status: unreviewed\ncites: [xx]\n"
                f"contraindications:\n{bars}checks:\n{checks}")  # fmt: skip

    def _pathway(self, number: int) -> Iterator[str]:
        """Asks the questions in order, with a fork after each, and ends in a few steps."""
        asked = self.asked
        places = [*asked, "end"]
        yield (f"title: P{number}\npopulation: All.\nreviewed: 2026-01-01\n"
               f"review-status: unreviewed\ncites: [xx]\nstart: {asked[0]}\n")  # fmt: skip
        yield "questions:\n"
        for here in asked:
            yield f"  {here}: {{known: f-{here}, unknown: f-{here}}}\n"
        yield "forks:\n"
        for n, (here, following) in enumerate(zip(asked, places[1:], strict=True)):
            near = asked[max(0, n - BACK) : n]
            before = f"{self._test(near)}, " if near else ""
            yield f"  f-{here}:\n"
            yield f"    - {{when: {{{before}{self._other(here)}}}, to: s{n % 5}}}\n"
            yield f"    - {{to: {following if following != 'end' else 's5'}}}\n"
        yield "steps:\n"
        for step in range(6):
            listed = ", ".join(self.random.sample(self.drugs, min(4, len(self.drugs))))
            yield (f"  s{step}:\n    title: S{step}\n    do: Do.\n    why: So.\n    ends: review\n"
                   "    review: {weeks: [4], not-enough: No better.}\n    cites: [xx]\n"
                   f"    offer:\n      - {{start: [{listed}], group: drugs}}\n")  # fmt: skip

    def _other(self, here: str) -> str:
        if self.kinds[here] == "number":
            return f"{here}: at least 60"
        return f"{here}: aa-{here}"

    def _rules(self) -> Iterator[str]:
        rest = "why: So., covers: made-up, cites: [xx]"
        for drug in self.drugs:
            bar = self._test(self.safety)
            yield (f"  {drug}-waits: {{says: S., when: {{starts: {drug}}}, "
                   f"then: {{checks: [c0, c1]}}, {rest}}}\n")  # fmt: skip
            yield (f"  {drug}-barred: {{says: S., when: {{answers: {{{bar}}}}}, "
                   f"then: {{never-start: {drug}}}, {rest}}}\n")  # fmt: skip
            yield (f"  {drug}-tried: {{says: S., when: {{answers: {{tried: {drug}}}}}, "
                   f"then: {{never-recommend: {drug}}}, {rest}}}\n")  # fmt: skip


# -- measuring ---------------------------------------------------------------------------------


def measure(questions: int, seed: int) -> Measured:
    """Explore and prove made-up content of one size."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "pathways"
        Made(questions, seed).write(root)
        start = time.perf_counter()
        library = Library(root)
        prover = Prover(library, library.ids("PathwayId"))
        steps = len(prover.everybody.stages)
        ready = time.perf_counter()
        proofs = [prover.prove(id) for id in prover.rules]
        done = time.perf_counter()
        drawn = Drawn(prover.everybody.space)
        every = frozenset(range(len(drawn.diagram.sizes)))
        patients = drawn.diagram.count(drawn.everybody, every)
        broken = sum(not proof.holds for proof in proofs)
        formulas = len(prover.everybody.formulas)
        return Measured(
            questions, steps, len(proofs), broken, patients, formulas, ready - start, done - ready
        )


# -- writing -----------------------------------------------------------------------------------

PAGE = """# How the proof grows

Written by `python benchmarks/growth.py` on one core. The content is made up from a seed: four
pathways that ask three quarters of the questions in one order, each with forks of its own: after
every question one that looks at it and at the one before it, and leads on or to one of six steps.
The other questions are asked for drugs: there is a drug for every four questions, each with three
bars on them and two checks; three rules a drug. What it proves means nothing: many of its rules are
broken, and finding a patient who breaks one is part of the time.

![Seconds by number of questions: the table below as lines](growth.svg)

"Exploring" writes down who comes to each step, and asks whether anybody does; "proving" holds the
rules against them.

| questions | patients | steps | rules | of them broken | formulas | exploring | proving |
|---:|---:|---:|---:|---:|---:|---:|---:|
"""

LINES = (("exploring", "6 4"), ("proving", ""))
"""What is drawn, each with its own dashes: it is told apart without colour."""

WIDTH, HEIGHT, LEFT, TOP = 640, 360, 60, 30


def table(rows: list[Measured]) -> str:
    """The page with its table."""
    lines = (
        f"| {r.questions} | {r.patients:.1e} | {r.steps} | {r.rules} | {r.broken} | {r.formulas} "
        f"| {r.exploring:.2f} s | {r.proving:.2f} s |\n"
        for r in rows
    )
    return PAGE + "".join(lines)


def picture(rows: list[Measured]) -> str:
    """The same as lines over the number of questions."""
    most = max(max(r.exploring, r.proving) for r in rows)
    far = rows[-1].questions

    def at(questions: float, seconds: float) -> tuple[float, float]:
        x = LEFT + questions / far * (WIDTH - LEFT - 90)
        return round(x, 1), round(HEIGHT - 50 - seconds / most * (HEIGHT - 50 - TOP), 1)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        'font-family="sans-serif" font-size="12" fill="#222">',
        "<title>Seconds to explore and to prove, by number of questions</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
    ]
    for part in range(5):
        seconds = most * part / 4
        x, y = at(0, seconds)
        parts.append(f'<path d="M{x} {y}H{at(far, 0)[0]}" stroke="#ddd"/>')
        parts.append(f'<text x="{x - 6}" y="{y + 4}" text-anchor="end">{seconds:.2f} s</text>')
    for row in rows:
        x, y = at(row.questions, 0)
        parts.append(f'<text x="{x}" y="{y + 18}" text-anchor="middle">{row.questions}</text>')
    parts.append(f'<text x="{at(far / 2, 0)[0]}" y="{HEIGHT - 12}" text-anchor="middle">'
                 "questions</text>")  # fmt: skip
    for name, dashes in LINES:
        points = [at(row.questions, getattr(row, name)) for row in rows]
        joined = " ".join(f"{x},{y}" for x, y in points)
        parts.append(f'<polyline points="{joined}" fill="none" stroke="#222" stroke-width="2" '
                     f'stroke-dasharray="{dashes}"/>')  # fmt: skip
        parts += [f'<circle cx="{x}" cy="{y}" r="3"/>' for x, y in points]
        parts.append(f'<text x="{points[-1][0] + 8}" y="{points[-1][1] + 4}">{name}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def main() -> None:
    """Measure every size, print, and write the page and its picture."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--seed", type=int, default=1, help="of the made-up content")
    options = parser.parse_args()
    gc.disable()  # as the program does
    rows = []
    for size in SIZES:
        rows.append(measure(size, options.seed))
        print(rows[-1])
    (DOCS / "growth.md").write_text(table(rows), "utf-8")
    (DOCS / "growth.svg").write_text(picture(rows), "utf-8")


if __name__ == "__main__":
    main()
