"""Files: checked, stripped, kept once, opened with a reason, deleted with their last row."""

from __future__ import annotations

import errno
import os
import threading
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFilter, ImageOps

from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.base.errors import HaiheError, NotPermitted
from haihe.base.settings import settings
from haihe.kernel.files import actions
from haihe.kernel.files.declare import MOST_BYTES, XLSX
from haihe.kernel.files.errors import (
    ActiveContent,
    Broken,
    Damaged,
    DiskFull,
    Empty,
    Gone,
    NoReason,
    TooLarge,
    TooManyPixels,
    TypeDiffers,
    TypeRefused,
)
from haihe.kernel.files.internals import shelf
from haihe.kernel.files.internals.blurring import blurred
from haihe.kernel.files.internals.checking import checked
from haihe.kernel.files.models import StoredFile
from haihe.kernel.ledger.models import Entry

pytestmark = pytest.mark.django_db

ADA = Actor(kind="citizen", name="1")
CLERK = Actor("officer", "2", permissions=frozenset({"files.open", "files.store", "files.drop"}))
ORIENTATION = 0x0112
PDF = b"%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj\ntrailer << >>\n%%EOF\n"


def photo(kind: str = "JPEG", *, size: tuple[int, int] = (40, 30), exif: bool = True) -> bytes:
    out = BytesIO()
    picture = Image.new("RGB", size, "teal")
    hidden = Image.Exif()
    hidden[0x010F] = "SecretCamera"  # make
    hidden[0x0112] = 6  # orientation: turned by a quarter
    picture.save(out, kind, **({"exif": hidden} if exif else {}))
    return out.getvalue()


def store(content: bytes = PDF, media_type: str = "application/pdf", by: Actor = ADA, **more):  # type: ignore[no-untyped-def]
    return actions.store(
        by=by, content=content, media_type=media_type, **{"name": "paper.pdf"} | more
    )


def on_disk() -> list[Path]:
    return [path for path in shelf.folder().rglob("*") if path.is_file()]


@pytest.fixture(autouse=True)
def empty_shelf() -> None:
    for path in on_disk():
        path.unlink()


@pytest.mark.parametrize(
    ("kind", "media_type"), [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/webp")]
)
def test_a_picture_loses_what_a_camera_hid_in_it(kind: str, media_type: str) -> None:
    content = photo(kind) + b"SecretTail"
    kept, _ = checked(content, media_type=media_type)
    assert b"SecretCamera" in content
    assert b"Secret" not in kept
    with Image.open(BytesIO(kept)) as picture:
        assert dict(picture.getexif()) == ({ORIENTATION: 6} if kind == "JPEG" else {})
        assert ImageOps.exif_transpose(picture).size == (30, 40)  # and stands upright
        assert picture.format == kind


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "LA", "CMYK", "I;16", "1"])
def test_pictures_of_every_mode_are_kept(mode: str) -> None:
    kind = "JPEG" if mode == "CMYK" else "PNG"
    out = BytesIO()
    Image.new(mode, (5, 4)).save(out, kind)
    kept, _ = checked(out.getvalue(), media_type=f"image/{kind.lower()}")
    with Image.open(BytesIO(kept)) as picture:
        assert picture.size == (5, 4)


@pytest.mark.parametrize(
    ("content", "media_type", "refusal"),
    [
        (b"", "image/jpeg", Empty),
        (photo(), "image/png", TypeDiffers),
        (PDF, "image/jpeg", TypeDiffers),
        (b"MZ\x90\x00", "application/pdf", TypeDiffers),
        (b"<svg onload='x()'/>", "image/svg+xml", TypeRefused),
        (b"<html><script>x()</script>", "text/html", TypeRefused),
        (b"  <!DOCTYPE html><script>", "text/plain", TypeDiffers),
        (b"a,b\n\x00\x01", "text/csv", TypeDiffers),
        (photo()[:200], "image/jpeg", Broken),
        (b"\xff\xd8\xff" + b"x" * 50, "image/jpeg", Broken),
        (PDF[:-8], "application/pdf", Broken),
        (PDF.replace(b"/Type", b"/JavaScript (x) /Type"), "application/pdf", ActiveContent),
        (PDF.replace(b"/Type", b"/Launch /Type"), "application/pdf", ActiveContent),
        (PDF.replace(b"/Type", b"/Encrypt 5 0 R /Type"), "application/pdf", ActiveContent),
        (b"PK\x03\x04xxxx", XLSX, Broken),
        (b"GIF89a", "image/gif", TypeRefused),
        (b"x", "", TypeRefused),
    ],
)
def test_what_is_not_what_it_says_is_refused(
    content: bytes, media_type: str, refusal: type[HaiheError]
) -> None:
    with pytest.raises(refusal):
        store(content, media_type)
    assert not StoredFile.objects.exists()
    assert on_disk() == []


