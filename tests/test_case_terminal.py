"""A case file in a real terminal: a label is asked for, proposals are accepted, visits saved."""

import shlex
import signal
from pathlib import Path

import pytest

from dmadvisor.casefile.reading import read_case
from tests.harness import run
from tests.test_terminal import SAFETY, TREE, Starter, start, words

__all__ = ["start"]

pytestmark = pytest.mark.usefixtures("compiled")

NEXT = {"red-flags": "none", "weakness": "no"}
"""The first questions of a second visit."""

FIRST = TREE | SAFETY | {"pregnancy": "not-possible"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A case file with a first visit."""
    path = tmp_path / "skin-7.yaml"
    flags = [word for id, text in FIRST.items() for word in ("-a", f"{id}={text}")]
    result = run("advise", "rash-only", "--case", str(path), "--today", "2026-01-10", *flags,
                 "--missing", "unknown", "--save")  # fmt: skip
    assert result.code == 0, result.err
    return path


def test_a_first_visit_asks_for_a_label_and_saves_on_a_word(start: Starter, tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    terminal = start("advise", "rash-only", "--case", str(file), "--today", "2026-01-10")
    terminal.process.expect("not a name: ")
    terminal.reply("itchy neighbour")
    terminal.replies(*TREE.values())
    assert "Save this visit? (y or n)" in terminal.reply("d")
    assert not file.exists()
    assert "Save this visit?" in terminal.reply("perhaps")
    said = terminal.end("y")
    assert terminal.code == 0
    assert "saved: the visit on 2026-01-10" in words(said)
    assert "Again without questions" not in said
    assert read_case(file)[0].label == "itchy neighbour"


@pytest.mark.parametrize("reply", ["n", "\x04"])
def test_without_the_word_the_visit_is_told_and_not_saved(
    reply: str, start: Starter, file: Path
) -> None:
    """No, and the end of input, leave the file; the visit is printed as a command."""
    before = file.read_bytes()
    flags = [word for id, text in FIRST.items() for word in ("-a", f"{id}={text}")]
    terminal = start("advise", "rash-only", "--case", str(file), "--today", "2026-02-10", *flags)
    said = terminal.wait()
    while "Save this visit?" not in said:
        said = terminal.reply("d" if "d done" in said else "u")
    if reply == "n":
        end = terminal.end(reply)
    else:
        terminal.process.sendeof()
        end = terminal.end()
    assert terminal.code == 0
    assert "not saved" in words(end)
    assert file.read_bytes() == before
    command = end.partition("Again without questions:")[2]
    assert f"--case {shlex.quote(str(file))}" in words(command.replace("\n", " "))


def test_enter_accepts_what_is_proposed_and_nothing_else(start: Starter, file: Path) -> None:
    terminal = start("advise", "--case", str(file), "--today", "2026-02-14")
    terminal.wait()
    said = terminal.replies(*NEXT.values())
    seen = terminal.said
    assert "carried: antibodies = mi2, from 2026-01-10" in words(seen)
    assert "pathway: rash-only, where the visit on 2026-01-10 ended" in words(seen)
    while "How far has treatment got?" not in said:
        said = terminal.reply("")
        assert "Type a number or an answer" not in said
    assert "From the visit on 2026-01-10: First-line" in words(said)
    assert "Enter accepts, u unknown, b back, ? keys" in words(said)
    said = terminal.reply("")
    assert "= First-line" in said
    assert "What is taken now?" in said
    assert "Hydroxychloroquine. Enter accepts it." in words(said)
    said = terminal.reply("hydroxychloroquine")
    assert "5 weeks. Enter accepts it." in words(said)
    back = terminal.reply("b")
    assert "What is taken now?" in back


def test_a_killed_conversation_leaves_the_file_free(start: Starter, file: Path) -> None:
    """While it asks another is refused; when it is killed its lock is gone with it."""
    before = file.read_bytes()
    terminal = start("advise", "--case", str(file), "--today", "2026-02-14")
    terminal.wait()
    words_ = ("advise", "--case", str(file), "--today", "2026-02-14", "--missing", "unknown")
    refused = run(*words_)
    assert refused.code == 2
    assert "in use by another dmadvisor" in refused.err
    terminal.process.kill(signal.SIGKILL)
    terminal.process.wait()
    assert run(*words_, "--save").code == 0
    assert file.read_bytes().startswith(before)


def test_all_that_is_asked_fits_the_screen(start: Starter, file: Path) -> None:
    terminal = start("advise", "--case", str(file), "--today", "2026-02-14")
    terminal.wait()
    terminal.replies("none", "no", "", "", "")
    lines = terminal.said.replace("? keys): ", "? keys): \n").splitlines()
    assert [line for line in lines if len(line) > 80] == []
