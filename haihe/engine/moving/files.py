"""Files as a target: what may be read is written by DuckDB, read back, encrypted, and listed.

The files of one batch stand in a folder of their own, under their names only once all of them are
whole and durable: the folder `BATCH.new` becomes `BATCH`. Unencrypted they exist in the staging
alone, which goes when the move ends.
"""

from __future__ import annotations

import codecs
import hashlib
import json
import os
import shutil
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import duckdb

from haihe.engine.age import Recipient, Sealing
from haihe.engine.lake.duck import quoted, text_literal
from haihe.engine.moving import stage
from haihe.engine.moving.errors import NotReconciled, OnlyWhole
from haihe.engine.moving.rules import ColumnRule, typed_hash_sql
from haihe.engine.moving.targets import Position
from haihe.engine.sources.kinds import canonical_sql, part_sql, row_hash_sql

FORMAT = "haihe-export/2"
"""Name of the manifest's form; a later one gets another number."""
FIRST_FORMAT = "haihe-export/1"
"""The form before sets followed each other: each of its sets is whole."""
MANIFEST = "manifest.json"
FORMATS = ("parquet", "csv")
ENCODINGS = ("utf-8", "gb18030")
_MOST_LINE = 4_000_000
"""Bytes of one row of CSV that are read back; longer ones go as Parquet."""
_CHUNK = 1 << 20


@dataclass(frozen=True)
class FileForm:
    """What the files are: ``format`` of ``FORMATS``, for CSV an ``encoding`` of ``ENCODINGS``.

    Parquet is compressed inside (zstd), CSV outside (gzip). A file holds about ``size_mib`` MiB
    before it is compressed (Parquet: after), and no row is cut.
    """

    format: str
    encoding: str = "utf-8"
    size_mib: int = 256

    @property
    def ending(self) -> str:
        """How the names of the files end before they are encrypted."""
        return "parquet" if self.format == "parquet" else "csv.gz"


@dataclass(frozen=True)
class Chain:
    """Where a set of files stands among those of its delivery: its ``number``, from 1.

    ``previous`` is the SHA-256 (hex) of the manifest before it, empty at the first. A set that
    is not ``is_whole`` holds what differs from then; ``held`` are rows and content hash of all
    that the receiver had by then.
    """

    number: int = 1
    previous: str = ""
    is_whole: bool = True
    held: tuple[int, int] = (0, 0)

    @property
    def holds(self) -> str:
        """``all`` or ``changes``, as the manifest says it."""
        return "all" if self.is_whole else "changes"


@dataclass(frozen=True)
class SealedFile:
    """One encrypted file: its name, bytes and SHA-256 (hex), and the rows in it."""

    name: str
    size: int
    sha256: str
    rows: int


