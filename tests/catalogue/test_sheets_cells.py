"""Spreadsheets of the catalogue: what cells say, what is left as it is, what comes back."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haihe.base.actor import Actor
from haihe.kernel.catalogue import actions, queries
from haihe.kernel.catalogue.actions.taking.kinds import NotAKind, kind_and_length
from haihe.kernel.catalogue.declare import ColumnDraft
from haihe.kernel.catalogue.models import (
    Resource,
    SourceSystem,
)
from haihe.kernel.org.models import Department
from tests.catalogue.builders import (
    PROVIDER,
    STEWARD,
    Small,
    publish,
    small_catalogue,
)
from tests.catalogue.test_sheets import brought

pytestmark = pytest.mark.django_db
STEWARD_OF_CIVIL = Actor("administrator", "5", department="civil", permissions=STEWARD.permissions)


def test_columns_alone_change_a_resource_and_leave_the_rest(small: Small) -> None:
    rows = [
        {"resource": "civil/streets", "name": name, "kind": "字符型", "title": "街道"}
        for name in ("person", "street")
    ]
    assert brought(items=rows) == {"catalogue": [0, 1, 0]}
    found = Resource.objects.get(pk="civil/streets")
    assert [each.name for each in found.columns.all()] == ["person", "street"]
    assert (found.sharing_class, found.cycle) == ("unconditional", "daily")


def test_an_empty_cell_of_a_choice_keeps_what_is_there_and_one_of_a_text_empties_it(
    small: Small,
) -> None:
    publish(abstract={"zh": "摘要"}, cycle="weekly", source_table="public.households")
    row = {"code": "civil/households", "title": "家庭", "title_en": "Households"}
    row |= {"sharing_class": "conditional", "sharing_condition": "Named cases only"}
    assert brought(resources=[{**row, "system": "civil-db"}]) == {"catalogue": [0, 1, 0]}
    found = Resource.objects.get(pk="civil/households")
    assert (found.cycle, found.source_table) == ("weekly", "")


@pytest.mark.parametrize(
    ("given_kind", "length", "kind"),
    [
        ("字符型", None, ("text", None)),
        ("C", "30", ("text", 30)),
        ("varchar(20)", None, ("text", 20)),
        ("数值型", "18,2", ("decimal(18,2)", None)),
        ("数值型（10，2）", None, ("decimal(10,2)", None)),
        ("N", "8", ("integer", 8)),
        ("日期时间型", None, ("timestamp", None)),
        ("decimal(18,2)", "18", ("decimal(18,2)", 18)),
    ],
)
def test_kinds_as_departments_write_them(
    given_kind: str, length: str | None, kind: tuple[str, int | None]
) -> None:
    assert kind_and_length(given_kind, length) == kind


def test_a_level_of_protection_is_read_as_departments_write_it(small: Small) -> None:
    head = "系统编码,系统名称,数据库,等保级别,网络类型,处置方式\n"
    rows = "a,甲,达梦,三级,政务外网,保留\nb,乙,MySQL,第二级,专网,保留\nc,丙,Oracle,1,互联网,保留\n"
    data = (head + rows).encode("gb18030")
    found = actions.import_sheets(by=PROVIDER, data=data, name="系统清单.csv")
    assert found.counts["systems"].new == 3
    said = SourceSystem.objects.filter(pk__in="abc").order_by("pk")
    assert [(each.kind, each.network, each.protection_level) for each in said] == [
        ("other", "extranet", 3),
        ("mariadb", "dedicated", 2),
        ("other", "internet", 1),
    ]


@pytest.mark.parametrize("given_kind", ["数值型", "数值型(50,2)", "数值型(2,18)", "图片", "N(0)"])
def test_a_kind_is_never_guessed(given_kind: str) -> None:
    with pytest.raises(NotAKind):
        kind_and_length(given_kind, None)


TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cf", "Co", "Cn")),
    min_size=1,
    max_size=40,
).filter(lambda text: bool(text.strip()))
KINDS = st.sampled_from(["text", "integer", "decimal(18,2)", "date", "timestamp", "boolean"])


@settings(max_examples=25)
@given(
    titles=st.tuples(TEXTS, TEXTS),
    names=st.lists(st.from_regex(r"[a-z][a-z0-9_]{0,20}", fullmatch=True), min_size=1, unique=True),
    kind=KINDS,
    modes=st.lists(st.sampled_from(["table", "file", "interface"]), min_size=1, unique=True),
    language=st.sampled_from(["zh", "en"]),
)
def test_any_resource_comes_back_unchanged(
    titles: tuple[str, str], names: list[str], kind: str, modes: list[str], language: str
) -> None:
    if not Department.objects.filter(pk="civil").exists():
        small_catalogue()
    publish(
        title={"zh": titles[0], "en": titles[1]},
        abstract={"zh": titles[1]},
        modes=modes,
        columns=[ColumnDraft(name, kind, {"zh": titles[0]}) for name in names],
    )
    data = queries.export_xlsx("catalogue", language=language)
    found = actions.try_sheets(by=STEWARD_OF_CIVIL, data=data, name="a.xlsx")
    assert not found.faults, [(each.cell.address, each.code, each.given) for each in found.faults]
    assert found.is_empty
