"""What is written is read the same, in all three formats, whatever it says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haihe.edges import dcat
from haihe.edges.dcat import Dataset, Page, Unwritable
from tests.edges.dcat.made_up import CITY, HOME, page, pages, parcels, settled

FORMS = st.sampled_from(list(dcat.FORMATS))


def again(given: Page, form: str) -> Page:
    return dcat.read_page(dcat.write_page(given, form=form), media_type=dcat.FORMATS[form])


@given(pages(), FORMS)
def test_a_haihe_that_reads_another_loses_nothing(given: Page, form: str) -> None:
    found = again(given, form)
    assert found.catalogue == settled(given.catalogue)
    assert found.datasets == settled(given.datasets, "datasets")


@pytest.mark.parametrize("form", dcat.FORMATS)
def test_a_full_dataset_is_read_back_whole_and_without_fault(form: str) -> None:
    found = again(page(), form)
    assert (found.catalogue, found.datasets, found.faults) == (CITY, (parcels(),), ())


@pytest.mark.parametrize("form", dcat.FORMATS)
def test_a_vocabulary_elsewhere_is_read_by_who_knows_it(form: str) -> None:
    elsewhere = "https://terms.example/x?a=1&b=%22#"
    content = dcat.write_page(page(), form=form, terms=elsewhere)
    kind = dcat.FORMATS[form]
    assert dcat.read_page(content, media_type=kind, terms=elsewhere).datasets == (parcels(),)
    assert dcat.read_page(content, media_type=kind).datasets[0].items == ()


@pytest.mark.parametrize("form", dcat.FORMATS)
def test_following_the_next_address_visits_every_dataset_once(form: str) -> None:
    datasets = [parcels(number) for number in range(1, 8)]
    written = dict(enumerate(dcat.write_pages(CITY, datasets, 3, form=form), 1))
    by_address = {f"{HOME}/catalogue?page={number}": each for number, each in written.items()}
    seen: list[Dataset] = []
    where = f"{HOME}/catalogue?page=1"
    while where:
        found = dcat.read_page(by_address.pop(where), media_type=dcat.FORMATS[form])
        assert (found.total, found.size, found.address) == (7, 3, where)
        assert found.last == f"{HOME}/catalogue?page=3"
        seen += found.datasets
        where = found.next
    assert seen == datasets
    assert by_address == {}


def test_pages_of_an_unknown_number_of_datasets_end_where_they_end() -> None:
    datasets = (parcels(number) for number in range(1, 5))
    found = [
        dcat.read_page(each, media_type="text/turtle")
        for each in dcat.write_pages(CITY, datasets, 2)
    ]
    assert [(len(each.datasets), bool(each.next), each.last) for each in found] == [
        (2, True, ""),
        (2, False, ""),
    ]


def test_an_empty_catalogue_is_one_page_that_says_so() -> None:
    (written,) = dcat.write_pages(CITY, [])
    found = dcat.read_page(written, media_type="text/turtle")
    assert (found.total, found.datasets, found.next) == (0, (), "")


def test_a_dataset_without_an_absolute_address_is_not_written() -> None:
    for where in ("", "lake.parcels", "dct:title", "https://a b.example:x/"):
        with pytest.raises(Unwritable):
            dcat.write_page(page(parcels(address=where)))


def test_sharing_between_departments_is_not_told_as_public() -> None:
    shared = parcels(sharing_class="unconditional", open_class="closed")
    opened = parcels(sharing_class="withheld", open_class="unconditional")
    held = parcels(sharing_class="withheld", open_class="closed")
    written = [dcat.write_page(page(each)) for each in (shared, opened, held)]
    rights = [each.partition(b"access-right/")[2][:6] for each in written]
    assert rights == [b"RESTRI", b"PUBLIC", b"NON_PU"]


@pytest.mark.parametrize("form", dcat.FORMATS)
@pytest.mark.parametrize("tail", ["?", "x;", "#", "a/../b", "?q=宗&x=%E5", "a[1]"])
def test_an_odd_address_stays_the_address_that_it_was(form: str, tail: str) -> None:
    given = parcels(landing_page=f"https://a.example/{tail}")
    (found,) = again(page(given), form).datasets
    assert found == settled(given)
