"""The case file itself: written and read back, kept whole, held by one program at a time."""

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dmadvisor.advice import advise
from dmadvisor.answers import Answer, read_answer
from dmadvisor.casefile.compare import replay
from dmadvisor.casefile.reading import parse_case, read_case
from dmadvisor.casefile.records import (
    CaseFile,
    Choice,
    Content,
    GivenAdvice,
    GivenOption,
    Visit,
)
from dmadvisor.casefile.saving import ChangedMeanwhile, bytes_of, locked, save
from dmadvisor.casefile.writing import case_text, scalar
from dmadvisor.cli.keeping import kept
from dmadvisor.outcome import Advice
from dmadvisor.problems import UsageError
from dmadvisor.walk import answered_unknown
from dmadvisor.yamltext import read_yaml
from tests.casebook import FILES, stored
from tests.paths import content

ODD = ["no", "yes", "null", "~", "a: b", "#x", "x #y", "'", '"', "''", "- a", "[a", "{a: b}", "&a",
       "*a", "!a", "%a", "@a", "`a", "|", ">", "? a", "2:45", "1e3", "---", "...", " a ", "a,b",
       "a  b", "\u00fc\u00f1\u6f22\U0001f600", "\\n", "a:", "=", "<<"]  # fmt: skip
printable = st.text(st.characters(exclude_categories=("C", "Z")) | st.just(" "), max_size=60)
words = (st.sampled_from(ODD) | printable).filter(lambda text: text.strip() and text.isprintable())
ids = st.from_regex(r"\A[a-z][a-z0-9]{1,8}(-[a-z0-9]{1,5})?\Z")
days = st.dates(date(1950, 1, 1), date(2200, 1, 1))
actions = st.sampled_from(["start", "continue", "increase", "taper", "withdraw", "stop", "with"])
verdicts = st.sampled_from(["offer", "caution", "check-first", "do-not-use"])
optional = st.none() | words
options = st.builds(
    GivenOption, regimen=ids, action=actions, verdict=verdicts, recommended=st.booleans(),
    group=optional, dose=optional | st.just("long words " * 30 + "end"), amount=optional,
    companion_of=st.none() | ids,
)  # fmt: skip
advices = st.builds(
    GivenAdvice, pathway=ids, step=ids, title=words, referral=st.sampled_from(["none", "urgent"]),
    review_weeks=st.lists(st.integers(0, 200), max_size=4).map(tuple),
    options=st.lists(options, max_size=4).map(tuple), sha256=st.just("") | words,
    ends=st.sampled_from([None, "review", "exit"]), parts=st.dictionaries(ids, words, max_size=5),
)  # fmt: skip
visits = st.builds(
    Visit, date=days, pathway=ids, content=st.builds(Content, words, words),
    answers=st.dictionaries(ids, st.lists(words, min_size=1, max_size=4).map(tuple), max_size=6),
    advice=advices, carried=st.dictionaries(ids, days, max_size=3),
    done=st.dictionaries(ids, days | st.just("yes"), max_size=3),
    confirmed=st.lists(ids, max_size=2).map(tuple), program=st.just("") | words,
    choices=st.lists(st.builds(Choice, ids, actions, words), max_size=2).map(tuple),
)  # fmt: skip
cases = st.builds(
    CaseFile, label=words,
    visits=st.lists(visits, max_size=3).map(lambda v: tuple(sorted(v, key=lambda each: each.date))),
)  # fmt: skip


@given(cases)
def test_what_is_written_is_read_back(case: CaseFile) -> None:
    """Labels, reasons and answers that look like YAML come back as they were."""
    assert parse_case(case_text(case).encode(), "case.yaml") == case


def test_two_spaces_in_a_part_are_read_back() -> None:
    """Lines are broken between the parts, and never where a space would be lost."""
    parts = {"p" * n: "a  b" for n in range(2, 30)}
    case = stored("three-years")
    visit = case.visits[-1]
    changed = visit._replace(advice=visit.advice._replace(parts=parts))
    case = case._replace(visits=(*case.visits[:-1], changed))
    assert parse_case(case_text(case).encode(), "case.yaml") == case


