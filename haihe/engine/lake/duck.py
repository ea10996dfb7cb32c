"""Opens DuckDB with the extensions that the wheels carry; nothing is ever downloaded."""

from __future__ import annotations

import hashlib
import os
import tempfile
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import duckdb

from haihe.base.errors import Unavailable

VERSION = f"v{duckdb.__version__}"
EXTENSIONS = ("ducklake", "postgres_scanner", "mysql_scanner")
MEMORY_MIB = 256
"""Default memory of one DuckDB; what does not fit goes to its temporary folder."""


class NoExtension(Unavailable):
    """A DuckDB extension is not installed, or of another version."""

    code = "lake.no_extension"
    message = f"An extension of DuckDB {VERSION} is not installed."
    hint = "Install haihe again with its locked requirements."


def quoted(name: str) -> str:
    """A name as an SQL identifier, for DuckDB and PostgreSQL alike; dots are not split."""
    return '"' + name.replace('"', '""') + '"'


def text_literal(text: str) -> str:
    """A text as an SQL literal, for DuckDB and (standard-conforming) PostgreSQL alike."""
    return "'" + text.replace("'", "''") + "'"


def _file(extension: str) -> Path:
    spec = find_spec(f"duckdb_extension_{extension}")
    if spec is None or not spec.submodule_search_locations:
        raise NoExtension(f"DuckDB's extension {extension} is not installed.")
    folder = Path(spec.submodule_search_locations[0])
    path = folder / "extensions" / VERSION / f"{extension}.duckdb_extension"
    if not path.exists():
        raise NoExtension(f"DuckDB's extension {extension} is not of version {VERSION}.")
    return path


@cache
def extension_folder() -> Path:
    """A folder of links, laid out as DuckDB wants it, so that extensions load by name.

    ``ATTACH (TYPE postgres)`` and DuckLake's own inner attach look an extension up by name only.
    """
    platform = duckdb.sql("pragma platform").fetchall()[0][0]
    files = [_file(name) for name in (*EXTENSIONS, "spatial")]
    # Two installations on one machine have folders of their own.
    mark = hashlib.sha256("|".join(map(str, files)).encode()).hexdigest()[:10]
    root = Path(tempfile.gettempdir()) / f"haihe-duckdb-{os.getuid()}" / mark
    folder = root / VERSION / platform
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if root.parent.stat().st_uid != os.getuid():
        raise NoExtension(f"{root.parent} belongs to someone else.", hint="Remove that folder.")
    for path in files:
        link = folder / path.name
        if not link.is_symlink() or link.readlink() != path:
            fresh = link.with_name(f".{link.name}.{os.getpid()}")
            fresh.unlink(missing_ok=True)
            fresh.symlink_to(path)
            fresh.rename(link)
    return root


@cache
def _must_be_signed(extension: str) -> None:
    """Have DuckDB check an extension's signature, once a process.

    It reads the whole file for that, 112 MB for what we load: a third of a second and more, where
    a small batch takes less and opens several DuckDBs.
    """
    with duckdb.connect(config={"extension_directory": str(extension_folder())}) as connection:
        connection.execute(f"load {extension}")


def open_duckdb(
    path: Path | None = None,
    *,
    memory_mib: int = MEMORY_MIB,
    threads: int = 2,
    temporary: Path | None = None,
    extensions: tuple[str, ...] = EXTENSIONS,
) -> duckdb.DuckDBPyConnection:
    """A DuckDB of its own: in memory, or over one file that it makes.

    What exceeds ``memory_mib`` spills to ``temporary`` (default: beside the file, else the
    system's temporary folder). Errors: ``lake.no_extension``.
    """
    for name in extensions:
        _must_be_signed(name)
    folder = temporary or (path.parent if path else Path(tempfile.gettempdir()))
    connection = duckdb.connect(
        str(path or ":memory:"),
        config={
            "extension_directory": str(extension_folder()),
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "allow_unsigned_extensions": "true",
            "memory_limit": f"{memory_mib}MiB",
            "threads": str(threads),
            "temp_directory": str(folder / "duckdb-spill"),
            "preserve_insertion_order": "false",
        },
    )
    for name in extensions:
        connection.execute(f"load {name}")
    # There is no way back: whatever is loaded from here on must be signed.
    connection.execute("set allow_unsigned_extensions = false")
    return connection
