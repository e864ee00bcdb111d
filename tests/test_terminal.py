"""Holds conversations through a real terminal: questions, keys, streams and colour."""

import json
import os
import re
import shlex
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pexpect  # type: ignore[import-untyped]
import pytest

from tests.harness import TODAY, run
from tests.visits import FIRST_WEAKNESS

pytestmark = pytest.mark.usefixtures("compiled")

ROOT = Path(__file__).parent.parent
ESCAPE = "\x1b"
CUE = re.compile(r"(\? keys\)|q to quit|y or n\)): ")
"""The end of a line that waits for a reply."""

AGAIN = "Again without questions:"
LEFT = re.compile(r"Safety question \((\d+) left\)")

TREE = {
    "red-flags": "none",
    "age": "45",
    "diagnosis": "confirmed",
    "weakness": "no",
    "previous-weakness": "no",
    "muscle-work-up": "normal",
    "rash-months": "3",
    "antibodies": "mi2",
    "treatment-so-far": "topical-only",
    "rash-extent": "moderate",
}
"""A first visit: every question of the tree, in the order in which it asks."""

SAFETY = {
    "weight": "62.5",
    "egfr": "90",
    "qtc": "420",
    "conditions": "diabetes,hypertension",
    "medicines": "none",
}
PATIENT = TREE | SAFETY


def _heed_interrupts() -> None:
    """Ctrl-C counts again, also where the tests themselves run in the background."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Terminal:
    """One run of ``dmadvisor`` in a pseudo-terminal, its standard output in a file if named."""

    def __init__(
        self,
        *args: str,
        stdout: Path | None = None,
        columns: int = 80,
        term: str = "dumb",
        **env: str,
    ) -> None:
        command = shlex.join([sys.executable, "-m", "dmadvisor", *args])
        if stdout is not None:
            command += f" > {shlex.quote(str(stdout))}"
        base = {name: os.environ[name] for name in ("PATH", "DMADVISOR_PATHWAYS")}
        self.process = pexpect.spawn(
            "/bin/sh",
            ["-c", f"exec {command}"],
            env=base | {"TERM": term, "COLUMNS": str(columns)} | env,
            cwd=str(ROOT),
            dimensions=(50, columns),
            encoding="utf-8",
            echo=False,
            timeout=20,
            preexec_fn=_heed_interrupts,
        )
        # Nothing is echoed, so that a line may be typed as soon as it is asked for.
        self.process.delaybeforesend = None
        self.process.ptyproc.delayafterclose = 0
        self.said = ""
        """Everything on the screen so far."""

    def wait(self) -> str:
        """What is said up to the next line that waits for a reply."""
        self.process.expect(CUE)
        return self.heard(self.process.before + self.process.after)

    def reply(self, text: str) -> str:
        """Type a line; what is said after it."""
        self.process.sendline(text)
        return self.wait()

    def replies(self, *lines: str) -> str:
        """Type lines, each after a cue; what is said after the last."""
        said = ""
        for line in lines:
            said = self.reply(line)
        return said

    def end(self, text: str | None = None) -> str:
        """Type a last line if given; what is said until the program ends."""
        if text is not None:
            self.process.sendline(text)
        self.process.expect(pexpect.EOF)
        said = self.heard(self.process.before)
        self.process.close()
        return said

    def heard(self, text: str) -> str:
        """Keep what was on the screen, with plain line ends."""
        lines = text.replace("\r\n", "\n")
        self.said += lines
        return lines

    @property
    def code(self) -> int:
        """The exit code, after the end."""
        assert isinstance(self.process.exitstatus, int)
        return self.process.exitstatus


class Starter:
    """Starts terminals and sees to it that each is closed."""

    def __init__(self) -> None:
        self.started: list[Terminal] = []

    def __call__(self, *args: str, **options: object) -> Terminal:
        """A terminal that is closed after the test."""
        terminal = Terminal(*args, **options)  # type: ignore[arg-type]
        self.started.append(terminal)
        return terminal

    def rash(self, *args: str, **options: object) -> Terminal:
        """The pathway rash-only on a fixed day, waiting at its first question."""
        terminal = self("advise", "rash-only", "--today", TODAY, *args, **options)
        terminal.wait()
        return terminal

    def at_safety(self, *args: str, **options: object) -> Terminal:
        """The pathway rash-only, waiting at its first safety question."""
        terminal = self.rash(*args, **options)
        terminal.replies(*TREE.values())
        return terminal


@pytest.fixture
def start() -> Iterator[Starter]:
    """Start terminals; each is closed after the test."""
    starter = Starter()
    yield starter
    for terminal in starter.started:
        terminal.process.close(force=True)


def words(text: str) -> str:
    """A text with its line breaks taken out."""
    return " ".join(text.split())


def asks() -> dict[str, str]:
    """Every question by the words in which it is asked."""
    return {words(row["title"]): row["id"] for row in run("list", "questions", "-f", "json").data}


def hold_conversation(terminal: Terminal, patient: dict[str, str]) -> str:
    """Answer whatever is asked from the patient's answers, Enter for the rest; the last words."""
    known = asks()
    said = terminal.said
    while True:
        heading = re.search(r"(Question \d+|Safety question \(\d+ left\)): (.*)", words(said))
        assert heading, said
        question = next(id for ask, id in known.items() if heading[2].startswith(ask))
        terminal.process.sendline(patient.get(question, ""))
        if terminal.process.expect([CUE, pexpect.EOF]):
            said = terminal.heard(terminal.process.before)
            terminal.process.close()
            return said
        said = terminal.heard(terminal.process.before + terminal.process.after)


