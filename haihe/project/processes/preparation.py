"""What stands before any process: tables of this version, and the pages' built files."""

from __future__ import annotations

from django.core.management import call_command
from django.db import connection, connections

from haihe.ui.assets import check_built

_MIGRATING = 0x4A1E
"""Key of the advisory lock that lets one of several Haihes on one server migrate at a time."""


def prepare() -> None:
    """Migrate the database. Django is started; the database answers.

    Errors: ``ui.assets.not_built`` where the pages would come without their look.
    """
    check_built()
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(%s)", [_MIGRATING])
        try:
            call_command("migrate", interactive=False, verbosity=0)
        finally:
            cursor.execute("select pg_advisory_unlock(%s)", [_MIGRATING])
    connections.close_all()
