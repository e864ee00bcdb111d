"""``dmadvisor why`` and ``whatif``: the answers that decide are named, and all ways to run them."""

import re

import pytest

from tests.casebook import FOLDER, stored
from tests.given import CASES, DECIDING, Deciding, flags
from tests.harness import Result, run

pytestmark = pytest.mark.usefixtures("compiled")


def named(printed: str) -> dict[str, set[str]]:
    """The answers that are named anywhere, as ``question=answer``."""
    found: dict[str, set[str]] = {}
    for id, words in re.findall(r"([a-z0-9-]+)=([a-z0-9.,-]+)", printed.replace("\n  ", " ")):
        found.setdefault(id, set()).update(words.split(","))
    return found


@pytest.mark.parametrize("deciding", DECIDING, ids=lambda d: d.id)
def test_the_deciding_answers_are_named(deciding: Deciding) -> None:
    printed = run("why", *flags(CASES[deciding.case]), "-f", "plain")
    assert printed.code == 0, printed.err
    found = named(printed.out.partition("\nSOURCE 1:")[0])
    assert {id: w for id, w in deciding.named.items() if w not in found.get(id, set())} == {}
    assert [id for id in deciding.unrelated if id in found] == []


def test_every_given_patient_is_there() -> None:
    """Sixteen, one of them at two visits."""
    assert len(DECIDING) == len({each.id for each in DECIDING}) == 17


FIRST_VISIT = flags(CASES[DECIDING[0].case])


def why(*args: str) -> Result:
    return run("why", *args)


def test_a_verdict_has_its_rule_and_its_sources() -> None:
    data = why(*flags(CASES[DECIDING[3].case]), "-f", "json").data
    (option,) = [o for o in data["options"] if o["regimen"] == "methotrexate"]
    assert (option["verdict"], option["recommended"]) == ("do-not-use", False)
    (rule,) = option["rules"]
    assert rule["kind"] == "contraindication"
    assert rule["held"] == {
        "words": "kidneys is severe",
        "because": [{"question": "egfr", "answer": "28"}],
    }
    assert rule["sources"]
    (fact,) = [f for f in data["facts"] if f["fact"] == "kidneys"]
    assert fact["rule"] == "egfr below 30"
    chosen = [o["regimen"] for o in data["options"] if o["lead"].startswith("recommended: the")]
    assert chosen == ["mycophenolate"]


def test_the_walk_is_the_one_of_the_advice() -> None:
    data = why(*FIRST_VISIT, "-f", "json").data
    advised = run("advise", *FIRST_VISIT, "-f", "json").data
    asked = [place["place"] for place in data["way"] if place["ask"]]
    tree = [turn["question"] for turn in advised["turns"] if turn["question"] in asked]
    assert asked == tree
    assert data["way"][-1]["to"] == advised["step"]["id"] == data["step"]["id"]
    verdicts = [(o["regimen"], o["verdict"], o["recommended"]) for o in data["options"]]
    assert verdicts == [(o["regimen"], o["verdict"], o["recommended"]) for o in advised["options"]]
    checks = {c["id"]: {a["regimen"] for a in c["asked_by"]} - {None} for c in data["checks"]}
    assert checks == {c["id"]: set(c["for"]) for c in advised["checks"]}
    assert all(c["asked_by"] for c in data["checks"])


def test_a_hand_over_is_named() -> None:
    weak = next(d for d in DECIDING if d.id == "V14")
    data = why(*flags(CASES[weak.case]), "-f", "json").data
    assert [p["hand_over"] for p in data["way"] if p["hand_over"]] == ["classic"]
    assert "GOES ON IN: classic" in why(*flags(CASES[weak.case]), "-f", "plain").out


def test_otherwise_names_what_did_not_hold_and_what_is_open() -> None:
    data = why(*FIRST_VISIT, "-f", "json").data
    (fork,) = [p for p in data["way"] if p["place"] == "skin-plan"]
    assert fork["held"] is None
    assert fork["not_held"] == ["red-flags is breathing and lungs is unknown"]
    assert fork["left_open"] == [{"words": "lungs is abnormal", "questions": ["lungs"]}]


@pytest.mark.parametrize("format", ["text", "plain", "markdown", "json"])
def test_formats(format: str) -> None:
    printed = why(*FIRST_VISIT, "-f", format)
    assert (printed.code, printed.err) == (0, "")
    assert "start-hydroxychloroquine" in printed.out
    if format in ("text", "plain"):
        prose = printed.out.split("Sources")[0]
        assert max(map(len, prose.splitlines())) <= 80


