"""The quarantine empties as its rows are mended, and what is held is counted once."""

from __future__ import annotations

import pytest

from haihe.base.errors import HaiheError
from haihe.kernel.catalogue.declare import ColumnDraft
from haihe.kernel.exchange import queries
from haihe.kernel.exchange.actions import run_link
from haihe.kernel.exchange.models import Batch, Link
from tests.exchange.builders import COLUMNS, PROVIDER, TABLE, gathering, number, publish, rows
from tests.servers import Database

pytestmark = pytest.mark.django_db

BAD = "insert into households values ('1234567890', 'x', 1, null, '2021-01-01 00:00+00')"
CHECKED = ColumnDraft("name", "text", is_personal=True, length=3, is_required=True)


def open_rows(link: Link) -> int:
    """Open bad rows of a link; the overview's figure says the same, for it is the only link."""
    found = queries.open_quarantine().filter(batch__link=link).count()
    assert queries.counts().quarantined_rows == found
    return found


def test_a_full_link_run_twice_holds_and_quarantines_the_same(department: Database) -> None:
    department.run(TABLE, rows(1, 5), BAD)
    resource = publish(department.address)
    link = gathering(resource)
    first, second = run_link(by=PROVIDER, link=link), run_link(by=PROVIDER, link=link)

    assert open_rows(link) == 1
    assert first.quarantined.get().mended_by == second
    assert second.quarantined.get().mended_at is None
    assert queries.gathered_rows() == queries.held_rows(resource.pk) == 5


def test_a_row_mended_at_its_source_leaves_the_quarantine_and_its_history_stays(
    department: Database,
) -> None:
    department.run(TABLE, rows(1, 5), BAD)
    link = gathering(publish(department.address))
    first = run_link(by=PROVIDER, link=link)
    department.run(f"update households set person = '{number(6)}' where name = 'x'")

    run_link(by=PROVIDER, link=link)

    assert open_rows(link) == 0
    assert queries.gathered_rows() == 6
    bad = first.quarantined.get()
    assert bad.mended_at is not None
    assert bad.row["person"] == "1234567890"
    assert queries.reasons_of(first) == [("exchange.row.bad_check_digit", "person", 1)]


def test_a_watermark_link_closes_the_rows_that_it_reads_again(department: Database) -> None:
    department.run(TABLE, rows(1, 5), "update households set name = 'too long' where income < 4")
    columns = tuple(CHECKED if column.name == "name" else column for column in COLUMNS)
    resource = publish(department.address, columns=columns)
    link = gathering(resource, mode="watermark", watermark="changed", overlap_s=0)
    run_link(by=PROVIDER, link=link)
    assert (open_rows(link), queries.gathered_rows()) == (3, 2)
    later = "changed = '2022-01-01 00:00+00' where person"
    department.run(
        f"update households set name = 'ok', {later} = '{number(1)}'",
        f"update households set name = 'as long', {later} = '{number(2)}'",
        f"update households set name = 'new', {later} = '{number(5)}'",
    )

    second = run_link(by=PROVIDER, link=link)

    assert (second.rows_written, second.rows_quarantined) == (2, 1)
    still = {row.row["name"] for row in queries.open_quarantine()}
    assert still == {"too long", "as long"}
    assert open_rows(link) == 2
    assert queries.gathered_rows() == 3
    assert run_link(by=PROVIDER, link=link).rows_quarantined <= 1
    assert (open_rows(link), queries.gathered_rows()) == (2, 3)


def test_a_batch_that_fails_closes_nothing(department: Database) -> None:
    department.run(TABLE, rows(1, 5), BAD)
    link = gathering(publish(department.address))
    first = run_link(by=PROVIDER, link=link)
    left = Batch.objects.create(link=link, entry=first.entry)
    # As a kill before the target's commit leaves it.
    first.quarantined.update(mended_by=left)
    department.run("alter table households drop column name")

    with pytest.raises(HaiheError):
        run_link(by=PROVIDER, link=link)

    left.refresh_from_db()
    assert left.state == "failed"
    assert first.quarantined.get().mended_by is None
    assert open_rows(link) == 1
