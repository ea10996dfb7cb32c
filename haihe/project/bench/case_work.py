"""The work of `haihe bench cases`, in a process whose environment names its own database.

Takes the number of cases present, opened and walked, and the database server's process; writes
figures and limits as JSON.
"""

from __future__ import annotations

import importlib
import json
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.core.management import call_command
from django.db import connection

from haihe.base.actor import Actor
from haihe.base.registry import registry
from haihe.project.bench.case_city import DEPARTMENTS, WARDS, follow_up, make_city
from haihe.project.bench.cpu import cpu_seconds
from haihe.project.start import start_django

TURNS = 40
_PRESENT = """
insert into cases_case (
    id, version_id, state, place_id, grid, datum, category, title, department_id, officer_id,
    opened_at, opened_by, due, ended_at, was_late, rating, source, send_backs, extensions,
    reopenings, steps
)
select
    (lpad(to_hex((extract(epoch from opened) * 1000)::bigint), 12, '0')
        || '7' || substr(md5(n::text), 1, 3) || '8' || substr(md5(n::text), 4, 15))::uuid,
    %(version)s,
    case when ended is null then (array['visiting', 'checking', 'reported'])[1 + n %% 3]
        else 'closed' end,
    'W' || lpad((n %% %(wards)s)::text, 3, '0'), '', '', 'c' || n %% 239,
    (array['路灯不亮', '积水严重', '垃圾堆放', '占道经营', '井盖缺失'])[1 + n %% 5] || n,
    -- A unit's share falls with its number: the first has about a tenth of all.
    'd' || floor(%(departments)s * power(n * 0.6180339887 %% 1.0, 2))::int,
    null, opened, 'citizen:' || n %% 100000,
    case when ended is null then opened + interval '5 days' end,
    ended, n %% 11 = 0, case when ended is null then null else 1 + n %% 5 end, 'bench', 0, 0, 0, 1
from (
    select n, opened,
        case when opened > now() - interval '9 days' and n %% 2 = 0 then null
            else opened + interval '3 days' end as ended
    from (
        select n, now() - (n::float / %(present)s) * interval '1300 days' as opened
        from generate_series(1::bigint, %(present)s) n
    ) dated
) aged
"""


