"""One record of the content to a document: what ``show`` prints of it, in full."""

from collections.abc import Iterator
from typing import Any

from dmadvisor.answers import allowed, range_words
from dmadvisor.conditions import bounds_words, condition_words
from dmadvisor.library import Library
from dmadvisor.model import (
    ACTIONS,
    NAMES,
    Bounds,
    Branch,
    Citation,
    Condition,
    Line,
    Monitoring,
    Offer,
    Question,
    QuestionId,
    Regimen,
    SpotId,
    Step,
    Target,
)
from dmadvisor.page import Detail, Document, Item, Section, SourceNumbers
from dmadvisor.rhythm import when_words
from dmadvisor.sources import citation_text, sources_section
from dmadvisor.values import HAND_OVER
from dmadvisor.walk import Tree, tree_of

TOLD_BEFORE = ("title", "ask", "topic", "cites", "also_called")
"""Fields that stand under no heading of their own."""


def kinds_of(library: Library, id: str) -> tuple[str, ...]:
    """The kinds of record that carry this id; a question and a check may share one."""
    return tuple(kind for kind in NAMES if library.entry(kind, id) is not None)


def describe(library: Library, kind: str, id: str) -> Document:
    """One record, with every source it cites."""
    return _Describer(library).document(kind, id)


def _called(record: Any) -> Section:
    """Its other names, where it has any as a whole."""
    names = getattr(record, "also_called", ())
    items = (Item("ALSO CALLED", ", ".join(names)),) if isinstance(names, tuple) and names else ()
    return Section("Also called", items)


def target_text(target: Target) -> str:
    """Where a branch leads."""
    return f"{HAND_OVER}{target.pathway}" if target.pathway else str(target.spot)


def walk_order(tree: Tree) -> tuple[SpotId, ...]:
    """Every spot of a tree as a reader meets it, from the start down each branch."""
    seen: dict[SpotId, None] = {}
    waiting = [tree.start] if tree.start else []
    while waiting:
        spot = waiting.pop()
        if spot in seen:
            continue
        seen[spot] = None
        branches = tree.forks.get(spot) or tree.questions.get(QuestionId(spot), ())
        waiting += [b.to.spot for b in reversed(branches) if b.to.spot]
    return tuple(seen)


