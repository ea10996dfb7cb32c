"""Department servers for the seed's tests: the suite's own, with and without MariaDB."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from haihe.engine.postgres.server import Server
from haihe.project.pack.check import check_pack
from haihe.project.pack.read import Pack
from haihe.project.seed.databases import Target
from haihe.project.seed.making import MadeUpCity


@pytest.fixture(scope="session")
def riverton() -> Pack:
    """The small pack, read once."""
    return check_pack("riverton")


@pytest.fixture(scope="session")
def town(riverton: Pack) -> Iterator[MadeUpCity]:
    """Two thousand made-up people."""
    with MadeUpCity(riverton, people=2000) as made:
        yield made


@pytest.fixture
def target(department_server: Server, riverton: Pack, tmp_path: Path) -> Iterator[Target]:
    """A PostgreSQL and a folder to seed into; every database is dropped at the end."""
    yield Target(
        postgresql=department_server.url("postgres"),
        files=tmp_path / "files",
        password=lambda role: f"secret-of-{role}",
    )
    with psycopg.connect(department_server.url("postgres"), autocommit=True) as session:
        for system in riverton.systems:
            if system.database:
                session.execute(f'drop database if exists "{system.database}" with (force)')
