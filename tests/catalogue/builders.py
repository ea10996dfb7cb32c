"""Builders of a small catalogue: a provider, a receiver, one resource with four columns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.kernel.catalogue import actions
from haihe.kernel.catalogue.declare import PERMISSIONS, ColumnDraft, Terms
from haihe.kernel.catalogue.models import Column, Demand, NegativeEntry, Resource
from haihe.kernel.org.models import Department

ALL = frozenset(permission.name for permission in PERMISSIONS) - {"catalogue.system.pause_any"}
PROVIDER = Actor("officer", "1", department="civil", permissions=ALL)
RECEIVER = Actor("officer", "2", department="housing", permissions=ALL)
THIRD = Actor("officer", "3", department="tax", permissions=ALL)
STEWARD = Actor("administrator", "4", permissions=ALL)
ADDRESS = "postgresql://reader:secret@db.invalid/civil"


@dataclass(frozen=True)
class Small:
    """The small catalogue, as the tests meet it."""

    resource: Resource
    low_income: Resource

    def column(self, name: str) -> Column:
        """A column of the conditional resource."""
        return self.resource.columns.get(name=name)


def small_catalogue() -> Small:
    """Three departments, one system, a purpose, a conditional and an unconditional resource."""
    for code in ("civil", "housing", "tax"):
        Department.objects.get_or_create(
            code=code, defaults={"name": {"en": code, "zh": code}, "kind": "department"}
        )
    actions.register_system(
        by=PROVIDER,
        code="civil-db",
        department="civil",
        kind="postgresql",
        title={"en": "Civil register", "zh": "民政库"},
        address=ADDRESS,
    )
    actions.add_purpose(
        by=STEWARD, code="housing.fund", title={"en": "Housing fund"}, basis="Housing Act, art. 3"
    )
    return Small(resource=publish(), low_income=publish(code="civil/streets", free=True))


def publish(code: str = "civil/households", *, free: bool = False, **changes: object) -> Resource:
    """Publish one resource; ``changes`` override its fields."""
    given: dict[str, object] = {
        "code": code,
        "title": {"en": "Households", "zh": "家庭"},
        "department": "civil",
        "system": "civil-db",
        "source_table": "public.households",
        "table": code.replace("/", "."),
        "sharing_class": "unconditional" if free else "conditional",
        "sharing_condition": "" if free else "Named cases only",
        "cycle": "daily",
        "columns": [
            ColumnDraft("person", "text", is_subject=True, scheme="luhn.person", is_key=True),
            ColumnDraft("income", "integer", {"en": "Income", "zh": "收入"}, is_personal=True),
            ColumnDraft("since", "date"),
            ColumnDraft("faith", "text", is_personal=True, sharing_class="withheld"),
        ],
        **changes,
    }
    return actions.publish_resource(by=PROVIDER, **given)  # type: ignore[arg-type]


def demand(
    resource: Resource,
    *columns: str,
    by: Actor = RECEIVER,
    mode: str = "interface",
    months: int = 12,
    terms: Terms | None = None,
) -> Demand:
    """Raise one demand."""
    return actions.raise_demand(
        by=by,
        resource=resource,
        columns=columns or ("person", "income"),
        purpose="housing.fund",
        basis="Housing Act, art. 3",
        mode=mode,
        months=months,
        terms=terms,
    )


def forbid(*columns: Column, days: int | None = None) -> NegativeEntry:
    """Put columns on the negative list; ``days`` until the entry ends."""
    return actions.add_negative_entry(
        by=STEWARD,
        columns=columns,
        law="PIPL, article 28",
        approved_by="Office of the city",
        review_on=now().date() + timedelta(days=365),
        valid_until=None if days is None else now().date() + timedelta(days=days),
    )
