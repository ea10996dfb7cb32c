"""A link that stands in a file: what it may say, and the sentence for each mistake."""

from __future__ import annotations

from datetime import time
from pathlib import Path

import pytest

from haihe.engine.alone import BadLinkFile, move, read_link, reconcile
from haihe.engine.alone.doing import NoQuarantine, NotHere, WindowClosed
from haihe.engine.alone.link_file import Window
from tests.servers import Database

WHOLE = """\
window = "22:00-06:00"

[source]
address = "postgresql://reader@db.example/civil"
password_env = "CIVIL_PASSWORD"

[target]
address = "postgresql://writer@db.example/city"
password_file = "city.password"

[[tables]]
source = "households"
target = "public.homes"
keys = ["person"]

[[tables]]
source = "visits"
mode = "watermark"
watermark = "changed_at"
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "civil.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_whole_link_is_read_with_its_secrets_from_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CIVIL_PASSWORD", "a/b@c")
    (tmp_path / "city.password").write_text("geheim\n", encoding="utf-8")
    link = read_link(written(tmp_path, WHOLE))
    assert link.name == "civil"
    assert link.source.address == "postgresql://reader:a%2Fb%40c@db.example/civil"
    assert link.target.address == "postgresql://writer:geheim@db.example/city"
    assert link.window == Window(time(22), time(6))
    assert [table.target for table in link.tables] == ["public.homes", "visits"]
    assert "geheim" not in repr(link)


SOURCE = '[source]\naddress = "postgresql://a@b/c"\n'
TARGET = '[target]\naddress = "postgresql://a@b/d"\n'
TABLES = '[[tables]]\nsource = "t"\n'


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ("[source\n", 1, "no TOML"),
        (TARGET + TABLES, 1, "[source]"),
        (SOURCE + TABLES, 1, "[target]"),
        (SOURCE + TARGET, 1, "no table"),
        ('[source]\naddress = "oracle://a@b/c"\n' + TARGET + TABLES, 2, "no kind"),
        ('[source]\naddress = "postgresql://a:pw@b/c"\n' + TARGET + TABLES, 2, "password"),
        (SOURCE + 'pasword_env = "X"\n' + TARGET + TABLES, 3, "'pasword_env'"),
        (SOURCE + 'password_env = "HAIHE_NOT_SET"\n' + TARGET + TABLES, 3, "HAIHE_NOT_SET"),
        (SOURCE + 'password_file = "absent"\n' + TARGET + TABLES, 3, "absent"),
        (SOURCE + 'connections = "two"\n' + TARGET + TABLES, 3, "whole number"),
        (SOURCE + '[target]\naddress = "file:///x"\n' + TABLES, 4, "files"),
        (SOURCE + '[target]\naddress = "lake://a@b/d"\n' + TABLES, 3, "lake"),
        (SOURCE + TARGET + "[[tables]]\nkeys = ['id']\n", 5, "no source table"),
        (SOURCE + TARGET + TABLES + 'keys = "id"\n', 7, "list"),
        (SOURCE + TARGET + TABLES + 'mode = "fast"\n', 7, "'fast'"),
        (SOURCE + TARGET + TABLES + TABLES + 'mode = "watermark"\n', 7, "watermark"),
        ('window = "at night"\n' + SOURCE + TARGET + TABLES, 1, "window"),
        ("name = 3\n" + SOURCE + TARGET + TABLES, 1, "text"),
    ],
)
def test_each_mistake_is_a_sentence_with_its_line(
    tmp_path: Path, text: str, line: int, word: str
) -> None:
    with pytest.raises(BadLinkFile) as refused:
        read_link(written(tmp_path, text))
    assert f"line {line}" in refused.value.message
    assert word in refused.value.message
    assert refused.value.hint


def test_a_file_that_is_not_there_or_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadLinkFile, match="can't be read"):
        read_link(tmp_path / "absent.toml")
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(BadLinkFile, match="not UTF-8"):
        read_link(tmp_path / "bytes.toml")


def of(department: Database, receiver: Database, more: str = "", table: str = "") -> str:
    return (
        f'{more}\n[source]\naddress = "{department.address}"\n'
        f'[target]\naddress = "{receiver.address}"\n[[tables]]\nsource = "t"\n{table}\n'
    )


def test_a_link_moves_and_both_sides_are_found_equal_until_one_is_changed(
    tmp_path: Path, department: Database, receiver: Database
) -> None:
    department.run(
        "create table t (id bigint primary key, name text)",
        "insert into t select i, '名' || i from generate_series(1, 500) i",
    )
    link = read_link(written(tmp_path, of(department, receiver)))
    (moved,) = move(link)
    assert moved.outcome.rows_written == 500
    assert all(each.found.is_equal for each in reconcile(link, pause_s=0))
    receiver.run("update t set name = '名7。' where id = 7")
    (done,) = reconcile(link, pause_s=0)
    assert [(d.key, d.columns) for d in done.found.differences] == [(("7",), ("name",))]


def test_bad_rows_need_a_place_before_anything_is_moved(
    tmp_path: Path, department: Database, receiver: Database
) -> None:
    department.run(
        "create table t (id bigint, name text)", "insert into t values (1, 'a'), (1, 'b'), (2, 'c')"
    )
    link = read_link(written(tmp_path, of(department, receiver, table='keys = ["id"]')))
    with pytest.raises(NoQuarantine):
        move(link)
    assert receiver.ask("select count(*) from t") == [(0,)]
    named = of(department, receiver, 'quarantine = "bad"', 'keys = ["id"]')
    (moved,) = move(read_link(written(tmp_path, named)))
    assert moved.outcome.rows_read == moved.outcome.rows_written + moved.outcome.rows_quarantined
    assert len(list((tmp_path / "bad").iterdir())) == 1


def test_outside_its_window_nothing_is_read(
    tmp_path: Path, department: Database, receiver: Database
) -> None:
    text = of(department, receiver, 'window = "00:00-00:00"')
    with pytest.raises(WindowClosed):
        reconcile(read_link(written(tmp_path, text)))


def test_a_target_that_is_not_written_is_refused(tmp_path: Path, department: Database) -> None:
    department.run("create table t (id bigint primary key)")
    text = (
        f'[source]\naddress = "{department.address}"\n'
        '[target]\naddress = "mariadb://a@127.0.0.1/x"\n[[tables]]\nsource = "t"\n'
    )
    with pytest.raises(NotHere):
        move(read_link(written(tmp_path, text)))
