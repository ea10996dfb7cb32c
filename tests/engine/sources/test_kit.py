"""The conformance kit, run against every kind of server that can be had here."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from typer.testing import CliRunner

from haihe.base.errors import HaiheError
from haihe.engine.sources.kit import DIALECTS, check_source, make_table, script
from haihe.engine.sources.kit.table import run_there
from haihe.project.commands.source import app
from tests import needs
from tests.servers import Database, MariaDatabase

ALL = [
    "reached", "rights", "columns", "values", "watermark", "stop", "timeout", "connection cap",
]  # fmt: skip


def results(address: str, *, dialect: str = "") -> dict[str, str]:
    """Results by name; a failure's sentence is shown."""
    found = check_source(address, dialect=dialect)
    assert [each for each in found if each.result == "failed" and each.name != "rights"] == []
    return {each.name: each.result for each in found}


def test_postgresql_conforms(department: Database) -> None:
    make_table(department.address)
    found = results(department.address)
    # The tests' own user may write, and is told so.
    assert found == dict.fromkeys(ALL, "passed") | {"rights": "failed"}


@needs.mariadb
def test_mariadb_conforms(maria: MariaDatabase) -> None:
    make_table(f"mariadb://root@127.0.0.1:{maria.server.port}/{maria.name}")
    assert results(maria.address) == dict.fromkeys(ALL, "passed")


def test_sqlite_conforms(tmp_path: Path) -> None:
    address = f"sqlite://{tmp_path}/register.db"
    make_table(address)
    found = results(address)
    assert found["connection cap"] == "not tried"
    assert [name for name in ALL if found[name] == "passed"] == [
        "reached", "columns", "values", "watermark", "stop", "timeout",
    ]  # fmt: skip


@needs.odbc
def test_odbc_conforms_with_the_driver_of_sqlite(tmp_path: Path) -> None:
    make_table(f"sqlite://{tmp_path}/register.db")
    address = f"odbc:///?driver=SQLite3&database={tmp_path}/register.db"
    found = check_source(address, dialect="sqlite")
    told = {each.name: each.result for each in found}
    assert told["values"] == told["watermark"] == told["timeout"] == "passed", found


@needs.odbc
def test_odbc_conforms_with_the_driver_of_postgresql(department: Database) -> None:
    make_table(department.address)
    socket = dict(part.split("=") for part in urlsplit(department.address).query.split("&"))
    database = urlsplit(department.address).path.strip("/")
    address = (
        f"odbc://haihe:x@/?driver=PostgreSQL+Unicode&server={socket['host']}"
        f"&port={socket.get('port', 5432)}&database={database}"
    )
    found = results(address, dialect="postgresql")
    assert found["values"] == found["watermark"] == found["stop"] == "passed"


@needs.odbc
@needs.mariadb
def test_odbc_reads_every_value_with_the_driver_of_mariadb(maria: MariaDatabase) -> None:
    make_table(f"mariadb://root@127.0.0.1:{maria.server.port}/{maria.name}")
    user = urlsplit(maria.address)
    address = (
        f"odbc://{user.username}:{user.password}@/?driver=MariaDB+Unicode&server=127.0.0.1"
        f"&port={maria.server.port}&database={maria.name}"
    )
    found = {each.name: each.result for each in check_source(address, dialect="mariadb")}
    # How soon it stops is its own affair: it reads what is left before it lets go.
    assert found["values"] == found["watermark"] == "passed"


def test_kingbases_driver_and_class_run_against_postgresql(
    department: Database, tmp_path: Path
) -> None:
    make_table(department.address)
    parts = urlsplit(department.address)
    socket = dict(part.split("=") for part in parts.query.split("&"))
    # The driver looks for a socket of its own product's name.
    there = Path(socket["host"]) / f".s.PGSQL.{socket.get('port', 5432)}"
    (tmp_path / ".s.KINGBASE.54321").symlink_to(there)
    address = f"kingbase://haihe@/{parts.path.strip('/')}?host={tmp_path}"
    found = results(address)
    assert found["values"] == found["watermark"] == found["stop"] == found["timeout"] == "passed"


def test_a_value_that_is_not_as_it_was_written_fails_the_kit(department: Database) -> None:
    make_table(department.address)
    run_there(department.address, ["update haihe_check set words = 'other' where id = 4"])
    found = {each.name: each for each in check_source(department.address)}
    assert found["values"].result == "failed"
    assert found["values"].note.endswith("not as they were written: 4.")


def test_an_absent_server_fails_the_first_check_and_nothing_else_is_tried() -> None:
    found = check_source("postgresql://a:b@127.0.0.1:1/x")
    assert [(each.name, each.result) for each in found] == [("reached", "failed")]


@pytest.mark.parametrize("kind", sorted(DIALECTS))
def test_every_dialect_has_a_script(kind: str) -> None:
    statements = script(kind, schema="s")
    assert statements[0].startswith("create table")
    assert sum(each.startswith("insert into") for each in statements) == 6
    assert statements[-1].startswith("create view")


def test_a_table_of_a_kind_that_has_no_writer_is_left_to_the_servers_keeper() -> None:
    with pytest.raises(HaiheError) as raised:
        make_table("oracle://a:b@127.0.0.1/x")
    assert raised.value.code == "exchange.kit.no_writer"


def test_the_command_prints_the_kit_as_json(tmp_path: Path) -> None:
    address = f"sqlite://{tmp_path}/register.db"
    done = CliRunner().invoke(app, ["check", address, "--write", address, "--kit", "--json"])
    told = json.loads(done.stdout)
    assert told["product"] == "SQLite"
    assert {each["name"] for each in told["kit"]} == set(ALL)
    assert done.exit_code == 0, done.stdout


def test_the_command_labels_what_is_untested() -> None:
    done = CliRunner().invoke(app, ["kinds"])
    lines = {line.split()[0]: line for line in done.stdout.splitlines() if line.strip()}
    assert "untested" in lines["oracle"]
    assert "untested" not in lines["postgresql"]
