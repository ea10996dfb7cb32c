"""The frame of every page: language, type size, headers, doors."""

from __future__ import annotations

import pytest
from django.test import Client, RequestFactory
from django.utils import translation

from haihe.project.problems import failed

pytestmark = pytest.mark.django_db


def test_a_visitor_sees_the_first_page_in_the_citys_language(client: Client) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert page["Content-Language"] == "en"  # the first language of riverton's pack
    assert 'lang="en"' in page.content.decode()


def test_a_chosen_language_is_kept(client: Client) -> None:
    answer = client.post("/choose/language", {"language": "zh-hans", "next": "/"})
    assert answer["Location"] == "/"
    assert 'lang="zh-CN"' in client.get("/").content.decode()


def test_a_choice_never_leads_to_another_host(client: Client) -> None:
    for wanted in ("https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"):
        answer = client.post("/choose/type", {"large": "yes", "next": wanted})
        assert answer["Location"] == "/"


def test_larger_type_is_kept(client: Client) -> None:
    client.post("/choose/type", {"large": "yes", "next": "/"})
    assert 'class="is-large"' in client.get("/").content.decode()


def test_an_address_that_is_none_says_so_in_the_readers_language(client: Client) -> None:
    client.cookies["django_language"] = "zh-hans"
    answer = client.get("/nothing-here/")
    assert answer.status_code == 404
    assert "此地址没有页面。" in answer.content.decode()


def test_a_fault_of_ours_is_said_without_asking_the_database() -> None:
    with translation.override("zh-hans"):
        answer = failed(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert "haihe.failed" in answer.content.decode()
    assert "Try again in a moment." in answer.content.decode()


def test_no_page_may_load_anything_from_elsewhere(client: Client) -> None:
    policy = client.get("/")["Content-Security-Policy"]
    assert policy.startswith("default-src 'self';")
    assert "http" not in policy
    assert "unsafe" not in policy
