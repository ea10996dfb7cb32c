"""Departments' databases, files and interfaces, read only: one class a kind of source."""

from __future__ import annotations

from haihe.engine.sources.dameng import Dameng
from haihe.engine.sources.files import Files
from haihe.engine.sources.http import Http
from haihe.engine.sources.kingbase import Kingbase
from haihe.engine.sources.mariadb import MariaDB
from haihe.engine.sources.odbc import Odbc
from haihe.engine.sources.opengauss import OpenGauss
from haihe.engine.sources.oracle import Oracle
from haihe.engine.sources.postgresql import PostgreSQL
from haihe.engine.sources.registry import (
    SourceClass,
    kind_of_address,
    open_source,
    register,
    schemes,
)
from haihe.engine.sources.shape import ColumnShape, Reached, Reading, Source, TableShape
from haihe.engine.sources.sqlite import SQLite
from haihe.engine.sources.sqlserver import SQLServer

__all__ = [
    "ColumnShape",
    "Reached",
    "Reading",
    "Source",
    "SourceClass",
    "TableShape",
    "kind_of_address",
    "open_source",
    "register",
    "schemes",
]

_OURS: tuple[SourceClass, ...] = (
    Dameng,
    Files,
    Http,
    Kingbase,
    MariaDB,
    Odbc,
    OpenGauss,
    Oracle,
    PostgreSQL,
    SQLServer,
    SQLite,
)
for _made in _OURS:
    register(_made)
