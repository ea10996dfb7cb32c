"""Delivered files are opened and proven where they were received; whatever was altered is told."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from haihe.engine.age import Identity, new_identity
from haihe.engine.moving.opening import open_export
from haihe.kernel.exchange import actions
from haihe.kernel.exchange.actions import run_link
from tests.exchange.builders import RECEIVER, as_files, fetched
from tests.exchange.files import held, refusal
from tests.servers import Database

pytestmark = pytest.mark.django_db


def haihe_export(*words: str) -> subprocess.CompletedProcess[str]:
    """`haihe export …` as a process of its own, which knows no database."""
    asked = [sys.executable, "-m", "haihe.project.command", "export", *words]
    return subprocess.run(
        asked, capture_output=True, text=True, check=False, env={"LANG": "C.UTF-8"}
    )


def test_the_receiver_opens_and_proves_files_offline(department: Database, tmp_path: Path) -> None:
    key, out = tmp_path / "key.txt", tmp_path / "plain"
    made = haihe_export("keygen", str(key))
    assert key.stat().st_mode & 0o077 == 0
    delivered = held(department)
    actions.register_key(by=RECEIVER, public=made.stdout)
    link = actions.make_file_delivery(by=RECEIVER, grant=delivered, file_format="csv")
    batch = run_link(by=RECEIVER, link=link)
    folder = fetched(batch, tmp_path / "got")
    words = ("open", str(folder), "--key", str(key), "--out", str(out))
    told = haihe_export(*words, "--manifest", bytes(batch.export.manifest_sha256).hex())
    assert told.returncode == 0, told.stderr
    assert f"94 rows of {link.resource_id}" in told.stdout
    assert [each.name for each in out.iterdir()] == ["part-0001.csv.gz"]
    assert "export.folder.taken" in haihe_export(*words).stderr
    assert "export.key.taken" in haihe_export("keygen", str(key)).stderr


@pytest.fixture
def got(department: Database, tmp_path: Path) -> tuple[Path, Identity, str]:
    """A downloaded export, the key that opens it, its manifest's SHA-256."""
    link, identity = as_files(held(department))
    batch = run_link(by=RECEIVER, link=link)
    return fetched(batch, tmp_path / "got"), identity, bytes(batch.export.manifest_sha256).hex()


def turned(path: Path, at: int) -> None:
    """Turn one bit of a file."""
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)


def test_one_byte_of_a_file_or_of_the_manifest_is_told(
    got: tuple[Path, Identity, str], tmp_path: Path
) -> None:
    folder, identity, digest = got
    how = {"folder": folder, "identity": identity, "into": tmp_path / "p"}
    file = folder / "part-0001.parquet.age"
    for at in (0, 60, 200, -1):
        turned(file, at)
        assert refusal(open_export, **how) == "export.file.altered"
        turned(file, at)
    manifest = folder / "manifest.json"
    as_written = manifest.read_text()
    manifest.write_text(as_written.replace("housing.fund", "housing.find"))
    assert refusal(open_export, **how, manifest_sha256=digest) == "export.manifest.altered"
    manifest.write_text(as_written.replace('"rows": 94', '"rows": 95'))
    assert refusal(open_export, **how) == "export.rows.differ"
    manifest.write_text(as_written.replace("part-0001", "../part-0001"))
    assert refusal(open_export, **how) == "export.manifest.bad"
    manifest.write_text(as_written)
    assert refusal(open_export, **{**how, "identity": new_identity()}) == (
        "age.file.not_for_this_key"
    )
    file.rename(folder / "elsewhere")
    assert refusal(open_export, **how) == "export.file.missing"
    assert not (tmp_path / "p").exists()
    assert not list(tmp_path.glob(".p.*"))


def test_a_file_that_matches_an_altered_manifest_does_not_open_either(
    got: tuple[Path, Identity, str], tmp_path: Path
) -> None:
    folder, identity, _ = got
    file, manifest = folder / "part-0001.parquet.age", folder / "manifest.json"
    told = json.loads(manifest.read_text())
    for cut in (1, 17, 400):
        whole = file.read_bytes()
        file.write_bytes(whole[:-cut])
        told["files"][0] |= {
            "bytes": len(whole) - cut,
            "sha256": hashlib.sha256(whole[:-cut]).hexdigest(),
        }
        manifest.write_text(json.dumps(told))
        assert refusal(open_export, folder=folder, identity=identity, into=tmp_path / "p") == (
            "age.file.bad"
        )
        file.write_bytes(whole)
