"""Whether the topics of the reference can be found, lead somewhere, and give no doses."""

from collections.abc import Iterator

from dmadvisor.library import OWN_FILE
from dmadvisor.lint.places import wrong_place
from dmadvisor.lint.rules import rule
from dmadvisor.lint.scope import Finding, Scope, quoted
from dmadvisor.lint.wording import DOSE
from dmadvisor.model import Topic
from dmadvisor.yamltext import KEY


@rule("unknown-see", whole=True)
def unknown_see(scope: Scope) -> Iterator[Finding]:
    """A topic that sends the reader to a place that is not there.

    Wrong:  see: [check/some-check]
    Right:  see: [checks/some-check]
    """
    for entry, topic, path in scope.records(Topic):
        for index, place in enumerate(topic.see):
            wrong = wrong_place(scope, place)
            if wrong:
                yield Finding(entry.file, scope.item(entry.file, (*path, "see"), index), *wrong)


@rule("topic-twice")
def topic_twice(scope: Scope) -> Iterator[Finding]:
    """Two topics of one name.

    A topic is shown by its name, whichever chapter it stands in; only one of the two would be.

    Wrong:  the topic 'some-sign' in reference/first.yaml and in reference/second.yaml
    Right:  one topic, in the chapter where a reader would look first
    """
    first: dict[str, str] = {}
    for entry in scope.of("ChapterId"):
        written = scope.raw(entry.file, ("topics",))
        for id in written if isinstance(written, dict) else ():
            if id in first:
                yield Finding(
                    entry.file,
                    ("topics", id, KEY),
                    f"the topic {quoted(id)} stands in {first[id]} too",
                    "keep one of the two, or give one of them another name",
                )
            first.setdefault(id, entry.file)


@rule("dose-in-topic")
def dose_in_topic(scope: Scope) -> Iterator[Finding]:
    """A dose in the reference.

    A dose stands once, in the regimen's own file, where it is worked out for one patient. What
    is no regimen has no dose here.

    Wrong:  says: Some-drug, 5 mg a day, helps the skin.
    Right:  says: Some-drug helps the skin.
    """
    folder = OWN_FILE["ChapterId"][0]
    for entry in scope.of("ChapterId"):
        for text, path in entry.notes.texts:
            found = DOSE.search(text)
            if found:
                yield Finding(
                    entry.file,
                    path,
                    f"a dose in the {folder}: {quoted(found[0])}",
                    "delete it: the regimen's own file gives the dose",
                )
