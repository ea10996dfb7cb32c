"""The officer's pages, with Django's client."""

from __future__ import annotations

import pytest

from tests.pages.cities import client_of, officer

pytestmark = pytest.mark.usefixtures("city")
ADDRESSES = ["/desk/", "/desk/look-up/", "/desk/audit/", "/desk/posts/"]


def test_each_page_opens_in_both_languages() -> None:
    client = client_of(officer("housing", "Ann"))
    for language in ("en", "zh-hans"):
        client.cookies["django_language"] = language
        opened = {each: client.get(each).status_code for each in ADDRESSES}
        assert opened == dict.fromkeys(ADDRESSES, 200)


def test_without_the_permission_there_is_no_page_and_no_menu_entry() -> None:
    client = client_of(officer("housing", "Ann", permissions=()))
    home = client.get("/desk/").content.decode()
    for address in ADDRESSES[1:]:
        answer = client.get(address)
        assert answer.status_code == 403
        assert "haihe.not_permitted" in answer.content.decode()
        assert f'href="{address}"' not in home


def test_a_permission_is_given_and_taken_on_its_page() -> None:
    client = client_of(officer("data_office", "Sam", permissions=("org.permission.give",)))
    target = officer("housing", "Ann", permissions=()).officer.postings.get().post
    client.post(f"/desk/posts/{target.pk}/give", {"permission": "catalogue.demand.raise"})
    assert target.permissions.filter(permission="catalogue.demand.raise").exists()
    client.post(f"/desk/posts/{target.pk}/take", {"permission": "catalogue.demand.raise"})
    assert not target.permissions.exists()
