"""What every format keeps: all words in order, the width, plain characters, no lost brackets."""

import re
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path as File

import pytest
from markdown_it import MarkdownIt

from dmadvisor.cli.options import Color
from dmadvisor.cli.screen import make_console
from dmadvisor.document import advice_document, inside
from dmadvisor.letter import LEFT_OUT, letter
from dmadvisor.library import Library
from dmadvisor.outcome import Advice
from dmadvisor.page import Document, Item
from dmadvisor.render import json, markdown, plain, text
from tests.harness import TODAY, run
from tests.paths import PATHWAYS, all_paths, content, read, spread, start_of
from tests.patients import HEALTHY, Patient, advice, patient

WIDTHS = (40, 80, 100, 120, 200)
WIDEST = 100
"""Lines are never longer than reads well, however wide the terminal is."""

FORMATS = ("text", "plain", "markdown")
WRAPPED = ("text", "plain")
"""Markdown goes into a letter, which has a width of its own."""
ESCAPE = "\x1b"
COMMAND = ("advise", "rash-only", "-a", "red-flags=none", "-a", "age=45",
           "-a", "diagnosis=confirmed", "-a", "weakness=no", "-a", "treatment-so-far=none",
           "-a", "rash-extent=severe", "--missing", "unknown", "--today", TODAY)  # fmt: skip


def shown(document: Document) -> str:
    """All that an advice says but the answers that led to it."""
    return repr([s for s in document.sections if s.heading != "Answers given"])


def distinct(everyone: Iterable[Advice]) -> list[Document]:
    """One document for each (pathway, step) and each different thing that is shown there."""
    found: dict[tuple[str, str, str], Document] = {}
    for each in everyone:
        page = advice_document(content(), each)
        found.setdefault((each.tree.id, each.step.id, shown(page)), page)
    return list(found.values())


def cut() -> Iterator[Patient]:
    """Patients for every step: how the set of documents is cut.

    Of each step of each pathway one path, once with nothing else known and once healthy. Which
    words an advice has depends on more answers than there are paths; that each is printed does not.
    """
    for path in spread(all_paths(), 1, chains=False):
        yield Patient(start_of(path), path.answers, advice(start_of(path), path.answers))
        yield patient(start_of(path), {**read(HEALTHY), **path.answers})


@pytest.fixture(scope="module")
def advised() -> list[Advice]:
    """The advice for one patient for every step, and more."""
    return [each.advice for each in cut()]


@pytest.fixture(scope="module")
def documents(advised: list[Advice]) -> list[Document]:
    """One document for each distinct advice at each step."""
    return distinct(advised)


def rendered(document: Document, format: str, width: int) -> str:
    """A document in one format, without colour, through the public renderers."""
    if format == "plain":
        return plain.render(document, min(width, WIDEST))
    if format == "markdown":
        return markdown.render(document)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", str(width))
        console = make_console(Color.NEVER)
        with console.capture() as caught:
            text.print_document(console, document)
        return caught.get()


def squeezed(words: str) -> str:
    """Words without what wraps them: a long address may be broken where a line ends."""
    return "".join(words.split())


def first_lost(wanted: Iterable[str], printed: str) -> str | None:
    """The first wanted text that does not stand behind the ones before it."""
    rest, start = squeezed(printed), 0
    for part in wanted:
        found = rest.find(squeezed(part), start)
        if found < 0:
            return part
        start = found + len(squeezed(part))
    return None


# -- nothing is lost ---------------------------------------------------------------------------


@pytest.mark.parametrize("format", FORMATS)
def test_no_word_is_lost(documents: list[Document], format: str) -> None:
    """Every word of every item and detail is printed, in reading order."""
    lost = []
    for document in documents:
        items = [item for section in document.sections for item in section.items]
        wanted = [part for i in items for part in (i.text, *(d.text for d in i.details))]
        missing = first_lost(wanted, rendered(document, format, 80).replace("\\", ""))
        if missing is not None:
            lost.append((document.sections[0].heading, missing))
    assert not lost, lost[:5]


@pytest.mark.parametrize("format", ["text", "markdown"])
def test_no_heading_is_lost(documents: list[Document], format: str) -> None:
    """Every heading stands in its order."""
    lost = []
    for document in documents:
        wanted = [section.heading for section in document.sections]
        missing = first_lost(wanted, rendered(document, format, 80).replace("\\", ""))
        if missing is not None:
            lost.append((document.sections[0].heading, missing))
    assert not lost, lost[:5]


