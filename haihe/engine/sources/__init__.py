"""Departments' databases, files and interfaces, read only: one class a kind of source."""

from __future__ import annotations

from haihe.engine.sources.registry import (
    SourceClass,
    kind_of_address,
    open_source,
    register,
    schemes,
)
from haihe.engine.sources.shape import ColumnShape, Reached, Reading, Source, TableShape

__all__ = [
    "ColumnShape",
    "Reached",
    "Reading",
    "Source",
    "SourceClass",
    "TableShape",
    "kind_of_address",
    "open_source",
    "register",
    "schemes",
]
