"""Places of the content named by kind and id, such as ``checks/some-check``."""

from collections.abc import Mapping

from dmadvisor.lint.scope import Scope, quoted, use_or

PLACE_KINDS = {
    "pathways": "PathwayId",
    "parts": "PartId",
    "questions": "QuestionId",
    "facts": "DerivedId",
    "regimens": "RegimenId",
    "checks": "CheckId",
    "pitfalls": "PitfallId",
    "red-flags": "RedFlagId",
    "conflicts": "ConflictId",
    "citations": "CitationId",
    "clashes": "ClashId",
    "not-offered": "NotOfferedId",
    "topics": "TopicId",
}
"""The word for each kind that a place can name."""


def step_names(scope: Scope) -> tuple[str, ...] | None:
    """The name of every step, or None while a file that may hold some cannot be read."""
    names: dict[str, None] = {}
    for kind in ("PathwayId", "PartId"):
        for entry in filter(None, (scope.library.entry(kind, id) for id in scope.ids(kind))):
            data = scope.raw(entry.file, ())
            if not isinstance(data, dict) or scope.misspelt(entry, ()):
                return None
            steps = data.get("steps")
            names |= dict.fromkeys(steps if isinstance(steps, dict) else ())
    return tuple(names)


def wrong_place(
    scope: Scope, place: str, more: Mapping[str, tuple[str, ...] | None] | None = None
) -> tuple[str, str] | None:
    """What is wrong with a place and what to do; None when it is there, or cannot be known.

    ``more`` holds the ids of further kinds, or None for ids that cannot be known.
    """
    kind, _, id = place.partition("/")
    kinds = (*(more or {}), *PLACE_KINDS)
    if kind not in kinds or not id:
        return (
            f"{quoted(place)} is no place",
            use_or(kind, kinds, f"write one of {', '.join(kinds)}, a slash and the id"),
        )
    if more and kind in more:
        known = more[kind]
    else:
        name = PLACE_KINDS[kind]
        known = scope.ids(name) if scope.readable(name) else None
    if known is None or id in known:
        return None
    places = tuple(f"{kind}/{each}" for each in known)
    return f"{quoted(place)} is not there", use_or(place, places, "name where it stands")
