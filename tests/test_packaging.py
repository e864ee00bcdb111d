"""The wheel works where nothing else is installed; its compiled copy never outlives the YAML."""

import json
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest

from dmadvisor import __version__
from dmadvisor.compile import Packer, compile_content
from dmadvisor.library import OWN_FILE, SHARED, Library
from dmadvisor.packed import Packed
from dmadvisor.problems import PathwayError

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "pathways"
INSIDE = "dmadvisor/pathways/"
SCRIPTED = ["advise", "rash-only", "--missing", "unknown", "--today", "2026-11-20", "-f", "json"]


def run(*command: object, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run a command that has to end well; its output is shown when it does not."""
    words = [str(word) for word in command]
    done = subprocess.run(words, cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.fail(f"{' '.join(words)}: exit {done.returncode}\n{done.stdout}{done.stderr}")
    return done


def pip_wheel(source: Path, folder: Path) -> Path:
    """The wheel of a source tree or an sdist, built as any installer builds it."""
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    run(*pip, "wheel", source, "--no-deps", "--wheel-dir", folder)
    (wheel,) = folder.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return pip_wheel(ROOT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sdist")
    run(sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", folder)
    (archive,) = folder.glob("*.tar.gz")
    return archive


class Fresh:
    """An environment that holds the wheel and what the wheel asks for, and nothing else."""

    def __init__(self, folder: Path, wheel: Path) -> None:
        self.folder = folder
        run(sys.executable, "-m", "venv", folder / "venv")
        self.scripts = folder / "venv" / ("Scripts" if os.name == "nt" else "bin")
        run(
            *(self.scripts / "python", "-m", "pip", "--quiet", "--disable-pip-version-check"),
            *("install", wheel),
        )
        (self.pathways,) = (folder / "venv").rglob("dmadvisor/pathways")

    def dmadvisor(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the installed program, away from the source tree."""
        return run(self.scripts / "dmadvisor", *arguments, cwd=self.folder)


@pytest.fixture(scope="module")
def fresh(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Fresh:
    return Fresh(tmp_path_factory.mktemp("fresh"), wheel)


def contents(wheel: Path) -> dict[str, bytes]:
    """Every file of a wheel but its own bookkeeping."""
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        assert len(names) == len(set(names)), "a file stands twice in the wheel"
        return {name: archive.read(name) for name in names if ".dist-info/" not in name}


def assert_compiled_is_fresh(files: dict[str, bytes]) -> None:
    compiled = Packed(files[INSIDE + "compiled.pickle"])
    yaml = {n.removeprefix(INSIDE): raw for n, raw in files.items() if n.endswith(".yaml")}
    assert compiled.origin["checksums"] == {name: crc32(raw) for name, raw in yaml.items()}
    assert compiled.origin["sha256"] == Library(SOURCE).sha256


@pytest.mark.packaging
def test_wheel_holds_pathways_and_a_fresh_compiled_copy(wheel: Path) -> None:
    files = contents(wheel)
    for file in SOURCE.rglob("*.yaml"):
        assert files[INSIDE + file.relative_to(SOURCE).as_posix()] == file.read_bytes()
    assert_compiled_is_fresh(files)
    assert {name.split("/")[0] for name in files} == {"dmadvisor"}


@pytest.mark.packaging
def test_building_leaves_nothing_in_the_source_tree(wheel: Path) -> None:
    assert wheel.is_file()
    assert not (SOURCE / "compiled.pickle").exists()
    assert not (ROOT / "build").exists()


@pytest.mark.packaging
def test_wheel_from_the_sdist_is_the_same(wheel: Path, sdist: Path, tmp_path: Path) -> None:
    assert contents(pip_wheel(sdist, tmp_path)) == contents(wheel)


@pytest.mark.packaging
def test_sdist_carries_what_its_own_checks_need(sdist: Path) -> None:
    with tarfile.open(sdist) as archive:
        names = {name.split("/", 1)[1] for name in archive.getnames()}
    needed = {"README.md", "LICENSE", "check", ".ci/run", "hatch_build.py", "pyproject.toml"}
    for folder in ("benchmarks", "dmadvisor", "docs", "pathways", "tests"):
        files = (ROOT / folder).rglob("*")
        needed |= {f.relative_to(ROOT).as_posix() for f in files if f.is_file()}
    made = ("__pycache__", "node_modules")  # by running it
    assert {name for name in needed - names if not any(m in name for m in made)} == set()


@pytest.mark.packaging
def test_no_development_package_is_needed(fresh: Fresh) -> None:
    python = fresh.scripts / "python"
    listed = run(python, "-m", "pip", "--disable-pip-version-check", "list", "--format", "json")
    present = {package["name"].lower() for package in json.loads(listed.stdout)}
    wanted = metadata.requires("dmadvisor") or []
    extra = {w.split(";")[0].rstrip(" <>=!~.0123456789") for w in wanted if "extra ==" in w}
    assert extra
    brought = {"markdown-it-py"}  # rich brings it along
    assert present & {name.split("[")[0].lower() for name in extra} <= brought


@pytest.mark.packaging
def test_installed_program_knows_its_version(fresh: Fresh) -> None:
    assert __version__ in fresh.dmadvisor("--version").stdout


@pytest.mark.packaging
def test_installed_program_lists_every_pathway(fresh: Fresh) -> None:
    listed = fresh.dmadvisor("list").stdout
    assert [id for id in Library(SOURCE).ids("PathwayId") if id not in listed] == []


@pytest.mark.packaging
def test_installed_program_advises_without_a_word_on_stderr(fresh: Fresh) -> None:
    advised = fresh.dmadvisor(*SCRIPTED)
    assert json.loads(advised.stdout)["status"] == "advice"
    assert advised.stderr == ""


@pytest.mark.packaging
def test_compiled_copy_and_yaml_give_the_same_bytes(fresh: Fresh) -> None:
    from_yaml = fresh.dmadvisor(*SCRIPTED, "--pathways", str(SOURCE))
    assert fresh.dmadvisor(*SCRIPTED).stdout == from_yaml.stdout


@pytest.fixture
def edited(fresh: Fresh) -> Iterator[str]:
    """Edit the installed YAML of one pathway; give the title that it now has."""
    file = fresh.pathways / "rash-only.yaml"
    before = file.read_bytes()
    title = "Edited where it is installed"
    lines = before.decode().splitlines()
    lines = [f"title: {title}" if line.startswith("title:") else line for line in lines]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    yield title
    file.write_bytes(before)


@pytest.mark.packaging
def test_answer_follows_an_edit_of_the_installed_yaml(fresh: Fresh, edited: str) -> None:
    advised = fresh.dmadvisor(*SCRIPTED)
    assert json.loads(advised.stdout)["pathway"]["title"] == edited
    assert "compiled.pickle is older than the YAML beside it" in advised.stderr


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of the content that a test may break."""
    return Path(shutil.copytree(SOURCE, tmp_path / "pathways"))


def test_compiled_copy_is_read_while_it_is_fresh(copied: Path) -> None:
    (copied / "compiled.pickle").write_bytes(compile_content(copied))
    library = Library(copied)
    assert library.compiled
    assert library.notice is None
    assert library.sha256 == Library(SOURCE).sha256
    source = Library(SOURCE)
    for kind in (*SHARED, *OWN_FILE):
        assert library.ids(kind) == source.ids(kind)
        for id in source.ids(kind):
            assert library.get(kind, id) == source.get(kind, id), f"{kind} {id}"
    assert library.content() == source.content()
    assert library.ledger_entry().record == source.ledger_entry().record


def add_file(folder: Path) -> None:
    shutil.copy(folder / "rash-only.yaml", folder / "another.yaml")


def remove_file(folder: Path) -> None:
    (folder / "ledger.yaml").unlink()


def change_file(folder: Path) -> None:
    with (folder / "rash-only.yaml").open("a", encoding="utf-8") as file:
        file.write("# changed\n")


def cut_compiled(folder: Path) -> None:
    file = folder / "compiled.pickle"
    file.write_bytes(file.read_bytes()[:1000])


@pytest.mark.parametrize("change", [add_file, remove_file, change_file, cut_compiled])
def test_compiled_copy_is_left_aside_when_it_is_stale(copied: Path, change: Any) -> None:
    (copied / "compiled.pickle").write_bytes(compile_content(copied))
    change(copied)
    library = Library(copied)
    assert not library.compiled
    assert library.notice is not None
    assert library.pathway("rash-only").title


def test_content_with_errors_is_not_compiled(copied: Path) -> None:
    with (copied / "rash-only.yaml").open("a", encoding="utf-8") as file:
        file.write("titel: A slip of the key\n")
    with pytest.raises(PathwayError) as refused:
        compile_content(copied)
    assert "unknown-key" in {problem.code for problem in refused.value.problems}


def test_compiled_copy_in_the_source_tree_is_refused(copied: Path) -> None:
    (copied / "compiled.pickle").write_text("{}", encoding="utf-8")
    with pytest.raises(PathwayError):
        compile_content(copied)


class Harm:
    """What a hostile copy would make the program do when it is read."""

    def __reduce__(self) -> Any:
        return os.system, ("true",)


def test_a_compiled_copy_can_name_nothing_but_records(copied: Path) -> None:
    """Whatever its bytes say, reading a copy runs no code."""
    packer = Packer()
    packer.add("QuestionId", "age", Harm())
    library = Library(copied)
    made = {"checksums": library.checksums(), "sha256": library.sha256}
    (copied / "compiled.pickle").write_bytes(packer.copy(made))
    library = Library(copied)
    assert library.compiled
    with pytest.raises(PathwayError) as refused:
        library.question("age")
    assert "posix.system has no place in content" in refused.value.problems[0].message


def test_a_damaged_compiled_copy_is_named(copied: Path) -> None:
    """A copy of the right length with wrong bytes in it is an error with its mend."""
    whole = compile_content(copied)
    (copied / "compiled.pickle").write_bytes(whole[:-200_000] + b"?" * 200_000)
    library = Library(copied)
    with pytest.raises(PathwayError) as refused:
        library.ledger_entry()
    assert "delete it" in refused.value.problems[0].help
