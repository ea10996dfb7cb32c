"""What a row of the catalogue and the lists may never say, in plain SQL."""

from __future__ import annotations

import pytest
from django.db import IntegrityError

from haihe.kernel.catalogue import actions
from haihe.kernel.ledger.models import Entry
from tests.catalogue.builders import PROVIDER, STEWARD, Small, demand, forbid
from tests.catalogue.test_database import (
    GRANT_IT,
    INSERT_DEMAND,
    INSERT_GRANT,
    YEAR,
    breaks,
    commit,
    new_id,
    run,
)
from tests.catalogue.test_demands import refused
from tests.catalogue.test_sheets import brought

_COLUMN = "update catalogue_column set {} where resource_id = 'civil/households' and name = 'since'"
_RESOURCE = "update catalogue_resource set {} where code = 'civil/households'"
_RESPONSIBILITY = "insert into catalogue_responsibility (department_id, duty, basis, resource_id,"
_RESPONSIBILITY += (
    " system_id, item_code, item_title, level, status, contact_post)"
    " values ('civil', '{{}}', '{}', 'civil/households', 'civil-db', '', '', '', 'planned', '')"
)
_VERSION = (
    "insert into catalogue_resourceversion (resource_id, version, content, made_by)"
    " select resource_id, version, content, made_by from catalogue_resourceversion limit 1"
)
ROWS = [
    ("purpose_has_a_basis", "update catalogue_purpose set basis = ' '"),
    ("responsibility_has_a_basis", _RESPONSIBILITY.format(" ")),
    ("conditional_names_its_condition", _RESOURCE.format("sharing_condition = ''")),
    ("opened_names_its_condition", _RESOURCE.format("open_class = 'conditional'")),
    (
        "withheld_is_not_opened",
        _RESOURCE.format("sharing_class = 'withheld', open_class = 'unconditional'"),
    ),
    ("resource_names_a_mode", _RESOURCE.format("modes = '{}'")),
    ("one_column_a_name", _COLUMN.format("name = 'income'")),
    ("one_subject_column_a_resource", _COLUMN.format("is_subject = true")),
    ("lead_names_its_element", _COLUMN.format("is_lead = true")),
    (
        "one_row_a_resource_version",
        _VERSION,
    ),
]


@pytest.mark.parametrize(("rule", "sql"), ROWS)
def test_a_row_that_contradicts_itself(small: Small, rule: str, sql: str) -> None:
    breaks(rule, sql)


def test_a_resource_has_one_responsibility(small: Small) -> None:
    commit((_RESPONSIBILITY.format("A"), ()))
    breaks("one_responsibility_a_resource", _RESPONSIBILITY.format("B"))


@pytest.mark.parametrize("law", ["", " ", "\n"])
def test_an_entry_of_the_negative_list_without_a_law(small: Small, law: str) -> None:
    sql = (
        "insert into catalogue_negativeentry (law, scope, substitute, approved_by, review_on)"
        " values (%s, '', '', 'B', '2030-01-01')"
    )
    breaks("negative_entry_cites_its_law", sql, law)


@pytest.mark.parametrize(("months", "rate"), [(0, 600), (61, 600), (12, 0)])
def test_a_demand_is_for_a_while(small: Small, months: int, rate: int) -> None:
    sql = INSERT_DEMAND.replace("600, 12", f"{rate}, {months}")
    row = (new_id(), "housing", "civil/households", "housing.fund", "A", "raised")
    breaks("demand_is_for_a_while", sql, *row)


def test_nothing_is_granted_of_what_is_withheld(small: Small) -> None:
    raised = demand(small.resource)
    run(_RESOURCE.format("sharing_class = 'withheld'"))
    row = (new_id(), raised.pk, "housing", "civil/households", "housing.fund", 600, YEAR)
    with pytest.raises(IntegrityError, match="not published, or withheld"):
        commit((GRANT_IT, (raised.pk,)), (INSERT_GRANT, row))


def test_a_purpose_without_a_basis_is_not_added(small: Small) -> None:
    with refused("catalogue.without_basis"):
        actions.add_purpose(by=STEWARD, code="fun", title={"en": "Fun"}, basis=" ")


def test_every_change_of_a_list_stands_in_the_ledger(small: Small) -> None:
    entry = forbid(small.column("since"))
    actions.review_negative_entry(by=PROVIDER, entry=entry, review_on=entry.review_on)
    brought(systems=[{"code": "civil-new", "title": "x", "kind": "other"}])
    kinds = set(Entry.objects.values_list("kind", flat=True))
    assert {
        "catalogue.negative.reviewed",
        "catalogue.system.registered",
        "catalogue.sheets.imported",
    } <= kinds
