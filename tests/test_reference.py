"""The reference: its chapters and topics, and what ``show`` and ``list`` print of them."""

import json
from itertools import groupby
from pathlib import Path

from dmadvisor.reference import chapter_of, topic_document
from dmadvisor.render.plain import render
from tests.harness import run
from tests.paths import content

BAD = Path(__file__).parent / "bad" / "library"
OUTLINE = Path(__file__).with_name("seed-outline.txt").read_text("utf-8").splitlines()
"""Every heading and list item of the fifth seed, in its order, by its label. A heading with
sub-headings stands in each of them; a paragraph without a label gives its first words."""


def test_every_topic_is_shown_in_full_with_its_sources() -> None:
    for id in content().ids("TopicId"):
        topic = content().topic(id)
        flat = " ".join(render(topic_document(content(), id), 80).split())
        words = [
            topic.title,
            *(line.say for line in topic.says),
            chapter_of(content(), id)[1].title,
        ]
        words += filter(None, (topic.what_for, topic.works_by, topic.harms, topic.for_patients))
        assert [word for word in words if " ".join(word.split()) not in flat] == []
        assert all(content().citation(cite).text[:30] in flat for cite in topic.cites)


def test_a_topic_is_shown_as_its_document() -> None:
    page = render(topic_document(content(), "heliotrope-rash"), 80)
    assert run("show", "heliotrope-rash", "-f", "plain").out == page


def test_a_topic_of_another_folder_is_shown() -> None:
    found = run("show", "blue-colour", "-f", "json", "--pathways", str(BAD))
    assert json.loads(found.out)["topic"]["see"][0] == "regimens/hat"


def test_topics_are_listed() -> None:
    rows = run("list", "topics", "-f", "plain").out.splitlines()
    assert [row.split(":")[0] for row in rows] == list(content().ids("TopicId"))


def test_the_ledger_is_shown_whole() -> None:
    entries = content().ledger_entry().record
    page = run("show", "ledger", "-f", "plain").out
    flat = " ".join(page.split())
    assert [e.says for e in entries if " ".join(e.says.split()) not in flat] == []
    assert len(json.loads(run("show", "ledger", "-f", "json").out)["ledger"]) == len(entries)


def test_no_heading_of_the_seed_is_left_out() -> None:
    """Nor is one in another place than there."""
    items = [e.item for e in content().ledger_entry().record if e.seed == "seed-article"]
    assert [item for item, _ in groupby(items)] == OUTLINE


def test_a_topic_is_found_by_its_title_and_its_other_names() -> None:
    page = run("show", "heliotrope-rash", "-f", "plain").out
    assert run("show", "Heliotrope Rash", "-f", "plain").out == page
    assert run("show", "EYELID-RASH", "-f", "plain").out == page


def test_an_id_comes_before_the_other_name_of_a_topic() -> None:
    assert list(run("show", "vitamin-d", "-f", "json").data) == ["check"]
