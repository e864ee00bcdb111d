"""Lint: each broken file gives its one problem at its line, and nothing makes lint itself fail."""

import re
import shutil
import time
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dmadvisor import model
from dmadvisor.answers import within
from dmadvisor.compile import compile_content
from dmadvisor.decode import Decoder
from dmadvisor.library import OWN_FILE, SHARED, Library
from dmadvisor.lint import RULES, check, lint
from dmadvisor.lint.ranges import in_words, left_out, meet
from dmadvisor.model import Bounds
from dmadvisor.problems import Problem
from dmadvisor.values import bounds_of
from dmadvisor.yamltext import KEY, YamlFile, read_yaml

BAD = Path(__file__).parent / "bad"
CLEAN = BAD / "library"
BROKEN = sorted(BAD.glob("*.yaml"))
TODAY = date(2026, 11, 20)

HEADER = re.compile(r"# (.+?) expects (.+)")
EXPECTED = re.compile(r"(?:([^ ]+):)?([0-9]+):([0-9]+) ([a-z-]+)")
YAML_WORDING = re.compile(r"scalar|mapping values|block|flow|expected <|parser|scanner|node|token")

QUICK = 3.0
"""Seconds that nothing here may take, on a slow machine."""


class Found(NamedTuple):
    """A problem without its words."""

    file: str
    line: int
    column: int
    code: str


@pytest.fixture
def content(tmp_path: Path) -> Path:
    return Path(shutil.copytree(CLEAN, tmp_path / "content"))


def problems(root: Path) -> tuple[Problem, ...]:
    return lint(Library(root), today=TODAY)


def places(found: tuple[Problem, ...]) -> list[Found]:
    return [Found(p.file, p.line, p.column, p.code) for p in found]


def expectation(broken: Path) -> tuple[str, list[Found]]:
    header = HEADER.fullmatch(broken.read_text(encoding="utf-8").split("\n", 1)[0])
    assert header, f"{broken.name} does not say what it expects"
    expected = []
    for each in header[2].split(" and "):
        match = EXPECTED.fullmatch(each)
        assert match, f"{broken.name}: {each}"
        expected.append(Found(match[1] or header[1], int(match[2]), int(match[3]), match[4]))
    return header[1], expected


def change(root: Path, file: str, old: str, new: str) -> None:
    text = (root / file).read_text(encoding="utf-8")
    assert old in text
    (root / file).write_text(text.replace(old, new, 1), encoding="utf-8")


# -- one broken file a rule -------------------------------------------------------------------


def test_the_content_of_these_tests_is_clean() -> None:
    assert problems(CLEAN) == ()


@pytest.mark.parametrize("broken", BROKEN, ids=lambda path: path.stem)
def test_a_broken_file_gives_its_problem_and_no_other(broken: Path, content: Path) -> None:
    file, expected = expectation(broken)
    shutil.copyfile(broken, content / file)
    found = problems(content)
    assert places(found) == expected
    assert {p.severity for p in found} == {RULES[found[0].code].severity}


@pytest.mark.parametrize("broken", BROKEN, ids=lambda path: path.stem)
def test_messages_keep_the_house_rules(broken: Path, content: Path) -> None:
    file, _ = expectation(broken)
    shutil.copyfile(broken, content / file)
    for problem in problems(content):
        assert not problem.message[0].isupper()
        assert not problem.message.endswith(".")
        assert not problem.help[0].isupper()
        assert (problem.message + problem.help).isascii()
        assert (problem.message + problem.help).isprintable()
        assert not YAML_WORDING.search(problem.message + problem.help)


def test_every_rule_has_a_broken_file() -> None:
    shown = {found.code for broken in BROKEN for found in expectation(broken)[1]}
    assert shown == set(RULES) - {"no-content"}, "no file can break by not being in a folder"


def test_a_broken_file_is_named_after_its_rule() -> None:
    for broken in BROKEN:
        assert re.sub("-[0-9]+$", "", broken.stem) == expectation(broken)[1][0].code


