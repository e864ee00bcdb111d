"""The drawn tree: whole in every format, read by the real programs, with a patient's way in it."""

import os
import re
import runpy
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from rich.console import Console

from dmadvisor.answers import Answer
from dmadvisor.library import Library
from dmadvisor.model import Branch, SpotId
from dmadvisor.picture import Arrow, Panel, Picture, Place, branches_of, picture_of
from dmadvisor.render import dot, graph_svg, mermaid
from dmadvisor.render.branches import print_picture
from dmadvisor.store import find_root
from dmadvisor.verify.cases import read_cases
from dmadvisor.walk import answered_unknown, tree_of
from tests.harness import TODAY, run
from tests.nodejs import Script

ROOT = Path(__file__).parent.parent
LIBRARY = Library(find_root(None))
PATHWAYS = LIBRARY.ids("PathwayId")
pytestmark = pytest.mark.usefixtures("compiled")

SVG = "{http://www.w3.org/2000/svg}"

HANDED = {"red-flags": "none", "age": "50", "diagnosis": "confirmed", "weakness": "yes",
          "treatment-so-far": "none", "severity": "mild-moderate"}  # fmt: skip
"""A patient of rash-only who is handed over to classic."""

STRANGE = (
    'a "b" \'c\' `d`', "[a] (b) {c} <d> |e|", "#35; &lt; &amp; ; % %% ", "1. not a list",
    "- nor this", "end", "--> x -.- y ==> z", "back\\slash \\n \\N", "*a* _b_ **c** $d$ ~e~ @f",
    "<script>alert(1)</script>", "grün µg ≥ 5", "click a href", "x" * 300, "]] }} )) /] \\]",
)  # fmt: skip
"""Labels in which formats find words of their own."""


def answers(given: Mapping[str, str], pathway: str) -> dict[str, Answer]:
    """Answers as a walk takes them; what is not answered is unknown."""
    read = {id: Answer(tuple(words.split(","))) for id, words in given.items()}
    if "age" in given:
        read["age"] = Answer((given["age"],), Decimal(given["age"]))
    return answered_unknown(LIBRARY, pathway, read)


def strange() -> Picture:
    """Two panels of places with strange labels, each joined to the next."""
    panels = []
    for name in ("p", "q"):
        places = tuple(
            Place(id=f"{name}/{n}", kind="step", name=f"n{n}", label=label, weeks=(1, n))
            for n, label in enumerate(STRANGE)
        )
        ids = [place.id for place in places]
        arrows = [Arrow(a, b, (w,)) for a, b, w in zip(ids, ids[1:], STRANGE, strict=False)]
        panels.append(Panel(name, 'A "strange" <one> & #1;', places, tuple(arrows)))
    link = Arrow(panels[0].places[-1].id, panels[1].places[0].id, ("a", "b|c"), "b|c")
    return Picture(tuple(panels), (link,))


PICTURES: dict[str, Picture] = {
    **{id: picture_of(LIBRARY, id, {}) for id in PATHWAYS},
    "handed over": picture_of(LIBRARY, "rash-only", answers(HANDED, "rash-only")),
    "strange": strange(),
}
REAL = [name for name in PICTURES if name != "strange"]


def arrows(picture: Picture) -> list[Arrow]:
    return [*(a for panel in picture.panels for a in panel.arrows), *picture.links]


def words(*texts: str) -> str:
    """Texts without the blanks, which formats set as they please."""
    return re.sub(r"\s+", "", "".join(texts))


def of_place(place: Place) -> str:
    return words(place.mark, place.word, place.label, place.review)


# -- the picture itself ----------------------------------------------------------------------------


@pytest.mark.parametrize("pathway", PATHWAYS)
def test_every_spot_and_branch_is_in_the_picture(pathway: str) -> None:
    """Counted from the tree itself, without the order in which a picture is made."""
    tree = tree_of(LIBRARY, pathway)
    panel = PICTURES[pathway].panels[0]
    spots: set[str] = {*tree.questions, *tree.forks, *tree.steps}

    def branches(names: set[str]) -> list[Branch]:
        return [b for name in names for b in branches_of(tree, SpotId(name))]

    drawn = Counter(str(place.kind) for place in panel.places)
    own = {place.name for place in panel.places if place.kind != "hand-over"}
    reached = {str(b.to.spot) for b in branches(spots) if b.to.spot}
    assert own == (reached & spots) | {str(tree.start)}
    assert drawn["question"] == len([s for s in tree.questions if s in own])
    assert drawn["exit"] == len(
        [s for s in tree.steps if s in own and tree.steps[s].ends == "exit"]
    )
    assert sum(len(arrow.labels) for arrow in panel.arrows) == len(branches(own))


