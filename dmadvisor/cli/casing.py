"""One visit of ``dmadvisor advise --case``: what earlier visits tell, and how it is kept."""

import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from dmadvisor import __version__
from dmadvisor.answers import Answer
from dmadvisor.casefile.carry import carried, forgotten
from dmadvisor.casefile.choosing import judged, read_choice
from dmadvisor.casefile.compare import Since, changed_advice, changed_answers, reasons_of, replay
from dmadvisor.casefile.proposing import proposals
from dmadvisor.casefile.reading import read_case
from dmadvisor.casefile.records import CaseFile, Choice, GivenAdvice, Visit
from dmadvisor.casefile.saving import bytes_of, locked, save
from dmadvisor.casefile.view import CaseView
from dmadvisor.casefile.visits import visit_of
from dmadvisor.clashes import refuse_clashes
from dmadvisor.cli import screen
from dmadvisor.cli.advising import Request, say_again, unusual_answers, words_again
from dmadvisor.cli.exits import Incomplete
from dmadvisor.cli.keeping import kept, lost
from dmadvisor.library import Library
from dmadvisor.outcome import Advice
from dmadvisor.problems import UsageError, printable
from dmadvisor.safety import Done
from dmadvisor.walk import Open

LONGEST_LABEL = 80


def tell(lines: Iterable[str]) -> None:
    """Lines on stderr; in a terminal broken where it ends."""
    from dmadvisor.render.layout import hang, usable_width

    for line in lines:
        rows = [line]
        if sys.stderr.isatty():
            rows = hang(line, usable_width(screen.columns(sys.stderr)), rest="  ")
        sys.stderr.write("".join(f"{row}\n" for row in rows))


@contextmanager
def opened(request: Request, file: str, library: Library, today: date) -> Iterator["Session"]:
    """A case file, read and held for this run alone."""
    with locked(Path(file)) as path:
        if path.exists():
            case, raw = read_case(path)
            if request.label is not None and request.label != case.label:
                raise UsageError(
                    f"--label {printable(request.label)}: {printable(file)} has the label "
                    f"'{case.label}'",
                    "leave --label out, or give another file",
                )
            yield Session(request, library, today, path, (case, raw))
        else:
            case = CaseFile(label=_label(request, Path(file)))
            yield Session(request, library, today, path, (case, None))


def _label(request: Request, path: Path) -> str:
    """The label of a new file: as given, as typed, or the name of the file."""
    label = request.label
    if label is None and screen.can_ask() and request.missing is None:
        from dmadvisor.cli.asking import ask_line

        ask = "A new case file. A label of your own choosing, not a name: "
        label = ask_line(ask, request.color) or None
    label = label if label is not None else printable(path.stem)
    if not label.strip() or not label.isprintable() or len(label) > LONGEST_LABEL:
        raise UsageError(
            f"--label {printable(label)[:LONGEST_LABEL]}: not a label",
            f"give one line of up to {LONGEST_LABEL} characters",
        )
    return label.strip()


