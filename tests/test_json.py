"""The JSON contract, format 1: keys are only ever added, and mean what they say."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import pytest

from dmadvisor import __version__
from dmadvisor.advice import advise as advise_open
from dmadvisor.render.json import render
from tests.harness import TODAY, advise, run
from tests.paths import PATHWAYS, all_paths, content, read, spread, start_of
from tests.patients import HEALTHY, patient

pytestmark = pytest.mark.usefixtures("compiled")

Shape = Any
"""A type, a set of allowed values, a list of one shape, a mapping of shapes, or a tuple of any."""

TEXT_OR_NONE = (str, None)
NUMBER = (int, float, None)
IDS = [str]

HEAD: dict[str, Shape] = {
    "format": {1},
    "dmadvisor": {__version__},
    "content": {
        "version": str,
        "sha256": str,
        "review_status": {"unreviewed", "clinician-reviewed"},
    },
    "status": {"advice", "question"},
    "pathway": {"id": str, "title": str, "reviewed": str},
    "today": {TODAY},
    "turns": [{"pathway": str, "question": str, "ask": str, "answer": str, "label": str}],
}

IDLE = ("unused", "recorded")

ADVICE: dict[str, Shape] = {
    "red_flags": [
        {
            "id": str,
            "title": str,
            "present": {True},
            "urgency": {"same-day", "days", "urgent"},
            "act": str,
            "sources": IDS,
        }
    ],
    "step": {
        "id": str,
        "title": str,
        "do": str,
        "why": str,
        "referral": {"none", "routine", "urgent", "same-day"},
        "sources": IDS,
        "topics": IDS,
    },
    "options": [
        {
            "regimen": str,
            "title": str,
            "action": {"start", "continue", "increase", "taper", "withdraw", "stop", "with"},
            "group": TEXT_OR_NONE,
            "verdict": {"offer", "caution", "check-first", "do-not-use"},
            "recommended": bool,
            "reasons": [
                {"text": str, "question": TEXT_OR_NONE, "answer": TEXT_OR_NONE, "sources": IDS}
            ],
            "dose": (
                None,
                {
                    "text": str,
                    "low": NUMBER,
                    "high": NUMBER,
                    "unit": TEXT_OR_NONE,
                    "per": TEXT_OR_NONE,
                    "frequency": TEXT_OR_NONE,
                    "route": TEXT_OR_NONE,
                    "cap": NUMBER,
                    "cap_reason": TEXT_OR_NONE,
                    "arithmetic": [str],
                    "needs": IDS,
                },
            ),
            "sources": IDS,
        }
    ],
    "checks": [
        {
            "id": str,
            "title": str,
            "for": IDS,
            "gate": bool,
            "state": {"outstanding", "done", "expired", "abnormal"},
            "done_on": TEXT_OR_NONE,
            "how": str,
            "why": str,
            "sources": IDS,
        }
    ],
    "contraindications": [{"text": str, "for": IDS, "sources": IDS}],
    "monitoring": [{"what": str, "when": str, "for": IDS, "sources": IDS}],
    "pitfalls": [{"id": str, "title": str, "text": str, "sources": IDS}],
    "conflicts": [
        {
            "topic": str,
            "used": str,
            "why": str,
            "others": [{"value": str, "sources": IDS}],
        }
    ],
    "review": {"weeks": [int], "not_enough": str},
    "missing": [{"question": str, "ask": str, "matters_because": str}],
    "unused": IDS,
    "recorded": IDS,
    "sources": [
        {
            "id": str,
            "text": str,
            "kind": {"guideline", "trial", "study", "label", "review", "seed", "expert value"},
            "population": (None, {"adults", "children", "all ages"}),
            "doi": TEXT_OR_NONE,
            "url": TEXT_OR_NONE,
        }
    ],
}

QUESTION: dict[str, Shape] = {
    "question": {
        "id": str,
        "ask": str,
        "why": str,
        "kind": {"one", "many", "number", "date"},
        "answers": [{"id": str, "label": str}],
        "unit": TEXT_OR_NONE,
        "range": TEXT_OR_NONE,
    }
}

MORE: dict[tuple[str, ...], set[str]] = {("conflicts",): {"sources"}}
"""Keys that were added after the contract was written, by where they stand."""


def wrong(value: Any, shape: Shape, where: tuple[str, ...] = ()) -> Iterator[str]:
    """Where a value does not have its shape: every key is there, and no key that is not known."""
    place = ".".join(where)
    if isinstance(shape, tuple):
        if all(any(wrong(value, each, where)) for each in shape):
            yield f"{place}: {value!r} is none of {shape}"
    elif isinstance(shape, list) and isinstance(value, list):
        for each in value:
            yield from wrong(each, shape[0], where)
    elif isinstance(shape, dict) and isinstance(value, dict):
        if not set(shape) <= set(value) <= set(shape) | MORE.get(where, set()):
            yield f"{place}: keys {sorted(set(value) ^ set(shape))}"
        for key in shape.keys() & value.keys():
            yield from wrong(value[key], shape[key], (*where, key))
    elif isinstance(shape, set):
        if (type(value), value) not in {(type(each), each) for each in shape}:
            yield f"{place}: {value!r} is not in {shape}"
    elif type(value) is not (type(None) if shape is None else shape):
        yield f"{place}: {value!r} is not {shape}"


def cited(value: Any) -> Iterator[str]:
    """Every citation id under any ``sources`` key, the list of sources itself left out."""
    if isinstance(value, list):
        for each in value:
            yield from cited(each)
    elif isinstance(value, Mapping):
        for key, each in value.items():
            if key == "sources" and all(isinstance(id, str) for id in each):
                yield from each
            else:
                yield from cited(each)


@pytest.fixture(scope="module")
def documents() -> list[Any]:
    """Advice in JSON for every step, with nothing else known and with a healthy patient."""
    found = []
    for path in spread(all_paths(), 1, chains=False):
        for answers in (path.answers, {**read(HEALTHY), **path.answers}):
            each = patient(start_of(path), answers)
            found.append(json.loads(render(content(), each.advice, TODAY)))
    return found


def test_advice_has_exactly_the_keys_of_the_contract(documents: list[Any]) -> None:
    """At every step each key is there with its type, and none is there that is not known."""
    problems = {each for data in documents for each in wrong(data, HEAD | ADVICE)}
    assert not problems, sorted(problems)[:5]


def test_shapes_are_all_met(documents: list[Any]) -> None:
    """No list of the contract is empty everywhere: every shape was held to something."""
    lists = [key for key, shape in ADVICE.items() if isinstance(shape, list) and key not in IDLE]
    empty = [key for key in lists if not any(data[key] for data in documents)]
    assert not empty


def test_keys_stand_in_the_order_of_the_contract(documents: list[Any]) -> None:
    """A reader of the raw text finds things where the contract has them."""
    for data in documents:
        assert list(data) == [*HEAD, *ADVICE]


def test_every_source_can_be_looked_up(documents: list[Any]) -> None:
    """Every id in any ``sources`` stands in the list of sources, once, and none is there unused."""
    for data in documents:
        listed = [source["id"] for source in data["sources"]]
        assert len(set(listed)) == len(listed)
        assert set(cited(data)) == set(listed)


def test_a_source_says_where_to_find_it(documents: list[Any]) -> None:
    """A DOI, an address, a seed's file or the words that no source was read."""
    sources = {s["id"]: s for data in documents for s in data["sources"]}
    for id, source in sources.items():
        found = source["doi"] or source["url"] or ".txt" in source["text"]
        assert found or source["kind"] == "expert value", id