@pytest.mark.parametrize("code", RULES)
def test_every_rule_explains_itself(code: str) -> None:
    rule = RULES[code]
    assert rule.code == code
    assert rule.summary
    assert not rule.summary.endswith(".")
    assert "Wrong:" in rule.manual
    assert "Right:" in rule.manual
    assert rule.manual.isascii()
    assert max(len(line) for line in rule.manual.split("\n")) <= 100


def test_a_tag_runs_nothing(content: Path) -> None:
    witness = content / "was-here"
    tag = f'title: !!python/object/apply:os.system ["touch {witness}"]\n'
    (content / "regimens/hat.yaml").write_text(tag, encoding="utf-8")
    assert [p.code for p in problems(content)] == ["alias"]
    assert not witness.exists()


def test_only_the_named_files_are_reported(content: Path) -> None:
    change(content, "regimens/hat.yaml", "title: Hat", "title: A & B")
    change(content, "regimens/drops.yaml", "title: Drops", "title: A & B")
    found = lint(Library(content), today=TODAY, files=("regimens/hat.yaml",))
    assert [p.file for p in found] == ["regimens/hat.yaml"]


def test_problems_are_sorted_by_place(content: Path) -> None:
    for file in ("swollen-ear.yaml", "regimens/hat.yaml", "blue-ear.yaml"):
        change(content, file, "cites: [ear-guide]", "cites: [lost]")
        change(content, file, "reviewed: 2026-11-20", "reviewed: someday")
    found = places(problems(content))
    assert len(found) == 6
    assert found == sorted(found)


def test_a_broken_shared_file_is_one_problem(content: Path) -> None:
    (content / "shared/citations.yaml").write_text("ear-guide: [", encoding="utf-8")
    assert [(p.file, p.code) for p in problems(content)] == [("shared/citations.yaml", "yaml")]


def test_a_missing_shared_file_is_one_problem(content: Path) -> None:
    (content / "shared/citations.yaml").unlink()
    found = problems(content)
    assert [p.code for p in found] == ["unknown-citation"]
    assert "shared/citations.yaml" in found[0].message


def test_content_yaml_is_needed_and_the_ledger_is_not(content: Path) -> None:
    (content / "ledger.yaml").unlink()
    assert problems(content) == ()
    (content / "content.yaml").unlink()
    assert [(p.file, p.code) for p in problems(content)] == [("content.yaml", "empty")]


def test_a_folder_in_the_place_of_a_file_is_a_problem(content: Path) -> None:
    (content / "regimens/hat.yaml").unlink()
    (content / "regimens/hat.yaml").mkdir()
    assert places(problems(content)) == [Found("regimens/hat.yaml", 1, 1, "yaml")]


@pytest.mark.parametrize(
    ("reviewed", "codes"),
    [("2025-11-20", []), ("2025-11-19", ["stale-review"]), ("2026-11-21", ["stale-review"])],
)
def test_a_review_lasts_twelve_months(content: Path, reviewed: str, codes: list[str]) -> None:
    change(content, "regimens/hat.yaml", "reviewed: 2026-11-20", f"reviewed: {reviewed}")
    assert [p.code for p in problems(content)] == codes


@pytest.mark.parametrize("file", ["regimens/hat.yaml", "swollen-ear.yaml", "reference/ears.yaml"])
@pytest.mark.parametrize(("reviewer", "codes"), [("", ["no-reviewer"]), ("\nreviewer: Nurse", [])])
def test_a_review_says_by_whom(content: Path, file: str, reviewer: str, codes: list[str]) -> None:
    reviewed = f"review-status: clinician-reviewed{reviewer}"
    change(content, file, "review-status: unreviewed", reviewed)
    assert [p.code for p in problems(content)] == codes


@pytest.mark.parametrize(
    "words",
    ["50 mg", "0.5 mg", "10 IU", "0.05%", "SPF 50+", "2.5 to 5", "bad idea", "a U-turn"],
)
def test_plain_dose_words_are_fine(content: Path, words: str) -> None:
    change(content, "regimens/hat.yaml", "Keeps the ear warm.", f"Give {words} to the ear.")
    assert problems(content) == ()


