"""Real rows: food inspections with their licences, out of departments' databases into the lake."""

from __future__ import annotations

from pathlib import Path

import pytest

from haihe.base.settings import settings
from haihe.engine.lake import open_duckdb, text_literal
from haihe.engine.lake.attached import LakeAddress
from haihe.engine.moving import LakeTarget
from haihe.engine.sources.mariadb import MariaDB
from tests import needs
from tests.engine.moving.builders import in_lake, moved
from tests.servers import Database, MariaDatabase

FILES = {
    "inspections": "chicago_food_inspections_2011-09_2014-06.parquet",
    "licences": "chicago_business_licences_at_inspection.parquet",
}
pytestmark = needs.data("supervision")


@pytest.mark.parametrize("name", FILES)
def test_inspections_leave_postgresql_for_the_lake(
    department: Database, lake: LakeAddress, tmp_path: Path, name: str
) -> None:
    path = text_literal(str(settings().test_data / "supervision" / FILES[name]))
    with open_duckdb() as connection:
        connection.execute(f"attach {text_literal(department.address)} as t (type postgres)")
        connection.execute(f"create table t.public.{name} as from read_parquet({path})")
        expected = connection.execute(f"select count(*) from read_parquet({path})").fetchall()[0][0]

    outcome = moved(department.address, name, LakeTarget(lake, f"food.{name}"), tmp_path)

    assert outcome.is_reconciled
    assert (outcome.rows_read, outcome.rows_quarantined) == (expected, 0)
    assert outcome.source_hash == outcome.target_hash
    assert in_lake(lake, f"select count(*) from lake.food.{name}") == [(expected,)]


@needs.mariadb
@pytest.mark.parametrize("name", FILES)
def test_inspections_leave_mariadb_for_the_lake(
    maria: MariaDatabase, lake: LakeAddress, tmp_path: Path, name: str
) -> None:
    path = text_literal(str(settings().test_data / "supervision" / FILES[name]))
    writer = maria.address.replace("reader:p%20w'%40", "root:")
    maria.run("create user if not exists root@'127.0.0.1' identified by ''",
              "grant all on *.* to root@'127.0.0.1'")  # fmt: skip
    with open_duckdb() as connection:
        parts = MariaDB(writer)
        connection.execute(
            f"attach 'host=127.0.0.1 user=root port={parts.port} database={maria.name}'"
            " as t (type mysql)"
        )
        connection.execute(f"create table t.{name} as from read_parquet({path})")
        expected = connection.execute(f"select count(*) from read_parquet({path})").fetchall()[0][0]

    outcome = moved(maria.address, name, LakeTarget(lake, f"food.{name}"), tmp_path)

    assert outcome.is_reconciled
    assert (outcome.rows_read, outcome.rows_quarantined) == (expected, 0)
    assert outcome.source_hash == outcome.target_hash
