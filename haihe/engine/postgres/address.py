"""Where the one database is: an external server's URL, or the embedded server's socket."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import quote

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from haihe.base.errors import BadInput, Unavailable
from haihe.base.settings import Settings

NAME = "haihe"
"""Name of the database and of its owner in the embedded server."""


_SOCKET_BYTES = 107
"""Longest path of a Unix socket on Linux (``sun_path``)."""


class NoSocketFolder(Unavailable):
    """No folder can hold the embedded server's socket."""

    code = "postgres.no_socket_folder"
    message = "There is no short, writable folder for the database's socket."
    hint = "Let this user write to /tmp, or set HAIHE_DATABASE_URL to a server of yours."


class BadAddress(BadInput):
    """A database address can't be read."""

    code = "postgres.bad_address"
    hint = "Write postgresql://user:password@host:5432/database."


def socket_folder(folder: Path) -> Path:
    """The folder of a server's Unix socket: short (107 bytes are the limit), one a data folder.

    The same for every process of this user, whatever its TMPDIR: else one would not find the
    other's server.
    """
    digest = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:10]
    name = f"haihe-{os.getuid()}-{digest}"
    for base in ("/tmp", f"/run/user/{os.getuid()}", "/dev/shm", tempfile.gettempdir()):  # noqa: S108
        room = len(os.fsencode(f"{base}/{name}/.s.PGSQL.65535")) <= _SOCKET_BYTES
        if room and os.path.isdir(base) and os.access(base, os.W_OK | os.X_OK):
            return Path(base) / name
    raise NoSocketFolder


def embedded_folder(settings: Settings) -> Path:
    """The embedded server's folder inside the data folder."""
    return settings.data / "postgres"


def database_url(settings: Settings) -> str:
    """The address of the one database, whether or not its server runs now."""
    if settings.database_url:
        return settings.database_url
    return socket_url(socket_folder(embedded_folder(settings)))


def shown_address(settings: Settings) -> str:
    """The address of the one database as `psql` takes it, without its password."""
    if not settings.database_url:
        return database_url(settings)
    known = parts(settings.database_url)
    secret = {"password", "sslpassword"}
    return make_conninfo("", **{name: value for name, value in known.items() if name not in secret})


def socket_url(socket: Path, *, database: str = NAME, port: int | None = None) -> str:
    """The address of an embedded server's database by its Unix socket."""
    more = f"&port={port}" if port else ""
    return f"postgresql://{NAME}@/{quote(database)}?host={quote(str(socket), safe='/')}{more}"


def parts(url: str) -> dict[str, Any]:
    """Host, port, user … of an address; ``postgres.bad_address`` if it can't be read."""
    try:
        return dict(conninfo_to_dict(url))
    except ProgrammingError:
        raise BadAddress("The database address can't be read.") from None


def django_database(url: str) -> dict[str, Any]:
    """The address as Django's ``DATABASES`` wants it."""
    known = parts(url)
    options = {
        name: value
        for name, value in known.items()
        if name not in {"host", "port", "user", "password", "dbname"}
    }
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": known.get("dbname", NAME),
        "USER": known.get("user", ""),
        "PASSWORD": known.get("password", ""),
        "HOST": known.get("host", ""),
        "PORT": known.get("port", ""),
        "OPTIONS": options,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
