"""Whether the topics of the reference can be found, lead somewhere, and give no doses."""

from collections.abc import Iterator

from dmadvisor.answers import plain_name
from dmadvisor.library import OWN_FILE
from dmadvisor.lint.places import wrong_place
from dmadvisor.lint.rules import rule
from dmadvisor.lint.scope import Finding, Scope, quoted
from dmadvisor.lint.wording import doses_in
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


@rule("topic-name-twice", whole=True)
def topic_name_twice(scope: Scope) -> Iterator[Finding]:
    """Another name of a topic that is a name of a second one too.

    A topic is also found by what it is called besides; one name finds one topic.

    Wrong:  also-called: [ear ache], in two topics
    Right:  also-called: [ear ache], in the one that a reader means
    """
    topics = [(entry, str(path[-1]), topic, path) for entry, topic, path in scope.records(Topic)]
    owners = {plain_name(name): id for _, id, topic, _ in topics for name in (id, topic.title)}
    for entry, id, topic, path in topics:
        for index, name in enumerate(topic.also_called):
            owner = owners.setdefault(plain_name(name), id)
            if owner != id:
                yield Finding(
                    entry.file,
                    scope.item(entry.file, (*path, "also-called"), index),
                    f"{quoted(name)} is a name of the topic {quoted(owner)} too",
                    "delete it here or there",
                )


@rule("dose-in-topic")
def dose_in_topic(scope: Scope) -> Iterator[Finding]:
    """A dose in the reference.

    A dose stands once, in the regimen's own file, where it is worked out for one patient. What
    is no regimen has no dose here.

    Wrong:  says: Some-drug, 5 mg a day, helps the skin.
    Right:  says: Some-drug helps the skin.
    """
    folder = OWN_FILE["ChapterId"][0]
    help = "delete it: the regimen's own file gives the dose"
    for entry in scope.of("ChapterId"):
        for path, dose in doses_in(entry):
            yield Finding(entry.file, path, f"a dose in the {folder}: {quoted(dose)}", help)
