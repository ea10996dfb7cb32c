"""Rules for who decides appeals on objections, and the limits of each step."""

from __future__ import annotations

from dataclasses import fields

from haihe.project.pack.read import Check, Pack
from haihe.systems.corrections.procedure import Limits

CITY = "city.toml"
DAYS = tuple(each.name for each in fields(Limits) if each.name != "authority")


def check_corrections(pack: Pack) -> None:
    """The authority is a department, each limit a number of working days, and nothing else."""
    systems, given = pack.city.get("systems"), pack.city.get("corrections", {})
    if not isinstance(given, dict):
        pack.faults.add(CITY, "corrections", "write it as a table, [corrections].")
        return
    for name, value in given.items():
        where = f"corrections, {name}"
        if name in DAYS and (not isinstance(value, int) or isinstance(value, bool) or value < 1):
            pack.faults.add(CITY, where, "a limit is a whole number of working days.")
        elif name not in {*DAYS, "authority"}:
            known = ", ".join((*DAYS, "authority"))
            pack.faults.add(CITY, where, f"unknown; known: {known}.")
    authority = str(given.get("authority", ""))
    is_on = isinstance(systems, list) and "corrections" in systems
    if (is_on or authority) and authority not in {each.code for each in pack.departments}:
        pack.faults.add(CITY, "corrections, authority", "name the department that decides appeals.")


CORRECTION_RULES: tuple[Check, ...] = (check_corrections,)