def flags(patient: dict[str, str]) -> list[str]:
    return [word for id, answer in patient.items() for word in ("-a", f"{id}={answer}")]


def step(patient: dict[str, str]) -> str:
    """The title of the step in which these answers end."""
    result = run("advise", "rash-only", "--missing", "unknown", "-f", "json", *flags(patient))
    return str(result.data["step"]["title"])


def printed_command(said: str) -> list[str]:
    """The command that repeats the run, without the program's name."""
    assert AGAIN in said
    command = said.split(AGAIN)[1].strip().splitlines()[0]
    program, *rest = shlex.split(command)
    assert program == "dmadvisor"
    return rest


# -- the same patient, the same bytes ----------------------------------------------------------


def advice_by_prompt(start: Starter, note: Path, *args: str) -> tuple[str, str]:
    """The advice written to a file while the questions were answered, and the last words."""
    terminal = start.rash(*args, stdout=note)
    said = hold_conversation(terminal, PATIENT)
    assert terminal.code == 0
    return note.read_text("utf-8"), said


@pytest.mark.parametrize("format", ["text", "plain", "markdown", "json"])
def test_every_way_of_answering_gives_the_same_bytes(
    start: Starter, tmp_path: Path, format: str
) -> None:
    """By prompt, by flags, from a YAML file and from JSON on standard input."""
    by_prompt, _ = advice_by_prompt(start, tmp_path / "note", "-f", format)
    rest = ("advise", "rash-only", "--today", TODAY, "-f", format)
    file = tmp_path / "patient.yaml"
    file.write_text("".join(f"{id}: {answer}\n" for id, answer in PATIENT.items()), "utf-8")
    ways = {
        "flags": run(*rest, *flags(PATIENT)).out,
        "file": run(*rest, "--answers", str(file)).out,
        "standard input": run(*rest, "--answers", "-", stdin=json.dumps(PATIENT)).out,
    }
    assert by_prompt
    assert [way for way, advice in ways.items() if advice != by_prompt] == []


@pytest.mark.parametrize("format", ["text", "plain", "markdown", "json"])
def test_printed_command_gives_the_same_bytes(start: Starter, tmp_path: Path, format: str) -> None:
    by_prompt, said = advice_by_prompt(start, tmp_path / "note", "-f", format)
    assert run(*printed_command(said)).out == by_prompt


