"""Grids on their pages: seen, uploaded, drawn on the map, checked, published."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from haihe.engine.coverage import as_geometry, measured, noded
from haihe.kernel.org.models import Account
from haihe.kernel.places import queries
from haihe.kernel.places.models import GridPlan
from haihe.kernel.places.queries import today
from haihe.project.demo.grids import make_grids
from haihe.project.pack.load import loader
from haihe.ui.frame import policy
from tests import needs
from tests.pages.browser import Opening, faults, overflow, small_texts
from tests.pages.cities import client_of, officer

STREET = "/grid/D01/"


@pytest.fixture
def ann(city: None) -> Account:
    """An officer who may do everything, in a city whose grids are made."""
    make_grids(by=loader())
    return officer("data_office", "Ann")


@pytest.fixture
def client(ann: Account) -> Client:
    found = client_of(ann)
    found.cookies["django_language"] = "en"
    return found


def file_of(client: Client) -> dict[str, Any]:
    answer = client.get(f"{STREET}grids.geojson")
    assert answer["Content-Type"] == "application/geo+json"
    return dict(json.loads(answer.content))


def upload(client: Client, grids: object, **more: str) -> str:
    """The page after an upload of that content."""
    content = grids if isinstance(grids, bytes) else json.dumps(grids).encode()
    form = {"datum": "WGS-84", "source": "drawn", **more}
    form["file"] = SimpleUploadedFile("grids.geojson", content)
    return client.post(f"{STREET}save", form, follow=True).content.decode()


@pytest.mark.django_db
def test_the_list_shows_every_street_and_finds_one(client: Client) -> None:
    page = client.get("/grid/").content.decode()
    assert page.count("<tr>") == 4
    page = client.get("/grid/", {"words": "D02"}).content.decode()
    assert page.count("<tr>") == 2


@pytest.mark.django_db
def test_a_street_shows_its_grids_as_a_table_and_says_that_they_are_schematic(
    client: Client,
) -> None:
    page = client.get(STREET).content.decode()
    assert "D01W01G01" in page
    assert "Schematic" in page
    assert "Seamless" in page
    data = re.search(r'<script id="cells-data" type="application/json">(.*?)</script>', page)
    assert data is not None
    drawn = json.loads(data[1].replace("\\u003C", "<"))
    assert len(drawn["cells"]["features"]) == 11
    assert drawn["tiles"] == []


@pytest.mark.django_db
def test_what_is_downloaded_can_be_uploaded_and_published(client: Client) -> None:
    page = upload(client, file_of(client))
    assert "Saved as the draft" in page
    assert "Seamless" in page
    day = today().isoformat()
    page = client.post(f"{STREET}publish", {"valid_from": day}, follow=True).content.decode()
    assert "Published" in page
    plan = queries.current_plan("D01")
    assert plan is not None
    assert (plan.version, plan.grids.count()) == (2, 11)
    old = client.get(STREET, {"version": "1"}).content.decode()
    assert "can only be looked at" in old
    assert 'name="drawing"' not in old


@pytest.mark.django_db
def test_faults_of_a_draft_stand_in_words_and_it_is_not_published(client: Client) -> None:
    grids = file_of(client)
    del grids["features"][0]
    page = upload(client, grids)
    assert "No grid covers this place" in page
    assert "1 fault keeps" in page
    day = today().isoformat()
    page = client.post(f"{STREET}publish", {"valid_from": day}, follow=True).content.decode()
    assert "do not cover the street" in page or "Faults: 1" in page
    assert GridPlan.objects.filter(division="D01", version__isnull=False).count() == 1
    client.post(f"{STREET}drop")
    assert queries.draft_of("D01") is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b"[]", b"\xff\xfe", b'{"features": 3}', b'{"features": [{}]}',
     b'{"features": [{"properties": null, "geometry": null}]}',
     b'{"features": [{"properties": {"code": "D01W01G01"}, "geometry": [1]}]}',
     b'{"features": [{"properties": {"code": "D01W01G01"}, "geometry": {"type": "Point"}}]}',
     b'{"features": []}', b"[" * 100_000],
)  # fmt: skip
def test_a_file_that_holds_no_grids_is_refused_and_nothing_is_kept(
    client: Client, content: bytes
) -> None:
    assert "Saved as the draft" not in upload(client, content)
    assert queries.draft_of("D01") is None


@pytest.mark.django_db
def test_a_file_of_another_datum_is_refused(client: Client) -> None:
    page = upload(client, file_of(client), datum="GCJ-02")
    assert "The file says WGS-84" in page
    assert queries.draft_of("D01") is None


@pytest.mark.django_db
def test_drawing_and_publishing_each_need_their_permission(ann: Account) -> None:
    drawer = client_of(officer("data_office", "Bob", permissions=("places.grids.plan",)))
    assert drawer.get(STREET).status_code == 200
    assert drawer.post(f"{STREET}publish").status_code == 403
    nobody = client_of(officer("data_office", "Cid", permissions=()))
    for path in ("", "D01/", "D01/grids.geojson"):
        assert nobody.get(f"/grid/{path}").status_code == 403
    for verb in ("save", "drop"):
        assert nobody.post(f"{STREET}{verb}").status_code == 403
    assert drawer.get("/grid/nowhere/").status_code == 404


def test_a_page_loads_images_of_the_base_map_alone() -> None:
    assert "blob:;" in policy("")
    assert "blob: https://maps.example:8443;" in policy("https://maps.example:8443/{z}/{x}/{y}.png")


@needs.chromium
@pytest.mark.django_db(transaction=True)
def test_the_pages_are_accessible_and_reflow(opened: Opening, ann: Account) -> None:
    for language in ("zh-hans", "en"):
        page = opened(ann, language=language).new_page()
        said: list[str] = []
        page.on("pageerror", lambda fault, said=said: said.append(str(fault)))
        page.on("console", lambda line, said=said: said.append(line.text))
        for address in ("/grid/", STREET):
            page.goto(address)
            page.set_viewport_size({"width": 1440, "height": 900})
            assert faults(page) == []
            page.set_viewport_size({"width": 360, "height": 740})
            assert faults(page) == []
            assert small_texts(page) == []
            page.set_viewport_size({"width": 320, "height": 640})
            assert overflow(page) == 0
        assert said == []


@needs.chromium
@pytest.mark.django_db(transaction=True)
def test_a_corner_is_moved_by_keyboard_and_neighbours_follow(opened: Opening, ann: Account) -> None:
    page = opened(ann, language="en").new_page()
    page.goto(STREET)
    page.get_by_role("button", name="On the map D01W01G02").click()
    assert page.locator(".hh-corner").count() >= 3
    page.get_by_role("button", name=f"Corner {_inner_corner('D01W01G02')} of grid").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowUp")
    assert "Corners moved, not saved yet: 1" in page.get_by_role("status").all_inner_texts()
    assert faults(page) == []
    page.get_by_role("button", name="Save the drawing as draft").click()
    page.get_by_text("Saved as the draft").wait_for()
    draft = queries.draft_of("D01")
    assert draft is not None
    before = _shapes(queries.current_plan("D01"))
    changed = [code for code, shape in _shapes(draft).items() if shape != before[code]]
    assert len(changed) >= 2
    assert queries.grid_faults(draft) == []


@needs.chromium
@pytest.mark.django_db(transaction=True)
def test_a_corner_is_dragged_and_a_fault_is_shown_on_the_map(opened: Opening, ann: Account) -> None:
    """An outer corner: grids reach beyond the outline, or leave a gap along it."""
    page = opened(ann, language="en").new_page()
    page.goto(STREET)
    page.get_by_role("button", name="On the map D01W01G02").click()
    corner = page.locator(".hh-corner").first
    corner.hover()
    at = corner.bounding_box()
    assert at is not None
    page.mouse.down()
    page.mouse.move(at["x"] + 90, at["y"] + 60, steps=6)
    page.mouse.up()
    assert "Corners moved, not saved yet: 1" in page.get_by_role("status").all_inner_texts()
    page.get_by_role("button", name="Save the drawing as draft").click()
    page.get_by_text("Saved as the draft").wait_for()
    page.get_by_role("button", name="Show on the map").first.click()
    assert page.locator("path[stroke='#b3261e']").count() >= 1
    draft = queries.draft_of("D01")
    assert draft is not None
    assert queries.grid_faults(draft)


def test_a_grid_is_divided_and_joined_again_by_the_form_alone(client: Client) -> None:
    before = _shapes(queries.current_plan("D01"))
    given = {"grid": "D01W01G02", "way": "upright", "share": "40"}
    page = client.post(f"{STREET}divide", given, follow=True).content.decode()
    assert "Divided: the new grid stands in the table." in page
    draft = queries.draft_of("D01")
    assert draft is not None
    assert queries.grid_faults(draft) == []
    after = _shapes(draft)
    [new] = after.keys() - before.keys()
    assert new.startswith("D01W01G")
    assert after[new] < after["D01W01G02"] < before["D01W01G02"]
    # Each area is reckoned on a plane of its own.
    assert after[new] + after["D01W01G02"] == pytest.approx(before["D01W01G02"], rel=1e-4)
    page = client.post(
        f"{STREET}join", {"grid": "D01W01G02", "other": new}, follow=True
    ).content.decode()
    assert "Joined: the other code ends." in page
    draft = queries.draft_of("D01")
    assert draft is not None
    assert _shapes(draft).keys() == before.keys()
    assert queries.grid_faults(draft) == []
    again = client.post(f"{STREET}divide", given, follow=True)
    assert again.status_code == 200
    assert queries.draft_of("D01") is not None


@pytest.mark.parametrize(
    ("path", "given", "said"),
    [
        ("divide", {"grid": "D09", "way": "upright", "share": "50"}, "Choose a grid"),
        ("divide", {"grid": "D01W01G01", "way": "upright", "share": "0"}, "Choose a grid"),
        (
            "divide",
            {"grid": "D01W01G01", "way": "upright", "share": "50", "line": "[[1,2],[3,4]]"},
            "does not divide the grid into two",
        ),
        (
            "divide",
            {"grid": "D01W01G01", "way": "upright", "share": "50", "line": "[[1,"},
            "Choose a grid",
        ),
        ("join", {"grid": "D01W01G01", "other": "D01W01G01"}, "do not lie side by side"),
        ("join", {"grid": "D01W01G01", "other": "D01W02G01"}, "different communities"),
    ],
)
def test_what_can_t_be_divided_or_joined_is_said_and_no_draft_is_made(
    client: Client, path: str, given: dict[str, str], said: str
) -> None:
    page = client.post(f"{STREET}{path}", given, follow=True).content.decode()
    assert said in page
    assert queries.draft_of("D01") is None


@needs.chromium
@pytest.mark.django_db(transaction=True)
def test_a_grid_is_divided_by_a_line_drawn_on_the_map(opened: Opening, ann: Account) -> None:
    page = opened(ann, language="en").new_page()
    page.goto(STREET)
    before = _shapes(queries.current_plan("D01"))
    page.get_by_role("button", name="On the map D01W01G02").click()
    assert page.get_by_label("Grid", exact=True).input_value() == "D01W01G02"
    page.get_by_role("button", name="Draw the line on the map").click()
    box = page.locator("#cells").bounding_box()
    assert box is not None
    for across in (0.08, 0.92):
        page.mouse.click(box["x"] + box["width"] * across, box["y"] + box["height"] * 0.5)
    assert "Corners of the line: 2" in page.get_by_role("status").all_inner_texts()
    assert faults(page) == []
    page.get_by_role("button", name="Divide", exact=True).click()
    page.get_by_text("Divided: the new grid stands in the table.").wait_for()
    draft = queries.draft_of("D01")
    assert draft is not None
    assert len(_shapes(draft)) == len(before) + 1
    assert queries.grid_faults(draft) == []


def _shapes(plan: GridPlan | None) -> dict[str, float]:
    """The area of each grid of a plan, to a square metre."""
    assert plan is not None
    return {each.code: measured(bytes(each.shape))[0] for each in queries.grids_in(plan)}


def _inner_corner(code: str) -> int:
    """The number on the map of a corner that three grids share: it lies inside the street."""
    plan = queries.current_plan("D01")
    assert plan is not None
    shapes = noded({each.code: bytes(each.shape) for each in queries.grids_in(plan)})
    corners = [tuple(at) for at in as_geometry(shapes[code])["coordinates"][0][:-1]]
    others = [
        {tuple(at) for ring in as_geometry(shape)["coordinates"] for at in ring}
        for key, shape in shapes.items()
        if key != code
    ]
    shared = (i for i, at in enumerate(corners, 1) if sum(at in other for other in others) == 2)
    return next(shared)
