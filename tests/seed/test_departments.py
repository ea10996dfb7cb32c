"""The stand-in keeps department servers running: ports remembered, one at a time, private files."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from haihe.project.pack.read import Pack
from haihe.project.seed import run
from haihe.project.seed.making import MadeUpCity
from haihe.project.seed.places import (
    NoDepartments,
    admin_file,
    demo_target,
    is_running,
    running_departments,
)

COMMAND = [sys.executable, "-m", "standins.departments", "--no-mariadb", "--folder"]


@contextmanager
def departments(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([*COMMAND, str(folder)], stdout=subprocess.DEVNULL)
    try:
        ends = time.monotonic() + 60
        while not is_running(folder):
            assert process.poll() is None
            assert time.monotonic() < ends
            time.sleep(0.05)
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=60)


def test_addresses_stay_true_over_a_restart_and_a_kill(
    tmp_path: Path, riverton: Pack, town: MadeUpCity
) -> None:
    folder = tmp_path / "a folder"
    with departments(folder) as process:
        target = demo_target(folder)
        run.seed(riverton, city=town, target=target, skip={"trade.licensing"})
        address = target.addresses["welfare.support"]["address"]
        assert _rows(address) > 0
        process.kill()
        process.wait()
    with departments(folder):
        assert _rows(address) > 0
        assert demo_target(folder).port == target.port
        other = address.replace("bureau_support:", "bureau_support:wrong")
        with pytest.raises(psycopg.OperationalError):
            _rows(other)
    assert not is_running(folder)
    with pytest.raises(NoDepartments):
        demo_target(folder)


def _rows(address: str) -> int:
    with psycopg.connect(address) as session:
        found = session.execute("select count(*) from support.low_income").fetchone()
        return int(found[0]) if found else 0


def test_a_folder_is_served_once(tmp_path: Path) -> None:
    with departments(tmp_path / "d"):
        second = subprocess.run(
            [*COMMAND, str(tmp_path / "d")], capture_output=True, text=True, check=False
        )
        assert second.returncode == 1
        assert "run already" in second.stderr
        assert is_running(tmp_path / "d")
        with running_departments(tmp_path / "d") as target:
            assert target.port == demo_target(tmp_path / "d").port
        assert is_running(tmp_path / "d")


def test_what_holds_secrets_is_the_owner_s_alone(tmp_path: Path) -> None:
    with departments(tmp_path / "d"):
        for name in ("admin.json", "secret.json", "ports.json"):
            assert (tmp_path / "d" / name).stat().st_mode & 0o077 == 0
        assert (tmp_path / "d").stat().st_mode & 0o077 == 0


def test_a_note_of_a_dead_process_is_not_believed(tmp_path: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    admin_file(tmp_path).write_text(json.dumps({"pid": ended.pid}))
    assert not is_running(tmp_path)
    admin_file(tmp_path).write_text("{")
    assert not is_running(tmp_path)
    os.remove(admin_file(tmp_path))
    assert not is_running(tmp_path)