def test_regimens_and_checks_that_are_named_are_there(documents: list[Any]) -> None:
    """``for`` names options of the same advice."""
    for data in documents:
        options = {option["regimen"] for option in data["options"]}
        for key in ("checks", "contraindications", "monitoring"):
            assert all(set(each["for"]) <= options for each in data[key]), key


def test_recommended_is_one_of_each_group(documents: list[Any]) -> None:
    """Of alternatives at most one is recommended, and never what must not be used."""
    for data in documents:
        chosen = [option for option in data["options"] if option["recommended"]]
        groups = [option["group"] for option in chosen if option["group"]]
        assert len(set(groups)) == len(groups)
        assert all(option["verdict"] != "do-not-use" for option in chosen)


def test_turns_are_the_tree_questions_then_known_safety_answers(documents: list[Any]) -> None:
    """Unknown stands among the turns only for questions of a tree; each question stands once."""
    for data in documents:
        asked = [turn["question"] for turn in data["turns"]]
        assert len(set(asked)) == len(asked)
        missing = {each["question"] for each in data["missing"]}
        unknown = {turn["question"] for turn in data["turns"] if turn["answer"] == "unknown"}
        assert unknown <= missing


def test_amounts_are_numbers_in_order(documents: list[Any]) -> None:
    """``low`` is at most ``high``; both are missing together with what they need."""
    for data in documents:
        for dose in (option["dose"] for option in data["options"] if option["dose"]):
            if dose["low"] is not None and dose["high"] is not None:
                assert dose["low"] <= dose["high"]
            if dose["needs"]:
                assert dose["low"] is None
                assert dose["high"] is None


