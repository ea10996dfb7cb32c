"""The one database for the length of a command: external, already running, or started for it."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from haihe.base.settings import settings
from haihe.engine.postgres.address import database_url, embedded_folder
from haihe.engine.postgres.external import check_external
from haihe.engine.postgres.server import Server, serves


@contextmanager
def running_database() -> Iterator[str]:
    """The address of the database, which answers until the block ends.

    Commands that overlap share one embedded server: whoever started it stops it after the last.
    """
    if settings().database_url:
        check_external(settings().database_url)
        yield settings().database_url
        return
    settings().data.mkdir(parents=True, exist_ok=True)
    with (settings().data / "database.users").open("a") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        folder = embedded_folder(settings())
        if serves(folder):
            yield database_url(settings())
            return
        with Server(folder) as server:
            server.ensure_database()
            try:
                yield database_url(settings())
            finally:
                fcntl.flock(users, fcntl.LOCK_UN)
                fcntl.flock(users, fcntl.LOCK_EX)
