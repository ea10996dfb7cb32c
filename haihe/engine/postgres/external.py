"""Whether a server answers and can be our database: lets us in, new enough, in UTF-8."""

from __future__ import annotations

import psycopg

from haihe.base.errors import HaiheError, Unavailable
from haihe.engine.postgres.address import parts

OLDEST = 150000
"""Oldest ``server_version_num`` that is supported."""


class Unreachable(Unavailable):
    """Nothing answers at the database's address."""

    code = "postgres.unreachable"
    hint = "Check host and port in HAIHE_DATABASE_URL, and that the server runs."


class Refused(HaiheError):
    """The server answers and lets us not in, or not in to the database."""

    code = "postgres.refused"
    hint = "Check user, password and database in HAIHE_DATABASE_URL."


class Unfit(HaiheError):
    """The server lets us in, and can't be our database."""

    code = "postgres.unfit"
    hint = "Use PostgreSQL 15 or newer, a database in UTF8, and a user who owns it."


def is_answering(url: str) -> bool:
    """Whether the database lets us in now."""
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def check_external(url: str) -> None:
    """Raise unless the database can be used.

    Errors: ``postgres.unreachable``, ``postgres.refused``, ``postgres.unfit``,
    ``postgres.bad_address``.
    """
    parts(url)
    try:
        connection = psycopg.connect(url, connect_timeout=5, autocommit=True)
    except psycopg.OperationalError as error:
        raise _why_not(url, str(error)) from None
    with connection:
        _check_fit(connection)


def _why_not(url: str, said: str) -> HaiheError:
    known = parts(url)
    where = f"{known.get('host', 'localhost')}:{known.get('port', 5432)}"
    if "does not exist" in said and "database" in said:
        return Refused(f"The server at {where} has no database {known.get('dbname', '')!r}.")
    refusals = ("authentication failed", "no password supplied", "pg_hba", "does not exist")
    if any(words in said for words in refusals):
        return Refused(f"The database server at {where} refuses the user or the password.")
    return Unreachable(f"No database server answers at {where}.")


def _check_fit(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    version = connection.info.server_version
    if version < OLDEST:
        raise Unfit(f"The server is PostgreSQL {version // 10000}.")
    if connection.info.parameter_status("server_encoding") != "UTF8":
        raise Unfit("The database is not in UTF8.")
    row = connection.execute(
        "select has_schema_privilege('public', 'create')"
        " and has_database_privilege(current_database(), 'create')"
    ).fetchone()
    if row is None or not row[0]:
        raise Unfit("The user may not make tables and schemas in this database.")
