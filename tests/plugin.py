"""Loaded by pytest before all else: one embedded PostgreSQL for the whole run, one made-up city.

Not durable (fsync off), for speed; tests about durability start servers of their own.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from haihe.engine.postgres.server import Server

FOLDER = Path(tempfile.mkdtemp(prefix="haihe-tests-"))
SERVER = Server(
    FOLDER / "postgres",
    settings={"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"},
)

os.environ["HAIHE_DATA"] = str(FOLDER)
os.environ["HAIHE_CITY"] = "riverton"
os.environ["HAIHE_DATABASE_URL"] = SERVER.url()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "haihe.project.settings")

SERVER.start()
SERVER.ensure_database()


@atexit.register
def _clear() -> None:
    SERVER.stop()
    shutil.rmtree(SERVER.socket, ignore_errors=True)
    shutil.rmtree(FOLDER, ignore_errors=True)