def test_plain_says_the_step(documents: list[Document]) -> None:
    """The step's title stands in plain, though headings do not."""
    for document in documents:
        step = next(s.heading for s in document.sections if s.items[0].kind == "DO")
        assert step in " ".join(rendered(document, "plain", 80).split())


@pytest.mark.parametrize("format", FORMATS)
def test_status_and_sources_are_printed(documents: list[Document], format: str) -> None:
    """Verdicts and states of checks are words, and what is supported has its source numbers."""
    for document in documents[::7]:
        printed = " ".join(rendered(document, format, 80).replace("\\", "").split())
        for section in document.sections:
            for item in section.items:
                assert " ".join(item.status.split()) in printed
                if item.refs and item.kind != "SOURCE":
                    assert f"[{', '.join(map(str, item.refs))}]" in printed


# -- width and characters ----------------------------------------------------------------------


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("format", WRAPPED)
def test_lines_fit(documents: list[Document], format: str, width: int) -> None:
    """No line is wider than the terminal, or than reads well."""
    limit = min(width, WIDEST)
    every = documents if width == 80 else documents[::5]
    long = {
        line
        for document in every
        for line in rendered(document, format, width).split("\n")
        if len(line) > limit
    }
    assert not long, sorted(long)[:3]


def test_lines_of_shipped_content_fit_80_columns(documents: list[Document]) -> None:
    """At 80 columns not even one long word sticks out."""
    long = {
        line
        for document in documents
        for format in WRAPPED
        for line in rendered(document, format, 80).split("\n")
        if len(line) > 80
    }
    assert not long, sorted(long)[:3]


@pytest.mark.parametrize("format", FORMATS)
def test_output_is_ascii(documents: list[Document], format: str) -> None:
    """The program's own words are ASCII, and so is the content: no dashes, bullets, emoji."""
    for document in documents:
        printed = rendered(document, format, 80)
        assert printed.isascii(), {c for c in printed if not c.isascii()}


@pytest.mark.parametrize("format", FORMATS)
def test_no_trailing_space_and_one_newline_at_the_end(
    documents: list[Document], format: str
) -> None:
    """What is pasted into a note is clean."""
    for document in documents:
        printed = rendered(document, format, 80)
        assert printed.endswith("\n")
        assert not printed.endswith("\n\n\n")
        assert not [line for line in printed.split("\n") if line != line.rstrip()]


def test_json_is_ascii(advised: list[Advice]) -> None:
    """JSON too."""
    for each in advised:
        assert json.render(content(), each, TODAY).isascii()


# -- plain -------------------------------------------------------------------------------------


def test_plain_is_one_item_a_line(documents: list[Document]) -> None:
    """A line starts with the kind of its item in capitals; only what goes on is indented."""
    lead = re.compile(r"[A-Z][A-Z ]*( \d+)?: \S")
    for document in documents:
        for line in rendered(document, "plain", 80).rstrip("\n").split("\n"):
            assert line.startswith("  ") or lead.match(line), line


def test_plain_has_every_item_by_its_kind(documents: list[Document]) -> None:
    """As many lines of each kind as the document has items of it, at least."""
    for document in documents:
        lines = rendered(document, "plain", 80).split("\n")
        items = [item for section in document.sections for item in section.items]
        for kind in {item.kind for item in items}:
            starts = sum(line.startswith(kind) for line in lines)
            assert starts >= sum(item.kind == kind for item in items)


# -- markdown ----------------------------------------------------------------------------------


def test_markdown_parses_to_the_sections(documents: list[Document]) -> None:
    """A CommonMark parser finds the headings, no raw HTML, no link and no code."""
    parser = MarkdownIt("commonmark")
    for document in documents:
        tokens = parser.parse(rendered(document, "markdown", 80))
        headings = [
            tokens[n + 1].content.replace("\n", " ")
            for n, token in enumerate(tokens)
            if token.type == "heading_open"
        ]
        plain_headings = [re.sub(r"\\(.)", r"\1", heading) for heading in headings]
        assert plain_headings == [section.heading for section in document.sections]
        inside = {child.type for token in tokens for child in token.children or []}
        assert inside <= {"text", "softbreak", "hardbreak", "strong_open", "strong_close",
                          "em_open", "em_close", "text_special"}  # fmt: skip
        assert {token.type for token in tokens} <= {
            "heading_open", "heading_close", "inline", "paragraph_open", "paragraph_close",
            "bullet_list_open", "bullet_list_close", "list_item_open", "list_item_close",
            "ordered_list_open", "ordered_list_close",
        }  # fmt: skip


