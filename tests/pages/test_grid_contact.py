"""Telephone and address on a visit: by a grant alone, noted first, and gone when the visit is."""

from __future__ import annotations

import re

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import override_settings
from playwright.sync_api import Page, expect

from haihe.base.actor import Actor
from haihe.base.ids import new_id
from haihe.base.registry import registry
from haihe.kernel.cases import actions as cases
from haihe.kernel.cases import queries
from haihe.kernel.cases.declare import NewCase
from haihe.kernel.cases.models import Case
from haihe.kernel.catalogue import actions as catalogue
from haihe.kernel.catalogue.declare import ColumnDraft
from haihe.kernel.catalogue.models import Grant
from haihe.kernel.exchange.models import Serving
from haihe.kernel.ledger.models import Entry
from haihe.kernel.org import actions as org
from haihe.kernel.org.models import Account
from haihe.kernel.people.queries import person_of, subject_key
from haihe.kernel.services import actions as services
from haihe.systems.grid import actions
from haihe.systems.grid.declare import VISIT
from haihe.systems.grid.pages import visits
from tests.pages.browser import PHONE as PHONE_SIZE
from tests.pages.browser import Opening, faults, overflow, small_texts
from tests.pages.cities import actor, client_of, officer
from tests.pages.grids import ALWAYS, FIRST, FOUNDER, SECOND, gridded, key, post_of

pytestmark = pytest.mark.django_db(transaction=True)
PHONE, ADDRESS = "555 0100 4477", "Mill Lane 4, second floor"
STREET, KEEPER = "oldbridge", "registry"
MAY = ("cases.handle", "files.store", "services.task.look_up")


def acting(department: str) -> Actor:
    return Actor("officer", department, department, frozenset(registry.permissions))


def worker(name: str, grid: str, *, may: tuple[str, ...] = MAY) -> Account:
    """A grid worker who is always on shift in a grid."""
    made = officer(STREET, name, permissions=may)
    org.cover_grids(by=FOUNDER, post=post_of(made), grids=[grid])
    org.plan_week(by=FOUNDER, post=post_of(made), spans=ALWAYS)
    return made


@pytest.fixture
def register(city: None, citizen: Account) -> None:
    """The register of people, what it holds on the citizen, and its look-up."""
    gridded()
    columns = [
        ColumnDraft("person_number", "text", is_subject=True, scheme="luhn.person", is_key=True),
        *(ColumnDraft(name, "text", is_personal=True) for name in ("address", "phone", "blood")),
    ]
    catalogue.register_system(
        by=acting(KEEPER), code="people-db", department=KEEPER, kind="postgresql",
        title={"en": "Register", "zh": "人口库"}, address="postgresql://reader@db.invalid/people",
    )  # fmt: skip
    catalogue.publish_resource(
        by=acting(KEEPER), code="people", title={"en": "People", "zh": "人口"}, department=KEEPER,
        system="people-db", source_table="public.people", table="registry.people_held",
        sharing_class="conditional", sharing_condition="Named cases only", cycle="daily",
        columns=columns,
    )  # fmt: skip
    services.open_service(
        by=acting(KEEPER), code="people.contact", resource="people", title={"en": "Contact"}
    )
    person = person_of(citizen)
    assert person is not None
    row = {"person_number": "x", "address": ADDRESS, "phone": PHONE, "blood": "AB"}
    Serving.objects.create(
        subject=subject_key(person), resource="people", rows=[row], batch=new_id()
    )


@pytest.fixture
def named(settings) -> None:  # type: ignore[no-untyped-def]
    """The city's pack names the register."""
    known = {"service": "people.contact", "purpose": "grid.visit"}
    settings.CITY = {**settings.CITY, "visits": {**known, "address": "address", "phone": "phone"}}


@pytest.fixture
def ada(register: None, named: None) -> Account:
    return worker("Ada", FIRST)


@pytest.fixture
def case(ada: Account, citizen: Account) -> Case:
    """A visit to the citizen."""
    person = person_of(citizen)
    assert person is not None
    line = NewCase(
        department=STREET, title="A visit", category="alone", grid=FIRST,
        post=post_of(ada).pk, subject=bytes(subject_key(person)),
    )  # fmt: skip
    [made] = cases.open_many(by=FOUNDER, type=VISIT.name, cases=[line])
    return queries.case(made)


def granted(*columns: str, purpose: str = "grid.visit") -> Grant:
    demand = catalogue.raise_demand(
        by=acting(STREET), resource="people", columns=columns, purpose=purpose,
        basis="Riverton Welfare Act, s. 24", mode="interface",
    )  # fmt: skip
    return catalogue.grant_demand(by=acting(KEEPER), demand=demand)


def asked(account: Account, case: Case) -> tuple[int, str, dict[str, str]]:
    client = client_of(account)
    client.cookies["django_language"] = "en"
    answer = client.post(f"/grid/visits/{case.pk}/contact")
    return answer.status_code, answer.content.decode(), dict(answer.headers)