def test_printed_command_keeps_checks_done_and_unused_answers(
    start: Starter, tmp_path: Path
) -> None:
    given = ("--done", "ecg=2026-11-02", "-a", "domain=skin")
    by_prompt, said = advice_by_prompt(start, tmp_path / "note", *given)
    assert "domain" in by_prompt
    assert run(*printed_command(said)).out == by_prompt


def test_printed_command_asks_nothing_in_a_terminal(start: Starter) -> None:
    """Also where a safety question was left unanswered."""
    first = start.at_safety()
    again = start(*printed_command(first.end("d")))
    assert again.process.expect([CUE, pexpect.EOF]) == 1


def test_advice_can_be_written_to_a_file_while_answering(start: Starter, tmp_path: Path) -> None:
    """Questions, step and command go to standard error: the file holds the advice alone."""
    by_prompt, said = advice_by_prompt(start, tmp_path / "note")
    assert by_prompt.startswith(f"{step(PATIENT)}\n")
    assert "Question" not in by_prompt
    assert AGAIN not in by_prompt
    assert "Sources" not in said


def test_answers_given_in_advance_are_not_asked(start: Starter) -> None:
    terminal = start("advise", "rash-only", "--today", TODAY, *flags(TREE))
    assert "Safety question" in terminal.wait()
    assert "Question 1" not in terminal.said


def test_nothing_is_asked_when_everything_is_answered(start: Starter) -> None:
    child = {"red-flags": "none", "age": "9"}
    terminal = start("advise", "rash-only", "--today", TODAY, *flags(child))
    said = terminal.end()
    assert terminal.code == 0
    assert not CUE.search(said)
    assert step(child) in words(said)


# -- answers -----------------------------------------------------------------------------------


@pytest.mark.parametrize("reply", ["no", "2", " 2 ", "no ", "No"])
def test_a_number_or_an_id_answers(start: Starter, reply: str) -> None:
    terminal = start.rash()
    said = terminal.replies("none", "45", "confirmed", reply)
    assert "Question 5" in said
    assert re.search(r"lifting the head\? No\b", words(terminal.reply("r")))


@pytest.mark.parametrize("reply", ["mi2,ro52", "mi2, ro52", "mi2 ro52", "4,12", "4 12", "4, ro52"])
def test_several_answers_with_commas_or_spaces(start: Starter, reply: str) -> None:
    terminal = start.rash()
    terminal.replies(*list(TREE.values())[:7], reply)
    assert "Myositis antibodies? Anti-Mi-2; Anti-Ro52" in words(terminal.reply("r"))


@pytest.mark.parametrize(
    ("reply", "meant"),
    [
        ("St John's wort", "cyp3a4-inducer"),
        ("st johns wort", "cyp3a4-inducer"),
        ("Septrin allopurinol", "trimethoprim,allopurinol"),
        ("Septrin, St John's wort", "trimethoprim,cyp3a4-inducer"),
        ("milk of magnesia Zyloric PPI", "antacid,allopurinol,proton-pump-inhibitor"),
        ("GRAPEFRUIT juice,1", "grapefruit,trimethoprim"),
    ],
)
def test_names_of_several_words(start: Starter, reply: str, meant: str) -> None:
    """A name may have blanks in it, alone, in a list with commas and in one without."""
    given = {id: text for id, text in PATIENT.items() if id != "medicines"}
    said = hold_conversation(start.rash(*flags(given)), {"medicines": reply})
    assert f"medicines={meant} " in words(said)


