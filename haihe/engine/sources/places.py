"""Where an address leads: which server and database, whoever signs in there."""

from __future__ import annotations

from dataclasses import dataclass

import psycopg
from psycopg.conninfo import conninfo_to_dict

from haihe.engine.sources.errors import BadSource
from haihe.engine.sources.registry import kind_of_address

_HERE = {"localhost", "::1", "127.0.0.1"}


@dataclass(frozen=True)
class Place:
    """A database and the servers (host or socket folder, port) under which it is reached."""

    servers: frozenset[tuple[str, str]]
    database: str

    def is_same(self, other: Place) -> bool:
        """Whether both name one database. Two names of one server are not known as such."""
        return self.database == other.database and bool(self.servers & other.servers)


def place_of(address: str) -> Place | None:
    """The place of a PostgreSQL address; none of another kind, or where it does not say.

    >>> one = place_of("postgresql://a:b@Data.example/city")
    >>> one.is_same(place_of("postgres://c@data.example:5432/city?sslmode=require"))
    True
    """
    try:
        if kind_of_address(address) != "postgresql":
            return None
        parts = {key: str(value) for key, value in conninfo_to_dict(address).items()}
    except (BadSource, psycopg.ProgrammingError):
        return None
    database = parts.get("dbname") or parts.get("user")
    if not database or "service" in parts:
        return None
    ports = parts.get("port", "").split(",")
    servers = set[tuple[str, str]]()
    for given in (parts.get("host", ""), parts.get("hostaddr", "")):
        for index, host in enumerate(given.split(",") if given else ()):
            port = ports[index] if index < len(ports) else ports[-1]
            servers.add((_named(host), port or "5432"))
    return Place(frozenset(servers or {(_named(""), ports[0] or "5432")}), database)


def _named(host: str) -> str:
    if host.startswith("/"):
        return host.rstrip("/")
    name = host.lower().rstrip(".")
    return "127.0.0.1" if name in _HERE else name
