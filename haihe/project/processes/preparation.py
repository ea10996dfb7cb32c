"""What stands before any process: tables of this version, and the pages' built files."""

from __future__ import annotations

from django.core.management import call_command
from django.db import connection, connections, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.migration import Migration
from django.db.migrations.state import ProjectState

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
            executor = _Recording(connection)
            executor.migrate(executor.loader.graph.leaf_nodes())
            call_command("migrate", interactive=False, verbosity=0)
        finally:
            cursor.execute("select pg_advisory_unlock(%s)", [_MIGRATING])
    connections.close_all()


class _Recording(MigrationExecutor):
    """Makes and records each migration in one transaction.

    By itself Django records one after its own has committed: a kill between the two would leave
    tables that the next start makes again.
    """

    def apply_migration(
        self,
        state: ProjectState,
        migration: Migration,
        fake: bool = False,
        fake_initial: bool = False,
    ) -> ProjectState:
        """Apply one migration and record it, or neither."""
        with transaction.atomic():
            applied: ProjectState = super().apply_migration(state, migration, fake, fake_initial)
            return applied
