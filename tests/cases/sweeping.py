"""A process of its own that does what the clocks call for, until it is killed."""

from __future__ import annotations

import sys

import django

from haihe.base.actor import Actor

if __name__ == "__main__":
    django.setup()
    from django.conf import settings
    from django.db import connections

    settings.DATABASES["default"]["NAME"] = sys.argv[1]
    connections["default"].settings_dict["NAME"] = sys.argv[1]
    from haihe.kernel.cases import actions

    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while True:
        actions.sweep_clocks(by=Actor("clock", "cases.clocks"), most=50)
