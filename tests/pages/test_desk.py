"""The officer's pages, with Django's client."""

from __future__ import annotations

import pytest

from tests.pages.cities import client_of, officer

pytestmark = pytest.mark.usefixtures("city")
ADDRESSES = ["/desk/", "/desk/look-up/", "/desk/audit/", "/desk/posts/"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_each_page_opens_in_both_languages(address: str) -> None:
    client = client_of(officer("housing", "Ann"))
    for language in ("en", "zh-hans"):
        client.cookies["django_language"] = language
        assert client.get(address).status_code == 200


@pytest.mark.parametrize("address", ADDRESSES[1:])
def test_without_the_permission_there_is_no_page_and_no_menu_entry(address: str) -> None:
    client = client_of(officer("housing", "Ann", permissions=()))
    answer = client.get(address)
    assert answer.status_code == 403
    assert "haihe.not_permitted" in answer.content.decode()
    assert f'href="{address}"' not in client.get("/desk/").content.decode()


def test_a_permission_is_given_and_taken_on_its_page() -> None:
    client = client_of(officer("data_office", "Sam", permissions=("org.permission.give",)))
    target = officer("housing", "Ann", permissions=()).officer.postings.get().post
    client.post(f"/desk/posts/{target.pk}/give", {"permission": "catalogue.demand.raise"})
    assert target.permissions.filter(permission="catalogue.demand.raise").exists()
    client.post(f"/desk/posts/{target.pk}/take", {"permission": "catalogue.demand.raise"})
    assert not target.permissions.exists()
