"""Delivered files: the receiver's keys, downloads under a living grant."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.db import transaction

from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.engine.age import read_recipient
from haihe.engine.moving.files import MANIFEST
from haihe.kernel.catalogue import queries as catalogue
from haihe.kernel.catalogue.models import Grant
from haihe.kernel.exchange.actions.links import link_of, must_concern
from haihe.kernel.exchange.errors import (
    BadRange,
    ColumnForbidden,
    ExportEnded,
    ExportGone,
    ExportNotYours,
    KeyKnown,
    NotFiles,
    UnknownExport,
    WrongPurpose,
)
from haihe.kernel.exchange.internals import exporting
from haihe.kernel.exchange.internals.moves import granted_columns
from haihe.kernel.exchange.models import Batch, Export, Link, ReceiverKey
from haihe.kernel.ledger import actions as ledger
from haihe.kernel.org.models import Department

LOOK_EVERY_S = 0.5
"""How often a running download asks whether its grant still holds."""
_CHUNK = 64 * 1024


@dataclass(frozen=True)
class Download:
    """A file on its way: its whole ``size`` in bytes, its SHA-256 (hex), what is to be sent."""

    name: str
    size: int
    sha256: str
    first: int
    last: int
    content: Iterator[bytes]


@transaction.atomic
def register_key(*, by: Actor, public: str) -> ReceiverKey:
    """Register the public key to which the actor's department gets its files; ends the last one.

    Errors: ``age.key.bad``, ``age.key.private``, ``exchange.key.known``.
    """
    by.must("exchange.key.register")
    recipient = read_recipient(public)
    Department.objects.select_for_update().get(pk=by.department)
    if ReceiverKey.objects.filter(public=recipient.text).exists():
        raise KeyKnown
    ReceiverKey.objects.filter(department=by.department, ended_at=None).update(ended_at=now())
    made = ReceiverKey.objects.create(department_id=by.department, public=recipient.text)
    body = {"key": str(made.pk), "public": made.public}
    ledger.record(by=by, kind="exchange.key.registered", body=body)
    return made


@transaction.atomic
def ask_whole(*, by: Actor, link: Link | str) -> Link:
    """Have the next set of files of a link be whole: for a receiver who has lost one.

    Errors: ``exchange.link.unknown``, ``exchange.link.not_yours``, ``exchange.delivery.not_files``.
    """
    by.must("exchange.delivery.make")
    found = link_of(link)
    must_concern(by, found)
    if not found.file_format:
        raise NotFiles
    found.whole_asked_at = now()
    found.save(update_fields=["whole_asked_at"])
    ledger.record(by=by, kind="exchange.export.whole_asked", body={"link": found.code})
    return found


def download(
    *,
    by: Actor,
    batch: Batch | UUID,
    name: str,
    purpose: str,
    first: int = 0,
    last: int | None = None,
    part_of: str = "",
) -> Download:
    """One file of an export, or ``manifest.json``; from byte ``first`` to ``last``, both included.

    ``part_of``: a SHA-256 (hex); if the file's is another, the whole of it is sent.

    The grant, its purpose and each written column are judged now and, as long as bytes flow, twice
    a second: then whoever reads on gets the error. The ledger entry is committed before this
    answers. Errors: ``exchange.export.unknown``, ``exchange.export.not_yours``,
    ``exchange.export.wrong_purpose``, ``exchange.export.ended``, ``exchange.export.damaged``,
    ``exchange.export.bad_range``, those of a delivery's grant.
    """
    by.must("exchange.export.download")
    export = _export_of(batch)
    if by.department != _grant_of(export).department_id:
        raise ExportNotYours
    if purpose != _grant_of(export).purpose_id:
        raise WrongPurpose
    size, sha256 = _named(export, name)
    if part_of not in {"", sha256}:
        first, last = 0, None
    end = size - 1 if last is None else min(last, size - 1)
    if not 0 <= first <= end:
        raise BadRange
    path = exporting.folder() / str(export.pk) / name
    if not path.is_file() or path.stat().st_size != size:
        must_still_be_had(export)
        raise ExportGone
    with transaction.atomic():
        Grant.objects.select_for_update().get(pk=_grant_of(export).pk)
        must_still_be_had(export)
        _record(by, export, name=name, first=first, last=end)
    content = _flowing(path, export, first=first, length=end - first + 1)
    return Download(name, size, sha256, first, end, content)


def must_still_be_had(export: Export) -> None:
    """Refuse files that are past their term, whose grant ended, or of which a column was cut.

    Errors: ``exchange.export.ended``, ``exchange.delivery.grant_ended``,
    ``exchange.delivery.column_forbidden``.
    """
    held = Export.objects.select_related("batch__link__grant", "batch__link__resource")
    found = held.get(pk=export.pk)
    if found.removed_at is not None or found.expires_at <= now():
        raise ExportEnded
    catalogue.granted_rows(_grant_of(found))
    granted = {column.name for column in granted_columns(found.batch.link)}
    if cut := [name for name in found.columns if name not in granted]:
        raise ColumnForbidden(f"These columns were cut since: {', '.join(cut)}.")


def _export_of(batch: Batch | UUID) -> Export:
    key = batch.pk if isinstance(batch, Batch) else batch
    found = Export.objects.select_related("batch__link__grant", "batch__link__resource")
    export = found.filter(pk=key, batch__state=Batch.State.DONE).first()
    if export is None:
        raise UnknownExport
    return export


def _grant_of(export: Export) -> Grant:
    grant = export.batch.link.grant
    assert grant is not None  # noqa: S101 - a constraint of the table
    return grant


def _named(export: Export, name: str) -> tuple[int, str]:
    """Size and SHA-256 (hex) of a file by its name."""
    if name == MANIFEST:
        return len(export.manifest.encode()), bytes(export.manifest_sha256).hex()
    file = export.files.filter(name=name).first()
    if file is None:
        raise UnknownExport
    return file.size, bytes(file.sha256).hex()


def _record(by: Actor, export: Export, *, name: str, first: int, last: int) -> None:
    grant = _grant_of(export)
    ledger.record(
        by=by,
        kind="exchange.export.downloaded",
        purpose=grant.purpose_id,
        grant=grant.pk,
        body={
            "batch": str(export.pk),
            "resource": export.batch.link.resource_id,
            "file": name,
            "first": first,
            "last": last,
            "manifest_sha256": bytes(export.manifest_sha256).hex(),
        },
    )


def _flowing(path: Path, export: Export, *, first: int, length: int) -> Iterator[bytes]:
    """The bytes of a range, as long as the grant holds; what it waits for is not read ahead."""
    with closing(path.open("rb")) as file:
        file.seek(first)
        yield from _checked(file, export, length)


def _checked(file: BinaryIO, export: Export, length: int) -> Iterator[bytes]:
    looked = time.monotonic()
    while length > 0:
        if time.monotonic() - looked >= LOOK_EVERY_S:
            must_still_be_had(export)
            looked = time.monotonic()
        chunk = file.read(min(_CHUNK, length))
        if not chunk:
            raise ExportGone
        length -= len(chunk)
        yield chunk