@pytest.mark.parametrize("words", ["below 30 mL/min", "30 g per litre", "week 4", "5 magnets"])
def test_numbers_that_are_no_dose_may_stand_in_a_step(content: Path, words: str) -> None:
    change(content, "swollen-ear.yaml", "do: Rest it.", f"do: Rest it, {words}.")
    assert problems(content) == ()


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("    unit: mg", "    unit: g", 14, "'g', and of its cap 'mg'"),
        ("400, unit: mg", "400, unit: g", 14, "'mg', and of its cap 'g'"),
        ("400, unit: mg", "400, unit: mg per m2", 14, "'mg', and of its cap 'mg per m2'"),
        ("unit: mg, per: day", "unit: mg, per: week", 15, "'day', and of its cap 'week'"),
        ("amount: 400", "amount: -400", 19, "'amount' is -400"),
        ("amount: 400", "amount: 0", 19, "'amount' is 0"),
        ("low: 2", "low: -2", 12, "'low' is -2"),
        ("high: 5", "high: 0", 13, "'high' is 0"),
        ("weight: actual", "weight: actual\n    round-down-to: 0", 17, "'round-down-to' is 0"),
        ("weight: actual", "weight: actual\n    divided: 0", 17, "'divided' is 0"),
        ("factor: 0.5", "factor: -0.5", 21, "'factor' is -0.5"),
        ("factor: 0.5", "factor: 5", 21, "'factor' is 5"),
        ("factor: 0.5", "cap: 0", 21, "'cap' is 0"),
        ("factor: 0.5", "amount: -1", 21, "'amount' is -1"),
        ("factor: 0.5", "start: -1", 21, "'start' is -1"),
        ("factor: 0.5", "days: 0", 21, "'days' is 0"),
    ],
)
def test_a_dose_by_weight_is_held_against_its_cap_and_above_nothing(
    content: Path, old: str, new: str, line: int, says: str
) -> None:
    change(content, "regimens/cream.yaml", old, new)
    found = [p for p in problems(content) if p.code == "dose-shape" and says in p.message]
    assert [(p.file, p.line) for p in found] == [("regimens/cream.yaml", line)]


def test_a_cap_may_be_for_each_kg(content: Path) -> None:
    change(content, "regimens/cream.yaml", "400, unit: mg", "4, unit: mg per kg")
    assert problems(content) == ()


def test_a_line_that_hands_over_leaves_its_answers_to_a_later_line(content: Path) -> None:
    change(content, "blue-ear.yaml", "    no: by-signs\n",
           "    no: hand over to swollen-ear\n    otherwise: by-signs\n")  # fmt: skip
    assert problems(content) == ()


def test_a_compiled_copy_hides_no_problem(content: Path) -> None:
    more = "too-late: {title: Late, text: Late., seriousness: common, cites: [ear-guide]}\n"
    with (content / "shared/pitfalls.yaml").open("a", encoding="utf-8") as file:
        file.write(more)
    before = problems(content)
    (content / "compiled.pickle").write_bytes(compile_content(content))
    assert Library(content).compiled
    assert [p.code for p in before] == ["unused-pitfall"]
    assert problems(content) == before
    assert check(Library(content), "blue-ear") == ()


def misspellings() -> list[tuple[str, int, int, str]]:
    """Every key of a record in the clean content, where it stands."""
    library = Library(CLEAN)
    names = {id for kind in SHARED for id in library.ids(kind)}
    found = []
    for file in library.files:
        for path, place in library.yaml_file(file).places.items():
            key = str(path[-2]) if path and path[-1] == KEY else ""
            line_of_a_question = path[0:1] == ("questions",) and len(path) > 2
            if KEYS.fullmatch(key) and key not in names and not line_of_a_question:
                found.append((file, place.line, place.column, key))
    return found


KEYS = re.compile("|".join(sorted({
    key.replace("_", "-").replace("continues", "continue").replace("along", "with")
    for record in vars(model).values() if hasattr(record, "_fields")
    for key in record._fields
})))  # fmt: skip


