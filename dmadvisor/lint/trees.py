"""Whether a pathway's tree holds together: every place there, reached, and ending."""

from collections.abc import Callable, Iterator

from dmadvisor.lint.graph import circle_words, explore
from dmadvisor.lint.rules import FILE_CODES, rule
from dmadvisor.lint.scope import Finding, Scope, Spot, TreeView, quoted, use_or
from dmadvisor.problems import nearest
from dmadvisor.yamltext import Path

MAX_QUESTIONS = 20

TREE_CODES = ("unknown-spot", "unknown-question", "unknown-part", "unknown-pathway", "no-end")


@rule("unknown-spot")
def unknown_spot(scope: Scope) -> Iterator[Finding]:
    """A line that leads to a place that the pathway does not have.

    A line leads to a question, a fork or a step of the same pathway or of a part that it uses, or
    hands over to another pathway.

    Wrong:  no: mesure-weight
    Right:  no: measure-weight
    """
    for view in scope.trees:
        if view.blurred:
            continue
        reached = view.reached()
        for layer in view.layers:
            start = layer.record.start
            if start and start not in view.names and start == view.tree.start:
                yield _no_spot(scope, view, start, layer.file, ("start",))
        for spot in view.spots.values():
            if spot.entry is not view.entry and spot.id not in reached:
                continue
            for branch, path in spot.lines:
                to = branch.to.spot
                if to and to not in view.names and not _misspelt_question(scope, view, to):
                    place = (*path, "to") if spot.kind == "forks" else path
                    yield _no_spot(scope, view, to, spot.entry.file, place)


def _misspelt_question(scope: Scope, view: TreeView, name: str) -> bool:
    """Whether the place is there under a misspelt name, which is reported where it stands."""
    known = scope.ids("QuestionId")
    strange = [
        id for id, spot in view.spots.items() if spot.kind == "questions" and id not in known
    ]
    return nearest(name, strange) is not None


def _no_spot(scope: Scope, view: TreeView, name: str, file: str, path: Path) -> Finding:
    where = "" if file == view.entry.file else f" in the pathway {quoted(view.entry.id)}"
    message = f"no question, fork or step is called {quoted(name)}{where}"
    if name in scope.ids("PathwayId"):
        return Finding(file, path, message, f"write 'hand over to {name}'")
    if name in scope.ids("QuestionId"):
        add = f"add {quoted(name)} under 'questions', with where each answer leads"
        return Finding(file, path, message, add)
    names = tuple(sorted(view.names))
    return Finding(file, path, message, use_or(name, names, f"add {quoted(name)}"))


@rule("unreachable", after=(*FILE_CODES, *TREE_CODES))
def unreachable(scope: Scope) -> Iterator[Finding]:
    """A question, fork or step that no walk comes to.

    It looks like guidance and is never shown. A place of a part counts as reached when any pathway
    that uses the part comes to it.

    Wrong:  steps: {forgotten: ...}      and no line leads to 'forgotten'
    Right:  a line that leads to it, or no such step
    """
    reached: set[tuple[str, Path]] = set()
    candidates: dict[tuple[str, Path], Spot] = {}
    for view in scope.trees:
        found = view.reached()
        for spot in view.spots.values():
            reached |= {(spot.entry.file, spot.path)} if spot.id in found else set()
            if scope.whole or spot.entry is view.entry:
                candidates[spot.entry.file, spot.path] = spot
    for place, spot in candidates.items():
        if place not in reached:
            noun = spot.kind.removesuffix("s")
            yield Finding(
                *place,
                f"no walk comes to the {noun} {quoted(spot.id)}",
                "let a line lead to it, or delete it",
            )


@rule("loop")
def loop(scope: Scope) -> Iterator[Finding]:
    """A walk, or a fact, that comes back to where it was.

    One run is one visit: it ends in a step with a time to look again, and nothing is walked twice.
    A fact, or an answer that follows from others, must not rest on itself either.

    Wrong:  weigh: {below 40: feed, ...}      with    feed: [{to: weigh}]
    Right:  weigh: {below 40: feed, ...}      with a step 'feed' that says when to look again
    """
    for view in scope.trees:
        roots = [str(view.tree.start), *view.spots]
        for circle in explore([r for r in roots if r in view.spots], _leads_to(view)).circles:
            spot = view.spots[circle[-2]]
            path = next(p for b, p in spot.lines if b.to.spot == circle[-1])
            yield Finding(
                spot.entry.file,
                path,
                f"the walk runs in a circle: {circle_words(circle)}",
                "let one of these places lead to a step or to something new",
            )
    facts = {entry.id: entry for entry in (*scope.of("DerivedId"), *scope.of("QuestionId"))}
    rests_on = {
        id: [
            r.id
            for r in entry.notes.references
            # A proposal rests on the answers of earlier visits, not on those of this one.
            if r.kind in ("FactId", "QuestionId") and "proposed" not in r.path
        ]
        for id, entry in facts.items()
    }
    for circle in explore(facts, lambda id: [r for r in rests_on[id] if r in facts]).circles:
        entry = facts[circle[-2]]
        yield Finding(
            entry.file,
            scope.named(entry),
            f"worked out from itself: {circle_words(circle)}",
            "let it rest on answers that do not rest on it",
        )


