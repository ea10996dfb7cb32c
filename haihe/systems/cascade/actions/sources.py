"""Other catalogues are named, stopped and resumed by a steward; nothing else is ever asked."""

from __future__ import annotations

import re

from django.db import transaction
from procrastinate.contrib.django import app

from haihe.base import sealing
from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.base.settings import settings
from haihe.kernel.ledger import actions as ledger
from haihe.kernel.services.models import Caller
from haihe.systems.cascade.declare import HARVEST
from haihe.systems.cascade.drivers.fetching import must_be_of
from haihe.systems.cascade.errors import BadSource, NothingToRead, SourceStopped
from haihe.systems.cascade.models import Kind, Source
from haihe.systems.cascade.queries.entries import key_field
from haihe.systems.cascade.queries.home import set_address

_CODE = re.compile(r"[a-z0-9][a-z0-9_.\-]{0,39}")


def name_source(
    *,
    by: Actor,
    code: str,
    title: str,
    kind: str,
    address: str = "",
    key: str = "",
    caller: Caller | None = None,
) -> Source:
    """Name another catalogue: any in DCAT-AP or a Haihe above, by its address; one below, by the
    caller with whose key it sends itself.

    ``key`` is the one with which we call it; it is kept sealed.
    Errors: ``cascade.source.bad``, ``cascade.address.bad``, ``cascade.address.unset``.
    """
    by.must("cascade.source.name")
    _must_be_whole(code, title, kind, address, caller)
    if kind != Kind.BELOW:
        must_be_of(address, address)
    if kind != Kind.DCAT:
        set_address()
    sealed = None
    if key:
        secret = sealing.key(settings().keys_path, "cascade")
        sealed = sealing.seal(key.strip(), key=secret, field=key_field(code))
    with transaction.atomic():
        if Source.objects.filter(code=code).exists():
            raise BadSource(f"The code {code} is taken.")
        if caller is not None and Source.objects.filter(caller=caller).exists():
            raise BadSource("Another lower level sends as this caller.")
        made = Source.objects.create(
            code=code, title=title.strip(), kind=kind, address=address, key_sealed=sealed,
            caller=caller,
        )  # fmt: skip
        body = {"source": code, "kind": kind, "address": address}
        ledger.record(by=by, kind="cascade.source.named", body=body)
    return made


def stop_source(*, by: Actor, source: Source) -> None:
    """Read a catalogue no more; what is known of it stays, and is passed on no more."""
    by.must("cascade.source.stop")
    _set_active(by, source, is_active=False, kind="cascade.source.stopped")


def resume_source(*, by: Actor, source: Source) -> None:
    """Read a catalogue again."""
    by.must("cascade.source.stop")
    _set_active(by, source, is_active=True, kind="cascade.source.resumed")


def ask_to_read(*, by: Actor, source: Source) -> None:
    """Let a catalogue be read by the worker as soon as it can.

    Errors: ``cascade.source.is_stopped``, ``cascade.source.sends``.
    """
    by.must("cascade.harvest")
    if source.kind == Kind.BELOW:
        raise NothingToRead
    if not source.is_active:
        raise SourceStopped
    with transaction.atomic():
        Source.objects.filter(pk=source.pk).update(next_at=now())
        app.configure_task(HARVEST).defer(source=source.pk)


def _must_be_whole(code: str, title: str, kind: str, address: str, caller: Caller | None) -> None:
    if not _CODE.fullmatch(code):
        raise BadSource("A code is small letters, digits, dots, hyphens and underscores.")
    if not title.strip():
        raise BadSource("A title is missing.")
    if kind not in Kind.values:
        raise BadSource("The kind is none of dcat, above and below.")
    if kind == Kind.BELOW and (caller is None or address):
        raise BadSource("A lower level is named by its caller, and has no address here.")
    if kind != Kind.BELOW and (caller is not None or not address):
        raise BadSource("The catalogue's address is missing.")


def _set_active(by: Actor, source: Source, *, is_active: bool, kind: str) -> None:
    with transaction.atomic():
        changed = {"is_active": is_active, "next_at": now(), "failures": 0}
        Source.objects.filter(pk=source.pk).update(**changed)
        ledger.record(by=by, kind=kind, body={"source": source.pk})
