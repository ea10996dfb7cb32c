"""How a link becomes two sides to compare: source and lake, or lake and receiver."""

from __future__ import annotations

from dataclasses import dataclass

from haihe.base.ids import new_id
from haihe.base.row_tests import rows_sql
from haihe.base.settings import settings
from haihe.engine.lake import lake_database
from haihe.engine.reconciling import LakeSide, MariaSide, PostgresSide, Side
from haihe.engine.reconciling.errors import NotComparable, NoWholeKey
from haihe.engine.sources import open_source
from haihe.engine.sources.lake import Lake
from haihe.engine.sources.mariadb import MariaDB
from haihe.engine.sources.postgresql import PostgreSQL
from haihe.kernel.catalogue import queries as catalogue
from haihe.kernel.catalogue.models import Column
from haihe.kernel.exchange.internals.moves import granted_columns, has_whole_key
from haihe.kernel.exchange.models import Link


@dataclass(frozen=True)
class Pairing:
    """Both sides of a link, the columns to compare, and the key."""

    source: Side
    target: Side
    columns: tuple[str, ...]
    keys: tuple[str, ...]


def pairing_of(link: Link) -> Pairing:
    """The two sides; refuses what can't be compared, paused systems, grants that have ended.

    Errors: ``exchange.reconciliation.no_key``, ``exchange.reconciliation.not_comparable``.
    """
    resource, tag = link.resource, f"haihe {new_id()}"
    if link.file_format:
        raise NotComparable("Files are whole once made; their manifest proves them.")
    columns = granted_columns(link) if link.grant else list(resource.columns.order_by("ordinal"))
    if not has_whole_key(resource, columns):
        raise NoWholeKey("The resource has no key, or not all of it is delivered.")
    if link.grant is None:
        source = _department_side(link, tag)
        target: Side = LakeSide(Lake(lake_database(settings())), resource.table, tag=tag)
    else:
        rows = rows_sql(catalogue.granted_rows(link.grant))
        lake = Lake(lake_database(settings()), rows_sql=rows)
        source = LakeSide(lake, resource.table, tag=tag)
        assert link.target_system is not None  # noqa: S101 - a constraint of the table
        address = catalogue.address_of(link.target_system)
        target = PostgresSide(PostgreSQL(address), link.target_table, tag=tag)
    return Pairing(source, target, _names(columns), _names([c for c in columns if c.is_key]))


def _names(columns: list[Column]) -> tuple[str, ...]:
    return tuple(column.name for column in columns)


def _department_side(link: Link, tag: str) -> Side:
    """The provider's table, with its connection cap and timeout."""
    resource = link.resource
    assert resource.system is not None  # noqa: S101 - a link gathers from a system
    source = open_source(
        catalogue.address_of(resource.system),
        connection_cap=resource.system.connection_cap,
        timeout_s=resource.system.timeout_s,
    )
    if isinstance(source, PostgreSQL):
        return PostgresSide(source, resource.source_table, tag=tag)
    if isinstance(source, MariaDB):
        return MariaSide(source, resource.source_table, tag=tag)
    raise NotComparable("A folder of files is not reconciled; each batch reads it whole.")
