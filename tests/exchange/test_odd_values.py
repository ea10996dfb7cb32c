"""Values that PostgreSQL's JSON can't hold: they wait in quarantine and stop no link."""

from __future__ import annotations

from pathlib import Path

import pytest

from haihe.kernel.catalogue.declare import ColumnDraft
from haihe.kernel.exchange.actions import run_link
from haihe.kernel.exchange.models import Serving
from haihe.kernel.people.queries import subject_of
from tests.exchange.builders import PROVIDER, gathering, number, publish
from tests.servers import Database

pytestmark = pytest.mark.django_db
COLUMNS = (
    ColumnDraft("person", "text", is_subject=True, scheme="luhn.person", is_key=True),
    ColumnDraft("name", "text", is_personal=True, length=20),
    ColumnDraft("score", "float"),
    ColumnDraft("n", "integer"),
)


@pytest.mark.parametrize("mode", ["full", "watermark"])
def test_a_nul_waits_in_quarantine(tmp_path: Path, mode: str) -> None:
    (tmp_path / "h.csv").write_text(
        f"person,name,score,n\n{number(1)},good,1.5,1\n{number(2)},a\0b,1,2\n"
        f"{number(3)},c,1,3,more\0\n{number(4)[:5]}\0,key,1,4\n"
    )
    resource = publish(f"file://{tmp_path}", kind="files", source_table="h.csv", columns=COLUMNS)
    link = gathering(resource, mode=mode, watermark="n" if mode == "watermark" else "")

    for _ in range(2):
        batch = run_link(by=PROVIDER, link=link)

        assert (batch.state, batch.is_reconciled) == ("done", True)
        assert batch.quarantined.get(row__person=number(2)).row["name"] == "a\u2400b"
        assert batch.quarantined.get(column="name").reason == "exchange.row.undecodable"
        assert Serving.objects.count() == 1


def test_what_is_not_a_number_waits_in_quarantine(department: Database) -> None:
    values = ", ".join(
        f"('{number(i)}', 'n', '{score}', {i})"
        for i, score in enumerate(("NaN", "Infinity", "-Infinity", "0.5"), start=1)
    )
    department.run(
        "create table households (person text, name text, score double precision, n bigint)",
        f"insert into households values {values}",
    )
    batch = run_link(by=PROVIDER, link=gathering(publish(department.address, columns=COLUMNS)))

    assert (batch.state, batch.rows_written, batch.rows_quarantined) == ("done", 1, 3)
    reasons = set(batch.quarantined.values_list("reason", "column"))
    assert reasons == {("exchange.row.wrong_kind", "score")}
    assert Serving.objects.get(subject=subject_of(number(4), "luhn.person")).rows[0]["score"] == 0.5