def test_a_name_like_an_action_is_no_action() -> None:
    assert checked(PDF.replace(b"/Type", b"/JSmith /Type"), media_type="application/pdf")


def test_a_picture_that_unpacks_to_gigabytes_is_refused_before_it_is_unpacked() -> None:
    out = BytesIO()
    Image.new("1", (30_000, 30_000)).save(out, "PNG")
    begins = time.perf_counter()
    with pytest.raises(TooManyPixels):
        checked(out.getvalue(), media_type="image/png")
    assert time.perf_counter() - begins < 1


def test_a_workbook_is_taken_and_one_with_a_program_is_not() -> None:
    def workbook(*names: str) -> bytes:
        out = BytesIO()
        with zipfile.ZipFile(out, "w") as parts:
            for name in names:
                parts.writestr(name, "x")
        return out.getvalue()

    whole = ("[Content_Types].xml", "xl/workbook.xml")
    assert checked(workbook(*whole), media_type=XLSX)
    with pytest.raises(ActiveContent):
        checked(workbook(*whole, "xl/vbaProject.bin"), media_type=XLSX)
    with pytest.raises(TypeDiffers):
        checked(workbook("word/document.xml"), media_type=XLSX)


@pytest.mark.parametrize(
    "text", ["姓名,数量\n王,1\n".encode(), "姓名\n".encode("gb18030"), b"a\tb\r\n"]
)
def test_tables_in_either_encoding_are_taken(text: bytes) -> None:
    assert checked(text, media_type="text/csv; charset=x") == (text, "text/csv")


@hypothesis_settings(max_examples=150, deadline=None)
@given(
    start=st.sampled_from([photo()[:600], photo("PNG")[:400], photo("WEBP"), PDF, b"PK\x03\x04"]),
    cut=st.integers(0, 600),
    noise=st.binary(max_size=60),
    media_type=st.sampled_from(
        ["image/jpeg", "image/png", "image/webp", "application/pdf", XLSX, "text/csv"]
    ),
)
def test_no_bytes_break_the_check(start: bytes, cut: int, noise: bytes, media_type: str) -> None:
    with suppress(HaiheError):
        checked(start[:cut] + noise + start[cut:], media_type=media_type)


def test_too_large_a_stream_is_not_read_to_its_end() -> None:
    class Endless(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            assert size is not None
            assert 0 < size <= MOST_BYTES + 1
            return b"x" * size

    with pytest.raises(TooLarge):
        store(Endless(), "text/plain")


def test_equal_bytes_are_kept_once_private_and_under_their_digest() -> None:
    first, second = store(), store(by=CLERK)
    [path] = on_disk()
    assert bytes(first.sha256) == bytes(second.sha256)
    assert path.parent.name + path.name == bytes(first.sha256).hex()
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert StoredFile.objects.count() == 2
    assert Entry.objects.filter(kind="files.stored").count() == 2


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [("../../etc/passwd", "passwd"), ("C:\\a\\b.pdf", "b.pdf"), ('a"\r\n<b>.pdf', "ab.pdf"),
     ("x" * 300 + ".pdf", "x" * 196 + ".pdf"), ("照片.pdf", "照片.pdf")],
)  # fmt: skip
def test_a_name_is_only_a_name(given_name: str, kept: str) -> None:
    assert store(name=given_name).name == kept


def test_ones_own_is_opened_freely_and_anothers_with_permission_and_reason() -> None:
    file = store(subject=b"s" * 16)
    assert actions.open_file(by=ADA, file=file).read() == PDF
    assert not Entry.objects.filter(kind="files.opened").exists()
    for stranger in (Actor("citizen", "9"), Actor("system", "1"), Actor("visitor", "visitor")):
        with pytest.raises(NotPermitted):
            actions.open_file(by=stranger, file=file, reason="because")
    with pytest.raises(NoReason):
        actions.open_file(by=CLERK, file=file, reason=" ")
    assert actions.open_file(by=CLERK, file=file, reason="check.licence").read() == PDF
    entry = Entry.objects.get(kind="files.opened")
    assert entry.purpose == "check.licence"
    assert bytes(entry.subject) == b"s" * 16


