"""The same rules, met by whoever writes past the actions: each breach is tried in plain SQL."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, connections, transaction

from haihe.base.clock import now
from haihe.base.ids import new_id
from haihe.kernel.catalogue import actions
from haihe.kernel.catalogue.errors import ColumnOnNegativeList
from haihe.kernel.catalogue.models import Grant, Resource
from tests.catalogue.builders import PROVIDER, Small, demand, forbid, small_catalogue
from tests.catalogue.test_demands import refused


def breaks(rule: str, sql: str, *values: object) -> None:
    """Assert that the statement, committed at once, breaks that rule."""
    with pytest.raises(IntegrityError) as met:
        commit((sql, values))
    cause = met.value.__cause__
    assert cause is not None
    assert cause.diag.constraint_name == rule, str(met.value)  # type: ignore[attr-defined]


def run(sql: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def commit(*statements: tuple[str, tuple[object, ...]]) -> None:
    """Run statements, and the checks that wait for the end of a transaction."""
    with transaction.atomic():
        for sql, values in statements:
            run(sql, *values)
        run("set constraints all immediate")


def granted(small: Small, *columns: str) -> Grant:
    return actions.grant_demand(by=PROVIDER, demand=demand(small.resource, *columns))


INSERT_DEMAND = (
    "insert into catalogue_demand (id, department_id, resource_id, purpose_id, basis, scene, mode,"
    " rate_per_minute, months, state, raised_by, decided_by, reason)"
    " values (%s, %s, %s, %s, %s, '', 'interface', 600, 12, %s, '2', '', '')"
)
INSERT_GRANT = (
    "insert into catalogue_grant (id, demand_id, department_id, resource_id, purpose_id, mode,"
    " rate_per_minute, since, until, withdrawn_reason, data_life_days)"
    " values (%s, %s, %s, %s, %s, 'interface', %s, now(), now() + %s, '', 365)"
)
GRANT_IT = (
    "update catalogue_demand set state = 'granted', decided_department_id = 'civil' where id = %s"
)
ADD_COLUMN = "insert into catalogue_grant_columns (grant_id, column_id) values (%s, %s)"
YEAR = timedelta(days=364)


@pytest.fixture(autouse=True)
def _more(small: Small) -> None:
    actions.add_purpose(
        by=PROVIDER, code="tax.audit", title={"en": "Audit"}, basis="Tax Act, art. 9"
    )


@pytest.mark.parametrize(
    ("rule", "row"),
    [
        ("demand_starts_raised", ("housing", "civil/households", "housing.fund", "A", "granted")),
        ("demand_of_anothers", ("civil", "civil/households", "housing.fund", "A", "raised")),
        ("demand_has_a_basis", ("housing", "civil/households", "housing.fund", " ", "raised")),
    ],
)
def test_a_demand_that_may_not_be(small: Small, rule: str, row: tuple[str, ...]) -> None:
    breaks(rule, INSERT_DEMAND, new_id(), *row)


def test_a_demand_without_a_purpose_can_not_be(small: Small) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        run(INSERT_DEMAND, new_id(), "housing", "civil/households", None, "A", "raised")


def test_a_demand_of_what_is_not_published(small: Small) -> None:
    Resource.objects.filter(pk="civil/households").update(state="closed")
    breaks(
        "demand_of_published",
        INSERT_DEMAND,
        *(new_id(), "housing", "civil/households", "housing.fund", "A", "raised"),
    )


def test_what_was_demanded_stays(small: Small) -> None:
    raised = demand(small.resource)
    for change in (
        "purpose_id = 'tax.audit'",
        "basis = 'B'",
        "department_id = 'tax'",
        "months = 60",
    ):
        breaks("demand_stays", f"update catalogue_demand set {change} where id = %s", raised.pk)


def test_a_decided_demand_moves_no_more(small: Small) -> None:
    raised = demand(small.resource)
    actions.refuse_demand(by=PROVIDER, demand=raised, reason="No")
    for state in ("granted", "raised", "withdrawn"):
        sql = "update catalogue_demand set state = %s where id = %s"
        breaks("demand_moves", sql, state, raised.pk)
    column = small.column("since").pk
    insert = "insert into catalogue_demand_columns (demand_id, column_id) values (%s, %s)"
    breaks("demand_stays", insert, raised.pk, column)
    breaks("demand_stays", "delete from catalogue_demand_columns where demand_id = %s", raised.pk)


def test_a_demand_names_columns_of_its_own_resource(small: Small) -> None:
    raised = demand(small.resource)
    foreign = small.low_income.columns.get(name="person").pk
    sql = "update catalogue_demand_columns set column_id = %s where demand_id = %s"
    breaks("demand_of_its_resource", sql, foreign, raised.pk)


def test_nobody_but_the_provider_decides_a_conditional_demand(small: Small) -> None:
    raised = demand(small.resource)
    for department in (None, "housing", "tax"):
        sql = (
            "update catalogue_demand set state = 'granted', decided_department_id = %s"
            " where id = %s"
        )
        breaks("provider_decides", sql, department, raised.pk)


def test_a_refusal_without_a_reason(small: Small) -> None:
    sql = (
        "update catalogue_demand set state = 'refused', decided_department_id = 'civil'"
        " where id = %s"
    )
    breaks("refusal_has_a_reason", sql, demand(small.resource).pk)


def test_a_granted_demand_without_grant_or_responsibility(small: Small) -> None:
    raised = demand(small.resource)
    breaks("granted_has_a_grant", GRANT_IT, raised.pk)
    row = (new_id(), raised.pk, "housing", "civil/households", "housing.fund", 600, YEAR)
    with pytest.raises(IntegrityError, match="at least one column"):
        commit((GRANT_IT, (raised.pk,)), (INSERT_GRANT, row))
    column = (ADD_COLUMN, (row[0], small.column("income").pk))
    with pytest.raises(IntegrityError, match="responsible"):
        commit((GRANT_IT, (raised.pk,)), (INSERT_GRANT, row), column)


def test_the_responsibility_behind_a_grant_can_not_be_taken_away(small: Small) -> None:
    granted(small)
    breaks("granted_has_a_responsibility", "delete from catalogue_responsibility")


def test_a_responsibility_is_its_providers_and_names_a_system(small: Small) -> None:
    insert = (
        "insert into catalogue_responsibility (department_id, duty, basis, resource_id, system_id)"
        " values (%s, '{}', 'A', 'civil/households', %s)"
    )
    breaks("provider_is_responsible", insert, "tax", "civil-db")
    with pytest.raises(IntegrityError), transaction.atomic():
        run(insert, "civil", None)


@pytest.mark.parametrize(
    "row",
    [
        ("tax", "civil/households", "housing.fund", 600, YEAR),
        ("housing", "civil/streets", "housing.fund", 600, YEAR),
        ("housing", "civil/households", "tax.audit", 600, YEAR),
        ("housing", "civil/households", "housing.fund", 601, YEAR),
        ("housing", "civil/households", "housing.fund", 600, 2 * YEAR),
    ],
)
def test_a_grant_says_what_its_demand_said(small: Small, row: tuple[object, ...]) -> None:
    raised = demand(small.resource)
    with pytest.raises(IntegrityError, match="what its demand said"):
        commit((GRANT_IT, (raised.pk,)), (INSERT_GRANT, (new_id(), raised.pk, *row)))


def test_no_grant_without_a_granted_demand(small: Small) -> None:
    rest = ("housing", "civil/households", "housing.fund", 600, YEAR)
    breaks("grant_follows_its_demand", INSERT_GRANT, new_id(), new_id(), *rest)
    raised = demand(small.resource)
    breaks("grant_follows_its_demand", INSERT_GRANT, new_id(), raised.pk, *rest)


def test_a_grant_only_shrinks(small: Small) -> None:
    grant = granted(small)
    for change in (
        "until = until + interval '1 day'",
        "rate_per_minute = rate_per_minute + 1",
        "purpose_id = 'tax.audit'",
        "department_id = 'tax'",
        "data_life_days = 9999",
    ):
        breaks("grant_only_shrinks", f"update catalogue_grant set {change} where id = %s", grant.pk)
    actions.withdraw_grant(by=PROVIDER, grant=grant, reason="Over")
    for value in (None, now()):
        sql = "update catalogue_grant set withdrawn_at = %s where id = %s"
        breaks("grant_only_shrinks", sql, value, grant.pk)


def test_a_granted_column_was_demanded(small: Small) -> None:
    grant = granted(small, "person")
    breaks("grant_within_its_demand", ADD_COLUMN, grant.pk, small.column("income").pk)
    foreign = small.low_income.columns.get(name="person").pk
    breaks("grant_within_its_demand", ADD_COLUMN, grant.pk, foreign)


def test_a_withdrawn_grant_gains_no_column(small: Small) -> None:
    grant = granted(small)
    run("delete from catalogue_grant_columns where grant_id = %s", grant.pk)
    actions.withdraw_grant(by=PROVIDER, grant=grant, reason="Over")
    breaks("grant_within_its_demand", ADD_COLUMN, grant.pk, small.column("income").pk)


def test_a_listed_column_enters_no_grant(small: Small) -> None:
    grant = granted(small)
    column = small.column("income")
    forbid(column)
    breaks("not_on_negative_list", ADD_COLUMN, grant.pk, column.pk)


def test_a_withheld_or_dropped_column_enters_no_grant(small: Small) -> None:
    grant = granted(small)
    column = small.column("income").pk
    for change in ("sharing_class = 'withheld'", "dropped_at = now()"):
        run(f"update catalogue_column set {change} where id = %s", column)
        breaks("not_withheld", ADD_COLUMN, grant.pk, column)
        run("update catalogue_column set sharing_class='', dropped_at=null where id = %s", column)


def remaining(grant: UUID) -> set[str]:
    return set(Grant.objects.get(pk=grant).columns.values_list("name", flat=True))


CUTS: list[tuple[str, Callable[[Small], tuple[object, ...]]]] = [
    (
        "insert into catalogue_negativeentry_columns (negativeentry_id, column_id) values (%s, %s)",
        lambda small: (
            forbid(small.low_income.columns.get(name="since")).pk,
            small.column("income").pk,
        ),
    ),
    (
        "update catalogue_column set sharing_class = 'withheld' where id = %s",
        lambda small: (small.column("income").pk,),
    ),
    (
        "update catalogue_column set dropped_at = now() where id = %s",
        lambda small: (small.column("income").pk,),
    ),
]


@pytest.mark.parametrize(("sql", "values"), CUTS)
def test_what_becomes_forbidden_leaves_every_grant(
    small: Small, sql: str, values: Callable[[Small], tuple[object, ...]]
) -> None:
    grant, lone = granted(small, "person", "income"), granted(small, "income")
    run(sql, *values(small))
    assert remaining(grant.pk) == {"person"}
    lone.refresh_from_db()
    assert lone.withdrawn_at is not None


def test_an_entry_that_is_prolonged_cuts_again(small: Small) -> None:
    entry = forbid(small.column("income"))
    actions.end_negative_entry(by=PROVIDER, entry=entry, reason="Changed")
    grant = granted(small, "person", "income")
    run("update catalogue_negativeentry set valid_until = null where id = %s", entry.pk)
    assert remaining(grant.pk) == {"person"}


def test_what_was_granted_or_forbidden_stays_on_record(small: Small) -> None:
    granted(small)
    forbid(small.column("since"))
    for sql in (
        "delete from catalogue_grant",
        "delete from catalogue_demand",
        "delete from catalogue_negativeentry_columns",
        "update catalogue_negativeentry_columns set column_id = column_id + 1",
        "delete from catalogue_negativeentry",
        "update catalogue_negativeentry set law = 'none'",
    ):
        breaks("kept_on_record", sql)


def test_a_resource_keeps_its_provider_and_its_moves(small: Small) -> None:
    resource = "where code = 'civil/households'"
    sql = f"update catalogue_resource set department_id = 'tax' {resource}"
    breaks("resource_keeps_its_provider", sql)
    breaks("resource_moves", f"update catalogue_resource set state = 'proposed' {resource}")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_round", range(3))
def test_a_grant_and_a_negative_entry_at_the_same_moment_never_both_hold(
    _round: int,
) -> None:
    small = small_catalogue()
    raised = [demand(small.resource, "income").pk for _ in range(6)]
    column, start = small.column("income"), threading.Barrier(2)

    def grant_all() -> None:
        start.wait()
        for key in raised:
            with contextlib.suppress(ColumnOnNegativeList):
                actions.grant_demand(by=PROVIDER, demand=key)
        connections.close_all()

    thread = threading.Thread(target=grant_all)
    thread.start()
    start.wait()
    forbid(column)
    thread.join()
    assert not Grant.objects.filter(withdrawn_at__isnull=True, columns=column).exists()
    with refused("catalogue.column.on_negative_list"):
        demand(small.resource, "income")
