"""How a delivery as files is made and kept: its folder, its manifest, its rows in the database."""

from __future__ import annotations

import hashlib
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

from haihe.base.clock import now
from haihe.base.settings import settings
from haihe.engine.age import read_recipient
from haihe.engine.moving import Chain, FileForm, FilesTarget
from haihe.kernel.catalogue import queries as catalogue
from haihe.kernel.catalogue.models import Column, Grant
from haihe.kernel.exchange.errors import NoReceiverKey
from haihe.kernel.exchange.models import Batch, Export, ExportFile, Link, ReceiverKey


def folder() -> Path:
    """The folder of all exports."""
    return settings().data / "exports"


def key_in_use(link: Link) -> ReceiverKey:
    """The receiver's key that files are encrypted to now; ``exchange.export.no_key``."""
    grant = _grant_of(link)
    key = ReceiverKey.objects.filter(department=grant.department_id, ended_at=None).first()
    if key is None:
        raise NoReceiverKey
    return key


def files_of(
    link: Link,
    batch: Batch,
    columns: list[Column],
    *,
    key: ReceiverKey | None = None,
    chain: Chain | None = None,
) -> FilesTarget:
    """The files of a batch as a target; without a key only to ask whether they stand."""
    return FilesTarget(
        folder(),
        batch=str(batch.pk),
        form=FileForm(link.file_format, link.file_encoding or "utf-8", link.file_size_mib),
        recipients=[read_recipient(key.public)] if key else [],
        about=_about(link, batch, columns, key=key) if key else {},
        chain=chain,
    )


def keep_export(
    batch: Batch, target: FilesTarget, *, previous: Export | None, snapshot: int
) -> dict[str, Any]:
    """Write the export's rows; what the ledger entry says of it. In the entry's transaction."""
    chain, held = target.chain, target.held_after
    digest = hashlib.sha256(target.manifest)
    grant = _grant_of(batch.link)
    export = Export.objects.create(
        batch=batch,
        key_id=target.about["key"]["id"],
        columns=[column["name"] for column in target.about["columns"]],
        manifest=target.manifest.decode(),
        manifest_sha256=digest.digest(),
        expires_at=min(now() + timedelta(hours=settings().export_hours), grant.until),
        number=chain.number,
        previous=previous,
        is_whole=chain.is_whole,
        lake_table=batch.link.resource.table,
        snapshot=snapshot,
        rows_gone=target.gone,
        held_rows=held[0],
        held_hash=held[1],
    )
    ExportFile.objects.bulk_create(
        ExportFile(
            export=export,
            name=each.name,
            size=each.size,
            sha256=bytes.fromhex(each.sha256),
            rows=each.rows,
        )
        for each in target.files
    )
    return {
        "mode": "files",
        "files": len(target.files),
        "manifest_sha256": digest.hexdigest(),
        "key": target.about["key"]["public"],
        "number": chain.number,
        "previous": chain.previous,
        "holds": chain.holds,
        "rows_gone": target.gone,
    }


def discard(batch: Batch) -> None:
    """Remove what a failed batch has made: nobody was told of it."""
    ExportFile.objects.filter(export=batch.pk).delete()
    Export.objects.filter(batch=batch).delete()
    remove_files(batch)


def remove_files(batch: Batch) -> None:
    """Remove the bytes of a batch's files, if they stand."""
    remove_folder(folder() / str(batch.pk))


def remove_folder(place: Path) -> None:
    """Remove a folder and what is in it, if it stands."""
    if place.is_dir():
        shutil.rmtree(place)


def _about(link: Link, batch: Batch, columns: list[Column], *, key: ReceiverKey) -> dict[str, Any]:
    """What the manifest says besides rows and files: whose, of what, for what, how long."""
    grant = _grant_of(link)
    return {
        "batch": str(batch.pk),
        "made_at": f"{now():%Y-%m-%dT%H:%M:%SZ}",
        "resource": {"code": link.resource_id, "title": link.resource.title},
        "provider": link.resource.department_id,
        "receiver": grant.department_id,
        "grant": {"id": str(grant.pk), "until": f"{grant.until:%Y-%m-%dT%H:%M:%SZ}"},
        "purpose": {"code": grant.purpose_id, "basis": grant.demand.basis},
        "rows_granted": grant.rows,
        "data_life_days": grant.data_life_days,
        "onward_use": catalogue.onward_use(grant),
        "key": {"id": str(key.pk), "scheme": key.scheme, "public": key.public},
        "file": {
            "format": link.file_format,
            "encoding": link.file_encoding if link.file_format == "csv" else "",
            "compression": "gzip" if link.file_format == "csv" else "zstd",
        },
        "columns": [
            {"name": each.name, "type": each.kind, "title": each.title} for each in columns
        ],
    }


def _grant_of(link: Link) -> Grant:
    assert link.grant is not None  # noqa: S101 - a constraint of the table
    return link.grant
