"""The howto "from one address to a counted figure", typed as it is written."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

import psycopg
import pytest

from tests.plugin import SERVER
from tests.tutorial.blocks import commands
from tests.tutorial.place import PASSWORD, Lakeside

PAGE = "docs/howto/from-one-address-to-a-counted-figure.md"
VISIT = "tests.docs.visit"
SOURCE = "welfare_source"
FIGURE = re.compile(r'<div class="hh-kpi-value"[^>]*>([^<]*)<')
"""The number of each figure of a page, in order; the rows in the lake come first."""
ROWS = """
create table households (
    number text primary key, head text not null, head_number text, members integer,
    income_fen bigint, updated_at timestamp not null
);
insert into households
select 'H' || lpad(i::text, 6, '0'), 'Person ' || i, lpad((i * 7919 % 10000000000)::text, 10, '0'),
       1 + i % 6, i * 100, timestamp '2026-01-01' + i * interval '1 minute'
from generate_series(1, 500) i;
"""


@pytest.fixture(scope="module")
def address() -> str:
    """A database that nobody prepared, and a user who may only read it."""
    SERVER.ensure_database(SOURCE)
    with psycopg.connect(SERVER.url(SOURCE), autocommit=True) as connection:
        connection.execute(ROWS)
        connection.execute("create role welfare_reader login")
        connection.execute("grant select on households to welfare_reader")
    return SERVER.url(SOURCE).replace("//haihe@", "//welfare_reader@")


@pytest.fixture(scope="module")
def there(address: str, tmp_path_factory: pytest.TempPathFactory) -> Lakeside:
    """The city after the page's last step."""
    base = tmp_path_factory.mktemp("one address")
    place = Lakeside(base / "lakeside", database="haihe_howto", more={"ADDRESS": address})
    _, make_city, _, fill, prepare, check, propose, up, gather = commands(PAGE)
    assert up == "haihe up\n"
    place.begin("bash", "-ec", make_city)
    place.run("bash", "-ec", fill)
    for line in prepare.splitlines():
        place.run("bash", "-ec", line, typed=PASSWORD)
    for block in (check, propose):
        place.run("bash", "-ec", block)
    confirmed = visit(place, "confirm")
    assert confirmed["state"] == "published", confirmed
    printed = place.run("bash", "-ec", gather)
    assert "read 500" in printed
    return place


def visit(place: Lakeside, what: str) -> dict[str, Any]:
    more = {**place.more, "VISIT": what}
    return dataclasses.replace(place, more=more).visit(VISIT)


def test_the_counted_figure_stands_on_the_overview(there: Lakeside) -> None:
    page = visit(there, "overview")
    assert page["status"] == 200
    assert FIGURE.findall(page["text"])[0] == "500"


def test_nothing_was_written_to_the_source(there: Lakeside, address: str) -> None:
    with psycopg.connect(address) as connection:
        assert connection.execute("select count(*) from households").fetchone() == (500,)
        tables = connection.execute(
            "select count(*) from information_schema.tables where table_schema = 'public'"
        ).fetchone()
    assert tables == (1,)