def test_what_must_not_be_used_has_no_dose(documents: list[Any]) -> None:
    """A script that reads amounts and no verdicts finds none for what is ruled out."""
    barred = [o for data in documents for o in data["options"] if o["verdict"] == "do-not-use"]
    assert {option["dose"] for option in barred} == {None}


@pytest.mark.parametrize("pathway", content().ids("PathwayId"))
def test_open_question_has_exactly_the_keys_of_the_contract(pathway: str) -> None:
    """With a tree question open the exit is 3 and the question is told, so that one can go on."""
    result = run("advise", pathway, "--missing", "stop", "--today", TODAY, "-f", "json")
    assert result.code == 3
    assert not list(wrong(result.data, HEAD | QUESTION))
    assert result.data["status"] == "question"
    assert result.data["question"]["id"] == "red-flags"


def test_every_tree_question_can_be_told() -> None:
    """Each question on the way to each step, of every kind, keeps the contract."""
    told = set()
    for path in spread(all_paths(), 1):
        answers = dict(path.answers)
        while answers:
            last, _ = answers.popitem()
            if last in told:
                continue
            told.add(last)
            result = advise_open(content(), start_of(path), answers, date.fromisoformat(TODAY))
            data = json.loads(render(content(), result, TODAY))
            shape = HEAD | (QUESTION if data["status"] == "question" else ADVICE)
            assert not list(wrong(data, shape))
    assert {content().question(id).kind for id in told} >= {"one", "many", "number"}


@pytest.mark.parametrize("pathway", PATHWAYS)
def test_another_program_can_hold_the_conversation(pathway: str) -> None:
    """One call a question: answering what ``question`` asks leads to advice within 40 calls."""
    answers: dict[str, str] = {}
    for _ in range(40):
        flags = [word for id, text in answers.items() for word in ("-a", f"{id}={text}")]
        result = run("advise", pathway, *flags, "--missing", "stop", "--today", TODAY, "-f", "json")
        if result.code == 0:
            assert result.data["status"] == "advice"
            return
        assert result.code == 3
        question = result.data["question"]
        ids = [answer["id"] for answer in question["answers"]]
        known = [id for id in ids if id in ("none", "confirmed", "no", "negative", "normal")]
        answers[question["id"]] = "45" if question["kind"] == "number" else (known or ids)[0]
    pytest.fail("no advice after 40 questions")


def test_unused_answers_are_named() -> None:
    """A known question that the walk does not need is accepted and reported."""
    data = advise("rash-only", {"red-flags": "none", "age": "12", "ck": "3", "egfr": "90"}).data
    assert (data["unused"], data["recorded"]) == (["egfr"], ["ck"])


@pytest.mark.parametrize(
    ("flags", "state", "day"),
    [
        ((), "outstanding", None),
        (("--done", "eye-exam"), "done", None),
        (("--done", "eye-exam=2026-11-01"), "done", "2026-11-01"),
    ],
)
def test_done_checks_have_their_state_and_day(
    flags: tuple[str, ...], state: str, day: str | None
) -> None:
    """What was done is said with its day."""
    known = {"red-flags": "none", "age": "45", "diagnosis": "confirmed", "weakness": "no",
             "treatment-so-far": "none", "rash-extent": "moderate"}  # fmt: skip
    checks = {check["id"]: check for check in advise("rash-only", known, *flags).data["checks"]}
    assert (checks["eye-exam"]["state"], checks["eye-exam"]["done_on"]) == (state, day)


def test_content_hash_is_that_of_the_files() -> None:
    """The same content has the same hash, in any pathway."""
    hashes = {advise(id, {}).data["content"]["sha256"] for id in content().ids("PathwayId")}
    assert hashes == {content().sha256}
