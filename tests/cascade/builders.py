"""Builders: who acts, opened resources, sources, and others' documents."""

from __future__ import annotations

from typing import Any

from haihe.base.actor import Actor
from haihe.base.registry import registry
from haihe.kernel.catalogue import actions as catalogue
from haihe.kernel.catalogue.declare import ColumnDraft
from haihe.kernel.catalogue.models import Resource
from haihe.systems.cascade import actions
from haihe.systems.cascade.models import Reading, Source

BOSS = Actor("administrator", "test", permissions=frozenset(registry.permissions))
COLUMNS = (
    ColumnDraft("number", "text", {"zh": "编号", "en": "Number"}, is_key=True, is_required=True),
    ColumnDraft("who", "text", {"zh": "公民身份号码", "en": "Identity"}, is_personal=True,
                is_subject=True, scheme="luhn.person"),
    ColumnDraft("phone_of", "text", {"zh": "联系电话", "en": "Phone"}, is_personal=True),
    ColumnDraft("keeper", "text", {"zh": "负责人证号", "en": "Keeper"}, scheme="luhn.person"),
    ColumnDraft("firm", "text", {"zh": "单位信用代码", "en": "Firm"}, scheme="luhn.enterprise"),
    ColumnDraft("secret", "text", {"zh": "内部项", "en": "Inside"}, sharing_class="withheld"),
    ColumnDraft("listed", "text", {"zh": "涉密项", "en": "Listed"}),
    ColumnDraft("place", "text", {"zh": "位置", "en": "Place"}),
)  # fmt: skip


def publish(number: int, *, opened: str = "unconditional", **changed: Any) -> Resource:
    """Publish one made-up resource of the land office; it can be published again, changed."""
    code = changed.pop("code", f"land/r{number:04}")
    given: dict[str, Any] = {
        "code": code,
        "title": {"zh": f"宗地{number}", "en": f"Parcels {number}"},
        "abstract": {"zh": f"第{number}号宗地。", "en": f"Parcels of number {number}."},
        "department": "land",
        "table": code.replace("/", "."),
        "classification": "3-02",
        "sharing_class": "unconditional",
        "open_class": opened,
        "open_condition": "Name your purpose" if opened == "conditional" else "",
        "cycle": "monthly",
        "columns": COLUMNS,
        **changed,
    }
    return catalogue.publish_resource(by=BOSS, **given)


def forbid(resource: Resource, *names: str) -> None:
    """Put columns on the negative list."""
    columns = [resource.columns.get(name=name) for name in names]
    catalogue.add_negative_entry(
        by=BOSS, columns=columns, law="Secrets Act, s. 9", approved_by="Office of the city",
        review_on=resource.published_at.date().replace(year=2099),
    )  # fmt: skip


def source(address: str, code: str = "other", **given: Any) -> Source:
    """Name another catalogue."""
    named = {"kind": "dcat", "title": "Another city", **given}
    return actions.name_source(by=BOSS, code=code, address=address, **named)


def harvest(found: Source) -> Reading:
    """Read a catalogue once."""
    reading = actions.harvest(by=BOSS, source=Source.objects.get(pk=found.pk))
    assert reading is not None
    return reading


HEAD = """
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix hydra: <http://www.w3.org/ns/hydra/core#> .
<HERE/> a dcat:Catalog ; dct:title "Catalogue of C"@en ; dct:description "All."@en ;
  dct:publisher [ a foaf:Agent ; foaf:name "C"@en ] .
"""


def document(*numbers: int, after: str = "", total: int | None = None, more: str = "") -> str:
    """A page of another catalogue in Turtle: datasets by number, and which page is the next."""
    told = [HEAD]
    for number in numbers:
        told.append(
            f'<HERE/d/{number}> a dcat:Dataset ; dct:identifier "c-{number}" ; '
            f'dct:title "Trees of street {number}"@en, "行道树{number}"@zh ; '
            f'dct:description "Each tree."@en ; dcat:landingPage <HERE/about/{number}> {more} .\n'
        )
    view = f"hydra:next <HERE/{after}> ; " if after else ""
    count = f"hydra:totalItems {total} ; " if total is not None else ""
    first = numbers[0] if numbers else 0
    told.append(f"<HERE/?v={first}> {view}{count} a hydra:PartialCollectionView .\n")
    return "".join(told)
