"""The one database for the length of a command: external, already running, or started for it."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager

from haihe.base.settings import settings
from haihe.engine.postgres.address import database_url, embedded_folder
from haihe.engine.postgres.errors import FolderTaken
from haihe.engine.postgres.external import check_external, is_answering
from haihe.engine.postgres.folder import serves
from haihe.engine.postgres.server import START_SECONDS, Server


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
        server = _start_or_find()
        try:
            yield database_url(settings())
        finally:
            if server is not None:
                fcntl.flock(users, fcntl.LOCK_UN)
                fcntl.flock(users, fcntl.LOCK_EX)
                server.stop()


def _start_or_find() -> Server | None:
    """The server that we started, or None where another process has started it."""
    folder = embedded_folder(settings())
    ends = time.monotonic() + START_SECONDS
    while True:
        if serves(folder) and is_answering(database_url(settings())):
            return None
        server = Server(folder, log=settings().data / "logs" / "database.log")
        try:
            server.start()
        except FolderTaken:  # another is starting it, or stopping it, at this moment
            if time.monotonic() > ends:
                raise
            time.sleep(0.1)
            continue
        server.ensure_database()
        return server
