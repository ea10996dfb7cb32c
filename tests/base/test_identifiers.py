"""Identity numbers and credit codes: check digits alone, the same in Python and in SQL."""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.cn import ric, uscc

from haihe.base.errors import NotFound
from haihe.base.identifiers import SCHEMES, check_sql, is_valid

RENAMED_PLACES = ("120223", "120221", "120225", "441900", "442000", "460400", "810000", "830000")
"""Counties renamed or founded since, and residence permits: place rules refuse them."""


def person(place: str, born: str = "19620315", serial: str = "121") -> str:
    """A number with a right check digit."""
    return place + born + serial + ric.calc_check_digit(f"{place}{born}{serial}0")


@pytest.mark.parametrize("place", RENAMED_PLACES)
def test_a_person_of_a_renamed_county_is_a_person(place: str) -> None:
    assert is_valid(person(place), scheme_name="cn.person")


def test_every_single_mistake_in_a_number_is_found() -> None:
    number = person("120101")
    for place, digit in enumerate(number[:17]):
        for other in set("0123456789") - {digit}:
            wrong = number[:place] + other + number[place + 1 :]
            assert not is_valid(wrong, scheme_name="cn.person"), wrong


@pytest.mark.parametrize(
    "text",
    ["", " ", "1", "X" * 18, "１２０２２３１９６２０３１５１２１３", "12010119620315121", "null"],
)
def test_what_is_no_number_is_refused_without_a_fault(text: str) -> None:
    for name in SCHEMES:
        assert not is_valid(text, scheme_name=name)


def test_small_letters_and_spaces_around_do_not_matter() -> None:
    code = "91120000" + "123456789"
    code += uscc.calc_check_digit(code)
    assert is_valid(f"  {code.lower()} ", scheme_name="cn.credit_code")


def test_an_unknown_scheme_names_the_known_ones() -> None:
    with pytest.raises(NotFound, match=r"luhn\.person"):
        is_valid("1", scheme_name="nowhere")


@pytest.fixture(scope="module")
def database() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


@pytest.mark.parametrize("name", sorted(SCHEMES))
def test_sql_and_python_agree_on_every_text(name: str, database: duckdb.DuckDBPyConnection) -> None:
    sql = check_sql("x", scheme_name=name)
    digits = st.text("0123456789X", min_size=8, max_size=19)
    letters = st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=17, max_size=19)
    right = st.builds(
        person,
        st.sampled_from(RENAMED_PLACES),
        serial=st.text("0123456789", min_size=3, max_size=3),
    )

    anything = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))

    @settings(max_examples=40, deadline=None)
    @given(st.lists(digits | letters | right | anything, min_size=1, max_size=50))
    def agree(texts: list[str]) -> None:
        said = database.execute(
            f"select x, {sql} from (select unnest(?::varchar[]) as x)", [texts]
        ).fetchall()
        for (text, by_sql), given_text in zip(said, texts, strict=True):
            assert text == given_text
            by_python = is_valid(text, scheme_name=name)
            # Besides spaces Python strips tabs and the like: there SQL may refuse, never accept.
            assert by_sql == by_python or (by_python and text != text.strip(" "))

    agree()