@pytest.mark.parametrize(("file", "line", "column", "key"), misspellings(), ids=str)
def test_a_misspelt_key_is_one_problem(
    content: Path, file: str, line: int, column: int, key: str
) -> None:
    lines = (content / file).read_text(encoding="utf-8").split("\n")
    row = lines[line - 1]
    lines[line - 1] = f"{row[: column - 1]}{key}zz{row[column - 1 + len(key) :]}"
    (content / file).write_text("\n".join(lines), encoding="utf-8")
    assert places(problems(content)) == [Found(file, line, column, "unknown-key")]


@pytest.mark.parametrize("key", ["colour", "-fields", "-known", "-required", "_fields"])
def test_only_fields_are_keys(content: Path, key: str) -> None:
    change(content, "regimens/hat.yaml", "title: Hat", f"title: Hat\n{key}: red")
    found = problems(content)
    assert [p.code for p in found] == ["unknown-key"]
    assert found[0].message == f"regimen has no '{key}'"
    assert not re.search(r"[ ']-", found[0].help)


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("safety/ears.yaml", "    then: {steps: [rest]}\n", "", "safety rule has no 'then'"),
        ("safety/ears.yaml", "rules:", "rulez:", "rule set has no 'rulez'"),
        ("safety/ears.yaml", "{steps: [rest]}", "{colour: red}", "'then' has no 'colour'"),
    ],
)
def test_a_record_is_called_by_words(
    content: Path, file: str, old: str, new: str, says: str
) -> None:
    change(content, file, old, new)
    assert [p.message for p in problems(content)] == [says]


def test_what_is_allowed_is_listed_once(content: Path) -> None:
    change(content, "regimens/hat.yaml", "kind: care", "kind: xyz")
    found = problems(content)[0]
    assert (found.message, found.help) == ("'xyz' is not one of: drug, care", "use one of these")


@pytest.mark.parametrize(
    ("file", "old", "new", "place"),
    [
        ("parts/entry.yaml", "    below 5:", "    below 1,000:", (11, 5)),
        ("blue-ear.yaml", "{ear-size: below 5}", "{ear-size: below 1,000}", (20, 33)),
        ("blue-ear.yaml", "{ear-size: below 5}", "{ear-size: [below 1,000]}", (20, 34)),
        ("blue-ear.yaml", "{ear-size: below 5}", '{ear-size: "below 1,000"}', (20, 25)),
    ],
)
def test_a_number_with_a_comma_is_one_problem(
    content: Path, file: str, old: str, new: str, place: tuple[int, int]
) -> None:
    change(content, file, old, new)
    found = problems(content)
    assert places(found) == [Found(file, *place, "type")]
    assert found[0].help == "write numbers without a comma, such as 'below 1000'"


# -- check: one pathway -----------------------------------------------------------------------


def test_check_finds_nothing_in_clean_content() -> None:
    for pathway in ("blue-ear", "swollen-ear"):
        assert check(Library(CLEAN), pathway) == ()


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("regimens/hat.yaml", "kind: care", "kind: cares"),  # a companion
        ("regimens/drops.yaml", "title: Drops", 'title: "Drops'),
        ("parts/entry.yaml", "eye: refer", "eye: referr"),
        ("shared/checks.yaml", "cites: [ear-guide]", "cites: [ear-gide]"),
        ("shared/citations.yaml", "kind: guideline", "kind: guide"),
        ("shared/facts.yaml", "value: large", "value: larg"),
        ("shared/red-flags.yaml", "same-day", "some-day"),
        ("swollen-ear.yaml", "right-stiff: {otherwise: rest,", "right-stiff: {otherwise: begin,"),
        ("content.yaml", "title: Blue ear", ""),
        ("content.yaml", "title: Blue ear", 'title: "Blue ear'),
        ("shared/pitfalls.yaml", "too-early:", "too-early: &x"),
    ],
)
def test_check_finds_what_a_run_comes_to(content: Path, file: str, old: str, new: str) -> None:
    change(content, file, old, new)
    found = check(Library(content), "blue-ear")
    assert [p.file for p in found] == [file]
    assert {p.severity for p in found} == {"error"}


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("regimens/cream.yaml", "kind: drug", "kind: drugs"),
        ("regimens/drops.yaml", "title: Drops", 'title: "Drops'),
        ("blue-ear.yaml", "unknown: look-first", "unknown: look-last"),
        ("shared/not-offered.yaml", "title: White paint", "titel: White paint"),
        ("shared/conflicts.yaml", "topic: Cream", "topik: Cream"),
        ("ledger.yaml", "steps/start-cream", "steps/lost"),
        ("regimens/hat.yaml", "reviewed: 2026-11-20", "reviewed: 2001-01-01"),
    ],
)
def test_check_leaves_alone_what_a_run_cannot_come_to(
    content: Path, file: str, old: str, new: str
) -> None:
    change(content, file, old, new)
    assert problems(content)
    assert check(Library(content), "swollen-ear") == ()


