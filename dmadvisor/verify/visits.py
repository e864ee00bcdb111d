"""One patient at one visit, with what is advised and what follows from the answers."""

from datetime import date
from functools import cached_property

from dmadvisor.advice import advise
from dmadvisor.answers import Answers
from dmadvisor.conditions import Facts
from dmadvisor.library import Library
from dmadvisor.outcome import Advice
from dmadvisor.safety import Done
from dmadvisor.walk import Reached, answered_unknown, walk


class Visit:
    """A patient who starts one pathway; what the tree asks and is not answered is unknown."""

    def __init__(
        self,
        library: Library,
        pathway: str,
        answers: Answers,
        today: date,
        done: Done | None = None,
    ) -> None:
        self.library = library
        self.pathway = pathway
        self.given = answers
        self.today = today
        self.done = done or {}

    @cached_property
    def answers(self) -> Answers:
        """The answers, unknown where the tree asks for more."""
        return answered_unknown(self.library, self.pathway, dict(self.given))

    @cached_property
    def facts(self) -> Facts:
        """What conditions are held against."""
        return Facts(self.library, self.answers)

    @cached_property
    def end(self) -> tuple[str, str]:
        """The pathway and the step in which the walk ends. Raises PathwayError as ``advice``."""
        found = walk(self.library, self.pathway, self.facts)
        assert isinstance(found, Reached)
        return found.tree.id, found.step_id

    @cached_property
    def advice(self) -> Advice:
        """What is advised. Raises PathwayError where the tree leads nowhere."""
        found = advise(self.library, self.pathway, self.answers, self.today, self.done)
        assert isinstance(found, Advice)
        return found

    def changed(self, question: str, answer: str) -> "Visit":
        """The same patient with another answer to a question."""
        from dmadvisor.answers import read_answer

        new = read_answer(question, self.library.question(question), answer, confirmed=True)
        answers = {**self.given, question: new}
        return Visit(self.library, self.pathway, answers, self.today, self.done)

    def within(self, library: Library) -> "Visit":
        """The same patient, advised from other content."""
        return Visit(library, self.pathway, self.given, self.today, self.done)
