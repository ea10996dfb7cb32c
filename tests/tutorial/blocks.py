"""Code blocks of a Markdown page: files to write, commands to type."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_FILE = re.compile(r"^`([\w./-]+)`:\n\n```(?:python|html)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_SHELL = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def files(page: str) -> dict[str, str]:
    """The files that a page gives in full, by path."""
    return dict(_FILE.findall((ROOT / page).read_text(encoding="utf-8")))


def commands(page: str) -> list[str]:
    """The blocks of commands that a page gives, in order."""
    return _SHELL.findall((ROOT / page).read_text(encoding="utf-8"))