def test_check_of_an_unknown_pathway_says_so() -> None:
    assert [p.code for p in check(Library(CLEAN), "green-ear")] == ["unknown-pathway"]


# -- hostile files ----------------------------------------------------------------------------


def chain(length: int) -> bytes:
    forks = "".join(f"  fork-{i}: [{{to: fork-{i + 1}}}]\n" for i in range(length))
    return f"title: Long\nforks:\n{forks}".encode()


HOSTILE = {
    "nested-lists": b"a: " + b"[" * 100_000,
    "nested-mappings": b"{a: " * 100_000,
    "long-text": b"title: " + b"a" * 999_000,
    "large-file": b"title: " + b"a " * 600_000,
    "not-utf-8": b"title: \xff\xfe\xfa",
    "raw-escape": b"title: \x1b[2J",
    "raw-nul": b"title: \x00",
    "many-colons": b": " * 10_000,
    "many-aliases": b"a: [" + b"*a," * 10_000 + b"]",
    "key-that-is-a-list": b"[a, b]: c",
    "key-that-is-an-alias": b"*a : c",
    "only-a-tab": b"\t",
    "quote": b"title: 'a",
    "escape-in-key": b'"\\e[2J": a',
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_one_problem_and_quick(content: Path, name: str) -> None:
    (content / "regimens/hat.yaml").write_bytes(HOSTILE[name])
    began = time.monotonic()
    found = problems(content)
    assert time.monotonic() - began < QUICK
    assert {p.file for p in found} == {"regimens/hat.yaml"}
    if name != "escape-in-key":
        assert len(found) == 1
    assert all((p.message + p.help).isprintable() for p in found)


def test_a_walk_of_ten_thousand_forks_is_read_to_its_end(content: Path) -> None:
    (content / "parts/entry.yaml").write_bytes(chain(10_000) + b"start: fork-0\n")
    began = time.monotonic()
    found = problems(content)
    assert time.monotonic() - began < 5 * QUICK
    assert "unknown-spot" in {p.code for p in found}


def test_a_circle_of_a_thousand_forks_is_reported_in_short(content: Path) -> None:
    ring = chain(999) + b"  fork-999: [{to: fork-0}]\nstart: fork-0\n"
    (content / "parts/entry.yaml").write_bytes(ring)
    loops = [p for p in problems(content) if p.code == "loop"]
    assert len(loops) == 1
    assert "..." in loops[0].message
    assert len(loops[0].message) < 300


# -- any bytes at all -------------------------------------------------------------------------

SHAPES: list[Any] = [
    *(shape for _, shape in OWN_FILE.values()),
    *(shape for _, shape in SHARED.values()),
    tuple[model.LedgerEntry, ...],
    model.Content,
]
YAMLISH = st.text(
    st.sampled_from("ab-0.5:,'\"[]{}&*!|>#%@`?\\\n\t \x1b\u202e\ufeff\u2028\xe9"), max_size=80
).map(lambda text: text.encode("utf-8"))
ANY_BYTES = st.one_of(st.binary(max_size=200), YAMLISH)


def assert_inside(read: YamlFile, raw: bytes) -> None:
    breaks = (b"\n", b"\r", b"\xe2\x80\xa8", b"\x85")
    lines = sum(raw.count(each) for each in breaks) + 2
    for problem in read.problems:
        assert 1 <= problem.line <= lines
        assert problem.column >= 1
        assert problem.length >= 1
        assert (problem.message + problem.help).isprintable()


@given(raw=ANY_BYTES, shape=st.sampled_from(SHAPES))
def test_any_bytes_are_records_or_problems(raw: bytes, shape: Any) -> None:
    read = read_yaml(raw, "any.yaml")
    assert_inside(read, raw)
    if read.data is None:
        assert read.problems
        return
    decoder = Decoder()
    decoder.decode(shape, read.data)
    for mistake in decoder.mistakes:
        assert (mistake.message + mistake.help).isprintable()


@st.composite
def mutated(draw: st.DrawFn) -> tuple[str, bytes]:
    """A file of the clean content with a few of its lines or words changed, or any bytes."""
    file = draw(st.sampled_from(Library(CLEAN).files))
    if draw(st.integers(0, 4)) == 0:
        return file, draw(ANY_BYTES)
    lines = (CLEAN / file).read_text(encoding="utf-8").split("\n")
    words = [word for line in lines for word in re.findall(r"[\w-]+|[\[\]{}:,]", line)]
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(lines) - 1))
        match draw(st.sampled_from(["delete", "swap", "indent", "word"])):
            case "delete":
                lines[at] = ""
            case "swap":
                other = draw(st.integers(0, len(lines) - 1))
                lines[at], lines[other] = lines[other], lines[at]
            case "indent":
                lines[at] = "  " + lines[at]
            case _:
                tokens = re.split(r"([\w-]+)", lines[at])
                tokens[draw(st.integers(0, len(tokens) - 1))] = draw(st.sampled_from(words))
                lines[at] = "".join(tokens)
    return file, "\n".join(lines).encode()


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(change=mutated())
def test_any_file_in_the_content_gives_problems_and_no_failure(
    tmp_path: Path, change: tuple[str, bytes]
) -> None:
    root = tmp_path / "content"
    shutil.copytree(CLEAN, root, dirs_exist_ok=True)
    file, raw = change
    (root / file).write_bytes(raw)
    found = problems(root)
    assert all((p.message + p.help).isprintable() for p in found)
    assert all(p.code in RULES for p in found)
    for pathway in ("blue-ear", "swollen-ear"):
        errors = check(Library(root), pathway)
        assert set(places(errors)) <= set(places(found))


