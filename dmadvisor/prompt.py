"""Asks the questions, line by line, on stderr; knows no terminal tricks.

Nothing here decides anything: the walk says which question is open, and an answer more or fewer
is all that this module changes.
"""

import textwrap
from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING

from dmadvisor import safety
from dmadvisor.advice import advise
from dmadvisor.answers import (
    UNKNOWN,
    UNKNOWN_WORD,
    Answer,
    allowed,
    answer_label,
    named,
    read_answer,
    unusual,
)
from dmadvisor.clashes import clash_words, clashes
from dmadvisor.library import Library
from dmadvisor.model import Question
from dmadvisor.outcome import Advice, Missing
from dmadvisor.problems import UsageError
from dmadvisor.records import Record
from dmadvisor.safety import RED_FLAGS, Done
from dmadvisor.sources import citation_text
from dmadvisor.walk import Open, Turn

if TYPE_CHECKING:
    from dmadvisor.casefile.proposing import Proposal

KEYS = (
    ("a number, or an answer's id", "answers; several with commas where several may hold"),
    ("u", "unknown"),
    ("b", "back to the question before"),
    ("l", "the question and its answers again"),
    ("w", "why is this asked"),
    ("s", "sources of the question"),
    ("r", "the way so far"),
    ("!", "a red flag has appeared"),
    ("?", "these keys"),
    ("q", "quit without advice"),
)
SAFETY_KEYS = (("Enter", "unknown"), ("d", "done: print the advice now, the rest is unknown"))


class Quit(Exception):
    """The reader wants no advice."""


class Talk(Record):
    """The two ends of a conversation: a line read, a line written with a style's name."""

    read: Callable[[], str]
    """The next line, with its newline; an empty text at the end of input."""
    say: Callable[[str, str], None]
    show: Callable[[Advice], None]
    """Shows a step and its options."""
    width: int
    proposed: "Mapping[str, Proposal]" = {}
    """What earlier visits suggest, each to be accepted or not."""


FEW = 8
"""After so many safety questions only the grave ones are asked."""