def test_abnormal_tests_ask_only_for_what_could_rule_out_a_drug(start: Starter) -> None:
    """After the first few questions, of the single results only those that a drug is barred by."""
    given = {**FIRST_WEAKNESS, "blood-tests": "some-abnormal"}
    for id in ("medicines", "conditions", "hepatitis-b", "alcohol", "liver-disease"):
        del given[id]
    terminal = start("advise", "classic", "--today", TODAY, *flags(given))
    terminal.wait()
    hold_conversation(terminal, {})
    asked = re.findall(r"Safety question [(][0-9]+ left[)]: ([A-Za-z]+)", terminal.said)
    assert asked[-4:] == ["Haemoglobin", "ALT", "GGT", "Bilirubin"]
    assert not {"Albumin", "Creatinine"} & set(asked)


WRONG = [
    # The question before which to reply, the reply, what is said.
    ("red-flags", "perhaps", "'red-flags' has no answer 'perhaps'; it can be breathing, swallow"),
    ("red-flags", "99", "'red-flags' has no answer '99'; it can be"),
    ("red-flags", "0", "'red-flags' has no answer '0'; it can be"),
    ("red-flags", "none, heart", "'none' and another answer to 'red-flags' contradict each other"),
    ("red-flags", "1 1", "'red-flags' has the same answer twice"),
    ("red-flags", "12 u", "'red-flags' has no answer 'u'; it can be"),
    ("age", "forty", "'forty' is not a plain number for 'age'; it can be a plain number from 0"),
    ("age", "4,5", "120 years, or unknown; write it with a point, such as 70.5."),
    ("age", "450", "450 is not possible for 'age'; it can be a plain number from 0 to 120 years"),
    ("age", "-1", "-1 is not possible for 'age'"),
    ("weakness", "1, 2", "'weakness' has no answer '1, 2'; it can be yes, no or unknown"),
    ("weakness", "YESS", "no answer 'YESS'; did you mean 'yes'? It can be yes, no or unknown."),
]


@pytest.mark.parametrize(("question", "reply", "expected"), WRONG)
def test_a_wrong_reply_says_what_is_allowed_and_asks_again(
    start: Starter, question: str, reply: str, expected: str
) -> None:
    terminal = start.rash()
    before = list(TREE)[: list(TREE).index(question)]
    terminal.replies(*(TREE[id] for id in before))
    assert expected in words(terminal.reply(reply))
    assert f"Question {len(before) + 2}" in terminal.reply(TREE[question])


def test_no_raw_control_byte_comes_back(start: Starter) -> None:
    terminal = start.rash()
    said = terminal.reply(f"x{ESCAPE}[2J")
    assert ESCAPE not in said
    assert r"\x1b" in said


def test_enter_alone_is_no_answer_to_the_tree(start: Starter) -> None:
    terminal = start.rash()
    assert "Type a number or an answer, u for unknown" in words(terminal.reply(""))
    assert "Question 2" in terminal.reply("none")


# -- keys --------------------------------------------------------------------------------------


def test_key_u_is_unknown(start: Starter) -> None:
    terminal = start.rash()
    terminal.replies("none", "45", "confirmed", "no", "u")
    assert "quiet now? Unknown" in words(terminal.reply("r"))


def test_key_b_goes_back_and_forgets_the_answer(start: Starter) -> None:
    terminal = start.rash()
    assert "Question 2: How old" in terminal.reply("none")
    assert "Question 1: Is any of these" in terminal.reply("b")
    assert "Nothing has been answered yet" in terminal.reply("r")


def test_key_b_at_the_first_question(start: Starter) -> None:
    terminal = start.rash()
    assert "There is no question before this one" in terminal.reply("b")


def test_key_b_does_not_take_back_what_was_given_in_advance(start: Starter) -> None:
    terminal = start.rash("-a", "red-flags=none")
    assert "There is no question before this one" in terminal.reply("b")


def test_key_w_says_why(start: Starter) -> None:
    why = run("advise", "rash-only", "-f", "json").data["question"]["why"]
    assert why in words(start.rash().reply("w"))


