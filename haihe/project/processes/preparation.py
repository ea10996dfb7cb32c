"""What stands before any process: tables of this version, and the pages' files in one folder."""

from __future__ import annotations

from django.core.management import call_command
from django.db import connection, connections

_MIGRATING = 0x4A1E
"""Key of the advisory lock that lets one of several Haihes on one server migrate at a time."""


def prepare() -> None:
    """Migrate the database and gather the static files. Django is started; the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(%s)", [_MIGRATING])
        try:
            call_command("migrate", interactive=False, verbosity=0)
        finally:
            cursor.execute("select pg_advisory_unlock(%s)", [_MIGRATING])
    call_command("collectstatic", interactive=False, verbosity=0)
    connections.close_all()
