"""A dataset as JSON that a row holds. Whom to ask there is not kept: it may be a person."""

from __future__ import annotations

from typing import Any

from haihe.edges.dcat import Dataset, dataset_of, plain

__all__ = ["dataset_of", "kept", "plain"]

_LEFT_OUT = {"contact"}


def kept(dataset: Dataset) -> dict[str, Any]:
    """A dataset as a row holds it; ``dataset_of`` makes it one again."""
    told: dict[str, Any] = plain(dataset)
    return {name: value for name, value in told.items() if name not in _LEFT_OUT}
