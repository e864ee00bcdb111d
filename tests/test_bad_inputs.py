"""Bad input is refused in one line that names the place, the value and what is allowed.

B01 to B25 are the published bad inputs, with all their variants, as this program spells them.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from dmadvisor.problems import PathwayError, asked_back
from dmadvisor.store import Store, find_root
from tests import paths
from tests.harness import TODAY, Result, run

ROOT = Path(__file__).parent.parent
KG = "a plain number from 10 to 300 kg"
POINT = "write it with a point, such as 70.5"
ADVISE = ("advise", "rash-only", "--today", TODAY, "--missing", "unknown")

Ask = Callable[..., Result]


@pytest.fixture
def ask(tmp_path: Path, compiled_content: Path, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Runs a command in an empty folder and sees to it that nothing is written there."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("DMADVISOR_PATHWAYS", str(compiled_content))

    def command(*args: str, stdin: str = "") -> Result:
        result = run(*args, stdin=stdin)
        assert list(folder.iterdir()) == []
        return result

    return command


def refused(result: Result, *says: str, code: int = 2) -> None:
    """One line on standard error says all of it, with no raw control byte; no advice."""
    assert result.code == code, result
    assert result.out == ""
    assert "Traceback" not in result.err
    assert result.err.startswith("dmadvisor: ")
    assert result.err.count("\n") == 1
    assert result.err.removesuffix("\n").isprintable()
    assert [part for part in says if part not in result.err] == [], result.err


# -- answers: the same text is refused in every way of giving it -------------------------------

VALUES = [
    # Where it comes from, the question, the text, what the message says besides both.
    ("B01", "weight", "-70", ("-70 is not possible", KG)),
    ("B01", "weight", "0", ("0 is not possible", KG)),
    ("B02", "weight", "700", ("700 is not possible", KG, "use 70 if the decimal point slipped")),
    ("B02", "weight", "7", ("7 is not possible", KG)),
    ("B02", "weight", "70000", ("70000 is not possible", KG)),
    ("B02", "weight", "240", ("240 kg is unusual", "usual: from ", "--confirm weight")),
    ("B04", "weight", "70,5", ("'70,5' is not a plain number", KG, POINT)),
    ("B04", "weight", "70kg", ("'70kg' is not a plain number", KG, POINT)),
    ("B04", "weight", "seventy", ("'seventy' is not a plain number", KG, POINT)),
    ("B04", "weight", "1_0", ("'1_0' is not a plain number", KG, POINT)),
    ("B04", "weight", "0x46", ("'0x46' is not a plain number", KG, POINT)),
    ("B04", "height", "2:45", ("'2:45' is not a plain number", "from 60 to 230 cm")),
    ("B04", "weight", "\uff17\uff10", ("is not a plain number", KG)),
    ("B04", "weight", "", ("'' is not a plain number", KG)),
    ("B05", "weight", "nan", ("'nan' is not a plain number", KG)),
    ("B05", "weight", ".nan", ("'.nan' is not a plain number", KG)),
    ("B05", "weight", ".inf", ("'.inf' is not a plain number", KG)),
    ("B05", "weight", "-.inf", ("'-.inf' is not a plain number", KG)),
    ("B05", "weight", "1.0e+309", ("'1.0e+309' is not a plain number", KG)),
    ("B05", "weight", "1e309", ("'1e309' is not a plain number", KG)),
    ("B07", "hydroxychloroquine-dos", "200", ("no question is called 'hydroxychloroquine-dos'",
     f"rash-only ({TODAY}) asks: ", "weakness")),
    ("B07", "hcq_respnse", "none", ("no question is called 'hcq_respnse'",
     "see 'dmadvisor list questions'")),
    ("B08", "response", "maybe", ("'maybe'", "it can be clear, partial, none, worse or unknown")),
    ("B08", "weakness", "yes ", ("has no answer 'yes '", "did you mean 'yes'?",
     "yes, no or unknown")),
    ("B08", "weakness", "YESS", ("has no answer 'YESS'", "yes, no or unknown")),
    ("B08", "weakness", "\uff59\uff45\uff53", ("has no answer", "yes, no or unknown")),
    ("B08", "weakness", "", ("has no answer ''", "yes, no or unknown")),
    ("B08", "weakness", "yes,no", ("has no answer 'yes,no'", "yes, no or unknown")),
    ("B08", "red-flags", "none,heart", ("'none' and another answer", "contradict each other")),
    ("B08", "red-flags", "heart,heart", ("'red-flags' has the same answer twice",)),
    ("B08", "antibodies", "not-tested,mi2", ("'not-tested' and another answer", "contradict")),
    ("B25", "weight", "\x1b[2J\x1b[31m Bob", (r"\x1b[2J\x1b[31m Bob", KG)),
    ("B25", "weakness", "[/red]", ("has no answer '[/red]'", "yes, no or unknown")),
    ("B25", "weakness", "[link=x]yes[/link]", ("has no answer '[link=x]yes[/link]'",)),
    ("B25", "weakness", "yes\u202e", (r"has no answer 'yes\u202e'", "yes, no or unknown")),
    ("B25", "weakness", "y\u200bes", (r"has no answer 'y\u200bes'", "yes, no or unknown")),
    ("B25", "weakness", "yes\rno", (r"has no answer 'yes\rno'", "yes, no or unknown")),
]  # fmt: skip
CASES = [pytest.param(*row[1:], id=f"{row[0]}-{row[1]}-{row[2]!a}") for row in VALUES]


@pytest.mark.parametrize(("question", "text", "says"), CASES)
def test_an_answer_in_a_flag(ask: Ask, question: str, text: str, says: tuple[str, ...]) -> None:
    shown = ascii(f"-a {question}={text}")[1:-1] if not text.isprintable() else f"{question}={text}"
    refused(ask(*ADVISE, "-a", f"{question}={text}"), shown, f"'{question}'", *says)


UNREADABLE = ("\x1b", "\u202e", "\u200b", "\r")
"""Text that no file may hold, whatever question it is given to."""


@pytest.mark.parametrize("standard_input", [False, True], ids=["file", "stdin"])
@pytest.mark.parametrize(("question", "text", "says"), CASES)
def test_an_answer_in_a_file(
    ask: Ask,
    tmp_path: Path,
    question: str,
    text: str,
    says: tuple[str, ...],
    standard_input: bool,  # noqa: FBT001 - a parameter of the table
) -> None:
    """On its second line; JSON is YAML, and quotes keep the text as it is."""
    written = "age: 45\n" + f"{question}: {json.dumps(text, ensure_ascii=False)}\n"
    file = tmp_path / "patient.yaml"
    file.write_text(written, "utf-8", newline="")
    if standard_input:
        result, place = ask(*ADVISE, "--answers", "-", stdin=written), "standard input:2:"
    else:
        result, place = ask(*ADVISE, "--answers", str(file)), f"{file}:2:"
    refused(result, place)
    if not any(mark in text for mark in UNREADABLE):
        refused(result, f"'{question}'", *says)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("weight: -70", "-70 is not possible"),
        ("weight: 70,5", "'70,5' is not a plain number"),
        ("weight: [70, 5]", "'70,5' is not a plain number"),
        ("weight: .nan", "'.nan' is not a plain number"),
        ("weight: 1_0", "'1_0' is not a plain number"),
        ("height: 2:45", "'2:45' is not a plain number"),
        ("weakness: on", "has no answer 'on'"),
        ("weakness: true", "has no answer 'true'"),
        ("weakness: ~", "has no answer '~'"),
        ("weakness:", "has no answer ''"),
        ("weakness: {yes: no}", "an answer is a text or a list of answers"),
        ("red-flags: []", "an answer is a text or a list of answers"),
        ("red-flags: [none, [heart]]", "an answer is a text or a list of answers"),
        ('{"weight": -70}', "-70 is not possible"),
        ('{"weight": NaN}', "'NaN' is not a plain number"),
        ('{"weakness": null}', "has no answer 'null'"),
        ('{"weight": 45, "age": 61, "weight": 80}', "'weight' stands twice"),
    ],
)
def test_yaml_and_json_are_read_as_text(ask: Ask, tmp_path: Path, text: str, says: str) -> None:
    """Nothing is guessed from the look of a value, and nothing gets lost."""
    file = tmp_path / "patient.yaml"
    file.write_text(f"{text}\n", "utf-8")
    refused(ask(*ADVISE, "--answers", str(file)), f"{file}:1:", says)


def test_b10_two_answers_in_flags(ask: Ask) -> None:
    """The last one never wins."""
    result = ask(*ADVISE, "-a", "weakness=no", "-a", "weakness=yes")
    refused(result, "'weakness' was answered twice", "weakness=no", "weakness=yes", "one answer")


def test_b10_two_answers_in_a_flag_and_a_file(ask: Ask) -> None:
    result = ask(*ADVISE, "-a", "weakness=no", "--answers", "-", stdin="weakness: yes\n")
    refused(result, "'weakness' was answered twice", "-a weakness=no", "standard input:1:1", "yes")


def test_b10_the_same_answer_twice_is_one_answer(ask: Ask) -> None:
    result = ask(*ADVISE, "-a", "weakness=no", "--answers", "-", stdin="weakness: no\n")
    assert result.code == 0


def test_an_answer_without_an_equals_sign(ask: Ask) -> None:
    refused(ask(*ADVISE, "-a", "weakness"), "-a weakness: no '='", "write -a QUESTION=ANSWER")


@pytest.mark.parametrize(
    ("id", "text", "meant"),
    [
        ("sex", "Female", "female"),
        ("weakness", "YES", "yes"),
        ("weakness", "Unknown", "unknown"),
        ("weight", "UNKNOWN", "unknown"),
        ("antibodies", "Mi2,RO52", "mi2,ro52"),
        ("medicines", "SEPTRIN,Uloric", "trimethoprim,febuxostat"),
        ("medicines", "St John's Wort", "cyp3a4-inducer"),
    ],
)
def test_capitals_do_not_count(ask: Ask, id: str, text: str, meant: str) -> None:
    """Ids and other names, in a flag or in a file, are the same answer in any capitals."""
    plain = ask(*ADVISE, "-a", f"{id}={meant}")
    assert plain.code == 0, plain.err
    assert ask(*ADVISE, "-a", f"{id}={text}").out == plain.out
    assert ask(*ADVISE, "--answers", "-", stdin=f'{id}: "{text}"\n').out == plain.out


def test_a_number_may_be_confirmed(ask: Ask) -> None:
    """Only the question that is named, and only what is possible."""
    assert ask(*ADVISE, "-a", "weight=240", "--confirm", "weight").code == 0
    refused(ask(*ADVISE, "-a", "weight=240", "--confirm", "height"), "--confirm weight")
    refused(ask(*ADVISE, "-a", "weight=700", "--confirm", "weight"), "700 is not possible")


# -- answers files that cannot be read ---------------------------------------------------------

BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{name}: &{name} [{','.join([f'*{before}'] * 9)}]\n"
    for before, name in zip("abcd", "bcde", strict=True)
)

FILES = [
    # Where it comes from, the text, where the first mistake stands, what the message says.
    ("B11", "weight: 45\nage: 61\nweight: 80\n", "3:1", "'weight' stands twice (lines 1 and 3)"),
    ("B15", "patient:\n  weight: 70\n   height: 170\n\tage: 40", "3:", "indented too far"),
    ("B15", "weight: 70\n\tage: 40\n", "2:1", "tab"),
    ("B15", 'weight: 70\nresponse: "none\n', "2:", "a quote that is not closed"),
    ("B15", "weight: 70\n---\nage: 40\n", "2:1", "a second document in one file"),
    ("B15", "- weight\n- age\n", "1:1", "not a mapping of questions to answers"),
    ("B15", "weight\n", "1:1", "not a mapping of questions to answers"),
    ("B15", "", "1:1", "the file is empty"),
    ("B15", " \n\n", "1:1", "the file is empty"),
    ("B15", "# nobody\n", "1:1", "the file holds only comments"),
    ("B15", '{"weight": 70', "1:", ""),
    ("B18", BOMB, "1:4", "anchors and aliases are not supported"),
    ("B18", "weight: &a [*a]\n", "1:9", "anchors and aliases are not supported"),
    ("B18", "age: 45\n<<: {weight: 70}\n", "2:1", "<<"),
    ("B18", "base: &b {weight: 70}\n<<: *b\n", "1:7", "anchors and aliases are not supported"),
    ("B19", "weight: !!python/object/apply:os.system ['touch owned']\n", "1:9",
     "python/object/apply:os.system"),
    ("B19", "weight: !!python/name:os.system\n", "1:9", "python/name:os.system"),
    ("B19", "weight: !!binary aGVsbG8=\n", "1:9", "binary"),
    ("B19", "age: 45\nweight: !custom 70\n", "2:9", "!custom"),
    ("B25", "age: 45\nweight: \x1b[2J\n", "2:", r"\x1b"),
    ("B25", 'age: 45\nweight: "\\e[2J\\e[31m Bob"\n', "2:", r"\x1b"),
    ("B25", "age: 45\nweight: 7\u202e0\n", "2:", r"\u202e"),
    ("B25", "age: 45\nweight: 7\u200b0\n", "2:", r"\u200b"),
    ("B25", 'age: 45\nweight: "70\\r80"\n', "2:", r"\r"),
    ("B25", "age: 45\n\x1b[2J: 70\n", "2:", r"\x1b"),
    ("B25", f"age: 45\nresponse: {'x' * 900_000}\n", "2:", ""),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "place", "says"),
    [pytest.param(*row[1:], id=f"{row[0]}-{row[1][:30]!a}") for row in FILES],
)
def test_an_answers_file_that_cannot_be_read(
    ask: Ask, tmp_path: Path, text: str, place: str, says: str
) -> None:
    """From a file and from standard input alike; nothing in it is expanded or executed."""
    file = tmp_path / "patient.yaml"
    file.write_text(text, "utf-8", newline="")
    refused(ask(*ADVISE, "--answers", str(file)), f"{file}:{place}", says)
    refused(ask(*ADVISE, "--answers", "-", stdin=text), f"standard input:{place}", says)


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"\xff\xfe\x00w", "not UTF-8 text"),
        (bytes(range(256)), ":2:"),
        (b"weight: 70\nage: \xe9\n", ":2:"),
        (b"weight: 70\x00\n", r"\x00"),
        (b"a" * 2_000_000, "larger than 1 MB"),
    ],
)
def test_a_binary_or_a_huge_file(ask: Ask, tmp_path: Path, raw: bytes, says: str) -> None:
    file = tmp_path / "patient.yaml"
    file.write_bytes(raw)
    refused(ask(*ADVISE, "--answers", str(file)), str(file), says)


def test_a_file_that_is_not_there(ask: Ask, tmp_path: Path) -> None:
    file = tmp_path / "nobody.yaml"
    refused(ask(*ADVISE, "--answers", str(file)), f"--answers {file}", "No such file", "- for")


def test_a_folder_is_no_answers_file(ask: Ask, tmp_path: Path) -> None:
    refused(ask(*ADVISE, "--answers", str(tmp_path)), f"--answers {tmp_path}", "directory")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_that_may_not_be_read(ask: Ask, tmp_path: Path) -> None:
    file = tmp_path / "patient.yaml"
    file.touch(mode=0o000)
    refused(ask(*ADVISE, "--answers", str(file)), f"--answers {file}", "Permission denied")


def test_a_file_name_with_a_control_byte(ask: Ask) -> None:
    refused(ask(*ADVISE, "--answers", "\x1b[2J.yaml"), r"--answers \x1b[2J.yaml")


# -- pathways ----------------------------------------------------------------------------------

ALL = "amyopathic, classic, rash-only, refractory"


@pytest.mark.parametrize(
    ("pathway", "says"),
    [
        ("juvenile", ("'juvenile'", "specialised paediatric centre", ALL)),
        ("classsic", ("'classsic'", "did you mean 'classic'?", ALL)),
        ("Classic", ("'Classic'", "did you mean 'classic'?", ALL)),
        ("", ("''", ALL)),
        ("../rash-only", ("'../rash-only'", ALL)),
        ("rash-only.yaml", ("'rash-only.yaml'", ALL)),
        ("\x1b[2J", (r"'\x1b[2J'", ALL)),
    ],
)
def test_b14_a_pathway_that_is_not_there(ask: Ask, pathway: str, says: tuple[str, ...]) -> None:
    refused(ask("advise", pathway), *says)


def test_no_pathway_and_nobody_to_ask(ask: Ask) -> None:
    refused(ask("advise"), "no pathway was given", ALL)


# -- questions that stay open ------------------------------------------------------------------


def test_b13_an_open_question_names_itself_and_the_flag(ask: Ask) -> None:
    """Exit 3 without a prompt, and never a default."""
    result = ask("advise", "classic", "-a", "age=45")
    assert result.code == 3
    assert result.out == ""
    assert "'red-flags' has no answer" in result.err
    assert "Is any of these new or worse?" in result.err
    assert "-a red-flags=swallowing " in result.err
    assert "-a red-flags=unknown" in result.err


def test_b13_an_open_number_names_its_unit(ask: Ask) -> None:
    result = ask("advise", "rash-only", "-a", "red-flags=none")
    assert result.code == 3
    assert "-a age=NUMBER  (years), or unknown" in result.err


def test_b13_in_json_the_open_question_is_the_answer(ask: Ask) -> None:
    result = ask("advise", "classic", "-a", "red-flags=none", "-f", "json")
    assert result.code == 3
    assert result.data["status"] == "question"
    assert result.data["question"]["id"] == "age"


def test_b13_a_missing_measurement_is_named_and_no_amount_is_given(ask: Ask) -> None:
    given = {"red-flags": "none", "age": "45", "diagnosis": "confirmed", "weakness": "no",
             "previous-weakness": "no", "muscle-work-up": "normal", "rash-months": "3",
             "antibodies": "mi2", "treatment-so-far": "none", "rash-extent": "mild"}  # fmt: skip
    answers = [word for id, text in given.items() for word in ("-a", f"{id}={text}")]
    data = ask(*ADVISE, *answers, "-f", "json").data
    option = next(o for o in data["options"] if o["regimen"] == "hydroxychloroquine")
    assert option["dose"]["needs"] == ["weight"]
    assert option["dose"]["low"] is None
    assert option["dose"]["high"] is None
    assert "weight" in [missing["question"] for missing in data["missing"]]


def process(*args: str, **options: object) -> "subprocess.CompletedProcess[str]":
    """The program in a process of its own."""
    return subprocess.run(  # type: ignore[call-overload, no-any-return]
        [sys.executable, "-m", "dmadvisor", *args],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=30, **options,
    )  # fmt: skip


def close_stdin() -> None:
    """Run in the new process: leave it without standard input."""
    os.close(0)


def test_b13_closed_standard_input() -> None:
    """No prompt, no hang, no answer made up."""
    done = process("advise", "rash-only", preexec_fn=close_stdin)
    assert done.returncode == 3
    assert done.stdout == ""
    assert "'red-flags' has no answer" in done.stderr


def test_answers_from_a_closed_standard_input() -> None:
    done = process(*ADVISE, "--answers", "-", preexec_fn=close_stdin)
    refused(Result(done.returncode, done.stdout, done.stderr), "standard input")


def test_asking_without_a_terminal(ask: Ask) -> None:
    refused(ask("advise", "rash-only", "--missing", "ask"), "--missing ask", "not a terminal", "-a")


@pytest.mark.parametrize("format", ["text", "plain", "markdown", "html", "json"])
def test_a_broken_pipe_is_no_mistake(format: str) -> None:
    """``dmadvisor advise ... | head -1`` ends quietly."""
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-m", "dmadvisor", *ADVISE, "-f", format],
        cwd=ROOT, stdout=writer, stderr=subprocess.PIPE, text=True, check=False, timeout=30,
    )  # fmt: skip
    os.close(writer)
    assert done.stderr == ""
    assert done.returncode == 0


# -- checks, days and other options ------------------------------------------------------------


@pytest.mark.parametrize(
    ("done", "says"),
    [
        ("eye-exm", ("no check is called 'eye-exm'", "did you mean 'eye-exam'?")),
        ("xyzzy", ("no check is called 'xyzzy'", "dmadvisor list checks")),
        ("", ("no check is called ''",)),
        ("eye-exam=", ("--done eye-exam=", "'' is not a date", "--done eye-exam=2026-11-01")),
        ("eye-exam=yes", ("'yes' is not a date", "--done eye-exam=2026-11-01")),
        ("eye-exam=2026-13-01", ("'2026-13-01' is not a date",)),
        ("eye-exam=2026-02-30", ("'2026-02-30' is not a date",)),
        ("eye-exam=01/11/2026", ("'01/11/2026' is not a date",)),
        ("eye-exam=20261101", ("'20261101' is not a date",)),
        ("eye-exam=2026-11-21", ("2026-11-21 is after today (2026-11-20)",)),
        ("eye-exam=\x1b[2J", (r"'\x1b[2J' is not a date",)),
    ],
)
def test_a_check_that_cannot_be_done(ask: Ask, done: str, says: tuple[str, ...]) -> None:
    refused(ask(*ADVISE, "--done", done), *says)


def test_a_check_done_on_two_days(ask: Ask) -> None:
    result = ask(*ADVISE, "--done", "ecg=2026-11-01", "--done", "ecg=2026-11-02")
    refused(result, "--done ecg=2026-11-02", "twice")


@pytest.mark.parametrize(
    "day", ["yesterday", "", "2026-02-30", "20-11-2026", "2026-11-20T10:00", "9999-12-31"]
)
def test_a_day_that_cannot_be_today(ask: Ask, day: str) -> None:
    refused(ask("advise", "rash-only", "--missing", "unknown", "--today", day), f"--today {day}")


def test_a_number_confirmed_for_no_question(ask: Ask) -> None:
    refused(ask(*ADVISE, "--confirm", "wieght"), "--confirm wieght", "did you mean 'weight'?")


NOTHING = [
    (("advise", "rash-only", "-f", "xml"), ("'xml'", "'text', 'plain', 'markdown', 'html', ")),
    (("advise", "rash-only", "--missing", "guess"), ("'guess'", "'ask', 'stop', 'unknown'")),
    (("advise", "rash-only", "--color", "blue"), ("'blue'", "'auto', 'always', 'never'")),
    (("advise", "rash-only", "--weight", "70"), ("No such option: --weight",)),
    (("list", "drugs"), ("'drugs'", "'regimens'")),
    (("lint", "-f", "xml"), ("'xml'", "'github'")),
    (("advice", "rash-only"), ("No such command 'advice'",)),
]


@pytest.mark.parametrize(("args", "says"), NOTHING)
def test_a_word_that_the_command_line_does_not_know(
    ask: Ask, args: tuple[str, ...], says: tuple[str, ...]
) -> None:
    """The last line names it; the lines before say how the command is used."""
    result = ask(*args)
    assert result.code == 2
    assert result.out == ""
    last = result.err.splitlines()[-1]
    assert [part for part in says if part not in last] == [], last


@pytest.mark.parametrize("args", [(), ("xml",)])
def test_show_without_anything_that_exists(ask: Ask, args: tuple[str, ...]) -> None:
    result = ask("show", *args)
    assert result.code == 2
    assert result.out == ""


@pytest.mark.parametrize(
    ("id", "says"),
    [
        ("hydroxychloroquin", ("'hydroxychloroquin'", "did you mean 'hydroxychloroquine'")),
        ("xyzzy", ("'xyzzy'", "dmadvisor list")),
        ("", ("''", "dmadvisor list")),
        ("\x1b[2J", (r"'\x1b[2J'", "dmadvisor list")),
    ],
)
def test_show_what_is_not_there(ask: Ask, id: str, says: tuple[str, ...]) -> None:
    refused(ask("show", id), *says)


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("unknown-chek", ("'unknown-chek'", "did you mean 'unknown-check'?")),
        ("xyzzy", ("'xyzzy'", "dmadvisor lint")),
        ("", ("''", "dmadvisor lint")),
    ],
)
def test_explain_what_is_not_there(ask: Ask, code: str, says: tuple[str, ...]) -> None:
    refused(ask("lint", "--explain", code), *says)


def test_lint_what_is_not_there(ask: Ask) -> None:
    refused(ask("lint", "nowhere.yaml"), "'nowhere.yaml' is no file or folder of the content")


# -- broken content ----------------------------------------------------------------------------

HEAD = """\
title: A tree for a test
population: Nobody.
reviewed: 2026-11-20
review-status: unreviewed
cites: [seed-rash]
"""
STEP = """\
steps:
  stop:
    title: Stop here
    do: Nothing more.
    why: The tree ends.
    ends: find-out
    referral: none
    review: {weeks: [4], not-enough: nothing changed}
    cites: [seed-rash]
