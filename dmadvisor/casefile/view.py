"""What is said beside an advice that stands in a case file."""

from collections.abc import Mapping
from datetime import date

from dmadvisor.casefile.choosing import Chosen
from dmadvisor.casefile.compare import Since
from dmadvisor.casefile.proposing import Proposal
from dmadvisor.records import Record


class CaseView(Record):
    """One visit among the others of its case."""

    label: str
    warnings: tuple[str, ...] = ()
    """What today's answers leave out of what failed or was not tolerated."""
    since: Since | None = None
    chosen: tuple[Chosen, ...] = ()
    """Choices of the last visit and of this one, judged today."""
    carried: Mapping[str, date] = {}
    proposed: Mapping[str, Proposal] = {}
    """What could be accepted and was not."""
