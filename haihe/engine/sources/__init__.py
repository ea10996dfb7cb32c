"""Departments' databases and files, read only: one class a kind of source."""

from __future__ import annotations

from urllib.parse import urlsplit

from haihe.engine.sources.errors import BadSource
from haihe.engine.sources.files import Files
from haihe.engine.sources.mariadb import MariaDB
from haihe.engine.sources.postgresql import PostgreSQL
from haihe.engine.sources.shape import ColumnShape, Reached, Reading, Source, TableShape

__all__ = [
    "ColumnShape",
    "Reached",
    "Reading",
    "Source",
    "TableShape",
    "kind_of_address",
    "open_source",
]

_KINDS = {
    "postgresql": "postgresql",
    "postgres": "postgresql",
    "mariadb": "mariadb",
    "mysql": "mariadb",
    "file": "files",
}


def kind_of_address(address: str) -> str:
    """``postgresql``, ``mariadb`` or ``files``; ``exchange.source.bad_address``."""
    try:
        return _KINDS[urlsplit(address).scheme.lower()]
    except (KeyError, ValueError):
        raise BadSource("The address names no kind of source that Haihe reads.") from None


def open_source(address: str, *, connection_cap: int = 2, timeout_s: int = 600) -> Source:
    """The source at an address; nothing is connected yet. ``exchange.source.bad_address``.

    No more connections than the cap are opened, and no statement runs longer than the timeout.
    """
    kind = kind_of_address(address)
    if kind == "files":
        return Files(address)
    if kind == "mariadb":
        return MariaDB(address, connection_cap=connection_cap, timeout_s=timeout_s)
    return PostgreSQL(address, connection_cap=connection_cap, timeout_s=timeout_s)