MARKED = re.compile(
    r'^  "([^"]+)/([^"/]+)" \[label="This patient, (\d+)\\n.*penwidth=5', re.MULTILINE
)
"""A place of a way in the DOT language."""


def cases() -> Iterator[Any]:
    for file in sorted((ROOT / "tests" / "cases").glob("*.yaml")):
        read = read_cases(file.read_bytes(), file.name, LIBRARY).cases
        for _, _, case in read[::20]:
            yield pytest.param(case, case.pathway[0], id=f"{file.stem}-{case.case[:40]}")


@pytest.mark.parametrize(("case", "pathway"), list(cases()))
def test_the_way_of_a_vignette_is_marked(case: Any, pathway: str) -> None:
    """The questions that the advice says it asked, in their order, and then its step; no other."""
    flags = [f"-a{id}={','.join(told)}" for id, told in case.answers.items()]
    flags += [f"--confirm={id}" for id in case.confirm]
    same = ("--missing", "unknown", *flags)
    told = run("advise", pathway, *same, "--today", TODAY, "-f", "json").data
    drawn = run("graph", pathway, *same, "-f", "dot")
    assert (drawn.code, drawn.err) == (0, "")
    marked = sorted(MARKED.findall(drawn.out), key=lambda found: int(found[2]))
    assert [int(number) for _, _, number in marked] == list(range(1, len(marked) + 1))
    way = [(pathway, spot) for pathway, spot, _ in marked]
    asked = [(turn["pathway"], turn["question"]) for turn in told["turns"]]
    questions = [spot for spot in way if LIBRARY.entry("QuestionId", spot[1])]
    assert [spot for spot in questions if spot in asked] == [a for a in asked if a in questions]
    assert way[-1] == (told["pathway"]["id"], told["step"]["id"])
    lines = re.findall(r'^  "([^"]+)" -> "([^"]+)" \[label="This patient', drawn.out, re.M)
    joined = [f"{a}/{b}" for a, b in way]
    assert sorted(lines) == sorted(pairwise(joined))


# -- what real programs read -----------------------------------------------------------------------


@pytest.mark.node
def test_mermaid_reads_every_place_and_line(node: Script) -> None:
    """The real parser finds the words of each box and line, whatever they are."""
    read = node("mermaid", {name: mermaid.render(p) for name, p in PICTURES.items()})
    for name, picture in PICTURES.items():
        found = read[name]
        assert "error" not in found, found
        ids = {place.id: f"p{n}" for n, place in enumerate(picture.places, 1)}
        texts = {id: words(text) for id, text in found["places"].items()}
        assert texts == {ids[place.id]: of_place(place) for place in picture.places}
        lines = [(a, b, words(text), stroke) for a, b, text, stroke in found["lines"]]
        wanted = [
            (ids[a.start], ids[a.end], words(a.said), "thick" if a.taken else "normal")
            for a in arrows(picture)
        ]
        assert sorted(lines) == sorted(wanted)


def test_mermaid_is_short_enough_for_code_hosts() -> None:
    """They refuse to draw more than 50 000 characters or 500 lines."""
    for name in REAL:
        assert len(mermaid.render(PICTURES[name])) < 50_000
        assert len(arrows(PICTURES[name])) < 500


def graphviz_words(made: Mapping[str, Any]) -> str:
    """The words that are drawn, which stand in this output with their backslashes doubled."""
    drawn = (op["text"] for op in made.get("_ldraw_", ()) if op["op"] == "T")
    return words(*drawn).replace("\\\\", "\\")


@pytest.mark.node
def test_graphviz_reads_every_place_and_line(node: Script) -> None:
    """The real program draws the words of each box and line, whatever they are."""
    read = node("graphviz", {name: dot.render(p) for name, p in PICTURES.items()})
    for name, picture in PICTURES.items():
        found = read[name]
        assert "error" not in found, found
        boxes = {o["_gvid"]: o for o in found["objects"] if "pos" in o}
        texts = {box["name"]: graphviz_words(box) for box in boxes.values()}
        assert texts == {place.id: of_place(place) for place in picture.places}
        lines = [
            (boxes[line["tail"]]["name"], boxes[line["head"]]["name"], graphviz_words(line))
            for line in found["edges"]
        ]
        assert sorted(lines) == sorted((a.start, a.end, words(a.said)) for a in arrows(picture))


