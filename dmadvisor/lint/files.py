"""Whether every file can be read, and holds what its place in the folder says it holds."""

from collections.abc import Iterator

from dmadvisor.library import LEDGER, OWN_FILE, SHARED, Entry, Library
from dmadvisor.lint.rules import describe, rule
from dmadvisor.lint.scope import Finding, Scope, quoted, use_or
from dmadvisor.notes import Mistake
from dmadvisor.problems import Problem
from dmadvisor.store import CONTENT, FOLDERS
from dmadvisor.values import ID
from dmadvisor.yamltext import KEY, Path

ID_HELP = "use lower-case words with hyphens, of two letters or more"


def file_problems(
    library: Library, entries: tuple[Entry, ...], files: tuple[str, ...]
) -> list[Problem]:
    """What the reader and the decoder found in these files and entries, one problem a place."""
    problems: list[Problem] = []
    for file in files:
        problems += library.yaml_file(file).problems
        if not library.yaml_file(file).problems:
            problems += _wrong_top(library, file)
    if CONTENT not in library.files:
        problems.append(
            Problem(
                CONTENT,
                1,
                1,
                1,
                "empty",
                f"there is no {CONTENT}",
                "write it, with version, title and notice",
            )
        )
    taken = {(p.file, p.line, p.column) for p in problems}
    for entry in entries:
        if entry.file not in library.files or library.data(entry.file) is None:
            continue
        for mistake in entry.notes.mistakes:
            found = library.problem(entry.file, mistake)
            if (found.file, found.line, found.column) not in taken:
                problems.append(found)
    return problems


def _wrong_top(library: Library, file: str) -> list[Problem]:
    tables = [table for table, _ in SHARED.values()]
    if file not in (*tables, LEDGER):
        return []
    wanted = list if file == LEDGER else dict
    if isinstance(library.data(file), wanted):
        return []
    message, help = "a mapping expected", "write 'id:' lines, each with its record"
    if file == LEDGER:
        message, help = "a list expected", "write '- seed: ...' items"
    return [library.problem(file, Mistake((), "type", message, help))]


@rule("stray-file", whole=True)
def stray_file(scope: Scope) -> Iterator[Finding]:
    """A file that nothing reads.

    A misspelt file name, or the ending .yml, hides everything in the file without a word.

    Wrong:  shared/pitfals.yaml
    Right:  shared/pitfalls.yaml
    """
    tables = tuple(table for table, _ in SHARED.values())
    for file in scope.library.files:
        if file.startswith("shared/") and file not in tables:
            help = use_or(file, tables, "move what it holds to a file that is read")
            yield Finding(file, (), "nothing reads this file", help)
    for folder in FOLDERS:
        path = scope.library.root / folder
        for name in sorted(each.name for each in path.iterdir()) if path.is_dir() else ():
            if name.lower().endswith((".yml", ".yaml")) and not name.endswith(".yaml"):
                file = f"{folder}/{name}" if folder else name
                yield Finding(file, (), "nothing reads this file", "let its name end in '.yaml'")


@rule("id-style")
def id_style(scope: Scope) -> Iterator[Finding]:
    """A name that is not an id.

    Ids are typed on a command line and read in a list: lower-case words with hyphens, of two
    letters or more. The name of a file is the id of the record in it.

    Wrong:  answers: {Not Tested: Not tested}
    Right:  answers: {not-tested: Not tested}
    """
    for entry in scope.entries:
        if entry.kind in OWN_FILE and (not ID.fullmatch(entry.id) or len(entry.id) == 1):
            yield Finding(
                entry.file, (), f"{quoted(entry.id)} is not an id", f"rename it: {ID_HELP}"
            )
    for file, path, id in _short_names(scope):
        yield Finding(file, path, f"{quoted(id)} is too short for an id", ID_HELP)


def _short_names(scope: Scope) -> Iterator[tuple[str, Path, str]]:
    for entry in scope.entries:
        for kind in ("forks", "steps") if entry.kind in ("PathwayId", "PartId") else ():
            written = scope.raw(entry.file, (kind,))
            for id in written if isinstance(written, dict) else ():
                if len(id) == 1 and not scope.broken(entry, (kind, id)):
                    yield entry.file, (kind, id, KEY), id


describe(
    "yaml",
    """Text that is not YAML, or not text.

A file that cannot be read hides everything in it. The usual reasons: a colon and a space inside
text, a quote that is not closed, a tab in the indentation, an invisible character.

Wrong:  ask: Any of these: one, two?
Right:  ask: "Any of these: one, two?"
""",
)

describe(
    "empty",
    """A file without content.

An empty file reads like a finished one. Write its content, or delete it.

Wrong:  # to be written
Right:  title: ...
""",
)

describe(
    "no-content",
    """A folder that is not the content: there is no file content.yaml in it.

No command can run without the content.

Wrong:  dmadvisor list --pathways pathways/regimens
Right:  dmadvisor list --pathways pathways
""",
)

describe(
    "type",
    """A value of another kind than its key takes.

A number is a plain number, a date is year-month-day, a choice is one of its words, a list of
records holds records.

Wrong:  reviewed: May 2026
Right:  reviewed: 2026-05-04
""",
)

describe(
    "unknown-key",
    """A key that the record does not have.

What stands under a misspelt key is never read: a misspelt 'contraindications' forbids nothing.

Wrong:  contra-indications: [...]
Right:  contraindications: [...]
""",
)

describe(
    "missing-key",
    """A record without a key that it needs.

Wrong:  some-check: {title: Some check}
Right:  some-check: {title: Some check, how: ..., why: ..., cites: [...]}
""",
)

describe(
    "duplicate-key",
    """A key that stands twice in one record.

Only one of the two could count, and nobody could tell which.

Wrong:  checks: [first]
        checks: [second]
Right:  checks: [first, second]
""",
)

describe(
    "alias",
    """An anchor, an alias or a tag.

What you see is what there is: every value stands where it counts, and no file can run anything.

Wrong:  checks: &usual [first, second]
Right:  checks: [first, second]
""",
)
