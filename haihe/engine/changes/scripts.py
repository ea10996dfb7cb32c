"""What a provider's administrator runs to let a change log be followed. Haihe never runs it."""

from __future__ import annotations

from collections.abc import Sequence

from psycopg.conninfo import conninfo_to_dict

from haihe.engine.changes.mariadb import FollowingMaria
from haihe.engine.changes.opening import log_name
from haihe.engine.lake.duck import quoted, text_literal
from haihe.engine.sources import kind_of_address
from haihe.engine.sources.mariadb import name_sql
from haihe.engine.sources.postgresql import table_name

_POSTGRES = """\
-- For the administrator of this PostgreSQL, to read and to run as a superuser.
-- 1. Once for the server, in postgresql.conf. The first of them needs a restart.
--      wal_level = logical
--      max_slot_wal_keep_size = 20GB    -- so that a log nobody reads never fills this disk
--      max_replication_slots, max_wal_senders: one more for each link
-- 2. The user that reads: these columns of this table, and the log.
alter role {user} with replication;
grant usage on schema {schema} to {user};
grant select ({columns}) on {table} to {user};
-- 3. The table's changes, of these columns alone, and the log that keeps them until they are read.
{identity}create publication {name} for table {table} ({columns});
select pg_create_logical_replication_slot({slot}, 'pgoutput');
-- To end it: what the log keeps is let go at once.
--      select pg_drop_replication_slot({slot});
--      drop publication {name};
"""
_IDENTITY = """\
-- The table's key must be {keys}. If its primary key is another, first name a unique index of them:
--      alter table {table} replica identity using index ...;
"""
_MARIA = """\
-- For the administrator of this MariaDB, to read and to run as root.
-- 1. Once for the server, in my.cnf. It needs a restart.
--      [mysqld]
--      log_bin
--      server_id = 1
--      binlog_format = ROW
--      binlog_row_image = FULL
--      binlog_row_metadata = FULL
--      binlog_expire_logs_seconds = 604800    -- a week: longer than the link ever rests
-- 2. The user that reads: this table, and the log. A binary log can't be limited to a table.
grant select ({columns}) on {database}.{table} to {user};
grant replication slave, binlog monitor on *.* to {user};
-- To end it:
--      revoke replication slave, binlog monitor on *.* from {user};
"""


def provider_script(
    address: str, *, link: str, table: str, columns: Sequence[str], keys: Sequence[str]
) -> str:
    """The script for a link's table; it holds no password. ``exchange.source.bad_address``."""
    if kind_of_address(address) == "mariadb":
        source = FollowingMaria(address)
        user = f"{text_literal(source.user)}@'%'"
        return _MARIA.format(
            database=name_sql(source.database),
            table=name_sql(table),
            columns=", ".join(name_sql(column) for column in columns),
            user=user,
        )
    user = quoted(str(conninfo_to_dict(address).get("user") or "reader"))
    name = log_name(link)
    full = table_name(table)
    return _POSTGRES.format(
        user=user,
        schema=quoted(table.rpartition(".")[0] or "public"),
        table=full,
        columns=", ".join(quoted(column) for column in columns),
        name=name,
        slot=text_literal(name),
        identity=_IDENTITY.format(keys=", ".join(keys), table=full),
    )
