"""What a grant says, in words and as its frozen document; what is asked of its holder."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q, QuerySet

from haihe.base.clock import now
from haihe.base.row_tests import RowTest, read_rows
from haihe.base.text import Text
from haihe.kernel.catalogue.internals.clocks import city_day
from haihe.kernel.catalogue.internals.terms import must_fit, standing
from haihe.kernel.catalogue.models import (
    Column,
    Deletion,
    Demand,
    Fetch,
    Grant,
    GrantDocument,
    Mode,
    OnwardException,
    Renewal,
    Resource,
)
from haihe.kernel.org.models import Department


def granted_rows(grant: Grant) -> tuple[RowTest, ...]:
    """The tests that each row given under a grant must pass; checked against the resource as it is.

    Errors: ``catalogue.rows.bad``, ``catalogue.column.on_negative_list``,
    ``catalogue.column.withheld``.
    """
    tests = read_rows(grant.rows)
    must_fit(grant.resource, tests)
    return tests


def document(grant: Grant | UUID, *, edition: int | None = None) -> GrantDocument | None:
    """The frozen terms of a grant: the newest edition, or the one named.

    None of grants from before there were documents.
    """
    key = grant.pk if isinstance(grant, Grant) else grant
    found = GrantDocument.objects.filter(grant=key).order_by("-edition")
    return (found if edition is None else found.filter(edition=edition)).first()


@dataclass(frozen=True)
class Cut:
    """What was granted less than was demanded: titles of columns, and which rows alone are given.

    ``rows`` is none where no fewer rows are given. Either may have been cut later, by law.
    """

    columns: tuple[Text, ...]
    rows: Text | None


def cut_of(grant: Grant) -> Cut | None:
    """What the grant gives less than its demand asked; none where it gives all of it."""
    kept = set(grant.columns.values_list("pk", flat=True))
    lost = [each.title for each in grant.demand.columns.all() if each.pk not in kept]
    added = [test for test in grant.rows if test not in grant.demand.rows]
    if not lost and not added:
        return None
    return Cut(tuple(lost), tests_in_words(grant.resource, added) if added else None)


def exceptions(
    *, grant: Grant | None = None, provider: str = "", state: str = ""
) -> QuerySet[OnwardException]:
    """Requests for onward use, newest first: of a grant, or for a provider to decide."""
    found = OnwardException.objects.select_related(
        "grant__department", "grant__resource__department", "grant__purpose"
    )
    for name, value in (("grant__resource__department", provider), ("state", state)):
        found = found.filter(**{name: value}) if value else found
    if grant is not None:
        found = found.filter(grant=grant)
    return found.order_by("-asked_at", "-pk")


def is_whole(document: GrantDocument) -> bool:
    """Whether a document's text is the one that its hash, and so its ledger entry, names."""
    return sha256(document.text.encode()).hexdigest() == document.hash


def content_of(document: GrantDocument) -> dict[str, Any]:
    """The document in JSON's own types; its shape stands in the reference of terms."""
    content: dict[str, Any] = json.loads(document.text)
    return content


def all_grants(*, department: str = "") -> QuerySet[Grant]:
    """Every grant, the one that ends first on top; those given or held by a department if named."""
    found = Grant.objects.select_related(
        "department", "resource__department", "purpose", "demand"
    ).order_by("until", "pk")
    if department:
        found = found.filter(Q(department=department) | Q(resource__department=department))
    return found


def ending_soon(*, days: int = 30, department: str = "") -> QuerySet[Grant]:
    """Grants in force that end within so many days."""
    until = now() + timedelta(days=days)
    return all_grants(department=department).filter(
        withdrawn_at__isnull=True, until__gt=now(), until__lte=until
    )


def renewals(
    *, grant: Grant | None = None, provider: str = "", state: str = ""
) -> QuerySet[Renewal]:
    """Renewals, newest first: of a grant, or for a provider to decide."""
    found = Renewal.objects.select_related(
        "grant__department", "grant__resource__department", "grant__purpose"
    )
    for name, value in (("grant__resource__department", provider), ("state", state)):
        found = found.filter(**{name: value}) if value else found
    if grant is not None:
        found = found.filter(grant=grant)
    return found.order_by("-asked_at", "-pk")


def deletions(
    *, grant: Grant | None = None, department: str = "", open_only: bool = False
) -> QuerySet[Deletion]:
    """Deletions, the one due first on top: of a grant; asked of or owed to a department."""
    found = Deletion.objects.select_related("grant__department", "grant__resource__department")
    if grant is not None:
        found = found.filter(grant=grant)
    if department:
        theirs = Q(grant__department=department) | Q(grant__resource__department=department)
        found = found.filter(theirs)
    if open_only:
        found = found.filter(received_at__isnull=True)
    return found.order_by("due", "pk")


def is_late(deletion: Deletion) -> bool:
    """Whether a receipt is past its day."""
    return deletion.received_at is None and deletion.due < city_day()


_MODES = {
    Mode.TABLE: ("库表", "as a table"),
    Mode.FILE: ("文件", "as files"),
    Mode.INTERFACE: ("接口", "by interface"),
}