class FilesTarget:
    """A folder of encrypted files, one batch each. ``about`` is what the manifest says besides.

    The manifest (JSON in UTF-8, its keys sorted) tells rows, the content hash over them as
    batches reckon it, columns, each file's SHA-256, the set's place in its ``chain``, and what
    the receiver holds once it has applied this one. Of a set of changes the keys that went away
    lie in a file of their own; its source is ``sources.changes.LakeChanges``.
    """

    def __init__(
        self,
        folder: Path,
        *,
        batch: str,
        form: FileForm,
        recipients: Sequence[Recipient],
        about: Mapping[str, Any],
        chain: Chain | None = None,
    ) -> None:
        self.form = form
        self.chain = chain or Chain()
        self.files: list[SealedFile] = []
        self.manifest = b""
        self.gone = 0
        self._folder = folder / batch
        self._fresh = folder / f"{batch}.new"
        self._batch = batch
        self._recipients = recipients
        self.about = about
        self._rows: dict[Path, int] = {}
        self._hash = 0
        self._keys: list[str] = []
        self._gone: dict[Path, int] = {}
        self._gone_hash = 0
        self.held_after = (0, 0)

    @contextmanager
    def opened(self, connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
        """See ``Target.opened``; what is half made goes."""
        try:
            yield
        finally:
            shutil.rmtree(self._fresh, ignore_errors=True)

    def prepare(
        self,
        connection: duckdb.DuckDBPyConnection,
        columns: tuple[ColumnRule, ...],
        *,
        link: str,
    ) -> None:
        """See ``Target.prepare``."""
        self._fresh.mkdir(mode=0o700, parents=True, exist_ok=True)

    def position(self, connection: duckdb.DuckDBPyConnection, link: str) -> Position | None:
        """See ``Target.position``: each export is whole, so there is none."""
        return None

    def snapshot(self, connection: duckdb.DuckDBPyConnection) -> int | None:
        """See ``Target.snapshot``."""
        return None

    def last_batch(self, connection: duckdb.DuckDBPyConnection, link: str) -> str | None:
        """See ``Target.last_batch``: this one, if its files stand."""
        return self._batch if self._folder.is_dir() else None

    def replace(
        self, connection: duckdb.DuckDBPyConnection, columns: tuple[ColumnRule, ...]
    ) -> None:
        """See ``Target.replace``: into the staging, not encrypted yet."""
        plain = stage.folder_of(connection) / "plain"
        shutil.rmtree(plain, ignore_errors=True)
        plain.mkdir(mode=0o700)
        self._copy(connection, columns, table="good", into=plain / "rows")
        if not self.chain.is_whole:
            keys = tuple(column for column in columns if column.is_key)
            self._copy(connection, keys, table="gone", into=plain / "gone")

    def _copy(
        self,
        connection: duckdb.DuckDBPyConnection,
        columns: tuple[ColumnRule, ...],
        *,
        table: str,
        into: Path,
    ) -> None:
        is_csv = self.form.format == "csv"
        shown = ", ".join(
            f"{canonical_sql(quoted(c.name), kind=c.of) if is_csv else quoted(c.name)}"
            f" as {quoted(c.name)}"
            for c in columns
        )
        options = "format csv, header true" if is_csv else "format parquet, compression zstd"
        connection.execute(
            f"copy (select {shown} from {table}) to {text_literal(str(into))}"
            f" ({options}, file_size_bytes '{self.form.size_mib}MiB')"
        )

    def merge(self, connection: duckdb.DuckDBPyConnection, columns: tuple[ColumnRule, ...]) -> None:
        """Files know no merging. Errors: ``exchange.target.only_whole``."""
        raise OnlyWhole

    def hash_back(
        self,
        connection: duckdb.DuckDBPyConnection,
        columns: tuple[ColumnRule, ...],
        *,
        all_rows: bool,
    ) -> tuple[int, int]:
        """See ``Target.hash_back``; -1 rows before anything is written."""
        folder = stage.folder_of(connection) / "plain" / "rows"
        if not folder.is_dir():
            return -1, 0
        self._rows, self._hash = self._counted(connection, folder, columns)
        written = sum(self._rows.values())
        if self.chain.is_whole:
            self.held_after = written, self._hash
        else:
            self._reckon_gone(connection, columns, written=written)
        return written, self._hash

    def _counted(
        self, connection: duckdb.DuckDBPyConnection, folder: Path, columns: tuple[ColumnRule, ...]
    ) -> tuple[dict[Path, int], int]:
        """The rows of each piece, and the content hash of all."""
        pieces = sorted(folder.iterdir())
        counted = [content_of(connection, [p], columns=columns, form=self.form) for p in pieces]
        rows = {piece: rows for piece, (rows, _) in zip(pieces, counted, strict=True)}
        return rows, sum(hash_ for _, hash_ in counted)

    def _reckon_gone(
        self,
        connection: duckdb.DuckDBPyConnection,
        columns: tuple[ColumnRule, ...],
        *,
        written: int,
    ) -> None:
        """Prove the file of keys that went, and reckon what the receiver holds by this set.

        Errors: ``exchange.batch.not_reconciled``.
        """
        keys = tuple(column for column in columns if column.is_key)
        self._keys = [column.name for column in keys]
        folder = stage.folder_of(connection) / "plain" / "gone"
        self._gone, self._gone_hash = self._counted(connection, folder, keys)
        self.gone = sum(self._gone.values())
        hashed = f"select {typed_hash_sql(keys)} as h from gone"
        if (self.gone, self._gone_hash) != _sums(connection, hashed):
            raise NotReconciled
        same = " and ".join(
            f"former.f{place} = other.{quoted(column.name)}"
            for place, column in enumerate(columns)
            if column.is_key
        )
        names = ", ".join(quoted(column.name) for column in keys)
        both = f"(select {names} from good union all select {names} from gone)"
        lost = _sums(connection, f"select h from former semi join {both} as other on {same}")
        rows, hash_ = self.chain.held
        self.held_after = rows + written - lost[0], hash_ + self._hash - lost[1]

    def keep_position(
        self, connection: duckdb.DuckDBPyConnection, *, link: str, position: Position
    ) -> None:
        """Encrypt what reconciled, list it, and let it stand: nobody is told of it yet."""
        came = [
            self._seal(piece, name=f"part-{number:04d}", rows=rows)
            for number, (piece, rows) in enumerate(self._rows.items(), start=1)
        ]
        went = [
            self._seal(piece, name=f"gone-{number:04d}", rows=rows)
            for number, (piece, rows) in enumerate(self._gone.items(), start=1)
        ]
        self.files = came + went
        told = {
            "format": FORMAT,
            **self.about,
            "chain": {
                "number": self.chain.number,
                "previous": self.chain.previous,
                "holds": self.chain.holds,
            },
            "rows": sum(self._rows.values()),
            "content_hash": str(self._hash),
            "files": _listed(came),
            "gone": {
                "keys": self._keys,
                "rows": self.gone,
                "content_hash": str(self._gone_hash),
                "files": _listed(went),
            },
            "held_after": {"rows": self.held_after[0], "content_hash": str(self.held_after[1])},
        }
        text = json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True)
        self.manifest = f"{text}\n".encode()
        with (self._fresh / MANIFEST).open("wb") as manifest:
            manifest.write(self.manifest)
            _make_durable(manifest)
        _sync_folder(self._fresh)
        self._fresh.rename(self._folder)
        _sync_folder(self._folder.parent)

    def _seal(self, piece: Path, *, name: str, rows: int) -> SealedFile:
        name = f"{name}.{self.form.ending}.age"
        path = self._fresh / name
        with piece.open("rb") as plain, path.open("wb") as sealed:
            sealing = Sealing(sealed, recipients=self._recipients)
            for chunk in self._shaped(plain):
                sealing.write(chunk)
            sealing.close()
            _make_durable(sealed)
        return SealedFile(name, path.stat().st_size, sha256_of(path), rows)

    def _shaped(self, plain: BinaryIO) -> Iterator[bytes]:
        """The piece's bytes as the receiver gets them before encryption."""
        chunks = iter(lambda: plain.read(_CHUNK), b"")
        if self.form.format == "parquet":
            yield from chunks
            return
        packer = zlib.compressobj(6, zlib.DEFLATED, 31)
        for chunk in chunks if self.form.encoding == "utf-8" else _in(self.form.encoding, chunks):
            yield packer.compress(chunk)
        yield packer.flush()


