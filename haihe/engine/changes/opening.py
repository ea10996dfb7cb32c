"""The change log of a link, by its source's address."""

from __future__ import annotations

import hashlib
import re

from haihe.engine.changes.mariadb import FollowingMaria, MariaLog
from haihe.engine.changes.positions import read_position
from haihe.engine.changes.postgresql import Following, PostgresLog
from haihe.engine.moving.logs import Log
from haihe.engine.sources import kind_of_address
from haihe.engine.sources.errors import BadSource

LOGGED = ("postgresql", "mariadb")
"""Kinds of sources that keep a change log which Haihe follows."""


def log_name(link: str) -> str:
    """The name of a link's slot and publication: letters, digits and underscores.

    >>> log_name("market.firms")
    'haihe_market_firms_9d07a3df'
    """
    plain = re.sub(r"[^a-z0-9]+", "_", link.lower())[:40].strip("_")
    return f"haihe_{plain}_{hashlib.sha256(link.encode()).hexdigest()[:8]}"


def open_log(
    address: str,
    *,
    link: str,
    connection_cap: int = 2,
    timeout_s: int = 600,
    is_anew: bool = False,
) -> Log:
    """The change log of a link, for one run; nothing is connected yet.

    Errors: ``exchange.source.bad_address``.
    """
    kind = kind_of_address(address)
    if kind == "postgresql":
        source = Following(address, connection_cap=connection_cap, timeout_s=timeout_s)
        return PostgresLog(source, log_name(link), is_anew=is_anew)
    if kind == "mariadb":
        maria = FollowingMaria(address, connection_cap=connection_cap, timeout_s=timeout_s)
        return MariaLog(maria, is_anew=is_anew)
    raise BadSource("Only PostgreSQL and MariaDB keep a change log that Haihe follows.")


def place_of(position: str | None) -> str | None:
    """A position as pages show it: of a change log, where in it; any other as it is."""
    found = read_position(position)
    return found.at if found else position
