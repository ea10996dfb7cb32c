"""A folder beside a checkout, in which the commands of a page are typed as they are written."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.plugin import SERVER
from tests.tutorial.blocks import ROOT

PASSWORD = "water over the old bridge 7\n"


@dataclass(frozen=True)
class Lakeside:
    """The folder that a page has one make. ``more`` are variables that the reader has set."""

    folder: Path
    database: str
    more: dict[str, str] = field(default_factory=dict)

    def begin(self, *command: str) -> None:
        """Run the commands that make the folder, in a checkout beside it."""
        SERVER.ensure_database(self.database)
        checkout = self.folder.parent / "checkout"
        checkout.mkdir()
        self._run(command, place=checkout)

    def run(self, *command: str, typed: str | None = None) -> str:
        """Run a command there; what it printed. Fails the test if it fails."""
        return self._run(command, place=self.folder, typed=typed)

    def visit(self, module: str) -> dict[str, Any]:
        """Run a module's main there, in a Django of its own; the JSON that it prints."""
        script = f"import django, runpy; django.setup(); runpy.run_module({module!r}, "
        found: dict[str, Any] = json.loads(
            self.run(sys.executable, "-c", f"{script}run_name='__main__')")
        )
        return found

    def _run(self, command: tuple[str, ...], *, place: Path, typed: str | None = None) -> str:
        done = subprocess.run(
            command,
            cwd=place,
            env=self.environment(),
            input=typed,
            capture_output=True,
            text=True,
            check=False,
            timeout=200,
        )
        assert done.returncode == 0, f"{command}:\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def environment(self) -> dict[str, str]:
        """A plain environment with this Haihe's programs first: what its commands see."""
        return {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "HOME": str(self.folder),
            "HAIHE_CITY": str(self.folder / "city"),
            "HAIHE_DATA": str(self.folder / "var"),
            "HAIHE_DATABASE_URL": SERVER.url(self.database),
            "HAIHE_LOG_LEVEL": "warning",
            "DJANGO_SETTINGS_MODULE": "haihe.project.settings",
            "PYTHONPATH": f"{self.folder}:{ROOT}",
            "PYTHONDONTWRITEBYTECODE": "1",
            **self.more,
        }
