"""A small city whose civil department serves households to housing; committed by whoever calls."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from haihe.base import sealing
from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.base.ids import new_id
from haihe.base.registry import registry
from haihe.base.settings import settings
from haihe.kernel.catalogue import actions as catalogue
from haihe.kernel.catalogue.declare import ColumnDraft, Terms
from haihe.kernel.catalogue.models import Column, Grant
from haihe.kernel.exchange.models import Serving
from haihe.kernel.org.models import Department
from haihe.kernel.services import actions as services

ANN, BOB, NOBODY, CAROL = "1000000008", "2000000006", "3000000004", "4000000002"
"""Made-up people: ten digits, the last a Luhn check digit. Nothing is held on the last two."""

LOOK = "/r1/RV/GOV/civil/civil-db/households"
PROOF = "/r1/RV/GOV/civil/civil-db/is_poor"
PURPOSE = "housing.fund"
CLIENT = "RV/GOV/housing/fund-app"


def actor(department: str) -> Actor:
    """An officer of a department who may do anything that officers do."""
    return Actor("officer", department, department, frozenset(registry.permissions))


def steward() -> Actor:
    """An administrator who may do anything."""
    return Actor("administrator", "1", "", frozenset(registry.permissions))


@dataclass(frozen=True)
class City:
    """What a test needs to know of the city: keys of callers, the grant."""

    key: str
    tax_key: str
    grant: UUID


def build(*, rate_per_minute: int = 60_000) -> City:
    """Departments civil, housing, tax; one resource, a look-up, two proofs, one grant."""
    for code in ("civil", "housing", "tax"):
        Department.objects.get_or_create(
            code=code, defaults={"name": {"en": code, "zh": code}, "kind": "department"}
        )
    catalogue.register_system(
        by=actor("civil"),
        code="civil-db",
        department="civil",
        kind="postgresql",
        title={"en": "Civil register", "zh": "民政库"},
        address="postgresql://reader@db.invalid/civil",
    )
    for purpose in (PURPOSE, "tax.relief", "tax.rare", "tax.brief"):
        catalogue.add_purpose(
            by=steward(), code=purpose, title={"en": purpose, "zh": purpose}, basis="Housing Act, 3"
        )
    publish()
    services.open_service(
        by=actor("civil"), code="households", resource="households", title={"en": "Households"}
    )
    services.open_service(
        by=actor("civil"),
        code="is_poor",
        resource="households",
        title={"en": "Is the household poor?"},
        kind="proof",
        predicate=("income", "<=", 100_000),
    )
    services.open_service(
        by=actor("civil"),
        code="is_known",
        resource="households",
        title={"en": "Is the household registered?"},
        kind="proof",
    )
    hold(ANN, [{"person": ANN, "income": 90_000, "since": "2020-01-02", "street": "Mill Lane"}])
    hold(BOB, [{"person": BOB, "income": 250_000, "since": "2021-03-04", "street": "High St"}])
    grant = give("person", "income", rate_per_minute=rate_per_minute)
    return City(
        key=services.make_caller(by=steward(), department="housing", subsystem="fund-app"),
        tax_key=services.make_caller(by=steward(), department="tax", subsystem="tax-app"),
        grant=grant.id,
    )


def publish(**changes: object) -> None:
    """Publish the resource of households; ``changes`` override its fields."""
    given: dict[str, object] = {
        "code": "households",
        "title": {"en": "Households", "zh": "家庭"},
        "department": "civil",
        "system": "civil-db",
        "source_table": "public.households",
        "table": "civil.households",
        "sharing_class": "conditional",
        "sharing_condition": "Named cases only",
        "cycle": "daily",
        "columns": [
            ColumnDraft("person", "text", is_subject=True, scheme="luhn.person", is_key=True),
            ColumnDraft("income", "integer", {"en": "Income", "zh": "收入"}, is_personal=True),
            ColumnDraft("since", "date"),
            ColumnDraft("street", "text", is_personal=True),
            ColumnDraft("faith", "text", is_personal=True, sharing_class="withheld"),
        ],
        **changes,
    }
    catalogue.publish_resource(by=actor("civil"), **given)  # type: ignore[arg-type]


def hold(number: str, rows: list[dict[str, object]], *, resource: str = "households") -> bytes:
    """Put rows on a subject into the serving table, as a batch of exchange would."""
    key = sealing.subject_key(
        number, scheme="luhn.person", key=sealing.key(settings().keys_path, "index")
    )
    Serving.objects.update_or_create(
        subject=key, resource=resource, defaults={"rows": rows, "batch": new_id()}
    )
    return key


def give(
    *columns: str,
    to: str = "housing",
    purpose: str = PURPOSE,
    rate_per_minute: int = 60_000,
    resource: str = "households",
    terms: Terms | None = None,
) -> Grant:
    """Demand columns and have the demand granted."""
    demand = catalogue.raise_demand(
        by=actor(to),
        resource=resource,
        columns=columns,
        purpose=purpose,
        basis="Housing Act, 3",
        mode="interface",
        rate_per_minute=rate_per_minute,
        terms=terms,
    )
    return catalogue.grant_demand(by=actor("civil"), demand=demand)


def forbid(*names: str, resource: str = "households", law: str = "PIPL, article 28") -> None:
    """Put columns of a resource on the negative list."""
    catalogue.add_negative_entry(
        by=steward(),
        columns=list(Column.objects.filter(resource=resource, name__in=names)),
        law=law,
        approved_by="Office of the city",
        review_on=now().date() + timedelta(days=365),
    )
