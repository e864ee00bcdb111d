"""JSON: a versioned contract; within a format number keys are only ever added."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from dmadvisor import __version__
from dmadvisor.answers import answer_label, choices, range_words
from dmadvisor.library import Library
from dmadvisor.outcome import Advice
from dmadvisor.records import Record
from dmadvisor.walk import Open, Turn

FORMAT = 1


def render(
    library: Library, result: Open | Advice, today: str, case: Mapping[str, Any] | None = None
) -> str:
    """The advice, or the open question, as JSON; ``case`` holds the keys of a case file."""
    data = head(library, result, today)
    data |= _question(library, result) if isinstance(result, Open) else _advice(library, result)
    return dumps(data | dict(case or {}))


def dumps(data: object) -> str:
    """Data as JSON in plain ASCII; a mapping has one key a line, which grep and diff can use."""
    if not isinstance(data, dict):
        return json.dumps(data, indent=2, default=plain) + "\n"
    rows = (
        f"  {json.dumps(key)}: {json.dumps(value, default=plain)}" for key, value in data.items()
    )
    return "{\n" + ",\n".join(rows) + "\n}\n"


def head(library: Library, result: Open | Advice, today: str) -> dict[str, Any]:
    """What a run was given, and what it rests on."""
    pathway = result.tree.pathway
    content = library.content()
    return {
        "format": FORMAT,
        "dmadvisor": __version__,
        "content": {
            "version": content.version,
            "sha256": library.sha256,
            "review_status": review_status(library, result),
        },
        "status": "question" if isinstance(result, Open) else "advice",
        "pathway": {"id": result.tree.id, "title": pathway.title, "reviewed": pathway.reviewed},
        "today": today,
        "turns": [_turn(library, turn) for turn in result.turns],
    }


def review_status(library: Library, result: Open | Advice) -> str:
    """The least review of what this run used: its pathway and the regimens it offers."""
    statuses = {result.tree.pathway.review_status}
    if isinstance(result, Advice):
        statuses |= {library.regimen(option.regimen).review_status for option in result.options}
    return "unreviewed" if "unreviewed" in statuses else "clinician-reviewed"


def _turn(library: Library, turn: Turn) -> dict[str, Any]:
    return {
        "pathway": turn.pathway,
        "question": turn.question,
        "ask": library.question(turn.question).ask,
        "answer": turn.answer.text,
        "label": answer_label(library.question(turn.question), turn.answer),
    }


def _question(library: Library, result: Open) -> dict[str, Any]:
    question = library.question(result.question)
    answers = [{"id": id, "label": label} for id, label in choices(question)]
    return {
        "question": {
            "id": result.question,
            "ask": question.ask,
            "why": question.why,
            "kind": question.kind,
            "answers": answers,
            "unit": question.unit,
            "range": range_words(question.possible, None).strip() or None,
        }
    }


def _advice(library: Library, advice: Advice) -> dict[str, Any]:
    keys = (
        "red_flags",
        "step",
        "options",
        "checks",
        "contraindications",
        "monitoring",
        "pitfalls",
        "conflicts",
        "review",
        "missing",
        "unused",
        "recorded",
    )
    data = {key: plain(getattr(advice, key)) for key in keys}
    for check in data["checks"]:
        del check["waiting"]
    for missing in data["missing"]:
        del missing["rank"], missing["leads"]
    for part in ("do", "why"):
        data["step"][part] = " ".join(data["step"][part])
    for option in data["options"]:
        del option["companion_of"]
        for reason in option["reasons"]:
            del reason["kind"], reason["when"]
        if option["dose"]:
            del option["dose"]["parts"]
            cites = (*option["sources"], *option["dose"].pop("sources"))
            option["sources"] = list(dict.fromkeys(cites))
    data["sources"] = source_rows(library, _cited(advice))
    return data


def source_rows(library: Library, ids: Iterable[str]) -> list[dict[str, Any]]:
    """The citations in the order in which they are read, each once."""
    return [_source(library, id) for id in dict.fromkeys(ids)]


def _cited(value: object) -> Iterator[str]:
    if isinstance(value, Record):
        yield from getattr(value, "sources", ())
        for name in value._fields:
            inner = getattr(value, name)
            if isinstance(inner, (Record, tuple)) and name not in ("sources", "tree", "turns"):
                yield from _cited(inner)
    elif isinstance(value, tuple):
        for each in value:
            yield from _cited(each)


def _source(library: Library, id: str) -> dict[str, Any]:
    citation = library.citation(id)
    url = citation.url
    if url is None and citation.pmid:
        url = f"https://pubmed.ncbi.nlm.nih.gov/{citation.pmid}/"
    text = f"{citation.text} {citation.file}" if citation.file else citation.text
    return {
        "id": id,
        "text": text,
        "kind": citation.kind,
        "population": citation.population,
        "doi": citation.doi,
        "url": url,
    }


def number(value: Any) -> int | float:
    """A decimal as a JSON number: whole where it is whole."""
    return int(value) if value == value.to_integral_value() else float(value)


def plain(value: Any) -> Any:
    """Records as mappings by field name, tuples as lists, decimals as numbers, dates as text."""
    if value is None or isinstance(value, (str, int)):
        return value
    if isinstance(value, Record):
        return {name.rstrip("_"): plain(each) for name, each in value._asdict().items()}
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    if isinstance(value, Mapping):
        return {name: plain(each) for name, each in value.items()}
    if hasattr(value, "to_integral_value"):
        return number(value)
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return value
