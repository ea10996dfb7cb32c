"""Compressed files, unpacked into the staging: gzip, bzip2, xz, Zstandard, a zip of one file."""

from __future__ import annotations

import bz2
import gzip
import lzma
import shutil
import zipfile
import zlib
from pathlib import Path, PurePath
from typing import IO, Any

import pyarrow as pa

from haihe.engine.sources.errors import BrokenFile

_CHUNK = 1 << 20
ENDINGS = (".gz", ".bz2", ".xz", ".zst", ".zip")


def bare_name(name: str) -> str:
    """A file's name without what says how it is packed."""
    path = PurePath(name)
    return path.stem if path.suffix.lower() in ENDINGS else path.name


def unpacked(path: Path, *, aside: Path, most: int | None = None) -> Path:
    """The file itself, or a plain copy in ``aside``; with ``most`` that many bytes of it at least.

    ``exchange.source.broken_file`` if it breaks off or is damaged.
    """
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        return path
    plain = aside / "unpacked"
    try:
        with _opened(path, ending) as packed, plain.open("wb") as copy:
            if most is None:
                shutil.copyfileobj(packed, copy, _CHUNK)
            else:
                copy.write(packed.read(most))
    except (
        EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, pa.ArrowException, ValueError,
    ):  # fmt: skip
        raise BrokenFile("The compressed file breaks off or is damaged.") from None
    except OSError as fault:
        # Of damage bz2 and gzip say no number; of a disk or a right the system does.
        if fault.errno is not None:
            raise
        raise BrokenFile("The compressed file breaks off or is damaged.") from None
    return plain


def _opened(path: Path, ending: str) -> IO[bytes] | Any:
    if ending == ".gz":
        return gzip.open(path)
    if ending == ".bz2":
        return bz2.open(path)
    if ending == ".xz":
        return lzma.open(path)
    if ending == ".zst":
        return pa.CompressedInputStream(pa.OSFile(str(path), "rb"), "zstd")
    archive = zipfile.ZipFile(path)
    names = [each for each in archive.infolist() if not each.is_dir()]
    if len(names) != 1 or names[0].flag_bits & 1:
        raise BrokenFile(
            "The zip holds not one file alone, or asks for a password.",
            hint="Send each file in a zip of its own, without a password, or as .gz.",
        )
    return archive.open(names[0])
