"""Open311 as a server: the client `georeport` unchanged, forms, keys, what the public sees."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
import requests
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from georeport import GeoReport
from PIL import Image
from pytest_django.live_server_helper import LiveServer

from haihe.edges import open311
from haihe.kernel.cases import actions as cases
from haihe.kernel.cases import queries
from haihe.kernel.cases.models import Case
from haihe.kernel.files import actions as files
from haihe.kernel.files.models import StoredFile
from haihe.kernel.ledger.models import Entry
from haihe.kernel.org.queries import actor_of
from haihe.kernel.services.actions import make_caller
from haihe.project.pack.load import loader
from haihe.systems.districts import declare
from haihe.systems.districts.actions import receiving
from tests.desk.builders import Desks, reported

LON, LAT = 150.055813, 30.152941
pytestmark = pytest.mark.django_db


def picture(*, gps: bool = True) -> bytes:
    """A JPEG that says where it was taken."""
    kept = BytesIO()
    made = Image.new("RGB", (64, 48), (90, 120, 150))
    tags = made.getexif()
    if gps:
        tags.get_ifd(0x8825).update({1: "N", 2: (30.0, 9.0, 0.0), 3: "E", 4: (150.0, 3.0, 0.0)})
        tags[0x010F] = "Phone"
    made.save(kept, "JPEG", exif=tags)
    return kept.getvalue()


def upload(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("a.jpg", content, content_type="image/jpeg")


def form(key: str, **changes: Any) -> dict[str, Any]:
    return {
        "api_key": key,
        "service_code": "public",
        "lat": str(LAT),
        "long": str(LON),
        "description": "路灯不亮 & <dark>",
        **changes,
    }


class Outside:
    """Another program: its requests go through the whole house, but not over a wire."""

    def __init__(self) -> None:
        self._client = Client(enforce_csrf_checks=True)

    def get(self, path: str, params: Any = None, headers: Any = None) -> Any:
        return self._client.get(path, params, headers=headers)

    def post(self, path: str, data: dict[str, Any], **files: Any) -> Any:
        return self._client.post(path, {**data, **files})


@pytest.fixture
def outside() -> Outside:
    return Outside()


def post(server: Outside, what: str, data: dict[str, Any], **files: Any) -> Any:
    return server.post(f"/open311/v2/{what}", data, **files)


def filed(server: Outside, key: str, **changes: Any) -> str:
    answer = post(server, "requests.json", form(key, **changes))
    assert answer.status_code == 201, answer.content
    return str(answer.json()[0]["service_request_id"])


@pytest.mark.parametrize("kind", ["json", "xml"])
def test_the_client_georeport_reads_everything_unchanged(
    here: Desks, key: str, live_server: LiveServer, kind: str
) -> None:
    server = Outside()
    number, other = filed(server, key), filed(server, key, service_code="R301")
    client = GeoReport(f"{live_server.url}/open311/v2/", output_format=kind, jurisdiction="RV")
    services = {each["service_code"]: each for each in client.get_service_list()}
    assert services["R101"]["service_name"] == "Street lamp out"
    assert str(services["public"]["metadata"]).lower() == "true"
    definition = client.get_service_definition("public")
    listed = definition["attributes"]
    asked = listed["attribute"] if kind == "xml" else listed[0]
    keys = asked["values"]["value"] if kind == "xml" else asked["values"]
    assert {each["key"] for each in keys} >= {"R101", "R102"}
    found = {each["service_request_id"]: each for each in client.get_service_requests()}
    assert found.keys() == {number, other}
    assert found[other]["service_code"] == "look"
    assert client.get_service_request(number)["status"] == "open"
    assert [
        each["service_request_id"]
        for each in client.get_service_requests(service_code="look,noise", status="open")
        if isinstance(each, dict)
    ] == [other] or kind == "xml"
    with pytest.raises(requests.HTTPError) as unknown:
        client.get_service_request("no-such-number")
    assert unknown.value.response.status_code == 404


def test_the_public_sees_spot_and_category_and_nothing_that_somebody_wrote(
    here: Desks, key: str, outside: Outside
) -> None:
    answer = post(
        outside,
        "requests.json",
        form(key, email="li@example.org", phone="13800000000", first_name="Li", last_name="Wei"),
        media=upload(picture()),
    )
    number = answer.json()[0]["service_request_id"]
    public = outside.get(f"/open311/v2/requests/{number}.json")
    [seen] = public.json()
    assert (seen["lat"], seen["long"]) == (round(LAT, 3), round(LON, 3))
    assert seen["service_code"] == "public"
    assert seen["description"] is None
    assert seen["media_url"] is None
    for secret in ("路灯", "dark", "Wei", "13800", "example.org", "extended_status", "_ext"):
        assert secret not in public.content.decode()
    own = outside.get(
        f"/open311/v2/requests/{number}.json",
        headers={"Authorization": f"Bearer {key}"},
    ).json()[0]
    assert own["description"] == "路灯不亮 & <dark>"
    given = Entry.objects.filter(kind="districts.cases.given")
    assert [each.body["cases"] for each in given] == [[number]]
    assert abs(own["lat"] - LAT) < 1e-6
    other = make_caller(by=loader(), department="harbour", subsystem="app")
    strange = outside.get(
        f"/open311/v2/requests/{number}.json",
        headers={"Authorization": f"Bearer {other}"},
    ).json()[0]
    assert strange["description"] is None


def test_a_photo_comes_along_stripped_and_only_its_sender_gets_it_back(
    here: Desks, key: str, outside: Outside
) -> None:
    sent = picture()
    answer = post(outside, "requests.xml", form(key), media=upload(sent))
    [made] = [open311.read_accepted(answer.content, form="xml")]
    case = queries.case(made.id)  # type: ignore[arg-type]
    [photo] = queries.history(case)[0].remark["photos"]
    kept = StoredFile.objects.get(pk=photo)
    content = files.open_file(by=loader(), file=kept, reason="cases.case").read()
    assert b"Phone" in sent
    assert b"Phone" not in content
    assert not Image.open(BytesIO(content)).getexif()
    address = f"/open311/v2/photos/{case.pk}/{photo}"
    assert outside.get(address).status_code == 403
    mine = outside.get(address, headers={"Authorization": f"Bearer {key}"})
    assert b"".join(mine.streaming_content) == content
    assert Entry.objects.filter(kind="districts.photo.given").exists()


def test_the_same_number_of_the_senders_is_filed_once(
    here: Desks, key: str, outside: Outside
) -> None:
    first = filed(outside, key, service_request_id_ext="FMS-1")
    again = filed(outside, key, service_request_id_ext="FMS-1", description="other words")
    other = make_caller(by=loader(), department="harbour", subsystem="app")
    theirs = filed(outside, other, service_request_id_ext="FMS-1")
    assert first == again != theirs
    assert Case.objects.count() == 2


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"api_key": "wrong"}, 403, "districts.key.bad"),
        ({"api_key": ""}, 403, "districts.key.bad"),
        ({"service_code": "moon"}, 404, "cases.item.unknown"),
        ({"service_code": ""}, 400, "districts.parameter.bad"),
        ({"lat": ""}, 400, "districts.parameter.bad"),
        ({"lat": "north"}, 400, "districts.parameter.bad"),
        ({"lat": "nan"}, 400, "districts.parameter.bad"),
        ({"long": "2.35", "lat": "48.85"}, 400, "cases.report.outside"),
        ({"description": ""}, 400, "districts.parameter.bad"),
        ({"description": "a\0b"}, 400, "districts.parameter.bad"),
        ({"attribute[item]": "R301"}, 400, "districts.parameter.bad"),
        ({"jurisdiction_id": "elsewhere.gov"}, 404, "districts.jurisdiction.unknown"),
    ],
)
def test_what_is_wrong_is_said_in_georeports_form_and_leaves_nothing(
    here: Desks, key: str, outside: Outside, changes: dict[str, str], status: int, code: str
) -> None:
    for kind in ("json", "xml"):
        answer = post(outside, f"requests.{kind}", form(key, **changes))
        [fault] = open311.read_faults(answer.content, form=kind)
        assert answer.status_code == int(fault.code) == status
        assert code in fault.description
    assert not Case.objects.exists()


def test_an_attribute_names_the_item_of_a_category(here: Desks, key: str, outside: Outside) -> None:
    number = filed(outside, key, **{"attribute[item]": "R101"})
    assert Case.objects.get(pk=number).category == "R101"


def test_a_key_in_an_address_is_no_key_and_one_that_ended_neither(
    here: Desks, key: str, outside: Outside
) -> None:
    given = form("")
    answer = post(outside, f"requests.json?api_key={key}", given)
    assert answer.status_code == 403
    assert not Case.objects.exists()


def test_a_caller_sends_only_so_much_in_an_hour_and_may_repeat_what_came(
    here: Desks, key: str, outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiving, "POSTS_AN_HOUR", 2)
    filed(outside, key, service_request_id_ext="1")
    filed(outside, key, service_request_id_ext="2")
    answer = post(outside, "requests.json", form(key, service_request_id_ext="3"))
    assert answer.status_code == 429
    filed(outside, key, service_request_id_ext="2")
    assert declare.POSTS_AN_HOUR > 100


def told(server: Outside, key: str, number: str, **changes: str) -> Any:
    """An update as FixMyStreet sends one."""
    given = {
        "api_key": key,
        "service_request_id": number,
        "service_request_id_ext": "77",
        "update_id_ext": "5",
        "updated_datetime": "2026-11-26T10:00:00+08:00",
        "status": "OPEN",
        "description": "It is still dark",
        "email": "li@example.org",
        "first_name": "Li",
        "public_anonymity_required": "TRUE",
        **changes,
    }
    return post(server, "servicerequestupdates.xml", given)


def handled(of: Desks, number: str) -> None:
    """Rejected first, so that it has ended and can be opened again."""
    sue = actor_of(of.supervisor)
    cases.take_step(by=sue, case=queries.case(number), action="reject", note="Nothing there")  # type: ignore[arg-type]


def test_an_update_is_written_down_once_and_moves_nothing(
    here: Desks, key: str, outside: Outside
) -> None:
    number = filed(outside, key)
    first = told(outside, key, number, status="CLOSED")
    made = open311.read_accepted(first.content, form="xml", of_update=True)
    again = told(outside, key, number, status="CLOSED")
    assert again.content == first.content
    case = Case.objects.get(pk=number)
    assert case.state == "verifying"
    assert made.id == f"{number}.2"
    assert queries.history(case)[-1].remark["note"] == "It is still dark"
    assert case.steps == 2


def test_reopen_opens_an_ended_case_again_within_its_limits(
    here: Desks, key: str, outside: Outside
) -> None:
    number = filed(outside, key)
    for turn in range(2):
        handled(here, number)
        answer = told(outside, key, number, status="REOPEN", update_id_ext=f"r{turn}")
        assert answer.status_code == 201
        assert Case.objects.get(pk=number).state == "opening"
    handled(here, number)
    answer = told(outside, key, number, status="REOPEN", update_id_ext="r3")
    [fault] = open311.read_faults(answer.content, form="xml")
    assert "cases.limit.reached" in fault.description
    assert Case.objects.get(pk=number).state == "rejected"


def test_only_whoever_sent_a_case_may_say_something_of_it(
    here: Desks, key: str, outside: Outside
) -> None:
    case = reported(here)
    answer = told(outside, key, str(case.pk))
    assert answer.status_code == 404
    assert Case.objects.get(pk=case.pk).steps == 1
    assert told(outside, key, str(case.pk), status="blue").status_code == 400


@pytest.mark.parametrize("kind", ["json", "xml"])
def test_steps_are_told_as_updates_and_to_a_sender_what_was_written_for_outside(
    here: Desks, key: str, outside: Outside, kind: str
) -> None:
    number = filed(outside, key)
    sue = actor_of(here.supervisor)
    assert told(outside, key, number).status_code == 201
    cases.take_step(by=sue, case=queries.case(number), action="reject", note="Private land")  # type: ignore[arg-type]
    address = f"/open311/v2/servicerequestupdates.{kind}"
    window = {"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-01-02T00:00:00Z"}
    public = open311.read_updates(outside.get(address).content, form=kind)
    assert [(each.status, each.description) for each in public] == [
        ("NO_FURTHER_ACTION", ""),
    ]
    mine = open311.read_updates(
        outside.get(address, headers={"Authorization": f"Bearer {key}"}).content,
        form=kind,
    )
    assert [(each.status, each.description) for each in mine] == [
        ("NO_FURTHER_ACTION", "Private land")
    ]
    old = outside.get(address, params=window)
    assert open311.read_updates(old.content, form=kind) == []


def test_a_time_longer_than_ninety_days_and_a_moment_without_zone_are_refused(
    here: Desks, outside: Outside
) -> None:
    address = "/open311/v2/requests.json"
    for given in (
        {"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-06-01T00:00:00Z"},
        {"start_date": "2026-01-01T00:00:00"},
        {"page": "0"},
        {"page": "201", "page_size": "100"},
    ):
        answer = outside.get(address, params=given)
        assert answer.status_code == 400
        assert open311.read_faults(answer.content, form="json")


def test_pages_hold_each_request_once_and_filters_narrow(
    here: Desks, key: str, outside: Outside
) -> None:
    numbers = {filed(outside, key) for _ in range(5)}
    handled(here, min(numbers))
    address = "/open311/v2/requests.json"
    seen: list[str] = []
    for page in (1, 2, 3):
        rows = outside.get(address, params={"page": page, "page_size": 2}).json()
        seen += [row["service_request_id"] for row in rows]
    assert sorted(seen) == sorted(numbers)
    ended = outside.get(address, params={"status": "closed"}).json()
    assert [row["service_request_id"] for row in ended] == [min(numbers)]
    lately = outside.get(address, params={"updated_after": "2026-01-01T00:00:00Z"}).json()
    assert isinstance(lately, list)
    two = outside.get(address, params={"service_request_id": ",".join(sorted(numbers)[:2])}).json()
    assert {row["service_request_id"] for row in two} == set(sorted(numbers)[:2])


def test_discovery_and_tokens_answer(here: Desks, key: str, outside: Outside) -> None:
    number = filed(outside, key)
    found = outside.get("/open311/discovery.json").json()
    assert found["endpoints"][0]["url"].endswith("/open311/v2/")
    answer = outside.get(f"/open311/v2/tokens/{number}.xml")
    assert open311.read_tokens(answer.content, form="xml")[0].id == number
