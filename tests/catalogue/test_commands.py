"""`haihe system` and `haihe docs`, typed."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook
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


def test_a_list_goes_out_and_comes_in_by_command(small: Small, tmp_path: Path) -> None:
    file = tmp_path / "lists.xlsx"
    assert typed("sheets", "export", "catalogue", str(file), "--department", "civil")[0] == 0
    code, said = typed("sheets", "import", str(file), "--department", "civil")
    assert (code, "0 new, 0 changed, 2 unchanged" in said) == (0, True)
    workbook = load_workbook(file)
    workbook["信息资源"]["B2"] = "困难家庭"
    workbook.save(file)
    code, said = typed("sheets", "import", str(file), "--dry-run")
    assert (code, "1 changed" in said, "Nothing was written." in said) == (0, True, True)
    assert typed("sheets", "import", str(file))[0] == 0
    assert queries.resource("civil/households").title["zh"] == "困难家庭"


def test_a_faulty_file_is_refused_by_cell_and_given_back_marked(
    small: Small, tmp_path: Path
) -> None:
    file, marked = tmp_path / "lists.xlsx", tmp_path / "marked.xlsx"
    typed("sheets", "export", "catalogue", str(file), "--language", "en")
    workbook = load_workbook(file)
    column = [cell.value for cell in workbook["Resources"][1]].index("Sharing class") + 1
    workbook["Resources"].cell(2, column).value = "perhaps"
    workbook.save(file)
    with refused("catalogue.sheets.faulty"):
        typed("sheets", "import", str(file), "--marked", str(marked))
    told = load_workbook(marked)["Resources"].cell(2, column).comment
    assert told is not None
    assert "none of its choices" in told.text


def test_a_template_is_written_and_an_unknown_list_or_department_is_named(
    small: Small, tmp_path: Path
) -> None:
    assert typed("sheets", "template", str(tmp_path / "all.xlsx"))[0] == 0
    assert len(load_workbook(tmp_path / "all.xlsx").sheetnames) == 7
    with refused("catalogue.sheets.unknown_list"):
        typed("sheets", "export", "wishes", str(tmp_path / "a.xlsx"))
    with refused("catalogue.department.unknown"):
        typed("sheets", "export", "systems", str(tmp_path / "a.xlsx"), "--department", "moon")