def test_markdown_reads_as_the_words(documents: list[Document]) -> None:
    """After parsing, every word of the document is still there, unescaped and in order."""
    parser = MarkdownIt("commonmark")
    for document in documents[::3]:
        tokens = parser.parse(rendered(document, "markdown", 80))
        parts = [
            " " if child.type.endswith("break") else child.content
            for token in tokens
            for child in [*(token.children or []), None]
            if child is not None
        ]
        joined = "".join(parts)
        for section in document.sections:
            for item in section.items:
                if item.kind != "SOURCE":
                    assert "".join(item.text.split()) in "".join(joined.split())


def test_markdown_has_one_main_heading(documents: list[Document]) -> None:
    """The step is the title; everything else stands below it."""
    for document in documents:
        lines = rendered(document, "markdown", 80).split("\n")
        assert sum(line.startswith("# ") for line in lines) == 1


def test_markdown_is_not_wrapped(documents: list[Document]) -> None:
    """A line for each thing that is said: pasted into a letter it breaks where the letter does."""
    for document in documents:
        items = [item for section in document.sections for item in section.items]
        lines = sum(1 + len(item.details) for item in items) + len(document.sections)
        printed = rendered(document, "markdown", 80).split("\n")
        assert len([line for line in printed if line]) == lines


# -- a letter ----------------------------------------------------------------------------------

FLAG = re.compile(r"\b[a-z][a-z-]+=[a-z0-9]")


def items_of(document: Document) -> list[Item]:
    """Every item of a document."""
    return [item for section in document.sections for item in section.items]


def test_a_letter_keeps_every_order_and_warning(advised: list[Advice]) -> None:
    """All but where sources differ is said, in the same order; no answer stands as it is typed."""
    for each in advised:
        whole = advice_document(content(), each)
        short = items_of(letter(content(), each, whole))
        kept = [item for item in items_of(whole) if item.kind not in (*LEFT_OUT, "SOURCE")]
        assert [(item.kind, item.status, item.refs) for item in kept] == [
            (item.kind, item.status, item.refs) for item in short if item.kind != "SOURCE"
        ]
        for before, after in zip(kept, [i for i in short if i.kind != "SOURCE"], strict=True):
            assert len(before.details) == len(after.details)
            pairs = [(before.text, after.text)]
            pairs += [(b.text, a.text) for b, a in zip(before.details, after.details, strict=True)]
            for was, now in pairs if before.kind not in ("ANSWERS", "NOT ANSWERED") else []:
                assert now.startswith(re.split(r"\(?\b[a-z-]+=", was)[0].rstrip())
        words = " ".join([part for i in short for part in (i.text, *(d.text for d in i.details))])
        assert not FLAG.search(re.sub(r"https?://\S+", "", words))
        assert "dmadvisor" not in words


def test_a_letter_cites_what_it_lists(advised: list[Advice]) -> None:
    """Its sources are numbered without a gap, and each of them is cited."""
    for each in advised:
        short = letter(content(), each, advice_document(content(), each))
        items = items_of(short)
        listed = [item.refs[0] for item in items if item.kind == "SOURCE"]
        said = [item for item in items if item.kind != "SOURCE"]
        cited = {n for item in said for refs in (item.refs, *(d.refs for d in item.details))
                 for n in refs}  # fmt: skip
        assert listed == list(range(1, len(listed) + 1))
        assert cited == set(listed)


def test_a_letter_says_the_findings_in_words() -> None:
    """What was answered stands as a doctor would write it."""
    out = run(*COMMAND, "-f", "markdown").out
    findings = out.partition("## Findings\n\n")[2].partition("\n")[0]
    assert "Red flags: none of these; age: 45 years; diagnosis: confirmed" in findings
    assert "rash extent: severe" in findings.lower()


# -- colour ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("title", "words"), [
    ("Blood count", "blood count"), ("IgG", "IgG"), ("IgG. Below 5", "IgG. Below 5"),
    ("ECG", "ECG"), ("Anti-MDA5 test", "anti-MDA5 test"), ("A test", "A test"),
])  # fmt: skip
def test_a_word_with_more_capitals_keeps_them_inside_a_sentence(title: str, words: str) -> None:
    assert inside(title) == words


@pytest.mark.parametrize("format", FORMATS)
def test_no_escape_when_piped(format: str) -> None:
    """Into a file no format writes an escape."""
    assert ESCAPE not in run(*COMMAND, "-f", format).out


