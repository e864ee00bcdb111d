"""Connects the conversation to the terminal: reads stdin, writes stderr."""

import sys
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from dmadvisor.answers import Answer
from dmadvisor.cli.exits import Incomplete, complain
from dmadvisor.cli.options import Color
from dmadvisor.cli.screen import make_console
from dmadvisor.document import step_document
from dmadvisor.library import Library
from dmadvisor.outcome import Advice
from dmadvisor.prompt import Conversation, Quit, Talk
from dmadvisor.records import Record
from dmadvisor.render.layout import hang, usable_width
from dmadvisor.render.text import print_document, print_words
from dmadvisor.safety import Done

if TYPE_CHECKING:
    from dmadvisor.casefile.proposing import Proposal


def _talk(color: Color) -> Talk:
    console = make_console(color, stderr=True)

    def say(text: str, style: str) -> None:
        print_words(console, text, style)
        sys.stderr.flush()

    def show(advice: Advice) -> None:
        print_document(console, step_document(advice))

    return Talk(sys.stdin.readline, say, show, usable_width(console.width))


class Start(Record):
    """Where a conversation begins."""

    pathway: str
    given: dict[str, Answer]
    done: Done
    today: date
    proposed: "Mapping[str, Proposal]"


def converse(library: Library, start: Start, color: Color) -> dict[str, Answer]:
    """Ask in the terminal until the advice is complete. Raises Incomplete when the reader quits."""
    talk = _talk(color)
    record = library.pathway(start.pathway)
    status = record.review_status.replace("-", " ")
    for line in hang(f"{record.title} ({record.reviewed}, {status})", talk.width):
        talk.say(f"{line}\n", "bold")
    for line in hang("A number or an answer's id answers; ? shows the keys, q quits.", talk.width):
        talk.say(f"{line}\n", "")
    talk = talk._replace(proposed=start.proposed)
    try:
        return Conversation(
            library, start.pathway, start.given, start.done, start.today, talk
        ).run()
    except Quit:
        sys.stderr.write("\n")
        complain("stopped before the end: no advice was given")
        raise Incomplete from None


def ask_line(question: str, color: Color) -> str:
    """One line that the reader types; Incomplete at the end of input."""
    talk = _talk(color)
    talk.say(question, "dim")
    line = talk.read()
    if line == "":
        sys.stderr.write("\n")
        raise Incomplete
    return line.strip()


def pick_pathway(library: Library, color: Color) -> str:
    """Ask which pathway to walk."""
    talk = _talk(color)
    ids = library.ids("PathwayId")
    talk.say("Which pathway?\n\n", "bold")
    for number, id in enumerate(ids, 1):
        for line in hang(f"{id}: {library.pathway(id).title}", talk.width, f"  {number}  "):
            talk.say(f"{line}\n", "")
    while True:
        talk.say(f"\nAnswer 1-{len(ids)}, or q to quit: ", "dim")
        line = talk.read()
        reply = line.strip()
        if line == "" or reply == "q":
            complain("stopped before the end: no advice was given")
            raise Incomplete
        if reply in ids:
            return reply
        if reply.isascii() and reply.isdigit() and 1 <= int(reply) <= len(ids):
            return ids[int(reply) - 1]
        talk.say(f"It can be {', '.join(ids)}.\n", "")
