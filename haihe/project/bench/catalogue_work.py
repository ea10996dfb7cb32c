"""The work of `haihe bench catalogue`, in a process whose environment names its own database.

Takes the number of entries, and of those in a workbook; writes figures, the peer's and limits as
JSON.
"""

from __future__ import annotations

import importlib
import json
import random
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

from django.core.management import call_command
from django.db import connection

from haihe.base.actor import Actor
from haihe.base.registry import registry
from haihe.edges.sheets import write_xlsx
from haihe.project.bench.catalogue_export import export_figures
from haihe.project.start import start_django

DEPARTMENTS, COLUMNS, TURNS, PAGE = 67, 8, 400, 25
_OWNERS = (
    "民政",
    "公安",
    "住建",
    "卫健",
    "教育",
    "税务",
    "市场监管",
    "人社",
    "规划",
    "交通",
    "水务",
    "农业",
    "文旅",
    "应急",
    "医保",
)
_THINGS = (
    "低保家庭",
    "住房公积金",
    "不动产登记",
    "营业执照",
    "机动车",
    "驾驶证",
    "婚姻登记",
    "出生医学证明",
    "社会保险参保",
    "残疾人",
    "供热用户",
    "用水户",
    "建设工程规划许可",
    "食品经营许可",
    "道路运输企业",
    "医疗机构",
    "学校",
    "企业年报",
    "行政处罚",
    "信用评价",
    "养老机构",
    "户籍人口",
    "流动人口",
    "排污许可",
    "特种设备",
    "房屋租赁",
    "公共场所",
    "地名地址",
    "气象预警",
)
_WHATS = (
    "基本信息",
    "明细",
    "统计",
    "变更记录",
    "审批结果",
    "年度汇总",
    "缴存信息",
    "检查记录",
    "名录",
    "状态",
)
_PARTS = (
    "编号",
    "名称",
    "姓名",
    "公民身份号码",
    "统一社会信用代码",
    "地址",
    "联系电话",
    "登记日期",
    "状态",
    "金额",
    "面积",
    "类别",
)
_SIZE = """
select sum(pg_total_relation_size(c))::bigint from unnest(array['catalogue_searchable',
    'catalogue_searchwords', 'catalogue_searchtitle']::regclass[]) c
"""
_PEER = """
select count(*) from entry where text ilike all(%(words)s);
"""
_PEER_PAGE = """
select code from entry where text ilike all(%(words)s) order by code limit 25
"""