def test_key_s_names_the_sources(start: Starter) -> None:
    said = start.rash().reply("s")
    assert re.match(r"- ", said)
    assert re.search(r"doi:|PMID|https://|\.txt", said)


def test_key_r_shows_the_way_so_far(start: Starter) -> None:
    terminal = start.rash()
    terminal.replies("none", "45")
    said = words(terminal.reply("r"))
    assert "Is any of these new or worse? None of these" in said
    assert "How old is the patient now? 45 years" in said


def test_key_question_mark_shows_every_key(start: Starter) -> None:
    said = start.rash().reply("?")
    assert [key for key in "ubwsr!?q" if f"\n  {key}: " not in f"\n{said}"] == []
    assert "d: done" not in said


def test_key_question_mark_knows_the_keys_of_the_safety_questions(start: Starter) -> None:
    said = start.at_safety().reply("?")
    assert "\n  Enter: unknown" in said
    assert "\n  d: done" in said


@pytest.mark.parametrize("key", ["w", "s", "r", "?"])
def test_a_key_that_tells_something_asks_again(start: Starter, key: str) -> None:
    terminal = start.rash()
    terminal.reply(key)
    assert "Question 2" in terminal.reply("none")


def test_key_d_is_none_before_the_step_is_reached(start: Starter) -> None:
    assert "The step is not reached yet" in start.rash().reply("d")


# -- leaving -----------------------------------------------------------------------------------


def leave(terminal: Terminal, how: str) -> str:
    if how == "q":
        return terminal.end("q")
    if how == "Ctrl-D":
        terminal.process.sendeof()
    else:
        terminal.process.sendintr()
    return terminal.end()


LEAVING = [("q", 3), ("Ctrl-D", 3), ("Ctrl-C", 130)]


@pytest.mark.parametrize(("how", "code"), LEAVING)
@pytest.mark.parametrize("where", ["tree", "safety", "pathway"])
def test_leaving_writes_no_advice(
    start: Starter, tmp_path: Path, where: str, how: str, code: int
) -> None:
    note = tmp_path / "note"
    if where == "pathway":
        terminal = start("advise", stdout=note)
        terminal.wait()
    elif where == "safety":
        terminal = start.at_safety(stdout=note)
    else:
        terminal = start.rash(stdout=note)
    said = leave(terminal, how)
    assert terminal.code == code
    assert note.read_bytes() == b""
    assert "Traceback" not in said
    assert how == "Ctrl-C" or "no advice was given" in said


def test_leaving_a_question_about_an_unusual_number(start: Starter) -> None:
    terminal = start.rash()
    assert "Is it right? (y or n)" in terminal.replies("none", "110")
    terminal.process.sendeof()
    assert "no advice was given" in terminal.end()
    assert terminal.code == 3


# -- safety questions --------------------------------------------------------------------------


def test_the_step_is_shown_before_the_safety_questions(start: Starter) -> None:
    said = words(start.at_safety().said)
    assert said.index(step(TREE)) < said.index("The step is reached")
    assert said.index("The step is reached") < said.index("Safety question")


def left(said: str) -> int:
    found = LEFT.search(said)
    assert found, said
    return int(found[1])


def test_each_safety_question_says_what_it_could_change(start: Starter) -> None:
    assert re.search(r"\nIt (could|is|decides)\b.* [Hh]ydroxychloroquine\.", start.at_safety().said)


def test_enter_is_unknown_in_the_safety_questions(start: Starter) -> None:
    terminal = start.at_safety()
    before = left(terminal.said)
    assert left(terminal.reply("")) == before - 1


def test_key_d_prints_the_advice_with_the_rest_unknown(start: Starter, tmp_path: Path) -> None:
    note = tmp_path / "note"
    terminal = start.at_safety(stdout=note)
    terminal.end("d")
    assert terminal.code == 0
    scripted = run("advise", "rash-only", "--today", TODAY, *flags(TREE))
    assert note.read_text("utf-8") == scripted.out


