"""Governed calls over real HTTP: answers within the grant, and refusals each with its reason."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from haihe.base import sealing
from haihe.base.clock import day_in, now
from haihe.base.settings import settings
from haihe.engine.merkle.promise import Promise, verify_promise
from haihe.kernel.catalogue import actions as catalogue
from haihe.kernel.catalogue.models import Grant
from haihe.kernel.exchange.models import Serving
from haihe.kernel.ledger.keys import log_key
from haihe.kernel.ledger.models import Entry
from haihe.kernel.ledger.queries import access_record
from haihe.kernel.services import actions, queries
from haihe.kernel.services.models import Caller
from haihe.project.calls.desk import MOST_REFUSALS
from tests.services.city import (
    ANN,
    BOB,
    CAROL,
    CLIENT,
    LOOK,
    NOBODY,
    PROOF,
    PURPOSE,
    City,
    actor,
    forbid,
    give,
    hold,
    publish,
    steward,
)
from tests.services.running import Served

JSON = {"Content-Type": "application/json"}
TAX = "RV/GOV/tax/tax-app"


def key_of(number: str) -> bytes:
    return sealing.subject_key(
        number, scheme="luhn.person", key=sealing.key(settings().keys_path, "index")
    )


def headers(city: City, **changes: str | None) -> dict[str, str]:
    """The headers of a good call; None leaves one out."""
    given: dict[str, str | None] = {
        **JSON,
        "Authorization": f"Bearer {city.key}",
        "X-Road-Client": CLIENT,
        "X-Haihe-Purpose": PURPOSE,
        **{name.replace("_", "-"): value for name, value in changes.items()},
    }
    return {name: value for name, value in given.items() if value is not None}


def until(outcome: Callable[[], Any], wanted: Callable[[Any], bool], *, seconds: float) -> Any:
    """What an outcome becomes within a time."""
    ends = time.monotonic() + seconds
    while not wanted(last := outcome()) and time.monotonic() < ends:
        time.sleep(0.02)
    return last


def test_a_call_is_answered_with_granted_columns_alone(served: Served, city: City) -> None:
    status, _, body = served.call(ANN, key=city.key)
    assert status == 200, body
    assert body["found"] is True
    assert body["rows"] == [{"person": ANN, "income": 90_000}]


def test_a_call_may_ask_for_fewer_columns(served: Served, city: City) -> None:
    assert served.call(ANN, key=city.key, columns=["income"])[2]["rows"] == [{"income": 90_000}]


def test_nothing_held_is_answered_so_and_entered(served: Served, city: City) -> None:
    status, _, body = served.call(NOBODY, key=city.key)
    assert (status, body["found"], body["rows"]) == (200, False, [])
    assert access_record(key_of(NOBODY))[0].body["found"] is False


def test_a_proof_says_yes_no_or_unknown_and_nothing_else(served: Served, city: City) -> None:
    answers = [served.call(n, key=city.key, path=PROOF)[2] for n in (ANN, BOB, NOBODY)]
    assert [each["answer"] for each in answers] == [True, False, None]
    assert all(set(each) == {"answer", "as_of", "receipt"} for each in answers)


def test_a_proof_without_predicate_says_whether_a_row_is_held(served: Served, city: City) -> None:
    path = PROOF.replace("is_poor", "is_known")
    answers = [served.call(n, key=city.key, path=path)[2]["answer"] for n in (ANN, NOBODY)]
    assert answers == [True, False]


def test_the_entry_stands_in_the_persons_record_and_its_promise_verifies(
    served: Served, city: City
) -> None:
    sent = headers(city, X_Road_Id="call-7", X_Road_Issue="case-9", X_Road_UserId="officer-3")
    _, replied, body = served.send(
        "POST", LOOK, headers=sent, body=b'{"subject":"%s"}' % BOB.encode()
    )
    promise = msgspec.convert(body["receipt"], Promise)
    key = log_key(settings())
    verify_promise(promise, key=key.private.public_key(), origin=key.name)
    line = access_record(key_of(BOB))[0]
    assert line.entry == promise.entry
    assert (line.kind, line.actor, line.department, line.purpose, line.grant) == (
        "services.call.answered",
        f"system:{CLIENT}",
        "housing",
        PURPOSE,
        city.grant,
    )
    assert line.body["columns"] == ["person", "income"]
    assert (line.body["call"], line.body["issue"]) == ("call-7", "case-9")
    assert "officer-3" not in str(line.body)
    assert bytes(Entry.objects.get(pk=promise.entry).leaf).hex() == promise.leaf
    assert replied["X-Road-Id"] == "call-7"
    assert replied["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"Authorization": None}, 401, "services.caller.none"),
        ({"Authorization": "Bearer wrong"}, 401, "services.caller.unknown"),
        ({"Authorization": "Basic eDp5"}, 401, "services.caller.none"),
        ({"X_Road_Client": None}, 401, "services.caller.none"),
        ({"X_Road_Client": TAX}, 403, "services.caller.mismatch"),
        ({"X_Road_Client": "RV/GOV/../housing/fund-app"}, 403, "services.caller.mismatch"),
        ({"X_Haihe_Purpose": None}, 400, "services.purpose.missing"),
        ({"X_Haihe_Purpose": "tax.relief"}, 403, "services.purpose.wrong"),
        ({"X_Haihe_Purpose": "p" * 300}, 400, "services.header.malformed"),
        ({"Content_Type": "text/plain"}, 415, "services.body.wrong_type"),
        ({"Content_Type": None}, 415, "services.body.wrong_type"),
    ],
)
def test_a_call_with_wrong_headers_is_refused(
    served: Served, city: City, changes: dict[str, str | None], status: int, code: str
) -> None:
    sent = headers(city, **changes)
    if "Content_Type" in changes and changes["Content_Type"] is None:
        sent.pop("Content-Type", None)
    replied = served.send("POST", LOOK, headers=sent, body=b'{"subject":"%s"}' % ANN.encode())
    _is_refusal(replied, status=status, code=code)


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "services.body.malformed"),
        (b"{", 400, "services.body.malformed"),
        (b"[]", 400, "services.body.malformed"),
        (b"\xff\xfe", 400, "services.body.malformed"),
        (b'{"subject": 5}', 400, "services.body.malformed"),
        (b'{"subject": null}', 400, "services.body.malformed"),
        (b'{"subject": "\\ud800"}', 400, "services.body.malformed"),
        (b"[" * 16_000, 400, "services.body.malformed"),
        (b'{"subject": "1000000008", "where": "1=1"}', 400, "services.body.malformed"),
        (b'{"subject": "1000000008", "columns": "income"}', 400, "services.body.malformed"),
        (b'{"subject": "1000000008", "at": "2020-01-01"}', 400, "services.body.no_history"),
        (b'{"subject": "1000000009"}', 400, "services.subject.bad_number"),
        (b'{"subject": ""}', 400, "services.subject.bad_number"),
        (b'{"subject": "1000000008", "columns": ["since"]}', 403, "services.column.not_granted"),
        (b'{"subject": "1000000008", "columns": ["faith"]}', 403, "services.column.not_granted"),
        (
            b'{"subject": "1000000008", "columns": ["no\\u0000"]}',
            403,
            "services.column.not_granted",
        ),
        (b'{"subject": "' + b"1" * 20_000 + b'"}', 413, "services.body.too_large"),
    ],
)
def test_a_call_with_a_wrong_body_is_refused(
    served: Served, city: City, body: bytes, status: int, code: str
) -> None:
    replied = served.send("POST", LOOK, headers=headers(city), body=body)
    _is_refusal(replied, status=status, code=code)


def test_a_body_without_length_is_cut_off_when_too_large(served: Served, city: City) -> None:
    chunk = b"400\r\n" + b"1" * 1024 + b"\r\n"
    sent = headers(city, Transfer_Encoding="chunked")
    replied = served.send("POST", LOOK, headers=sent, body=chunk * 20 + b"0\r\n\r\n")
    _is_refusal(replied, status=413, code="services.body.too_large")


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("POST", LOOK.replace("households", "nothing"), 404, "services.service.unknown"),
        ("POST", LOOK.replace("RV", "XX"), 404, "services.service.unknown"),
        ("POST", LOOK.replace("civil/", "housing/"), 404, "services.service.unknown"),
        ("POST", LOOK + "/more", 404, "services.path.unknown"),
        ("POST", LOOK + "/", 404, "services.path.unknown"),
        ("POST", LOOK + "/../is_poor", 404, "services.path.unknown"),
        ("POST", "/r1/RV/GOV/civil/../civil/civil-db/households", 404, "services.path.unknown"),
        ("POST", "/r1/RV/GOV/civil/civil-db/%2e%2e%2fhouseholds", 404, "services.path.unknown"),
        ("POST", "/r1/RV/GOV/civil/civil-db/%252e%252e", 404, "services.path.unknown"),
        ("POST", "/r1/RV/GOV/civil/civil-db/house%00holds", 404, "services.path.unknown"),
        ("POST", "/r1/RV/GOV/civil/civil-db/*", 404, "services.path.unknown"),
        ("POST", "/", 404, "services.path.unknown"),
        ("POST", "/r2" + LOOK[3:], 404, "services.path.unknown"),
        ("GET", LOOK, 405, "services.method.not_allowed"),
        ("PUT", LOOK, 405, "services.method.not_allowed"),
        ("DELETE", LOOK, 405, "services.method.not_allowed"),
    ],
)
def test_a_call_to_a_wrong_place_is_refused(
    served: Served, city: City, method: str, path: str, status: int, code: str
) -> None:
    body = b'{"subject":"%s"}' % ANN.encode() if method != "GET" else None
    replied = served.send(method, path, headers=headers(city), body=body)
    _is_refusal(replied, status=status, code=code)
    if status == 405:
        assert replied[1]["Allow"] == "POST"


def test_a_department_without_grant_is_refused(served: Served, city: City) -> None:
    replied = served.call(ANN, key=city.tax_key, client=TAX)
    _is_refusal(replied, status=403, code="services.grant.none")


def test_a_refusal_of_a_known_caller_is_entered_but_not_shown_as_a_look(
    served: Served, city: City
) -> None:
    before = len(access_record(key_of(ANN)))
    served.call(ANN, key=city.tax_key, client=TAX)
    entry = Entry.objects.filter(kind="services.call.refused").latest("at")
    assert (entry.department, entry.body["refusal"]) == ("tax", "services.grant.none")
    assert bytes(entry.subject) == key_of(ANN)
    assert len(access_record(key_of(ANN))) == before


def test_a_withdrawn_grant_stops_within_a_second(served: Served, city: City) -> None:
    grant = give("person", "since", to="tax", purpose="tax.relief")

    def call() -> tuple[int, Any, Any]:
        return served.call(ANN, key=city.tax_key, client=TAX, purpose="tax.relief")

    assert until(call, lambda each: each[0] == 200, seconds=1.0)[0] == 200
    catalogue.withdraw_grant(by=actor("civil"), grant=grant, reason="A test")
    began = time.monotonic()
    replied = until(call, lambda each: each[0] != 200, seconds=5.0)
    assert time.monotonic() - began < 1.0
    _is_refusal(replied, status=403, code="services.grant.withdrawn")


def test_an_expired_grant_is_refused_at_the_moment_it_ends(served: Served, city: City) -> None:
    grant = give("person", to="tax", purpose="tax.brief")

    def call() -> tuple[int, Any, Any]:
        return served.call(ANN, key=city.tax_key, client=TAX, purpose="tax.brief")

    assert until(call, lambda each: each[0] == 200, seconds=1.0)[0] == 200
    ends = now() + timedelta(seconds=1)
    Grant.objects.filter(pk=grant.pk).update(until=ends)
    replied = until(call, lambda each: each[0] != 200, seconds=3.0)
    assert timedelta() <= now() - ends < timedelta(seconds=1)
    _is_refusal(replied, status=403, code="services.grant.expired")


def test_a_column_put_on_the_negative_list_stops_and_the_law_is_cited(
    served: Served, city: City
) -> None:
    publish(code="pets", table="civil.pets", title={"en": "Pets"})
    actions.open_service(by=actor("civil"), code="pets", resource="pets", title={"en": "Pets"})
    give("person", "income", to="tax", purpose="tax.relief", resource="pets")
    path = LOOK.replace("households", "pets")

    def call(**more: Any) -> tuple[int, Any, Any]:
        return served.call(
            ANN, key=city.tax_key, client=TAX, purpose="tax.relief", path=path, **more
        )

    assert until(call, lambda each: each[0] == 200, seconds=1.0)[0] == 200
    forbid("income", resource="pets")
    replied = until(lambda: call(columns=["income"]), lambda each: each[0] != 200, seconds=1.0)
    _is_refusal(replied, status=403, code="services.column.negative")
    assert replied[2]["law"] == "PIPL, article 28"
    assert call()[0] == 200
    assert all(set(row) == {"person"} for row in call()[2]["rows"])


def test_a_closed_service_says_so_and_can_be_opened_again(served: Served, city: City) -> None:
    path = PROOF.replace("is_poor", "is_known")
    actions.close_service(by=actor("civil"), service="is_known")
    replied = until(
        lambda: served.call(ANN, key=city.key, path=path), lambda e: e[0] != 200, seconds=1.0
    )
    _is_refusal(replied, status=410, code="services.service.closed")
    actions.open_service(
        by=actor("civil"),
        code="is_known",
        resource="households",
        title={"en": "Registered?"},
        kind="proof",
    )
    replied = until(
        lambda: served.call(ANN, key=city.key, path=path), lambda e: e[0] == 200, seconds=1.0
    )
    assert replied[2]["answer"] is True


def test_an_ended_caller_stops_and_its_name_gets_a_new_key(served: Served, city: City) -> None:
    key = actions.make_caller(by=steward(), department="housing", subsystem="brief")
    client = "RV/GOV/housing/brief"
    replied = until(
        lambda: served.call(ANN, key=key, client=client), lambda e: e[0] == 200, seconds=1.0
    )
    assert replied[0] == 200
    caller = Caller.objects.get(subsystem="brief")
    actions.end_caller(by=steward(), caller=caller)
    replied = until(
        lambda: served.call(ANN, key=key, client=client), lambda e: e[0] != 200, seconds=1.0
    )
    _is_refusal(replied, status=401, code="services.caller.unknown")
    assert actions.make_caller(by=steward(), department="housing", subsystem="brief") != key
    assert key.encode() not in bytes(Caller.objects.get(subsystem="brief").key_hash)


def test_a_rate_is_refused_with_the_time_to_wait_and_no_look_is_entered(
    served: Served, city: City
) -> None:
    give("person", to="tax", purpose="tax.rare", rate_per_minute=2)

    def call() -> tuple[int, Any, Any]:
        return served.call(BOB, key=city.tax_key, client=TAX, purpose="tax.rare")

    until(call, lambda each: each[0] == 200, seconds=1.0)
    call()
    before = len(access_record(key_of(BOB)))
    replied = call()
    _is_refusal(replied, status=429, code="services.rate.exceeded")
    assert 1 <= int(replied[1]["Retry-After"]) <= 30
    assert len(access_record(key_of(BOB))) == before


def test_metaservices_describe_what_there_is(served: Served, city: City) -> None:
    base = LOOK.rpartition("/")[0]
    sent = {"Authorization": f"Bearer {city.key}", "X-Road-Client": CLIENT}
    status, _, body = served.get(f"{base}/listMethods", sent)
    assert status == 200, body
    assert {"households", "is_poor"} <= {each["service_code"] for each in body["service"]}
    others = {"Authorization": f"Bearer {city.tax_key}", "X-Road-Client": TAX}
    mine = served.get(f"{base}/allowedMethods", sent)[2]["service"]
    assert {"households", "is_poor"} <= {each["service_code"] for each in mine}
    _is_refusal(served.get(f"{base}/listMethods"), status=401, code="services.caller.none")
    document = served.get(f"{base}/getOpenAPI?serviceCode=households", others)[2]
    assert document["openapi"].startswith("3.1")
    (operation,) = document["paths"].values()
    row = operation["post"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert "faith" not in row["properties"]["rows"]["items"]["properties"]
    assert "income" in row["properties"]["rows"]["items"]["properties"]
    replied = served.get(f"{base}/getOpenAPI?serviceCode=nothing", sent)
    _is_refusal(replied, status=404, code="services.service.unknown")


def test_calls_and_refusals_are_counted(served: Served, city: City) -> None:
    today = day_in("Asia/Shanghai")  # riverton's own day, whatever it is in Greenwich

    def counted() -> tuple[int, int]:
        found = queries.calls_by_department(since=today, until=today)
        return next(((calls, refused) for who, calls, refused in found if who == "housing"), (0, 0))

    time.sleep(1.5)
    calls, refused = counted()
    served.call(ANN, key=city.key)
    served.call("1000000009", key=city.key)
    wanted = (calls + 1, refused + 1)
    assert until(counted, lambda each: each == wanted, seconds=3.0) == wanted


def test_many_calls_on_one_connection_and_half_a_request_do_no_harm(
    served: Served, city: City
) -> None:
    with socket.create_connection(("127.0.0.1", served.port)) as half:
        half.sendall(
            b"POST " + LOOK.encode() + b" HTTP/1.1\r\nhost: x\r\ncontent-length: 50\r\n\r\n{"
        )
        assert served.call(ANN, key=city.key)[0] == 200


def test_a_crowd_is_answered_or_told_to_wait_and_nobody_hangs(served: Served, city: City) -> None:
    body = b'{"subject":"%s"}' % ANN.encode()
    lines = [f"{name}: {value}" for name, value in headers(city).items()]
    head = "\r\n".join([f"POST {LOOK} HTTP/1.1", "Host: x", f"Content-Length: {len(body)}", *lines])
    crowd = [socket.create_connection(("127.0.0.1", served.port), timeout=20) for _ in range(300)]
    for each in crowd:
        each.sendall(head.encode() + b"\r\n\r\n" + body)
    replies = [each.recv(65536) for each in crowd]
    for each in crowd:
        each.close()
    busy = [reply for reply in replies if reply.startswith(b"HTTP/1.1 503")]
    answered = [reply for reply in replies if reply.startswith(b"HTTP/1.1 200")]
    assert len(busy) + len(answered) == len(crowd)
    assert answered
    assert all(b"services.busy" in reply and b"retry-after: 1" in reply for reply in busy)
    assert served.call(ANN, key=city.key)[0] == 200


def test_a_row_that_cannot_be_read_harms_its_own_call_only(served: Served, city: City) -> None:
    hold(CAROL, [{"person": CAROL}])
    Serving.objects.filter(subject=key_of(CAROL)).update(rows={"not": "a list"})
    with ThreadPoolExecutor(8) as callers:
        replies = list(callers.map(lambda n: served.call(n, key=city.key), [CAROL, ANN] * 20))
    assert {_code(each) for each in replies[::2]} == {"services.failed"}
    assert {each[0] for each in replies[1::2]} == {200}


def test_a_flood_of_refusals_does_not_fill_the_ledger(served: Served, city: City) -> None:
    key = actions.make_caller(by=steward(), department="housing", subsystem="loud")
    client = "RV/GOV/housing/loud"

    def call() -> tuple[int, Any, Any]:
        return served.call("1000000009", key=key, client=client)

    until(call, lambda each: _code(each) == "services.subject.bad_number", seconds=2.0)
    codes = {_code(call()) for _ in range(MOST_REFUSALS + 50)}
    assert codes == {"services.subject.bad_number"}
    entered = Entry.objects.filter(actor=f"system:{client}").count()
    minutes = 2
    assert entered <= minutes * MOST_REFUSALS


def _code(replied: tuple[int, Any, Any]) -> str:
    return str(replied[2].get("code", ""))


def _is_refusal(replied: tuple[int, Any, Any], *, status: int, code: str) -> None:
    found, sent, body = replied
    assert (found, body["code"]) == (status, code), body
    assert sent["Content-Type"] == "application/problem+json"
    assert sent["X-Road-Error"] == body["type"]
    assert body["status"] == status
    assert body["detail"]
    assert body["hint"]
    assert "rows" not in body
    assert "receipt" not in body
