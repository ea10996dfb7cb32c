"""Fixtures of the ledger's tests."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from haihe.base.settings import settings


@pytest.fixture
def clear_log() -> Iterator[None]:
    """The installation's log folder is empty before and after."""
    shutil.rmtree(settings().ledger_path, ignore_errors=True)
    yield
    shutil.rmtree(settings().ledger_path, ignore_errors=True)
