"""The advice as a page: valid, accessible, self-contained, and with every word of it."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from dmadvisor.document import advice_document
from dmadvisor.page import Detail, Document, Item, Section
from dmadvisor.render import html
from dmadvisor.render.stylesheet import DARK, LIGHT, PAPER, SCREEN, stylesheet
from dmadvisor.verify.cases import read_cases, visits
from tests.harness import TODAY, run
from tests.nodejs import Script
from tests.paths import content

CASES = sorted((Path(__file__).parent / "cases").glob("*.yaml"))
BLOCKS = {"h1", "h2", "li", "p"}
HOSTILE = "<script>alert(1)</script> & \"quoted\" 'so' </style> <img src=x onerror=y> {main} $x"


class Page(HTMLParser):
    """A page as its blocks of text, its tags, and what it would load or lead to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.blocks: list[str] = [""]
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the tag; a block begins a new line."""
        self.tags.append(tag)
        values = dict(attrs)
        self.ids += [values["id"] or ""] if "id" in values else []
        self.links += [values["href"] or ""] if "href" in values else []
        assert not {name for name in values if name.startswith("on") or name in ("src", "style")}
        if tag in BLOCKS:
            self.blocks.append("")

    def handle_data(self, data: str) -> None:
        """Add text to the block."""
        self.blocks[-1] += data

    @property
    def text(self) -> str:
        """All words on one line."""
        return " ".join(" ".join(self.blocks).split())


def vignettes() -> Iterator[Document]:
    """The advice for every patient of tests/cases."""
    for file in CASES:
        for _, _, case in read_cases(file.read_bytes(), file.name, content()).cases:
            for visit in visits(content(), case):
                yield advice_document(content(), visit.advice)


def parts(document: Document) -> frozenset[tuple[object, ...]]:
    """The kinds of things in a document that are written in different ways."""
    return frozenset(
        (s.kind, s.tone, i.kind, bool(i.status), i.tone, i.tick, bool(i.refs), d is None)
        for s in document.sections
        for i in s.items
        for d in (*i.details, None)
    )


@pytest.fixture(scope="module")
def documents() -> list[Document]:
    """Of the patients of tests/cases one for each kind of thing that stands on a page."""
    seen: set[tuple[object, ...]] = set()
    found = []
    for document in vignettes():
        if not parts(document) <= seen:
            seen |= parts(document)
            found.append(document)
    return found


def page_of(document: Document) -> str:
    """The document as a page."""
    return html.render(document, "What is advised", "Advice of a day")


# -- what a checker sees -----------------------------------------------------------------------


@pytest.mark.node
def test_pages_are_valid_and_accessible(node: Script, documents: list[Document]) -> None:
    """A validator and an accessibility checker find nothing; a broken page shows that they look."""
    pages = {str(number): page_of(document) for number, document in enumerate(documents)}
    broken = re.sub(r"(<a [^>]*>)1</a>", r"\1</a>", pages["0"]).replace("</main>", "</p></main>")
    found = node("pages", {**pages, "broken": broken})
    assert set(found) == {"broken"}, {name: said[:3] for name, said in found.items()}
    words = " ".join(found["broken"])
    assert "link-name" in words
    assert "close-order" in words


def test_a_page_has_its_landmarks(documents: list[Document]) -> None:
    """One main heading, a header and a main part, and a named section for each heading."""
    for document in documents:
        page = Page(page_of(document))
        for tag in ("h1", "header", "main", "title", "style"):
            assert page.tags.count(tag) == 1
        assert page.tags.count("h2") == page.tags.count("section") > 0
        assert len(page.ids) == len(set(page.ids))


# -- what it says ------------------------------------------------------------------------------


def test_a_page_says_all_that_the_advice_says(documents: list[Document]) -> None:
    """Every heading, item, state, detail and source number, in reading order."""
    for document in documents:
        rest = Page(page_of(document)).text
        for section in document.sections:
            own = [item for item in section.items if item.kind not in html.HEAD]
            for item in own:
                wanted = [section.heading] if item is own[0] else []
                wanted += [item.text, item.status]
                for detail in item.details:
                    wanted += [detail.label, detail.text, *map(str, detail.refs)]
                for words in filter(None, wanted):
                    before, found, rest = rest.partition(" ".join(words.split()))
                    assert found, (words, before[:80])


def test_a_page_begins_with_what_it_is(documents: list[Document]) -> None:
    """Pathway, review, content, day and notice stand above everything else."""
    for document in documents:
        items = [item for section in document.sections for item in section.items]
        head = Page(page_of(document).partition("<main>")[0]).text
        for kind in ("PATHWAY", "NOTICE"):
            assert next(item.text for item in items if item.kind == kind) in head


def test_the_command_prints_the_page() -> None:
    """With the title of the pathway and the day, and the state of each check in words."""
    answers = ["-a", "red-flags=none", "-a", "age=45", "-a", "diagnosis=confirmed"]
    flags = [*answers, "--missing", "unknown", "--today", TODAY, "-f", "html"]
    out = run("advise", "rash-only", *flags, "--done", "ecg=2026-11-02").out
    title = content().pathway("rash-only").title
    assert f"<title>{title}, {TODAY}</title>" in out
    assert f"<h1>{title}</h1>" in out
    assert "unreviewed" in Page(out.partition("<main>")[0]).text
    assert out.isascii()
    assert out.endswith("</html>\n")


# -- what it does not do -----------------------------------------------------------------------


def test_a_page_loads_and_runs_nothing(documents: list[Document]) -> None:
    """No script, no image, no font, nothing from outside; links lead to sources alone."""
    for document in documents:
        text = page_of(document)
        page = Page(text)
        assert not {"script", "link", "img", "iframe", "object", "form"} & set(page.tags)
        assert "url(" not in stylesheet()
        assert "@import" not in stylesheet()
        inner = [link for link in page.links if link.startswith("#")]
        assert {link[1:] for link in inner} <= set(page.ids)
        assert all(link.startswith(("#", "https://", "http://")) for link in page.links)
        assert len(re.findall("http", text.partition("</ol>")[0].partition("Sources")[0])) == 0


def test_hostile_text_is_text() -> None:
    """Whatever stands in content is shown as it stands, in every place."""
    detail = Detail(HOSTILE, HOSTILE, (1,))
    kinds = ("DO", "WHY", "REFER", "CHECK", "SOURCE", "NOTICE", "PATHWAY", "ANSWERS")
    items = tuple(
        Item(kind, HOSTILE, HOSTILE, refs=(1,), details=(detail,), tick=kind == "CHECK" or None)
        for kind in kinds
    )
    section = Section(HOSTILE, (*items, Item("SOURCE", 'https://a.b/"><b>c', refs=(2,))))
    text = html.render(Document((section,)), HOSTILE, HOSTILE)
    page = Page(text)
    assert not {"script", "img", "b"} & set(page.tags)
    assert page.text.count("alert(1)") == text.count("alert(1)") > len(kinds)
    assert HOSTILE in page.text


def test_no_link_but_to_places_of_sources() -> None:
    """An address of another kind is no link."""
    source = Item("SOURCE", "javascript:alert(1) doi:10.1000/x PMID 123 (study)", refs=(1,))
    page = Page(html.render(Document((Section("Sources", (source,)),)), "x", "x"))
    assert page.links == ["https://doi.org/10.1000/x", "https://pubmed.ncbi.nlm.nih.gov/123/"]


# -- how it looks ------------------------------------------------------------------------------


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    channels = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_worked_out_as_wcag_does() -> None:
    """Black on white is 21 to 1, and #767676 on white just passes."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
def test_every_ink_reads_on_every_ground(scheme: dict[str, str]) -> None:
    """WCAG AA for text of any size, whichever colours meet."""
    inks = {name: value for name, value in scheme.items() if name.startswith("ink")}
    grounds = {name: value for name, value in scheme.items() if name.startswith("ground")}
    assert inks
    assert grounds
    poor = {
        (ink, ground): round(contrast(inks[ink], grounds[ground]), 2)
        for ink in inks
        for ground in grounds
        if contrast(inks[ink], grounds[ground]) < 4.5
    }
    assert not poor


def test_every_colour_has_a_name_in_both_schemes() -> None:
    """The rules use names alone, of the right kind, so that no pair escapes the test above."""
    assert set(LIGHT) == set(DARK)
    rules = SCREEN + PAPER
    assert not re.search(r"#[0-9a-f]{3}|rgb|hsl", rules)
    for what, name in re.findall(r"([a-z-]+): [^;{}]*var\(--([a-z-]+)\)", rules):
        assert name in LIGHT
        if what == "background":
            assert name.startswith("ground")
        if what == "color":
            assert name.startswith("ink")
    assert set(re.findall(r"var\(--([a-z-]+)\)", rules)) == set(LIGHT)
