"""The data plane: PostgreSQL, DuckDB and DuckLake, sources, the Merkle log, geometry. No Django."""
