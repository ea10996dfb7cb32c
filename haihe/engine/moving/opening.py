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
    FIRST_FORMAT,
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
    hint = (
        "Download the manifest into the folder of the files; this opens the forms haihe-export/1"
        " and haihe-export/2."
    )


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


class NothingBefore(BadInput):
    """A set of changes is opened without naming the set that it follows."""

    code = "export.chain.unnamed"
    hint = (
        "Name the folder of the set that you opened before it, or its manifest's SHA-256, with"
        " --after."
    )


class ChainBroken(BadInput):
    """A set of changes does not follow the set that is named."""

    code = "export.chain.broken"
    hint = (
        "Fetch what is missing and open it first, in the order of the numbers. If it is past its"
        " term, have a whole set made: haihe export whole LINK, or the page of the files."
    )


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
    folder: Path, *, identity: Identity, into: Path, manifest_sha256: str = "", after: str = ""
) -> Opened:
    """Decrypt the files of a folder ``into`` a new one, once all of them are proven.

    With ``manifest_sha256`` (hex, from the ledger) the manifest too is proven. ``after`` is the
    set before: the folder it was received in, or its manifest's SHA-256; a set of changes is
    opened only after the one that it follows.
    Errors: ``export.manifest.bad``, ``export.manifest.altered``, ``export.chain.unnamed``,
    ``export.chain.broken``, ``export.file.missing``, ``export.file.altered``,
    ``export.rows.differ``, ``export.folder.taken``, those of ``engine.age``.
    """
    if into.exists():
        raise Taken
    manifest, digest = _manifest(folder, manifest_sha256)
    _must_follow(manifest, after)
    _check_files(folder, manifest)
    into.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{into.name}.", dir=into.parent))
    try:
        columns = tuple(ColumnRule(each["name"], each["type"]) for each in manifest["columns"])
        names = [_decrypted(folder / f["name"], fresh, identity) for f in _files_of(manifest)]
        came = len(manifest["files"])
        _check_rows(fresh, names[:came], manifest, columns=columns, told=manifest)
        if gone := _gone_of(manifest):
            keys = tuple(column for column in columns if column.name in gone["keys"])
            _check_rows(fresh, names[came:], manifest, columns=keys, told=gone)
        fresh.rename(into)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    return Opened(manifest, digest, [into / name for name in names])


def _manifest(folder: Path, expected: str) -> tuple[dict[str, Any], str]:
    try:
        content = (folder / MANIFEST).read_bytes()
        manifest = json.loads(content)
        is_known = manifest["format"] in {FIRST_FORMAT, FORMAT} and _has_all(manifest)
    except (OSError, ValueError, KeyError, TypeError):
        raise NoManifest from None
    if not is_known:
        raise NoManifest
    digest = sha256(content).hexdigest()
    if expected and digest != expected.strip().lower():
        raise ManifestAltered
    return manifest, digest


def _has_all(manifest: dict[str, Any]) -> bool:
    """Whether all is there that is read further on; names stay inside their folder."""
    file, names = manifest["file"], [each["name"] for each in _files_of(manifest)]
    plain = all(name == Path(name).name and name.endswith(".age") for name in names)
    rules = [ColumnRule(each["name"], each["type"]).of for each in manifest["columns"]]
    known = file["format"] in FORMATS and (file["encoding"] or ENCODINGS[0]) in ENCODINGS
    int(manifest["content_hash"])
    if manifest["format"] == FORMAT:
        chain, gone = manifest["chain"], manifest["gone"]
        known = known and chain["holds"] in {"all", "changes"} and int(chain["number"]) > 0
        known = known and isinstance(chain["previous"], str)
        known = known and set(gone["keys"]) <= {each["name"] for each in manifest["columns"]}
        int(gone["content_hash"])
    return plain and known and bool(rules) and int(manifest["rows"]) >= 0


def _gone_of(manifest: dict[str, Any]) -> dict[str, Any]:
    """What went away, of a set of changes; else nothing."""
    if manifest["format"] == FIRST_FORMAT or manifest["chain"]["holds"] == "all":
        return {}
    gone: dict[str, Any] = manifest["gone"]
    return gone


def _files_of(manifest: dict[str, Any]) -> list[dict[str, Any]]:
    return [*manifest["files"], *_gone_of(manifest).get("files", [])]


def _must_follow(manifest: dict[str, Any], after: str) -> None:
    """Refuse changes that do not follow what is named; ``export.chain.*``."""
    if manifest["format"] == FIRST_FORMAT or manifest["chain"]["holds"] == "all":
        return
    number, previous = int(manifest["chain"]["number"]), manifest["chain"]["previous"]
    if not after:
        raise NothingBefore(
            f"This set, number {number}, holds only what changed since the one before it"
            f" (manifest {previous})."
        )
    named = after.strip().lower()
    what = f"the manifest {named}"
    if Path(after).is_dir():
        before, named = _manifest(Path(after), "")
        what = f"number {before.get('chain', {}).get('number', 1)}"
    if named != previous:
        raise ChainBroken(
            f"This set, number {number}, follows number {number - 1} (manifest {previous}); what"
            f" was named is {what}."
        )


def _check_files(folder: Path, manifest: dict[str, Any]) -> None:
    for each in _files_of(manifest):
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


def _check_rows(
    fresh: Path,
    names: list[str],
    manifest: dict[str, Any],
    *,
    columns: tuple[ColumnRule, ...],
    told: dict[str, Any],
) -> None:
    """Hold the rows of files against what is told of them: how many, their content hash."""
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
    if rows != told["rows"] or hash_ != int(told["content_hash"]):
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