def test_unknown_and_left_out_give_the_same_bytes(start: Starter, tmp_path: Path) -> None:
    """Enter at every safety question, and d at the first."""
    note = tmp_path / "note"
    terminal = start.at_safety(stdout=note)
    hold_conversation(terminal, {})
    scripted = run("advise", "rash-only", "--today", TODAY, *flags(TREE))
    assert note.read_text("utf-8") == scripted.out


def test_key_b_crosses_from_the_safety_questions_to_the_tree(start: Starter) -> None:
    terminal = start.at_safety()
    assert "Question 10: How bad is the skin?" in terminal.reply("b")
    assert "Safety question" in terminal.reply("severe")
    assert "How bad is the skin? Severe" in words(terminal.reply("r"))


def test_key_b_goes_back_to_the_safety_question_before(start: Starter) -> None:
    terminal = start.at_safety()
    first = words(terminal.said).split("Safety question")[-1]
    terminal.reply("")
    assert words(terminal.reply("b")).split("Safety question")[-1] == first


# -- unusual numbers ---------------------------------------------------------------------------


def test_an_unusual_number_is_questioned(start: Starter) -> None:
    terminal = start.rash()
    said = terminal.replies("none", "110")
    assert "110 years is unusual for 'age'" in words(said)
    assert "Question 3" in terminal.reply("y")


@pytest.mark.parametrize("reply", ["", "maybe", "1e3", "45"])
def test_only_yes_or_no_says_whether_an_unusual_number_is_right(start: Starter, reply: str) -> None:
    terminal = start.rash()
    said = words(terminal.replies("none", "110", reply))
    assert "Type y for yes, n for no, or q to quit. Is it right? (y or n):" in said
    assert "Question 3" in terminal.reply("y")


@pytest.mark.parametrize("reply", ["n", "No"])
def test_an_unusual_number_that_is_not_right_is_asked_again(start: Starter, reply: str) -> None:
    terminal = start.rash()
    terminal.replies("none", "110", reply)
    assert "Question 3" in terminal.reply("45")


def test_an_unusual_number_is_confirmed_in_the_printed_command(
    start: Starter, tmp_path: Path
) -> None:
    note = tmp_path / "note"
    terminal = start.rash(stdout=note)
    terminal.replies("none", "110", "y", *list(TREE.values())[2:])
    command = printed_command(terminal.end("d"))
    assert command[command.index("--confirm") + 1] == "age"
    assert run(*command).out == note.read_text("utf-8")


# -- red flags ---------------------------------------------------------------------------------


def test_a_red_flag_that_appears_changes_the_end(start: Starter) -> None:
    terminal = start.at_safety()
    assert "Red flags: Is any of these new or worse?" in words(terminal.reply("!"))
    said = terminal.end("breathing")
    assert terminal.code == 0
    assert step({"red-flags": "breathing", "age": "45"}) in words(said)
    assert "red-flags=breathing" in said


def test_a_red_flag_that_appears_in_the_tree_changes_the_end(start: Starter) -> None:
    terminal = start.rash()
    terminal.replies("none", "45", "confirmed", "!")
    said = terminal.end("breathing")
    assert terminal.code == 0
    assert step({"red-flags": "breathing", "age": "45"}) in words(said)


def test_no_red_flag_after_all_goes_on_where_it_was(start: Starter) -> None:
    terminal = start.rash()
    terminal.replies("none", "45", "!")
    assert "Question 3" in terminal.reply("none")


@pytest.mark.parametrize("before", [("none",), ("none", "45"), tuple(TREE.values())])
def test_going_back_from_the_red_flags(start: Starter, before: tuple[str, ...]) -> None:
    """Any number of steps back is a question, and the last of them is the first question."""
    terminal = start.rash()
    terminal.replies(*before, "!", *["b"] * (len(before) + 2))
    assert "There is no question before this one" in terminal.said
    assert "Question 2" in terminal.reply("none")


