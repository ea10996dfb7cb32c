"""Constraints behind the triggers of grants and procedures: met even where no trigger runs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import LazySettings
from django.db import connection

from haihe.base.actor import Actor
from haihe.kernel.catalogue import actions
from haihe.kernel.catalogue.declare import Procedure
from haihe.kernel.org.models import Department
from tests.catalogue.builders import ALL, PROVIDER, RECEIVER, Small, demand
from tests.catalogue.test_procedure_held import refused_by

ROWS = {
    "demand_bans_onward_use_or_cites_the_law": "update catalogue_demand set onward_to = '{tax}'",
    "demand_calls_are_periodic": "update catalogue_demand set fetching = 'once'",
    "demand_data_has_a_life": "update catalogue_demand set data_life_days = 0",
    "demand_delivers_at_its_pace": "update catalogue_demand set every_hours = 24",
    "grant_bans_onward_use_or_cites_the_law": "update catalogue_grant set onward_law = 'Act'",
    "grant_calls_are_periodic": "update catalogue_grant set fetching = 'once'",
    "grant_data_has_a_life": "update catalogue_grant set data_life_days = 3661",
    "grant_delivers_at_its_pace": "update catalogue_grant set every_hours = 24",
    "one_document_a_grant_edition": "insert into catalogue_grantdocument"
    " (grant_id, edition, text, hash, entry)"
    " select grant_id, edition, text, hash, entry from catalogue_grantdocument",
    "one_open_renewal_a_grant": "insert into catalogue_renewal (id, grant_id, until_before,"
    " until_after, reason, asked_by, due, state, decided_by, answer) select gen_random_uuid(),"
    " grant_id, until_before, until_after, reason, '2', due, 'asked', '', ''"
    " from catalogue_renewal",
    "one_open_exception_a_grant": 'insert into catalogue_onwardexception (id, grant_id, "to", law,'
    " reason, until, asked_by, due, state, decided_by, answer) select gen_random_uuid(), grant_id,"
    " \"to\", law, reason, until, '2', due, 'asked', '', '' from catalogue_onwardexception",
    "exception_says_to_whom_why_and_by_what_law": "update catalogue_onwardexception set law = ' '",
    "exception_is_decided_with_a_reason": "update catalogue_onwardexception set state = 'allowed'",
    "renewal_says_why": "update catalogue_renewal set reason = ' '",
    "refused_renewal_says_why": "update catalogue_renewal set state = 'refused', answer = ' '",
    "renewal_lengthens": "update catalogue_renewal set until_after = until_before",
    "one_open_deletion_a_grant": "insert into catalogue_deletion (id, grant_id, cause, due,"
    " received_by, note) select gen_random_uuid(), id, 'ended', current_date, '', ''"
    " from catalogue_grant cross join generate_series(1, 2)",
    "evaluation_one_to_five": "update catalogue_evaluation set score = 6",
    "evaluation_says_what_came_of_it": "update catalogue_evaluation set effect = ' '",
    "wanted_has_a_basis": "update catalogue_wanted set basis = ' '",
    "wanted_refused_with_a_reason": "update catalogue_wanted set state = 'refused'",
    "wanted_published_by_somebody": "update catalogue_wanted set state = 'publishing'",
    "wanted_found_names_its_resource": "update catalogue_wanted set state = 'found'",
    "wanted_demanded_names_its_demand": "update catalogue_wanted set state = 'demanded',"
    " resource_id = 'civil/households'",
}


@pytest.fixture
def rows(small: Small, settings: LazySettings) -> Iterator[None]:
    """One row of each kind; no trigger of the house runs any more."""
    Department.objects.create(code="bureau", name={"en": "Bureau"}, kind="department")
    settings.CATALOGUE_PROCEDURE = Procedure(authority="bureau")
    grant = actions.grant_demand(by=PROVIDER, demand=demand(small.resource))
    actions.ask_renewal(by=RECEIVER, grant=grant, months=1, reason="Still needed")
    actions.ask_onward(
        by=RECEIVER, grant=grant, to=["tax"], law="Act, 9", last=grant.until.date(), reason="Audit"
    )
    actions.evaluate_grant(by=RECEIVER, grant=grant, score=3, effect="Some")
    actions.seek_data(
        by=Actor("officer", "2", department="housing", permissions=ALL),
        title="Heating",
        items=["Kind"],
        purpose="housing.fund",
        basis="Act",
    )
    with connection.cursor() as cursor:
        cursor.execute("set session_replication_role = replica")
        yield
        cursor.execute("set session_replication_role = default")


@pytest.mark.parametrize("rule", ROWS)
def test_a_row_that_contradicts_itself_is_refused(rows: None, rule: str) -> None:
    assert refused_by(ROWS[rule]) == rule


def test_what_is_looked_for_starts_and_stays_as_it_was_said(
    small: Small, settings: LazySettings
) -> None:
    Department.objects.create(code="bureau", name={"en": "Bureau"}, kind="department")
    settings.CATALOGUE_PROCEDURE = Procedure(authority="bureau")
    sought = actions.seek_data(
        by=RECEIVER, title="Heating", items=["Kind"], purpose="housing.fund", basis="Act"
    )
    copy = (
        "insert into catalogue_wanted (id, department_id, title, items, purpose_id, basis, scene,"
        " why_not_held, state, raised_by, reason, provider_id) select gen_random_uuid(),"
        " department_id, title, items, purpose_id, basis, '', '', 'publishing', '2', '', 'civil'"
        " from catalogue_wanted"
    )
    assert refused_by(copy) == "wanted_starts_matching"
    change = "update catalogue_wanted set basis = 'Another' where id = %s"
    assert refused_by(change, sought.pk) == "wanted_stays"
    other = demand(small.resource, by=Actor("officer", "3", department="tax", permissions=ALL))
    found = actions.match_wanted(
        by=Actor("officer", "9", department="bureau", permissions=ALL),
        wanted=sought,
        resource=small.resource,
    )
    take = "update catalogue_wanted set state = 'demanded', demand_id = %s where id = %s"
    assert refused_by(take, other.pk, found.pk) == "wanted_demanded_by_itself"