def work(
    *, present: int, opened: int, walked: int, server: int
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Figures and limits of one run."""
    call_command("migrate", interactive=False, verbosity=0)
    registry.add_case_types(follow_up())
    officers = make_city()
    actions = importlib.import_module("haihe.kernel.cases.actions")
    boss = Actor("officer", "boss", "d0", frozenset(registry.permissions))
    actions.open_case(by=boss, type="bench.follow_up", department="d0")
    filled_s = _timed(lambda: _fill(present))
    drafts = _drafts(opened, officers)
    bare_s = _timed(lambda: _copy_bare(drafts))
    begun, cpu, database = time.perf_counter(), time.process_time(), cpu_seconds(server)
    keys = actions.open_many(by=boss, type="bench.follow_up", cases=drafts, source="bench")
    opened_s = time.perf_counter() - begun
    cpu, database = time.process_time() - cpu, cpu_seconds(server) - database
    whole = _whole(opened)
    _query("vacuum analyze")
    inbox = _inboxes()
    walked_s = _timed(lambda: _walk(keys[:walked], boss))
    worst = max(inbox, key=lambda name: inbox[name])
    figures = {
        "opened_per_s": opened / opened_s,
        "opened_s": opened_s,
        "opened_cpu_us": 1e6 * cpu / opened,
        "opened_database_cpu_us": 1e6 * database / opened,
        "opened": opened,
        "opened_whole": whole,
        "walked_per_s": walked / walked_s,
        "walked": walked,
        "steps_each": 4,
        "inbox_p95_ms": inbox[worst],
        "inbox_worst": worst,
        "inbox_by_filter_p95_ms": inbox,
        "present": _count("select count(*) from cases_case"),
        "open": _count("select count(*) from cases_case where ended_at is null"),
        "open_in_largest_unit": _count(
            "select count(*) from cases_case where ended_at is null and department_id = 'd0'"
        ),
        "filled_s": filled_s,
    }
    return figures, {"bare_rows_per_s": opened / bare_s}


def _fill(present: int) -> None:
    models = importlib.import_module("haihe.kernel.cases.models")
    version = models.CaseTypeVersion.objects.get(name="bench.follow_up").pk
    with connection.cursor() as cursor:
        # Rows of ours whose keys are right: each need not be looked up.
        cursor.execute("set session_replication_role = replica")
        cursor.execute(
            _PRESENT,
            {"version": version, "present": present, "departments": DEPARTMENTS, "wards": WARDS},
        )
        cursor.execute("set session_replication_role = origin")
    _query("vacuum analyze cases_case")
    _query("checkpoint")


def _drafts(count: int, officers: Sequence[tuple[int, str]]) -> list[Any]:
    draft = importlib.import_module("haihe.kernel.cases.declare").NewCase
    made = []
    for n in range(count):
        officer, department = officers[n % len(officers)]
        place = f"W{n % WARDS:03d}"
        subject = n.to_bytes(16, "big")
        made.append(draft(department, f"回访{n}", "red", place, officer=officer, subject=subject))
    return made


def _copy_bare(drafts: Sequence[Any]) -> None:
    """As many rows of the same texts, into a table without index, key or check."""
    rows = importlib.import_module("haihe.engine.postgres.rows")
    _query("create table bench_bare (a text, b text, c text, d text, e bigint, f bytea)")
    values = ((d.department, d.title, d.category, d.place, d.officer, d.subject) for d in drafts)
    rows.copy_rows(connection.connection, "bench_bare", list("abcdef"), values)


def _whole(opened: int) -> bool:
    """Whether each opened case has its clock, first event, entry and whoever is in charge."""
    own = "from cases_case c where c.source = 'bench' and c.officer_id is not null"
    found = [
        _count(f"select count(*) {own} {more}")
        for more in (
            "",
            "and exists (select from cases_clock k where k.case_id = c.id and k.due is not null)",
            "and exists (select from cases_event e where e.case_id = c.id and e.ordinal = 1)",
        )
    ]
    entries = _count(
        "select count(*) from ledger_entry where kind = 'cases.case.opened' and subject is not null"
    )
    return {*found, entries} == {opened}


def _inboxes() -> dict[str, float]:
    """The 95th percentile of one page, by filter, of the unit with most cases; milliseconds."""
    queries = importlib.import_module("haihe.kernel.cases.queries")
    officer = _count("select min(officer_id) from cases_case where officer_id is not null")
    mine = {"department": "d0"}
    filters = {
        "all": mine,
        "state": {**mine, "state": "checking"},
        "overdue": {**mine, "overdue": True},
        "place": {**mine, "place": "W01"},
        "one_place": {**mine, "place": "W017"},
        "text": {**mine, "text": "积水严重99"},
        "text_not_there": {**mine, "text": "没有这样的事"},
        "everything": {
            **mine, "state": "visiting", "place": "W0", "text": "井盖", "type": "bench.follow_up",
        },
        "officer": {"officer": officer},
    }  # fmt: skip
    found = {}
    for name, given in filters.items():
        which = queries.Inbox(**given)
        found[name] = _p95(lambda after, which=which: queries.inbox(which, after=after).after)
    found["counts"] = _p95(lambda _: str(queries.counts(queries.Inbox(**mine)).open))
    return found


def _p95(ask: Callable[[str], str]) -> float:
    """Pages one after another, again from the first at the end."""
    times, after = [], ""
    ask(after)
    for turn in range(TURNS):
        begun = time.perf_counter()
        following = ask(after)
        times.append(1000 * (time.perf_counter() - begun))
        after = following if "|" in following and turn % 8 else ""
    return sorted(times)[int(0.95 * len(times))]


def _walk(keys: Sequence[UUID], boss: Actor) -> None:
    actions = importlib.import_module("haihe.kernel.cases.actions")
    queries = importlib.import_module("haihe.kernel.cases.queries")
    for key in keys:
        unit = queries.case(key).department_id
        worker = Actor("officer", f"w{unit}", unit, frozenset({"cases.handle"}))
        actions.take_step(by=worker, case=key, action="visit", note="Seen")
        actions.take_step(by=worker, case=key, action="report", note="Well")
        actions.take_step(by=boss, case=key, action="redo")
        actions.take_step(by=boss, case=key, action="close")


def _timed(done: Callable[[], object]) -> float:
    begun = time.perf_counter()
    done()
    return time.perf_counter() - begun


def _query(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def _count(sql: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return int(cursor.fetchone()[0])


def main() -> None:
    """Work; the arguments are the cases present, opened and walked, and the server's process."""
    start_django()
    present, opened, walked, server = map(int, sys.argv[1:5])
    json.dump(work(present=present, opened=opened, walked=walked, server=server), sys.stdout)


if __name__ == "__main__":
    main()
