"""Small contents, every patient one by one: the proof over sets loses nobody and adds nobody."""

import gc
import re
import shutil
from collections.abc import Iterator
from itertools import combinations, product
from pathlib import Path

import pytest

from dmadvisor.answers import UNKNOWN, Answer, read_answer
from dmadvisor.library import Library
from dmadvisor.verify.prover import Prover
from dmadvisor.verify.single import hold
from dmadvisor.verify.space import Space
from dmadvisor.verify.visits import Visit
from tests.patients import TODAY

EARS = Path(__file__).parent / "bad" / "library"
"""A made-up condition with two pathways, of which one hands over to the other."""

LEFT_OUT = {"weight"}
"""Nothing here looks at it but a dose, of which no rule here speaks."""

RULES = """\
title: Ears
rules:
  no-cream-at-a-frozen-pond:
    says: A
    why: B
    when: {answers: {pond: frozen}}
    then: {never-give: cream}
  no-cream-at-an-unknown-pond:
    says: A
    why: B
    when: {answers: {pond: unknown}}
    then: {never-recommend: cream}
  unknown-is-the-worst:
    says: A
    why: B
    then: {worst: {pond: frozen}}
  cream-brings-a-mirror:
    says: A
    why: B
    when: {gives: cream}
    then: {checks: [mirror, torch]}
  cream-brings-a-hat:
    says: A
    why: B
    when: {starts: cream}
    then: {list-one-of: hat}
  drops-bring-a-warning:
    says: A
    why: B
    when: {recommends: drops}
    then: {pitfalls: too-early}
  the-warning-is-for-all:
    says: A
    why: B
    then: {pitfalls: too-early}
  an-itch-is-looked-at:
    says: A
    why: B
    when: {answers: {itch: yes}, steps: look-first}
    then: {never: yes}
  an-unknown-itch-is-looked-at:
    says: A
    why: B
    when: {answers: {itch: unknown}, steps: look-first}
    then: {never: yes}
  an-eye-is-referred:
    says: A
    why: B
    when: {answers: {open-red-flags: eye}}
    then: {referral: same-day}
  an-eye-is-the-end:
    says: A
    why: B
    when: {answers: {red-flags: eye}}
    then: {ends: exit, says: the eye is blue}
  small-and-large:
    says: A
    why: B
    when: {answers: {ear-size: below 5, size-class: large}}
    then: {ends: exit}
  large-ears-swell:
    says: A
    why: B
    when: {answers: {size-class: large}, unless: {red-flags: eye}}
    then: {pathways: swollen-ear}
  two-signs-swell:
    says: A
    why: B
    when: {answers: {signs: at least 2}}
    then: {pathways: swollen-ear}
  something-is-given:
    says: A
    why: B
    when: {steps: start-cream}
    then: {give-one-of: [cream, drops]}
  something-or-a-word:
    says: A
    why: B
    when: {steps: start-cream}
    then: {recommend-one-of: [cream, drops], or-says: [Refer., First find out]}
  never-both:
    says: A
    why: B
    then: {never-together: [cream, drops]}
  drops-never-stand-there:
    says: A
    why: B
    then: {never-list: drops}
  drops-are-for-who-failed:
    says: A
    why: B
    when: {starts: drops}
    then: {never-recommend: cream}
  what-failed-is-not-begun:
    says: A
    why: B
    when: {answers: {tried: cream}}
    then: {never-start: cream}
  looked-at-in-time:
    says: A
    why: B
    then: {review-by: 3}
  a-dry-pond-is-told:
    says: A
    why: B
    when: {answers: {pond: dry}, gives: cream}
    then: {says: Careful near}
"""

CLASHES = """\
itching-pond: {when: {itch: yes, pond: frozen}, say: They do not go together., cites: [own-view]}
"""

FEW = (
    ("answers: {full: Full, dry: Dry, frozen", "answers: {dry: Dry, frozen"),
    ("eye: The eye, ", ""),
    (
        "answers: {cream: Cream, none: None of these}, alone",
        "answers: {none: None of these}, alone",
    ),
)
"""Answers that the made-up content loses, so that its patients can be counted."""

TRIED = "answers: {cream: Cream, drops: Drops, none: None of these}"
LESS = "answers: {cream: Cream, none: None of these}"
NONE = "answers: {none: None of these}"