"""
WEAKNESS = "start: weakness\nquestions:\n  weakness: {yes: %s, no: %s, unknown: %s}\n"


def text_in_title(text: str) -> str:
    return HEAD.replace("A tree for a test", text) + WEAKNESS % ("stop", "stop", "stop") + STEP


CONTENT = [
    # Where it comes from, the pathway file, where the first mistake stands, what is said of it.
    ("B11-key", HEAD + "start: stop\n" + STEP + STEP.replace("steps:\n", ""), "16:3", "'stop' sta"),
    ("B11-answer", HEAD + WEAKNESS % ("stop", "stop, yes: stop", "stop") + STEP, "8:",
     "'yes' stands twice"),
    ("B15", HEAD + "start: stop\n   more: text\n" + STEP, "7:", ""),
    ("B15-tab", HEAD + "steps:\n\tstop: x\n", "7:1", "tab"),
    ("B15-quote", HEAD.replace("Nobody.", '"Nobody.'), "2:", "quote"),
    ("B15-documents", HEAD + "---\nstart: stop\n", "6:1", "second document"),
    ("B15-list", "- title\n", "1:1", ""),
    ("B15-empty", "", "1:1", "the file is empty"),
    ("B18", BOMB, "1:4", "anchors and aliases are not supported"),
    ("B18-self", "title: &a [*a]\n", "1:8", "anchors and aliases are not supported"),
    ("B18-merge", HEAD + "<<: {start: stop}\n" + STEP, "6:1", "'<<'"),
    ("B19", "title: !!python/object/apply:os.system ['touch owned']\n", "1:8", "a tag"),
    ("B19-name", "title: !!python/name:os.system\n", "1:8", "a tag"),
    ("B19-binary", "title: !!binary aGVsbG8=\n", "1:8", "a tag"),
    ("B19-custom", "title: !custom text\n", "1:8", "a tag"),
    ("B22", HEAD + WEAKNESS % ("aa", "aa", "aa") + "forks:\n  aa: [{to: bb}]\n  bb: [{to: cc}]\n"
     "  cc: [{to: aa}]\n", "", "aa -> bb -> cc -> aa"),
    ("B22-self", HEAD + WEAKNESS % ("aa", "aa", "aa") + "forks:\n  aa: [{to: aa}]\n", "",
     "aa -> aa"),
    ("B22-rare", HEAD + WEAKNESS % ("stop", "stop", "aa") + "forks:\n  aa: [{to: bb}]\n"
     "  bb:\n    - {when: {age: at least 90}, to: aa}\n    - {to: stop}\n" + STEP, "",
     "aa -> bb -> aa"),
    ("B25", text_in_title('"\\e[2J\\e[31m Bob"'), "1:8", r"\x1b"),
    ("B25-raw", text_in_title("\x1b[2J Bob"), "1:", r"\x1b"),
    ("B25-override", text_in_title("one \u202e two"), "1:", r"\u202e"),
    ("B25-zero-width", text_in_title("one\u200b two"), "1:", r"\u200b"),
    ("B25-return", text_in_title('"5 mg\\r50 mg"'), "1:", r"\r"),
    ("B25-long", text_in_title("x" * 900_000), "1:", ""),
    ("B25-huge", text_in_title("x" * 1_000_001), "1:1", "larger than 1 MB"),
]  # fmt: skip


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A copy of the content, to break."""
    return Path(shutil.copytree(ROOT / "pathways", tmp_path / "pathways"))


