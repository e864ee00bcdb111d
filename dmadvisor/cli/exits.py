"""Exit codes, and how each expected failure is told: one clear line on stderr, no traceback."""

import errno
import os
import sys
from collections.abc import Callable
from enum import IntEnum
from io import StringIO
from typing import NoReturn

from dmadvisor.cli.screen import ReaderGone, to_nowhere
from dmadvisor.problems import PathwayError, UsageError


class Exit(IntEnum):
    """What the process returns."""

    DONE = 0
    FOUND = 1
    USAGE = 2
    OPEN = 3
    CONTENT = 4
    BUG = 70
    INTERRUPTED = 130


class Incomplete(Exception):
    """A question is open and may not be asked, or the reader quit; nothing more is printed."""


def complain(message: str, hint: str = "") -> None:
    """One line on stderr: what is wrong, and what to do."""
    sys.stderr.write(f"dmadvisor: {message}; {hint}\n" if hint else f"dmadvisor: {message}\n")


NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
"""What a full disk or a broken one says."""


def guarded(run: Callable[[], object]) -> int:
    """Run the command line and turn every outcome into an exit code."""
    if sys.stdout is None:  # Closed before the start; a write would be a traceback.
        sys.stdout = StringIO()
    try:
        run()
        sys.stdout.flush()
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else Exit.FOUND
    except UsageError as error:
        complain(error.message, error.hint)
        return Exit.USAGE
    except PathwayError as error:
        _content(error)
        return Exit.CONTENT
    except Incomplete:
        return Exit.OPEN
    except KeyboardInterrupt:
        sys.stderr.write("\n")
        return Exit.INTERRUPTED
    except (ReaderGone, BrokenPipeError):
        to_nowhere()
        return Exit.DONE
    except Exception as error:
        if os.environ.get("DMADVISOR_DEBUG") == "1":
            raise
        return _unforeseen(error)
    return Exit.DONE


def _unforeseen(error: Exception) -> int:
    """A full disk in words; anything else is a fault of the program."""
    if isinstance(error, OSError) and error.errno in NO_ROOM:
        to_nowhere()
        complain(f"the output cannot be written: {error.strerror}", "make room for it")
        return Exit.USAGE
    complain(
        f"a bug in dmadvisor: {type(error).__name__}: {error}",
        "set DMADVISOR_DEBUG=1 to see where; please report it with the command",
    )
    return Exit.BUG


def leave(code: int) -> NoReturn:
    """End the process now: taking the interpreter apart costs a fifth of a start."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            continue
    os._exit(code)


def _content(error: PathwayError) -> None:
    from dmadvisor.render import problems

    sys.stderr.write(problems.concise(error.problems))
    no_content = any(problem.code == "no-content" for problem in error.problems)
    more = "lint --explain no-content" if no_content else "lint"
    complain(
        "the content cannot be used", f"mend what is said above; 'dmadvisor {more}' shows more"
    )