def work(entries: int, in_sheets: int) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """Figures, the peer's and limits of one run."""
    call_command("migrate", interactive=False, verbosity=0)
    boss = Actor("administrator", "bench", "", frozenset(registry.permissions))
    departments = importlib.import_module("haihe.kernel.org.models").Department.objects
    for n in range(DEPARTMENTS):
        name = {"zh": f"{_OWNERS[n % len(_OWNERS)]}局{n}", "en": f"Department {n}"}
        departments.create(code=f"d{n}", name=name, kind="department")
    actions = importlib.import_module("haihe.kernel.catalogue.actions")
    drafts = list(_drafts(entries))
    published_s = _timed(lambda: actions.publish_resources(by=boss, drafts=drafts))
    _run("vacuum analyze")
    asked = list(_asked())
    searches = [_timed(lambda each=each: _search(*each)) for each in asked]
    _make_peer()
    words = [each for each, narrowed in asked if each and not narrowed and not each.isascii()]
    trigrams = [_timed(lambda each=each: _ask_peer(each)) for each in words]
    _run("drop index entry_text")
    scans = [_timed(lambda each=each: _ask_peer(each)) for each in words[: TURNS // 4]]
    figures = _sheets(in_sheets, boss) | {
        "entries": entries,
        "columns": entries * COLUMNS,
        "published_per_s": entries / published_s,
        "published_s": published_s,
        "search_p50_ms": _ms(searches, 0.5),
        "search_p95_ms": _ms(searches, 0.95),
        "search_worst_ms": _ms(searches, 1.0),
        "searches": len(searches),
        "index_mib": _run(_SIZE) / 2**20,
    }
    peer = {"trigram_p50_ms": _ms(trigrams, 0.5), "trigram_p95_ms": _ms(trigrams, 0.95)}
    figures |= export_figures()
    return figures, peer, {"scan_p95_ms": _ms(scans, 0.95)}


def _drafts(entries: int) -> Iterator[dict[str, Any]]:
    """Made-up entries that share words as real ones do; the same ones in each run."""
    made = random.Random(1)  # noqa: S311 - not for secrets
    draft = importlib.import_module("haihe.kernel.catalogue.declare").ColumnDraft
    classes = ("unconditional", "conditional", "withheld")
    cycles = ("daily", "weekly", "monthly", "yearly", "irregular")
    for n in range(entries):
        owner = n % DEPARTMENTS
        thing, what = made.choice(_THINGS), made.choice(_WHATS)
        parts = made.sample(_PARTS, COLUMNS)
        yield {
            "code": f"d{owner}/r{n}",
            "title": {"zh": f"{thing}{what}（{made.randint(1, 400)}）", "en": f"Entry {n}"},
            "abstract": {"zh": f"{_OWNERS[owner % len(_OWNERS)]}局掌握的{thing}{what}。"},
            "department": f"d{owner}",
            "table": f"d{owner}.r{n}",
            "classification": f"{made.randint(1, 3)}-{made.randint(1, 30):02}",
            "sharing_class": made.choice(classes),
            "sharing_condition": "按职责需要",
            "cycle": made.choice(cycles),
            "columns": [
                draft(f"c{at}", "text", {"zh": part, "en": f"Part {at}"})
                for at, part in enumerate(parts)
            ],
        }


def _sheets(entries: int, boss: Actor) -> dict[str, Any]:
    """A workbook of so many new entries: read, checked (one fault keeps it out), brought in."""
    actions = importlib.import_module("haihe.kernel.catalogue.actions")
    queries = importlib.import_module("haihe.kernel.catalogue.queries")
    faulty = _workbook(entries, queries.LISTS["catalogue"], {"sharing_class": "conditional"})
    read_s = _timed(lambda: queries.lists_in(faulty, "a.xlsx"))
    found: list[Any] = []
    checked_s = _timed(
        lambda: found.append(actions.try_sheets(by=boss, data=faulty, name="a.xlsx"))
    )
    if [each.code for each in found[0].faults] != ["catalogue.sheets.condition_missing"]:
        raise AssertionError(found[0].faults[:5])
    data = _workbook(entries, queries.LISTS["catalogue"], {})
    imported_s = _timed(lambda: actions.import_sheets(by=boss, data=data, name="a.xlsx"))
    exported_s = _timed(lambda: queries.export_xlsx("catalogue", department="d0"))
    return {
        "sheet_entries": entries,
        "sheet_columns": entries * COLUMNS,
        "sheet_mib": len(data) / 2**20,
        "sheet_read_s": read_s,
        "sheet_checked_s": checked_s,
        "sheet_imported_s": imported_s,
        "sheet_entries_per_s": entries / imported_s,
        "sheet_exported_one_department_s": exported_s,
    }


def _workbook(entries: int, sheets: Any, last: dict[str, Any]) -> bytes:
    """The made-up entries as a department would send them; ``last`` changes the last one."""

    def resources() -> Iterator[dict[str, Any]]:
        for n, draft in enumerate(_drafts(entries)):
            yield {
                "code": f"s{draft['code']}",
                "title": draft["title"]["zh"],
                "abstract": draft["abstract"]["zh"],
                "provider": draft["department"],
                "classification": draft["classification"],
                "sharing_class": "unconditional",
                "cycle": draft["cycle"],
                **(last if n == entries - 1 else {}),
            }

    def columns() -> Iterator[dict[str, Any]]:
        for draft in _drafts(entries):
            for each in draft["columns"]:
                row = {"resource": f"s{draft['code']}", "name": each.name}
                yield {**row, "title": each.title["zh"], "kind": "字符型"}

    return write_xlsx([(sheets[0], resources()), (sheets[1], columns())])


def _asked() -> Iterator[tuple[str, dict[str, str]]]:
    """What people type: common and rare, long and short, with and without facets."""
    made = random.Random(2)  # noqa: S311 - not for secrets
    words = [
        lambda: made.choice(_THINGS),
        lambda: made.choice(_THINGS)[:2],
        lambda: f"{made.choice(_THINGS)} {made.choice(_WHATS)}",
        lambda: f"{made.choice(_THINGS)}{made.choice(_WHATS)}",
        lambda: made.choice(("信息", "登记", "人", "状态", "记录")),
        lambda: made.choice(("gjj", "zfgjj", "dibao", "yyzz", "bdcdj", "jdc")),
        lambda: f"d{made.randint(0, DEPARTMENTS - 1)}/r{made.randint(0, 999)}",
        lambda: "",
    ]
    facets: tuple[dict[str, str], ...] = (
        {}, {}, {"sharing_class": "conditional"}, {"department": "d7"}, {"classification": "1"},
    )  # fmt: skip
    for n in range(TURNS):
        yield words[n % len(words)](), facets[n % len(facets)]


def _search(words: str, narrowed: dict[str, str]) -> None:
    queries = importlib.import_module("haihe.kernel.catalogue.queries")
    found = queries.search(words, **narrowed)
    found.counted()
    found.page(0, PAGE)


def _make_peer() -> None:
    _run("create extension if not exists pg_trgm")
    _run(
        "create table entry as select code, concat_ws(' ', title::text, abstract::text,"
        " (select string_agg(c.title::text, ' ') from catalogue_column c"
        " where c.resource_id = code)) as text from catalogue_resource"
    )
    _run("alter table entry add primary key (code)")
    _run("create index entry_text on entry using gin (text gin_trgm_ops)")
    _run("vacuum analyze entry")


def _ask_peer(words: str) -> None:
    given = {"words": [f"%{word}%" for word in words.split()]}
    with connection.cursor() as cursor:
        cursor.execute(_PEER, given)
        cursor.execute(_PEER_PAGE, given)
        cursor.fetchall()


def _run(sql: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0] if cursor.description else None


def _timed(call: Callable[[], object]) -> float:
    begun = time.perf_counter()
    call()
    return time.perf_counter() - begun


def _ms(seconds: list[float], share: float) -> float:
    ranked = sorted(seconds)
    return 1000 * ranked[min(len(ranked) - 1, int(share * len(ranked)))]


if __name__ == "__main__":
    start_django()
    sys.stdout.write(json.dumps(work(*map(int, sys.argv[1:]))))
