"""One environment for every test, and screens: what the program prints, byte for byte."""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest

from dmadvisor.compile import compile_content
from dmadvisor.packed import COMPILED
from dmadvisor.store import find_root

if TYPE_CHECKING:
    from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

    from tests.nodejs import Script
    from tests.patients import Patient

ROOT = Path(__file__).parent.parent
SCREENS = Path(__file__).parent / "screens"

Screen = Callable[[str, str], None]

EVERYONE = "everyone"
"""The patients whom rules are held against, and the group of the tests that need them."""

NEED_EVERYONE = ("test_invariants", "test_pathways")
"""How the names of the files begin whose tests need them."""

ON_ONE_WORKER = ("test_form", "test_witness", "test_reports", "test_single")
"""Files whose tests share sets that take long to make, and much memory."""

# A shared machine can be slow; a slow example is no mistake of the program.
hypothesis.settings.register_profile("dmadvisor", deadline=None)
hypothesis.settings.load_profile("dmadvisor")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--update-screens``."""
    parser.addoption(
        "--update-screens", action="store_true", help="rewrite tests/screens from what is printed"
    )


@pytest.fixture(autouse=True, scope="session")
def terminal() -> Iterator[None]:
    """Give every test the same plain terminal of 80 columns, whatever runs it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", "80")
        patch.setenv("TERM", "dumb")
        for name in ("NO_COLOR", "FORCE_COLOR", "GITHUB_ACTIONS", "DMADVISOR_PATHWAYS"):
            patch.delenv(name, raising=False)
        yield


@pytest.fixture(scope="session")
def compiled_content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The content as a wheel carries it, made once for all workers; no test may change it."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    root = shared / "compiled" / "pathways"
    with (shared / "compiled.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        if not (root / COMPILED).exists():
            shutil.copytree(find_root(None), root)
            (root / COMPILED).write_bytes(compile_content(root))
    return root


@pytest.fixture(scope="module")
def compiled(compiled_content: Path) -> Iterator[Path]:
    """Give the runs of a module the content as a wheel carries it: none of them parses YAML."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DMADVISOR_PATHWAYS", str(compiled_content))
        yield compiled_content


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> "LoadScopeScheduling":
    """Keep the files that need everyone on one worker: it takes long to make them."""
    from xdist.scheduler import LoadScopeScheduling

    class Scheduler(LoadScopeScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            file, _, _ = nodeid.partition("::")
            name = Path(file).stem
            if name in ON_ONE_WORKER:
                return file
            return EVERYONE if name.startswith(NEED_EVERYONE) else nodeid

    return Scheduler(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the tests that need everyone."""
    items.sort(key=lambda item: not item.path.stem.startswith(NEED_EVERYONE))


@pytest.fixture(scope="session")
def everyone() -> tuple["Patient", ...]:
    """The patients that every rule is held against."""
    from tests.patients import patients

    return patients()


@pytest.fixture(scope="session")
def node() -> "Script":
    """Run a script of ``tests/node`` with the packages that it needs."""
    from tests.nodejs import ready

    return ready()


@pytest.fixture
def screen(request: pytest.FixtureRequest) -> Screen:
    """Compare what was printed with ``tests/screens/<name>``; rewrite it with --update-screens."""

    def compare(name: str, printed: str) -> None:
        file = SCREENS / name
        if request.config.getoption("--update-screens"):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(printed.encode())
        if not file.is_file():
            pytest.fail(f"no screen {name} yet: run pytest --update-screens", pytrace=False)
        assert printed == file.read_bytes().decode()

    return compare