CONTENTS = {
    "what failed": (
        ("shared/questions.yaml", TRIED, LESS, 1),
        ("shared/questions.yaml", TRIED, NONE, 1),
    ),
    "what was not tolerated": (
        ("shared/questions.yaml", TRIED, NONE, 1),
        ("shared/questions.yaml", TRIED, LESS, 1),
        ("regimens/cream.yaml", ", settled-by: [mirror]", "", 1),
        ("regimens/drops.yaml", "kind: drug\n", "kind: drug\nsystemic: yes\n", 1),
        (
            "blue-ear.yaml",
            "if-barred: cream\n",
            "if-barred: cream\n        also-when: {itch: yes}\n",
            1,
        ),
    ),
}
"""Each content, by the words that are changed in the made-up one."""


@pytest.fixture(autouse=True)
def _no_garbage() -> Iterator[None]:
    """Keep Python from looking for garbage among the nodes of a proof, as the program does."""
    gc.disable()
    yield
    gc.enable()


Change = tuple[str, str, str, int]


def made(root: Path, changes: tuple[Change, ...]) -> Library:
    """The made-up content with rules, and with fewer questions that change nothing."""
    shutil.copytree(EARS, root)
    (root / "safety" / "ears.yaml").write_text(RULES, "utf-8")
    (root / "shared" / "clashes.yaml").write_text(CLASHES, "utf-8")
    for file in ("swollen-ear.yaml", "shared/questions.yaml"):
        # A long row of questions that all lead on, whatever the answer.
        words = re.sub(r"(?m)^ *(left|right)-.*\n", "", (root / file).read_text("utf-8"))
        words = words.replace("questions:\n\n", "").replace("{to: left-warm}", "{to: rest}")
        (root / file).write_text(words, "utf-8")
    fewer = [("shared/questions.yaml", old, new, 1) for old, new in FEW]
    for file, old, new, times in (*changes, *fewer):
        words = (root / file).read_text("utf-8")
        assert old in words
        (root / file).write_text(words.replace(old, new, times), "utf-8")
    return Library(root)


def answers_of(library: Library, space: Space, id: str) -> list[Answer]:
    """Every answer to a question that the content can tell apart, several at once included."""
    question = library.question(id)
    column = space.columns[id]
    words = [word for word in column.words if word]
    for number in range(1, len(column.each) + 1):
        words += [",".join(some) for some in combinations(column.each, number)]
    return [UNKNOWN, *(read_answer(id, question, word, confirmed=True) for word in words)]


def everybody(library: Library) -> Iterator[Visit]:
    """Each patient of each pathway whose answers do not contradict each other."""
    space = Space(library)
    ids = [id for id in library.ids("QuestionId") if id in space.tests and id not in LEFT_OUT]
    ids += [id for id in ("taking", "tried", "not-tolerated") if id not in ids]
    every = [answers_of(library, space, id) for id in ids]
    clashes = [library.clash(id).when for id in library.ids("ClashId")]
    for found in product(*every):
        answers = dict(zip(ids, found, strict=True))
        for pathway in library.ids("PathwayId"):
            visit = Visit(library, pathway, answers, TODAY)
            if not any(visit.facts.holds(when) for when in clashes):
                yield visit


@pytest.mark.parametrize("name", CONTENTS)
def test_one_by_one_gives_the_same_verdicts(name: str, tmp_path: Path) -> None:
    """Rule by rule: kept by all, broken by somebody, or about nobody."""
    library = made(tmp_path / "ears", CONTENTS[name])
    prover = Prover(library, library.ids("PathwayId"))
    held: dict[str, set[str]] = {id: set() for id in prover.rules}
    number = 0
    for visit in everybody(library):
        number += 1
        for id, (_, rule) in prover.rules.items():
            held[id].add(hold(rule, visit))
    assert number > 1_000
    expected = {
        id: "broken" if "broken" in h else "kept" if "kept" in h else "nobody"
        for id, h in held.items()
    }
    found = {}
    for id, (_, rule) in prover.rules.items():
        proof = prover.prove(id)
        found[id] = "kept" if proof.holds else "broken" if proof.counterexample else "nobody"
        if rule.then.never and found[id] == "kept":
            # It is about nobody when it is kept.
            found[id] = "nobody"
        if proof.counterexample is not None:
            each = proof.counterexample
            assert hold(rule, Visit(library, each.pathway, each.answers, TODAY)) == "broken"
    assert found == expected
    assert {"kept", "broken", "nobody"} <= set(found.values())
