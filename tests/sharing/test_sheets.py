"""A department sends the catalogue as a workbook: all its faults by cell, or all of it at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from html.parser import HTMLParser
from io import BytesIO

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from openpyxl import load_workbook

from haihe.base.clock import now
from haihe.kernel.catalogue import actions
from haihe.kernel.catalogue.declare import ColumnDraft
from haihe.kernel.catalogue.models import Resource
from haihe.kernel.catalogue.queries import purposes
from haihe.kernel.files.models import StoredFile
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
        sharing_class="conditional",
        sharing_condition="Named cases",
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
        place, _, sheet = row[0].partition(" ") if row else ("", "", "")
        if len(row) == 3 and place[:1].isalpha() and place[-1:].isdigit():
            yield f"{sheet}!{place}", row[2]


def test_fifty_faults_are_told_by_cell_and_nothing_of_two_thousand_is_written(
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


def test_the_mended_file_comes_in_whole_and_then_changes_nothing(
    client: Client, ann: Account, provider: str
) -> None:
    data = books.book(2_000, provider=provider).data()
    before = counted()
    answer = send(client, data)
    page = client.get(answer["Location"]).content.decode()
    assert Table(page).rows[-1][1:] == ["2,000", "0", "0"]
    assert counted() == before
    assert client.post(answer["Location"]).status_code == 302
    after = counted()
    assert after["catalogue_resource"] - before["catalogue_resource"] == 2_000
    assert after["catalogue_column"] - before["catalogue_column"] == 6_000
    assert not StoredFile.objects.filter(owner=actor(ann).name).exists()
    found = Resource.objects.get(pk="housing/r0007")
    assert (found.title["zh"], found.cycle) == ("缴存明细7", "monthly")
    assert found.modes == ["table", "interface"]
    assert found.national_code
    again = actions.try_sheets(by=actor(ann), data=data, name="目录.xlsx")
    assert (again.counts["catalogue"].unchanged, again.is_empty) == (2_000, True)


def test_the_marked_workbook_names_each_fault_where_it_stands(
    client: Client, provider: str
) -> None:
    made = books.book(3, provider=provider)
    made.resources[1]["sharing_class"] = "随便"
    made.items[4]["kind"] = "某种型"
    answer = send(client, made.data())
    told = client.get(answer["Location"] + "marked")
    workbook = load_workbook(BytesIO(b"".join(told.streaming_content)))  # type: ignore[attr-defined]
    noted = {
        f"{sheet.title}!{cell.coordinate}": cell.comment.text
        for sheet in workbook
        for row in sheet.iter_rows()
        for cell in row
        if cell.comment
    }
    assert set(noted) == {
        made.cell("resources", 1, "sharing_class"),
        made.cell("items", 4, "kind"),
    }
    assert "无条件共享" in noted[made.cell("resources", 1, "sharing_class")]
    assert "字符型" in noted[made.cell("items", 4, "kind")]


def test_a_sent_file_is_nobody_elses_and_is_gone_after_its_term(
    client: Client, ann: Account, provider: str
) -> None:
    address = send(client, books.book(1, provider=provider).data())["Location"]
    other = client_of(officer("housing", "Ben"))
    assert other.get(address).status_code == 404
    assert other.post(address).status_code == 404
    StoredFile.objects.filter(owner=actor(ann).name).update(keep_until="2020-01-01T00:00Z")
    assert client.get(address).status_code == 404
    assert not Resource.objects.filter(pk="housing/r0000").exists()


def test_who_may_not_import_may_not_send_and_who_may_not_publish_brings_nothing_in(
    city: None, provider: str
) -> None:
    data = books.book(1, provider=provider).data()
    reader = client_of(officer("housing", "Rita", permissions=()))
    assert reader.get("/sharing/sheets/").status_code == 200
    assert send(reader, data).status_code == 403
    permissions = ("catalogue.sheets.import", "files.store")
    clerk = client_of(officer("housing", "Cleo", permissions=permissions))
    answer = send(clerk, data)
    assert clerk.get(answer["Location"]).status_code == 403
    assert clerk.post(answer["Location"]).status_code == 403
    assert not Resource.objects.filter(pk="housing/r0000").exists()


@pytest.mark.parametrize(
    "data",
    [
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600,
        b"PK\x03\x04 nothing",
        "姓名,年龄\n甲,1".encode(),
        b"",
    ],
)
def test_a_file_that_is_no_list_is_refused_and_not_kept(client: Client, data: bytes) -> None:
    answer = send(client, data, "名单.xls")
    assert answer.status_code == 422
    assert "hh-error" in answer.content.decode() or "hh-note hh-red" in answer.content.decode()
    assert not StoredFile.objects.exists()


LISTS = ["catalogue", "systems", "responsibilities", "negative", "demands"]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("name", LISTS)
def test_what_is_exported_comes_back_unchanged(
    client: Client, ann: Account, name: str, language: str
) -> None:
    client.cookies["django_language"] = language
    _fill(ann)
    endings = ["xlsx", "csv", "csv?sheet=items"] if name == "catalogue" else ["xlsx", "csv"]
    for ending in endings:
        address, _, part = ending.partition("?")
        got = client.get(f"/sharing/sheets/export/{name}.{address}?of=own&{part}")
        data = b"".join(got.streaming_content)  # type: ignore[attr-defined]
        found = actions.try_sheets(by=actor(ann), data=data, name=f"{name}.{address}")
        assert not found.faults, [(each.cell.address, each.code) for each in found.faults]
        assert found.is_empty
        assert found.rows > 0


def _fill(ann: Account) -> None:
    """Something in each list of the housing fund."""
    by = actor(ann)
    own = Resource.objects.filter(department="housing").first()
    assert own is not None
    column = own.columns.first()
    assert column is not None
    actions.add_negative_entry(
        by=by,
        columns=[column],
        law="个人信息保护法第二十八条",
        approved_by="市政府办公厅",
        review_on=now().date() - timedelta(days=3),
        scope="所有部门",
        substitute="proof",
    )
    actions.raise_demand(
        by=by,
        resource="welfare.paid",
        columns=["paid"],
        purpose=str(purposes().values_list("code", flat=True)[0]),
        basis="住房公积金管理条例第二十四条",
        mode="interface",
    )


@pytest.mark.parametrize("name", ["", *LISTS])
def test_a_template_is_empty_and_is_read_as_its_list(
    client: Client, ann: Account, name: str
) -> None:
    address = f"template/{name}.xlsx" if name else "template.xlsx"
    got = client.get(f"/sharing/sheets/{address}")
    data = b"".join(got.streaming_content)  # type: ignore[attr-defined]
    found = actions.try_sheets(by=actor(ann), data=data, name="a.xlsx")
    assert (found.rows, found.faults) == (0, ())
    assert set(found.counts) == ({name} if name else set(LISTS))