@pytest.mark.parametrize(
    ("text", "place", "says"), [pytest.param(*row[1:], id=row[0]) for row in CONTENT]
)
def test_broken_content(ask: Ask, content: Path, text: str, place: str, says: str) -> None:
    """Lint finds it and exits with 1; advise refuses it with 4 before it asks anything."""
    (content / "broken.yaml").write_text(text, "utf-8", newline="")
    found = ask("lint", "--pathways", str(content), "-f", "concise")
    assert found.code == 1
    lines = found.out.splitlines()
    mine = [line for line in lines if line.startswith(f"broken.yaml:{place}") and says in line]
    assert mine, "\n".join(line for line in lines if "error[" in line)
    used = ask("advise", "broken", "--missing", "unknown", "--pathways", str(content))
    assert used.code == 4
    assert used.out == ""
    assert "Traceback" not in used.err
    assert mine[0] in used.err.splitlines()
    assert used.err.splitlines()[-1].startswith("dmadvisor: the content cannot be used")
    assert used.err.replace("\n", "").isprintable()
    assert found.out.replace("\n", "").isprintable()


def test_b22_two_pathways_that_hand_over_to_each_other(ask: Ask, content: Path) -> None:
    """No circle: a pathway that was left is not entered again, and then nothing is left."""
    for name, other in (("here", "there"), ("there", "here")):
        to = f"hand over to {other}"
        (content / f"{name}.yaml").write_text(HEAD + WEAKNESS % (to, to, to), "utf-8")
    result = ask("advise", "here", "--missing", "unknown", "--pathways", str(content))
    assert result.code == 4
    assert result.out == ""
    assert "Traceback" not in result.err


