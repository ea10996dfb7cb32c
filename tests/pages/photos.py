"""Photos as phones take them, for tests of what becomes of them."""

from __future__ import annotations

from functools import cache
from io import BytesIO

from PIL import ExifTags, Image, ImageOps
from playwright.sync_api import Page

from haihe.kernel.files.internals import shelf
from haihe.kernel.files.models import StoredFile

LITTLE, BIG = "<", ">"
"""Which byte of a number a camera writes first."""
TURNED = 6


@cache
def scene() -> Image.Image:
    """Twelve million pixels, as the camera of a phone sees them: red on top, and grain."""
    grain = Image.effect_noise((2000, 1500), 40).resize((4000, 3000)).convert("RGB")
    sky = Image.linear_gradient("L").resize((4000, 3000))
    top = Image.composite(
        Image.new("RGB", (4000, 3000), "blue"), Image.new("RGB", (4000, 3000), "red"), sky
    )
    return Image.blend(top, grain, 0.3)


def shot(*, order: str = LITTLE, place: bool = True, way: int = TURNED) -> bytes:
    """A photo of it by a phone that was held in a way, at a place in riverton."""
    marks, out = Image.Exif(), BytesIO()
    marks.endian = order
    marks[ExifTags.Base.Make], marks[ExifTags.Base.Orientation] = "SecretCamera", way
    if place:
        marks.get_ifd(ExifTags.IFD.GPSInfo).update(
            {1: "N", 2: (30.0, 9.0, 10.59), 3: "E", 4: (150.0, 3.0, 20.93), 29: "2026:11:27"}
        )
    scene().save(out, "JPEG", quality=90, exif=marks)
    return out.getvalue()


def choose(page: Page, content: bytes) -> None:
    """Choose it in the form, as a person takes a photo."""
    file = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": content}
    page.locator("[name=photos]").set_input_files([file])  # type: ignore[list-item]


def stored() -> tuple[Image.Image, int]:
    """The one photo that is kept, upright, and its size in bytes."""
    row = StoredFile.objects.get(media_type="image/jpeg")
    content = shelf.get(bytes(row.sha256))
    assert b"Secret" not in content
    return ImageOps.exif_transpose(Image.open(BytesIO(content))), row.size
