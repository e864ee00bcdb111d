"""Whether a patient can take home words on all that a step may offer, and no dose among them."""

from collections.abc import Iterator

from dmadvisor.lint.rules import FILE_CODES, rule
from dmadvisor.lint.scope import Finding, Scope, quoted
from dmadvisor.lint.wording import doses_in
from dmadvisor.yamltext import KEY

TOLD = {"RegimenId": "regimen", "CheckId": "check", "RedFlagId": "red flag"}
"""What stands on the sheet of one patient or another."""


@rule("no-patient-words", whole=True, after=(*FILE_CODES, "unknown-topic"))
def no_patient_words(scope: Scope) -> Iterator[Finding]:
    """Something on the patient's sheet without words for patients.

    Where content.yaml has a handout, every regimen, check and red flag may stand on it, and so do
    the topics that it names. Each says what it is in plain words, under 'for-patients'.

    Wrong:  some-drug without 'for-patients'
    Right:  for-patients: This medicine calms the skin. It works slowly.
    """
    handout = scope.library.content().handout
    if handout is None:
        return
    for kind, word in TOLD.items():
        for entry in scope.of(kind):
            if not entry.record.for_patients:
                yield _without(entry.file, scope.named(entry), f"{word} {quoted(entry.id)}")
    for id in handout.topics:
        topic = scope.library.entry("TopicId", id)
        if topic and topic.record and not topic.record.for_patients:
            yield _without(topic.file, (*topic.path, KEY), f"topic {quoted(id)}")


def _without(file: str, path: tuple[str | int, ...], what: str) -> Finding:
    message = f"the {what} has no words for patients, and may stand on their sheet"
    return Finding(file, path, message, "add 'for-patients' in plain words, without a dose")


@rule("dose-for-patients")
def dose_for_patients(scope: Scope) -> Iterator[Finding]:
    """A dose in the words for patients.

    The sheet is the same for everybody who gets the drug. A dose on it would be taken, whatever
    was prescribed.

    Wrong:  for-patients: Take 5 mg once a day.
    Right:  for-patients: Your team tells you how much you take, and when.
    """
    help = "delete it: the team tells the patient the dose"
    for entry in (each for kind in TOLD for each in scope.of(kind)):
        for path, dose in doses_in(entry):
            if "for-patients" in path:
                message = f"a dose in words for patients: {quoted(dose)}"
                yield Finding(entry.file, path, message, help)
