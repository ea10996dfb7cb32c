"""Money: a column that declares fen is shown as yuan, and given to machines as it is."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from django.utils import translation

from haihe.kernel.catalogue import actions as catalogue
from haihe.kernel.catalogue.declare import ColumnDraft
from haihe.kernel.catalogue.errors import BadDraft
from haihe.kernel.catalogue.models import Column, Resource
from haihe.kernel.exchange.models import Batch, Serving
from haihe.kernel.org.models import Account
from haihe.kernel.people.models import Person
from haihe.kernel.people.queries import subject_key
from haihe.kernel.services.actions import look_up
from haihe.project.pack import pack_folder
from haihe.project.pack.read import read_pack
from haihe.systems.desk.queries import shown
from haihe.ui.values import in_words
from tests.pages.cities import NUMBER, client_of, officer
from tests.services.city import ANN, PURPOSE, actor, build, publish

RESOURCE = "housing.housing_fund"
FACTS = {"person_number": NUMBER, "balance_fen": 123456789, "monthly_fen": -5}


@pytest.fixture
def saver(citizen: Account) -> Client:
    """A citizen with an account at the housing fund, signed in."""
    Serving.objects.create(
        subject=subject_key(Person.objects.get(account=citizen)),
        resource=RESOURCE,
        rows=[FACTS],
        batch=Batch.objects.first().pk,
    )
    return client_of(citizen)


@pytest.mark.parametrize(("language", "word"), [("en", "yuan"), ("zh-hans", "元")])
def test_a_citizen_reads_yuan(saver: Client, language: str, word: str) -> None:
    saver.cookies["django_language"] = language
    page = saver.get("/portal/data/").content.decode()
    assert f"<dd>1,234,567.89 {word}</dd>" in page
    assert f"<dd>-0.05 {word}</dd>" in page
    assert "123456789" not in page


def test_what_is_taken_away_keeps_the_integers(saver: Client) -> None:
    taken = json.loads(saver.post("/portal/take-away/").content)
    held = {each["resource"]: each["rows"] for each in taken["held"]}
    assert held[RESOURCE] == [FACTS]


def test_a_name_that_sounds_like_money_is_not_guessed_at(saver: Client) -> None:
    Column.objects.filter(resource=RESOURCE).update(unit="")
    page = saver.get("/portal/data/").content.decode()
    assert "<dd>123456789</dd>" in page


@pytest.mark.parametrize(("language", "word"), [("en", "yuan"), ("zh-hans", "元")])
@pytest.mark.django_db
def test_an_officer_reads_yuan_at_the_desk(language: str, word: str) -> None:
    build()
    publish(
        columns=[
            ColumnDraft("person", "text", is_subject=True, scheme="luhn.person", is_key=True),
            ColumnDraft("income", "integer", unit="fen"),
        ]
    )
    client = client_of(officer("housing", "Hal", permissions=("services.page.look_up",)))
    client.cookies["django_language"] = language
    asked = {"way": f"households|{PURPOSE}", "number": ANN}
    page = client.post("/desk/look-up/", asked).content.decode()
    assert f"<dd>900.00 {word}</dd>" in page
    assert "90000" not in page
    asked_by_machine = look_up(
        by=actor("housing"), service="households", number=ANN, purpose=PURPOSE
    )
    assert asked_by_machine.rows[0]["income"] == 90_000


@pytest.mark.usefixtures("city")
def test_units_stand_beside_the_values_at_the_desk() -> None:
    with translation.override("en"):
        row = shown([FACTS], RESOURCE, number=ANN)[0]
    assert {each.title["en"]: each.value for each in row}["Balance"] == "1,234,567.89 yuan"


def test_only_whole_numbers_of_fen_become_yuan() -> None:
    with translation.override("en"):
        said = {held: in_words(held, unit="fen") for held in (0, 1, 10**15, "12", 1.5, True)}
        assert in_words(None, unit="fen") == "—"
    assert said == {
        0: "0.00 yuan",
        1: "Yes",  # True is 1, and came last
        10**15: "10,000,000,000,000.00 yuan",
        "12": "12",
        1.5: "1.5",
    }


@pytest.mark.django_db
def test_a_unit_that_does_not_fit_its_column_is_refused() -> None:
    build()
    for wrong in (ColumnDraft("a", "text", unit="fen"), ColumnDraft("a", "integer", unit="yen")):
        with pytest.raises(BadDraft):
            publish(columns=[wrong])


@pytest.mark.django_db
def test_a_unit_is_kept_when_a_proposed_resource_is_confirmed() -> None:
    build()
    draft = {
        "code": "wages",
        "title": {"en": "Wages"},
        "department": "civil",
        "system": "civil-db",
        "source_table": "public.wages",
        "table": "civil.wages",
        "sharing_class": "unconditional",
        "columns": [ColumnDraft("wage", "integer", unit="fen")],
    }
    catalogue.propose_resource(by=actor("civil"), **draft)  # type: ignore[arg-type]
    catalogue.confirm_resource(by=actor("civil"), resource="wages")
    assert Column.objects.get(resource="wages").unit == "fen"


@pytest.mark.usefixtures("city")
def test_the_catalogue_says_in_which_unit_machines_are_answered() -> None:
    page = client_of(officer("welfare", "Tom")).get(f"/sharing/catalogue/{RESOURCE}/")
    assert "Whole number (fen)" in page.content.decode()
    assert Resource.objects.get(pk=RESOURCE).columns.get(name="balance_fen").unit == "fen"


@pytest.mark.parametrize("city", ["riverton", "tianjin"])
def test_no_pack_leaves_the_unit_of_its_money_unsaid(city: str) -> None:
    columns = [c for _, each in read_pack(pack_folder(city)).resources for c in each.columns]
    money = [column for column in columns if column.name.endswith("_fen")]
    assert money
    assert [column.name for column in money if column.unit != "fen"] == []
    assert [c.name for c in columns if "fen" in c.title["en"] or "分）" in c.title["zh"]] == []
