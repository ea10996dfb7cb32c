"""A pack is loaded through the kernel's actions: all or nothing, and again without effect."""

from __future__ import annotations

from pathlib import Path

import pytest

from haihe.kernel.catalogue import queries as catalogue
from haihe.kernel.catalogue.models import NegativeEntry, Resource, Responsibility
from haihe.kernel.ledger.models import Entry
from haihe.kernel.org.models import Department, Post
from haihe.kernel.places import queries as places
from haihe.kernel.places.models import Division
from haihe.project.pack.faults import FaultyPack
from haihe.project.pack.load import load_city
from tests.cities.test_packs import WELFARE, copy, spoil

pytestmark = pytest.mark.django_db


def test_the_small_city_is_loaded_whole() -> None:
    load_city("riverton")
    assert Division.objects.count() == 13
    assert Department.objects.count() == 11
    assert Resource.objects.filter(state="published").count() == 11
    assert Responsibility.objects.count() == 11
    assert NegativeEntry.objects.count() == 3
    assert places.division_at(150.05, 30.05, datum="WGS-84", level=1) == "D01"
    assert places.division_at(150.05, 30.05, datum="WGS-84", level=2) in {"D01W01", "D01W02"}


def test_columns_on_the_negative_list_can_not_be_granted() -> None:
    load_city("riverton")
    names = {column.name for column in catalogue.grantable_columns("welfare.disability")}
    assert "diagnosis" not in names
    assert "grade" in names


def test_loading_again_changes_nothing_and_writes_no_entry() -> None:
    load_city("riverton")
    entries = Entry.objects.count()
    posts = Post.objects.count()
    load_city("riverton")
    assert Entry.objects.count() == entries
    assert Post.objects.count() == posts


def test_loading_a_changed_pack_changes_only_that(tmp_path: Path) -> None:
    load_city("riverton")
    folder = copy(tmp_path)
    spoil("divisions.csv", "Harbour District", "Haven District")(folder)
    spoil(WELFARE, 'en: "Household number"', 'en: "Number of the household"')(folder)
    entries = Entry.objects.count()
    load_city(str(folder))
    kinds = Entry.objects.order_by("pk").values_list("kind", flat=True)[entries:]
    assert sorted(kinds) == ["catalogue.resource.published", "places.divisions.loaded"]
    assert places.division("D03").name["en"] == "Haven District"


def test_a_faulty_pack_loads_nothing(tmp_path: Path) -> None:
    folder = copy(tmp_path)
    spoil("negative.yaml", "/diagnosis", "/prognosis")(folder)
    with pytest.raises(FaultyPack, match="pack: 1"):
        load_city(str(folder))
    assert not Division.objects.exists()
    assert not Entry.objects.exists()


def test_a_load_that_fails_half_way_leaves_nothing(tmp_path: Path) -> None:
    """What the check can't see: another department owns the code already."""
    folder = copy(tmp_path)
    load_city("riverton")
    before = (Division.objects.count(), Entry.objects.count())
    spoil("divisions.csv", "Harbour District", "Haven District")(folder)
    text = (folder / WELFARE).read_text(encoding="utf-8")
    (folder / WELFARE).write_text(
        text.replace("department: welfare", "department: land").replace(
            "system: welfare.support", "system: land.register"
        ),
        encoding="utf-8",
    )
    with pytest.raises(Exception, match="belongs to another"):
        load_city(str(folder))
    assert (Division.objects.count(), Entry.objects.count()) == before
    assert places.division("D03").name["en"] == "Harbour District"


def test_the_reference_city_is_loaded_whole() -> None:
    load_city("tianjin")
    assert len(places.divisions(1)) == 16
    assert len(places.divisions(2)) == 299
    assert len(places.divisions(3)) == 5617
    assert Department.objects.filter(kind="department").count() == 67
    assert places.division_at(117.1955, 39.1186, datum="GCJ-02", level=1) == "120101"
