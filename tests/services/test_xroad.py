"""X-Road r1 addresses: strict, decoded once, never another place than they say."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from haihe.edges.xroad import metaservices
from haihe.edges.xroad.address import Address, Client, is_part, parse_client, parse_path

unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A busy machine is no fault of the code."""

parts = st.from_regex(r"[\w][\w.\-]{0,20}", fullmatch=True).filter(is_part)


@unhurried
@given(st.lists(parts, min_size=5, max_size=5))
def test_an_address_reads_back_as_it_was_written(five: list[str]) -> None:
    address = Address(Client(*five[:4]), five[4])
    assert parse_path(str(address)) == address
    assert parse_client(str(address.provider)) == address.provider


@unhurried
@given(st.text(max_size=60))
def test_no_text_is_read_as_an_address_of_another_place(text: str) -> None:
    address = parse_path("/r1/" + text)
    if address is not None:
        assert str(address) == "/r1/" + text
        assert ".." not in text
        assert "\0" not in text


@pytest.mark.parametrize(
    "path",
    [
        "/r1/a/b/c/d",
        "/r1/a/b/c/d/e/f",
        "/r1/a/b/c/d/..",
        "/r1/a/b/c/../e",
        "/r1//b/c/d/e",
        "/r1/a/b/c/d/e?x",
        "/r1/a/b/c/d/e\\f",
        "/r1/a/b/c/d/" + "e" * 81,
        "/R1/a/b/c/d/e",
        "r1/a/b/c/d/e",
    ],
)
def test_what_is_no_address_is_none(path: str) -> None:
    assert parse_path(path) is None


def test_a_percent_encoded_client_is_decoded_once() -> None:
    assert parse_client("RV/GOV/%E6%B0%91%E6%94%BF/x") == Client("RV", "GOV", "民政", "x")
    assert parse_client("RV/GOV/%252e/x") is None
    assert parse_client("RV/GOV/%FF/x") is None
    assert parse_client("RV/GOV/a%2Fb/x") is None


def test_a_description_names_every_column_with_its_kind() -> None:
    document = metaservices.open_api(
        path="/r1/a/b/c/d/e",
        title={"en": "Homes"},
        is_proof=False,
        columns=[("since", {"en": "Since", "zh": "起"}, "date"), ("rooms", {}, "integer")],
    )
    schema = document["paths"]["/r1/a/b/c/d/e"]["post"]["responses"]["200"]["content"]
    row = schema["application/json"]["schema"]["properties"]["rows"]["items"]["properties"]
    assert row["since"]["format"] == "date"
    assert row["rooms"]["type"] == ["integer", "null"]
