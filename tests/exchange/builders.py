"""Builders: a provider with a source table, a receiver, a link and a delivery."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import uuid4

from stdnum import luhn

from haihe.base.actor import Actor
from haihe.engine.age import Identity, new_identity
from haihe.kernel.catalogue import actions as catalogue
from haihe.kernel.catalogue.declare import PERMISSIONS as CATALOGUE
from haihe.kernel.catalogue.declare import ColumnDraft, Terms
from haihe.kernel.catalogue.models import Grant, Resource
from haihe.kernel.exchange import actions
from haihe.kernel.exchange.declare import PERMISSIONS
from haihe.kernel.exchange.models import Batch, Link
from haihe.kernel.org.models import Department

ALL = frozenset(p.name for p in (*PERMISSIONS, *CATALOGUE)) - {
    "catalogue.system.pause_any",
    "exchange.link.any",
}
PROVIDER = Actor("officer", "1", department="civil", permissions=ALL)
RECEIVER = Actor("officer", "2", department="housing", permissions=ALL)
STEWARD = Actor("administrator", "4", permissions=ALL | {"exchange.link.any"})

TABLE = (
    "create table households (person varchar(10) primary key, name text, income numeric(12,2),"
    " since date, changed timestamptz)"
)
COLUMNS = (
    ColumnDraft("person", "text", is_subject=True, scheme="luhn.person", is_key=True),
    ColumnDraft("name", "text", is_personal=True, length=20),
    ColumnDraft("income", "decimal(12,2)", is_personal=True),
    ColumnDraft("since", "date"),
    ColumnDraft("changed", "timestamp"),
)


def number(index: int) -> str:
    """The index-th person's number, with its right check digit."""
    body = f"{index:09d}"
    return body + luhn.calc_check_digit(body)


def rows(first: int, last: int) -> str:
    """An insert of households, one a person."""
    values = ", ".join(
        f"('{number(i)}', '名{i}', {i}.50, '2020-01-01', '2021-01-01 00:00+00'::timestamptz"
        f" + {i} * interval '1 minute')"
        for i in range(first, last + 1)
    )
    return f"insert into households values {values}"


def publish(address: str, *, kind: str = "postgresql", **changes: object) -> Resource:
    """Register the provider's system at an address and publish its households."""
    for code in ("civil", "housing"):
        Department.objects.get_or_create(
            code=code, defaults={"name": {"en": code, "zh": code}, "kind": "department"}
        )
    catalogue.register_system(
        by=PROVIDER,
        code="civil-db",
        department="civil",
        kind=kind,
        title={"en": "Civil register", "zh": "民政库"},
        address=address,
    )
    # The lake outlives a test's rows: each test has a table of its own.
    given: dict[str, object] = {
        "code": "civil/households",
        "title": {"en": "Households", "zh": "家庭"},
        "department": "civil",
        "system": "civil-db",
        "source_table": "households",
        "table": f"civil.h{uuid4().hex[:12]}",
        "sharing_class": "conditional",
        "sharing_condition": "Named cases only",
        "cycle": "daily",
        "columns": COLUMNS,
        **changes,
    }
    return catalogue.publish_resource(by=PROVIDER, **given)  # type: ignore[arg-type]


def gathering(resource: Resource, **changes: object) -> Link:
    """A link that gathers the resource."""
    code = f"link-{uuid4().hex[:12]}"
    return actions.make_link(by=PROVIDER, code=code, resource=resource, **changes)  # type: ignore[arg-type]


def grant(resource: Resource, *columns: str, mode: str = "table", **terms: Any) -> Grant:
    """A grant of columns, as a table or otherwise, to the housing department."""
    catalogue.add_purpose(
        by=STEWARD, code="housing.fund", title={"en": "Housing fund"}, basis="Housing Act, art. 3"
    )
    demand = catalogue.raise_demand(
        by=RECEIVER,
        resource=resource,
        columns=columns or ("person", "income"),
        purpose="housing.fund",
        basis="Housing Act, art. 3",
        mode=mode,
        terms=Terms(**terms),
    )
    return catalogue.grant_demand(by=PROVIDER, demand=demand)


def delivery(held: Grant, address: str, **changes: object) -> Link:
    """A delivery of a grant into the receiver's database at an address."""
    catalogue.register_system(
        by=RECEIVER,
        code="housing-db",
        department="housing",
        kind="postgresql",
        title={"en": "Housing fund"},
        address=address,
    )
    code = f"delivery-{uuid4().hex[:12]}"
    return actions.make_delivery(
        by=RECEIVER,
        code=code,
        grant=held,
        target_system="housing-db",
        target_table="households",
        **changes,  # type: ignore[arg-type]
    )


def as_files(held: Grant, **changes: object) -> tuple[Link, Identity]:
    """A delivery of a grant as files, and the private key that opens them."""
    identity = new_identity()
    actions.register_key(by=RECEIVER, public=identity.recipient.text)
    code = f"files-{uuid4().hex[:12]}"
    return actions.make_file_delivery(by=RECEIVER, code=code, grant=held, **changes), identity  # type: ignore[arg-type]


def fetched(batch: Batch, folder: Path) -> Path:
    """A folder with every file of an export, downloaded as the receiver does."""
    folder.mkdir()
    names = [*batch.export.files.values_list("name", flat=True), "manifest.json"]
    for name in names:
        got = actions.download(by=RECEIVER, batch=batch, name=name, purpose="housing.fund")
        (folder / name).write_bytes(b"".join(got.content))
    return folder
