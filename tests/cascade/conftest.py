"""Riverton with its catalogue, and servers of other catalogues on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from haihe.base.settings import settings
from tests.cascade.remote import Remote, serving
from tests.pages.cities import city

__all__ = ["city"]

HERE = "https://data.riverton.example"


@pytest.fixture(autouse=True)
def trial(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """This machine may be asked, and others know under which address we are reached."""
    monkeypatch.setenv("HAIHE_TRIAL", "yes")
    monkeypatch.setenv("HAIHE_ADDRESS", HERE)
    settings.cache_clear()
    yield
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
def remote(tmp_path: Path) -> Iterator[Remote]:
    """Another catalogue's server: a process of its own that serves the files of a folder."""
    with serving(tmp_path / "remote") as found:
        yield found
