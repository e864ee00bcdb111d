"""What a patient takes home: plain words on everything of the step, no dose, no decision."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from dmadvisor.cli.options import Color
from dmadvisor.cli.output import page
from dmadvisor.document import VERDICT_WORDS
from dmadvisor.handout import handout_document, told
from dmadvisor.model import ACTIONS, Offer, Step
from dmadvisor.outcome import Advice
from dmadvisor.page import Document
from dmadvisor.render import html
from dmadvisor.verify.cases import read_cases, visits
from tests.harness import TODAY, run
from tests.nodejs import Script
from tests.paths import PATHWAYS, content, tree
from tests.reading import grade, syllables

CASES = sorted((Path(__file__).parent / "cases").glob("*.yaml"))
READS_TO_GRADE = 7.0

AMOUNT = re.compile(
    r"\d[\d.,]*\s*-?(mg|g|kg|ml|l|mcg|micrograms?|grams?|units?|iu|tablets?|pills?|capsules?|drops?"
    r"|puffs?|times|percent)\b|\d\s*%"
    r"|\b(one|two|three|four|half a|a whole) (tablet|pill|capsule)s?\b",
    re.IGNORECASE,
)
VERDICTS = re.compile(
    "|".join([*VERDICT_WORDS.values(), "recommended", "contraindicated", "we advise", "suits you",
              "you can take", "you may take", "you should take", "safe for you"]),
    re.IGNORECASE,
)  # fmt: skip
COMMAND = ("advise", "classic", "-a", "red-flags=none", "-a", "age=45", "-a", "diagnosis=confirmed",
           "-a", "weakness=yes", "-a", "treatment-so-far=none", "-a", "severity=severe",
           "--missing", "unknown", "--today", TODAY)  # fmt: skip


def texts() -> dict[str, str]:
    """Every text for patients, by what it is about."""
    library = content()
    handout = library.content().handout
    assert handout is not None
    found = {f"handout {name}": text for name, text in handout._asdict().items()
             if isinstance(text, str) and name != "title"}  # fmt: skip
    for kind in ("RegimenId", "CheckId", "RedFlagId"):
        for id in library.ids(kind):
            found[f"{kind} {id}"] = library.get(kind, id).for_patients or ""
    for id in library.ids("TopicId"):
        words = library.topic(id).for_patients
        if words or id in handout.topics:
            found[f"topic {id}"] = words or ""
    return found


@pytest.fixture(scope="module")
def visited() -> list[Advice]:
    """The advice for every patient of tests/cases."""
    return [
        visit.advice
        for file in CASES
        for _, _, case in read_cases(file.read_bytes(), file.name, content()).cases
        for visit in visits(content(), case)
    ]


@pytest.fixture(scope="module")
def sheets(visited: list[Advice]) -> list[tuple[Advice, Document]]:
    """Each different sheet, with one advice that it goes with."""
    found: dict[str, tuple[Advice, Document]] = {}
    for advice in visited:
        document = handout_document(content(), advice)
        found.setdefault(repr(document), (advice, document))
    return list(found.values())


def words_of(document: Document) -> Iterator[str]:
    """Every text of a sheet but its sources."""
    for section in document.sections:
        yield section.heading
        for item in section.items:
            if item.kind != "SOURCE":
                yield from (item.text, item.status, *(d.text for d in item.details))


# -- the words ---------------------------------------------------------------------------------


def test_syllables_are_counted() -> None:
    """Rather one too many than one too few."""
    for count, words in (
        (1, "sun eye drugs blood smoked cried side germs"),
        (2, "people muscle muscles tablet doctor little lion diet vaccine boxes"),
        (3, "medicine radio area biopsy infection created"),
    ):
        assert [syllables(word) for word in words.split()] == [count] * len(words.split())


def test_a_hard_text_has_a_high_grade() -> None:
    """The words for clinicians would not do."""
    assert grade("See the cat run. The cat is big.") < 1
    assert grade(content().regimen("rituximab").harms or "") > 12


@pytest.mark.parametrize("name", sorted(texts()))
def test_words_are_plain(name: str) -> None:
    """A grade of 7 at most, which is an age of about 12; no sentence of more than 24 words."""
    text = texts()[name]
    assert text, "no words for patients"
    assert grade(text) <= READS_TO_GRADE, round(grade(text), 1)
    assert max(len(part.split()) for part in re.split(r"[.:;](?:\s|$)", text)) <= 24


@pytest.mark.parametrize("name", sorted(texts()))
def test_words_hold_no_dose_and_no_verdict(name: str) -> None:
    """Nothing to be taken for permission to take, stop or change a drug."""
    text = texts()[name]
    assert not AMOUNT.search(text)
    assert not VERDICTS.search(text)
    assert not re.search(r"\d", text)


def test_no_word_of_a_dose_is_among_them() -> None:
    """What the doses of the regimens say of amounts and times stands in no text for patients."""
    for id in content().ids("RegimenId"):
        regimen = content().regimen(id)
        said = (regimen.for_patients or "").lower()
        for dose in regimen.doses:
            for words in (dose.frequency, dose.strengths, dose.steps, dose.duration):
                assert not words or words.lower() not in said, (id, words)


def test_the_tests_above_see_what_is_wrong() -> None:
    """A dose and a verdict as they might be written."""
    for text in ("Take 5 mg.", "Take two tablets.", "0.1% ointment", "3 times a day"):
        assert AMOUNT.search(text)
    for text in ("It may be given.", "This is recommended.", "You can take it."):
        assert VERDICTS.search(text)


def offered(step: Step) -> set[str]:
    """Every regimen that a step may offer, and what always goes with it."""
    offers: tuple[Offer, ...] = step.offer
    listed = {id for offer in offers for action in ACTIONS for id in offer.listed(action)}
    return {*map(str, listed), *(str(c) for id in listed for c in content().regimen(id).companions)}


@pytest.mark.parametrize("pathway", PATHWAYS)
def test_all_that_a_step_offers_has_words(pathway: str) -> None:
    """Whoever comes, no name on the sheet stands alone."""
    for step in tree(pathway).steps.values():
        assert [id for id in offered(step) if not content().regimen(id).for_patients] == []


# -- the sheet ---------------------------------------------------------------------------------


def test_a_sheet_names_the_drugs_of_the_step(sheets: list[tuple[Advice, Document]]) -> None:
    """Each that is not known to be forbidden, with its words and the tests that belong to it."""
    for advice, document in sheets:
        said = " ".join(words_of(document))
        items = [item for section in document.sections for item in section.items]
        named = {item.text: item for item in items if item.kind in ("DRUG", "CARE")}
        for option in advice.options:
            regimen = content().regimen(option.regimen)
            if option.verdict != "do-not-use" or option.action in ("stop", "taper"):
                assert named[regimen.title].details[0].text == regimen.for_patients
            elif not any(each.regimen == option.regimen for each in told(advice)):
                assert regimen.title not in named
        for check in advice.checks:
            if not check.for_ or {o.regimen for o in told(advice)} & set(check.for_):
                assert (content().check(check.id).for_patients or "?") in said


def test_a_sheet_says_when_to_call_and_who_decides(sheets: list[tuple[Advice, Document]]) -> None:
    """Every red flag in plain words, and the notice before everything else."""
    notice = getattr(content().content().handout, "notice", "")
    assert "not advice" in notice
    assert "Your team" in notice
    for _, document in sheets:
        assert document.sections[0].items[0].text == notice
        said = " ".join(words_of(document))
        for flag in content().ids("RedFlagId"):
            assert (content().red_flag(flag).for_patients or "?") in said


def test_a_sheet_tells_nothing_of_the_visit(sheets: list[tuple[Advice, Document]]) -> None:
    """No verdict, no dose, no state of a check, no answer, no step."""
    for advice, document in sheets:
        said = " ".join(words_of(document))
        assert not VERDICTS.search(said)
        assert not AMOUNT.search(said)
        assert not re.search(r"outstanding|expired|abnormal|[a-z]=[a-z]", said)
        assert advice.step.title not in said
        for option in advice.options:
            if option.dose:
                assert option.dose.text not in said


def test_a_sheet_fits_80_columns(sheets: list[tuple[Advice, Document]]) -> None:
    """In ASCII, and every word is there."""
    for _, document in sheets[::4]:
        printed = page(document, Color.NEVER, plain=False)
        assert printed.isascii()
        assert max(map(len, printed.splitlines())) <= 80
        flat = "".join(printed.split())
        assert [w for w in words_of(document) if "".join(w.split()) not in flat] == []


@pytest.mark.node
def test_the_page_of_a_sheet_is_valid(node: Script, sheets: list[tuple[Advice, Document]]) -> None:
    """The longest, and that of a red flag, which offers nothing."""
    by_length = sorted((document for _, document in sheets), key=lambda d: len(repr(d)))
    pages = {name: html.render(document, "A sheet", "A sheet", large=True)
             for name, document in (("short", by_length[0]), ("long", by_length[-1]))}  # fmt: skip
    assert node("pages", pages) == {}


# -- the command -------------------------------------------------------------------------------


@pytest.mark.usefixtures("compiled")
def test_the_command_prints_it() -> None:
    """As text, and as a page with the same words, from content as a wheel carries it."""
    told_as_text = run(*COMMAND, "-f", "handout")
    told_as_page = run(*COMMAND, "-f", "handout-html")
    assert (told_as_text.code, told_as_page.code) == (0, 0)
    assert told_as_text.err == told_as_page.err == ""
    title = getattr(content().content().handout, "title", "?")
    assert told_as_text.out.startswith(f"{title}\n")
    assert f"<h1>{title}</h1>" in told_as_page.out
    assert '<body class="large">' in told_as_page.out
    for words in ("Prednisone by mouth", "Never stop it all at once", "Your team by day: ____"):
        assert words in told_as_text.out
        assert words in told_as_page.out


def test_content_without_a_handout_says_so(tmp_path: Path) -> None:
    """One line, and nothing on standard output."""
    root = shutil.copytree(content().root, tmp_path / "pathways")
    (root / "compiled.pickle").unlink(missing_ok=True)
    file = root / "content.yaml"
    words = file.read_text("utf-8")
    file.write_text(words[: words.index("handout:")], "utf-8")
    found = run(*COMMAND, "-f", "handout", "--pathways", str(root))
    assert (found.code, found.out) == (2, "")
    assert "no handout" in found.err
    assert "content.yaml" in found.err
