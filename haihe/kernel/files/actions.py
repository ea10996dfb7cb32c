"""Storing, opening and deleting files; deleting by the clock what is past its term."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import BinaryIO
from uuid import UUID

from django.db import models, transaction

from haihe.base.actor import CLOCK, Actor
from haihe.base.clock import now
from haihe.kernel.files.declare import MOST_BYTES, PDF
from haihe.kernel.files.errors import NoReason, TooLarge
from haihe.kernel.files.internals import shelf
from haihe.kernel.files.internals.blurring import blurred_aside
from haihe.kernel.files.internals.checking import checked, looked_over
from haihe.kernel.files.models import StoredFile
from haihe.kernel.ledger import actions as ledger

_ORPHAN_S = 24 * 3600
_BLURRED = "blurred"
"""Owner of copies in which nobody is to be recognised."""


def store(
    *,
    by: Actor,
    content: bytes | BinaryIO,
    name: str,
    media_type: str,
    subject: bytes | None = None,
    keep_until: datetime | None = None,
) -> StoredFile:
    """Check a file, strip it, keep it. ``subject``: the key of whom it concerns.

    A citizen or visitor may store their own; others need ``files.store``. Should the caller's
    transaction fail, bytes without a row are left, which the clock clears.
    Errors: ``files.too_large``, those of ``internals.checking``, ``files.disk_full``.
    """
    if by.kind not in {"citizen", "visitor"}:
        by.must("files.store")
    kept, kind = checked(_read(content), media_type=media_type)
    row = StoredFile(
        media_type=kind,
        name=_plain_name(name),
        owner=by.name,
        subject=subject,
        keep_until=keep_until,
    )
    return _keep(row, kept, by=by)


def store_photos(*, by: Actor, photos: Sequence[tuple[bytes, str]]) -> list[StoredFile]:
    """Keep the photos of one sending, each as content and media type, in order: all or none.

    They are looked over, not drawn (``internals.checking.looked_over``): whoever shows one to the
    public draws it first. Must stand in the transaction of what they belong to.
    Errors: those of ``store``.
    """
    if by.kind not in {"citizen", "visitor"}:
        by.must("files.store")
    kept = [looked_over(_read(content), media_type=kind) for content, kind in photos]
    rows = [
        StoredFile(sha256=hashlib.sha256(content).digest(), size=len(content), media_type=kind,
                   owner=by.name)
        for content, kind in kept
    ]  # fmt: skip
    with transaction.atomic(savepoint=False):
        shelf.hold(*{bytes(row.sha256) for row in rows})
        for row, (content, _) in zip(rows, kept, strict=True):
            shelf.put(content, sha256=bytes(row.sha256))
        StoredFile.objects.bulk_create(rows)
        ledger.record_each(by=by, kind="files.stored", bodies=[_facts(row) for row in rows])
    return rows


def keep_made(*, by: Actor, content: bytes, name: str) -> StoredFile:
    """Keep a PDF that the house itself made; it belongs to whoever made it.

    What others send is looked through for what would run; in compressed fonts that look finds by
    chance what is not there, so our own is not looked through. Errors: ``files.disk_full``.
    """
    by.must("files.store")
    row = StoredFile(media_type=PDF, name=_plain_name(name), owner=by.name)
    return _keep(row, content, by=by)


def blur(*, by: Actor, file: StoredFile) -> tuple[StoredFile, int]:
    """A smaller copy of a photo with faces and number plates blurred, and how many were found.

    The copy belongs to nobody; ``open_blurred`` opens it. Whoever shows it has had it looked at.
    Errors: ``files.broken``, ``files.gone``, ``files.damaged``, ``files.disk_full``.
    """
    by.must("files.store")
    kept, places = blurred_aside(shelf.get(bytes(file.sha256)))
    row = StoredFile(media_type="image/jpeg", name="", owner=_BLURRED)
    return _keep(row, kept, by=by), places


def open_blurred(*, by: Actor, file: StoredFile) -> BinaryIO:
    """The content of a blurred copy, for whomever the caller lets see it; not in the ledger.

    Errors: ``haihe.not_permitted`` for any other file, ``files.gone``, ``files.damaged``.
    """
    if file.owner != _BLURRED:
        by.must("files.open")
    return BytesIO(shelf.get(bytes(file.sha256)))


def open_file(*, by: Actor, file: StoredFile, reason: str = "") -> BinaryIO:
    """The content, checked against its digest.

    One's own is opened freely. Anyone else's needs ``files.open`` and a reason (a purpose's code),
    and stands in the ledger before it is answered.
    Errors: ``files.no_reason``, ``files.gone``, ``files.damaged``.
    """
    if not _owns(by, file):
        by.must("files.open")
        if not reason.strip():
            raise NoReason
        with transaction.atomic():
            _record(by, "files.opened", file, purpose=reason)
    return BytesIO(shelf.get(bytes(file.sha256)))


def drop(*, by: Actor, file: StoredFile) -> None:
    """Delete a file: its row now, its bytes with the last row that uses them."""
    if not _owns(by, file):
        by.must("files.drop")
    _drop(by, file.pk)


def drop_due() -> int:
    """Delete files whose term has ended, save those that something still hangs on; how many."""
    due = StoredFile.objects.filter(keep_until__lte=now()).order_by("keep_until", "id")
    dropped = 0
    for pk in due.values_list("pk", flat=True).iterator(chunk_size=500):
        try:
            dropped += _drop(CLOCK, pk)
        except models.ProtectedError:
            continue
    return dropped


def clear_orphans(*, older_than_s: float = _ORPHAN_S) -> int:
    """Delete bytes that no row uses and half-written files, a day old or more; how many."""
    cleared = 0
    before = time.time() - older_than_s
    for path in shelf.folder().glob("??/*"):
        if path.stat().st_mtime > before:
            continue
        if path.name.startswith("."):
            path.unlink(missing_ok=True)
            cleared += 1
            continue
        cleared += _clear(bytes.fromhex(path.parent.name + path.name))
    return cleared


def _keep(row: StoredFile, kept: bytes, *, by: Actor) -> StoredFile:
    sha256 = hashlib.sha256(kept).digest()
    with transaction.atomic():
        shelf.hold(sha256)
        shelf.put(kept, sha256=sha256)
        row.sha256, row.size = sha256, len(kept)
        row.save(force_insert=True)
        subject = bytes(row.subject) if row.subject is not None else None
        ledger.record(by=by, kind="files.stored", subject=subject, body=_facts(row))
    return row


def _facts(row: StoredFile) -> dict[str, str]:
    sha256 = bytes(row.sha256).hex()
    return {"file": str(row.pk), "sha256": sha256, "media_type": row.media_type}


def _drop(by: Actor, pk: UUID) -> bool:
    with transaction.atomic():
        file = StoredFile.objects.select_for_update().filter(pk=pk).first()
        if file is None:
            return False
        sha256 = bytes(file.sha256)
        shelf.hold(sha256)
        _record(by, "files.dropped", file)
        file.delete()
        # Only when the row's end is committed may its bytes go.
        transaction.on_commit(lambda: _clear(sha256))
    return True


def _clear(sha256: bytes) -> bool:
    with transaction.atomic():
        shelf.hold(sha256)
        if StoredFile.objects.filter(sha256=sha256).exists():
            return False
        shelf.remove(sha256)
    return True


def _read(content: bytes | BinaryIO) -> bytes:
    taken = content if isinstance(content, bytes) else content.read(MOST_BYTES + 1)
    if len(taken) > MOST_BYTES:
        raise TooLarge
    return taken


def _plain_name(name: str) -> str:
    """The last part of a path, without what could mislead whoever saves it."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(sign for sign in last if sign.isprintable() and sign not in '"<>|:*?')[-200:]


def _owns(by: Actor, file: StoredFile) -> bool:
    return by.kind in {"citizen", "officer"} and by.name == file.owner


def _record(by: Actor, kind: str, file: StoredFile, purpose: str = "") -> None:
    subject = bytes(file.subject) if file.subject is not None else None
    ledger.record(by=by, kind=kind, purpose=purpose, subject=subject, body={"file": str(file.pk)})
