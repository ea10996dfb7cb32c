"""Rules for the case types that a pack brings."""

from __future__ import annotations

from collections import Counter

from haihe.kernel.cases.errors import BadType
from haihe.kernel.cases.types.documents import checked
from haihe.project.pack.read import Check, Pack


def check_case_types(pack: Pack) -> None:
    """Each type is whole, its unit a department of the pack, its name its own."""
    departments = {each.code for each in pack.departments}
    names = Counter(str(document.get("name")) for _, document in pack.case_types)
    for file, document in pack.case_types:
        try:
            found = checked(document)
        except BadType as bad:
            for said in bad.faults or (bad.message,):
                pack.faults.add(file, "", said)
            continue
        if found.unit and found.unit not in departments:
            pack.faults.add(file, "unit", f"there is no department {found.unit}.")
        if names[found.name] > 1:
            pack.faults.add(file, "name", f"{found.name} is the name of two types.")


TYPE_RULES: tuple[Check, ...] = (check_case_types,)
