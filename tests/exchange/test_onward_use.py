"""What Haihe delivered is gathered by no way: not by a changed table, order, or second code."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from haihe.base.errors import HaiheError
from haihe.engine.sources.places import place_of
from haihe.kernel.catalogue import actions as catalogue
from haihe.kernel.catalogue.models import Grant, Resource
from haihe.kernel.exchange import actions
from haihe.kernel.exchange.actions import run_link
from haihe.kernel.exchange.models import Batch, Link
from tests.exchange.builders import (
    COLUMNS,
    PROVIDER,
    RECEIVER,
    TABLE,
    delivery,
    gathering,
    grant,
    publish,
    rows,
)
from tests.servers import Database

pytestmark = pytest.mark.django_db


def refused(call: Any, **given: Any) -> str:
    with pytest.raises(HaiheError) as raised:
        call(by=RECEIVER, **given)
    assert raised.value.hint
    return raised.value.code


def granted(department: Database) -> Grant:
    department.run(TABLE, rows(1, 3))
    link = gathering(publish(department.address))
    run_link(by=PROVIDER, link=link)
    return grant(link.resource, "person", "income")


def register(code: str, address: str) -> None:
    catalogue.register_system(
        by=RECEIVER, code=code, department="housing", kind="postgresql",
        title={"en": code}, address=address,
    )  # fmt: skip


def published(source_table: str, system: str = "housing-db") -> Resource:
    """The receiver publishes a table of its own."""
    return catalogue.publish_resource(
        by=RECEIVER,
        code="housing/poor",
        title={"en": "Poor households"},
        department="housing",
        table="housing.poor",
        system=system,
        source_table=source_table,
        sharing_class="unconditional",
        cycle="daily",
        columns=COLUMNS[:1],
    )


def again(address: str) -> str:
    """The same database, under another user and with another option."""
    return f"{address}{'&' if '?' in address else '?'}user=somebody&application_name=other"


def test_a_source_table_changed_to_a_delivered_one_is_not_read(
    department: Database, receiver: Database
) -> None:
    held = granted(department)
    receiver.run("create table own (person text primary key)")
    run_link(by=RECEIVER, link=delivery(held, receiver.address))
    onward = actions.make_link(by=RECEIVER, code="onward", resource=published("own"))
    assert run_link(by=RECEIVER, link=onward).state == "done"
    published("public.households")
    assert refused(run_link, link=onward) == "exchange.link.onward_use"
    last = Batch.objects.filter(link=onward).latest("started_at")
    assert (last.state, last.error_code) == ("failed", "exchange.link.onward_use")


@pytest.mark.parametrize("named", ["households", "public.households", " households "])
def test_nothing_is_delivered_into_a_table_that_is_gathered(
    department: Database, receiver: Database, named: str
) -> None:
    held = granted(department)
    register("housing-db", receiver.address)
    actions.make_link(by=RECEIVER, code="first", resource=published(named))
    into = {"grant": held, "target_system": "housing-db", "target_table": "households"}
    assert refused(actions.make_delivery, **into) == "exchange.delivery.gathered"
    assert actions.make_delivery(by=RECEIVER, **{**into, "target_table": "theirs"})
    past = (
        "insert into exchange_link (code, resource_id, grant_id, mode, watermark, overlap_s,"
        " target_system_id, target_table, schedule) select 'past', resource_id, grant_id, mode, '',"
        " 0, target_system_id, 'households', '' from exchange_link where grant_id is not null"
    )
    with pytest.raises(IntegrityError) as met, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(past)
    rule = met.value.__cause__.diag.constraint_name  # type: ignore[union-attr]
    assert rule == "gathered_is_not_delivered_into"


def test_a_second_code_of_one_database_opens_no_way_round(
    department: Database, receiver: Database
) -> None:
    held = granted(department)
    delivery(held, receiver.address)
    register("housing-too", again(receiver.address))
    resource = published("households", "housing-too")
    made = {"code": "onward", "resource": resource}
    assert refused(actions.make_link, **made) == "exchange.link.onward_use"
    catalogue.pause_system(by=RECEIVER, system="housing-db")
    assert refused(actions.make_link, **made) == "exchange.link.onward_use"


def test_a_second_code_of_a_gathered_database_is_no_target_either(
    department: Database, receiver: Database
) -> None:
    held = granted(department)
    register("housing-too", again(receiver.address))
    actions.make_link(by=RECEIVER, code="first", resource=published("households", "housing-too"))
    with pytest.raises(HaiheError) as raised:
        delivery(held, receiver.address)
    assert raised.value.code == "exchange.delivery.gathered"
    assert Link.objects.filter(grant=held).count() == 0


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("postgresql://a:x@Db.example/city", "postgres://b@db.example.:5432/city", True),
        ("postgresql://a@localhost/city", "postgresql://a@127.0.0.1/city", True),
        ("postgresql://a@one,two/city", "postgresql://a@two/city", True),
        ("postgresql://city@one", "postgresql://a@one/city", True),
        ("postgresql:///city?host=/run/pg", "postgresql://a@/city?host=/run/pg/", True),
        ("postgresql://a@one/city", "postgresql://a@one/town", False),
        ("postgresql://a@one:5433/city", "postgresql://a@one/city", False),
        ("postgresql://a@one/city", "postgresql://a@two/city", False),
    ],
)
def test_addresses_are_told_by_server_and_database(one: str, other: str, is_same: bool) -> None:
    place, another = place_of(one), place_of(other)
    assert place is not None
    assert another is not None
    assert place.is_same(another) == is_same


@pytest.mark.parametrize(
    "address", ["mariadb://a@one/city", "file:///data", "nonsense", "postgresql://?service=city"]
)
def test_an_address_that_names_no_database_of_postgresql_has_no_place(address: str) -> None:
    assert place_of(address) is None
