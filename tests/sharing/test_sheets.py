"""A department sends the catalogue as a workbook: all its faults by cell, or all of it at once."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from haihe.kernel.catalogue import actions
from haihe.kernel.catalogue.declare import ColumnDraft
from haihe.kernel.org.models import Account, Department
from tests.pages.cities import actor, city, client_of, officer
from tests.sharing import books

__all__ = ["city"]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def ann(city: None) -> Account:
    """An officer of the housing fund; another department leads a datum already."""
    actions.publish_resource(
        by=actor(officer("welfare", "Wes")),
        code="welfare.paid",
        title={"zh": "缴存"},
        department="welfare",
        table="welfare.paid",
        sharing_class="unconditional",
        columns=[ColumnDraft("paid", "date", element="person.paid", is_lead=True)],
    )
    return officer("housing", "Ann")


@pytest.fixture
def client(ann: Account) -> Client:
    return client_of(ann)


@pytest.fixture
def provider(city: None) -> str:
    return str(Department.objects.get(pk="housing").name["zh"])


def send(client: Client, data: bytes, name: str = "目录.xlsx") -> HttpResponse:
    sent = SimpleUploadedFile(name, data, content_type="application/octet-stream")
    return client.post("/sharing/sheets/check", {"file": sent})


class Table(HTMLParser):
    """The texts of a page's table, row by row."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._is_in = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append([])
        elif tag in {"td", "th"}:
            self.rows[-1].append("")
            self._is_in = True

    def handle_endtag(self, tag: str) -> None:
        self._is_in = self._is_in and tag not in {"td", "th"}

    def handle_data(self, data: str) -> None:
        if self._is_in:
            self.rows[-1][-1] += data


def counted() -> dict[str, int]:
    """How many rows each table of the catalogue, and the ledger, has."""
    models = [*apps.get_app_config("catalogue").get_models(include_auto_created=True)]
    tables = [each._meta.db_table for each in models]
    found: dict[str, int] = {}
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f'select count(*) from "{table}"')
            found[table] = cursor.fetchone()[0]
    return found


def shown(client: Client, address: str) -> Iterator[tuple[str, str]]:
    """Each fault that a page shows: its cell and its sentence."""
    answer = client.get(address)
    assert answer.status_code == 200
    for row in Table(answer.content.decode()).rows:
        if len(row) == 4 and row[1][:1].isalpha() and row[1][-1:].isdigit():
            yield f"{row[0]}!{row[1]}", row[3]


def test_fifty_faults_of_two_thousand_resources_are_told_by_cell_and_nothing_is_written(
    client: Client, ann: Account, provider: str
) -> None:
    made = books.book(2_000, provider=provider)
    wanted = books.planted(made)
    assert len(wanted) == len(set(wanted)) == 50
    before = counted()
    answer = send(client, made.data())
    assert answer.status_code == 302
    found = dict(shown(client, answer["Location"]))
    assert set(found) == {cell for cell, _ in wanted}
    told = actions.try_sheets(by=actor(ann), data=made.data(), name="目录.xlsx")
    assert sorted((each.cell.address, each.code) for each in told.faults) == sorted(wanted)
    assert all(found.values())
    assert client.post(answer["Location"]).status_code == 422
    assert counted() == before
