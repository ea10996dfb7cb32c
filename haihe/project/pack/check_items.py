"""Rules for the list of items: what reports can be about."""

from __future__ import annotations

from haihe.kernel.cases.items import item_faults
from haihe.project.pack.read import Check, Pack


def check_items(pack: Pack) -> None:
    """Each line is right by itself and names lines and departments that there are."""
    departments = [each.code for each in pack.departments]
    for said in item_faults(pack.items, departments=departments):
        pack.faults.add("items.csv", "", said)


ITEM_RULES: tuple[Check, ...] = (check_items,)
