"""The sequencer may end at any moment: the log stays consistent with all that it ever published."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from haihe.base import sealing
from haihe.base.ids import new_id
from haihe.edges.tlog.checkpoints import read_checkpoint
from haihe.edges.tlog.notes import ED25519, SigningKey
from haihe.edges.tlog.tiles import TileName
from haihe.kernel.ledger.audit import Head
from haihe.kernel.ledger.log_files import LogFiles
from haihe.kernel.ledger.models import Cosignature, Entry, Numbered
from haihe.kernel.ledger.sequencing import Sequencer
from haihe.kernel.ledger.witnessing import Witness
from tests.ledger import kit
from tests.ledger.test_witness import standin

pytestmark = pytest.mark.django_db(transaction=True)


class FullDisk(LogFiles):
    """A folder on a disk that is full after so many writes."""

    def __init__(self, folder: Path, *, writes: int) -> None:
        super().__init__(folder)
        self.left = writes

    def publish(self, checkpoint: str) -> None:
        self._take()
        super().publish(checkpoint)

    def _write(self, contents: Iterable[tuple[TileName, bytes]]) -> None:
        for each in contents:
            self._take()
            super()._write([each])

    def _take(self) -> None:
        if self.left == 0:
            raise OSError(28, "No space left on device")
        self.left -= 1


def _step_for_ever(log: Sequencer) -> None:
    while True:
        log.step()
        kit.write(1)


def test_a_step_that_ends_at_any_write_is_finished_by_the_next_start(tmp_path: Path) -> None:
    with standin(tmp_path / "w") as witness:
        for writes in range(9):
            kit.fill(130)
            files = FullDisk(tmp_path / "log", writes=writes)
            broken = Sequencer(kit.url(), files=files, key=kit.KEY, witness=witness)
            with pytest.raises(OSError, match="No space"):
                _step_for_ever(broken)
            broken.close()
            again = kit.sequencer(tmp_path / "log", witness=witness)
            again.resume()
            again.step()
            again.close()
            report = kit.audit(tmp_path / "log", heads=[kit.head(tmp_path / "log")])
            assert report.findings == []
            seen = witness.head(kit.KEY.name)
            assert seen is not None
            assert seen[1].size == report.entries == Entry.objects.count()


def test_a_lost_connection_is_taken_up_again(tmp_path: Path) -> None:
    log = kit.sequencer(tmp_path)
    kit.write(2)
    log.step()
    kit.write(1)
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid()"
        )
    with pytest.raises(Exception, match="can't be reached"):
        log.step()
    log.resume()
    assert log.step() == 1
    log.close()
    assert kit.audit(tmp_path).findings == []


class Outside:
    """Somebody outside who keeps every checkpoint that was ever published."""

    def __init__(self, folder: Path) -> None:
        self.kept: set[str] = set()
        self._files = LogFiles(folder)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self) -> Outside:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def wait_for_another(self) -> None:
        """Until the process that was just started publishes too."""
        known, ends = len(self.kept), time.monotonic() + 30
        while len(self.kept) <= known and time.monotonic() < ends:
            time.sleep(0.01)

    def _watch(self) -> None:
        while not self._stop.wait(0.002):
            text = self._files.checkpoint()
            if text:
                self.kept.add(text)


def _write_until(stop: threading.Event, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - to be repeated, not to be secret
    with closing(psycopg.connect(kit.url())) as own:
        while not stop.wait(0.01):
            for _ in range(chance.randrange(1, 120)):
                kit.enter(own)
            own.commit()


def _start(data: Path, witness: Witness) -> subprocess.Popen[bytes]:
    variables = {
        **os.environ,
        "HAIHE_DATA": str(data),
        "HAIHE_DATABASE_URL": kit.url(),
        "HAIHE_LEDGER_ORIGIN": kit.KEY.name,
        "HAIHE_WITNESS_URL": witness.url,
        "HAIHE_WITNESS_KEY": witness.key.text,
        "HAIHE_LOG_LEVEL": "error",
    }
    command = [sys.executable, "-m", "haihe.project.command", "sequencer"]
    return subprocess.Popen(command, env=variables)


def test_kills_at_any_moment_leave_a_log_that_extends_all_it_published(tmp_path: Path) -> None:
    data, seed, stop = tmp_path / "data", new_id().int % 2**32, threading.Event()
    chance = random.Random(seed)  # noqa: S311 - to be repeated, not to be secret
    key = SigningKey(kit.KEY.name, ED25519, sealing.key(data / "keys", "log"))
    writer = threading.Thread(target=_write_until, args=[stop, seed])
    with standin(tmp_path / "w", key.verifier) as witness, Outside(data / "ledger") as outside:
        writer.start()
        for turn in range(8):
            process = _start(data, witness)
            if turn % 4:
                outside.wait_for_another()
            # Every fourth is killed while it starts.
            time.sleep(1.5 * chance.random())
            process.kill()
            process.wait()
        stop.set()
        writer.join()
        last = Sequencer(kit.url(), files=LogFiles(data / "ledger"), key=key, witness=witness)
        last.step()
        last.close()
        seen = witness.head(key.name)
    assert seen is not None
    assert seen[1].size == Numbered.objects.count() == Entry.objects.count(), f"seed {seed}"
    assert len(outside.kept) >= 6, f"seed {seed}"
    assert Cosignature.objects.exists()
    heads = [
        Head(read_checkpoint(text, key=key.verifier), "a checkpoint kept outside")
        for text in outside.kept
    ]
    assert kit.audit(data / "ledger", heads=heads, key=key.verifier).findings == [], f"seed {seed}"