@given(words)
def test_a_value_is_one_line_that_means_itself(text: str) -> None:
    for wrapped, got in (
        (f"a: {scalar(text)}\n", text),
        (f"a: [{scalar(text)}, x]\n", [text, "x"]),
    ):
        assert "\n" not in wrapped[:-1]
        assert read_yaml(wrapped.encode(), "x").data == {"a": got}


@given(cases, visits)
def test_a_visit_is_added_at_the_end(case: CaseFile, visit: Visit) -> None:
    """What stood in the file stays byte for byte, remarks by hand too."""
    if not case.visits:
        return
    visit = visit._replace(date=max(visit.date, case.visits[-1].date))
    raw = case_text(case).encode() + b"  # a remark by hand\n"
    now = case._replace(visits=(*case.visits, visit))
    longer = bytes_of(case, raw, now)
    assert longer.startswith(raw)
    assert parse_case(longer, "case.yaml") == now


def test_a_file_that_cannot_be_added_to_is_written_anew() -> None:
    case = stored("three-years")
    first = case._replace(visits=case.visits[:1])
    raw = case_text(first).encode() + b"format: 1\n"
    flow = b"{label: a, visits: []}\n"
    assert parse_case(bytes_of(first, raw, case), "x") == case
    empty = CaseFile(label="a")
    assert parse_case(bytes_of(empty, flow, empty._replace(visits=case.visits)), "x").visits


# -- the same advice, wherever it is saved and loaded ---------------------------------------------


def drawn_answers(data: st.DataObject) -> dict[str, Answer]:
    """Some answers that the content knows, whatever they say together."""
    found = {}
    for id in data.draw(st.lists(st.sampled_from(content().ids("QuestionId")), max_size=25)):
        question = content().question(id)
        if question.kind == "number":
            bounds = question.possible
            assert bounds is not None
            assert bounds.low is not None
            assert bounds.high is not None
            text = str(min(bounds.low + data.draw(st.integers(0, 400)), bounds.high))
        else:
            text = data.draw(st.sampled_from(list(question.answers)))
        found[id] = read_answer(id, question, text, confirmed=True)
    return found


def visited(pathway: str, answers: dict[str, Answer], day: date) -> Visit:
    library = content()
    filled = answered_unknown(library, pathway, answers)
    advice = advise(library, pathway, filled, day)
    assert isinstance(advice, Advice)
    told = {id: answer.words for id, answer in filled.items()}
    here = Content(library.content().version, library.sha256)
    return Visit(date=day, pathway=pathway, content=here, answers=told, program="1",
                 advice=kept(library, advice))  # fmt: skip


@settings(max_examples=60)
@given(st.data())
def test_a_case_saved_and_loaded_at_any_point_gives_the_same_advice(data: st.DataObject) -> None:
    pathways = st.sampled_from(content().ids("PathwayId"))
    visit = [
        visited(data.draw(pathways), drawn_answers(data), date(2026, 1, day)) for day in (1, 9)
    ]
    case = CaseFile(label="x")
    raw = case_text(case).encode()
    for each in visit:
        case = parse_case(raw, "x")
        raw = bytes_of(case, raw, case._replace(visits=(*case.visits, each)))
    loaded = parse_case(raw, "x")
    assert loaded.visits == tuple(visit)
    for each in loaded.visits:
        again = replay(content(), "1", each, lambda advice: kept(content(), advice))
        assert (again.like, again.same, again.differences) == (True, True, ())


# -- on the disk ----------------------------------------------------------------------------------


def test_a_saved_file_is_private_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_bytes(b"old")
    file.chmod(0o644)
    with locked(file) as path:
        save(path, b"old", b"new")
    assert file.read_bytes() == b"new"
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [file]


def test_a_link_is_followed_to_the_file_itself(tmp_path: Path) -> None:
    (tmp_path / "real.yaml").write_bytes(b"old")
    link = tmp_path / "link.yaml"
    link.symlink_to("real.yaml")
    with locked(link) as path:
        save(path, b"old", b"new")
    assert link.is_symlink()
    assert (tmp_path / "real.yaml").read_bytes() == b"new"


