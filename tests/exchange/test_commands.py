"""`haihe source`, `haihe resource`, `haihe link`: from one address to a counted figure."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner, Result

from haihe.kernel.catalogue import actions as catalogue
from haihe.kernel.catalogue.models import Resource
from haihe.kernel.exchange import queries
from haihe.kernel.org.models import Department
from haihe.project.command import assemble
from tests.exchange.builders import PROVIDER, TABLE, rows
from tests.servers import Database

SECRET = "s3cr3t-word"


def haihe(*words: str) -> Result:
    """What the command prints; its error is raised."""
    return CliRunner().invoke(assemble(words[:1]), list(words), catch_exceptions=False)


def test_a_source_is_checked_without_its_password_being_shown(department: Database) -> None:
    department.run(TABLE)
    told = haihe("source", "check", department.address.replace("haihe@", f"haihe:{SECRET}@"))
    assert told.exit_code == 0
    assert "PostgreSQL" in told.output
    assert "households" in told.output
    assert SECRET not in told.output


@pytest.mark.django_db
def test_a_dry_run_keeps_nothing(department: Database) -> None:
    department.run(TABLE, rows(1, 20))
    told = haihe("resource", "propose", department.address, "households", "--dry-run")
    assert "luhn.person" in told.output
    assert not Resource.objects.exists()


@pytest.mark.django_db
def test_one_address_becomes_a_counted_figure(department: Database) -> None:
    department.run(TABLE, rows(1, 20))
    Department.objects.create(code="civil", name={"en": "Civil"}, kind="department")

    haihe("resource", "propose", department.address, "households", "--department", "civil")
    proposed = Resource.objects.get(pk="civil/households")
    assert proposed.state == "proposed"
    assert proposed.columns.get(is_subject=True).name == "person"

    catalogue.confirm_resource(by=PROVIDER, resource=proposed)
    haihe("link", "make", "civil/households")
    told = haihe("link", "run", "civil/households")
    assert "written 20" in told.output
    assert queries.gathered_rows() == 20
    assert "done" in haihe("link", "list").output


def test_a_benchmark_that_is_not_built_says_so() -> None:
    assert "not built yet" in haihe("bench", "health").output
    assert haihe("bench", "health", "--json").output == '{"bench": "health", "built": false}\n'
