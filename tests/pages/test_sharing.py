"""The pages of sharing, with Django's client."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.pages.cities import client_of, officer

pytestmark = pytest.mark.usefixtures("city")
ADDRESSES = [
    "/sharing/",
    "/sharing/catalogue/",
    "/sharing/catalogue/registry.person/",
    "/sharing/catalogue/demand/registry.person",
    "/sharing/lists/",
    "/sharing/lists/systems/",
    "/sharing/lists/negative/",
    "/sharing/demands/",
    "/sharing/demands/?view=waiting",
    "/sharing/demands/?view=own",
    "/sharing/links/",
    "/sharing/links/registry.person/",
]


@pytest.fixture
def housing() -> Client:
    """An officer of the housing fund."""
    return client_of(officer("housing", "Ann"))


@pytest.mark.parametrize("address", ADDRESSES)
def test_each_page_opens_in_both_languages(housing: Client, address: str) -> None:
    for language in ("en", "zh-hans"):
        housing.cookies["django_language"] = language
        assert housing.get(address).status_code == 200


def test_a_visitor_is_led_to_sign_in(client: Client) -> None:
    for address in ADDRESSES:
        answer = client.get(address)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/account/login/")
