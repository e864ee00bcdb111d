"""Finds a content folder and reads its files, from the YAML or from a compiled copy of it.

A wheel carries a compiled copy of the records that the YAML makes. It is used only while the
checksums of the YAML files beside it are the ones it was made from; otherwise the YAML itself is
read, and ``Store.notice`` says so.
"""

import os
from pathlib import Path as FilePath
from typing import Any, Self
from zlib import crc32

from dmadvisor.packed import COMPILED, Packed
from dmadvisor.problems import PathwayError, Problem, printable
from dmadvisor.yamltext import KEY, Data, Path, Place, YamlFile, read_yaml

CONTENT = "content.yaml"
FOLDERS = ("", "parts", "reference", "regimens", "safety", "shared")


class Store:
    """The files of one content folder; each is read when it is first asked for."""

    def __init__(self, root: FilePath) -> None:
        self.root = root
        self.notice: str | None = None
        self.files: tuple[str, ...] = _files(root)
        self._yaml: dict[str, YamlFile] = {}
        self._raw: dict[str, bytes] = {}
        self._sha256: str | None = None
        self.packed: Packed | None = self._read_packed()

    def _bytes(self, file: str) -> bytes:
        if file not in self._raw:
            try:
                with open(os.path.join(self.root, file), "rb", buffering=0) as opened:
                    self._raw[file] = opened.read()
            except OSError as error:
                raise PathwayError((_unreadable(file, error),)) from error
        return self._raw[file]

    def _read_packed(self) -> Packed | None:
        path = self.root / COMPILED
        if not path.is_file():
            return None
        try:
            packed = Packed(path.read_bytes())
            if packed.origin["checksums"] == self.checksums():
                self._sha256 = packed.origin["sha256"]
                return packed
        except (OSError, ValueError, PathwayError):
            pass
        self.notice = f"{path} is older than the YAML beside it: reading the YAML"
        return None

    @property
    def compiled(self) -> bool:
        """Whether records come from the compiled copy, which was checked when it was made."""
        return self.packed is not None

    def uncompiled(self) -> Self:
        """The same content read from its YAML, where every value has a place."""
        if self.packed is None:
            return self
        other = type(self)(self.root)
        other.packed = None
        return other

    def checksums(self) -> dict[str, int]:
        """A checksum of each file, enough to see that a compiled copy is out of date."""
        return {file: crc32(self._bytes(file)) for file in self.files}

    @property
    def sha256(self) -> str:
        """The hash of the content: over every file's name and bytes, in order of name."""
        if self._sha256 is None:
            import hashlib

            digest = hashlib.sha256()
            for file in self.files:
                digest.update(f"{file}\0{len(self._bytes(file))}\0".encode())
                digest.update(self._bytes(file))
            self._sha256 = digest.hexdigest()
        return self._sha256

    def yaml_file(self, file: str) -> YamlFile:
        """One file's data with the place of every value."""
        if file not in self._yaml:
            self._yaml[file] = read_yaml(self._bytes(file), file)
        return self._yaml[file]

    def data(self, file: str) -> Data:
        """One file's data; None when the file is missing or cannot be read as YAML."""
        return self.yaml_file(file).data if file in self.files else None

    def table(self, file: str) -> dict[str, Any]:
        """The records of a shared file by id, not decoded; empty when it cannot be read."""
        data = self.data(file)
        return data if isinstance(data, dict) else {}

    def place(self, file: str, path: Path) -> Place:
        """Where a path stands in a file, or the nearest place above it."""
        if file not in self.files:
            return Place(1, 1, 1)
        places = self.yaml_file(file).places
        while path and path not in places:
            path = path[:-1] if path[-1] != KEY else path[:-2]
        return places.get(path, Place(1, 1, 1))

    def row(self, problem: Problem) -> str:
        """The line of a file that a problem stands in, made printable."""
        if problem.file not in self.files:
            return ""
        lines = self._bytes(problem.file).decode("utf-8", "replace").splitlines()
        return printable(lines[problem.line - 1]) if problem.line <= len(lines) else ""


def find_root(chosen: str | None) -> FilePath:
    """The content folder: ``chosen``, else the shipped one. Raises PathwayError without content."""
    if chosen is not None:
        root = FilePath(chosen)
        try:
            there = (root / CONTENT).is_file()
        except OSError as error:
            raise PathwayError((_unreadable(chosen, error),)) from error
        if not there:
            raise PathwayError((_no_folder(chosen),))
        return root
    shipped = shipped_root()
    if shipped is None:
        raise PathwayError((_no_folder(str(FilePath(__file__).parent / "pathways")),))
    return shipped


def shipped_root() -> FilePath | None:
    """The content of the program: beside the package (wheel), else one up (checkout)."""
    package = FilePath(__file__).parent
    folders = (package / "pathways", package.parent / "pathways")
    return next((root for root in folders if root.is_dir()), None)


def _files(root: FilePath) -> tuple[str, ...]:
    found = []
    for folder in FOLDERS:
        prefix = f"{folder}/" if folder else ""
        try:
            names = os.listdir(root / folder) if (root / folder).is_dir() else []
        except OSError as error:
            raise PathwayError((_unreadable(folder or str(root), error),)) from error
        found += [prefix + name for name in names if name.endswith(".yaml")]
    return tuple(sorted(found))


def _no_folder(path: str) -> Problem:
    return Problem(
        path,
        1,
        1,
        1,
        "no-content",
        "there is no content here: no file content.yaml",
        "give the folder that holds the pathways with --pathways",
    )


def _unreadable(file: str, error: OSError) -> Problem:
    return Problem(
        file,
        1,
        1,
        1,
        "yaml",
        f"cannot be read: {error.strerror}",
        "check that the file is there and may be read",
    )