class Session:
    """The visit of today beside those before it."""

    def __init__(
        self,
        request: Request,
        library: Library,
        today: date,
        path: Path,
        read: tuple[CaseFile, bytes | None],
    ) -> None:
        self.request = request
        self.library = library
        self.today = today
        self.path = path
        self.case, self.raw = read
        self.name = printable(str(request.case))
        self.last = self.case.visits[-1] if self.case.visits else None
        self._refuse_day()
        self.carried = carried(library, self.case, today)
        self.proposed = proposals(library, self.case, today)
        self.accepted = self._accepted()
        self.given: frozenset[str] = frozenset()
        self.visit: Visit | None = None
        self.words: list[str] = []

    @property
    def pathway(self) -> str | None:
        """Where the last visit ended: the walk begins there when no pathway is named."""
        return self.last.advice.pathway if self.last else None

    def _refuse_day(self) -> None:
        """A day before the last visit, and a second visit on one day that corrects nothing."""
        if self.last is None or self.last.date < self.today:
            if self.request.correct:
                raise UsageError(
                    f"--correct: {self.name} has no visit on {self.today}",
                    "leave it out, or give the day of the last visit with --today",
                )
            return
        if self.last.date > self.today:
            whose = "--today" if self.request.today else "the clock says"
            raise UsageError(
                f"{whose} {self.today}: before the last visit in {self.name} ({self.last.date})",
                "give the day of this visit with --today",
            )
        if not self.request.correct:
            raise UsageError(
                f"{self.name} has a visit on {self.today} already",
                "add --correct if this one corrects it (both are kept), or give another --today",
            )

    def _accepted(self) -> dict[str, Answer]:
        """The proposals that the options accept."""
        found: dict[str, Answer] = {}
        for id in self.request.accept:
            if id == "all":
                found |= {each: p.answer for each, p in self.proposed.items()}
            elif id in self.proposed:
                found[id] = self.proposed[id].answer
            else:
                names = ", ".join(self.proposed) or "nothing"
                raise UsageError(
                    f"--accept {printable(id)}: nothing is proposed for it",
                    f"earlier visits propose: {names}",
                )
        return found

    def with_earlier(self, told: Mapping[str, Answer]) -> dict[str, Answer]:
        """The answers of today with what was accepted and what carries over; says so on stderr."""
        self.given = frozenset(told)
        held = {id: a for id, a in self.carried.answers.items() if id not in told}
        self.proposed = {id: p for id, p in self.proposed.items() if p.fits(told)}
        accepted = {id: a for id, a in self.accepted.items() if id not in told}
        accepted = {id: a for id, a in accepted.items() if id in self.proposed}
        tell([*self._carried_lines(held, accepted), *self._proposed_lines({*told, *accepted})])
        answers = {**held, **accepted, **told}
        confirmed = {*self.request.confirmed, *(i for i in self.carried.confirmed if i in held)}
        try:
            refuse_clashes(self.library, answers, confirmed)
        except UsageError as error:
            again = "a carried or accepted answer is corrected with -a"
            raise UsageError(error.message, f"{error.hint}; {again}") from error
        return answers

    def _carried_lines(
        self, held: Mapping[str, Answer], accepted: Mapping[str, Answer]
    ) -> Iterator[str]:
        if self.last and self.request.pathway is None:
            yield f"pathway: {self.pathway}, where the visit on {self.last.date} ended"
        for id, answer in held.items():
            yield f"carried: {id} = {answer.text}, from {self.carried.days[id]}"
        for id, day in self.carried.done.items():
            yield f"carried: {id}, done on {day}"
        for id, answer in accepted.items():
            yield f"accepted: {id} = {answer.text}, from {self.proposed[id].day}"
        for text in self.carried.lapsed:
            yield f"asked again: {text}"
        for text in self.carried.notes:
            yield f"asked again, and kept in the file: {text}"

    def _proposed_lines(self, used: set[str]) -> Iterator[str]:
        """What could be accepted; in a terminal it is shown with its question."""
        left = {} if screen.can_ask() else {i: p for i, p in self.proposed.items() if i not in used}
        for id, proposal in left.items():
            yield f"proposed: {id} = {proposal.answer.text}, from {proposal.day}"
        if left:
            yield "not used: a proposal counts with --accept QUESTION, or --accept all"

    def told(self, answers: Mapping[str, Answer]) -> dict[str, Answer]:
        """The answers that were given today, not carried over."""
        held = self.carried.answers
        return {id: a for id, a in answers.items() if id in self.given or held.get(id) != a}

    def viewed(
        self, pathway: str, answers: dict[str, Answer], done: Done, result: Open | Advice
    ) -> CaseView:
        """What is said beside the result, and the visit as it would be kept."""
        today = self.told(answers)
        days = {id: day for id, day in self.carried.days.items() if id not in today}
        known = {id for id, answer in answers.items() if not answer.unknown}
        open_ones = {id: p for id, p in self.proposed.items() if id not in known}
        view = CaseView(label=self.case.label, carried=days, proposed=open_ones)
        if isinstance(result, Open):
            return view
        advice = kept(self.library, result)
        self.words = words_again(self.request, self.library, pathway, today, self.today)
        choices = tuple(self._choice(advice, text) for text in self.request.choose)
        visit = self.visit = visit_of(self.library, pathway, answers, result, done)._replace(
            advice=advice,
            carried=days,
            confirmed=unusual_answers(self.library, answers),
            program=__version__,
            choices=choices,
        )
        shown = [each for each in (self.last, visit) if each]
        chosen = [judged(self.library, each, answers, done, self.today) for each in shown]
        return view._replace(
            warnings=self._warnings(answers, advice),
            since=self._since(visit, result),
            chosen=tuple(each for group in chosen for each in group),
        )

    def _choice(self, advice: GivenAdvice, text: str) -> Choice:
        try:
            return read_choice(self.library, advice, text, self.request.reason)
        except UsageError as error:
            raise lost(error, self.words) from error

    def _warnings(self, answers: Mapping[str, Answer], advice: GivenAdvice) -> tuple[str, ...]:
        """What failed or was not tolerated before, and today's answers leave out; told at once."""
        leading = {option.regimen for option in advice.options if option.recommended}
        texts = []
        for each in forgotten(self.library, self.case, answers):
            title = self.library.regimen(each.regimen).title
            text = f"{title} was named under '{each.question}' on {each.day} and is not today"
            texts.append(text + (", and is recommended" if each.regimen in leading else ""))
        tell(f"warning: {text}" for text in texts)
        return tuple(texts)

    def _since(self, visit: Visit, advice: Advice) -> Since | None:
        """What is new since the last visit, and earlier advice that would differ today."""
        if self.last is None:
            return None
        again = [
            replay(self.library, __version__, each, lambda a: kept(self.library, a))
            for each in self.case.visits
            if each.content != visit.content
        ]
        return Since(
            day=self.last.date,
            content=self.last.content,
            answers=changed_answers(self.last.answers, visit),
            advice=changed_advice(self.last.advice, visit.advice, reasons_of(advice)),
            differing=tuple(each for each in again if not each.same),
        )

    def keep(self) -> None:
        """Write the visit on the reader's word; should it fail, the run is told as a command."""
        assert self.visit is not None
        if not self.request.save and not self._wanted():
            sys.stderr.write(f"not saved: {self.name} is as it was\n")
            if screen.can_ask():
                say_again(self.words)
            return
        now = self.case._replace(visits=(*self.case.visits, self.visit))
        before = self.case if self.raw is not None else None
        try:
            save(self.path, self.raw, bytes_of(before, self.raw or b"", now))
        except UsageError as error:
            raise lost(error, [*self.words, "--save"]) from error
        sys.stderr.write(f"saved: the visit on {self.today} in {self.name}\n")

    def _wanted(self) -> bool:
        """Whether the reader wants the visit saved; nobody to ask means no."""
        if not screen.can_ask():
            sys.stderr.write("a visit is saved with --save\n")
            return False
        from dmadvisor.cli.asking import ask_line

        while True:
            try:
                reply = ask_line("\nSave this visit? (y or n): ", self.request.color).lower()
            except Incomplete:  # the end of input is no
                return False
            if reply in ("y", "yes", "n", "no"):
                return reply.startswith("y")
