"""Searching the catalogue: Chinese pieces, pinyin, codes and beginnings, narrowed by facets."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from haihe.kernel.catalogue import actions, queries
from haihe.kernel.catalogue.declare import ColumnDraft
from haihe.kernel.catalogue.internals.words import asked, pieces, pinyin_pieces, runs
from haihe.kernel.catalogue.models import Resource, Searchable
from tests.catalogue.builders import PROVIDER, STEWARD, Small, publish

pytestmark = pytest.mark.django_db
COLUMNS = [ColumnDraft("number", "text", {"zh": "编号"}, is_key=True)]


@pytest.fixture(autouse=True)
def streets(small: Small) -> None:
    """A second resource with words of its own."""
    publish("civil/streets", free=True, title={"en": "Streets", "zh": "街道"}, columns=COLUMNS)


def found(words: str = "", **narrowed: str) -> list[str]:
    return [each.code for each in queries.search(words, **narrowed)]


@pytest.mark.parametrize(
    "words",
    ["家庭", "家", "HOUSEHOLDS", "house", "收入", "income households", "jt", "jiating", "civil/ho"],
)
def test_a_resource_is_found_by_any_of_its_words(small: Small, words: str) -> None:
    assert "civil/households" in found(words)


@pytest.mark.parametrize(
    "words", ["income nonsense", "100%", "' | 'x", "家收入家", "ouseholds", "!"]
)
def test_what_it_does_not_say_does_not_find_it(small: Small, words: str) -> None:
    assert "civil/households" not in found(words)


def test_a_part_of_a_long_chinese_title_finds_it_and_the_same_signs_elsewhere_do_not(
    small: Small,
) -> None:
    publish(title={"zh": "住房公积金缴存信息", "en": "Housing fund"})
    for words in (
        "公积金",
        "住房公积金缴存",
        "缴存信息",
        "gjj",
        "zfgjj",
        "gongjijin",
        "公积金 fund",
    ):
        assert found(words) == ["civil/households"], words
    assert found("公信息") == []


def test_what_is_found_in_a_title_comes_first(small: Small) -> None:
    publish(abstract={"en": "Nothing of streets"})
    assert found("streets") == ["civil/streets", "civil/households"]


def test_facets_count_what_is_found_and_narrow_it(small: Small) -> None:
    whole = queries.search().counted()
    assert (whole.total, dict(whole.facets["department"])) == (2, {"civil": 2})
    assert sum(count for _, count in whole.facets["sharing_class"]) == 2
    assert found(sharing_class="unconditional") == [small.low_income.code]
    assert found(department="housing") == []
    assert queries.search(department="housing").counted().total == 0


def test_a_class_holds_all_the_places_below_it(small: Small) -> None:
    publish(classification="1-03-02")
    for place in ("1", "1-03", "1-03-02"):
        assert found(classification=place) == ["civil/households"], place
    assert found(classification="1-0") == []
    assert dict(queries.search().counted().facets["classification"]) == {"1-03": 1}


def test_a_resource_published_again_is_found_by_its_new_words_alone(small: Small) -> None:
    publish(title={"en": "Dwellings"})
    assert found("dwellings") == ["civil/households"]
    assert "civil/households" not in found("家庭")
    assert Searchable.objects.count() == Resource.objects.count()


def test_pages_of_a_search_hold_each_resource_once(small: Small) -> None:
    drafts = [
        {"code": f"civil/r{n:02}", "title": {"zh": f"登记信息{n}"}, "department": "civil",
         "table": f"civil.r{n}", "sharing_class": "unconditional", "columns": COLUMNS}
        for n in range(40)
    ]  # fmt: skip
    actions.publish_resources(by=PROVIDER, drafts=drafts)  # type: ignore[arg-type]
    search = queries.search("登记")
    pages = [each.code for start in (0, 15, 30) for each in search[start : start + 15]]
    assert len(search) == 40
    assert pages == [draft["code"] for draft in drafts]


def test_proposed_resources_are_found_only_when_asked_for(small: Small) -> None:
    actions.propose_resource(
        by=STEWARD, code="civil/new", title={"en": "New"}, department="civil", table="civil.new",
        sharing_class="unconditional", columns=COLUMNS,
    )  # fmt: skip
    assert found("new") == []
    assert found("new", state="proposed") == ["civil/new"]


def test_what_was_written_before_the_index_is_found_after_the_next_migration(small: Small) -> None:
    Searchable.objects.all().delete()
    assert found("家庭") == []
    call_command("migrate", "catalogue", verbosity=0)
    assert found("家庭") == ["civil/households"]


def test_an_unknown_facet_is_a_mistake_of_the_caller(small: Small) -> None:
    with pytest.raises(TypeError, match="colour"):
        queries.search(colour="red")


@given(st.text(max_size=30), st.text(max_size=30))
def test_every_run_of_a_text_asks_for_pieces_that_the_text_has(text: str, other: str) -> None:
    held = pieces([text, other])
    for run in runs(text):
        for piece in asked(run).replace("'", "").split(" & "):
            ways = [each.removesuffix(":*") for each in piece.strip("()").split(" | ")]
            assert any(each.startswith(begins) for begins in ways for each in held)


@given(st.text(alphabet="天津市住房公积金重庆abc1 ", max_size=20))
def test_pinyin_is_small_letters_from_each_syllable_on(text: str) -> None:
    for piece in pinyin_pieces([text]):
        assert piece.isalpha()
        assert piece == piece.lower()
