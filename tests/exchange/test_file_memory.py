"""Delivery as files holds no more memory at a larger size: what does not fit is spilled."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from haihe.engine.lake.attached import LakeAddress
from haihe.engine.merkle.subjects import SortedKeys, subjects_root
from haihe.kernel.exchange.internals.moves import FILE_MEMORY_MIB
from tests.exchange.file_peak import fill
from tests.servers import Database

ROWS = 400_000
MOST_MIB = 300
"""What shared design states for exchange; a process that holds Python and DuckDB alone has 80."""


@pytest.mark.parametrize("file_format", ["parquet", "csv"])
def test_files_are_made_within_the_bound(
    receiver: Database, tmp_path: Path, file_format: str
) -> None:
    fill(LakeAddress(receiver.address, str(tmp_path / "lake")), ROWS, tmp_path)
    words = [sys.executable, "-m", "tests.exchange.file_peak", receiver.address, file_format]
    given = [str(FILE_MEMORY_MIB), str(tmp_path)]
    made = subprocess.run([*words, *given], capture_output=True, check=False)
    assert made.returncode == 0, made.stderr.decode()
    told = json.loads(made.stdout)
    assert told["rows"] == ROWS
    assert told["peak_mib"] <= MOST_MIB


def test_keys_that_come_one_after_another_give_the_root_of_a_list() -> None:
    keys = [n.to_bytes(16) for n in range(1000)]
    assert subjects_root(SortedKeys(lambda: iter(keys))) == subjects_root(keys)
