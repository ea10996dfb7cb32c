"""`haihe system` and `haihe docs`, typed."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from haihe.kernel.catalogue import queries
from haihe.kernel.ledger.models import Entry
from haihe.project.command import assemble
from tests.catalogue.builders import Small
from tests.catalogue.test_demands import refused


def typed(*words: str) -> tuple[int, str]:
    """Type a command; its exit code and what it printed."""
    done = CliRunner().invoke(assemble(words[:1]), list(words))
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.output


def test_the_operator_pauses_and_resumes_a_system(small: Small) -> None:
    code, said = typed("system", "pause", "civil-db", "--reason", "Overload")
    assert (code, queries.is_paused("civil-db")) == (0, True)
    assert "haihe system resume civil-db" in said
    entry = Entry.objects.get(kind="catalogue.system.paused")
    assert entry.body == {"system": "civil-db", "reason": "Overload"}
    assert typed("system", "resume", "civil-db")[0] == 0
    assert not queries.is_paused("civil-db")


def test_the_list_of_systems_shows_no_address(small: Small) -> None:
    _, said = typed("system", "list")
    assert "civil-db" in said
    assert "secret" not in said


def test_an_unknown_system_is_named(small: Small) -> None:
    with refused("catalogue.system.unknown"):
        typed("system", "pause", "nowhere")


@pytest.mark.django_db
def test_drift_of_the_reference_is_told_and_mended(tmp_path: Path) -> None:
    folder = str(tmp_path / "reference")
    assert typed("docs", "reference", "--folder", folder)[0] == 0
    assert typed("docs", "reference", "--folder", folder, "--check") == (0, "")
    page = tmp_path / "reference" / "settings.md"
    page.write_text("old", encoding="utf-8")
    (tmp_path / "reference" / "gone.md").write_text("old", encoding="utf-8")
    code, said = typed("docs", "reference", "--folder", folder, "--check")
    assert code == 1
    assert "settings.md" in said
    assert "gone.md" in said
    typed("docs", "reference", "--folder", folder)
    assert "HAIHE_CITY" in page.read_text(encoding="utf-8")
    assert not (tmp_path / "reference" / "gone.md").exists()
