"""Fixtures of the ledger's tests."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from haihe.base.registry import registry
from haihe.base.settings import settings
from tests.ledger.kit import KINDS


@pytest.fixture
def clear_log() -> Iterator[None]:
    """The installation's log folder is empty before and after."""
    shutil.rmtree(settings().ledger_path, ignore_errors=True)
    yield
    shutil.rmtree(settings().ledger_path, ignore_errors=True)


@pytest.fixture(autouse=True)
def kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    """The kinds that these tests record are known as long as a test lasts."""
    known = registry.ledger_kinds | {kind.name: kind for kind in KINDS}
    monkeypatch.setattr(registry, "ledger_kinds", known)
