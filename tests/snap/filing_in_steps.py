"""A process of its own that files what is received, a few at once, until it is killed."""

from __future__ import annotations

import sys

import django

if __name__ == "__main__":
    django.setup()
    from django.conf import settings
    from django.db import connections

    settings.DATABASES["default"]["NAME"] = sys.argv[1]
    connections["default"].settings_dict["NAME"] = sys.argv[1]
    from haihe.systems.snap import actions, jobs
    from haihe.systems.snap.actions import filing_received

    filing_received.MOST = 7
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while True:
        actions.file_received(by=jobs.FILER)
