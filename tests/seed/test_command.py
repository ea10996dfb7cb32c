"""`haihe seed` as it is typed: into servers of one's own, with sentences for what can't be."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from haihe.engine.postgres.server import Server
from haihe.project.seed.databases import Target

HAIHE = [sys.executable, "-m", "haihe.project.command", "seed"]


def seed(*words: str, folder: Path, city: str = "riverton") -> subprocess.CompletedProcess[str]:
    """Run the command with a data folder of its own."""
    environment = {**os.environ, "HAIHE_DATA": str(folder), "HAIHE_CITY": city}
    return subprocess.run(
        [*HAIHE, *words], capture_output=True, text=True, check=False, env=environment
    )


def test_a_city_goes_into_a_server_of_one_s_own(
    department_server: Server, target: Target, tmp_path: Path
) -> None:
    """``target`` drops the databases at the end."""
    folder = tmp_path / "data of mine"
    words = ("--scale", "300", "--into", department_server.url("postgres"))
    answer = seed(*words, folder=folder)
    assert answer.returncode == 0, answer.stderr
    assert "Left out, for there is no MariaDB here: trade.licensing" in answer.stdout
    path = folder / "departments" / "addresses.json"
    assert path.stat().st_mode & 0o077 == 0
    first = json.loads(path.read_text())
    assert first["welfare.support"]["address"].startswith("postgresql://bureau_support:")
    assert seed(*words, "--late", folder=folder).returncode == 0
    assert json.loads(path.read_text()) == first


@pytest.mark.parametrize(
    ("words", "city", "code"),
    [
        (("--scale", "5"), "riverton", "seed.bad_scale"),
        (("--scale", "300"), "nowhere", "city.unknown"),
        (("--scale", "300", "--into", "oracle://x/y"), "riverton", "haihe.bad_input"),
    ],
)
def test_what_can_not_be_seeded_is_said_in_a_sentence(
    tmp_path: Path, words: tuple[str, ...], city: str, code: str
) -> None:
    answer = seed(*words, folder=tmp_path, city=city)
    assert answer.returncode == 1
    assert f"[{code}]" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_a_server_that_does_not_answer_is_said_in_a_sentence(tmp_path: Path) -> None:
    answer = seed("--scale", "300", "--into", "postgresql://a@127.0.0.1:1/x", folder=tmp_path)
    assert answer.returncode == 1
    assert "[seed.unreachable]" in answer.stderr
    assert "Traceback" not in answer.stderr
