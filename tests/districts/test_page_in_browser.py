"""The page of platforms in a real browser: with refusals, in both languages, on a phone."""

from __future__ import annotations

import pytest

from haihe.systems.districts.models import Exchange, Mirror, Outgoing, Sending
from tests import needs
from tests.desk.builders import Desks, reported
from tests.pages.browser import DESKTOP, LANGUAGES, PHONE, Opening, faults, overflow
from tests.pages.cities import officer

pytestmark = [pytest.mark.django_db(transaction=True), needs.chromium]


@pytest.fixture
def standing(here: Desks, declared: list[dict[str, object]]) -> None:
    """Two platforms: one answers and refused things, one does not answer."""
    for code, name in (("east", "东区网格平台"), ("west", "西区网格平台")):
        declared.append(
            {
                "code": code,
                "title": {"zh": name, "en": f"Grid platform of the {code}"},
                "division": "D01",
                "address": "http://127.0.0.1:9/",
                "taken": None,
            }
        )
    case = reported(here)
    mirror = Mirror.objects.filter(platform="east", case=case)
    mirror.update(state=Sending.SENT, foreign_id="E-17")
    Outgoing.objects.create(
        mirror=mirror.get(), ordinal=1, status="FIXED", state=Sending.REFUSED, reason="No such case"
    )
    other = reported(here, title="Bench broken", category="look")
    Mirror.objects.filter(platform="east", case=other).update(
        state=Sending.REFUSED, reason="service_code is not known here"
    )
    Mirror.objects.create(platform="east", foreign_id="E-99", state=Sending.REFUSED, reason="…")
    Exchange.objects.create(platform="east", done_at="2026-11-26T03:00:00Z")
    Exchange.objects.create(
        platform="west", tried_at="2026-11-26T03:00:00Z", reason="districts.down", failures=3
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_the_page_is_whole_for_eye_and_ear(
    standing: None, opened: Opening, language: str, size: tuple[int, int]
) -> None:
    page = opened(officer("data_office", "Pia"), language=language, size=size).new_page()
    page.goto("/districts/")
    text = page.inner_text("main")
    for said in ("E-99", "service_code is not known here", "No such case", "districts.down"):
        assert said in text
    assert faults(page) == []
    assert overflow(page) == 0
