"""The database's address, as it is shown to people."""

from __future__ import annotations

from pathlib import Path

import pytest
from psycopg.conninfo import conninfo_to_dict

from haihe.base.settings import Settings
from haihe.engine.postgres.address import database_url, shown_address


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://haihe:very%20secret@db.internal:5432/city?sslmode=verify-full",
        "host=db.internal port=5432 user=haihe password='very secret' dbname=city",
        "postgresql://db.internal/city?user=haihe&password=very+secret&sslpassword=secret",
    ],
)
def test_an_address_is_shown_without_its_password(url: str) -> None:
    shown = shown_address(Settings(database_url=url))
    assert "secret" not in shown
    found = conninfo_to_dict(shown)
    assert (found["host"], found["user"], found["dbname"]) == ("db.internal", "haihe", "city")


def test_the_embedded_server_is_shown_by_its_socket(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    assert shown_address(settings) == database_url(settings)