@pytest.mark.parametrize(
    "title",
    ["A [/red] tree", "[link=x]A tree[/link]", "Methotrexate [once weekly] [mg/kg]", "A {tree} %s"],
)
def test_b25_markup_in_content_is_printed_as_it_stands(ask: Ask, content: Path, title: str) -> None:
    step = STEP.replace("Stop here", f'"{title}"')
    (content / "plain.yaml").write_text(HEAD + "start: stop\n" + step, "utf-8")
    for format in ("text", "plain", "json"):
        result = ask("advise", "plain", "--pathways", str(content), "-f", format)
        assert result.code == 0, result.err
        assert title in result.out


def test_content_that_is_not_there(ask: Ask, tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere"
    for command in (("advise", "rash-only"), ("list",), ("show", "ecg"), ("lint",)):
        result = ask(*command, "--pathways", str(nowhere))
        assert result.code == 4
        assert result.out == ""
        assert f"{nowhere}:1:1" in result.err
        assert "there is no content here" in result.err


@pytest.mark.parametrize("command", [("advise", "rash-only"), ("list",), ("show", "ecg")])
def test_a_folder_without_content(ask: Ask, tmp_path: Path, command: tuple[str, ...]) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    result = ask(*command, "--pathways", str(empty))
    assert result.code == 4
    assert result.out == ""
    assert "the content cannot be used" in result.err
    assert "'dmadvisor lint --explain no-content' shows more" in result.err
    assert ask("lint", "--explain", "no-content").code == 0


@pytest.mark.parametrize("name", [
    "infliximab", "upadacitinib", "chloroquine", "voclosporin", "ritlecitinib", "prednicarbate",
    "ketoconazole",
])  # fmt: skip
def test_another_drug_of_a_like_name_is_never_suggested(name: str) -> None:
    for question in ("tried", "taking"):
        assert asked_back(name, paths.content().question(question).answers) == ""


@pytest.mark.parametrize(("slip", "meant"), [
    ("hydroxycloroquine", "hydroxychloroquine"), ("methotrexat", "methotrexate"),
    ("azathioprin", "azathioprine"),
])  # fmt: skip
def test_a_slip_of_the_fingers_is_asked_back(slip: str, meant: str) -> None:
    answers = paths.content().question("tried").answers
    assert asked_back(slip, answers) == f"did you mean '{meant}'?"


def test_a_folder_that_may_not_be_read_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """As one line with its reason, and not as a fault of the program."""

    def refuse(folder: object) -> list[str]:
        raise PermissionError(13, "Permission denied", str(folder))

    monkeypatch.setattr("dmadvisor.store.os.listdir", refuse)
    with pytest.raises(PathwayError) as caught:
        Store(find_root(None))
    assert caught.value.problems[0].message == "cannot be read: Permission denied"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("command", [("list",), ("show", "methotrexate", "-f", "plain")])
def test_a_full_disk_is_said_in_one_line(command: tuple[str, ...]) -> None:
    """With the exit code of what the user can mend."""
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        found = subprocess.run([sys.executable, "-m", "dmadvisor", *command], stdout=full,
                               stderr=subprocess.PIPE, text=True, check=False)  # fmt: skip
    assert found.returncode == 2
    assert found.stderr.startswith("dmadvisor: the output cannot be written: ")
    assert found.stderr.count("\n") == 1


def test_a_closed_output_is_no_fault_of_the_program() -> None:
    """Nothing can be said there; the exit code can."""
    run = f"exec '{sys.executable}' -m dmadvisor list >&-"
    found = subprocess.run(["sh", "-c", run], stderr=subprocess.PIPE, text=True, check=False)
    assert (found.returncode, found.stderr) == (0, "")
