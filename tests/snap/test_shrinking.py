"""Photos are made smaller on the phone; where they were taken and how it was held goes along."""

from __future__ import annotations

import pytest
from PIL import Image
from playwright.sync_api import expect

from haihe.project.demo.grids import make_grids
from haihe.project.pack.load import loader
from haihe.systems.snap.models import Receipt, SnapPhoto
from tests import needs
from tests.pages.browser import Opening
from tests.pages.photos import BIG, LITTLE, choose, shot, stored

pytestmark = [needs.chromium, pytest.mark.django_db(transaction=True)]

PHONE = (360, 740)
SENT_MS = 45_000
NO_BITMAP = "delete window.createImageBitmap"
NO_FILES = "delete window.DataTransfer"
NOISE = """CanvasRenderingContext2D.prototype.getImageData = () =>
  ({ data: new Uint8ClampedArray([250, 3, 120, 255]) })"""


@pytest.fixture
def gridded(city: None) -> None:
    """Riverton with its grids."""
    make_grids(by=loader())


def is_red(picture: Image.Image, x: float, y: float) -> bool:
    red, _, blue = picture.getpixel((x * (picture.width - 1), y * (picture.height - 1)))  # type: ignore[misc]
    return bool(red > blue + 60)


@pytest.mark.parametrize(("order", "script"), [(LITTLE, ""), (BIG, NO_BITMAP)])
def test_a_large_photo_arrives_small_upright_and_with_its_place(
    gridded: None, opened: Opening, order: str, script: str
) -> None:
    page = opened(language="en", size=PHONE).new_page()
    page.add_init_script(script)
    page.goto("/snap/report/")
    choose(page, shot(order=order))
    page.get_by_role("button", name="On to the place").click()  # waits until it is smaller
    page.wait_for_url("**/snap/report/place/")
    picture, size = stored()
    assert picture.size == (1536, 2048)
    assert size < 1_000_000
    assert is_red(picture, 0.95, 0.5)  # turned clockwise: what the camera had on top
    assert not is_red(picture, 0.05, 0.5)
    page.get_by_role("button", name="Where the photo was taken").click()
    page.wait_for_url("**/snap/report/send/")
    point = page.locator("form[data-sends]").evaluate("form => ({...form.dataset})")
    assert float(point["longitude"]) == pytest.approx(150.055814, abs=1e-6)
    assert float(point["latitude"]) == pytest.approx(30.152942, abs=1e-6)


@pytest.mark.parametrize("script", [NO_FILES, NOISE])
def test_where_it_cannot_be_made_smaller_the_photo_goes_as_it_is(
    gridded: None, opened: Opening, script: str
) -> None:
    page = opened(language="en", size=PHONE).new_page()
    page.add_init_script(script)
    page.goto("/snap/report/")
    choose(page, shot())
    page.get_by_role("button", name="On to the place").click()
    page.wait_for_url("**/snap/report/place/")
    assert stored()[0].size == (3000, 4000)
    expect(page.get_by_role("button", name="Where the photo was taken")).to_be_visible()


@pytest.mark.parametrize("way", [3, 8])
def test_without_a_network_it_is_kept_small(gridded: None, opened: Opening, way: int) -> None:
    page = opened(language="en", size=PHONE).new_page()
    page.goto("/snap/report/")
    page.context.set_offline(True)
    page.locator("[data-later]").wait_for()
    choose(page, shot(place=False, way=way))
    page.locator("[name=division]").select_option("D01W01")
    page.locator("[name=category][value=public]").check()
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("[data-unsent]")).to_contain_text("1 report waits", timeout=SENT_MS)
    page.context.set_offline(False)
    expect(page.locator("[data-unsent]")).to_contain_text("Sent. Its number:", timeout=SENT_MS)
    assert SnapPhoto.objects.get().receipt == Receipt.objects.get()
    picture, size = stored()
    assert max(picture.size) == 2048
    assert size < 1_000_000
    top = {3: (0.5, 0.95), 8: (0.05, 0.5)}[way]
    assert is_red(picture, *top)
    assert not is_red(picture, 1 - top[0], 1 - top[1])


def test_what_is_kept_while_it_is_written_is_small_too(gridded: None, opened: Opening) -> None:
    page = opened(language="en", size=PHONE).new_page()
    page.goto("/snap/report/")
    choose(page, shot())
    small = "() => document.querySelector('[name=photos]').files[0].size < 1e6"
    page.wait_for_function(small)
    page.reload()
    page.wait_for_function(small.replace("files[0]", "files[0]?"))
    assert not SnapPhoto.objects.exists()


def test_a_form_without_a_script_sends_the_photo_as_it_is(gridded: None, opened: Opening) -> None:
    page = opened(language="en", size=PHONE, java_script_enabled=False).new_page()
    page.goto("/snap/report/")
    choose(page, shot())
    page.get_by_role("button", name="On to the place").click()
    page.wait_for_url("**/snap/report/place/")
    assert stored()[0].size == (3000, 4000)
    page.get_by_role("button", name="Where the photo was taken").click()
    page.wait_for_url("**/snap/report/send/")