class Conversation:
    """One interactive walk: the answers so far, and which of them were asked here."""

    def __init__(
        self,
        library: Library,
        pathway: str,
        given: dict[str, Answer],
        done: Done,
        today: date,
        talk: Talk,
    ) -> None:
        self.library = library
        self.pathway = pathway
        self.answers = dict(given)
        self.done = done
        self.today = today
        self.talk = talk
        self.asked: list[str] = []
        self.safety: set[str] = set()
        self.shown: tuple[str, ...] = ()
        self.finished = False
        self.interrupted = False

    def run(self) -> dict[str, Answer]:
        """Ask until advice is complete or the reader says it is; the answers. Raises Quit."""
        while True:
            result = advise(self.library, self.pathway, self.answers, self.today, self.done)
            if isinstance(result, Open):
                self.ask_tree(result)
                continue
            missing = self.worth_asking(result)
            if self.finished or not missing:
                return self.answers
            self.present(result)
            self.ask_safety(missing, result)

    def worth_asking(self, advice: Advice) -> list[Missing]:
        """The safety questions that are left, the one that matters most first.

        Those that only concern drugs in reserve are not asked, and after the first few only those
        that could still rule out a drug, or change its dose; what is left out is named in the
        advice as not answered.
        """
        left = [m for m in advice.missing if m.question not in self.answers and m.leads]
        return [m for n, m in enumerate(left) if n < self.few() or m.rank <= safety.ADJUST]

    def few(self) -> int:
        """How many safety questions may still be put without being grave."""
        return max(0, FEW - len(self.safety.intersection(self.asked)))

    def present(self, advice: Advice) -> None:
        """Show the step and its options when they are new."""
        key = (advice.tree.id, advice.step.id)
        if self.shown == key:
            return
        if self.shown:
            self.say("\nThe last answer leads to another step.", "bold")
        self.shown = key
        self.say("")
        self.talk.show(advice)
        self.say(
            "\nThe step is reached. The questions that follow can change what may be given,\n"
            "or the dose. Enter is unknown, d prints the advice now."
        )

    def ask_tree(self, result: Open) -> None:
        """Ask the question that the walk waits for."""
        number = sum(turn.question in self.asked for turn in result.turns) + 1
        heading = f"Question {number}: {self.library.question(result.question).ask}"
        self.ask(result.question, heading, result.turns, safety=False)

    def ask_safety(self, missing: list[Missing], advice: Advice) -> None:
        """Ask the safety question that matters most."""
        first = missing[0]
        left = min(len(missing), self.few() or len(missing))
        self.safety.add(first.question)
        heading = f"Safety question ({left} left): {first.ask}"
        self.ask(
            first.question,
            heading,
            advice.turns,
            safety=True,
            because=first.because,
        )

    def ask(
        self, id: str, heading: str, turns: tuple[Turn, ...], *, safety: bool, because: str = ""
    ) -> None:
        """Put one question until it is answered or a key leads away from it."""
        question = self.library.question(id)
        proposal = self.proposal(id)
        self.put(question, heading, because)
        if proposal is not None:
            label = answer_label(question, proposal.answer)
            self.say(f"From the visit on {proposal.day}: {label}. Enter accepts it.")
        while True:
            self.talk.say(self.cue(id, question, safety=safety), "dim")
            line = self.talk.read()
            if line == "":
                raise Quit
            reply = line.strip()
            if reply == "" and proposal is not None:
                reply = proposal.answer.text
            if self.key(reply, id, question, turns, safety=safety):
                return
            if reply in ("w", "s", "r", "?", "b", "!", "d", "l"):
                continue
            if reply == "" and not safety:
                self.say("Type a number or an answer, u for unknown, ? for keys.")
                continue
            answer = self.read(id, question, reply)
            if answer is not None and self.fits(id, answer):
                self.answers[id] = answer
                self.asked.append(id)
                self.say(f"= {answer_label(question, answer)}")
                return

    def proposal(self, id: str) -> "Proposal | None":
        """What earlier visits suggest, when it goes with the answers so far."""
        found = self.talk.proposed.get(id)
        return found if found is not None and found.fits(self.answers) else None

    def put(self, question: Question, heading: str, because: str) -> None:
        """Write a question with its numbered answers."""
        self.say("")
        self.say(heading, "bold")
        if because:
            self.say(because)
        if question.kind in ("one", "many"):
            self.say("")
            for number, (_, label) in enumerate(question.answers.items(), 1):
                self.say(f"{number:3}  {label}", indent=5)
            if not question.means_unknown:
                self.say(f"{len(question.answers) + 1:3}  Unknown", indent=5)
        self.say("")

    def cue(self, id: str, question: Question, *, safety: bool) -> str:
        """What may be typed, in one line."""
        if question.kind == "number":
            unit = f" in {question.unit}" if question.unit else ""
            what = f"Answer, a number{unit}"
        elif question.kind == "date":
            what = "Answer, year-month-day"
        else:
            last = len(question.answers) + (not question.means_unknown)
            what = f"Answer 1-{last}" + (", several with commas" if question.kind == "many" else "")
        keys = "Enter unknown, d done, ? keys" if safety else "u unknown, w why, b back, ? keys"
        if self.proposal(id):
            keys = f"Enter accepts, u unknown, {'d done' if safety else 'b back'}, ? keys"
        return f"{what} ({keys}): "

    def key(
        self, reply: str, id: str, question: Question, turns: tuple[Turn, ...], *, safety: bool
    ) -> bool:
        """Act on a key; True when the question is left."""
        if reply == "q":
            raise Quit
        if reply == "b":
            return self.back()
        if reply == "!" and id != RED_FLAGS:
            self.red_flag(turns)
            return True
        if reply == "d" and safety:
            self.finished = True
            return True
        if reply == "u" or (reply == "" and safety):
            return self.unknown(id, question)
        self.tell(reply, question, turns, safety=safety)
        return False

    def unknown(self, id: str, question: Question) -> bool:
        """Answer unknown; False when the question has to be answered."""
        if question.no_unknown:
            self.say(f"This has to be answered: {question.no_unknown}")
            return False
        self.answers[id] = UNKNOWN
        self.asked.append(id)
        return True

    def tell(
        self, reply: str, question: Question, turns: tuple[Turn, ...], *, safety: bool
    ) -> None:
        """Say what a key asks about: why, the sources, the way so far, the keys."""
        if reply == "w":
            self.say(question.why)
        elif reply == "l":
            self.put(question, question.ask, "")
        elif reply == "!":
            self.say("These are the red flags: answer the question.")
        elif reply == "d":
            self.say("The step is not reached yet; u answers unknown.")
        elif reply == "s":
            for cite in question.cites:
                self.say(f"- {citation_text(self.library.citation(cite))}", indent=2)
        elif reply == "r":
            for turn in turns:
                asked = self.library.question(turn.question)
                self.say(f"- {asked.ask} {answer_label(asked, turn.answer)}", indent=2)
            if not turns:
                self.say("Nothing has been answered yet.")
        elif reply == "?":
            for key, meaning in (*KEYS, *(SAFETY_KEYS if safety else ())):
                self.say(f"  {key}: {meaning}", indent=4)

    def back(self) -> bool:
        """Take the last answer back, or leave a question that came in between; else False."""
        if self.interrupted:
            return True
        if not self.asked:
            self.say("There is no question before this one.")
            return False
        self.answers.pop(self.asked.pop(), None)
        self.finished = False
        return True

    def red_flag(self, turns: tuple[Turn, ...]) -> None:
        """Ask the red flags again, now."""
        before = self.answers.pop(RED_FLAGS, None)
        asked = list(self.asked)
        self.interrupted = True
        ask = self.library.question(RED_FLAGS).ask
        self.ask(RED_FLAGS, f"Red flags: {ask}", turns, safety=False)
        self.interrupted = False
        if RED_FLAGS in asked:
            self.asked = asked
        if RED_FLAGS not in self.answers and before is not None:
            self.answers[RED_FLAGS] = before

    def read(self, id: str, question: Question, reply: str) -> Answer | None:
        """A reply as an answer; None after saying what is wrong with it."""
        text = reply
        if question.kind == "many":
            parts = [part for piece in reply.split(",") for part in split_names(question, piece)]
            text = ",".join(self.word(question, part) for part in parts)
        elif question.kind == "one":
            text = self.word(question, reply)
        try:
            answer = read_answer(id, question, text, confirmed=True)
        except UsageError as error:
            self.say(f"{error.message}; {error.hint or f'it can be {allowed(question)}'}.")
            return None
        odd = unusual(id, question, answer)
        if odd and not self.agreed(odd):
            return None
        return answer

    def fits(self, id: str, answer: Answer) -> bool:
        """Whether an answer goes with those before it; what is only unusual is asked again."""
        with_it = {**self.answers, id: answer}
        before = set(clashes(self.library, self.answers, ()))
        for clash in clashes(self.library, with_it, ()):
            if clash in before:
                continue
            words = clash_words(self.library, with_it, clash)
            if clash.confirm is None:
                self.say(f"{words}. Answer again, or b for the question before.")
                return False
            if not self.agreed(words):
                return False
        return True

    def word(self, question: Question, part: str) -> str:
        """An answer's id for its number; the part itself when it is no number of an answer."""
        ids = [*question.answers, *(() if question.means_unknown else (UNKNOWN_WORD,))]
        if part.isascii() and part.isdigit() and 1 <= int(part) <= len(ids):
            return str(ids[int(part) - 1])
        return part

    def agreed(self, odd: str) -> bool:
        """Whether an unusual number is right after all."""
        self.say(f"{odd}.")
        while True:
            self.talk.say("Is it right? (y or n): ", "dim")
            line = self.talk.read()
            reply = line.strip().lower()
            if line == "" or reply == "q":
                raise Quit
            if reply in ("y", "yes", "n", "no"):
                return reply.startswith("y")
            self.say("Type y for yes, n for no, or q to quit.")

    def say(self, text: str, style: str = "", indent: int = 0) -> None:
        """Lines of at most the width, then a newline."""
        for paragraph in text.split("\n"):
            for line in textwrap.wrap(
                paragraph, self.talk.width, subsequent_indent=" " * indent, break_on_hyphens=False
            ) or [""]:
                self.talk.say(line + "\n", style)


def split_names(question: Question, text: str) -> list[str]:
    """The words of a list without commas; those that make up one name together stay together."""
    words = text.split()
    found = []
    while words:
        ends = range(len(words), 0, -1)
        end = next((n for n in ends if named(question, " ".join(words[:n]))), 1)
        found.append(" ".join(words[:end]))
        words = words[end:]
    return found
