"""DuckDB as Haihe opens it: with extensions that are signed, and none that is not."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from haihe.engine.lake import open_duckdb
from haihe.engine.lake.duck import extension_folder


@pytest.fixture
def tampered(tmp_path: Path) -> Path:
    """An extension in which one byte of the signature is another."""
    (signed,) = extension_folder().glob("*/*/mysql_scanner.duckdb_extension")
    content = bytearray(signed.read_bytes())
    content[-1] ^= 1
    path = tmp_path / signed.name
    path.write_bytes(content)
    return path


def test_the_extensions_are_there_each_time_it_is_opened() -> None:
    for _ in range(2):
        with open_duckdb() as connection:
            rows = connection.execute(
                "select extension_name from duckdb_extensions() where loaded"
            ).fetchall()
        assert {"ducklake", "postgres_scanner", "mysql_scanner"} <= {row[0] for row in rows}


def test_an_extension_that_is_not_signed_is_never_loaded(tampered: Path) -> None:
    with open_duckdb(extensions=()) as connection:
        with pytest.raises(duckdb.IOException, match="signature"):
            connection.execute(f"load '{tampered}'")
        with pytest.raises(duckdb.InvalidInputException, match="allow_unsigned_extensions"):
            connection.execute("set allow_unsigned_extensions = true")
