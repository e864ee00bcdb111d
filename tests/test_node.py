"""The tools from Node are there, and refuse what is broken: a check that passes all is none."""

from typing import Any

import pytest

from tests.nodejs import Script

pytestmark = pytest.mark.node


def test_mermaid_refuses_a_broken_diagram(node: Script) -> None:
    read = node("mermaid", {"whole": "flowchart TB\n a --> b", "broken": "flowchart TB\n a[b"})
    assert read["whole"]["places"] == {"a": "a", "b": "b"}
    assert "Parse error" in read["broken"]["error"]


def test_graphviz_refuses_a_broken_graph(node: Script) -> None:
    made: dict[str, Any] = node("graphviz", {"whole": "digraph { a -> b }", "broken": "digraph {"})
    assert [spot["name"] for spot in made["whole"]["objects"]] == ["a", "b"]
    assert "syntax error" in made["broken"]["error"]
