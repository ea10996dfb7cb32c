"""What a phone sends is done once, in whatever order and however often it arrives."""

from __future__ import annotations

from contextlib import suppress

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from haihe.base.errors import HaiheError
from haihe.kernel.cases import queries
from haihe.kernel.cases.models import Event
from haihe.kernel.files.actions import store
from haihe.kernel.files.errors import TypeDiffers, TypeRefused
from haihe.kernel.org.models import Account
from haihe.systems.grid import actions
from haihe.systems.grid.declare import Taken
from tests.pages.cities import actor, client_of
from tests.pages.grids import FIRST, gridded, key, photo, reported, worker

WEBM = b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\xf7\x81\x01\x42\x82\x84webm" + b"0" * 40
OGG, MP4 = b"OggS" + b"0" * 40, b"\0\0\0\x18ftypM4A " + b"0" * 40
MP3 = b"\xff\xfb\x90\x00" + b"0" * 40


@pytest.fixture
def ada(city: None) -> Account:
    gridded()
    return worker("Ada", FIRST)


@pytest.mark.django_db
@given(sent=st.lists(st.integers(0, 5), min_size=1, max_size=14))
@settings(
    max_examples=12,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_any_interleaving_of_deliveries_does_each_step_once(ada: Account, sent: list[int]) -> None:
    """Three reports, each to be verified and then, too late, to be refuted: six deliveries."""
    with transaction.atomic():
        cases = [reported().pk for _ in range(3)]
        taken = [Taken(photo(), "image/jpeg")]
        for number in [*sent, *range(6)]:
            case, action = cases[number % 3], "verify" if number < 3 else "refute"
            with suppress(HaiheError):
                actions.take_step(
                    by=actor(ada),
                    key=key(number),
                    case=case,
                    action=action,
                    note="gone",
                    taken=taken if action == "verify" else [],
                )
        for case in cases:
            steps = Event.objects.filter(case=case).exclude(action="open")
            assert steps.count() == 1
            assert queries.replay(case) == queries.standing(case)
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_what_was_refused_is_not_used_up_and_may_be_sent_again(ada: Account) -> None:
    case = reported()
    with pytest.raises(HaiheError):
        actions.take_step(by=actor(ada), key=key(1), case=case.pk, action="verify")
    taken = [Taken(photo(), "image/jpeg")]
    assert actions.take_step(by=actor(ada), key=key(1), case=case.pk, action="verify", taken=taken)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "kind"),
    [(WEBM, "audio/webm;codecs=opus"), (WEBM, "video/webm"), (OGG, "audio/ogg"),
     (MP4, "audio/x-m4a"), (MP3, "audio/mpeg"), (b"ID3" + b"0" * 40, "audio/mp3")],
)  # fmt: skip
def test_voice_notes_of_phones_are_taken(ada: Account, content: bytes, kind: str) -> None:
    row = store(by=actor(ada), content=content, name="voice", media_type=kind)
    assert row.media_type.startswith("audio/")


@pytest.mark.django_db
def test_what_only_says_that_it_is_sound_is_refused(ada: Account) -> None:
    for kind in ("audio/webm", "audio/ogg", "audio/mp4", "audio/mpeg"):
        for content in (b"<script>", b"MZ" + b"0" * 40, b"\xff\xff\xff\xff", photo()):
            with pytest.raises(TypeDiffers):
                store(by=actor(ada), content=content, name="voice", media_type=kind)
    with pytest.raises(TypeRefused):
        store(by=actor(ada), content=b"RIFF0000WAVE", name="voice", media_type="audio/wav")


@pytest.mark.django_db
def test_a_voice_note_says_why_and_is_heard_on_the_tasks_page(ada: Account) -> None:
    case = reported()
    client: Client = client_of(ada)
    client.cookies["django_language"] = "en"
    silent = client.post(f"/grid/round/{case.pk}/refute", {"key": str(key(1))})
    assert "record a voice note" in silent.content.decode()
    note = SimpleUploadedFile("voice.webm", WEBM, "audio/webm")
    client.post(f"/grid/round/{case.pk}/refute", {"key": str(key(1)), "voice": note})
    assert queries.case(case.pk).state == "rejected"
    assert queries.history(case)[-1].remark["note"] == "See the voice note."


@pytest.mark.django_db
def test_words_bring_items_and_the_place_brings_what_is_reported_near(ada: Account) -> None:
    case = reported()
    client = client_of(ada)
    client.cookies["django_language"] = "en"
    query = {"words": "street lamp", "longitude": case.lon, "latitude": case.lat}
    found = client.get("/grid/round/suggest", query).json()
    assert found["items"][0]["code"] == "R101"
    assert found["near"][0]["metres"] == 0
    for bad in ({"longitude": "x", "latitude": "1"}, {"words": ""}, {}):
        assert client.get("/grid/round/suggest", bad).json()["near"] == []