# -- svg -------------------------------------------------------------------------------------------

Box = tuple[float, float, float, float]


class Drawn:
    """An SVG read back: its boxes with their words, its labels and its lines as points."""

    def __init__(self, text: str) -> None:
        self.root = ElementTree.fromstring(text)
        (body,) = self.root.findall(f"{SVG}g")
        self.boxes = [outline(group[0]) for group in body.findall(f"{SVG}g")]
        self.groups = [words(*group.itertext()) for group in body.findall(f"{SVG}g")]
        self.kinds = [group[0].get("class") or "" for group in body.findall(f"{SVG}g")]
        self.labels = [outline(each) for each in body.findall(f"{SVG}rect[@class='b']")]
        self.said = words(*(each.text or "" for each in body.findall(f"{SVG}text")))
        self.paths = [
            each for each in body.findall(f"{SVG}path") if (each.get("class") or "")[0] == "e"
        ]


def outline(shape: ElementTree.Element) -> Box:
    """Left, top, right, bottom."""
    if shape.tag == f"{SVG}rect":
        x, y, width, height = (float(shape.attrib[a]) for a in ("x", "y", "width", "height"))
        return x, y, x + width, y + height
    points = [tuple(map(float, p.split(","))) for p in shape.attrib["points"].split()]
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    return min(xs), min(ys), max(xs), max(ys)


def points(path: str) -> Iterator[tuple[float, float]]:
    """Points along a line, close enough to meet any box that it crosses."""
    x = y = 0.0
    for letter, rest in re.findall(r"([MVLC])([^MVLC]*)", path):
        numbers = [float(n) for n in rest.split()]
        if letter == "M":
            x, y = numbers
            yield x, y
        elif letter == "V":
            yield from ((x, y + (numbers[0] - y) * part / 4) for part in range(5))
            (y,) = numbers
        elif letter == "L":
            yield from ((x, y + (numbers[1] - y) * part / 4) for part in range(5))
            x, y = numbers
        else:
            x1, y1, x2, y2, x3, y3 = numbers
            for t in (part / 8 for part in range(9)):
                a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
                yield a * x + b * x1 + c * x2 + d * x3, a * y + b * y1 + c * y2 + d * y3
            x, y = x3, y3


def overlapping(boxes: list[Box]) -> list[tuple[Box, Box]]:
    return [
        (a, b)
        for n, a in enumerate(boxes)
        for b in boxes[:n]
        if a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
    ]


@pytest.fixture(scope="module")
def drawn() -> Callable[[str], Drawn]:
    made = {name: Drawn(graph_svg.render(picture)) for name, picture in PICTURES.items()}
    return made.__getitem__


@pytest.mark.parametrize("name", PICTURES)
def test_svg_has_every_place_and_line(name: str, drawn: Callable[[str], Drawn]) -> None:
    found, picture = drawn(name), PICTURES[name]
    assert found.groups == [of_place(place) for place in picture.places]
    for arrow in arrows(picture):
        assert words(arrow.said) in found.said
    assert len(found.labels) == len(found.paths) == len(arrows(picture))
    assert sum("way" in kind for kind in found.kinds) == len(picture.way)
    assert sum(p.get("class") == "e way" for p in found.paths) == sum(
        bool(a.taken) for a in arrows(picture)
    )


@pytest.mark.parametrize("name", PICTURES)
def test_svg_boxes_and_labels_do_not_overlap(name: str, drawn: Callable[[str], Drawn]) -> None:
    found = drawn(name)
    assert overlapping([*found.boxes, *found.labels]) == []
    width, height = float(found.root.attrib["width"]), float(found.root.attrib["height"])
    assert all(a >= 0 and b >= 0 and c <= width and d <= height for a, b, c, d in found.boxes)


@pytest.mark.parametrize("name", REAL)
def test_svg_lines_cross_no_box(name: str, drawn: Callable[[str], Drawn]) -> None:
    found = drawn(name)
    for path in found.paths:
        for x, y in points(path.attrib["d"]):
            inside = [b for b in found.boxes if b[0] < x < b[2] and b[1] + 0.2 < y < b[3] - 0.2]
            near_end = [b for b in inside if min(y - b[1], b[3] - y) < (b[3] - b[1]) / 2]
            forks = [k for k, b in zip(found.kinds, found.boxes, strict=True) if b in near_end]
            assert all(kind.startswith("fork") for kind in forks), (path.attrib, inside)
            assert len(inside) == len(near_end)


