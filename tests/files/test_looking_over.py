"""Photos that are looked over and not drawn: stripped as drawn ones are, refused as those are."""

from __future__ import annotations

from contextlib import suppress
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from haihe.base.actor import Actor
from haihe.base.errors import HaiheError
from haihe.kernel.files import actions
from haihe.kernel.files.errors import Broken, TooManyPixels, TypeDiffers
from haihe.kernel.files.internals import shelf
from haihe.kernel.files.internals.checking import checked, looked_over
from haihe.kernel.files.models import StoredFile
from haihe.kernel.ledger.models import Entry

VISITOR = Actor("visitor", "visitor")
JPEG = "image/jpeg"


def photo(*, mode: str = "RGB", way: int = 1, **more: Any) -> bytes:
    """A JPEG with the tags that a phone writes."""
    tags, out = Image.Exif(), BytesIO()
    tags[0x010F], tags[0x0112] = "SecretCamera", way
    picture = Image.effect_noise((96, 64), 80).convert(mode)
    picture.save(out, "JPEG", exif=tags, comment=b"Secret", **more)
    return out.getvalue()


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
@pytest.mark.parametrize("more", [{}, {"progressive": True}, {"restart_marker_rows": 1}])
@pytest.mark.parametrize("way", [0, 1, 3, 6, 8, 9])
def test_what_is_looked_over_is_kept_as_what_is_drawn(
    mode: str, more: dict[str, Any], way: int
) -> None:
    content = photo(mode=mode, way=way, **more)
    kept = looked_over(content, media_type=JPEG)
    assert kept == checked(content, media_type=JPEG)
    assert b"Secret" not in kept[0]


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_any_other_picture_is_drawn_anew(kind: str) -> None:
    out = BytesIO()
    Image.new("RGB", (40, 30), "teal").save(out, kind)
    media_type = f"image/{kind.lower()}"
    kept = looked_over(out.getvalue(), media_type=media_type)
    assert kept == checked(out.getvalue(), media_type=media_type)


@pytest.mark.parametrize("left", [0.1, 0.5, 0.99])
def test_a_photo_that_is_cut_short_is_refused(left: float) -> None:
    content = photo()
    with pytest.raises(Broken):
        looked_over(content[: int(len(content) * left)], media_type=JPEG)


def test_what_only_begins_as_a_photo_is_refused() -> None:
    for content in (b"\xff\xd8\xff\xd9", b"\xff\xd8\xff\xe0\x00\x04ab\xff\xd9"):
        with pytest.raises(Broken):
            looked_over(content, media_type=JPEG)
    with pytest.raises(TypeDiffers):
        looked_over(b"no photo", media_type=JPEG)


def test_more_pixels_than_are_unpacked_are_refused_by_the_head_alone() -> None:
    content = photo()
    at = content.index(b"\xff\xc0") + 5
    with pytest.raises(TooManyPixels):
        looked_over(content[:at] + b"\xff\xff\xff\xff" + content[at + 4 :], media_type=JPEG)


@settings(max_examples=150, deadline=None)
@given(
    cut=st.integers(0, 900),
    noise=st.binary(max_size=40),
    dropped=st.integers(0, 60),
)
def test_no_bytes_break_it(cut: int, noise: bytes, dropped: int) -> None:
    content = photo(way=6)
    with suppress(HaiheError):
        looked_over(content[:cut] + noise + content[cut + dropped :], media_type=JPEG)


@pytest.mark.django_db
def test_photos_of_one_sending_are_kept_all_or_none_each_with_its_entry() -> None:
    first, second = photo(way=6), photo(mode="L")
    before = set(shelf.folder().rglob("??/*"))
    with pytest.raises(Broken):
        actions.store_photos(by=VISITOR, photos=[(first, JPEG), (second[:300], JPEG)])
    assert not StoredFile.objects.exists()
    assert set(shelf.folder().rglob("??/*")) == before
    rows = actions.store_photos(
        by=VISITOR, photos=[(each, JPEG) for each in (first, second, first)]
    )
    assert [shelf.get(bytes(row.sha256)) for row in rows] == [
        checked(each, media_type=JPEG)[0] for each in (first, second, first)
    ]
    entries = Entry.objects.filter(kind="files.stored")
    assert {each.body["file"] for each in entries} == {str(row.pk) for row in rows}
    actions.drop(by=Actor("clock", "c", permissions=frozenset({"files.drop"})), file=rows[0])
    assert shelf.get(bytes(rows[2].sha256))
