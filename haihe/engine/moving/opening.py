"""Opening delivered files where they were received: no database, no network, no Django.

Every byte is held against the manifest, every row against its content hash, before anything is
given its name.
"""

from __future__ import annotations

import codecs
import json
import os
import shutil
import tempfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import duckdb

from haihe.base.errors import BadInput
from haihe.engine.age import Identity, opened
from haihe.engine.lake.duck import open_duckdb
from haihe.engine.moving.files import (
    ENCODINGS,
    FORMAT,
    FORMATS,
    MANIFEST,
    FileForm,
    content_of,
    sha256_of,
)
from haihe.engine.moving.rules import ColumnRule


class NoManifest(BadInput):
    """The folder has no manifest that can be read."""

    code = "export.manifest.bad"
    message = "There is no manifest.json that can be read."
    hint = "Download the manifest into the folder of the files; this opens the form haihe-export/1."


class ManifestAltered(BadInput):
    """The manifest is not the one that stands in the ledger."""

    code = "export.manifest.altered"
    message = "The manifest is not the one whose SHA-256 was given."
    hint = "Take both from the page of the grant; the SHA-256 stands in the ledger entry too."


class FileMissing(BadInput):
    """A file of the manifest is not in the folder."""

    code = "export.file.missing"
    hint = "Download it into the folder of the manifest; a download that broke off can be resumed."


class FileAltered(BadInput):
    """A file is not the one that the manifest names."""

    code = "export.file.altered"
    hint = "Download it again. If it stays, tell whoever runs this Haihe."


class RowsDiffer(BadInput):
    """The rows are not those that were delivered."""

    code = "export.rows.differ"
    message = "The rows inside are not those that the manifest counts and hashes."
    hint = "Nothing was kept. Tell whoever runs this Haihe: the manifest itself may be wrong."


class Taken(BadInput):
    """The folder to write into is there already."""

    code = "export.folder.taken"
    message = "The folder to write into exists already."
    hint = "Name one that does not."


@dataclass(frozen=True)
class Opened:
    """What was opened: the manifest, its SHA-256 (hex), the files that were written."""

    manifest: dict[str, Any]
    manifest_sha256: str
    files: list[Path]


def open_export(
    folder: Path, *, identity: Identity, into: Path, manifest_sha256: str = ""
) -> Opened:
    """Decrypt the files of a folder ``into`` a new one, once all of them are proven.

    With ``manifest_sha256`` (hex, from the ledger) the manifest too is proven.
    Errors: ``export.manifest.bad``, ``export.manifest.altered``, ``export.file.missing``,
    ``export.file.altered``, ``export.rows.differ``, ``export.folder.taken``, those of
    ``engine.age``.
    """
    if into.exists():
        raise Taken
    manifest, digest = _manifest(folder, manifest_sha256)
    _check_files(folder, manifest)
    into.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{into.name}.", dir=into.parent))
    try:
        names = [_decrypted(folder / f["name"], fresh, identity) for f in manifest["files"]]
        _check_rows(fresh, names, manifest)
        fresh.rename(into)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    return Opened(manifest, digest, [into / name for name in names])


def _manifest(folder: Path, expected: str) -> tuple[dict[str, Any], str]:
    try:
        content = (folder / MANIFEST).read_bytes()
        manifest = json.loads(content)
        is_known = manifest["format"] == FORMAT and _is_whole(manifest)
    except (OSError, ValueError, KeyError, TypeError):
        raise NoManifest from None
    if not is_known:
        raise NoManifest
    digest = sha256(content).hexdigest()
    if expected and digest != expected.strip().lower():
        raise ManifestAltered
    return manifest, digest


def _is_whole(manifest: dict[str, Any]) -> bool:
    """Whether all is there that is read further on; names stay inside their folder."""
    file, names = manifest["file"], [each["name"] for each in manifest["files"]]
    plain = all(name == Path(name).name and name.endswith(".age") for name in names)
    rules = [ColumnRule(each["name"], each["type"]).of for each in manifest["columns"]]
    known = file["format"] in FORMATS and (file["encoding"] or ENCODINGS[0]) in ENCODINGS
    int(manifest["content_hash"])
    return plain and known and bool(rules) and int(manifest["rows"]) >= 0


def _check_files(folder: Path, manifest: dict[str, Any]) -> None:
    for each in manifest["files"]:
        path = folder / each["name"]
        if not path.is_file():
            raise FileMissing(f"{each['name']} is not in the folder.")
        if path.stat().st_size != each["bytes"] or sha256_of(path) != each["sha256"]:
            raise FileAltered(f"{each['name']} is not the file that the manifest names.")


def _decrypted(path: Path, fresh: Path, identity: Identity) -> str:
    name = path.name.removesuffix(".age")
    with path.open("rb") as sealed, (fresh / name).open("wb") as plain:
        for piece in opened(sealed, identity=identity):
            plain.write(piece)
        plain.flush()
        os.fsync(plain.fileno())
    return name


def _check_rows(fresh: Path, names: list[str], manifest: dict[str, Any]) -> None:
    columns = tuple(ColumnRule(each["name"], each["type"]) for each in manifest["columns"])
    form = FileForm(manifest["file"]["format"], manifest["file"]["encoding"] or ENCODINGS[0])
    rows, hash_ = 0, 0
    try:
        with tempfile.TemporaryDirectory(dir=fresh) as aside, open_duckdb(extensions=()) as duck:
            for name in names:
                path = _in_utf8(fresh / name, Path(aside) / "plain.csv", form)
                counted = content_of(duck, [path], columns=columns, form=form)
                rows, hash_ = rows + counted[0], hash_ + counted[1]
    except (duckdb.Error, UnicodeDecodeError, zlib.error):
        # The text may hold row values.
        raise RowsDiffer from None
    if rows != manifest["rows"] or hash_ != int(manifest["content_hash"]):
        raise RowsDiffer


def _in_utf8(path: Path, aside: Path, form: FileForm) -> Path:
    """The file itself, or a copy in UTF-8 where it is in another encoding."""
    if form.format != "csv" or form.encoding == ENCODINGS[0]:
        return path
    reader = codecs.getincrementaldecoder(form.encoding)()
    with aside.open("w", encoding="utf-8", newline="") as copy:
        for chunk in _unpacked(path):
            copy.write(reader.decode(chunk))
        copy.write(reader.decode(b"", final=True))
    return aside


def _unpacked(path: Path, size: int = 1 << 20) -> Iterator[bytes]:
    unpacker = zlib.decompressobj(31)
    with path.open("rb") as packed:
        while chunk := packed.read(size):
            yield unpacker.decompress(chunk)
    yield unpacker.flush()
