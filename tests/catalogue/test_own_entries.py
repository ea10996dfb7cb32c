"""A department puts columns of its own resources on the negative list, and no one else's."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.base.errors import HaiheError
from haihe.kernel.catalogue import actions
from haihe.kernel.catalogue.models import NegativeEntry
from haihe.kernel.ledger.models import Entry
from tests.catalogue.builders import PROVIDER, RECEIVER, STEWARD, Small
from tests.catalogue.test_database import breaks, run

OF_ONES_OWN = {"catalogue.negative.add", "catalogue.negative.review"}


def of_department(actor: Actor) -> Actor:
    """An officer as a provider's post makes one."""
    return replace(actor, permissions=frozenset(OF_ONES_OWN))


def added(by: Actor, small: Small) -> NegativeEntry:
    """An entry that names the civil department's column of incomes."""
    return actions.add_negative_entry(
        by=by,
        columns=[small.column("income")],
        law="PIPL, article 28",
        approved_by="Office of the city",
        review_on=now().date() + timedelta(days=100),
    )


def test_a_department_lists_columns_of_its_own_resources_alone(small: Small) -> None:
    with pytest.raises(HaiheError) as raised:
        added(of_department(RECEIVER), small)
    assert raised.value.code == "catalogue.negative.not_yours"
    assert not NegativeEntry.objects.exists()
    assert not Entry.objects.filter(kind="catalogue.negative.added").exists()
    assert added(of_department(PROVIDER), small).added_by_id == "civil"
    assert added(STEWARD, small).added_by_id is None


def test_a_department_puts_off_the_review_of_its_own_columns_alone(small: Small) -> None:
    entry, day = added(of_department(PROVIDER), small), now().date() + timedelta(days=200)
    how = {"entry": entry, "review_on": day}
    with pytest.raises(HaiheError) as raised:
        actions.review_negative_entry(by=of_department(RECEIVER), **how)
    assert raised.value.code == "catalogue.negative.not_yours"
    assert actions.review_negative_entry(by=of_department(PROVIDER), **how).review_on == day


def test_an_entry_of_a_department_names_its_own_columns_in_sql_too(small: Small) -> None:
    entry = NegativeEntry.objects.create(
        law="A", approved_by="B", review_on=now().date(), added_by_id="housing"
    )
    link = (
        "insert into catalogue_negativeentry_columns (negativeentry_id, column_id) values (%s, %s)"
    )
    breaks("negative_entry_of_ones_own", link, entry.pk, small.column("income").pk)
    change = "update catalogue_negativeentry set added_by_id = %s where id = %s"
    breaks("kept_on_record", change, "civil", entry.pk)
    breaks("kept_on_record", change, None, entry.pk)
    own = NegativeEntry.objects.create(
        law="A", approved_by="B", review_on=now().date(), added_by_id="civil"
    )
    run(link, own.pk, small.column("income").pk)
    assert own.columns.count() == 1