def test_an_open_question_ends_with_3() -> None:
    stopped = why("rash-only", "-a", "red-flags=none", "-f", "json")
    assert stopped.code == 3
    assert stopped.data["question"]["id"] == "age"
    assert "'age' has no answer" in stopped.err


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["rash-onl"], "rash-only"),
        (["rash-only", "-a", "agee=5"], "did you mean 'age'?"),
        (["rash-only", "-a", "age=500"], "age=500"),
        (["rash-only", "-a", "sex=male", "-a", "pregnancy=pregnant"], "cannot be pregnant"),
        (["rash-only", "--accept", "all"], "--accept goes with --case"),
        (["rash-only", "--missing", "ask"], "not a terminal"),
        (["--case", "nowhere.yaml"], "nowhere.yaml"),
        ([], "no pathway was given"),
    ],
)
@pytest.mark.parametrize("command", ["why", "whatif"])
def test_bad_input_is_one_line(command: str, args: list[str], says: str) -> None:
    printed = run(command, *args)
    assert (printed.code, printed.out) == (2, "")
    assert says in printed.err
    assert printed.err.count("\n") == 1


@pytest.mark.parametrize("command", ["why", "whatif"])
def test_a_case_file_means_its_last_visit(command: str) -> None:
    file = FOLDER / "v14-month-10.yaml"
    before = file.read_bytes()
    last = stored("v14-month-10").visits[-1]
    data = run(command, "--case", str(file), "-f", "json").data
    assert (data["today"], data["step"]["id"]) == (str(last.date), last.advice.step)
    assert file.read_bytes() == before


def test_answers_beside_a_case_file_make_a_visit_of_today() -> None:
    file = FOLDER / "v14-month-10.yaml"
    words = ("--case", str(file), "--today", "2027-06-01", "-a", "red-flags=gut")
    printed = why(*words, "-f", "json", "--missing", "unknown")
    assert printed.code == 0, printed.err
    assert printed.data["today"] == "2027-06-01"
    assert printed.data["turns"][0]["answer"] == "gut"
    assert "carried: " in printed.err


# -- whatif ---------------------------------------------------------------------------------------


def whatif(*args: str) -> Result:
    return run("whatif", *args)


def test_json_has_all_and_each_can_be_run_again() -> None:
    printed = whatif(*FIRST_VISIT, "-f", "json")
    assert (printed.code, printed.err) == (0, "")
    changes = printed.data["changes"]
    assert len(changes) > 12
    weight = next(c for c in changes if c["question"] == "weight" and not c["ranges"])
    assert weight["answers"][0] == {"answer": "79", "label": "79 kg"}
    (dose,) = weight["doses"]
    assert (dose["from"]["high"], dose["to"]["high"]) == (400, 300)
    again = [w.replace("weight=80", "weight=79") for w in FIRST_VISIT]
    options = run("advise", *again, "-f", "json").data["options"]
    texts = [o["dose"]["text"] for o in options if o["regimen"] == dose["regimen"]]
    assert texts == [dose["to"]["text"]]


@pytest.mark.parametrize("format", ["text", "plain", "markdown"])
def test_whatif_tells_the_nearest_or_all(format: str) -> None:
    short, full = (whatif(*FIRST_VISIT, *extra, "-f", format) for extra in ((), ("--all",)))
    assert (short.code, short.err, full.code, full.err) == (0, "", 0, "")
    if format != "markdown":
        assert max(map(len, f"{short.out}{full.out}".splitlines())) <= 80
    joined = " ".join(short.out.split()).replace("*", "")
    assert "If weight were 79 (now 80 kg)" in joined
    assert "more of these" in joined
    assert "more of these" not in full.out
    assert short.out.isascii()


def test_whatif_of_an_open_question_ends_with_3() -> None:
    stopped = whatif("rash-only", "-a", "red-flags=none", "-f", "json")
    assert stopped.code == 3
    assert stopped.data["question"]["id"] == "age"
    assert "'age' has no answer" in stopped.err


def test_an_unusual_number_is_confirmed_as_for_advice() -> None:
    heavy = [w.replace("weight=80", "weight=201") for w in FIRST_VISIT if w != "height=168"]
    heavy.pop(heavy.index("weight=201") + 1)  # the -a of the height
    assert whatif(*heavy).code == 2
    data = whatif(*heavy, "--confirm", "weight", "-f", "json").data
    assert any(c["question"] == "weight" for c in data["changes"])
