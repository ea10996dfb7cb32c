"""Databases of a module's own in the run's server, with every table and committed rows.

The ledger's tables refuse to be emptied, so what is committed is never cleared: a module's tests
work on a database of their own, which is dropped whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection, connections
from pytest_django import DjangoDbBlocker

from haihe.engine.postgres.address import django_database
from haihe.engine.postgres.server import Server
from tests.plugin import SERVER


@contextmanager
def speaking_to(url: str, blocker: DjangoDbBlocker) -> Iterator[None]:
    """Have Django speak to another database for the length of the block."""
    before = dict(connection.settings_dict)
    connections.close_all()
    connection.settings_dict.update(
        {key: value for key, value in django_database(url).items() if key != "OPTIONS"}
    )
    with blocker.unblock():
        try:
            yield
        finally:
            connections.close_all()
            connection.settings_dict.update(before)


def on(server: Server, *statements: str) -> None:
    """Run statements outside any transaction on a server's own database."""
    with psycopg.connect(server.url("postgres"), autocommit=True) as outside:
        for statement in statements:
            outside.execute(statement)


@pytest.fixture(scope="session")
def migrated(django_db_blocker: DjangoDbBlocker) -> str:
    """Name of a database with every table, to be copied."""
    on(SERVER, "create database migrated")
    with speaking_to(SERVER.url("migrated"), django_db_blocker):
        call_command("migrate", interactive=False, verbosity=0)
    return "migrated"


@pytest.fixture(scope="module")
def own_database(
    migrated: str, django_db_blocker: DjangoDbBlocker, request: pytest.FixtureRequest
) -> Iterator[str]:
    """The address of a database of this module alone; Django speaks to it meanwhile."""
    name = "own_" + request.module.__name__.rpartition(".")[2]
    on(SERVER, f'create database "{name}" template "{migrated}"')
    with speaking_to(SERVER.url(name), django_db_blocker):
        yield SERVER.url(name)
    on(SERVER, f'drop database "{name}" with (force)')
