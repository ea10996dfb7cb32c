"""`haihe setup`: prepare or upgrade, for those who run the processes by themselves."""

from __future__ import annotations

from haihe.base.settings import settings
from haihe.project.database import running_database
from haihe.project.processes.folder import check_folder
from haihe.project.processes.preparation import prepare


def setup() -> None:
    """Bring the database to this version."""
    check_folder(settings().data)
    with running_database():
        prepare()
    print("Ready.")
