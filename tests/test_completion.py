"""Completion in the shell: what a tab offers after a question, and after its equals sign."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MAIN = "import sys; sys.argv = ['dmadvisor']; from dmadvisor.cli.app import main; main()"
BEGIN = ("dmadvisor", "advise", "amyopathic", "-a")


def tab(*words: str) -> list[str]:
    """What bash is offered when the cursor stands behind the last of these words."""
    environ = os.environ | {
        "_DMADVISOR_COMPLETE": "complete_bash",
        "COMP_WORDS": "\n".join(words),
        "COMP_CWORD": str(len(words) - 1),
    }
    done = subprocess.run(
        [sys.executable, "-c", MAIN],
        env=environ,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    return done.stdout.split()


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (("dmadvisor", "advise", "amy"), ["amyopathic"]),
        ((*BEGIN, "lung"), ["lungs=", "lung-factors="]),
        ((*BEGIN, "lungs=abn"), ["lungs=abnormal"]),
        ((*BEGIN, "lungs", "=", "abn"), ["abnormal"]),
        ((*BEGIN, "lungs", "="), ["normal", "abnormal", "not-checked", "unknown"]),
        ((*BEGIN, "lungs", "=", "abnormal", "-a", "lungs", "=", "norm"), ["normal"]),
        ((*BEGIN, "no-such-question", "=", "a"), []),
    ],
)
def test_tab_offers(words: tuple[str, ...], offered: list[str]) -> None:
    """Bash splits words at the equals sign and replaces only what stands behind it."""
    assert tab(*words) == offered
