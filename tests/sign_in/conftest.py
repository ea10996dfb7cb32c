"""Cheap password hashes, save where a test is about their cost."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def cheap_hashes(request: pytest.FixtureRequest, settings) -> None:  # type: ignore[no-untyped-def]
    if "dear_hashes" not in request.fixturenames:
        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def dear_hashes() -> None:
    """The hashes of a real installation."""
