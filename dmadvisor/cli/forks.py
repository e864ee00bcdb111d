"""Several processes at one list of work, where the system can fork."""

import os
import pickle
import sys
from collections.abc import Callable, Iterator, Sequence
from select import select
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

NUMBER = 4
"""Bytes of an item's number in the pipe from which the processes take their work."""


def in_turn(work: Callable[[Item], Result], items: Sequence[Item], jobs: int) -> Iterator[Result]:
    """What becomes of each item, from as many processes as jobs, in the order they are ready.

    Each process takes the next item that none has taken. Raises RuntimeError when one ends early.
    """
    if jobs < 2 or not hasattr(os, "fork"):
        yield from map(work, items)
        return
    sys.stdout.flush()
    sys.stderr.flush()
    waiting, filling = os.pipe()
    started = dict(_forked(work, items, waiting, filling) for _ in range(jobs))
    os.close(waiting)
    with os.fdopen(filling, "wb") as out:
        out.writelines(number.to_bytes(NUMBER, "big") for number in range(len(items)))
    left = len(items)
    for found in _lines(started):
        left -= 1
        yield pickle.loads(bytes.fromhex(found.decode()))
    if left:
        raise RuntimeError(f"{left} items were lost with a process that ended early")


def _lines(started: dict[int, int]) -> Iterator[bytes]:
    """The lines that processes write, until all of them have ended."""
    streams = {stream: bytearray() for stream in started}
    while streams:
        for stream in select(list(streams), [], [])[0]:
            got = os.read(stream, 1 << 16)
            if not got:
                os.close(stream)
                os.waitpid(started[stream], 0)
                del streams[stream]
                continue
            streams[stream] += got
            *lines, rest = bytes(streams[stream]).split(b"\n")
            streams[stream] = bytearray(rest)
            yield from lines


def _forked(
    work: Callable[[Item], Result], items: Sequence[Item], waiting: int, filling: int
) -> tuple[int, int]:
    """A child process at work: the stream that what it finds is read from, and its id."""
    reading, writing = os.pipe()
    child = os.fork()
    if child:
        os.close(writing)
        return reading, child
    os.close(reading)
    os.close(filling)
    code = 1
    try:
        with os.fdopen(writing, "wb") as out:
            while taken := os.read(waiting, NUMBER):
                found = work(items[int.from_bytes(taken, "big")])
                out.write(pickle.dumps(found).hex().encode() + b"\n")
                out.flush()
        code = 0
    finally:
        os._exit(code)
