"""Puts a case file on the disk: whole or not at all, by one program at a time, never over changes.

A kill at any moment leaves the old file or the new one. The lock is the system's, so that it ends
with the program that holds it.
"""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from dmadvisor.casefile.reading import parse_case
from dmadvisor.casefile.records import CaseFile
from dmadvisor.casefile.writing import case_text, choices_text, visit_text
from dmadvisor.problems import UsageError, printable
from dmadvisor.yamltext import MAX_BYTES

MODE = 0o600


class ChangedMeanwhile(UsageError):
    """The file on the disk is not the one that was read."""


@contextmanager
def locked(path: Path) -> Iterator[Path]:
    """Hold a case file for this program alone; gives the file itself, behind any link.

    Raises UsageError when another program holds it, or when its folder cannot be written.
    """
    try:
        import fcntl
    except ImportError:
        message = "a case file cannot be locked on this system"
        raise UsageError(message, "use it where files can be locked (fcntl)") from None
    name = printable(str(path))
    real = Path(os.path.realpath(path))
    beside = real.with_name(f".{real.name}.lock")
    while True:
        try:
            lock = os.open(beside, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, MODE)
        except OSError as error:
            raise _cannot(name, "cannot be locked", error) from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(lock)
            message = f"{name} is in use by another dmadvisor"
            raise UsageError(message, "finish there first; nothing was changed") from None
        if _same(lock, beside):
            break
        os.close(lock)  # whoever held it has taken it away meanwhile: take the new one
    try:
        yield real
    finally:
        with suppress(OSError):
            beside.unlink()
        os.close(lock)


def _same(lock: int, path: Path) -> bool:
    """Whether the file that is locked is the one that has its name."""
    try:
        there = path.stat(follow_symlinks=False)
    except FileNotFoundError:
        return False
    mine = os.fstat(lock)
    return (mine.st_dev, mine.st_ino) == (there.st_dev, there.st_ino)


def bytes_of(before: CaseFile | None, raw: bytes, now: CaseFile) -> bytes:
    """The file of a case: what stood in it with the new at its end, so that remarks by hand stay.

    Where that would not read as the case, or where more has changed, it is written anew.
    """
    new = _new_text(before, now)
    if new is not None:
        longer = raw + (b"" if raw.endswith(b"\n") else b"\n") + new.encode()
        with suppress(UsageError):
            if parse_case(longer, "") == now:
                return longer
    return case_text(now).encode()


def _new_text(before: CaseFile | None, now: CaseFile) -> str | None:
    """The text that makes one case out of the other when it is put at its end; None for none."""
    if before is None or not before.visits:
        return None
    if now.visits[:-1] == before.visits:
        return visit_text(now.visits[-1])
    last = before.visits[-1]
    if not last.choices and now.visits[-1]._replace(choices=()) == last:
        return choices_text(now.visits[-1].choices)
    return None


def save(path: Path, raw: bytes | None, text: bytes) -> None:
    """Write a case file that is locked, over the bytes that were read; None: there was no file.

    Raises ChangedMeanwhile, and UsageError when the system refuses.
    """
    name = printable(str(path))
    if len(text) > MAX_BYTES:
        raise UsageError(f"{name}: the file would be larger than 1 MB", "begin a new case file")
    fresh = path.with_name(f".{path.name}.new")
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        try:
            _write(os.open(fresh, flags, MODE), text)
            if _on_disk(path) != raw:
                raise ChangedMeanwhile(f"{name} was changed meanwhile", "it was left as it is")
            fresh.replace(path)
        except BaseException:
            with suppress(OSError):
                fresh.unlink()
            raise
        folder = os.open(path.parent, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        raise _cannot(name, "cannot be written", error) from error


def _write(file: int, text: bytes) -> None:
    with os.fdopen(file, "wb") as stream:
        os.fchmod(stream.fileno(), MODE)
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())


def _on_disk(path: Path) -> bytes | None:
    try:
        if not stat.S_ISREG(path.stat(follow_symlinks=False).st_mode):
            return b""
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _cannot(name: str, what: str, error: OSError) -> UsageError:
    return UsageError(f"{name}: {what}: {error.strerror}", "nothing was changed")