def test_going_back_after_the_red_flags_were_asked_again(start: Starter) -> None:
    terminal = start.rash()
    terminal.replies("none", "45", "!", "none", "b", "b", "b", "b")
    assert "There is no question before this one" in terminal.said
    assert "Question 2" in terminal.reply("none")


# -- which pathway -----------------------------------------------------------------------------


@pytest.mark.parametrize("reply", ["rash-only", "3"])
def test_without_a_pathway_it_asks_which(start: Starter, reply: str) -> None:
    terminal = start("advise", "--today", TODAY)
    said = terminal.wait()
    assert "Which pathway?" in said
    assert "  3  rash-only: Dermatomyositis rash without weakness" in said
    assert "Question 1" in terminal.reply(reply)
    assert "Dermatomyositis rash without weakness" in terminal.said


@pytest.mark.parametrize("reply", ["rash", "0", "9", "", f"{ESCAPE}[2J"])
def test_a_pathway_that_is_not_there_is_asked_again(start: Starter, reply: str) -> None:
    terminal = start("advise", "--today", TODAY)
    terminal.wait()
    said = terminal.reply(reply)
    assert "It can be amyopathic, classic, rash-only, refractory" in said
    assert ESCAPE not in said


# -- colour and width --------------------------------------------------------------------------


PLAIN = [
    pytest.param((), {"NO_COLOR": "1"}, "xterm-256color", id="NO_COLOR"),
    pytest.param((), {}, "dumb", id="TERM=dumb"),
    pytest.param(("--color", "never"), {}, "xterm-256color", id="--color never"),
]


@pytest.mark.parametrize(("args", "env", "term"), PLAIN)
def test_no_escapes_where_none_are_wanted(
    start: Starter, args: tuple[str, ...], env: dict[str, str], term: str
) -> None:
    terminal = start.at_safety(*args, term=term, **env)
    terminal.end("d")
    assert terminal.code == 0
    assert ESCAPE not in terminal.said


def test_colour_in_a_terminal(start: Starter) -> None:
    terminal = start.at_safety(term="xterm-256color")
    said = terminal.end("d")
    assert f"{ESCAPE}[" in terminal.said
    assert re.sub(r"\x1b\[[0-9;]*m", "", said).count(ESCAPE) == 0


def test_no_colour_in_a_file(start: Starter, tmp_path: Path) -> None:
    """Standard error is a terminal with colour, standard output is not."""
    note = tmp_path / "note"
    terminal = start.at_safety(term="xterm-256color", stdout=note)
    terminal.end("d")
    assert ESCAPE not in note.read_text("utf-8")
    assert ESCAPE in terminal.said


def test_colour_in_a_pipe_when_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    arguments = ["advise", "rash-only", "--today", TODAY, *flags(TREE)]
    coloured = run(*arguments, "--color", "always").out
    assert ESCAPE in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == run(*arguments).out


def test_plain_has_no_escapes_even_when_colour_is_asked_for() -> None:
    arguments = ["advise", "rash-only", "--today", TODAY, *flags(TREE), "-f", "plain"]
    assert ESCAPE not in run(*arguments, "--color", "always").out


@pytest.mark.parametrize("term", ["dumb", "xterm"])
def test_a_narrow_terminal_cuts_no_line(start: Starter, term: str) -> None:
    """At 40 columns; the cue and the printed command stay on one line each, for copying."""
    terminal = start.rash(columns=40, term=term, **({} if term == "dumb" else {"NO_COLOR": "1"}))
    terminal.replies("w", "s", "?", "perhaps", *TREE.values())
    said = terminal.end("d").split(AGAIN)[0]
    lines = re.sub(r"\x1b\[[0-9;]*m", "", f"{terminal.said.split(AGAIN)[0]}{said}").splitlines()
    long = [line for line in lines if len(line) > 40 and not CUE.search(f"{line} ")]
    assert [line for line in long if " " in line.strip()] == []
