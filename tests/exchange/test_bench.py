"""`haihe bench`: every benchmark of the design has its name, and says whether it is built."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib import import_module
from importlib.util import find_spec

from typer.testing import CliRunner

from haihe.project.bench import NAMES
from haihe.project.command import assemble

DESIGNED = "exchange services catalogue cases places analyses health cold_chain policies pages"


def test_every_benchmark_of_the_design_runs_or_says_that_it_is_not_built() -> None:
    assert set(DESIGNED.split()) <= set(NAMES)
    for name in NAMES:
        if find_spec(f"haihe.project.bench.{name}"):
            assert callable(import_module(f"haihe.project.bench.{name}").run)
            continue
        told = CliRunner().invoke(assemble(["bench"]), ["bench", name, "--json"])
        assert told.exit_code == 0
        assert json.loads(told.output) == {"bench": name, "built": False}


def test_the_command_itself_ends_well_for_a_benchmark_that_is_not_built() -> None:
    name = next(name for name in NAMES if find_spec(f"haihe.project.bench.{name}") is None)
    start = "from haihe.project.command import main; main()"
    command = [sys.executable, "-c", start, "bench", name, "--json"]
    told = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60)
    assert json.loads(told.stdout) == {"bench": name, "built": False}
