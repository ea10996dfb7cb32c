"""Fills a benchmark's own database: services, grants, callers, subjects, entries present.

Run as a module in a process of its own, whose environment names that database; takes the number
of entries as its argument and writes what the load needs as JSON to standard output. What counts
by the thousand goes through the actions; rows by the million are made inside the database.
"""

from __future__ import annotations

import importlib
import json
import sys
from typing import Any

from django.core.management import call_command
from django.db import connection
from stdnum import luhn

from haihe.base import sealing
from haihe.base.actor import Actor
from haihe.base.ids import new_id
from haihe.base.registry import registry
from haihe.base.settings import settings
from haihe.engine.merkle.secrets import SubjectSecrets
from haihe.project.start import start_django

SERVICES = 32
CALLERS = 32
SUBJECTS = 20_000
PURPOSE = "bench.purpose"
RATE = 10_000_000

_SERVED = """
insert into exchange_serving (subject, resource, rows, batch)
select s.subject, 'r' || r, jsonb_build_array(jsonb_build_object(
    'person', s.number, 'income', 1000 + mod(n, 100000), 'since', '2020-01-02',
    'street', 'Mill Lane', 'state', case when mod(n, 3) = 0 then 'active' else 'ended' end)),
    %(batch)s
from subjects s cross join generate_series(1, %(services)s) r
"""

_ENTRIES = """
insert into ledger_entry (id, kind, at, actor, department, purpose, subject, body, leaf)
select
    (lpad(to_hex((extract(epoch from now()) * 1000)::bigint - %(entries)s + e), 12, '0')
        || '7' || substr(md5(e::text), 1, 3) || '8' || substr(md5(e::text), 4, 15))::uuid,
    'services.call.answered', now(), 'system:bench', 'd1', 'bench.purpose', s.subject,
    '{"service": "bench"}'::jsonb, sha256(int8send(e))
from generate_series(1::bigint, %(entries)s) e
join subjects s on s.n = mod(e * 7919, %(subjects)s)
"""


def fill(*, entries: int) -> dict[str, Any]:
    """Make the tables and fill them; gives keys, paths and numbers for the load."""
    call_command("migrate", interactive=False, verbosity=0)
    numbers = [f"{n:09d}" for n in range(1, SUBJECTS + 1)]
    numbers = [number + luhn.calc_check_digit(number) for number in numbers]
    served = _open_services()
    _fill_rows(numbers, entries=entries)
    return {**served, "numbers": numbers, "purpose": PURPOSE}


def _fill_rows(numbers: list[str], *, entries: int) -> None:
    index = sealing.key(settings().keys_path, "index")
    keys = [sealing.subject_key(n, scheme="luhn.person", key=index) for n in numbers]
    sealer = SubjectSecrets(sealing.key(settings().keys_path, "ledger"))
    with connection.cursor() as cursor:
        cursor.execute("create temp table subjects (n int primary key, number text, subject bytea)")
        with cursor.copy("copy subjects from stdin") as rows:
            for n, (number, key) in enumerate(zip(numbers, keys, strict=True)):
                rows.write_row((n, number, bytes(key)))
        with cursor.copy("copy ledger_subjectsecret (subject, secret) from stdin") as rows:
            for subject, sealed in sealer.made_for(keys).items():
                rows.write_row((bytes(subject), sealed))
        cursor.execute(_SERVED, {"services": SERVICES, "batch": new_id()})
        cursor.execute(_ENTRIES, {"entries": entries, "subjects": len(keys)})
        cursor.execute(
            "insert into ledger_subjectentry (subject, entry)"
            " select subject, id from ledger_entry where subject is not null"
        )
        cursor.execute("vacuum analyze")
        cursor.execute("checkpoint")


def _open_services() -> dict[str, Any]:
    catalogue = importlib.import_module("haihe.kernel.catalogue.actions")
    draft = importlib.import_module("haihe.kernel.catalogue.declare").ColumnDraft
    services = importlib.import_module("haihe.kernel.services.actions")
    departments = importlib.import_module("haihe.kernel.org.models").Department.objects
    may = frozenset(registry.permissions)
    for code in ("giver", "taker"):
        departments.create(code=code, name={"en": code}, kind="department")
    steward = Actor("administrator", "1", "", may)
    giver, taker = (Actor("officer", c, c, may) for c in ("giver", "taker"))
    catalogue.register_system(
        by=giver, code="base", department="giver", kind="postgresql", title={"en": "Base"}
    )
    catalogue.add_purpose(by=steward, code=PURPOSE, title={"en": "Bench"}, basis="None: a bench")
    columns = [
        draft("person", "text", is_subject=True, scheme="luhn.person", is_key=True),
        draft("income", "integer"),
        draft("since", "date"),
        draft("street", "text"),
        draft("state", "text"),
    ]
    for n in range(1, SERVICES + 1):
        catalogue.publish_resource(
            by=giver,
            code=f"r{n}",
            title={"en": f"Resource {n}"},
            department="giver",
            system="base",
            table=f"bench.r{n}",
            sharing_class="conditional",
            sharing_condition="bench",
            columns=columns,
        )
        services.open_service(by=giver, code=f"s{n}", resource=f"r{n}", title={"en": f"S {n}"})
        demand = catalogue.raise_demand(
            by=taker,
            resource=f"r{n}",
            columns=["person", "income", "state"],
            purpose=PURPOSE,
            basis="None: a bench",
            mode="interface",
            rate_per_minute=RATE,
        )
        catalogue.grant_demand(by=giver, demand=demand)
    keys = [
        services.make_caller(by=steward, department="taker", subsystem=f"app{n}")
        for n in range(CALLERS)
    ]
    return {"keys": keys, "paths": [f"giver/base/s{n}" for n in range(1, SERVICES + 1)]}


def main() -> None:
    """Fill; the argument is the number of entries present."""
    start_django()
    json.dump(fill(entries=int(sys.argv[1])), sys.stdout)


if __name__ == "__main__":
    main()
