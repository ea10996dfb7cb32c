"""Counting what pages answer, in the same table as the hot calls."""

from __future__ import annotations

from django.conf import settings
from django.db import connection

from haihe.base.clock import day_in

_ADD = """
insert into services_count as held (day, service, department, calls, refused)
values (%s, %s, %s, %s, %s)
on conflict (day, service, department) do update set
    calls = held.calls + excluded.calls, refused = held.refused + excluded.refused
"""


def add(service: str, department: str, *, refused: bool) -> None:
    """Count one look, or one refusal."""
    with connection.cursor() as cursor:
        day = day_in(settings.CITY["time_zone"])
        cursor.execute(_ADD, [day, service, department, int(not refused), int(refused)])
