"""Catalogue: resources, columns, source systems, the four lists, grants. No rows of data."""
