"""Cheap password hashes, which count."""

from __future__ import annotations

import pytest

from tests.sign_in.hasher import Counting


@pytest.fixture(autouse=True)
def cheap_hashes(settings) -> type[Counting]:  # type: ignore[no-untyped-def]
    settings.PASSWORD_HASHERS = ["tests.sign_in.hasher.Counting"]
    return Counting