def _leads_to(view: TreeView) -> Callable[[str], list[str]]:
    return lambda id: [name for name in view.spots[id].goes_to if name in view.spots]


@rule("no-end")
def no_end(scope: Scope) -> Iterator[Finding]:
    """A pathway without a start, or a question or fork without lines.

    A walk that gets there can go nowhere.

    Wrong:  forks: {by-weight: []}
    Right:  forks: {by-weight: [{when: {weight: below 40}, to: too-light}, {to: go-on}]}
    """
    for view in scope.trees:
        if view.tree.start is None and not view.blurred:
            yield Finding(
                view.entry.file,
                (),
                "the pathway has no start",
                "add 'start:' with its first question, or use a part that has one",
            )
    for kind in ("questions", "forks"):
        for entry, spot in scope.branch_lists(kind):
            if not spot.lines:
                yield Finding(
                    entry.file,
                    spot.path,
                    f"{quoted(spot.id)} leads nowhere",
                    "add lines that lead to a step",
                )


@rule("too-deep", after=("loop",))
def too_deep(scope: Scope) -> Iterator[Finding]:
    """More than 20 questions on the longest way through one pathway.

    Nobody answers that many in a clinic. What is asked only to choose a dose belongs into the
    regimen, which asks it when it is offered.

    Wrong:  a way of 24 questions
    Right:  a step after at most 20, better 12
    """
    for view in scope.trees:
        order = explore(
            [str(view.tree.start)] if view.tree.start in view.spots else [], _leads_to(view)
        ).order
        longest: dict[str, int] = {}
        for id in order:
            spot = view.spots[id]
            deepest = max((longest[name] for name in spot.goes_to if name in longest), default=0)
            longest[id] = deepest + (spot.kind == "questions")
        number = longest[order[-1]] if order else 0
        if number > MAX_QUESTIONS:
            yield Finding(
                view.entry.file,
                (),
                f"{number} questions on the longest way through, from {quoted(order[-1])}",
                f"ask at most {MAX_QUESTIONS}: leave to the regimens what only they need",
            )


@rule("same-name", whole=True)
def same_name(scope: Scope) -> Iterator[Finding]:
    """One name for two things.

    A line names a place by its id alone, and a condition a question or fact by its id alone: with
    two of the same name, one of them is never found.

    Wrong:  forks: {weigh-first: [...]}      and      steps: {weigh-first: ...}
    Right:  forks: {by-weight: [...]}        and      steps: {weigh-first: ...}
    """
    for view in scope.trees:
        tree = view.tree
        for id, spot in view.spots.items():
            kinds = [k for k in ("questions", "forks", "steps") if id in getattr(tree, k)]
            if len(kinds) > 1:
                nouns = " and a ".join(kind.removesuffix("s") for kind in kinds)
                yield Finding(
                    spot.entry.file,
                    spot.path,
                    f"{quoted(id)} is a {nouns} of one pathway",
                    "give one of them another name",
                )
    for entry in scope.of("DerivedId"):
        if entry.id in scope.ids("QuestionId"):
            yield Finding(
                entry.file,
                scope.named(entry),
                f"{quoted(entry.id)} is a question as well",
                "give the fact another name",
            )


@rule("fork-end")
def fork_end(scope: Scope) -> Iterator[Finding]:
    """A fork that some patient gets stuck in, or a branch that none gets to.

    The last branch of a fork has no condition, so that every patient goes on, also one of whom
    nothing is known. A branch after it is never taken, unless it stands for a hand-over to a
    pathway that was already left.

    Wrong:  - {when: {weight: below 40}, to: too-light}
    Right:  - {when: {weight: below 40}, to: too-light}
            - {to: go-on}
    """
    for entry, spot in scope.branch_lists("forks"):
        if not spot.lines:
            continue
        branch, path = spot.lines[-1]
        ends = [i for i, (b, _) in enumerate(spot.lines) if b.when is None and not b.to.pathway]
        if ends and ends[0] < len(spot.lines) - 1:
            yield Finding(
                entry.file,
                spot.lines[ends[0] + 1][1],
                "no walk comes to this branch: the one before it has no condition",
                "put the branch without a condition last",
            )
        elif branch.when is not None:
            yield Finding(
                entry.file,
                path,
                f"the last branch of {quoted(spot.id)} has a condition",
                "add a last branch '- {to: ...}' without one",
            )
