"""An environment of their own for peers that a benchmark measures beside Haihe."""

from __future__ import annotations

import subprocess
import sysconfig
import venv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from haihe.base.errors import Unavailable


class NoPeers(Unavailable):
    """The peers' packages can't be had."""

    code = "bench.peers.missing"
    message = "The peers' packages could not be installed."
    hint = "Check that pip reaches a package index, or measure without --peers."


@dataclass(frozen=True)
class Environment:
    """Its interpreter, and the folder of its packages."""

    python: Path
    packages: Path


def make_environment(folder: Path, packages: Sequence[str]) -> Environment:
    """Make a virtual environment with these packages. Errors: ``bench.peers.missing``."""
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    words = ["-m", "pip", "install", "-qq", "--no-input", "--disable-pip-version-check"]
    done = subprocess.run([str(python), *words, *packages], check=False, stdout=subprocess.DEVNULL)
    if done.returncode != 0:
        raise NoPeers
    paths = {"base": str(folder), "platbase": str(folder)}
    return Environment(python, Path(sysconfig.get_path("purelib", "venv", paths)))
