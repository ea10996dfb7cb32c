"""Who may call what, held in memory: callers, services, grants, the negative list.

Read as one JSON text by one statement, so that all of it belongs to one moment. Grants that ended
are kept in it, so that a refusal can say why.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec

from haihe.base.errors import HaiheError
from haihe.base.row_tests import RowTest

RIGHTS_SQL = """
with subject as (
    select resource_id, scheme from catalogue_column
    where is_subject and dropped_at is null
), negative as (
    select c.resource_id, c.name, min(e.law) as law
    from catalogue_negativeentry e
    join catalogue_negativeentry_columns ec on ec.negativeentry_id = e.id
    join catalogue_column c on c.id = ec.column_id
    where e.valid_until is null or e.valid_until >= current_date
    group by c.resource_id, c.name
), shown as (
    select c.resource_id, json_agg(json_build_object(
        'name', c.name, 'title', c.title, 'kind', c.kind, 'length', c.length,
        'withheld', c.sharing_class = 'withheld' or r.sharing_class = 'withheld')
        order by c.ordinal, c.id) as columns
    from catalogue_column c join catalogue_resource r on r.code = c.resource_id
    where c.dropped_at is null
        and c.resource_id in (select resource_id from services_service)
    group by c.resource_id
), gathered as (
    select l.resource_id, to_char(max(b.started_at) at time zone 'UTC',
        'YYYY-MM-DD"T"HH24:MI:SS"Z"') as as_of
    from exchange_link l
    cross join lateral (select started_at from exchange_batch
        where link_id = l.code and state = 'done' order by started_at desc limit 1) b
    where l.grant_id is null and l.resource_id in (select resource_id from services_service)
    group by l.resource_id
)
select json_build_object(
    'callers', (select coalesce(json_agg(json_build_object(
            'id', id, 'key_hash', encode(key_hash, 'hex'), 'department', department_id,
            'subsystem', subsystem) order by id), '[]')
        from services_caller where is_active),
    'services', (select coalesce(json_agg(json_build_object(
            'code', s.code, 'title', s.title, 'kind', s.kind, 'resource', s.resource_id,
            'column', s.predicate_column, 'operator', s.predicate_operator,
            'value', s.predicate_value, 'is_open', s.is_open and r.state = 'published',
            'member', r.department_id, 'subsystem', r.system_id,
            'scheme', subject.scheme) order by s.code), '[]')
        from services_service s
        join catalogue_resource r on r.code = s.resource_id
        join subject on subject.resource_id = r.code),
    'grants', (select coalesce(json_agg(json_build_object(
            'id', g.id, 'department', g.department_id, 'resource', g.resource_id,
            'purpose', g.purpose_id, 'rate', g.rate_per_minute,
            'since', extract(epoch from g.since)::float8,
            'until', extract(epoch from g.until)::float8,
            'withdrawn', g.withdrawn_at is not null,
            'rows', g.rows,
            'columns', (select coalesce(json_agg(c.name order by c.ordinal, c.id), '[]')
                from catalogue_grant_columns gc
                join catalogue_column c on c.id = gc.column_id
                where gc.grant_id = g.id and c.dropped_at is null)
            ) order by g.since desc, g.id), '[]')
        from catalogue_grant g
        where g.mode = 'interface'
            and g.resource_id in (select resource_id from services_service)),
    'columns', (select coalesce(json_object_agg(resource_id, columns), '{}') from shown),
    'as_of', (select coalesce(json_object_agg(resource_id, as_of), '{}') from gathered),
    'negative', (select coalesce(json_object_agg(resource_id, laws), '{}') from (
        select resource_id, json_object_agg(name, law) as laws
        from negative group by resource_id) as listed)
)::text
"""
"""One row, one text: what ``read_rights`` reads. Result: ``json_build_object`` text."""


class NoRights(HaiheError):
    """What is stored of rights can't be read."""

    code = "services.rights.unreadable"
    status = 500


class CallerRight(msgspec.Struct, frozen=True):
    """A calling system. ``key_hash`` is SHA-256 of its key, in hex."""

    id: str
    key_hash: str
    department: str
    subsystem: str


class ServedColumn(msgspec.Struct, frozen=True):
    """A column of a served resource."""

    name: str
    title: dict[str, str]
    kind: str
    length: int | None
    withheld: bool


class ServiceRight(msgspec.Struct, frozen=True):
    """A service. ``scheme`` is the identifier scheme of its subjects' numbers.

    ``column``, ``operator`` and ``value`` are the fixed predicate of a proof, or empty.
    """

    code: str
    title: dict[str, str]
    kind: str
    resource: str
    column: str
    operator: str
    value: Any
    is_open: bool
    member: str
    subsystem: str | None
    scheme: str


class GrantRight(msgspec.Struct, frozen=True):
    """A grant to call a resource. ``since`` and ``until`` are seconds since 1970, UTC.

    ``rows`` are the tests that each row given must pass; none: every row.
    """

    id: UUID
    department: str
    resource: str
    purpose: str
    rate: int
    since: float
    until: float
    withdrawn: bool
    columns: tuple[str, ...]
    rows: tuple[RowTest, ...] = ()


class _Stored(msgspec.Struct, frozen=True):
    callers: list[CallerRight]
    services: list[ServiceRight]
    grants: list[GrantRight]
    columns: dict[str, list[ServedColumn]]
    negative: dict[str, dict[str, str]]
    as_of: dict[str, str]


class Rights:
    """All rights of one moment, indexed as calls need them."""

    def __init__(self, stored: _Stored) -> None:
        self.callers = {bytes.fromhex(each.key_hash): each for each in stored.callers}
        self.services = {each.code: each for each in stored.services}
        self.columns = stored.columns
        self.negative = stored.negative
        self.as_of = stored.as_of
        """Start of each resource's last whole batch into the lake, ISO 8601, UTC."""
        self.grants: dict[tuple[str, str], list[GrantRight]] = {}
        for grant in stored.grants:
            self.grants.setdefault((grant.department, grant.resource), []).append(grant)

    def laws(self, resource: str) -> dict[str, str]:
        """Columns of a resource on the negative list, each with the law that puts it there."""
        return self.negative.get(resource, {})

    def servable(self, resource: str) -> frozenset[str]:
        """Columns that may leave at all: neither withheld nor on the negative list."""
        laws = self.laws(resource)
        return frozenset(
            column.name
            for column in self.columns.get(resource, ())
            if not column.withheld and column.name not in laws
        )


_decoder = msgspec.json.Decoder(_Stored)


def read_rights(text: str) -> Rights:
    """Rights from the text of ``RIGHTS_SQL``; ``services.rights.unreadable`` if it is no such."""
    try:
        return Rights(_decoder.decode(text))
    except msgspec.MsgspecError:
        raise NoRights("What the database holds of rights can't be read.") from None