def terms_in_words(grant: Grant) -> Text:
    """What a grant allows, as one sentence in each language.

    Made of the grant's row: a document says the same of the moment at which it was frozen.
    """
    return {
        "zh": (
            "{to}可为“{purpose}”使用{of}的“{resource}”中{rows}（信息项：{columns}），{pace}，有效期至{until}；"
            "数据最长留存{life}天，到期或撤销后须销毁并出具回执；{onward}。"
        ).format(**_words(grant, language="zh")),
        "en": (
            "{to} may use, for {purpose}, of “{resource}” ({of}) {rows} the columns {columns},"
            " {pace}, until {until}; what is received is kept {life} days at most, and deleted with"
            " a receipt when the grant ends or is withdrawn; {onward}."
        ).format(**_words(grant, language="en")),
    }


def _words(grant: Grant, *, language: str) -> dict[str, object]:
    columns = [_said(column.title, language) for column in grant.columns.all()]
    zone = ZoneInfo(settings.CITY["time_zone"])
    return {
        "to": _said(grant.department.name, language),
        "of": _said(grant.resource.department.name, language),
        "purpose": _said(grant.purpose.title, language),
        "resource": _said(grant.resource.title, language),
        "columns": {"zh": "、", "en": ", "}[language].join(columns),
        "rows": rows_in_words(grant)[language],
        "pace": pace_in_words(grant)[language],
        "until": grant.until.astimezone(zone).date().isoformat(),
        "life": grant.data_life_days,
        "onward": onward_in_words(grant)[language],
    }


def rows_in_words(held: Demand | Grant) -> Text:
    """Which rows are asked for or given."""
    return tests_in_words(held.resource, held.rows)


def tests_in_words(resource: Resource, rows: list[Any]) -> Text:
    """Which rows of a resource pass tests."""
    if not rows:
        return {"zh": "全部记录", "en": "for every row"}
    titles = {column.name: column.title for column in resource.columns.all()}
    tests = [_test_in_words(test, titles) for test in read_rows(rows)]
    return {
        "zh": "{}的记录".format("且".join(zh for zh, _ in tests)),
        "en": "for rows whose {}".format(" and ".join(en for _, en in tests)),
    }


def pace_in_words(held: Demand | Grant) -> Text:
    """By which way, and how often."""
    zh, en = _MODES[Mode(held.mode)]
    if held.mode == Mode.INTERFACE:
        rate = held.rate_per_minute
        return {"zh": f"以{zh}方式每分钟至多调用{rate}次", "en": f"{en}, {rate} calls a minute"}
    if held.fetching == Fetch.ONCE:
        return {"zh": f"以{zh}方式仅提供一次", "en": f"{en}, once"}
    if held.every_hours:
        hours = held.every_hours
        return {"zh": f"以{zh}方式至多每{hours}小时提供一次", "en": f"{en}, every {hours} hours"}
    return {"zh": f"以{zh}方式按需提供", "en": f"{en}, as often as needed"}


def onward_in_words(held: Demand | Grant) -> Text:
    """Whether it may be passed on: to nobody but those whom a law names, each for its time."""
    zone = ZoneInfo(settings.CITY["time_zone"])
    allowed: list[tuple[list[str], str, str]] = []
    if held.onward_to:
        allowed.append((list(held.onward_to), held.onward_law, ""))
    if isinstance(held, Grant):
        allowed += [
            (each.to, each.law, each.until.astimezone(zone).strftime("%Y-%m-%d %H:%M"))
            for each in standing(held)
        ]
    if not allowed:
        return {"zh": "不得向第三方提供", "en": "it may not be passed on"}
    said = [_onward(*each) for each in allowed]
    return {"zh": "；".join(zh for zh, _ in said), "en": "; ".join(en for _, en in said)}


def departments_in_words(codes: Iterable[str]) -> Text:
    """The names of departments, in the order of their codes."""
    named = list(Department.objects.filter(pk__in=list(codes)).order_by("pk"))
    return {
        language: mark.join(_said(each.name, language) for each in named)
        for language, mark in (("zh", "、"), ("en", ", "))
    }


def _onward(to: list[str], law: str, until: str) -> tuple[str, str]:
    listed = departments_in_words(to)
    zh = f"依据{law}，仅可再提供给{listed['zh']}"
    en = f"by {law} it may be passed on to {listed['en']} alone"
    return (f"{zh}，至{until}止", f"{en}, until {until}") if until else (zh, en)


def _test_in_words(test: RowTest, titles: Mapping[str, Text]) -> tuple[str, str]:
    title = titles.get(test.column, {})
    zh, en = (_said(title, each) or test.column for each in ("zh", "en"))
    if test.test == "within":
        first, last = test.values
        spans = {
            (True, True): (f"在{first}至{last}之间", f"lies from {first} to {last}"),
            (True, False): (f"不早于{first}", f"is not before {first}"),
            (False, True): (f"不晚于{last}", f"is not after {last}"),
        }
        of_zh, of_en = spans[first is not None, last is not None]
        return f"{zh}{of_zh}", f"{en} {of_en}"
    listed = [_value_in_words(value) for value in test.values]
    either_zh, either_en = "或".join(z for z, _ in listed), " or ".join(e for _, e in listed)
    if test.test == "prefix":
        return f"{zh}以{either_zh}开头", f"{en} begins with {either_en}"
    return f"{zh}为{either_zh}", f"{en} is {either_en}"


def _value_in_words(value: object) -> tuple[str, str]:
    if isinstance(value, bool):
        return ("是", "yes") if value else ("否", "no")
    return str(value), str(value)


def _said(text: Text, language: str) -> str:
    return text.get(language) or next(iter(text.values()), "")


def columns_with(datum: str, resource: str) -> list[Column]:
    """The columns of a resource that hold a datum of the city, in order."""
    return list(Column.objects.filter(resource=resource, element=datum))