@pytest.mark.parametrize("there", [b"another", None])
def test_a_file_that_changed_meanwhile_is_left(there: bytes | None, tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    if there is not None:
        file.write_bytes(there)
    with locked(file) as path, pytest.raises(ChangedMeanwhile):
        save(path, b"read before", b"new")
    assert (file.read_bytes() if there is not None else None) == there
    assert [each.name for each in tmp_path.iterdir()] == (["a.yaml"] if there else [])


def test_a_new_file_never_replaces_one_that_came_meanwhile(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    with locked(file) as path:
        file.write_bytes(b"theirs")
        with pytest.raises(ChangedMeanwhile):
            save(path, None, b"mine")
    assert file.read_bytes() == b"theirs"


@pytest.mark.parametrize("call", ["fsync", "open", "fchmod"])
def test_a_disk_that_refuses_leaves_the_old_file(
    call: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk, a folder that may not be written: one clear line, and the old file."""
    file = tmp_path / "a.yaml"
    file.write_bytes(b"old")

    def refuses(*_: object) -> int:
        raise OSError(28, "No space left on device")

    with locked(file) as path:
        monkeypatch.setattr(os, call, refuses)
        with pytest.raises(UsageError, match="cannot be written: No space left on device"):
            save(path, b"old", b"new")
        monkeypatch.undo()
    assert file.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [file]


def test_a_file_in_use_is_refused_and_a_stale_lock_is_not(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    (tmp_path / ".a.yaml.lock").write_bytes(b"")  # what a killed program leaves
    with locked(file), pytest.raises(UsageError, match="in use by another dmadvisor"), locked(file):
        pass
    with locked(file):
        pass
    assert list(tmp_path.iterdir()) == []


KILLING = """
import os, random, signal, sys, time
from pathlib import Path
from dmadvisor.casefile.saving import locked, save

file, old, new = Path(sys.argv[1]), b"old " * 5000, b"new " * 9000
file.write_bytes(old)
seen = {old: 0, new: 0}
random.seed(7)
for _ in range(250):
    child = os.fork()
    if child == 0:
        while True:
            with locked(file) as path:
                raw = path.read_bytes()
                save(path, raw, new if raw == old else old)
    time.sleep(random.uniform(0.001, 0.02))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    seen[file.read_bytes()] += 1
with locked(file):
    print(*seen.values())
"""


def test_a_kill_at_any_moment_leaves_the_old_file_or_the_new(tmp_path: Path) -> None:
    """250 children that do nothing but save are killed; a third content would be a KeyError."""
    command = [sys.executable, "-c", KILLING, str(tmp_path / "a.yaml")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    old, new = (int(word) for word in done.stdout.split())
    assert old + new == 250
    assert min(old, new) > 10, "the children have to be killed while they save"


# -- reading --------------------------------------------------------------------------------------


def text_of(change: Callable[[str], str]) -> bytes:
    return change(FILES[0].read_text("utf-8")).encode()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t: t.replace("format: 1", "format: 2"), "format 2 is newer than this program (1)"),
        (lambda t: t.replace("label: ", "labell: "), "labell"),
        (lambda t: t.replace("action: with", "action: wit", 1), "'wit' is not one of"),
        (lambda t: t.replace("verdict: offer", "verdict: maybe", 1), "'maybe' is not one of"),
        (lambda t: t[: len(t) // 2] + "\t{", "a.yaml:"),
        (lambda _: "", "the file is empty"),
        (lambda t: t.replace("- date: ", "- date: 2029-02-29 #", 1), "a date expected"),
        (lambda t: t.replace("- date: ", "- date: 2199-01-01 #", 1), "stands after a visit on"),
    ],
)
def test_a_file_that_is_not_a_case_is_refused(change: Callable[[str], str], message: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_case(text_of(change), "a.yaml")
    assert message in caught.value.message
    assert caught.value.message.startswith("a.yaml:")


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path, message in (
        (tmp_path, "Is a directory"),
        (tmp_path / "none", "No such file"),
        (tmp_path / "pipe", "not an ordinary file"),
    ):
        with pytest.raises(UsageError, match=message):
            read_case(path)
