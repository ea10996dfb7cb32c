"""Where the one database is: an external server's URL, or the embedded server's socket."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from typing import Any

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from haihe.base.errors import BadInput
from haihe.base.settings import Settings

NAME = "haihe"
"""Name of the database and of its owner in the embedded server."""


class BadAddress(BadInput):
    """A database address can't be read."""

    code = "postgres.bad_address"
    hint = "Write postgresql://user:password@host:5432/database."


def socket_folder(folder: Path) -> Path:
    """The folder of a server's Unix socket: short (107 bytes are the limit), one a data folder."""
    digest = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:10]
    return Path(tempfile.gettempdir()) / f"haihe-{os.getuid()}-{digest}"


def embedded_folder(settings: Settings) -> Path:
    """The embedded server's folder inside the data folder."""
    return settings.data / "postgres"


def database_url(settings: Settings) -> str:
    """The address of the one database, whether or not its server runs now."""
    if settings.database_url:
        return settings.database_url
    return f"postgresql://{NAME}@/{NAME}?host={socket_folder(embedded_folder(settings))}"


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
