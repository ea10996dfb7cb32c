"""The lake: DuckDB with its extensions loaded offline, DuckLake attached, one writer a table."""

from haihe.engine.lake.attached import attach_lake, lake_database, open_lake
from haihe.engine.lake.duck import open_duckdb, quoted, text_literal
from haihe.engine.lake.history import Change, State, batches_of, changes_of, states_of
from haihe.engine.lake.subjects import subject_key_sql
from haihe.engine.lake.writers import TableTaken, writing

__all__ = [
    "Change",
    "State",
    "TableTaken",
    "attach_lake",
    "batches_of",
    "changes_of",
    "lake_database",
    "open_duckdb",
    "open_lake",
    "quoted",
    "states_of",
    "subject_key_sql",
    "text_literal",
    "writing",
]
