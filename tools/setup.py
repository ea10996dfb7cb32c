"""Installs everything into .venv: run by `make setup` with the machine's own Python.

Only the standard library: nothing else is installed yet. A second run with nothing changed takes a
fraction of a second.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path

UV = "uv==0.13.9"
TOOLS = Path(".tools")
STAMP = TOOLS / "installed"
OURS = Path(".venv/bin/python")
FRONT_END = Path("tools/front_end.py")


def say(text: str) -> None:
    """One line of progress."""
    print(f"{time.strftime('%H:%M:%S')}  {text}", flush=True)


def run(*words: str | Path) -> None:
    """Run a command; end with a sentence if it fails."""
    if subprocess.call([str(word) for word in words], env=environment()) != 0:
        sys.exit(
            f"This did not work: {' '.join(str(word) for word in words)}\n"
            "Read the lines above, mend it (network? disk?), and run the same command again: "
            "it goes on from here."
        )


def environment() -> dict[str, str]:
    """The caller's environment, with a cache that can be written and no other Python's paths."""
    others = {"VIRTUAL_ENV", "PYTHONHOME", "PYTHONPATH", "CONDA_PREFIX"}
    given = {name: value for name, value in os.environ.items() if name not in others}
    home = given.get("HOME", "")
    if not (home and os.path.isdir(home) and os.access(home, os.W_OK)):
        given.setdefault("UV_CACHE_DIR", str(TOOLS / "cache"))
        given.setdefault("PIP_NO_CACHE_DIR", "1")
    if given.get("PIP_INDEX_URL"):
        given.setdefault("UV_DEFAULT_INDEX", given["PIP_INDEX_URL"])
    given.setdefault("UV_PYTHON_DOWNLOADS", "never")
    given["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"
    return given


def fingerprint() -> str:
    """What the installation depends on: the lock, the project, this folder and this Python."""
    digest = hashlib.sha256(f"{UV} {Path.cwd()} {sys.version}".encode())
    for name in ("requirements.lock", "pyproject.toml", "tools/setup.py"):
        digest.update(Path(name).read_bytes())
    return digest.hexdigest()


def works(python: Path) -> bool:
    """Whether a virtual environment's Python runs, and is of this version."""
    asked = f"import sys; sys.exit(sys.version_info[:3] != {sys.version_info[:3]!r})"
    try:
        return subprocess.call([python, "-I", "-c", asked], stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def installer() -> Path:
    """The path of uv, which does the rest, in a small environment of its own."""
    folder = TOOLS / UV
    uv = folder / "bin/uv"
    if not uv.exists():
        say("Fetching the installer (uv) ...")
        if subprocess.call([sys.executable, "-m", "venv", "--clear", folder]) != 0:
            sys.exit("Python's venv module is missing. On Debian: apt-get install python3-venv")
        run(folder / "bin/python", "-m", "pip", "install", "--quiet", UV)
    return uv


def install() -> None:
    """The locked packages, each checked by its hash, then Haihe itself."""
    uv = installer()
    if not works(OURS):
        say(f"Making .venv with Python {sys.version.split()[0]} ...")
        run(uv, "venv", "--quiet", "--clear", "--python", sys.executable, ".venv")
    say("Installing the locked packages (the first time: about a minute on a good line) ...")
    lock = ("--require-hashes", "requirements.lock")
    run(uv, "pip", "sync", "--no-progress", "--python", OURS, *lock)
    run(uv, "pip", "install", "--quiet", "--no-deps", "--python", OURS, "-e", ".")


def main() -> None:
    """Install what is missing or changed; one at a time."""
    os.chdir(Path(__file__).resolve().parent.parent)
    TOOLS.mkdir(exist_ok=True)
    with (TOOLS / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        wanted = fingerprint()
        known = STAMP.read_text() if STAMP.exists() else ""
        if known != wanted or not works(OURS):
            install()
            STAMP.write_text(wanted)
        if FRONT_END.exists():
            run(OURS, FRONT_END)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
    except OSError as fault:
        sys.exit(f"Setting up stopped: {fault}. Mend it and run the same command again.")
