"""Delivery as files on pages: from the receiver's key to a resumed download."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.test import Client

from haihe.engine.age import new_identity
from haihe.engine.moving.opening import open_export
from haihe.kernel.catalogue.models import Grant
from haihe.kernel.exchange.actions import run_link
from haihe.kernel.exchange.models import Batch, Link, ReceiverKey
from haihe.kernel.ledger.models import Entry
from haihe.kernel.services import actions as services
from tests import needs
from tests.exchange.builders import (
    PROVIDER,
    RECEIVER,
    TABLE,
    as_files,
    gathering,
    grant,
    publish,
    rows,
)
from tests.pages.browser import DESKTOP, LANGUAGES, NARROW, PHONE, Opening, faults, overflow
from tests.pages.cities import actor, client_of, officer
from tests.servers import Database

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(department: Database) -> Grant:
    """A grant as files of gathered households."""
    department.run(TABLE, rows(1, 50))
    gathered = gathering(publish(department.address))
    run_link(by=PROVIDER, link=gathered)
    return grant(gathered.resource, mode="file")


@pytest.fixture
def ann(held: Grant) -> Client:
    """An officer of the receiver."""
    return client_of(officer("housing", "Ann"))


@pytest.fixture
def batch(held: Grant) -> Batch:
    """Files that were made for the receiver."""
    return run_link(by=RECEIVER, link=as_files(held)[0])


def content(answer: HttpResponse) -> bytes:
    """The bytes of a streamed answer."""
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def test_from_key_to_opened_rows_on_pages(ann: Client, held: Grant, tmp_path: Path) -> None:
    page, own = f"/sharing/files/{held.demand_id}/", new_identity()
    assert "/sharing/files/" in ann.get(f"/sharing/demand/{held.demand_id}/").content.decode()
    ann.post(f"{page}key", {"public": own.text})
    assert not ReceiverKey.objects.exists()
    ann.post(f"{page}key", {"public": own.recipient.text})
    assert own.recipient.text in ann.get(page).content.decode()
    ann.post(
        f"{page}make",
        {"form": "csv gb18030", "mode": "full", "size_mib": "64", "schedule": "every 1d"},
    )
    link = Link.objects.get(grant=held)
    assert (link.file_format, link.file_encoding, link.schedule) == ("csv", "gb18030", "every 1d")
    run_link(by=RECEIVER, link=link)
    shown = ann.get(page).content.decode()
    folder = tmp_path / "got"
    folder.mkdir()
    for name in ("manifest.json", "part-0001.csv.gz.age"):
        address = f"{page.replace(str(held.demand_id), str(link.batches.get().pk))}get/{name}"
        assert address in shown
        answer = ann.get(f"{address}?purpose=housing.fund")
        assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
        (folder / name).write_bytes(content(answer))
    opened = open_export(folder, identity=own, into=tmp_path / "plain")
    assert opened.manifest["rows"] == 50
    assert Entry.objects.filter(kind="exchange.export.downloaded").count() == 2


def test_a_download_is_resumed_by_its_range(ann: Client, batch: Batch) -> None:
    file = batch.export.files.get()
    address = f"/sharing/files/{batch.pk}/get/{file.name}?purpose=housing.fund"
    whole = ann.get(address, headers={"accept-encoding": "gzip"})
    sent = content(whole)
    assert (whole.status_code, whole["Content-Length"]) == (200, str(len(sent)))
    assert whole["ETag"].strip('"') == hashlib.sha256(sent).hexdigest()
    for asked, first, last in (("bytes=100-", 100, file.size - 1), ("bytes=5-9", 5, 9)):
        part = ann.get(address, headers={"range": asked, "if-range": whole["ETag"]})
        assert part.status_code == 206
        assert part["Content-Range"] == f"bytes {first}-{last}/{file.size}"
        assert content(part) == sent[first : last + 1]
    other = ann.get(address, headers={"range": "bytes=100-", "if-range": '"another"'})
    assert (other.status_code, content(other)) == (200, sent)
    assert ann.get(address, headers={"range": f"bytes={file.size}-"}).status_code == 416


def test_the_callers_key_fetches_what_its_department_was_given(
    client: Client, batch: Batch
) -> None:
    made = actor(officer("housing", "Bob"))
    key = services.make_caller(by=made, department="housing", subsystem="fund")
    other = services.make_caller(by=made, department="civil", subsystem="register")
    grant_of = f"/sharing/files/by-key/{batch.link.grant_id}/"
    bearer = {"authorization": f"Bearer {key}", "accept": "application/json"}
    assert client.get(grant_of).status_code == 401
    listed = client.get(grant_of, headers=bearer).json()["exports"][0]
    assert listed["rows"] == 50
    purpose = {"x-haihe-purpose": "housing.fund"}
    for each in listed["files"]:
        answer = client.get(each["address"], headers=bearer | purpose)
        assert len(content(answer)) == each["bytes"]
    address = listed["files"][0]["address"]
    refused = client.get(address, headers=bearer | {"x-haihe-purpose": "tax"})
    assert (refused.status_code, refused.json()["code"]) == (403, "exchange.export.wrong_purpose")
    foreign = purpose | {"authorization": f"Bearer {other}", "accept": "application/json"}
    assert client.get(address, headers=foreign).json()["code"] == "exchange.export.not_yours"
    assert client.get(grant_of, headers=foreign).json() == {"exports": []}
    downloads = Entry.objects.filter(kind="exchange.export.downloaded")
    assert {each.actor for each in downloads} == {"system:housing/fund"}


def test_others_see_that_there_are_files_and_get_none(batch: Batch) -> None:
    tom = client_of(officer("civil", "Tom"))
    page = tom.get(f"/sharing/files/{batch.link.grant.demand_id}/")
    assert (page.status_code, b"?purpose=" in page.content) == (200, False)
    file = batch.export.files.get()
    answer = tom.get(f"/sharing/files/{batch.pk}/get/{file.name}?purpose=housing.fund")
    assert answer.status_code == 403
    unable = client_of(officer("housing", "Una", permissions=()))
    assert unable.get(f"/sharing/files/{batch.pk}/get/{file.name}").status_code == 403
    assert not Entry.objects.filter(kind="exchange.export.downloaded").exists()


@needs.chromium
@pytest.mark.django_db(transaction=True)
def test_the_page_of_files_is_accessible_and_gives_them(opened: Opening, batch: Batch) -> None:
    account = officer("housing", "Ann")
    address = f"/sharing/files/{batch.link.grant.demand_id}/"
    for language in LANGUAGES:
        page = opened(account, language=language).new_page()
        for width, height in (DESKTOP, PHONE, NARROW):
            page.set_viewport_size({"width": width, "height": height})
            page.goto(address)
            assert faults(page) == []
            assert overflow(page) == 0
    with page.expect_download() as started:
        page.get_by_role("link", name="part-0001.parquet.age").click()
    got = Path(started.value.path()).read_bytes()
    assert hashlib.sha256(got).digest() == bytes(batch.export.files.get().sha256)