class _Describer:
    """Collects sources while records are put into words."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.refs = SourceNumbers()

    def document(self, kind: str, id: str) -> Document:
        record = self.library.get(kind, id)
        makers: dict[str, Any] = {
            "PathwayId": lambda: self.pathway(id),
            "RegimenId": lambda: self.regimen(record),
            "QuestionId": lambda: self.question(record),
            "CitationId": lambda: self.citation(record),
        }
        title = getattr(record, "title", None) or getattr(record, "ask", None)
        title = title or getattr(record, "topic", None) or citation_text(record)
        head = [Item("ID", f"{id} ({NAMES[kind]})", tone="quiet")]
        sections = [_called(record), *makers.get(kind, lambda: self.fields(record))()]
        cites = getattr(record, "cites", ())
        first = Section(title, (*head, *self.cited(cites)), "good", kind="TITLE")
        sources = sources_section(self.library, self.refs)
        return Document((first, *(s for s in (*sections, sources) if s.items)))

    def cited(self, cites: tuple[str, ...]) -> tuple[Item, ...]:
        numbers = self.refs(cites)
        return (Item("CITES", "Rests on", refs=numbers, tone="quiet"),) if numbers else ()

    # -- records with plain fields ----------------------------------------------------------

    def fields(self, record: Any) -> Iterator[Section]:
        """Every field of a record under its own heading."""
        for name, value in record._asdict().items():
            if name in TOLD_BEFORE or value in (None, (), {}, False):
                continue
            heading = name.replace("_", " ").capitalize()
            yield Section(heading, tuple(self.items(heading.upper(), value)))

    def items(self, kind: str, value: Any) -> Iterator[Item]:
        if isinstance(value, Condition):
            yield Item(kind, condition_words(value))
        elif isinstance(value, dict):
            for id, each in value.items():
                yield Item(kind, f"{id}: {each}" if isinstance(each, str) else str(id))
        elif hasattr(value, "_asdict"):
            yield self.item(kind, value)
        elif isinstance(value, (list, tuple)):
            for each in value:
                yield from self.items(kind, each)
        else:
            yield Item(kind, str(value))

    def item(self, kind: str, record: Any) -> Item:
        """A small record as one item: its text, its condition, its sources."""
        if isinstance(record, Bounds):
            return Item(kind, bounds_words(record))
        values = record._asdict()
        names = ("check", "pitfall", "conflict", "what", "say", "value", "answer", "number")
        text = next((str(values[name]) for name in names if values.get(name)), "")
        if "unit" in values and "number" in values:
            text = f"{values['number']} {values['unit']}"
        parts = [text]
        if isinstance(record, Monitoring):
            parts.append(when_words(record))
        if values.get("gate") is True:
            parts.append("the first dose waits for it")
        if values.get("recent"):
            parts.append(f"not older than {values['recent'].number} {values['recent'].unit}")
        details = []
        if isinstance(values.get("gate"), Condition):
            gate = f"the first dose waits for it if {condition_words(values['gate'])}"
            details.append(Detail("Gate", gate))
        if values.get("when"):
            details.append(Detail("When", condition_words(values["when"])))
        if values.get("settled_by"):
            details.append(Detail("Settled by", ", ".join(values["settled_by"])))
        if isinstance(values.get("say"), tuple):
            details += [Detail("", line.say, self.refs(line.cites)) for line in values["say"]]
        return Item(
            kind, ", ".join(parts), refs=self.refs(values.get("cites", ())), details=tuple(details)
        )

    def citation(self, citation: Citation) -> Iterator[Section]:
        """How far a source was read."""
        if citation.note:
            yield Section("How far it was read", (Item("NOTE", citation.note),))

    def question(self, question: Question) -> Iterator[Section]:
        yield Section("Why", (Item("WHY", question.why),))
        answers = tuple(Item("ANSWER", f"{id}: {label}") for id, label in question.answers.items())
        yield Section("Answers", answers or (Item("ANSWER", allowed(question)),))
        if question.plausible:
            usual = range_words(question.plausible, question.unit).strip()
            yield Section("Usual range", (Item("RANGE", usual),))
        if question.means_unknown:
            words = ", ".join(question.means_unknown)
            yield Section("Count as unknown", (Item("UNKNOWN", words),))
        yield Section("Follows from other answers", tuple(self.items("IMPLIED", question.implied)))
        if question.proposed:
            from dmadvisor.casefile.proposing import proposed_words

            ways = tuple(Item("PROPOSED", text) for text in proposed_words(question.proposed))
            yield Section("Proposed from earlier visits", ways)

    def regimen(self, regimen: Regimen) -> Iterator[Section]:
        words = [
            f"{name.replace('_', ' ').capitalize()}: {getattr(regimen, name)}"
            for name in ("drug_class", "purpose", "mechanism", "response", "pregnancy", "harms")
            if getattr(regimen, name)
        ]
        yield Section("What it is", tuple(Item("FACT", word) for word in words))
        yield Section("Dose", tuple(self.doses(regimen)))
        fields = (
            "how",
            "taper",
            "companions",
            "checks",
            "contraindications",
            "cautions",
            "monitoring",
            "pitfalls",
            "conflicts",
            "notes",
        )
        for name in fields:
            items = tuple(self.items(name.upper().rstrip("S"), getattr(regimen, name)))
            yield Section(name.capitalize(), items)
        if regimen.for_patients:
            yield Section("For patients", (Item("FOR PATIENTS", regimen.for_patients),))
        status = regimen.review_status.replace("-", " ")
        by = f" by {regimen.reviewer}" if regimen.reviewer else ""
        yield Section("Review", (Item("REVIEW", f"{regimen.reviewed}, {status}{by}"),))

    def doses(self, regimen: Regimen) -> Iterator[Item]:
        from dmadvisor.conditions import Facts
        from dmadvisor.dosing import print_dose

        printed = print_dose(regimen, Facts(self.library, {})) if regimen.doses else None
        if printed is None:
            return
        yield Item("DOSE", printed.text, refs=self.refs(printed.sources))
        for dose in regimen.doses:
            for adjustment in dose.adjustments:
                yield self.item("ADJUST", adjustment)
            for note in dose.notes:
                yield self.item("NOTE", note)

    # -- pathways ---------------------------------------------------------------------------

    def pathway(self, id: str) -> Iterator[Section]:
        tree = tree_of(self.library, id)
        yield Section("For", (Item("FOR", tree.pathway.population),))
        for spot in walk_order(tree):
            if spot in tree.steps:
                step = tree.steps[spot]
                yield Section(f"{spot}: {step.title}", tuple(self.step(step)), "good", "STEP")
            elif spot in tree.forks:
                yield Section(spot, tuple(self.branches(tree.forks[spot])), kind="FORK")
            else:
                ask = f"{spot}: {self.library.question(spot).ask}"
                branches = self.branches(tree.questions[QuestionId(spot)], spot)
                yield Section(ask, tuple(branches), kind="QUESTION")

    def branches(self, branches: tuple[Branch, ...], question: str = "") -> Iterator[Item]:
        for branch in branches:
            words = "otherwise"
            if branch.when is not None:
                words = (
                    condition_words(branch.when).removeprefix(f"{question} ").removeprefix("is ")
                )
            yield Item("IF", f"{words}: {target_text(branch.to)}")

    def step(self, step: Step) -> Iterator[Item]:
        for kind, lines in (("GO ON", step.go_on), ("DO", step.do), ("WHY", step.why)):
            for line in lines:
                yield self.line(kind, line)
        for offer in step.offer:
            yield self.offer(offer)
        for name in ("checks", "monitoring", "pitfalls", "conflicts"):
            yield from self.items(name.upper().rstrip("S"), getattr(step, name))
        weeks = ", ".join(map(str, step.review.weeks))
        yield Item("REVIEW", f"weeks {weeks}; not enough: {step.review.not_enough}")
        if step.referral != "none":
            yield Item("REFER", step.referral)
        yield from self.cited(step.cites)

    def line(self, kind: str, line: Line) -> Item:
        details = (Detail("When", condition_words(line.when)),) if line.when else ()
        return Item(kind, line.say, refs=self.refs(line.cites), details=details)

    def offer(self, offer: Offer) -> Item:
        listed = {action: offer.listed(action) for action in ACTIONS}
        words = [f"{action} {', '.join(ids)}" for action, ids in listed.items() if ids]
        if offer.group:
            words.append(f"group {offer.group}")
        details = []
        if offer.if_barred:
            details.append(Detail("If barred", ", ".join(offer.if_barred)))
        if offer.also_when:
            details.append(Detail("Also when", condition_words(offer.also_when)))
        if offer.when:
            details.append(Detail("When", condition_words(offer.when)))
        if offer.if_taken:
            details.append(Detail("Each only when", "it is taken"))
        return Item("OFFER", "; ".join(words), details=tuple(details))
