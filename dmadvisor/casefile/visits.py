"""What a visit in the file says, in the records of the program."""

from dmadvisor.answers import Answer, Answers
from dmadvisor.casefile.recording import counted, given_advice, readable
from dmadvisor.casefile.records import CaseFile, Content, Visit
from dmadvisor.library import Library, unknown_name
from dmadvisor.outcome import Advice
from dmadvisor.problems import UsageError
from dmadvisor.safety import Done

OTHER_CONTENT = "use the content it was written with (--pathways)"


def answers_of(library: Library, visit: Visit) -> dict[str, Answer]:
    """The answers of a visit that the content still knows.

    Raises UsageError where it does not know the pathway.
    """
    pathways = library.ids("PathwayId")
    if visit.pathway not in pathways:
        error = unknown_name("pathway", visit.pathway, pathways, "dmadvisor list")
        raise UsageError(f"visit of {visit.date}: {error.message}", OTHER_CONTENT)
    return readable(library, visit)[0]


def visit_of(library: Library, pathway: str, answers: Answers, advice: Advice, done: Done) -> Visit:
    """A visit of today, from its advice."""
    return Visit(
        date=advice.today,
        pathway=pathway,
        content=Content(library.content().version, library.sha256),
        answers={id: answer.words for id, answer in answers.items()},
        advice=given_advice(advice, {}, ""),
        done={id: day or "yes" for id, day in done.items()},
    )


def in_order(case: CaseFile) -> tuple[Visit, ...]:
    """The visits that count, by day."""
    return tuple(sorted(counted(case), key=lambda visit: visit.date))