@pytest.mark.parametrize("name", REAL)
def test_svg_is_named_and_stands_alone(name: str, drawn: Callable[[str], Drawn]) -> None:
    root = drawn(name).root
    assert root.get("role") == "img"
    assert root.findtext(f"{SVG}title") == PICTURES[name].title
    assert root.findtext(f"{SVG}desc") == PICTURES[name].described
    assert not [e for e in root.iter() for a in e.attrib if "href" in a or a == "src"]
    style = root.findtext(f"{SVG}style") or ""
    assert "url(" not in style
    assert "@import" not in style


# -- the tree in a terminal ------------------------------------------------------------------------


def text_of(picture: Picture, width: int = 80) -> str:
    console = Console(width=width, color_system=None, force_terminal=False, soft_wrap=True)
    with console.capture() as page:
        print_picture(console, picture)
    return page.get()


@pytest.mark.parametrize("name", REAL)
@pytest.mark.parametrize("width", [80, 100])
def test_text_shows_each_place_in_full_once(name: str, width: int) -> None:
    lines = text_of(PICTURES[name], width).splitlines()
    assert max(map(len, lines)) <= width
    told = words(*(re.sub(r"^[\s│├└─┃┣┗━]+", "", line) for line in lines))
    for place in PICTURES[name].places:
        if place.label:
            full = words(f"{place.word}: {place.label}")
            same = [p for p in PICTURES[name].places if words(f"{p.word}: {p.label}") == full]
            assert told.count(full) == len(same), place
    for arrow in arrows(PICTURES[name]):
        if arrow not in PICTURES[name].links:
            assert words(arrow.said) in told


def test_text_is_ascii_where_the_terminal_is() -> None:
    clean = {"PATH": os.environ["PATH"], "COLUMNS": "80", "PYTHONIOENCODING": "ascii"}
    command = [sys.executable, "-m", "dmadvisor", "graph", "classic"]
    done = subprocess.run(command, cwd=ROOT, env=clean, capture_output=True, check=True)
    lines = done.stdout.decode("ascii").splitlines()
    assert lines[1] == "+-- Question red-flags: Is any of these new or worse?"
    assert all(re.match(r"[|` +-]*[\w(]", line) for line in lines)


def test_colour_changes_no_word() -> None:
    plain = run("graph", "rash-only", "-a", "red-flags=none", "--color", "never")
    colour = run("graph", "rash-only", "-a", "red-flags=none", "--color", "always")
    assert "\x1b[" not in plain.out
    assert re.sub(r"\x1b\[[0-9;]*m", "", colour.out) == plain.out != colour.out


# -- the command -----------------------------------------------------------------------------------


def test_a_way_ends_where_an_answer_is_missing() -> None:
    result = run("graph", "rash-only", "-a", "red-flags=none", "-a", "age=50")
    assert result.code == 0
    assert result.err == "dmadvisor: the marked way ends at 'diagnosis', not answered\n"
    assert "This patient, 4, an answer is missing. Question diagnosis" in result.out
    assert "This patient, 5" not in result.out


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        ((), 2, "no pathway was given"),
        (("clasic",), 2, "'clasic'"),
        (("classic", "-a", "weaknes=yes"), 2, "weaknes"),
        (("classic", "-a", "weakness=perhaps"), 2, "weakness"),
        (("classic", "-a", "weakness"), 2, "no '=' in it"),
        (("classic", "--answers", "/nowhere"), 2, "cannot be read"),
        (("classic", "--missing", "ask"), 2, "a picture asks nothing"),
        (("classic", "-f", "png"), 2, "png"),
        (("classic", "--pathways", "/nowhere"), 4, "there is no content here"),
    ],
)
def test_bad_input_is_one_line(args: tuple[str, ...], code: int, said: str) -> None:
    result = run("graph", *args)
    assert (result.code, result.out) == (code, "")
    assert said in result.err
    assert "Traceback" not in result.err


def test_the_drawn_pages_are_fresh() -> None:
    """If not: .venv/bin/python docs/draw.py."""
    made = runpy.run_path(str(ROOT / "docs" / "draw.py"))["drawn"]()
    folder = ROOT / "docs" / "pathways"
    found = {file.name: file.read_text("utf-8") for file in folder.iterdir()}
    assert set(found) - set(made) == {"README.md"}
    assert [name for name, text in made.items() if found[name] != text] == []