def test_colour_when_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """``--color always`` writes escapes even into a file, and in text alone."""
    monkeypatch.setenv("TERM", "xterm-256color")
    assert ESCAPE in run(*COMMAND, "--color", "always").out
    for format in ("plain", "markdown", "json"):
        assert ESCAPE not in run(*COMMAND, "-f", format, "--color", "always").out


@pytest.mark.parametrize(
    ("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb"), ("TERM", "xterm-256color")]
)
def test_colour_always_wins_over_the_environment(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    """What is asked for on the command line counts more than NO_COLOR and TERM."""
    monkeypatch.setenv(name, value)
    assert ESCAPE in run(*COMMAND, "--color", "always").out


@pytest.mark.parametrize("force", [None, "1"])
def test_colour_never(monkeypatch: pytest.MonkeyPatch, force: str | None) -> None:
    """``--color never`` writes none, whatever the environment forces."""
    monkeypatch.setenv("TERM", "xterm-256color")
    if force:
        monkeypatch.setenv("FORCE_COLOR", force)
    assert ESCAPE not in run(*COMMAND, "--color", "never").out


def test_no_color_has_no_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    """With NO_COLOR no colour is written, even where colour is forced on."""
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("NO_COLOR", "1")
    assert not re.search(r"\x1b\[[0-9;]*3[0-9]", run(*COMMAND).out)


def test_colour_changes_no_word(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without its escapes coloured text is the same as text without colour."""
    monkeypatch.setenv("TERM", "xterm-256color")
    coloured = run(*COMMAND, "--color", "always").out
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == run(*COMMAND, "--color", "never").out


@pytest.mark.parametrize("pathway", PATHWAYS)
@pytest.mark.parametrize("format", FORMATS)
def test_command_and_renderer_agree(pathway: str, format: str) -> None:
    """What the command prints is what the renderers give here."""
    words = ["-a", "red-flags=none", "-a", "age=45", "--missing", "unknown", "--today", TODAY]
    answers = read({"red-flags": "none", "age": "45"})
    found = patient(pathway, answers).advice
    page = advice_document(content(), found)
    if format == "markdown":
        page = letter(content(), found, page)
    assert run("advise", pathway, *words, "-f", format).out == rendered(page, format, 80)


# -- brackets ----------------------------------------------------------------------------------

UNITS = "Not above 5 [mg/kg] a day; [bold]see[/bold] :warning: *stars* _lines_ `ticks` and #1."


@pytest.fixture
def bracketed(tmp_path: File) -> str:
    """Content in which a step's reason is full of what markup languages act on."""
    root = tmp_path / "pathways"
    shutil.copytree(content().root, root)
    (root / "compiled.pickle").unlink(missing_ok=True)
    file = root / "parts" / "entry.yaml"
    words = file.read_text("utf-8")
    assert "    why: The age is unknown.\n" in words
    file.write_text(
        words.replace("    why: The age is unknown.\n", f"    why: '{UNITS}'\n"), "utf-8"
    )
    return str(root)


@pytest.mark.parametrize("color", ["always", "never"])
@pytest.mark.parametrize("format", FORMATS)
def test_brackets_are_printed_as_they_stand(bracketed: str, format: str, color: str) -> None:
    """Nothing in clinical text is read as markup, and none of it vanishes."""
    library = Library(File(bracketed))
    assert UNITS in str(library.part("entry").steps)
    flags = ["-a", "red-flags=none", "--missing", "unknown", "--today", TODAY, "--color", color]
    out = run("advise", "rash-only", *flags, "-f", format, "--pathways", bracketed).out
    printed = re.sub(r"\x1b\[[0-9;]*m", "", out)
    if format == "markdown":
        printed = re.sub(r"\\([\\`*_\[\]<>#~+-])", r"\1", printed)
    assert UNITS in " ".join(printed.split())


def test_markdown_shows_brackets_after_parsing(bracketed: str) -> None:
    """What a Markdown viewer shows is the text of the content."""
    flags = ["-a", "red-flags=none", "--missing", "unknown", "-f", "markdown"]
    out = run("advise", "rash-only", *flags, "--pathways", bracketed).out
    tokens = MarkdownIt("commonmark").parse(out)
    shown_text = "".join(
        " " if child.type == "softbreak" else child.content
        for token in tokens
        for child in token.children or []
    )
    assert UNITS in shown_text
