"""The reference: its chapters and topics, and what ``show`` and ``list`` print of them."""

import json
from pathlib import Path

from dmadvisor.reference import chapter_of
from tests.harness import run
from tests.paths import content

BAD = Path(__file__).parent / "bad" / "library"


def test_every_topic_is_shown_in_full_with_its_sources() -> None:
    for id in content().ids("TopicId"):
        topic = content().topic(id)
        page = run("show", id, "-f", "plain").out
        flat = " ".join(page.split())
        words = [
            topic.title,
            *(line.say for line in topic.says),
            chapter_of(content(), id)[1].title,
        ]
        words += filter(None, (topic.what_for, topic.works_by, topic.harms, topic.for_patients))
        assert [word for word in words if " ".join(word.split()) not in flat] == []
        assert all(content().citation(cite).text[:30] in flat for cite in topic.cites)


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