# -- ranges -----------------------------------------------------------------------------------

NUMBERS = st.decimals(min_value=-5, max_value=5, places=1)


@st.composite
def bounds(draw: st.DrawFn) -> Bounds:
    low, high = draw(st.none() | NUMBERS), draw(st.none() | NUMBERS)
    if low is not None and high is not None and low > high:
        low, high = high, low
    return Bounds(low, draw(st.booleans()), high, draw(st.booleans()))


@given(given=st.lists(bounds(), max_size=4), of=bounds(), number=NUMBERS)
def test_what_is_left_out_is_exactly_what_nothing_covers(
    given: list[Bounds], of: Bounds, number: Any
) -> None:
    uncovered = within(number, of) and not any(within(number, each) for each in given)
    assert any(within(number, each) for each in left_out(given, of)) == uncovered


@given(one=bounds(), other=bounds(), number=NUMBERS)
def test_two_ranges_meet_when_a_number_lies_in_both(
    one: Bounds, other: Bounds, number: Any
) -> None:
    assert meet(one, other) == meet(other, one)
    if within(number, one) and within(number, other):
        assert meet(one, other)


@pytest.mark.parametrize(
    "words",
    ["below 3", "at least 3", "above 3", "at most 3", "exactly 3", "at least 3 and below 5",
     "above 3 and at most 5"],
)  # fmt: skip
def test_a_range_is_written_as_an_author_writes_it(words: str) -> None:
    found = bounds_of(words)
    assert found is not None
    assert in_words(found) == words


def test_the_end_of_what_is_possible_is_not_said() -> None:
    possible, given = bounds_of("at least 0 and at most 9"), bounds_of("at least 2 and below 5")
    assert possible
    assert given
    left = left_out([given], possible)
    assert [in_words(each, possible) for each in left] == ["below 2", "at least 5"]
