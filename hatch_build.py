"""Puts a compiled copy of the pathways into the wheel, and refuses pathways with errors."""

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompiledPathways(BuildHookInterface[Any]):
    """Adds ``dmadvisor/pathways/compiled.pickle`` to the wheel; the source tree stays as it was."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile the content outside of the source tree and name the file to the builder."""
        if version == "editable":
            return
        content = self._compiled()
        self._folder = tempfile.TemporaryDirectory(prefix="dmadvisor-")
        file = Path(self._folder.name) / "compiled.pickle"
        file.write_bytes(content)
        build_data["force_include"][str(file)] = "dmadvisor/pathways/compiled.pickle"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove the compiled file; the wheel holds it now."""
        del build_data, artifact_path
        if version != "editable":
            self._folder.cleanup()

    def _compiled(self) -> bytes:
        sys.path.insert(0, self.root)
        try:
            from dmadvisor.compile import compile_content
            from dmadvisor.problems import PathwayError
        finally:
            sys.path.remove(self.root)
        try:
            return compile_content(Path(self.root, "pathways"))
        except PathwayError as error:
            lines = [f"pathways/{p.file}:{p.line}:{p.column}: {p.message}" for p in error.problems]
            raise SystemExit("\n".join(["the pathways have errors:", *lines])) from None
