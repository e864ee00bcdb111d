"""What a case file is made of: a label, and the visits in the order of their days.

Ids stand in it as plain words, since the content that it was written with may have had others.
"""

from collections.abc import Mapping
from datetime import date as day
from typing import Literal

from dmadvisor.model import Action, Referral
from dmadvisor.records import Record
from dmadvisor.safety import Verdict

FORMAT = 1
"""The format that this program writes; it refuses a file with a higher one."""


class Content(Record):
    """The content that an advice came from."""

    version: str
    sha256: str


class GivenOption(Record):
    """One option as it was advised."""

    regimen: str
    action: Action
    verdict: Verdict
    recommended: bool = False
    group: str | None = None
    """Options of one group are alternatives."""
    companion_of: str | None = None
    """The regimen that it always goes with."""
    dose: str | None = None
    """The dose as it was printed."""


class GivenAdvice(Record):
    """What was advised at a visit."""

    pathway: str
    """Where the walk ended."""
    step: str
    title: str
    referral: Referral
    review_weeks: tuple[int, ...] = ()
    options: tuple[GivenOption, ...] = ()
    sha256: str = ""
    """Of the advice as JSON, byte for byte: a replay is held against it."""


class Choice(Record):
    """What the clinician chose instead of what was recommended."""

    regimen: str
    action: Action
    reason: str


class Visit(Record):
    """One visit: everything that its advice was made from, and what was advised."""

    date: day
    pathway: str
    """Where the walk began."""
    content: Content
    answers: Mapping[str, tuple[str, ...]]
    """Every answer that counted, with those that were carried over."""
    advice: GivenAdvice
    carried: Mapping[str, day] = {}
    """The answers that were taken over, each with the day on which it was given."""
    done: Mapping[str, day | Literal["yes"]] = {}
    """The checks that were done, with the day."""
    confirmed: tuple[str, ...] = ()
    """The questions whose unusual answers were confirmed."""
    choices: tuple[Choice, ...] = ()


class CaseFile(Record):
    """One patient's visits."""

    label: str
    """The user's own word for the patient; the program never asks for a name."""
    format: int = FORMAT
    visits: tuple[Visit, ...] = ()