def test_bytes_that_changed_or_went_are_not_shown() -> None:
    file = store()
    [path] = on_disk()
    path.write_bytes(PDF.replace(b"Catalog", b"Cat4log"))
    with pytest.raises(Damaged):
        actions.open_file(by=ADA, file=file)
    path.unlink()
    with pytest.raises(Gone):
        actions.open_file(by=ADA, file=file)
    store()  # the same bytes again heal it
    assert actions.open_file(by=ADA, file=file).read() == PDF


def test_a_citizen_stores_and_an_officer_needs_the_permission() -> None:
    with pytest.raises(NotPermitted):
        store(by=Actor("officer", "3"))


def test_a_full_disk_leaves_nothing_half_done(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("haihe.kernel.files.internals.shelf.os.fsync", full)
    with pytest.raises(DiskFull) as refusal:
        store()
    assert refusal.value.status == 507
    monkeypatch.undo()
    assert not StoredFile.objects.exists()
    assert on_disk() == []
    assert store()


@pytest.mark.django_db(transaction=True)
def test_bytes_go_with_their_last_row() -> None:
    first, second = store(), store(by=CLERK)
    actions.drop(by=ADA, file=first)
    assert actions.open_file(by=CLERK, file=second).read() == PDF
    with pytest.raises(NotPermitted):
        actions.drop(by=ADA, file=second)
    actions.drop(by=CLERK, file=second)
    assert on_disk() == []
    assert Entry.objects.filter(kind="files.dropped").count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_deletion_that_is_taken_back_keeps_the_bytes() -> None:
    file = store()
    with transaction.atomic():
        actions.drop(by=ADA, file=file)
        transaction.set_rollback(True)
    assert actions.open_file(by=ADA, file=file).read() == PDF


@pytest.mark.django_db(transaction=True)
def test_the_clock_deletes_what_is_due_alone() -> None:
    due = store(keep_until=now() - timedelta(seconds=1))
    store(b"text", "text/plain", keep_until=now() + timedelta(days=1))
    store(b"more", "text/plain")
    assert actions.drop_due() == 1
    assert not StoredFile.objects.filter(pk=due.pk).exists()
    assert len(on_disk()) == 2
    assert actions.drop_due() == 0


def test_the_clock_clears_bytes_that_no_row_uses_after_a_day() -> None:
    with transaction.atomic():
        store(b"lost", "text/plain")
        transaction.set_rollback(True)
    store(b"kept", "text/plain")
    half = on_disk()[0].parent / ".half.new"
    half.write_bytes(b"x")
    assert actions.clear_orphans() == 0
    for path in on_disk():
        os.utime(path, (1, 1))
    assert actions.clear_orphans() == 2
    assert len(on_disk()) == 1


@pytest.mark.django_db(transaction=True)
def test_storing_and_deleting_the_same_bytes_at_once_never_loses_them() -> None:
    faults: list[BaseException] = []

    def churn(worker: int) -> None:
        mine = Actor("citizen", str(100 + worker))
        try:
            for _ in range(15):
                file = store(by=mine)
                assert actions.open_file(by=mine, file=file).read() == PDF
                actions.drop(by=mine, file=file)
        except BaseException as fault:  # noqa: BLE001 - shown by the test
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=churn, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert on_disk() == []
    assert settings().data.exists()


def segment(marker: int, content: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(content) + 2).to_bytes(2, "big") + content


@pytest.mark.parametrize(
    "more", [{}, {"progressive": True}, {"restart_marker_rows": 1}, {"quality": 100}]
)
@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_an_upright_photo_loses_all_beside_its_picture_and_nothing_of_it(
    mode: str, more: dict[str, Any]
) -> None:
    out = BytesIO()
    Image.effect_noise((200, 120), 80).convert(mode).save(
        out, "JPEG", comment=b"Secret", icc_profile=b"Secret" * 9, **more
    )
    plain = out.getvalue()
    hidden = [segment(marker, b"Secret") for marker in (*range(0xE1, 0xEE), 0xEF, 0xFE)]
    content = plain[:2] + b"".join(hidden) + plain[2:] + plain + b"Secret"
    kept, _ = checked(content, media_type="image/jpeg")
    assert b"Secret" not in kept
    assert kept.count(b"\xff\xd9") == 1
    with Image.open(BytesIO(kept)) as after, Image.open(BytesIO(plain)) as before:
        assert set(after.info) <= {"progressive", "progression"}
        assert after.tobytes() == before.tobytes()


def test_what_hides_between_the_scans_of_a_photo_is_lost_too() -> None:
    out = BytesIO()
    Image.effect_noise((64, 64), 80).save(out, "JPEG")
    plain = out.getvalue()
    content = plain[:-2] + segment(0xFE, b"Secret") + plain[-2:]
    kept, _ = checked(content, media_type="image/jpeg")
    assert b"Secret" not in kept


@pytest.mark.parametrize("way", range(10))
def test_a_turned_photo_keeps_its_picture_and_says_only_how_it_is_turned(way: int) -> None:
    tags, out = Image.Exif(), BytesIO()
    tags[0x010F], tags[ORIENTATION] = "Secret", way
    Image.effect_noise((64, 40), 80).save(out, "JPEG", exif=tags)
    kept, _ = checked(out.getvalue(), media_type="image/jpeg")
    assert b"Secret" not in kept
    with Image.open(BytesIO(kept)) as after, Image.open(BytesIO(out.getvalue())) as before:
        assert dict(after.getexif()) == ({ORIENTATION: way} if 2 <= way <= 8 else {})
        assert set(after.info) <= {"exif", "dpi"}
        wanted = ImageOps.exif_transpose(before).tobytes()
        assert ImageOps.exif_transpose(after).tobytes() == wanted


def test_a_turned_photo_takes_no_second_copy_when_it_is_stored_again() -> None:
    once, _ = checked(photo(), media_type="image/jpeg")
    assert checked(once, media_type="image/jpeg") == (once, "image/jpeg")


def face() -> Image.Image:
    """A drawn face in the middle of a field: enough of one for whoever looks for faces."""
    picture = Image.new("RGB", (640, 480), (120, 140, 120))
    pen = ImageDraw.Draw(picture)
    pen.ellipse((242, 120, 398, 330), fill=(50, 40, 35))
    pen.ellipse((250, 140, 390, 330), fill=(225, 185, 160))
    for left in (274, 332):
        pen.rectangle((left - 3, 192, left + 37, 200), fill=(60, 40, 30))
        pen.ellipse((left, 206, left + 34, 224), fill=(90, 60, 50))
        pen.ellipse((left + 11, 208, left + 23, 222), fill=(20, 20, 20))
    pen.polygon([(320, 220), (308, 265), (332, 265)], fill=(205, 165, 140))
    pen.ellipse((308, 258, 332, 270), fill=(170, 120, 100))
    pen.ellipse((292, 285, 348, 303), fill=(150, 70, 70))
    return picture.filter(ImageFilter.GaussianBlur(3))


@pytest.mark.parametrize("way", [1, 6, 8])
@pytest.mark.parametrize("times", [1, 4])
def test_a_face_is_covered_however_the_phone_was_held(way: int, times: int) -> None:
    upright = face().resize((640 * times, 480 * times))
    back = {1: None, 6: Image.Transpose.ROTATE_90, 8: Image.Transpose.ROTATE_270}[way]
    held = upright if back is None else upright.transpose(back)
    tags, out = Image.Exif(), BytesIO()
    tags[ORIENTATION] = way
    held.save(out, "JPEG", exif=tags)
    copy, places = blurred(checked(out.getvalue(), media_type="image/jpeg")[0])
    assert places > 0
    with Image.open(BytesIO(copy)) as shown:
        assert shown.size == (1280, 960) if times > 2 else (640, 480)  # and stands upright
        assert not shown.getexif()
        small = shown.resize((640, 480))
        eye, brow = small.getpixel((291, 215)), small.getpixel((291, 180))
    assert sum(abs(a - b) for a, b in zip(eye, brow, strict=True)) < 90  # type: ignore[arg-type]
    clear = face()
    eye, brow = clear.getpixel((291, 215)), clear.getpixel((291, 180))
    assert sum(abs(a - b) for a, b in zip(eye, brow, strict=True)) > 300  # type: ignore[arg-type]


def test_photos_that_are_blurred_side_by_side_are_blurred_as_alone() -> None:
    out = BytesIO()
    face().save(out, "JPEG")
    alone = blurred(out.getvalue())
    with ThreadPoolExecutor(4) as together:
        assert set(together.map(blurred, [out.getvalue()] * 12)) == {alone}


def test_what_only_begins_as_a_photo_is_refused_by_blurring() -> None:
    for content in (b"", b"\xff\xd8\xff", b"no photo", b"\x89PNG\r\n\x1a\n" + bytes(40)):
        with pytest.raises(Broken):
            blurred(content)
