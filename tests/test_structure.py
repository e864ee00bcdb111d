"""The static tools find nothing, and the program keeps to its shape."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MODULES = sorted((ROOT / "dmadvisor").rglob("*.py"))

LONGEST_MODULE = 300
LONGEST_FUNCTION = 40

LONGER_MODULES = {
    "dmadvisor/prompt.py": "one conversation, to be read in one go",
    "dmadvisor/model.py": "the whole vocabulary, to be read in one go",
}
"""Modules that may pass the limit, each with its reason."""

LONGER_FUNCTIONS: dict[str, str] = {}
"""Functions that may pass the limit, as ``file:name``, each with its reason."""

OUTSIDE_WORLD = re.compile(
    r"environ|getenv|today|now|utcnow|time|monotonic|perf_counter|open|read_text|read_bytes"
    r"|is_file|is_dir|exists|iterdir|listdir|scandir|glob|rglob|cwd|getcwd|stat|isatty"
    r"|get_terminal_size"
)
"""Names by which code reads the clock, the environment or a file."""


LINT_IMPORTS = "from importlinter.cli import lint_imports_command as run; run()"

TOOLS = {
    "ruff-check": [sys.executable, "-m", "ruff", "check", "."],
    "ruff-format": [sys.executable, "-m", "ruff", "format", "--check", "."],
    "mypy": [sys.executable, "-m", "mypy"],
    "import-contract": [sys.executable, "-c", LINT_IMPORTS],
    "dmadvisor-lint": [sys.executable, "-m", "dmadvisor", "lint", "--pathways", "pathways"],
}


@pytest.mark.tools
@pytest.mark.parametrize("tool", TOOLS)
def test_static_tool_finds_nothing(tool: str) -> None:
    found = subprocess.run(TOOLS[tool], cwd=ROOT, capture_output=True, text=True, check=False)
    if found.returncode:
        pytest.fail(f"{' '.join(TOOLS[tool])}\n{found.stdout}{found.stderr}", pytrace=False)


def relative(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """How many lines a function has below its signature and docstring."""
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    return (node.end_lineno or 0) - body[0].lineno + 1 if body else 0


def functions(file: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(file.read_bytes())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{relative(file)}:{node.name}", length(node)


def test_modules_are_short() -> None:
    sizes = {relative(file): len(file.read_bytes().splitlines()) for file in MODULES}
    long = {name for name, size in sizes.items() if size > LONGEST_MODULE}
    assert long == set(LONGER_MODULES), "split a long module, and keep only reasons that are needed"


def test_functions_are_short() -> None:
    sizes = dict(size for file in MODULES for size in functions(file))
    long = {name: size for name, size in sizes.items() if size > LONGEST_FUNCTION}
    assert set(long) == set(LONGER_FUNCTIONS), long


def at_import(node: ast.AST) -> Iterator[ast.AST]:
    """Every piece of code that runs when the module is imported."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import | ast.ImportFrom | ast.Lambda):
            continue
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            for outer in [*child.decorator_list, *child.args.defaults, *child.args.kw_defaults]:
                if outer is not None:
                    yield from (outer, *at_import(outer))
            continue
        yield child
        yield from at_import(child)


@pytest.mark.parametrize("file", MODULES, ids=relative)
def test_import_reads_nothing_of_the_outside_world(file: Path) -> None:
    calls = [n.func for n in at_import(ast.parse(file.read_bytes())) if isinstance(n, ast.Call)]
    names = {c.id if isinstance(c, ast.Name) else getattr(c, "attr", "") for c in calls}
    used = {n.attr for n in at_import(ast.parse(file.read_bytes())) if isinstance(n, ast.Attribute)}
    assert [n for n in sorted(names | used) if OUTSIDE_WORLD.fullmatch(n)] == []


def clinical_words() -> list[str]:
    """The ids of all regimens, also as words."""
    ids = sorted(file.stem for file in (ROOT / "pathways" / "regimens").glob("*.yaml"))
    assert ids
    return [word for id in ids for word in dict.fromkeys((id, id.replace("-", " ")))]


@pytest.mark.parametrize("file", MODULES, ids=relative)
def test_the_program_names_no_drug(file: Path) -> None:
    text = file.read_text(encoding="utf-8").lower()
    assert [w for w in clinical_words() if re.search(rf"\b{re.escape(w)}\b", text)] == []


@pytest.mark.parametrize("file", MODULES, ids=relative)
def test_the_program_speaks_ascii(file: Path) -> None:
    """A character outside ASCII is lost on some consoles; in a dose that is an incident."""
    assert file.read_bytes().isascii()


@pytest.mark.parametrize("file", MODULES, ids=relative)
def test_every_module_says_what_belongs_in_it(file: Path) -> None:
    assert ast.get_docstring(ast.parse(file.read_bytes()))
