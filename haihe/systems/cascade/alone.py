"""One process at a time reads another catalogue, or sends it ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from haihe.systems.cascade.models import Source


@contextmanager
def alone(source: Source) -> Iterator[bool]:
    """Whether no other process is at the same catalogue; it is kept so until the block ends."""
    name = f"cascade:{source.pk}"
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(hashtextextended(%s, 330))", [name])
        is_alone = bool(cursor.fetchone()[0])
    try:
        yield is_alone
    finally:
        if is_alone:
            with connection.cursor() as cursor:
                cursor.execute("select pg_advisory_unlock(hashtextextended(%s, 330))", [name])
