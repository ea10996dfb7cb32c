"""Opening services and making callers: nothing withheld or listed can be served."""

from __future__ import annotations

from hashlib import sha256

import pytest

from haihe.base.actor import Actor
from haihe.base.errors import HaiheError, NotPermitted
from haihe.kernel.catalogue.declare import ColumnDraft
from haihe.kernel.ledger.models import Entry
from haihe.kernel.services import actions, queries
from haihe.kernel.services.models import Caller, Service
from tests.services.city import actor, build, forbid, publish, steward

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _city() -> None:
    build()


def open_it(**changes: object) -> Service:
    given: dict[str, object] = {
        "by": actor("civil"),
        "code": "again",
        "resource": "households",
        "title": {"en": "Again"},
        **changes,
    }
    return actions.open_service(**given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"code": "../etc"}, "services.service.bad_code"),
        ({"code": "a b"}, "services.service.bad_code"),
        ({"code": "getOpenAPI"}, "services.service.bad_code"),
        ({"code": "households"}, "services.service.exists"),
        ({"by": actor("housing")}, "services.not_the_provider"),
        ({"resource": "nothing"}, "catalogue.resource.unknown"),
        ({"kind": "list"}, "services.predicate.bad"),
        ({"predicate": ("income", "<=", 5)}, "services.predicate.bad"),
        ({"kind": "proof", "predicate": ("faith", "=", "x")}, "services.predicate.bad"),
        ({"kind": "proof", "predicate": ("nothing", "=", "x")}, "services.predicate.bad"),
        ({"kind": "proof", "predicate": ("income", "like", "x")}, "services.predicate.bad"),
        ({"kind": "proof", "predicate": ("income", "in", [])}, "services.predicate.bad"),
        ({"kind": "proof", "predicate": ("income", "=", {"a": 1})}, "services.predicate.bad"),
    ],
)
def test_a_service_that_may_not_be_is_not_opened(changes: dict[str, object], code: str) -> None:
    before = Service.objects.count()
    with pytest.raises(HaiheError) as refused:
        open_it(**changes)
    assert refused.value.code == code
    assert Service.objects.count() == before


def test_a_proof_on_a_listed_column_is_not_opened() -> None:
    forbid("income")
    with pytest.raises(HaiheError) as refused:
        open_it(kind="proof", predicate=("income", "<=", 5))
    assert refused.value.code == "services.predicate.bad"


@pytest.mark.parametrize(
    "changes",
    [
        {"sharing_class": "withheld", "sharing_condition": ""},
        {"columns": [ColumnDraft("income", "integer")]},
        {
            "columns": [
                ColumnDraft(
                    "person",
                    "text",
                    is_subject=True,
                    scheme="luhn.person",
                    sharing_class="withheld",
                )
            ]
        },
    ],
)
def test_a_resource_with_nothing_to_serve_is_not_served(changes: dict[str, object]) -> None:
    publish(code="shut", table="civil.shut", **changes)
    with pytest.raises(HaiheError) as refused:
        open_it(resource="shut")
    assert refused.value.code == "services.resource.cannot_serve"


def test_opening_and_closing_stand_in_the_ledger() -> None:
    open_it()
    actions.close_service(by=actor("civil"), service="again")
    kinds = [e.kind for e in Entry.objects.filter(body__service="again").order_by("at")]
    assert kinds == ["services.service.opened", "services.service.closed"]
    assert not queries.services(open_only=True).filter(code="again").exists()


def test_only_the_hash_of_a_key_is_stored() -> None:
    key = actions.make_caller(by=steward(), department="housing", subsystem="other")
    stored = Caller.objects.get(subsystem="other")
    assert bytes(stored.key_hash) == sha256(key.encode()).digest()
    assert key not in str(Entry.objects.filter(kind="services.caller.made").values_list("body"))


@pytest.mark.parametrize("subsystem", ["", "a/b", "..", "x" * 61, "a b"])
def test_a_subsystem_fits_an_address(subsystem: str) -> None:
    with pytest.raises(HaiheError) as refused:
        actions.make_caller(by=steward(), department="housing", subsystem=subsystem)
    assert refused.value.code == "services.caller.bad_subsystem"


def test_an_active_caller_keeps_its_key() -> None:
    with pytest.raises(HaiheError) as refused:
        actions.make_caller(by=steward(), department="housing", subsystem="fund-app")
    assert refused.value.code == "services.caller.exists"


def test_each_action_needs_its_permission() -> None:
    nobody = Actor("officer", "9", "civil")
    with pytest.raises(NotPermitted):
        open_it(by=nobody)
    with pytest.raises(NotPermitted):
        actions.close_service(by=nobody, service="households")
    with pytest.raises(NotPermitted):
        actions.make_caller(by=nobody, department="civil", subsystem="x")
    with pytest.raises(NotPermitted):
        actions.end_caller(by=nobody, caller=Caller.objects.latest("made_at"))
    with pytest.raises(NotPermitted):
        actions.look_up(by=nobody, service="households", number="1000000008", purpose="x")


def test_departments_find_the_services_that_they_may_call() -> None:
    assert {s.code for s in queries.services_for("housing")} == {
        "households",
        "is_poor",
        "is_known",
    }
    assert not queries.services_for("tax").exists()