def test_under_the_streets_grant_a_worker_sees_both_and_the_person_sees_the_look(
    ada: Account, case: Case, citizen: Account
) -> None:
    grant = granted("person_number", "address", "phone")
    status, page, headers = asked(ada, case)
    assert status == 200
    assert ADDRESS in page
    assert f"tel:{PHONE}" in page
    assert "no-store" in headers["Cache-Control"]
    assert headers["Refresh"] == f"600; url=/grid/round/{case.pk}/"
    entry = Entry.objects.get(kind="services.page.viewed")
    assert (entry.purpose, entry.grant, entry.department) == ("grid.visit", grant.id, STREET)
    assert entry.body["columns"] == ["address", "phone"]
    assert "grid.visit" not in client_of(ada).get(f"/grid/round/{case.pk}/").content.decode()
    looks = client_of(citizen).get("/portal/looks/").content.decode()
    assert "工作人员查看" in looks or "Viewed by an officer" in looks


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        ((), "services.grant.none"),
        (("person_number", "phone"), "services.column.not_granted"),
    ],
)
def test_without_a_grant_for_both_nothing_is_told_but_why(
    ada: Account, case: Case, columns: tuple[str, ...], code: str
) -> None:
    if columns:
        granted(*columns)
    status, page, headers = asked(ada, case)
    assert status == 403
    assert PHONE not in page
    assert ADDRESS not in page
    assert "grant" in page
    assert "Refresh" not in headers
    assert Entry.objects.get(kind="services.page.refused").body["refusal"] == code


def test_a_withdrawn_grant_and_another_purposes_grant_tell_nothing(
    ada: Account, case: Case
) -> None:
    grant = granted("person_number", "address", "phone")
    catalogue.withdraw_grant(by=acting(KEEPER), grant=grant, reason="No longer needed")
    granted("person_number", "address", "phone", purpose="welfare.means_check")
    status, page, _ = asked(ada, case)
    assert (status, PHONE in page) == (403, False)


def test_nobody_elses_task_and_no_ended_one_is_looked_up(ada: Account, case: Case) -> None:
    granted("person_number", "address", "phone")
    assert asked(worker("Bea", SECOND), case)[0] == 403
    actions.take_step(by=actor(ada), key=key(1), case=case.pk, action="done")
    status, page, _ = asked(ada, case)
    assert (status, PHONE in page) == (403, False)
    assert not Entry.objects.filter(kind="services.page.viewed").exists()


def test_a_worker_without_the_permission_is_not_offered_the_look(ada: Account, case: Case) -> None:
    granted("person_number", "address", "phone")
    address = f"/grid/visits/{case.pk}/person"
    assert "contact" in client_of(ada).post(address).content.decode()
    other = worker("Cyd", SECOND, may=MAY[:2])
    Case.objects.filter(pk=case.pk).update(post=post_of(other))
    page = client_of(other).post(address).content.decode()
    assert "Wang Li" in page
    assert "contact" not in page
    assert asked(other, case)[0] == 403


def test_a_visit_to_a_door_and_a_city_without_a_register_say_so(ada: Account, case: Case) -> None:
    made = actions.open_visit(by=actor(ada), grid=FIRST, purpose="safety", note="Mill Lane 4")
    assert "names no person" in asked(ada, made)[1]
    with override_settings(CITY={**django_settings.CITY, "visits": None}):
        assert "named no register" in asked(ada, case)[1]
    assert not Entry.objects.filter(kind__startswith="services.page").exists()


def test_the_look_is_entered_before_anything_is_told(ada: Account, case: Case) -> None:
    granted("person_number", "address", "phone")
    with connection.cursor() as cursor:
        cursor.execute(
            "create function refuse_looks() returns trigger language plpgsql as"
            " $$begin if new.kind = 'services.page.viewed' then raise 'full'; end if;"
            " return new; end$$;"
            " create trigger refuse_looks before insert on ledger_entry for each row"
            " execute function refuse_looks()"
        )
    try:
        client = client_of(ada)
        client.raise_request_exception = False
        told = client.post(f"/grid/visits/{case.pk}/contact")
        assert told.status_code == 500
        assert PHONE not in told.content.decode()
    finally:
        with connection.cursor() as cursor:
            cursor.execute(
                "drop trigger refuse_looks on ledger_entry; drop function refuse_looks()"
            )


KEPT = """async () => {
    const texts = [JSON.stringify({...localStorage}), JSON.stringify({...sessionStorage})];
    for (const name of await caches.keys()) {
        const held = await caches.open(name);
        for (const asked of await held.keys()) texts.push(await (await held.match(asked)).text());
    }
    return texts.join();
}"""


def shown(page: Page, case: Case) -> None:
    """Tap through to telephone and address."""
    page.goto(f"/grid/round/{case.pk}/")
    page.get_by_role("button", name="查看走访对象").click()
    page.get_by_role("button", name="查看电话和住址").click()
    expect(page.get_by_text(ADDRESS)).to_be_visible()


def test_on_a_small_phone_with_large_type_it_is_read_called_and_leaves_by_itself(
    opened: Opening, ada: Account, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    granted("person_number", "address", "phone")
    page = opened(ada, language="zh-hans", size=PHONE_SIZE).new_page()
    page.add_init_script(
        "addEventListener('DOMContentLoaded',"
        " () => { document.documentElement.style.fontSize = '200%' })"
    )
    shown(page, case)
    assert (faults(page), overflow(page), small_texts(page)) == ([], 0, [])
    call = page.get_by_role("link", name=re.compile("拨打"))
    assert call.get_attribute("href") == f"tel:{PHONE}"
    assert PHONE not in page.evaluate(KEPT)
    assert ADDRESS not in page.evaluate(KEPT)
    monkeypatch.setattr(visits, "CONTACT_SECONDS", 3)
    shown(page, case)
    page.context.set_offline(True)
    expect(page.get_by_text(ADDRESS)).to_have_count(0, timeout=15_000)
    assert PHONE not in page.content()
