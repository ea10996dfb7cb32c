"""The house stands: every migration runs."""

import pytest
from django.db import connection


@pytest.mark.django_db
def test_every_table_is_made() -> None:
    assert "ledger_entry" in connection.introspection.table_names()