def content_of(
    connection: duckdb.DuckDBPyConnection,
    files: Sequence[Path],
    *,
    columns: tuple[ColumnRule, ...],
    form: FileForm,
) -> tuple[int, int]:
    """Rows and content hash of unencrypted files: Parquet, or CSV in UTF-8 (gzip or not)."""
    names = ", ".join(text_literal(str(each)) for each in files)
    if form.format == "parquet":
        source, hash_ = f"read_parquet([{names}])", typed_hash_sql(columns)
    else:
        parts = [part_sql(quoted(c.name), kind=c.of) for c in columns]
        kinds = ", ".join(f"{text_literal(c.name)}: 'varchar'" for c in columns)
        # A quoted text of no signs is empty, an unquoted one is missing.
        source = (
            f"read_csv([{names}], columns = {{{kinds}}}, header = true, auto_detect = false,"
            " delim = ',', quote = '\"', escape = '\"', nullstr = '', allow_quoted_nulls = false,"
            f" parallel = false, max_line_size = {_MOST_LINE}, buffer_size = {2 * _MOST_LINE})"
        )
        hash_ = row_hash_sql(parts)
    row = connection.execute(f"select count(*), coalesce(sum({hash_}), 0) from {source}").fetchone()
    assert row is not None  # noqa: S101
    return int(row[0]), int(row[1])


def _sums(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[int, int]:
    """Count and sum of the hashes ``h`` of a query."""
    row = connection.execute(f"select count(*), coalesce(sum(h), 0) from ({query})").fetchone()
    assert row is not None  # noqa: S101 - an aggregate has one row
    return int(row[0]), int(row[1])


def _listed(files: Sequence[SealedFile]) -> list[dict[str, Any]]:
    return [{"name": f.name, "bytes": f.size, "sha256": f.sha256, "rows": f.rows} for f in files]


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _in(encoding: str, chunks: Iterable[bytes]) -> Iterator[bytes]:
    """UTF-8 in another encoding, which has all signs: GB18030 does."""
    reader = codecs.getincrementaldecoder("utf-8")()
    for chunk in chunks:
        yield reader.decode(chunk).encode(encoding)


def _make_durable(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
