"""Whether every clinical statement has its source, and every source can be found and is fresh."""

import re
from collections.abc import Iterator
from datetime import date

from dmadvisor import model
from dmadvisor.library import Entry
from dmadvisor.lint.rules import rule
from dmadvisor.lint.scope import Finding, Scope, quoted, record_name
from dmadvisor.model import Chapter, Citation, Pathway, Regimen
from dmadvisor.yamltext import KEY, Path

CITING = {
    model.Pathway: "pathway",
    model.Step: "step",
    model.Regimen: "regimen",
    model.Check: "check",
    model.Pitfall: "pitfall",
    model.RedFlag: "red flag",
    model.Conflict: "conflict",
    model.OtherView: "view of another source",
    model.Bar: "contraindication",
    model.Caution: "caution",
    model.Monitoring: "monitoring",
    model.DueKind: "kind of thing due",
    model.Dose: "dose",
    model.Cap: "cap",
    model.Adjustment: "adjustment",
    model.Question: "question",
    model.Derived: "fact",
    model.NotOffered: "reason for not offering it",
    model.Clash: "clash",
    model.Topic: "topic",
}
"""Records that cite a source, and what an author calls them."""

REVIEWED = (Pathway, Regimen, Chapter)
"""Records that say when they were reviewed, and by whom."""

FORMS = {
    "doi": (re.compile(r"10\.[0-9]{4,9}/\S+"), "write it as 10.1000/journal.1"),
    "pmid": (re.compile(r"[0-9]{1,8}"), "write its number only"),
    "url": (re.compile(r"https?://[^\s/]+\.[^\s]+"), "write it with https://"),
    "file": (re.compile(r"[\w.-]+"), "write the file's name only"),
}


@rule("uncited")
def uncited(scope: Scope) -> Iterator[Finding]:
    """A clinical statement without a source.

    A clinician has to be able to check every line. What rests on no source that was read cites the
    entry of the kind 'expert value', and is shown as that.

    Wrong:  - {when: {weight: below 40}, say: Half the dose.}
    Right:  - {when: {weight: below 40}, say: Half the dose., cites: [guideline-2025]}
    """
    expert = next(
        (e.id for e in scope.of("CitationId") if e.record and e.record.kind == "expert value"), None
    )
    help = "add 'cites: [...]' with a source of shared/citations.yaml"
    help += f"; where none was read, '{expert}'" if expert else ""
    for entry in scope.entries:
        for record, path in entry.notes.records:
            noun = CITING.get(type(record))
            if noun and not record.cites and scope.lacks(entry, path, "cites"):
                named = path and isinstance(path[-1], str) and record_name(record)
                name = f" {quoted(path[-1])}" if named else ""
                where = _where(scope, entry, path)
                yield Finding(entry.file, where, f"this {noun}{name} cites no source", help)


def _where(scope: Scope, entry: Entry, path: Path) -> Path:
    if scope.raw(entry.file, (*path, "cites")) is not None:
        return (*path, "cites")
    return (*path, KEY) if path and isinstance(path[-1], str) else path


@rule("citation-id")
def citation_id(scope: Scope) -> Iterator[Finding]:
    """A source that nobody can look up.

    A source has a DOI, a PMID, a URL or the name of a seed file. Only the kind 'expert value' has
    none, because it says that no source was read.

    Wrong:  {text: Some guideline 2025, kind: guideline}
    Right:  {text: Some guideline 2025, kind: guideline, doi: 10.1000/journal.1}
    """
    for entry, citation, path in scope.records(Citation):
        written = [key for key in FORMS if scope.raw(entry.file, (*path, key)) is not None]
        if not written and citation.kind != "expert value" and not scope.misspelt(entry, path):
            yield Finding(
                entry.file,
                scope.named(entry),
                f"{quoted(entry.id)} has no DOI, PMID, URL or file",
                "add 'doi:', 'pmid:', 'url:' or 'file:'",
            )
        for key in written:
            pattern, help = FORMS[key]
            value = getattr(citation, key)
            if value is not None and not pattern.fullmatch(value):
                yield Finding(
                    entry.file, (*path, key), f"{quoted(value)} is not a {key.upper()}", help
                )


@rule("no-reviewer")
def no_reviewer(scope: Scope) -> Iterator[Finding]:
    """Content that is called reviewed and does not say by whom.

    A reader trusts the review of a role, such as a consultant. Nobody's name stands here.

    Wrong:  review-status: clinician-reviewed
    Right:  review-status: clinician-reviewed
            reviewer: consultant
    """
    for kind in REVIEWED:
        for entry, record, path in scope.records(kind):
            status: str = record.review_status  # type: ignore[attr-defined]
            if status != "unreviewed" and scope.lacks(entry, path, "reviewer"):
                yield Finding(
                    entry.file,
                    (*path, "review-status"),
                    f"{quoted(status)}, and nothing says by whom",
                    "add 'reviewer:' with the role of who reviewed it, or write 'unreviewed'",
                )


@rule("stale-review", severity="warning")
def stale_review(scope: Scope) -> Iterator[Finding]:
    """Content that nobody has looked at for more than 12 months, or a review in the future.

    Doses and warnings change. Read it again against its sources and set the date.

    Wrong:  reviewed: 2021-03-01
    Right:  reviewed: the day on which it was last read against its sources
    """
    today = scope.today
    if today is None:
        return
    for kind in REVIEWED:
        for entry, record, path in scope.records(kind):
            reviewed: date = record.reviewed  # type: ignore[attr-defined]
            if reviewed > today:
                yield Finding(
                    entry.file,
                    (*path, "reviewed"),
                    f"reviewed on {reviewed}, which is in the future",
                    "write the day on which it was reviewed",
                )
            elif (today.year - reviewed.year, today.month, today.day) > (
                1,
                reviewed.month,
                reviewed.day,
            ):
                yield Finding(
                    entry.file,
                    (*path, "reviewed"),
                    f"reviewed on {reviewed}, more than 12 months ago",
                    "read it against its sources, then set 'reviewed'",
                )
