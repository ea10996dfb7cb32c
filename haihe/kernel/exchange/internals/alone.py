"""One run of a link at a time, among all processes; and whether a left batch did commit."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from haihe.base.settings import settings
from haihe.engine.lake import TableTaken, writing
from haihe.engine.postgres.address import database_url
from haihe.kernel.exchange.errors import LinkRunning


@contextmanager
def alone(code: str) -> Iterator[None]:
    """Be the only process that runs this link; ``exchange.link.running`` otherwise.

    The lock ends with the process that holds it, so whoever gets it knows that a batch still
    marked as running was left by a process that is gone.
    """
    lock = writing(f"link:{code}", database_url=database_url(settings()))
    try:
        lock.__enter__()
    except TableTaken:
        raise LinkRunning from None
    try:
        yield
    finally:
        lock.__exit__(None, None, None)
